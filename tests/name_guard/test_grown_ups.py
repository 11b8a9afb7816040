"""What grown-ups write for many to read, outside the class's own texts: a child's name is taken out, or ticked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound

from portal.accounts.protection import Protection
from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState, MinutesCorrection
from portal.council.queries import list_seats
from portal.database import db
from portal.events.questions.models import EventQuestion
from portal.strategy.decisions.models import Decision
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.hearing.models import Statement
from portal.strategy.kinds import AmendmentState, Phase
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.council.seen import note

#: Who writes, where, the form with a place for the name, and what is kept of it.
Room = tuple[str, str, Callable[[str], dict[str, Any]], Callable[[], str]]
CLEAN = "Vi hilser på alle i skolegården, og det siger vi højt i klassen."


def going_on(cast: Cast) -> AgendaItem:
    make.make_edition()
    meeting = make.make_meeting(cast.council, state=MeetingState.IN_PROGRESS, held_on=clock.today())
    return make.make_item(meeting, title="Boldene")


def _minutes(cast: Cast) -> Room:
    item = going_on(cast)
    path, version = f"/council/items/{item.id}/notes", item.version
    return "facilitator", path, lambda text: {"notes": text, "version": version}, lambda: _one(AgendaItem).notes


def _screen(cast: Cast) -> Room:
    item = going_on(cast)
    path, version = f"/council/screen/items/{item.id}/notes", item.version
    return "facilitator", path, lambda text: {"notes": text, "version": version}, lambda: _one(AgendaItem).notes


def _correction(cast: Cast) -> Room:
    item = going_on(cast)
    item.meeting.state, item.meeting.approved_at = MeetingState.MINUTES_APPROVED, clock.now()
    path = f"/council/meetings/{item.meeting_id}/corrections/new"
    return "facilitator", path, lambda text: {"text": text}, lambda: _one(MinutesCorrection).text


def _line_back(cast: Cast) -> Room:
    make.make_edition()
    said = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    version = said.version

    def form(text: str) -> dict[str, Any]:
        return {"ending": "not_now", "reply": text, "suggestion": 0, "version": version}

    return "facilitator", f"/council/class-inputs/{said.id}/ending", form, lambda: _one(ClassInput).reply


def _who_does_it(cast: Cast) -> Room:
    make.make_edition()
    said = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    version = said.version

    def form(text: str) -> dict[str, Any]:
        return {"ending": "doing", "reply": "Ja.", "who": text[:80], "suggestion": 0, "version": version}

    return "facilitator", f"/council/class-inputs/{said.id}/ending", form, lambda: _one(ClassInput).who


def _board(cast: Cast) -> Room:
    edition = make.make_edition()
    make.make_cycle(edition, Phase.BOARD)
    found = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    number = found.id

    def form(text: str) -> dict[str, Any]:
        row = {f"outcome_{number}": "rejected", f"reason_{number}": "For dyrt.", f"child_reply_{number}": text}
        return {"decided_on": clock.today().isoformat(), **row}

    return "board_secretary", "/strategy/decisions", form, lambda: _one(Decision).child_reply


def _answer(cast: Cast) -> Room:
    event = make.make_event(cast.third, cast.guardian)
    asked = EventQuestion(
        event_id=event.id, asked_by_id=cast.other_home.id, question="Kommer Otto?", asked_at=clock.now()
    )
    db.session.add(asked)
    db.session.commit()
    version = asked.version

    def form(text: str) -> dict[str, Any]:
        return {"reply": "Ja.", "is_shown": "y", "shown_question": text, "version": version}

    return "guardian", f"/events/questions/{asked.id}/edit", form, lambda: _one(EventQuestion).shown_question


def _sent_on(cast: Cast, phase: Phase = Phase.HEARING) -> int:
    edition = make.make_edition()
    make.make_cycle(edition, phase)
    sent = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    db.session.commit()
    return sent.id


def _word(cast: Cast) -> Room:
    path = f"/strategy/forwarding/amendments/{_sent_on(cast)}/word"
    return "leader", path, lambda text: {"thinks": "God idé.", "happens": text}, lambda: _one(LeadershipWord).happens


def _question(cast: Cast) -> Room:
    path = f"/strategy/forwarding/amendments/{_sent_on(cast)}/ask"
    return "leader", path, lambda text: {"question": text}, lambda: _one(Forwarding).question


def _statement(cast: Cast) -> Room:
    path = f"/strategy/hearing/{_sent_on(cast)}/statement"

    def form(text: str) -> dict[str, Any]:
        return {"stance": "for", "text": text, "said_on": clock.today().isoformat(), "version": 0}

    return "board_secretary", path, form, lambda: _one(Statement).text


def _place(cast: Cast) -> Room:
    day = clock.today().isoformat()
    path = f"/council/{cast.council.id}/meetings/new"
    return (
        "facilitator",
        path,
        lambda text: {"day": day, "time": "13:00", "place": text},
        lambda: _one(CouncilMeeting).place,
    )


#: Those whose writers do not know the real names behind aliases, and then the leadership's, who does.
OF_OTHERS = (_minutes, _screen, _correction, _line_back, _who_does_it, _board, _answer, _statement, _place)
ROOMS = (*OF_OTHERS, _word, _question)


def _one(model: Any) -> Any:
    db.session.expire_all()
    return db.session.query(model).one()


def kept(model_text: Callable[[], str]) -> str:
    try:
        return model_text()
    except NoResultFound:
        return ""


@pytest.mark.parametrize("room", ROOMS)
def test_a_childs_name_waits_for_a_tick(cast: Cast, client_of: ClientOf, room: Callable[[Cast], Room]) -> None:
    name, path, form, text = room(cast)
    db.session.commit()
    browser, typed = client_of(cast.users[name]), "Otto siger, at vi hilser på alle i skolegården."
    for named in ({}, {"named": "Alma"}, {"named": ["", "x"]}):
        refused = browser.send(path, {**form(typed), **named})
        assert refused.status_code == 422
        assert "Her står et barns navn: Otto" in refused.text
        assert 'name="named"' in refused.text
        assert typed in refused.text, "what was typed stays"
        assert "Otto" not in kept(text)
    assert browser.send(path, {**form(typed), "named": "Otto"}).status_code == 303
    assert text() == typed


@pytest.mark.parametrize("room", ROOMS)
def test_what_names_nobody_is_taken_at_once(cast: Cast, client_of: ClientOf, room: Callable[[Cast], Room]) -> None:
    name, path, form, text = room(cast)
    db.session.commit()
    assert client_of(cast.users[name]).send(path, form(CLEAN)).status_code == 303
    assert text() == CLEAN


@pytest.mark.parametrize("room", OF_OTHERS)
def test_a_protected_name_is_no_other_than_a_name_that_nobody_bears(
    cast: Cast, client_of: ClientOf, room: Callable[[Cast], Room]
) -> None:
    """To whom the class's names are not told; else anybody could try them out."""
    cast.otto.protection, cast.otto.alias = Protection.NAME, "Stjerne"
    name, path, form, _ = room(cast)
    db.session.commit()
    assert client_of(cast.users[name]).send(path, form(CLEAN.replace("Vi", "Otto og vi"))).status_code == 303


