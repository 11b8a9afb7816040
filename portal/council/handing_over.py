"""Suggestions follow their children when the councils are made anew: nothing that lives is left where nobody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council.class_inputs.services import move_words_to
from portal.council.meetings import agenda
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.models import Council, CouncilMember
from portal.council.queries import list_every_seat
from portal.database import db
from portal.database.transactions import lock_row
from portal.errors import N_, Conflict
from portal.notifications.services import move_council_lines
from portal.people import Person
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import highest_grade_in, is_name_of
from portal.school.ties import holds
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import list_parts
from portal.strategy.amendments.services import OPEN_WORDING, facts_of
from portal.strategy.amendments.steps import Mover, check_step
from portal.strategy.kinds import AmendmentState
from portal.text import clock

#: What is told of a suggestion and leads to its page.
TOLD = frozenset(
    {
        ActKind.AMENDMENT_SUBMITTED,
        ActKind.AMENDMENT_MERGED,
        ActKind.AMENDMENT_PARTED,
        ActKind.AMENDMENT_HANDED_OVER,
        ActKind.AMENDMENT_FORWARDED,
        ActKind.AMENDMENT_ANSWERED,
        ActKind.AMENDMENT_SENT_BACK,
        ActKind.DECISION_RECORDED,
        ActKind.DECISION_CORRECTED,
    }
)


def list_deprived(school_class: SchoolClass) -> set[Council]:
    """The councils a class sits in that have no more the grade it was in when it elected: the office took it from them.

    It is asked before the next election ends those seats, and of the last ones where they have run out before it. A
    class that moved up out of a council's grades did not lose it: what its children wrote stays there (domain 3.4).
    """
    seats = list_every_seat(school_class.id)
    year = max((_elected_in(seat) for seat in seats), default=0)
    grade = _grade_in(school_class.id, year)
    if grade is None:
        return set()
    sits_in = {seat.council for seat in seats if _elected_in(seat) == year}
    return {council for council in sits_in if not council.lowest_grade <= grade <= council.highest_grade}


def _elected_in(seat: CouncilMember) -> int:
    """The school year of the election: a seat ends in the one after, unless it was ended before."""
    return max(clock.school_year(seat.starts_on), clock.school_year(seat.ends_on) - 1)


def hand_over_to(
    council: Council,
    school_class: SchoolClass,
    before: Collection[Council],
    silent: Collection[Council],
    *,
    actor: Person,
    now: datetime,
) -> None:
    """Give a council what lives of a class's children in those it sat in `before`; it and they are told.

    What the other council has said yes or no to stays there, and so does its talk. What became a part of a suggestion
    goes along with it. What was put off is simply before the new council, which has put nothing off. Raises Conflict
    while a meeting decides about one of them.

    What the class itself has said and nobody has ended goes along from every other council (those that are `silent`),
    unless it is about what stays there: a suggestion, or what stands on an agenda. That is ended there, and the class
    reads it all the same. The caller holds all these councils' locks.
    """
    others = sorted(set(before) - {council}, key=attrgetter("id"))
    for old in others:
        for meeting in _list_to_come(old):
            lock_row(meeting)
        for amendment in _list_of_children(school_class, old, clock.day_of(now)):
            _hand_over(amendment, council, actor=actor, now=now)
    if silent:
        db.session.flush()  # which suggestions are the new council's by now
        move_words_to(council.id, school_class.id)


def _hand_over(amendment: Amendment, council: Council, *, actor: Person, now: datetime) -> None:
    lock_row(amendment)
    if amendment.has_open_vote:
        raise Conflict(
            N_("A meeting is deciding about a suggestion that would change councils. Wait until it is over.")
        )
    if amendment.state not in OPEN_WORDING:
        return
    if amendment.state is AmendmentState.POSTPONED:
        before = AmendmentState.IN_COUNCIL
        check_step(amendment.state, before, mover=Mover.SESSION, phase=None, given=facts_of(amendment))
        amendment.state = before
    for item in _list_planned(amendment):
        agenda.drop(item)
    moved = _with_parts(amendment)
    for one in moved:
        one.council_id = council.id
    move_council_lines(TOLD, [one.id for one in moved], council.id)
    if amendment.state is not AmendmentState.DRAFT:  # which is its author's alone until it is sent
        acts.record(actor, ActKind.AMENDMENT_HANDED_OVER, amendment, now=now)


def _with_parts(amendment: Amendment) -> list[Amendment]:
    return [amendment, *(moved for part in list_parts(amendment.id) for moved in _with_parts(part))]


def _grade_in(class_id: int, year: int) -> int | None:
    """The grade of a class's oldest in a school year; None where nothing says it."""
    named = select(highest_grade_in(year)).select_from(SchoolClass).join(ClassYear, is_name_of(year))
    return db.session.scalar(named.where(SchoolClass.id == class_id))


def _list_of_children(school_class: SchoolClass, council: Council, today: date) -> Sequence[Amendment]:
    """What is not decided yet in a council and was written by those who are in a class today."""
    return db.session.scalars(
        select(Amendment)
        .join(Pupil, Pupil.user_id == Amendment.author_id)
        .join(Enrolment, (Enrolment.pupil_id == Pupil.id) & holds(Enrolment, today))
        .where(
            Enrolment.class_id == school_class.id,
            Amendment.council_id == council.id,
            Amendment.state.in_(OPEN_WORDING),
        )
        .order_by(Amendment.id)
    ).all()


def _list_to_come(council: Council) -> Sequence[CouncilMeeting]:
    return db.session.scalars(
        select(CouncilMeeting)
        .where(CouncilMeeting.council_id == council.id, CouncilMeeting.state == MeetingState.PLANNED)
        .order_by(CouncilMeeting.id)
    ).all()


def _list_planned(amendment: Amendment) -> Sequence[AgendaItem]:
    """Where it stands on the agenda of a meeting to come."""
    return db.session.scalars(
        select(AgendaItem)
        .join(CouncilMeeting, CouncilMeeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.amendment_id == amendment.id, CouncilMeeting.state == MeetingState.PLANNED)
    ).all()
