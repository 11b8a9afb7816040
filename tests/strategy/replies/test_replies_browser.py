"""The way back in a real browser, on a phone and on a laptop: answers are read aloud, and a child finds her idea."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.strategy.kinds import AmendmentState
from portal.strategy.replies.models import ReplySheet
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "laptop"])


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@SIZES
def test_a_class_teacher_ticks_two_answers(cast: Cast, as_user: Callable[..., Page], size: tuple[int, int]) -> None:
    edition = make.make_edition()
    for title in ("Flere bolde", "Alle er med"):
        asked = make.make_amendment(
            cast.council, cast.council_member, edition, state=AmendmentState.REJECTED, title=title
        )
        decision = make.make_decision(asked, cast.board_secretary, outcome=AmendmentState.REJECTED)
        make.make_reply(decision, cast.council, cast.ella, cast.sixth, title=title)
    db.session.commit()
    tine = as_user(cast.teacher_elsewhere, viewport={"width": size[0], "height": size[1]})
    tine.goto("/")
    tine.get_by_role("link", name="Læs svaret op i klassen: Flere bolde").click()
    expect(tine.get_by_role("main")).to_contain_text("Ja, vi gør det. Tak for jeres gode idé.")
    assert fits(tine)
    tine.get_by_role("button", name="Jeg har læst det op").click()
    expect(tine.get_by_role("heading", name="Det venter på dig")).to_be_visible()
    assert fits(tine)
    tine.get_by_role("link", name="Læs svaret op i klassen: Alle er med").click()
    tine.get_by_role("button", name="Jeg har læst det op").click()
    expect(tine.get_by_role("link", name="Læs svaret op i klassen")).to_have_count(0)
    db.session.expire_all()
    assert [one.read_by_id for one in db.session.query(ReplySheet)] == [cast.teacher_elsewhere.id] * 2


@SIZES
@pytest.mark.parametrize("state", [AmendmentState.DRAFT, AmendmentState.FORWARDED])
def test_a_child_finds_where_her_idea_is_in_one_press(
    cast: Cast, as_user: Callable[..., Page], size: tuple[int, int], state: AmendmentState
) -> None:
    make.make_amendment(cast.council, cast.council_member, make.make_edition(), state=state, title="Flere bolde")
    db.session.commit()
    ella = as_user(cast.council_member, viewport={"width": size[0], "height": size[1]})
    ella.goto("/")
    assert fits(ella)
    ella.get_by_role("link", name="Flere bolde").click()
    expect(ella.locator(".where h2")).to_be_visible()
    assert fits(ella)