def test_whoever_knows_the_names_is_asked_about_a_protected_one(cast: Cast, client_of: ClientOf) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    cast.otto.protection, cast.otto.alias = Protection.NAME, "Stjerne"
    _, path, form, _ = _minutes(cast)
    db.session.commit()
    assert client_of(cast.class_teacher).send(path, form("Otto siger ja.")).status_code == 422


def test_a_name_that_was_meant_is_not_asked_about_again(cast: Cast, client_of: ClientOf) -> None:
    _, path, form, text = _minutes(cast)
    db.session.commit()
    lars = client_of(cast.facilitator)
    assert lars.send(path, {**form("Otto siger ja."), "named": "Otto"}).status_code == 303
    again = {"notes": "Otto siger ja. Det gør vi alle.", "version": _one(AgendaItem).version}
    assert lars.send(path, again).status_code == 303
    more = {"notes": "Otto og Alma siger ja.", "version": _one(AgendaItem).version}
    refused = lars.send(path, more)
    assert refused.status_code == 422
    assert "Her står et barns navn: Alma." in refused.text
    assert text() == "Otto siger ja. Det gør vi alle."


def test_hands_and_minutes_together_wait_for_the_tick_and_count_once(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition()
    amendment = make.make_amendment(cast.council, cast.council_member, edition)
    meeting = make.make_meeting(cast.council)
    item = make.make_item(meeting, amendment)
    db.session.commit()
    lars, item_id = client_of(cast.facilitator), item.id
    assert lars.send(f"/council/meetings/{meeting.id}/start").status_code == 303
    assert lars.send(f"/council/screen/items/{item_id}/start").status_code == 303
    _put_everybody_there(cast, lars, meeting.id)
    version = _one(AgendaItem).version
    form = {"yes": "1", "no": "0", "revision": "1", "notes": "Otto vil det gerne.", "version": version}
    refused = lars.send(f"/council/screen/items/{item_id}/hands", form)
    assert refused.status_code == 422
    assert "Her står et barns navn: Otto" in refused.text
    assert _one(AgendaItem).vote_id is None
    assert lars.send(f"/council/screen/items/{item_id}/hands", {**form, "named": "Otto"}).status_code == 303
    assert _one(AgendaItem).vote_id is not None


def _put_everybody_there(cast: Cast, lars: IsolatedClient, meeting_id: int) -> None:
    seats = [seat.id for seat in list_seats(cast.council.id, today=clock.today()) if not seat.is_substitute]
    assert note(lars, f"/council/meetings/{meeting_id}/attendance", seats).status_code == 303


def test_what_was_refused_stays_at_the_thing_it_was_typed_for(cast: Cast, client_of: ClientOf) -> None:
    """On the screen the council may have come to another thing meanwhile: the words do not go there."""
    item = going_on(cast)
    other = make.make_item(item.meeting, title="Maden", state=ItemState.CURRENT)
    db.session.commit()
    form = {"notes": "Otto siger ja.", "version": item.version}
    refused = client_of(cast.facilitator).send(f"/council/screen/items/{item.id}/notes", form)
    assert refused.status_code == 422
    assert f"/council/screen/items/{item.id}/notes" in refused.text
    assert f"/council/screen/items/{other.id}/notes" not in refused.text


def test_the_question_that_everybody_reads_begins_empty(cast: Cast, client_of: ClientOf) -> None:
    _, path, _, _ = _answer(cast)
    page = client_of(cast.guardian).get(path).text
    assert page.count("Kommer Otto?") == 1, "above the form alone"


def test_an_answer_to_one_person_alone_may_name_whom_it_is_about(cast: Cast, client_of: ClientOf) -> None:
    _, path, form, _ = _answer(cast)
    sent = {"reply": "Otto kommer.", "version": form("")["version"]}
    assert client_of(cast.guardian).send(path, sent).status_code == 303
    shown = {**sent, "is_shown": "y", "shown_question": "Hvem kommer?", "version": _one(EventQuestion).version}
    assert client_of(cast.guardian).send(path, shown).status_code == 422, "but not to everybody"


def test_a_parent_tries_out_no_name_of_another_class(cast: Cast, client_of: ClientOf) -> None:
    _, path, form, text = _answer(cast)
    typed = "Kommer Ella fra 6.A?"
    assert client_of(cast.guardian).send(path, form(typed)).status_code == 303
    assert text() == typed
