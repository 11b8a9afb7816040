"""Offering a playdate to a whole class, changing it, taking it back, coming, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row
from portal.database.versions import check_same_day, check_version
from portal.errors import N_, RuleViolation
from portal.name_guard.cover import Cover, written_at
from portal.notifications.services import mark_page_seen, recall
from portal.people import Person
from portal.playdates import queries
from portal.playdates.models import FEWEST_PLACES, Playdate, PlaydateGuest
from portal.school import queries as school
from portal.school.homes import queries as homes
from portal.school.models import GuardianshipKind, SchoolClass
from portal.text import clock

FARTHEST_AHEAD = timedelta(days=21)
KEPT_FOR = timedelta(days=30)
#: What people are told of a playdate; only the newest of these is worth knowing.
TOLD = (ActKind.PLAYDATE_OFFERED, ActKind.PLAYDATE_CAME_ALONG, ActKind.PLAYDATE_CHANGED)


@dataclass(frozen=True, slots=True)
class PlaydatePlan:
    """What somebody typed, in the school's own wall clock; `is_elsewhere` says that it is outside the home."""

    what: str
    day: date
    begins: time
    ends: time
    places: int | None
    is_elsewhere: bool


def is_for_grades(grades: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a class has some children of the grades that playdates are for."""
    return grades[0] <= span[1] and span[0] <= grades[1]


def offer_playdate(
    school_class: SchoolClass, plan: PlaydatePlan, *, span: tuple[int, int], actor: Person, now: datetime
) -> Playdate:
    """Offer a whole class to come and play; nobody is asked for an answer.

    Raises RuleViolation for a class of other grades than `span`, a time that is over, too far ahead or not on the
    clock, room for fewer than five, one offer too many within the hour, and once for somebody under protection who
    has not said that it is elsewhere.
    """
    grades = school.get_grades(school_class.id, today=clock.day_of(now))
    if grades is None or not is_for_grades(grades, span):
        raise RuleViolation(N_("Playdates are for younger classes. Plan something for the whole class instead."))
    starts_at, ends_at = _checked(plan, actor, now)
    check_limit(actor, ActKind.PLAYDATE_OFFERED, now=now)
    playdate = Playdate(
        class_id=school_class.id,
        offered_by_id=actor.id,
        what=plan.what,
        starts_at=starts_at,
        ends_at=ends_at,
        places=plan.places,
        offered_at=now,
        written_at=now,
    )
    db.session.add(playdate)
    acts.record(actor, ActKind.PLAYDATE_OFFERED, playdate, now=now)
    return playdate


def edit_playdate(playdate: Playdate, plan: PlaydatePlan, *, version: int, actor: Person, now: datetime) -> bool:
    """Change an offer; those who come are told when it is another day, hour or place, and nobody else is.

    Returns whether they are.

    Raises Conflict when it was saved since `version`; RuleViolation as when it is offered, for one that has begun or
    was taken back, and for fewer places than children who come.
    """
    _check_open(playdate, now)
    check_version(playdate, version)
    starts_at, ends_at = _checked(plan, actor, now)
    coming = len(queries.list_guest_ids(playdate, clock.day_of(now)))
    if plan.places is not None and plan.places < coming:
        raise RuleViolation(N_("%(coming)s children come already. Make room for them."), coming=coming)
    is_changed = (playdate.what, playdate.starts_at, playdate.ends_at) != (plan.what, starts_at, ends_at)
    is_urgent = acts.is_at_short_notice(playdate.starts_at, starts_at, now=now)
    stood_at = playdate.written_at or playdate.offered_at
    playdate.written_at = written_at("playdates", [playdate.class_id], [playdate.what], stood_at=stood_at, now=now)
    playdate.what, playdate.places = plan.what, plan.places
    playdate.starts_at, playdate.ends_at = starts_at, ends_at
    if is_changed:
        check_limit(actor, ActKind.PLAYDATE_CHANGED, now=now)
        recall([ActKind.PLAYDATE_CHANGED], playdate.id)
        acts.record(actor, ActKind.PLAYDATE_CHANGED, playdate, now=now, is_urgent=is_urgent)
    return is_changed


def withdraw_playdate(playdate: Playdate, *, actor: Person, now: datetime) -> None:
    """Call an offer off: it leaves every list, and those who come are told.

    Raises RuleViolation when it is over or taken back already.
    """
    lock_row(playdate)
    _check_not_over(playdate, now)
    playdate.taken_back_at = now
    recall(TOLD, playdate.id)
    is_urgent = acts.is_at_short_notice(playdate.starts_at, now=now)
    acts.record(actor, ActKind.PLAYDATE_TAKEN_BACK, playdate, now=now, is_urgent=is_urgent)


def come(playdate: Playdate, *, version: int, actor: Person, now: datetime) -> None:
    """Say that the actor's children in the class come: one press, first come, and each child takes one place.

    Raises RuleViolation when there is no room for all of them, when it is over or taken back, and for the home that
    offers it; Conflict when it has been changed since `version`.
    """
    lock_row(playdate)
    _check_not_over(playdate, now)
    check_same_day(playdate.version, version, starts_at=playdate.starts_at)
    if playdate.offered_by_id in homes.list_roof(actor.id, today=clock.day_of(now)):
        raise RuleViolation(N_("It is your own offer. You come anyway."))
    coming = queries.list_guest_ids(playdate, clock.day_of(now)).keys()
    own = _children_of(actor, playdate.class_id)
    left = None if playdate.places is None else max(playdate.places - len(coming), 0)
    if left is not None and len(own - coming) > left:
        if left:
            raise RuleViolation(
                N_("There is not room for all of your children any more. Perhaps you can make an offer yourselves?")
            )
        raise RuleViolation(N_("Every place is taken. Perhaps you can make an offer yourselves?"))
    for pupil_id in sorted(own):
        insert_if_absent(PlaydateGuest, playdate_id=playdate.id, pupil_id=pupil_id, guardian_id=actor.id, said_at=now)
    mark_page_seen(actor.id, TOLD, playdate.id)


def stay_away(playdate: Playdate, *, actor: Person, now: datetime) -> None:
    """Take one's word back, for everybody under one's roof; the places are free again, and nobody is told.

    Raises RuleViolation when it is over or taken back.
    """
    lock_row(playdate)
    _check_not_over(playdate, now)
    roof = homes.list_roof(actor.id, today=clock.day_of(now))
    db.session.execute(
        delete(PlaydateGuest).where(PlaydateGuest.playdate_id == playdate.id, PlaydateGuest.guardian_id.in_(roof))
    )


def forget_playdate(playdate: Playdate, *, now: datetime) -> None:
    """Delete an offer thirty days after it, with all who came and what people were told of it; else leave it."""
    lock_row(playdate)
    if playdate.ends_at >= now - KEPT_FOR:
        return
    recall((*TOLD, ActKind.PLAYDATE_TAKEN_BACK), playdate.id)
    db.session.execute(delete(PlaydateGuest).where(PlaydateGuest.playdate_id == playdate.id))
    db.session.delete(playdate)


def _children_of(person: Person, class_id: int) -> set[int]:
    own = (child for child in person.children_in([class_id]) if child.kind != GuardianshipKind.HELPER)
    return {child.pupil_id for child in own}


def _check_open(playdate: Playdate, now: datetime) -> None:
    _check_not_over(playdate, now)
    if playdate.starts_at <= now:
        raise RuleViolation(N_("It has begun, so nothing more can be changed."))


def _check_not_over(playdate: Playdate, now: datetime) -> None:
    if playdate.is_taken_back:
        raise RuleViolation(N_("The offer has been taken back."))
    if playdate.ends_at <= now:
        raise RuleViolation(N_("It is over."))


def _checked(plan: PlaydatePlan, actor: Person, now: datetime) -> tuple[datetime, datetime]:
    """When it begins and ends, as moments, once everything else about it is right."""
    today = clock.day_of(now)
    if plan.day < today:
        raise RuleViolation(N_("That day is over. Choose a day to come."))
    if plan.day > today + FARTHEST_AHEAD:
        raise RuleViolation(N_("That is more than three weeks away. Offer it when the day is nearer."))
    if plan.ends <= plan.begins:
        raise RuleViolation(N_("It ends before it begins. Look at the two times."))
    starts_at, ends_at = clock.at_school(plan.day, plan.begins), clock.at_school(plan.day, plan.ends)
    if starts_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    if plan.places is not None and plan.places < FEWEST_PLACES:
        raise RuleViolation(N_("Make room for five at least, or for all."))
    if homes.is_protected(actor.id, today=today) and not plan.is_elsewhere:
        raise RuleViolation(N_("Is it a place outside your home? Say so below, and it goes out."))
    return starts_at, ends_at


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in the offers to a class. Nobody is told."""
    for playdate in queries.list_of_class(class_id):
        playdate.what = cover.over(playdate.what, saved_at=playdate.written_at or playdate.offered_at)
