"""From the homes' answers to a published round, an absence, a newcomer and a new plan; also without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from tests import factories as make
from tests.cast import Cast
from tests.conftest import Move

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_answers_of_homes_to_a_new_plan(
    cast: Cast, as_user: AsUser, wall_clock: Move, javascript: bool
) -> None:
    for name in ("Bo", "Ask", "Liv", "Ida", "Kai"):
        make.make_guardian(make.make_pupil(cast.third, name), f"{name}s mor")
    db.session.commit()

    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto(f"/classes/{cast.third.id}")
    mette.get_by_role("link", name="Legegrupper").click()
    expect(mette.get_by_text("Planen er ikke klar endnu")).to_be_visible()
    mette.get_by_role("link", name="Fortæl, hvad I kan").click()
    mette.get_by_label("Ja", exact=True).check()
    mette.get_by_role("button", name="Gem").click()
    expect(mette.get_by_role("status")).to_contain_text("I kan altid rette det")

    karen = as_user(cast.class_teacher, javascript=javascript)
    karen.goto(f"/classes/{cast.third.id}")
    karen.get_by_role("link", name="Legegrupper").click()
    karen.get_by_role("link", name="Lav en plan").click()
    karen.get_by_role("link", name="3 til 4 børn").click()
    karen.get_by_label("3 runder, nye grupper hver gang").check()
    karen.get_by_role("button", name="Lav en kladde").click()
    karen.get_by_role("button", name="Send runde 1 ud").click()
    expect(karen.get_by_role("status")).to_contain_text("Hjemmene får besked")

    mette.goto(f"/playgroups/rounds/classes/{cast.third.id}")
    expect(mette.get_by_role("heading", name="Alma er sammen med")).to_be_visible()
    mette.get_by_role("link", name="Vælg dag og sted").click()
    mette.get_by_label("Hvor bor I?").fill("Skolevej 3")
    mette.get_by_role("button", name="Giv gruppen besked").click()
    expect(mette.get_by_text("Hjemme hos jer: Skolevej 3")).to_be_visible()

    wall_clock(timedelta(days=8))  # the Tuesday after the round's first Monday
    mette, karen = (as_user(user, javascript=javascript) for user in (cast.guardian, cast.class_teacher))
    mette.goto(f"/playgroups/rounds/classes/{cast.third.id}")
    mette.get_by_role("link", name="Nogen manglede, eller det blev ikke til noget").click()
    mette.get_by_role("checkbox").first.check()
    mette.get_by_role("button", name="Ja, det blev det").click()
    expect(mette.get_by_role("status")).to_contain_text("De næste grupper bliver planlagt efter det")

    make.make_guardian(make.make_pupil(cast.third, "Nana"), "Nanas far")
    db.session.commit()
    karen.goto(f"/playgroups/classes/{cast.third.id}")
    expect(karen.locator("#round-1")).to_contain_text("Uden ")
    expect(karen.get_by_text("ikke med i alle kommende runder: Nana")).to_be_visible()
    karen.get_by_role("button", name="Planlæg resten på ny").click()
    expect(karen.get_by_role("status")).to_contain_text("Planlagt på ny")
    second = karen.locator("#round-2")
    expect(second).to_contain_text("Nana")
    second.get_by_role("link", name="Flyt børn med hånden").click()
    karen.get_by_role("link", name="Nana").focus()
    karen.keyboard.press("Enter")
    karen.get_by_role("button", name="Lad Nana blive her").focus()
    karen.keyboard.press("Enter")
    expect(karen.get_by_text("bliver her")).to_be_visible()
    karen.goto(f"/playgroups/classes/{cast.third.id}")
    karen.get_by_role("button", name="Send runde 2 ud").click()
    expect(karen.get_by_role("status")).to_contain_text("Hjemmene får besked")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_child_says_how_it_was_in_two_presses(
    cast: Cast, as_user: AsUser, wall_clock: Move, javascript: bool
) -> None:
    make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]])
    db.session.commit()
    wall_clock(timedelta(days=14))
    mette = as_user(cast.guardian, javascript=javascript, viewport={"width": 390, "height": 844})
    mette.goto(f"/playgroups/rounds/classes/{cast.third.id}")
    mette.get_by_role("link", name="Lad jeres barn sige, hvordan det var").click()
    expect(mette.get_by_role("heading", name="Alma var sammen med Noah, Otto")).to_be_visible()
    expect(mette.get_by_text("De kan ikke se hvem")).to_be_visible()
    mette.get_by_role("button", name="Det var godt").click()
    expect(mette.get_by_role("status")).to_contain_text("Tak")
    expect(mette.get_by_text("Lige nu er der ikke noget at svare på")).to_be_visible()
