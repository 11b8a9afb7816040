"""Changing who is who around a class: its names, team, representatives, foster parents, helpers; and help contacts."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.accounts.models import User
from portal.accounts.services import end_at_once
from portal.accounts.sign_in import queries as links
from portal.accounts.sign_in import services as sign_in
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.stamps import check_in_place
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school import queries
from portal.school.models import (
    HUES,
    ClassYear,
    Guardianship,
    GuardianshipKind,
    Pupil,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.names import LAST_GRADE, moved_up
from portal.school.terms import open_years, until_successors
from portal.text import clock

MOST_REPRESENTATIVES = 6
NAMES_ONCE = "a label and an id are one class's"


@dataclass(frozen=True, slots=True)
class ClassName:
    """What a class is called in one school year, and its grades."""

    label: str
    lowest_grade: int
    highest_grade: int


def wait_for_turn(row: SchoolClass | Pupil) -> None:
    """Serialise changes: of two people who change the same thing at the same moment, the second waits for the first."""
    db.session.refresh(row, with_for_update=True)


def name_for_next_year(name: ClassName) -> ClassName | None:
    """One year up, "3.A" to "4.A"; None for a class that leaves the school."""
    if name.highest_grade >= LAST_GRADE:
        return None
    label = moved_up(name.label, name.lowest_grade, name.highest_grade, 1)
    return ClassName(label, name.lowest_grade + 1, name.highest_grade + 1)


def open_class(name: ClassName, school_year: int, *, external_id: str, actor: Person, now: datetime) -> SchoolClass:
    """A new class, in the hue fewest have. Without the id of the school's files it gets one of the portal's own.

    Raises RuleViolation when the id or the label is taken, or the school year is not open yet.
    """
    wait_for_turn_at(NAMES_ONCE)
    if external_id and queries.is_external_id_taken(external_id):
        raise RuleViolation(N_("Another class has the id %(id)s."), id=external_id)
    taken = list(queries.list_hues())
    hue = min(range(1, HUES + 1), key=lambda hue: (taken.count(hue), hue))
    school_class = SchoolClass(external_id=external_id or f"portal-{secrets.token_hex(4)}", hue=hue)
    db.session.add(school_class)
    db.session.flush()
    name_class(school_class, {school_year: name}, actor=actor, now=now)
    return school_class


def name_class(
    school_class: SchoolClass, names: Mapping[int, ClassName | None], *, actor: Person, now: datetime
) -> None:
    """Say what a class is called in these school years; None takes the name of a year away.

    Raises RuleViolation for grades the wrong way round, a label another class has, or a year that is not open.
    """
    wait_for_turn_at(NAMES_ONCE)
    known = queries.list_class_years(school_class.id)
    for school_year, name in names.items():
        if school_year not in open_years(clock.day_of(now)):
            raise RuleViolation(N_("The next school year can be planned from May on."))
        _name_class_in(school_class, school_year, known.get(school_year), name)
    acts.record(actor, ActKind.CLASS_CHANGED, school_class, now=now)


def _name_class_in(
    school_class: SchoolClass, school_year: int, stored: ClassYear | None, name: ClassName | None
) -> None:
    if name is None:
        if stored is not None:
            db.session.delete(stored)
        return
    if name.lowest_grade > name.highest_grade:
        raise RuleViolation(N_("The highest grade cannot be below the lowest."))
    if queries.is_label_taken(name.label, school_year, but_class_id=school_class.id):
        raise RuleViolation(
            N_("Another class is called %(label)s in %(year)s."),
            label=name.label,
            year=clock.school_year_name(school_year),
        )
    if stored is None:
        stored = ClassYear(class_id=school_class.id, school_year=school_year)
        db.session.add(stored)
    stored.label, stored.lowest_grade, stored.highest_grade = name.label, name.lowest_grade, name.highest_grade
    db.session.flush()


def add_team_member(
    school_class: SchoolClass,
    user: User,
    function: TeamFunction,
    *,
    starts_on: date,
    ends_on: date | None,
    actor: Person,
    now: datetime,
) -> TeamMember:
    """Give somebody a place in a class team between two days.

    Raises RuleViolation for a substitute without a last day, for days that make no sense, for a school year that is
    not open yet (the next one opens in May), and for somebody who has a place in the team in that time already.
    """
    today = clock.day_of(now)
    if function == TeamFunction.SUBSTITUTE and ends_on is None:
        raise RuleViolation(N_("A substitute's time has an end. Choose the last day too."))
    if ends_on is not None and ends_on < max(starts_on, today):
        raise RuleViolation(N_("The last day is over, or before the first. Look at the two days once more."))
    years = open_years(today)
    if not clock.first_day(years[0]) <= starts_on <= clock.last_day(years[-1]):
        raise RuleViolation(N_("Choose a first day in this school year. The next one can be planned from May on."))
    wait_for_turn(school_class)
    for place in queries.list_team(school_class.id, today=today):
        if place.user_id == user.id and _overlap(place, starts_on, ends_on):
            raise RuleViolation(N_("%(name)s is in the team in that time already."), name=user.name)
    member = TeamMember(
        class_id=school_class.id, user_id=user.id, function=function, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(member)
    acts.record(actor, ActKind.TEAM_CHANGED, school_class, now=now, about=user)
    return member


def _overlap(place: TeamMember, starts_on: date, ends_on: date | None) -> bool:
    return (place.ends_on is None or place.ends_on >= starts_on) and (ends_on is None or ends_on >= place.starts_on)


def end_team_member(member: TeamMember, *, actor: Person, now: datetime) -> None:
    """End somebody's place in a class team at once. Raises RuleViolation when it has ended."""
    user = member.user
    end_at_once(member, today=clock.day_of(now))
    acts.record(actor, ActKind.TEAM_CHANGED, member.school_class, now=now, about=user)


