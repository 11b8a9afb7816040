"""Closing a guardian's access to a child, making it last longer, and lifting it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime

from portal.accounts.sign_in.services import end_secrets, end_sessions
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.errors import N_, RuleViolation
from portal.notifications.services import recall
from portal.people import BY_ITSELF, Person
from portal.school.access import queries
from portal.school.access.models import AccessClosure, ChildAccess
from portal.school.services import wait_for_turn
from portal.text import clock

MOST_MONTHS = 6


def last_day_possible(today: date) -> date:
    """Six months on: the same day of the month, or its last."""
    year, month = divmod(today.year * 12 + today.month - 1 + MOST_MONTHS, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def close_access(access: ChildAccess, *, until: date, reason: str, actor: Person, now: datetime) -> AccessClosure:
    """Close a guardian's access to a child at once, or make it last longer when it is closed already.

    From the next request on it is as if the child had left: for them, for the helpers they have invited, and for mail
    that waits. Both are signed out. It ends by itself after `until`, six months from today at the latest; an import
    changes nothing about it. Raises RuleViolation for another day, and for one that makes an open closure no longer.
    """
    today = clock.day_of(now)
    if not today <= until <= last_day_possible(today):
        raise RuleViolation(N_("Choose a day from today on and within six months. It can be made longer then."))
    guardian_id, pupil_id = access.guardian.id, access.pupil.id
    wait_for_turn(access.pupil)
    in_force = queries.list_in_force(guardian_id, pupil_id, today=today)
    before = max((closure.ends_on for closure in in_force), default=None)
    if before is not None and until <= before:
        raise RuleViolation(N_("The access is closed until that day already, or longer. Choose a later one."))
    closure = AccessClosure(
        guardian_id=guardian_id,
        pupil_id=pupil_id,
        starts_on=today,
        ends_on=until,
        reason=reason,
        closed_by_id=actor.id,
        closed_at=now,
    )
    db.session.add(closure)
    _take_reminders_back(in_force)
    kind = ActKind.ACCESS_CLOSED if before is None else ActKind.ACCESS_CLOSED_LONGER
    acts.note(actor, kind, closure, now=now, about=access.guardian)
    out = {guardian_id} | queries.list_helper_ids(guardian_id, pupil_id, today=today)
    for user_id in out:
        end_sessions(user_id, now=now)
    end_secrets(out, now=now)
    return closure


def lift_closure(access: ChildAccess, *, actor: Person, now: datetime) -> None:
    """Open the access again at once. Raises RuleViolation when it is not closed."""
    today = clock.day_of(now)
    wait_for_turn(access.pupil)
    in_force = queries.list_in_force(access.guardian.id, access.pupil.id, today=today)
    if not in_force:
        raise RuleViolation(N_("The access is open already."))
    for closure in in_force:
        closure.lifted_at = now
    _take_reminders_back(in_force)
    latest = max(in_force, key=lambda closure: closure.id)
    acts.note(actor, ActKind.ACCESS_OPENED, latest, now=now, about=access.guardian)


def remind_of_end(closure_id: int, *, now: datetime) -> None:
    """Let the leadership know that a closed access ends soon, once; else do nothing.

    Looks again under lock: it may have been lifted or made longer, or another worker reminded of it.
    """
    closed = queries.get_closed(closure_id)
    if closed is None:
        return
    wait_for_turn(closed.pupil)
    if closure_id in queries.list_to_remind(today=clock.day_of(now)):
        acts.record(BY_ITSELF, ActKind.ACCESS_ENDS_SOON, closed, now=now)


def _take_reminders_back(closures: Sequence[AccessClosure]) -> None:
    for closure in closures:
        recall([ActKind.ACCESS_ENDS_SOON], closure.id)
