"""Homes, not adults: who lives together counts once, and nobody is joined who has not said so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.attendance import list_company
from portal.events.models import ClassEvent, EventClass
from portal.notifications.models import Delivery
from portal.notifications.worker import Worker
from portal.school.homes.models import LeftHome, SharedHome
from portal.school.homes.queries import homes_of
from portal.school.models import Guardianship, GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

MINE = "/school/homes/mine"


def say(browser: IsolatedClient, other: User) -> int:
    return browser.send(f"{MINE}/ask", {"adult_id": other.id}).status_code


def words_on(browser: IsolatedClient) -> str:
    page = browser.get(MINE)
    assert page.status_code == 200
    main = re.search(r"<main.*?</main>", page.text, re.S)
    assert main is not None
    return " ".join(re.sub(r"<[^>]*>", " ", main[0]).split())


def is_one_home(*people: User) -> bool:
    return len(set(homes_of([user.id for user in people], today=clock.today()).values())) == 1


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    event = make.make_event(cast.third, cast.guardian_of_two)
    make.answer(event, cast.alma, cast.guardian)
    return event


def count(browser: IsolatedClient, event: ClassEvent, adults: int, siblings: int = 0) -> None:
    sent = {"adults": adults, "siblings": siblings}
    assert browser.send(f"/events/{event.id}/company", sent).status_code == 303


def company(event: ClassEvent) -> tuple[int, int]:
    homes = [home for home in list_company(event, today=clock.today()) if home.is_counted]
    return sum(home.adults for home in homes), sum(home.siblings for home in homes)


@pytest.mark.both
def test_two_homes_are_added_and_one_roof_counts_once(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Callable[[timedelta], None], database: str
) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    count(mette, event, 2, 1)
    wall_clock(timedelta(minutes=5))
    count(jonas, event, 2, 0)
    assert company(event) == (4, 1), "two homes"
    make.live_together(cast.guardian, cast.other_home)
    assert company(event) == (2, 0), "one roof: what was said last"
    assert '<option selected value="2">' in mette.get(f"/events/{event.id}").text
    wall_clock(timedelta(minutes=5))
    count(mette, event, 3, 1)
    assert company(event) == (3, 1)
    assert '<option selected value="3">' in jonas.get(f"/events/{event.id}").text, "it is their number too"
    assert jonas.send(f"{MINE}/end").status_code == 303
    assert company(event) == (5, 1), "each has what they said themselves"


@pytest.mark.both
def test_the_registers_number_puts_two_under_one_roof_until_one_says_otherwise(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    cast.guardian.home_id = cast.other_home.home_id = 7
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    count(mette, event, 2)
    count(jonas, event, 2)
    assert company(event) == (2, 0)
    assert "I er ét hjem" in words_on(mette)
    cast.foster_parent.home_id = 7
    assert "skrevet, at du deler hjem med en anden voksen" in words_on(mette), "and it is not said with whom"
    cast.foster_parent.home_id = None
    acts = db.session.query(Act).count()
    mette.send(f"{MINE}/end")
    assert company(event) == (4, 0)
    assert [act.kind for act in db.session.query(Act).offset(acts)] == [ActKind.HOME_ENDED]
    assert db.session.query(Delivery).count() == 0
    cast.guardian.home_id = cast.other_home.home_id = 8
    assert company(event) == (2, 0), "another number is another home"


def test_three_adults_under_one_roof_are_one_home(cast: Cast) -> None:
    third = make.make_guardian(cast.alma, "Søren")
    make.live_together(cast.guardian, cast.other_home)
    assert not is_one_home(cast.guardian, third)
    make.live_together(cast.other_home, third)
    assert is_one_home(cast.guardian, cast.other_home, third)
    assert is_one_home(cast.guardian, third), "through the one who has said nothing here"
    cast.foster_parent.home_id = third.home_id = 4
    assert is_one_home(cast.guardian, third, cast.foster_parent), "the file and a word go together"


def test_one_word_joins_nobody(cast: Cast, client_of: ClientOf) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    assert say(mette, cast.other_home) == 303
    assert say(mette, cast.other_home) == 303, "and neither does the same word twice"
    assert not is_one_home(cast.guardian, cast.other_home)
    assert "Når den anden også siger det" in words_on(mette)
    assert "Siger, at I bor sammen" in words_on(jonas)
    assert say(jonas, cast.guardian) == 303
    assert is_one_home(cast.guardian, cast.other_home)


@pytest.mark.both
def test_two_who_say_so_at_the_same_moment_are_joined(cast: Cast, client_of: ClientOf, database: str) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    presses = [partial(say, mette, cast.other_home), partial(say, jonas, cast.guardian)]
    assert at_once(*presses) == [303, 303]
    assert is_one_home(cast.guardian, cast.other_home)
    assert db.session.query(SharedHome).count() == 1


def test_a_question_tells_of_the_shared_child_and_nothing_else(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    say(client_of(cast.guardian), cast.other_home)
    Worker(app).tell_some()
    (line,) = db.session.query(Delivery).filter_by(channel="portal")
    assert line.user_id == cast.other_home.id
    assert line.class_id is None
    foster = make.make_guardian(cast.noah, "Gunnar", GuardianshipKind.FOSTER)
    say(client_of(foster), cast.foster_parent)
    words = words_on(client_of(cast.foster_parent))
    assert "En anden af de voksne omkring Noah" in words
    assert "Gunnar" not in words, "where a foster child lives is named to nobody"


@pytest.mark.parametrize("name", ["guardian_of_two", "foster_parent", "helper", "former_guardian", "class_teacher"])
def test_nobody_is_asked_who_shares_no_child(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert say(client_of(cast.guardian), cast.users[name]) == 422
    assert db.session.query(SharedHome).count() == 0


@pytest.mark.parametrize("adult_id", ["", "x", "-1", "0", "9" * 40])
def test_an_adult_that_is_none_is_refused(cast: Cast, client_of: ClientOf, adult_id: str) -> None:
    for what in ("ask", "hide"):
        assert client_of(cast.guardian).send(f"{MINE}/{what}", {"adult_id": adult_id}).status_code == 422


@pytest.mark.parametrize("name", ["helper", "class_teacher", "office", "council_member"])
def test_whoever_has_no_child_here_has_no_home_here(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(MINE).status_code == 403
    assert say(browser, cast.guardian) == 403
    assert browser.send(f"{MINE}/end").status_code == 403


def test_a_no_is_told_to_nobody(cast: Cast, client_of: ClientOf) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    say(mette, cast.other_home)
    before = words_on(mette)
    jonas.send(f"{MINE}/hide", {"adult_id": cast.guardian.id})
    assert words_on(mette) == before
    assert "Siger, at I bor sammen" not in words_on(jonas)
    assert say(mette, cast.other_home) == 303, "asking again asks nobody"
    assert "Siger, at I bor sammen" not in words_on(jonas)
    assert db.session.query(Act).filter_by(kind=ActKind.HOME_ASKED).count() == 1


@pytest.mark.both
@pytest.mark.parametrize("who", ["adult", "child"])
def test_protected_people_are_never_joined_and_the_answer_leaks_nothing(
    app: Flask, cast: Cast, client_of: ClientOf, who: str, database: str
) -> None:
    elsewhere = make.make_pupil(cast.sixth, "Ida")
    make.tie(cast.other_home, elsewhere)
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    say(mette, cast.other_home)
    unanswered = words_on(mette)
    db.session.query(SharedHome).delete()
    (cast.other_home if who == "adult" else elsewhere).protection = Protection.ADDRESS
    assert say(mette, cast.other_home) == 303
    assert words_on(mette) == unanswered, "it looks as if nobody had answered"
    Worker(app).tell_some()
    assert db.session.query(Delivery).count() == 0
    assert say(jonas, cast.guardian) == 422
    assert "Mette" not in words_on(jonas)
    db.session.query(SharedHome).update({"agreed_on": clock.today()})
    cast.guardian.home_id = cast.other_home.home_id = 7
    assert not is_one_home(cast.guardian, cast.other_home)


@pytest.mark.both
def test_a_question_of_somebody_who_is_protected_by_now_looks_as_if_it_had_never_been_asked(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    untouched = words_on(mette)
    say(mette, cast.other_home)
    unanswered = words_on(mette)
    db.session.query(SharedHome).delete()
    say(jonas, cast.guardian)
    assert words_on(mette) not in (untouched, unanswered)
    cast.other_home.protection = Protection.ADDRESS
    assert words_on(mette) == untouched
    assert say(mette, cast.other_home) == 303
    assert words_on(mette) == unanswered
    assert say(mette, cast.other_home) == 303, "a second time changes nothing"
    assert words_on(mette) == unanswered


def test_closed_access_parts_a_home_at_once(cast: Cast) -> None:
    make.live_together(cast.guardian, cast.other_home)
    cast.guardian.home_id = cast.other_home.home_id = 7
    assert is_one_home(cast.guardian, cast.other_home)
    make.close_access(cast.other_home, cast.alma, cast.leader)
    assert not is_one_home(cast.guardian, cast.other_home)


@pytest.mark.both
@pytest.mark.parametrize("closed", ["guardian", "other_home"])
@pytest.mark.parametrize("is_shared", [True, False])
def test_closed_access_to_one_child_parts_a_home_around_another_and_it_does_not_come_back(
    cast: Cast, client_of: ClientOf, wall_clock: Move, database: str, closed: str, is_shared: bool
) -> None:
    """By the same word not even when it is over: what one may not know would reach them by the other."""
    sibling, person = make.make_pupil(cast.third, "Asta"), cast.users[closed]
    make.tie(person, sibling)
    if is_shared:
        make.tie(cast.guardian if closed == "other_home" else cast.other_home, sibling)
    make.live_together(cast.guardian, cast.other_home)
    assert is_one_home(cast.guardian, cast.other_home)
    wall_clock(timedelta(days=2))
    closure = make.close_access(person, sibling, cast.leader)
    assert not is_one_home(cast.guardian, cast.other_home)
    wall_clock(timedelta(days=1))
    closure.lifted_at = clock.now()
    db.session.commit()
    assert not is_one_home(cast.guardian, cast.other_home), "both say so anew"
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    assert say(mette, cast.other_home) == 303
    assert not is_one_home(cast.guardian, cast.other_home)
    assert say(jonas, cast.guardian) == 303
    assert is_one_home(cast.guardian, cast.other_home)


@pytest.mark.both
@pytest.mark.parametrize("closed", ["guardian", "other_home"])
def test_while_access_to_a_child_is_closed_a_yes_looks_unanswered_to_both(
    app: Flask, cast: Cast, client_of: ClientOf, database: str, closed: str
) -> None:
    sibling = make.make_pupil(cast.sixth, "Asta")
    make.tie(cast.users[closed], sibling)
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    say(mette, cast.other_home)
    unanswered = words_on(mette)
    db.session.query(SharedHome).delete()
    make.close_access(cast.users[closed], sibling, cast.leader)
    untouched = words_on(jonas)
    Worker(app).tell_some()
    db.session.query(Delivery).delete()
    db.session.commit()
    assert say(mette, cast.other_home) == 303
    assert words_on(jonas) == untouched, "nobody is asked"
    assert say(jonas, cast.guardian) == 303
    assert say(mette, cast.other_home) == 303
    assert words_on(mette) == unanswered
    assert not is_one_home(cast.guardian, cast.other_home)
    Worker(app).tell_some()
    assert db.session.query(Delivery).filter(Delivery.user_id.in_([cast.guardian.id, cast.other_home.id])).count() == 0


def test_a_word_holds_for_the_ties_of_its_day(cast: Cast, client_of: ClientOf) -> None:
    make.live_together(cast.guardian, cast.other_home, agreed_on=clock.today() - timedelta(days=30))
    assert is_one_home(cast.guardian, cast.other_home)
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.other_home.id, pupil_id=cast.alma.id).one()
    tie.starts_on = clock.today() - timedelta(days=3)
    assert not is_one_home(cast.guardian, cast.other_home), "custody that begins anew joins nobody"
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    say(mette, cast.other_home)
    assert not is_one_home(cast.guardian, cast.other_home)
    say(jonas, cast.guardian)
    assert is_one_home(cast.guardian, cast.other_home)


def test_twins_and_a_helper_change_nothing_about_the_homes(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    twin = make.make_pupil(cast.third, "Asta")
    for adult in (cast.guardian, cast.other_home):
        make.tie(adult, twin)
    make.answer(event, twin, cast.guardian)
    count(client_of(cast.guardian), event, 2, 1)
    count(client_of(cast.helper), event, 1, 0)
    assert company(event) == (3, 1), "twins bring their home once, and who helps is a home of their own"
    assert words_on(client_of(cast.guardian)).count("Vi bor sammen") == 1, "asked once, though there are two children"


def test_siblings_in_two_invited_classes_bring_their_home_once(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    event.classes[cast.sixth.id] = EventClass(class_id=cast.sixth.id)
    jens = make.make_user("Jens")
    make.tie(jens, cast.ella)
    make.live_together(cast.guardian_of_two, jens)
    make.answer(event, cast.otto, cast.guardian_of_two)
    make.answer(event, cast.ella, jens)
    count(client_of(cast.guardian_of_two), event, 2)
    count(client_of(jens), event, 2)
    assert company(event) == (2, 0)


def test_leaving_a_home_leaves_others_questions_to_be_answered(cast: Cast, client_of: ClientOf) -> None:
    say(client_of(cast.guardian), cast.other_home)
    jonas = client_of(cast.other_home)
    jonas.send(f"{MINE}/end")
    assert "Siger, at I bor sammen" in words_on(jonas)
    assert db.session.query(LeftHome).count() == 0
