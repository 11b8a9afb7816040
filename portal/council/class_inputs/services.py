"""Writing down what a class says to its council, and ending it with a line back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, update

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.council.class_inputs.models import ClassInput, ClassVoice, Ending
from portal.council.class_inputs.queries import get_meeting_of, get_newest_draft
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.meetings.queries import get_going_on
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.models import Amendment


@dataclass(frozen=True, slots=True)
class About:
    """What a class speaks about: an agenda item, a clause or an amendment, in words; nothing when it is on its own."""

    words: str = ""
    item_id: int | None = None
    clause_key: str | None = None
    amendment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How it ends: the ending, the line back to the class, and what goes with it."""

    ending: Ending
    reply: str
    who: str = ""
    when: str = ""
    suggestion_id: int | None = None


def write_input(voice: ClassVoice, about: About, text: str, *, actor: Person, now: datetime) -> ClassInput:
    """Keep what a class says. Raises RuleViolation for more than anybody writes within an hour."""
    check_limit(actor, ActKind.CLASS_INPUT_WRITTEN, now=now, is_at_work=not actor.is_pupil)
    entry = ClassInput(
        council_id=voice.council_id,
        class_id=voice.class_id,
        item_id=about.item_id,
        clause_key=about.clause_key,
        amendment_id=about.amendment_id,
        about=about.words,
        text=text,
        written_by_id=actor.id,
        written_at=now,
    )
    db.session.add(entry)
    acts.note(actor, ActKind.CLASS_INPUT_WRITTEN, entry, now=now)
    return entry


def edit_input(entry: ClassInput, text: str, *, version: int) -> None:
    """Say it in other words. Raises Conflict once it has its end or its meeting has begun: that is what was said.

    Raises Conflict for newer words too.
    """
    meeting = get_meeting_of(entry.item_id)
    if meeting is not None:
        lock_row(meeting)
        if meeting.state is not MeetingState.PLANNED:
            raise Conflict(N_("The meeting about it has begun, so it stays as it was said."))
    check_version(entry, version)
    if entry.ending is not None:
        raise Conflict(N_("It has its answer already, so it stays."))
    entry.text = text


def remove_input(entry: ClassInput) -> None:
    """Take back what was written. Raises Conflict when it has its end: the class reads that."""
    lock_row(entry)
    if entry.ending is not None:
        raise Conflict(N_("It has its answer already, so it stays."))
    db.session.delete(entry)


def end_input(entry: ClassInput, answer: Answer, *, version: int, actor: Person, now: datetime) -> bool:
    """Say what came of it, with a line back to the class; until the minutes of that meeting are approved it may change.

    Returns whether a meeting's sheet brings it to the class. Raises RuleViolation without what belongs to the ending,
    Conflict for somebody else's newer answer.
    """
    lock_row(entry.council)  # meanwhile no meeting begins or ends
    meeting = _meeting_of_answer(entry)
    if meeting is not None:
        lock_row(meeting)
        _check_not_approved(meeting)
    check_version(entry, version)
    if answer.ending is Ending.DOING and not answer.who:
        raise RuleViolation(N_("Write who does it."))
    if answer.ending is Ending.IN_SUGGESTION and answer.suggestion_id is None:
        raise RuleViolation(N_("Choose the suggestion it is a part of."))
    is_doing = answer.ending is Ending.DOING
    entry.ending, entry.reply, entry.ended_at = answer.ending, answer.reply, entry.ended_at or now
    entry.who, entry.when = (answer.who, answer.when) if is_doing else ("", "")
    entry.suggestion_id = answer.suggestion_id if answer.ending is Ending.IN_SUGGESTION else None
    if meeting is not None and meeting.state is not MeetingState.PLANNED:
        entry.meeting = meeting
    acts.note(actor, ActKind.CLASS_INPUT_ENDED, entry, now=now)
    return meeting is not None


def move_words_to(council_id: int, class_id: int) -> None:
    """Let another council answer what a class has said and nobody has ended.

    What is about a suggestion of the other council or stands on its agenda stays there. What stood on its agenda in
    free words goes along without them: they are that council's own. The caller holds the councils'
    locks. Whoever puts such a word right meanwhile is told: it has a new version.
    """
    is_of_free_words = ClassInput.clause_key.is_(None) & ClassInput.amendment_id.is_(None)
    is_theirs = exists().where(Amendment.id == ClassInput.amendment_id, Amendment.council_id != council_id)
    db.session.execute(
        update(ClassInput)
        .where(
            ClassInput.class_id == class_id,
            ClassInput.council_id != council_id,
            ClassInput.ending.is_(None),
            ClassInput.item_id.is_(None),
            ~is_theirs,
        )
        .values(
            council_id=council_id,
            about=case((is_of_free_words, ""), else_=ClassInput.about),
            version=ClassInput.version + 1,
        )
    )


def _meeting_of_answer(entry: ClassInput) -> CouncilMeeting | None:
    """The meeting whose sheet brings the answer to the class.

    That is where the thing it is about stands, unless those minutes are approved; else the meeting that goes on, or the
    newest whose minutes are still written.
    """
    if entry.meeting is not None:
        return entry.meeting
    about = get_meeting_of(entry.item_id)
    if about is not None and about.state in {MeetingState.IN_PROGRESS, MeetingState.MINUTES_DRAFT}:
        return about
    to_come = about if about is not None and about.state is MeetingState.PLANNED else None
    return get_going_on(entry.council_id) or to_come or get_newest_draft(entry.council_id)


def _check_not_approved(meeting: CouncilMeeting) -> None:
    if meeting.state is MeetingState.MINUTES_APPROVED:
        raise Conflict(N_("The minutes of that meeting are approved, so the answer stays."))
