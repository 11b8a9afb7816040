"""When a child's name becomes protected, the texts that live on are put right, once, by the portal (domain 3.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import writing
from portal.events.chores import COVER as IN_EVENTS
from portal.events.chores import COVER_QUESTIONS as IN_QUESTIONS
from portal.events.models import Audience
from portal.events.questions.models import EventQuestion
from portal.notifications.worker.chores import do
from portal.parent_meetings.chores import COVER as IN_MEETINGS
from portal.playdates.chores import COVER as IN_PLAYDATES
from portal.surveys.chores import COVER as IN_SURVEYS
from portal.text import clock
from portal.updates.chores import COVER as IN_NEWS
from portal.updates.models import NameConfirmation, UpdateRevision, UpdateState
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once

COVERS = (IN_NEWS, IN_EVENTS, IN_QUESTIONS, IN_PLAYDATES, IN_MEETINGS, IN_SURVEYS)
TEXT = "Alma og Otto har bagt."


def hide(cast: Cast) -> None:
    make.make_former_name(cast.alma)
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    db.session.commit()


def cover() -> None:
    for chore in COVERS:
        assert do(chore, clock.now())
    db.session.expire_all()


@pytest.fixture
def texts(cast: Cast) -> list[Any]:
    """What names Alma: news that the homes have, an event to come, one long ago, the school's, an offer to play.

    And what the class works on after a survey.
    """
    update = make.make_update(cast.third, cast.class_teacher, "Alma vandt", body=TEXT)
    update.excerpt = TEXT
    first = UpdateRevision(update_id=update.id, revision=1, title=update.title, body=TEXT, saved_at=clock.now())
    db.session.add(first)
    found = [
        update,
        make.make_event(cast.third, cast.guardian_of_two, "Hjemme hos Alma", description=TEXT),
        make.make_event(
            cast.third,
            cast.class_teacher,
            "Almas fest",
            starts_at=clock.now() - timedelta(days=100),
            bring="Almas bold",
        ),
        make.make_event(None, cast.leader, "Alma synger for skolen", audience=Audience.SCHOOL),
        make.make_playdate(cast.third, cast.guardian_of_two, what="Leg med Alma i parken"),
        make.hold_survey(
            make.make_survey(None, cast.leader),
            cast.third,
            words="Alma og Otto øver sig.",
            words_at=clock.now() - timedelta(days=40),
        ),
    ]
    db.session.commit()
    return found


@pytest.mark.both
def test_no_list_no_page_and_no_message_says_the_name_any_more(
    cast: Cast, texts: list[Any], client_of: ClientOf, database: str
) -> None:
    update, event, past, whole, playdate, asked = texts
    pages = (
        *("/updates/", "/events/", "/events/past", "/playdates/", f"/classes/{cast.third.id}", "/notifications/"),
        *(f"/updates/{update.id}", f"/updates/{update.id}/print", f"/events/{event.id}", f"/events/{past.id}"),
        *(f"/events/{whole.id}", f"/playdates/{playdate.id}"),
        f"/surveys/classes/{cast.third.id}",
    )
    cover()
    assert "Alma" in client_of(cast.foster_parent).get(f"/updates/{update.id}").text, "nothing is protected yet"
    hide(cast)
    cover()
    for name in ("foster_parent", "akt", "guardian_of_two"):
        browser = client_of(cast.users[name])
        for page in pages:
            assert "Alma" not in browser.get(page).text, (name, page)
    assert "(et barn) og Otto har bagt." in client_of(cast.foster_parent).get(f"/updates/{update.id}").text
    assert (asked.words, asked.version) == ("(et barn) og Otto øver sig.", 1)
    kept = db.session.query(UpdateRevision.body).filter_by(update_id=update.id).order_by(UpdateRevision.revision)
    assert [body for (body,) in kept] == [TEXT, "(et barn) og Otto har bagt."]
    assert "Alma vandt" in client_of(cast.class_teacher).get(f"/updates/{update.id}/revisions").text


@pytest.mark.both
def test_a_name_that_somebody_writes_afterwards_is_never_covered(
    cast: Cast, texts: list[Any], client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    """Neither now, nor when another child's name is protected later: a writer would learn whose name it is."""
    hide(cast)
    cover()
    wall_clock(timedelta(minutes=5))
    event = make.make_event(cast.third, cast.guardian_of_two, "Hjemme hos Alma")
    texts[1].title = "Alma igen"
    db.session.commit()
    cover()
    make.make_former_name(cast.noah)
    cast.noah.protection, cast.noah.alias = Protection.NAME, "Måne"
    db.session.commit()
    cover()
    assert event.title == "Hjemme hos Alma"
    assert texts[1].title == "Alma igen"


