"""Whom a council's news is for, as of the day it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Role, RoleGrant
from portal.council.class_inputs.models import ClassVoice
from portal.council.meetings.models import CouncilMeeting
from portal.council.models import CouncilMember, Facilitator
from portal.database import db
from portal.school.models import Pupil, TeamMember
from portal.school.ties import holds
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.decisions.models import Decision


def _members(council_id: int | None, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Pupil.user_id)
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .where(CouncilMember.council_id == council_id, holds(CouncilMember, today), Pupil.user_id.is_not(None))
    )


def _facilitators(council_id: int | None, today: date) -> Select[*tuple[Any, ...]]:
    return select(Facilitator.user_id).where(Facilitator.council_id == council_id, holds(Facilitator, today))


def _accounts(*statements: Select[*tuple[Any, ...]]) -> set[int]:
    return {user_id for statement in statements for user_id in db.session.scalars(statement)}


def list_council(meeting: CouncilMeeting, today: date) -> set[int]:
    """Everybody in a meeting's council: members, substitutes and facilitators."""
    return _accounts(_members(meeting.council_id, today), _facilitators(meeting.council_id, today))


def list_council_and_leadership(meeting: CouncilMeeting, today: date) -> set[int]:
    """Everybody in a meeting's council, and the leadership, who read its approved minutes."""
    leadership = select(RoleGrant.user_id).where(RoleGrant.role == Role.LEADERSHIP, holds(RoleGrant, today))
    return list_council(meeting, today) | _accounts(leadership)


def list_team_of(voice: ClassVoice, today: date) -> set[int]:
    """The team of a class that a council has something for."""
    return _accounts(select(TeamMember.user_id).where(TeamMember.class_id == voice.class_id, holds(TeamMember, today)))


def list_council_but_author(amendment: Amendment, today: date) -> set[int]:
    """Everybody in an amendment's council except its author."""
    council_id = amendment.council_id
    return _accounts(_members(council_id, today), _facilitators(council_id, today)) - {amendment.author_id}


def _role_holders(today: date, *roles: Role) -> Select[*tuple[Any, ...]]:
    return select(RoleGrant.user_id).where(RoleGrant.role.in_(roles), holds(RoleGrant, today))


HEARS = (Role.LEADERSHIP, Role.AKT, Role.BOARD_SECRETARY)


def list_who_hear(amendment: Amendment, today: date) -> set[int]:
    """Those who answer what a council sends on; of the staff's own the other grown-ups who write such."""
    return _accounts(_role_holders(today, *HEARS))


def list_whose_it_is(amendment: Amendment, today: date) -> set[int]:
    """Whoever waits for an answer: the council with its author, or the grown-ups whose own suggestion it is."""
    if amendment.council_id is None:
        return _accounts(_role_holders(today, *HEARS))
    council_id = amendment.council_id
    return _accounts(_members(council_id, today), _facilitators(council_id, today)) | {amendment.author_id}


def list_answered(decision: Decision, today: date) -> set[int]:
    """Whoever waits for the board's answer to an amendment."""
    amendment = get_amendment(decision.amendment_id)
    return list_whose_it_is(amendment, today) if amendment else set()


def _every_facilitator(today: date) -> Select[*tuple[Any, ...]]:
    return select(Facilitator.user_id).where(holds(Facilitator, today))


def list_every_council(cycle: RevisionCycle, today: date) -> set[int]:
    """Everybody in any council: from now on they can send suggestions in."""
    members = (
        select(Pupil.user_id)
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .where(holds(CouncilMember, today), Pupil.user_id.is_not(None))
    )
    return _accounts(members, _every_facilitator(today))


def list_who_are_heard(cycle: RevisionCycle, today: date) -> set[int]:
    """Those who say what they think now: leadership, AKT, board secretary, and the councils by their facilitators."""
    return _accounts(_role_holders(today, *HEARS), _every_facilitator(today))


def list_secretaries(cycle: RevisionCycle, today: date) -> set[int]:
    """Those who write down what the board decides."""
    return _accounts(_role_holders(today, Role.BOARD_SECRETARY))


def list_author(amendment: Amendment, today: date) -> set[int]:
    """The author of an amendment, whatever the day."""
    return {amendment.author_id}


def list_facilitators_of_talk(comment: Comment, today: date) -> set[int]:
    """Those who look after the talk a comment stands in."""
    return _accounts(_facilitators(comment.council_id, today))
