"""Putting two suggestions together: who may, with what, and that it never goes in a circle."""

from __future__ import annotations

import html
import re
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.errors import Conflict, RuleViolation
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.strategy.amendments import services
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.notifications.post_office import told_of, work

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

IN_COUNCIL, MERGED = AmendmentState.IN_COUNCIL, AmendmentState.MERGED


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


@pytest.fixture
def one(cast: Cast, edition: Edition) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition, new_text="Den ene idé.")


@pytest.fixture
def other(cast: Cast, edition: Edition) -> Amendment:
    return make.make_amendment(cast.council, cast.council_chair, edition, new_text="Den anden idé.")


@pytest.fixture
def lars(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.facilitator)


def page(amendment: Amendment) -> str:
    return f"/strategy/amendments/{amendment.id}"


def merge(browser: IsolatedClient, amendment: Amendment, into: object) -> int:
    return browser.send(f"{page(amendment)}/merge", {"into": into}).status_code


def stands(amendment: Amendment) -> tuple[AmendmentState, int | None]:
    db.session.refresh(amendment)
    found = amendment.state, amendment.merged_into_id
    db.session.commit()
    return found


@pytest.mark.both
def test_one_becomes_a_part_of_the_other_and_both_show_the_link(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, one: Amendment, other: Amendment, database: str
) -> None:
    assert "Put it together with another one" in lars.get(page(one)).text
    choices = lars.get(f"{page(one)}/merge").text
    assert "Den anden idé." in choices
    assert re.findall(r'name="into"[^>]*value="(\d+)"', choices) == [str(other.id)]
    assert merge(lars, one, other.id) == 303
    assert stands(one) == (MERGED, other.id)
    assert stands(other) == (IN_COUNCIL, None)
    for browser in (lars, client_of(cast.council_member), client_of(cast.council_chair)):
        assert f'href="{page(other)}">Den anden idé.' in browser.get(page(one)).text
        assert f'href="{page(one)}">Den ene idé.' in browser.get(page(other)).text
    (act,) = db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_MERGED)
    assert (act.actor_id, act.subject_id) == (cast.facilitator.id, one.id)
    assert "Put it together" not in lars.get(page(one)).text


def test_what_has_left_the_council_does_not_show_outside_what_became_part_of_it(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment, lars: IsolatedClient
) -> None:
    merge(lars, one, other.id)
    other.state = AmendmentState.FORWARDED
    outside = client_of(cast.guardian).get(page(other))
    assert outside.status_code == 200
    assert "Den ene idé." not in outside.text
    assert client_of(cast.guardian).get(page(one)).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("council_member", 403),
        ("council_chair", 403),
        ("guardian", 404),
        ("teacher_elsewhere", 404),
        ("leader", 404),
        ("office", 404),
        ("class_teacher", 404),
    ],
)
def test_only_the_facilitator_puts_together(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment, name: str, status: int
) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(f"{page(one)}/merge").status_code == status
    assert merge(browser, one, other.id) == status
    assert stands(one) == (IN_COUNCIL, None)
    assert "Put it together" not in browser.get(page(one)).text


def test_the_facilitator_of_another_council_may_not(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment
) -> None:
    make.make_facilitator(make.make_council("Det lille elevråd", (0, 3)), cast.class_teacher)
    assert merge(client_of(cast.class_teacher), one, other.id) == 404
    assert stands(one) == (IN_COUNCIL, None)


def test_not_into_itself(lars: IsolatedClient, one: Amendment, other: Amendment) -> None:
    assert merge(lars, one, one.id) == 422
    assert stands(one) == (IN_COUNCIL, None)


def test_not_into_another_council_s(cast: Cast, lars: IsolatedClient, one: Amendment, edition: Edition) -> None:
    council = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(council, cast.facilitator)
    elsewhere = make.make_amendment(council, cast.council_chair, edition, new_text="Et andet sted.")
    assert "Et andet sted." not in lars.get(f"{page(one)}/merge").text
    assert merge(lars, one, elsewhere.id) == 422
    assert stands(one) == (IN_COUNCIL, None)


@pytest.mark.parametrize("state", [state for state in AmendmentState if state is not IN_COUNCIL])
def test_only_into_one_that_is_before_the_council(
    lars: IsolatedClient, one: Amendment, cast: Cast, edition: Edition, state: AmendmentState
) -> None:
    target = make.make_amendment(cast.council, cast.council_chair, edition, new_text="Målet.", state=state)
    assert ">Målet." not in lars.get(f"{page(one)}/merge").text
    assert merge(lars, one, target.id) == 422
    assert stands(one) == (IN_COUNCIL, None)


@pytest.mark.parametrize("state", [state for state in AmendmentState if state is not IN_COUNCIL])
def test_only_one_that_is_before_the_council(
    lars: IsolatedClient, other: Amendment, cast: Cast, edition: Edition, state: AmendmentState
) -> None:
    amendment = make.make_amendment(cast.council, cast.council_chair, edition, state=state)
    into = amendment.merged_into_id
    assert "not before the council" in lars.get(f"{page(amendment)}/merge").text
    assert merge(lars, amendment, other.id) == 409
    assert stands(amendment) == (state, into)