def test_a_name_is_covered_that_an_edit_brought_into_an_older_event(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    """The child came to the class after the event was planned, and the title was written anew after that."""
    event = make.make_event(cast.third, cast.guardian_of_two, "Vi griller")
    event.created_at = clock.now() - timedelta(days=2_000)
    db.session.commit()
    form = {"title": "Alma griller", "kind": event.kind.value, "place": "Skolen", "version": event.version}
    hours = {"day": clock.day_of(event.starts_at).isoformat(), "begins": "17:00", "ends": "19:00"}
    assert client_of(cast.guardian_of_two).send(f"/events/{event.id}/edit", form | hours).status_code == 303
    wall_clock(timedelta(days=1))
    hide(cast)
    cover()
    assert event.title == "(et barn) griller"


def test_what_waits_for_its_hour_goes_back_to_the_team_and_is_asked_about_again(cast: Cast) -> None:
    waiting = make.make_update(cast.third, cast.class_teacher, "I morgen", body=TEXT, published_at=None)
    waiting.state, waiting.publish_at = UpdateState.SCHEDULED, clock.now() + timedelta(days=1)
    db.session.add(
        NameConfirmation(
            update_id=waiting.id,
            revision=waiting.revision,
            words=["Alma", "Otto"],
            confirmed_by_id=cast.pedagogue.id,
            confirmed_at=clock.now(),
        )
    )
    hide(cast)
    cover()
    assert (waiting.state, waiting.publish_at, waiting.body) == (UpdateState.DRAFT, None, TEXT)
    assert db.session.query(NameConfirmation).count() == 0
    assert db.session.query(Act).filter_by(kind=ActKind.UPDATE_HELD).count() == 1


@pytest.mark.both
def test_eight_workers_at_once_cover_once(app: Flask, cast: Cast, texts: list[Any], database: str) -> None:
    hide(cast)

    def one() -> bool:
        with app.app_context():
            writing.set(True)
            return do(IN_NEWS, clock.now())

    work: list[Callable[[], bool]] = [one] * 8
    assert at_once(*work) == [True] * 8
    assert db.session.query(Act).filter_by(kind=ActKind.NAME_COVERED, detail="news").count() == 1


@pytest.mark.both
def test_what_an_edit_brings_in_after_the_protection_began_is_not_covered(
    cast: Cast, texts: list[Any], client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    """Though the text itself is older: between the protection and the minute it is covered nobody tries names out.

    What stood there before is covered all the same, by whomever and whenever the rest of the text was written anew.
    """
    playdate = make.make_playdate(cast.third, cast.guardian_of_two, what="Leg i parken")
    event = make.make_event(cast.third, cast.guardian_of_two, "Vi griller", description="Alma tager bolden med.")
    plain = make.make_event(cast.third, cast.guardian_of_two, "Vi synger")
    draft = make.make_update(cast.third, cast.class_teacher, "Uge 48", body="Vi har bagt.", published_at=None)
    db.session.add(
        NameConfirmation(
            update_id=draft.id,
            revision=draft.revision + 1,
            words=["Alma"],
            confirmed_by_id=cast.pedagogue.id,
            confirmed_at=clock.now(),
        )
    )
    offered, old = texts[4], clock.now() - timedelta(days=1)
    for one in (playdate, offered):
        one.offered_at = old
    for one in (event, plain, draft):
        one.created_at = old
    db.session.commit()
    hide(cast)
    wall_clock(timedelta(seconds=20))
    home, team = client_of(cast.guardian_of_two), client_of(cast.class_teacher)
    hours = {"day": "2026-11-26", "begins": "15:00", "ends": "17:00", "places": ""}
    for one, what in ((playdate, "Leg med Alma i parken"), (offered, "Leg med Alma i skoven")):
        form = {**hours, "what": what, "version": str(one.version)}
        assert home.send(f"/playdates/{one.id}/edit", form).status_code == 303
    for one, title, more in ((event, "Alma griller", "Alma tager bolden med."), (plain, "Alma synger", "")):
        form = {"title": title, "kind": one.kind.value, "place": one.place, "description": more}
        at = {"day": clock.day_of(one.starts_at).isoformat(), "begins": "17:00", "ends": "19:00"}
        assert home.send(f"/events/{one.id}/edit", {**form, **at, "version": str(one.version)}).status_code == 303
    form = {"title": "Uge 48", "body": "Alma har bagt.", "version": str(draft.version)}
    assert team.send(f"/updates/{draft.id}/edit", form).status_code == 303
    wall_clock(timedelta(minutes=1))
    cover()
    assert playdate.what == "Leg med Alma i parken", "typed when it was nobody's to say"
    assert plain.title == "Alma synger"
    assert db.session.query(NameConfirmation).filter_by(update_id=draft.id).count() == 1
    assert offered.what == "Leg med (et barn) i skoven", "it stood there before"
    assert event.description == "(et barn) tager bolden med."


@pytest.mark.both
@pytest.mark.parametrize("stood", [True, False], ids=["stood there", "is brought in"])
def test_what_is_saved_again_in_the_minute_before_it_is_covered_is_covered_where_it_stood(
    cast: Cast, client_of: ClientOf, wall_clock: Move, database: str, stood: bool
) -> None:
    """A question and its answer, an agenda, news that are corrected, and a draft that is sent."""
    old, said = clock.now() - timedelta(days=1), TEXT if stood else "Otto har bagt."
    event = make.make_event(cast.third, cast.guardian_of_two, "Vi griller")
    asked = [
        EventQuestion(event_id=event.id, asked_by_id=cast.foster_parent.id, question=said, asked_at=old, **values)
        for values in (
            {"answer": said, "answered_at": old, "shown_question": said},
            {"answer": "", "answered_at": None, "shown_question": ""},
        )
    ]
    db.session.add_all(asked)
    meeting = make.make_parent_meeting(cast.third, items=said, saved_at=old)
    sent = make.make_update(cast.third, cast.class_teacher, "Uge 47", body=said)
    draft = make.make_update(cast.third, cast.class_teacher, "Uge 48", body=TEXT, published_at=None)
    draft.created_at = old if stood else clock.now() + timedelta(seconds=10)
    db.session.commit()
    hide(cast)
    wall_clock(timedelta(seconds=20))
    home, team = client_of(cast.guardian_of_two), client_of(cast.class_teacher)
    for question in asked:
        form = {"reply": f"Ja. {TEXT}", "is_shown": "y", "shown_question": TEXT, "version": question.version}
        form["named"] = ["Alma", "Otto"]
        assert home.send(f"/events/questions/{question.id}/edit", form).status_code == 303
    hours = {"day": clock.day_of(meeting.starts_at).isoformat(), "begins": "17:00", "ends": "19:00"}
    form = {**hours, "place": "I klassen", "items": TEXT, "version": 1, "agreed": ["Alma", "Otto"]}
    assert team.send(f"/parent-meetings/{meeting.id}/edit", form).status_code == 303
    form = {"title": "Uge 47 igen", "body": TEXT, "version": 1, "agreed": ["Alma", "Otto"]}
    assert team.send(f"/updates/{sent.id}/correct", form).status_code == 303
    form = {"version": draft.version, "agreed": ["Alma", "Otto"]}
    assert team.send(f"/updates/{draft.id}/publish", form).status_code == 303
    wall_clock(timedelta(minutes=1))
    cover()
    wanted = "(et barn) og Otto har bagt." if stood else TEXT
    for question in asked:
        assert (question.answer, question.shown_question) == (f"Ja. {wanted}", wanted)
    assert [meeting.items, sent.body, draft.body] == [wanted] * 3
