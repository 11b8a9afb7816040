"""Who looks after an event today, and whom they may ask to join them.

Whoever has left the classes of an event organises it no longer: that is asked when it is read, and nothing is ended.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, select, union_all

from portal.accounts.models import Role, RoleGrant, User
from portal.accounts.protection import shown_name_of
from portal.accounts.queries import list_leadership_ids
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.database.tagged import constant
from portal.events.audience.queries import ASKED, class_ids_of, know_classes, place_of
from portal.events.models import AnyEvent, Audience, ClassEvent, EventOrganiser
from portal.events.organisers.models import OrganiserInvitation
from portal.people import Person
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.contacts.queries import choice_in_force, is_named, list_named
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, TeamMember
from portal.school.ties import holds, lives_under_protection
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Organiser:
    """Somebody who looks after an event, at work or at home; `named_in` are those of its classes whose list names them.

    `phone` is "" unless they show it at this event, and of somebody who lives under protection always.
    """

    user_id: int
    name: str
    phone: str
    is_staff: bool
    named_in: frozenset[int]


def list_organisers(event: AnyEvent, *, today: date) -> list[Organiser]:
    """Those who look after an event and still belong to it, by name: one statement."""
    return list_organisers_for(event, 0, today=today)[0]


def list_organisers_for(event: AnyEvent, reader_id: int, *, today: date) -> tuple[list[Organiser], bool]:
    """The same, and whether this reader is asked to join them and has not answered: one statement still."""
    asked_of = {**place_of(event), "today": today, "school_year": clock.school_year(today), "reader_id": reader_id}
    by_user: dict[int, list[Any]] = {}
    is_asked = False
    for row in _organisers.of(event.audience).rows(**asked_of):
        if row.is_asked:
            is_asked = True
        else:
            by_user.setdefault(row.id, []).append(row)
    found = [
        Organiser(
            user_id,
            ties[0].name,
            ties[0].phone or "",
            any(tie.is_staff for tie in ties),
            frozenset(tie.class_id for tie in ties if tie.is_named),
        )
        for user_id, ties in by_user.items()
    ]
    return sorted(found, key=lambda organiser: (sort_key(organiser.name), organiser.user_id)), is_asked


@prepared
def _organisers(audience: Audience) -> AnySelect:
    today = param("today", date)
    class_ids = class_ids_of(audience, ASKED, param("school_year", int))
    no = constant(0)
    may_show = and_(EventOrganiser.shows_phone, ~lives_under_protection(User, today))

    def tied(class_id: Any, is_staff: int, is_named: Any = no) -> Select[*tuple[Any, ...]]:
        return (
            select(
                User.id,
                shown_name_of(User).label("name"),
                case((may_show, GuardianPhone.number), else_=constant("")).label("phone"),
                constant(is_staff).label("is_staff"),
                class_id.label("class_id"),
                is_named.label("is_named"),
                no.label("is_asked"),
            )
            .select_from(EventOrganiser)
            .join(User, and_(User.id == EventOrganiser.user_id, User.deactivated_at.is_(None)))
            .outerjoin(GuardianPhone, GuardianPhone.user_id == User.id)
            .where(EventOrganiser.event_id == ASKED.id)
        )

    at_home = (
        tied(Enrolment.class_id, 0, case((is_named(today), constant(1)), else_=no))
        .join(Guardianship, Guardianship.guardian_id == User.id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .outerjoin(ContactChoice, choice_in_force())
        .where(
            Guardianship.kind != GuardianshipKind.HELPER,
            holds(Guardianship, today),
            holds(Enrolment, today),
            Enrolment.class_id.in_(class_ids),
        )
    )
    in_team = (
        tied(TeamMember.class_id, 1)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(holds(TeamMember, today), TeamMember.class_id.in_(class_ids))
    )
    in_role = (
        tied(no, 1)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(holds(RoleGrant, today), RoleGrant.role.in_((Role.LEADERSHIP, Role.AKT)))
    )
    nothing = constant("")
    is_reader = OrganiserInvitation.user_id == param("reader_id", int)
    asked = select(OrganiserInvitation.user_id, nothing, nothing, no, no, no, constant(1)).where(
        OrganiserInvitation.event_id == ASKED.id, is_reader, OrganiserInvitation.declined_at.is_(None)
    )
    return union_all(at_home, in_team, in_role, asked)


def list_organiser_ids(event: ClassEvent, today: date) -> set[int]:
    """The accounts of those who look after an event today."""
    return {organiser.user_id for organiser in list_organisers(event, today=today)}


def list_to_take_over(event: ClassEvent, today: date) -> set[int]:
    """Whom to tell that nobody looks after an event: the teams of its classes; leadership where there is none, and for
    what the whole school does.
    """
    team = () if event.audience == Audience.SCHOOL else _team.rows(class_ids=list(event.class_ids), today=today)
    return {row.user_id for row in team} or list_leadership_ids(event, today)


@prepared
def _team() -> AnySelect:
    of_these = TeamMember.class_id.in_(params("class_ids", int))
    return select(TeamMember.user_id).where(of_these, holds(TeamMember, param("today", date)))


def list_to_ask(event: ClassEvent, person: Person, *, today: date) -> list[tuple[int, str]]:
    """Whom an organiser may ask to join: those the class lists of their own classes name, and have not asked yet.

    Of two who bear one name each is said with the child that the list says them by.
    """
    known = set(event.organiser_ids) | {invited.user_id for invited in list_invitations(event.id)}
    own = [class_id for class_id in {*person.guardian_classes, *person.teams} if class_id in event.class_ids]
    listed = sorted({line for class_id in own for line in list_named(class_id, today=today) if line[0] not in known})
    named = {user_id: name for user_id, name, _ in listed}
    bearers = Counter(named.values())
    said = {
        user_id: f"{name} ({', '.join(child for each, _, child in listed if each == user_id)})"
        for user_id, name in named.items()
        if bearers[name] > 1
    }
    in_order = sorted(named, key=lambda user_id: (sort_key(named[user_id]), sort_key(said.get(user_id, "")), user_id))
    return [(user_id, said.get(user_id, named[user_id])) for user_id in in_order]


def list_invitations(event_id: int) -> list[OrganiserInvitation]:
    """Those who have been asked and have not said yes; a no is among them, since it is told to nobody."""
    return list(_invitations.entities(event_id=event_id))


@prepared
def _invitations() -> AnySelect:
    return select(OrganiserInvitation).where(OrganiserInvitation.event_id == param("event_id", int))


def get_invitation(invitation_id: int) -> OrganiserInvitation | None:
    """That somebody was asked, with the event and its classes."""
    invitation = db.session.get(OrganiserInvitation, invitation_id)
    if invitation is not None:
        know_classes(invitation.event, today=clock.today())
    return invitation


def get_own_invitation(event_id: int, user_id: int) -> OrganiserInvitation | None:
    """That somebody is asked to look after this event and has not answered."""
    return db.session.scalar(
        select(OrganiserInvitation).filter_by(event_id=event_id, user_id=user_id, declined_at=None)
    )


def list_invited(invitation: OrganiserInvitation, today: date) -> set[int]:
    """The one who was asked."""
    return {invitation.user_id}


def shows_phone(event: ClassEvent, user_id: int) -> bool:
    """Whether an organiser shows a phone number at an event."""
    return any(row.shows_phone for row in event.organisers if row.user_id == user_id)
