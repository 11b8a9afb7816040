"""Beginning an initiative, changing it while it lasts, and saying how it went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.initiatives import queries
from portal.initiatives.models import Initiative, InitiativeClause, Whose, can_be_corrected, is_fresh
from portal.name_guard.guard import knows_names, names_of_children, protected_names_of_school
from portal.notifications.services import recall
from portal.people import BY_ITSELF, Person
from portal.school.queries import has_children
from portal.text import clock

#: What one class, one council or the school has under way at once, so that each is done in earnest.
MOST_AT_ONCE = 5
MOST_POINTS = 5
#: What people were told of one.
TOLD = (
    ActKind.INITIATIVE_STARTED,
    ActKind.INITIATIVE_WITH_AKT,
    ActKind.INITIATIVE_CLOSED,
    ActKind.INITIATIVE_NAMES_PROTECTED,
)
#: When the homes are told on the first day of what was planned before it.
TELLS_AT = time(8)


@dataclass(frozen=True, slots=True)
class InitiativePlan:
    """What is done, from when to when, about which points of the strategy, and whether AKT helps."""

    title: str
    details: str
    starts_on: date
    ends_on: date
    keys: frozenset[str] = frozenset()
    with_akt: bool = False


def start_initiative(whose: Whose, plan: InitiativePlan, *, actor: Person, now: datetime) -> Initiative:
    """Begin something for a class, a council or the school. A class's homes are told when it begins, AKT at once.

    A protected name from somebody who does not know it is saved like any word, and those who know it are told.
    Raises RuleViolation for days that do not lie in this school year or are over, a class without children, more than
    five at once, one that is under way by the same name, a point that is not in the strategy, and a child's name.
    """
    _check_names(plan, "", actor, now)
    _wait_for_turn(whose)
    today = clock.day_of(now)
    if whose.class_id is not None and not has_children(whose.class_id, today=today):
        raise RuleViolation(N_("No child is in the class any more. Begin it in a class of this year."))
    _check_days(plan, clock.school_year(today))
    if plan.ends_on < today:
        raise RuleViolation(N_("Its last day is over already. Choose today or a day to come."))
    _check_is_room(whose, plan.title)
    _check_points(plan.keys)
    initiative = Initiative(
        class_id=whose.class_id,
        council_id=whose.council_id,
        title=plan.title,
        details=plan.details,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        with_akt=plan.with_akt and whose.class_id is not None,
        started_at=now,
        started_by_id=actor.id,
        closed_on=None,
        closed_at=None,
        closed_by_id=None,
        outcome="",
    )
    db.session.add(initiative)
    db.session.flush()
    _point_at(initiative, plan.keys)
    _tell_of_beginning(initiative, actor, now)
    if initiative.with_akt:
        acts.record(actor, ActKind.INITIATIVE_WITH_AKT, initiative, now=now)
    _tell_of_names(initiative, "", actor, now)
    return initiative


def edit_initiative(
    initiative: Initiative, plan: InitiativePlan, *, version: int, actor: Person, now: datetime
) -> None:
    """Change what is done, its days, its points or whether AKT helps; nobody is told, but AKT that is new in it.

    Of one that has not begun the homes are told on the first day that holds then. Points that have gone from the
    strategy since stay with it. Raises Conflict when a colleague has saved it since `version`; RuleViolation once it is
    closed, for a first day to come once it has begun, and for days, points and names as when it is begun.
    """
    _check_names(plan, f"{initiative.title}\n{initiative.details}", actor, now)
    whose, stood, today = _whose(initiative), initiative.text, clock.day_of(now)
    _wait_for_turn(whose)
    _take(initiative)
    check_unchanged(initiative.version, version)
    if initiative.is_closed:
        raise RuleViolation(N_("It is closed, so only how it went can be put right."))
    _check_days(plan, initiative.school_year)
    if plan.starts_on > today and not is_fresh(initiative, today):
        raise RuleViolation(N_("It has begun already, so its first day cannot lie ahead. Look at the two days."))
    if plan.title.casefold() != initiative.title.casefold():
        _check_is_named_alone(plan.title, queries.list_running_titles(whose, but_id=initiative.id))
    kept = {row.clause_key for row in queries.list_kept_points(initiative.id)}
    _check_points(plan.keys - kept, kept=len(kept))
    is_with_akt = plan.with_akt and initiative.class_id is not None
    is_told_anew = plan.starts_on != initiative.starts_on and max(plan.starts_on, initiative.starts_on) > today
    if is_with_akt != initiative.with_akt:
        recall([ActKind.INITIATIVE_WITH_AKT], initiative.id)
        if is_with_akt:
            acts.record(actor, ActKind.INITIATIVE_WITH_AKT, initiative, now=now)
    initiative.title, initiative.details = plan.title, plan.details
    initiative.starts_on, initiative.ends_on = plan.starts_on, plan.ends_on
    initiative.with_akt, initiative.version = is_with_akt, version + 1
    db.session.execute(delete(InitiativeClause).where(InitiativeClause.initiative_id == initiative.id))
    _point_at(initiative, plan.keys | kept)
    acts.note(actor, ActKind.INITIATIVE_CHANGED, initiative, now=now)
    if is_told_anew:
        recall([ActKind.INITIATIVE_STARTED], initiative.id)
        _tell_of_beginning(initiative, actor, now)
    _tell_of_names(initiative, stood, actor, now)


def close_initiative(
    initiative: Initiative, outcome: str, closed_on: date, *, version: int, actor: Person, now: datetime
) -> None:
    """Close it: the last day on which it was done, and how it went. A class's homes are told that.

    What they were told of its beginning leaves their lists when they are told, not before: it may be opened again.
    Raises Conflict when a colleague has closed it, taken it back or written since `version`; RuleViolation for a day
    before it began, one to come or one after its school year, before it has begun, and for a child's name.
    """
    _check_text(outcome, initiative.outcome, actor, now)
    _take(initiative)
    if initiative.is_closed:
        raise Conflict(N_("A colleague has closed it already. Look at how it went as it stands now."))
    check_unchanged(initiative.version, version)
    stood, today = initiative.text, clock.day_of(now)
    if initiative.starts_on > today:
        raise RuleViolation(N_("It has not begun. Take it back, or change its days."))
    if closed_on > today:
        raise RuleViolation(N_("That day has not come yet. Close it when it is over, or choose an earlier day."))
    if closed_on < initiative.starts_on:
        raise RuleViolation(N_("That day is before it began. Look at the day."))
    if closed_on > clock.last_day(initiative.school_year):
        raise RuleViolation(N_("Choose a last day in the school year in which it began."))
    initiative.closed_on, initiative.closed_at, initiative.closed_by_id = closed_on, now, actor.id
    initiative.outcome, initiative.version = outcome, initiative.version + 1
    acts.record(actor, ActKind.INITIATIVE_CLOSED, initiative, now=now)
    _tell_of_names(initiative, stood, actor, now)


def correct_outcome(initiative: Initiative, outcome: str, *, version: int, actor: Person, now: datetime) -> None:
    """Put right how it went, in the school year in which it began or on the day it was closed; nobody is told.

    Raises Conflict when a colleague has written since `version`; RuleViolation while it is open, in a later school
    year, and for a child's name.
    """
    _check_text(outcome, initiative.outcome, actor, now)
    _take(initiative)
    check_unchanged(initiative.version, version)
    if not initiative.is_closed:
        raise RuleViolation(N_("It is not closed. Close it, and say how it went."))
    if not can_be_corrected(initiative, clock.day_of(now)):
        raise RuleViolation(N_("That school year is over, so what is written stays."))
    stood = initiative.text
    initiative.outcome, initiative.version = outcome, version + 1
    acts.note(actor, ActKind.INITIATIVE_CHANGED, initiative, now=now)
    _tell_of_names(initiative, stood, actor, now)


def reopen_initiative(initiative: Initiative, *, version: int, actor: Person, now: datetime) -> None:
    """Open one again that was closed by mistake, on the very day; what the homes were told of its end is taken back.

    What stood about how it went is kept, to go on from. Who was told of its end, or of nothing yet, is told that it is
    under way. Raises Conflict when it is open by now or a colleague has
    written since `version`; RuleViolation on a later day, and when five or one of that name are under way meanwhile.
    """
    whose = _whose(initiative)
    _wait_for_turn(whose)
    _take(initiative)
    if initiative.closed_at is None:
        raise Conflict(N_("It is open already."))
    check_unchanged(initiative.version, version)
    if clock.day_of(initiative.closed_at) != clock.day_of(now):
        raise RuleViolation(N_("It can be opened again on the day it was closed, no later. Begin a new one instead."))
    _check_is_room(whose, initiative.title)
    initiative.closed_on, initiative.closed_at, initiative.closed_by_id = None, None, None
    initiative.version += 1
    recall([ActKind.INITIATIVE_CLOSED], initiative.id)
    if not queries.is_told(ActKind.INITIATIVE_STARTED, initiative.id):
        _tell_of_beginning(initiative, actor, now)
    if initiative.with_akt and not queries.is_told(ActKind.INITIATIVE_WITH_AKT, initiative.id):
        acts.record(actor, ActKind.INITIATIVE_WITH_AKT, initiative, now=now)
    acts.note(actor, ActKind.INITIATIVE_REOPENED, initiative, now=now)


def withdraw_initiative(initiative: Initiative, *, version: int, actor: Person, now: datetime) -> None:
    """Take one back as if it had never been: on the day it was written, or before it begins.

    Raises Conflict when a colleague has taken it back, closed it or written since `version`, and RuleViolation later.
    """
    _take(initiative)
    if initiative.is_closed:
        raise Conflict(N_("A colleague has closed it already. Look at how it went as it stands now."))
    check_unchanged(initiative.version, version)
    if not is_fresh(initiative, clock.day_of(now)):
        raise RuleViolation(
            N_("It can be taken back on the day it was begun, no later. Close it, and say how it went.")
        )
    _remove(initiative)
    acts.note(actor, ActKind.INITIATIVE_WITHDRAWN, initiative, now=now)


def close_left_behind(initiative_id: int, *, now: datetime) -> None:
    """Close one of a class in which no child is any more, without a word about how it went; nobody is told.

    What had not begun is taken back. Anything else stays as it is.
    """
    initiative, today = queries.get_initiative(initiative_id), clock.day_of(now)
    if initiative is None:
        return
    lock_row(initiative)
    if initiative_id not in queries.list_left_behind(today):
        return
    recall(TOLD, initiative.id)
    if initiative.starts_on > today:
        _remove(initiative)
        acts.note(BY_ITSELF, ActKind.INITIATIVE_WITHDRAWN, initiative, now=now)
        return
    initiative.closed_on, initiative.closed_at = min(initiative.ends_on, today), now
    initiative.outcome, initiative.version = "", initiative.version + 1
    acts.note(BY_ITSELF, ActKind.INITIATIVE_LEFT_BEHIND, initiative, now=now)


def _whose(initiative: Initiative) -> Whose:
    return Whose(initiative.class_id, initiative.council_id)


def _wait_for_turn(whose: Whose) -> None:
    """Let those who begin, call or open something again in one place follow each other; before any row is locked."""
    wait_for_turn_at(f"initiatives of {whose}")


def _check_is_room(whose: Whose, title: str) -> None:
    """That fewer than five are under way in a place, and none by this name. The caller has waited for its turn."""
    running = queries.list_running_titles(whose)
    _check_is_named_alone(title, running)
    if len(running) >= MOST_AT_ONCE:
        raise RuleViolation(
            N_("%(most)s are under way already. Close one of them first, and say how it went."), most=MOST_AT_ONCE
        )


def _check_is_named_alone(title: str, running: Collection[str]) -> None:
    if title.casefold() in {each.casefold() for each in running}:
        raise RuleViolation(N_("One of that name is under way already. Change that one, or call this one otherwise."))


def _tell_of_beginning(initiative: Initiative, actor: Person, now: datetime) -> None:
    """Tell the homes now, and of what is planned for later on its first day."""
    lies_ahead = initiative.starts_on > clock.day_of(now)
    tell_at = clock.at_school(initiative.starts_on, TELLS_AT) if lies_ahead else None
    acts.record(actor, ActKind.INITIATIVE_STARTED, initiative, now=now, tell_at=tell_at)


def _tell_of_names(initiative: Initiative, stood: str, actor: Person, now: datetime) -> None:
    """Tell those who know a protected name that it stands here, where whoever wrote it does not know.

    A name that stood there before has been told; of none that is left nothing stays in the lists.
    """
    today = clock.day_of(now)
    found = protected_names_of_school(initiative.text, today=today)
    if not found:
        recall([ActKind.INITIATIVE_NAMES_PROTECTED], initiative.id)
        return
    before = protected_names_of_school(stood, today=today)
    classes = frozenset().union(*(of for words, of in found.items() if words not in before))
    if not all(knows_names(actor, class_id) for class_id in classes):
        acts.record(actor, ActKind.INITIATIVE_NAMES_PROTECTED, initiative, now=now)


def _take(initiative: Initiative) -> None:
    """Lock one until the transaction ends; raises Conflict when it has been taken back."""
    lock_row(initiative)
    if not queries.is_there(initiative.id):
        raise Conflict(N_("A colleague has taken it back, so there is nothing left to change."))


def _remove(initiative: Initiative) -> None:
    recall(TOLD, initiative.id)
    db.session.execute(delete(InitiativeClause).where(InitiativeClause.initiative_id == initiative.id))
    db.session.execute(delete(Initiative).where(Initiative.id == initiative.id))


def _point_at(initiative: Initiative, keys: Collection[str]) -> None:
    db.session.add_all(InitiativeClause(initiative_id=initiative.id, clause_key=key) for key in sorted(keys))


def _check_days(plan: InitiativePlan, school_year: int) -> None:
    if plan.ends_on < plan.starts_on:
        raise RuleViolation(N_("It ends before it begins. Look at the two days."))
    first, last = clock.first_day(school_year), clock.last_day(school_year)
    if plan.starts_on < first or plan.ends_on > last:
        raise RuleViolation(
            N_("Both days have to be in the school year %(year)s. What goes on longer is begun anew in the next one."),
            year=clock.school_year_name(school_year),
        )


def _check_points(keys: Collection[str], *, kept: int = 0) -> None:
    if keys and len(keys) + kept > MOST_POINTS:
        raise RuleViolation(N_("Choose %(most)s points at most, those it is really about."), most=MOST_POINTS)
    if keys and not queries.list_keys_of_today().issuperset(keys):
        raise RuleViolation(N_("A point that you chose is not in the strategy any more. Look at the points again."))


def _check_names(plan: InitiativePlan, besides: str, actor: Person, now: datetime) -> None:
    _check_text(f"{plan.title}\n{plan.details}", besides, actor, now)


def _check_text(text: str, besides: str, actor: Person, now: datetime) -> None:
    """Of all classes, since what is said about one class names a child of another as easily."""
    if names := names_of_children(text, actor, besides=besides, today=clock.day_of(now)):
        raise RuleViolation(
            N_("Write it without children's names: %(names)s. It is about everybody together."), names=", ".join(names)
        )
