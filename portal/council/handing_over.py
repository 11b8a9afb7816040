"""Suggestions follow their children when the councils are made anew: nothing that lives is left where nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council.meetings import agenda
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.models import Council
from portal.database import db
from portal.database.transactions import lock_row
from portal.errors import N_, Conflict
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


def hand_over_to(council: Council, *, actor: Person, now: datetime) -> None:
    """Give a council what lives of children whose class has come to it from another; it and they are told.

    What the other council has said yes or no to stays there, and so does its talk. What became a part of a suggestion
    goes along with it. What was put off is simply before the new council, which has put nothing off. Raises Conflict
    while a meeting decides about one of them.
    """
    db.session.flush()
    for amendment in _list_children_in(council, clock.day_of(now)):
        lock_row(amendment)
        if amendment.has_open_vote:
            raise Conflict(
                N_("A meeting is deciding about a suggestion that would change councils. Wait until it is over.")
            )
        if amendment.state not in OPEN_WORDING:
            continue
        if amendment.state is AmendmentState.POSTPONED:
            before = AmendmentState.IN_COUNCIL
            check_step(amendment.state, before, mover=Mover.SESSION, phase=None, given=facts_of(amendment))
            amendment.state = before
        for item in _list_planned(amendment):
            agenda.drop(item)
        for moved in _with_parts(amendment):
            moved.council_id = council.id
        acts.record(actor, ActKind.AMENDMENT_HANDED_OVER, amendment, now=now)


def _with_parts(amendment: Amendment) -> list[Amendment]:
    return [amendment, *(moved for part in list_parts(amendment.id) for moved in _with_parts(part))]


def _list_children_in(council: Council, today: date) -> Sequence[Amendment]:
    """What is not decided yet, and whose author is in a class of this council's grades and no more of its own's."""
    grade = highest_grade_in(clock.school_year(today))
    own = select(Council).subquery()
    return db.session.scalars(
        select(Amendment)
        .join(own, own.c.id == Amendment.council_id)
        .join(Pupil, Pupil.user_id == Amendment.author_id)
        .join(Enrolment, (Enrolment.pupil_id == Pupil.id) & holds(Enrolment, today))
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(ClassYear, is_name_of(clock.school_year(today)))
        .where(
            Amendment.council_id != council.id,
            Amendment.state.in_(OPEN_WORDING),
            grade.between(council.lowest_grade, council.highest_grade),
            ~grade.between(own.c.lowest_grade, own.c.highest_grade),
        )
        .order_by(Amendment.id)
    ).all()


def _list_planned(amendment: Amendment) -> Sequence[AgendaItem]:
    """Where it stands on the agenda of a meeting to come."""
    return db.session.scalars(
        select(AgendaItem)
        .join(CouncilMeeting, CouncilMeeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.amendment_id == amendment.id, CouncilMeeting.state == MeetingState.PLANNED)
    ).all()