def settle_places(places: Sequence[Any], wanted: set[int], *, seen: str, until: date, today: date) -> list[int] | None:
    """Let the places of those who are wanted go on until a day, and end the others at once.

    Returns the wanted who have no place yet, and None when everything is so already. Raises Conflict when others have
    a place by now than those who were `seen` (`stamp_of`), unless they are the wanted ones.
    """
    staying = {place.user_id: place for place in places if place.user_id in wanted}
    if len(staying) == len(wanted) == len(places) and all(place.ends_on == until for place in places):
        return None
    check_in_place([place.user_id for place in places], wanted, seen)
    for place in places:
        stays = staying.get(place.user_id) is place
        if stays:
            place.ends_on = until
        else:
            end_at_once(place, today=today)
    return sorted(wanted - staying.keys())


def choose_representatives(
    school_class: SchoolClass, guardian_ids: Collection[int], *, seen: str, actor: Person, now: datetime
) -> None:
    """Enter the class's parent representatives: those not among them end at once, the others stay until successors.

    They stay until 31 October of the next school year at the latest (domain 3.1). The same choice again changes
    nothing. Raises RuleViolation for none or too many, and Conflict when others are entered by now than were `seen`.
    """
    today = clock.day_of(now)
    if not 1 <= len(set(guardian_ids)) <= MOST_REPRESENTATIVES:
        raise RuleViolation(N_("Choose one to %(most)s guardians."), most=MOST_REPRESENTATIVES)
    wait_for_turn(school_class)
    places, last_day = queries.list_representatives(school_class.id, today=today), until_successors(today)
    entered = settle_places(places, set(guardian_ids), seen=seen, until=last_day, today=today)
    if entered is None:
        return
    for user_id in entered:
        db.session.add(Representative(class_id=school_class.id, user_id=user_id, starts_on=today, ends_on=last_day))
    acts.record(actor, ActKind.REPRESENTATIVES_CHANGED, school_class, now=now)


def make_letters(users: Sequence[User], *, actor: Person, now: datetime) -> int:
    """Make an invitation link for each of these who has neither a password nor an open link; returns how many."""
    wait_for_turn_at("an invitation is open once")  # or the second press would end what the first one has printed
    linked = links.list_open_links([user.id for user in users], now=now)
    waiting = [user for user in users if user.password_hash is None and user.id not in linked]
    for user in waiting:
        sign_in.make_link(user, actor=actor, now=now)
    return len(waiting)


def add_foster_parent(pupil_id: int, user: User, *, actor: Person, now: datetime) -> Guardianship:
    """Tie a foster parent to a child from today; they are told.

    Raises RuleViolation when the two belong together already.
    """
    today = clock.day_of(now)
    pupil = queries.get_pupil(pupil_id)
    if pupil is None:
        raise LookupError(f"no pupil {pupil_id}")
    wait_for_turn(pupil)
    lock_row(user)  # nobody closes the account meanwhile, since it had nothing else here
    if queries.is_tied(user.id, pupil_id, today=today):
        raise RuleViolation(N_("%(name)s belongs to that child already."), name=user.name)
    tie = Guardianship(guardian_id=user.id, pupil_id=pupil_id, kind=GuardianshipKind.FOSTER, starts_on=today)
    db.session.add(tie)
    db.session.flush()  # it knows its child from here on
    acts.record(actor, ActKind.FOSTER_PARENT_TIED, tie.pupil, now=now, about=user)
    return tie


def end_foster_parent(tie: Guardianship, *, actor: Person, now: datetime) -> None:
    """End a foster parent's tie to a child at once, and the letters from before with it; they are told."""
    acts.record(actor, ActKind.FOSTER_PARENT_ENDED, tie.pupil, now=now, about=tie.guardian)
    end_at_once(tie, today=clock.day_of(now))
    sign_in.end_secrets([tie.guardian_id], now=now)