@pytest.mark.parametrize("which", ["one", "other"])
def test_not_while_the_council_decides_about_it(
    lars: IsolatedClient, one: Amendment, other: Amendment, which: str
) -> None:
    (one if which == "one" else other).has_open_vote = True
    assert merge(lars, one, other.id) == 422
    assert stands(one) == (IN_COUNCIL, None)


def test_twice_is_refused_and_a_double_click_is_one(
    lars: IsolatedClient, cast: Cast, one: Amendment, other: Amendment, edition: Edition
) -> None:
    third = make.make_amendment(cast.council, cast.council_chair, edition)
    path = f"{page(one)}/merge"
    first, second = (lars.send(path, {"into": other.id}, key="k") for _ in range(2))
    assert first.location == second.location
    assert merge(lars, one, third.id) == 409
    assert stands(one) == (MERGED, other.id)
    assert db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_MERGED).count() == 1


def test_never_in_a_circle(
    lars: IsolatedClient, cast: Cast, one: Amendment, other: Amendment, edition: Edition
) -> None:
    third = make.make_amendment(cast.council, cast.council_chair, edition)
    assert merge(lars, one, other.id) == 303
    assert merge(lars, other, third.id) == 303, "a chain is none"
    for target in (one, other):
        assert merge(lars, third, target.id) == 422
    assert stands(third) == (IN_COUNCIL, None)


@pytest.mark.both
def test_two_facilitators_at_once_who_merge_them_the_other_way_round(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment, database: str
) -> None:
    make.make_facilitator(cast.council, cast.teacher_elsewhere)
    lars, tine = client_of(cast.facilitator), client_of(cast.teacher_elsewhere)
    answers = at_once(partial(merge, lars, one, other.id), partial(merge, tine, other, one.id))
    assert 303 in answers
    assert set(answers) <= {303, 409, 422}
    assert sorted([stands(one)[0], stands(other)[0]]) == [IN_COUNCIL, MERGED]


@pytest.mark.both
def test_two_facilitators_at_once_with_two_targets(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment, edition: Edition, database: str
) -> None:
    make.make_facilitator(cast.council, cast.teacher_elsewhere)
    third = make.make_amendment(cast.council, cast.council_chair, edition)
    browsers = [client_of(cast.facilitator), client_of(cast.teacher_elsewhere)]
    answers = at_once(*(partial(merge, b, one, into.id) for b, into in zip(browsers, (other, third), strict=True)))
    assert sorted(answers) == [303, 409]
    assert db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_MERGED).count() == 1


@pytest.mark.both
def test_merging_while_the_target_is_taken_back(
    cast: Cast, client_of: ClientOf, one: Amendment, other: Amendment, database: str
) -> None:
    lars, viggo = client_of(cast.facilitator), client_of(cast.council_chair)
    withdraw = partial(viggo.send, f"{page(other)}/withdraw", {"note": ""})
    merged, taken = at_once(partial(merge, lars, one, other.id), withdraw)
    assert taken.status_code == 303
    assert merged in (303, 409, 422)
    assert stands(one) == (IN_COUNCIL, None), "given back when it was merged first, never merged when it came too late"


def test_the_service_itself_holds_the_rules(cast: Cast, one: Amendment, other: Amendment, edition: Edition) -> None:
    (lars,) = load_people([cast.facilitator.id], today=clock.today())
    elsewhere = make.make_amendment(make.make_council("Et andet", (0, 1)), cast.council_chair, edition)
    for wrong in (one, elsewhere):
        with pytest.raises(RuleViolation, match="Choose the suggestion"):
            services.merge_amendment(one, wrong, actor=lars, now=clock.now())
    other.state = AmendmentState.WITHDRAWN
    db.session.flush()
    with pytest.raises(Conflict, match="no longer before the council"):
        services.merge_amendment(one, other, actor=lars, now=clock.now())


@pytest.mark.both
def test_the_database_holds_them_too(cast: Cast, one: Amendment, other: Amendment, database: str) -> None:
    db.session.commit()
    for state, into in ((MERGED, None), (IN_COUNCIL, other.id), (MERGED, one.id), (MERGED, 99999)):
        one.state, one.merged_into_id = state, into
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("odd", ["", "0", "-1", "x", "99999999999999999999", "\x00", "1 OR 1=1"])
def test_an_odd_target_is_none(lars: IsolatedClient, one: Amendment, other: Amendment, odd: str) -> None:
    assert merge(lars, one, odd) in (400, 422)
    assert stands(one) == (IN_COUNCIL, None)


def test_with_nothing_to_merge_into_the_page_says_so(lars: IsolatedClient, one: Amendment) -> None:
    assert "There is nothing to put it together with" in lars.get(f"{page(one)}/merge").text


def test_odd_words_in_a_choice_stay_words(cast: Cast, lars: IsolatedClient, one: Amendment, edition: Edition) -> None:
    odd = "<b>x</b> {{ 7 * 7 }} %(x)s"
    make.make_amendment(cast.council, cast.council_chair, edition, new_text=odd)
    text = lars.get(f"{page(one)}/merge").text
    assert "<b>x</b>" not in text
    assert "{{ 7 * 7 }} %(x)s" in html.unescape(text)


def test_its_author_is_told_and_nobody_else(
    cast: Cast, app: Flask, lars: IsolatedClient, one: Amendment, other: Amendment
) -> None:
    merge(lars, one, other.id)
    work(Worker(app))
    assert told_of(cast, ActKind.AMENDMENT_MERGED) == {"council_member"}
