"""Rate limiting of sign-in, per account; a device it was used on counts apart (docs/decisions.md)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.accounts.models import SignInThrottle
from portal.accounts.sign_in import tokens
from portal.database import db
from portal.database.transactions import insert_if_absent
from portal.errors import N_, RuleViolation

log = logging.getLogger(__name__)

#: Five tries are free; then the wait doubles from half a minute to a quarter of an hour (about 100 guesses a day).
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)
#: A whole school shares one address: wrong passwords are counted there by the hour, and the log says so. Nobody is
#: locked out for it, since the next to type a right password may be anybody at the school.
FAILURES_TO_TELL_OF = 200
ADDRESS_WINDOW = timedelta(hours=1)


class TooManyTries(RuleViolation):
    """Whoever tries this account must wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            N_("There have been many attempts. Wait %(minutes)s min. and try again, or ask the office for help."),
            minutes=max(1, -(-seconds // 60)),
        )
        self.seconds = seconds


def account_tries(user_id: int | None, login: str, device: str | None = None) -> str:
    """Whose tries are counted together: an account's, by user name or address alike, or one device's of an account.

    A device that the account has been used on counts by itself, so what others try elsewhere does not count there. A
    name that nobody has counts like one that somebody has.
    """
    who = f"name:{login.strip().lower()}" if user_id is None else f"user:{user_id}"
    return tokens.digest(f"{who}:{device}" if device else who)


def begin_try(tries: str, *, now: datetime) -> None:
    """Count a try before the password is looked at, so that many at once are no way round the limit.

    Raises TooManyTries; unknown names are counted like known ones.
    """
    counted = _locked(tries, now)
    if counted.blocked_until and counted.blocked_until > now:
        raise TooManyTries(int((counted.blocked_until - now).total_seconds()) + 1)
    if counted.counted_from < now - FORGET_AFTER:
        counted.failures = 0
    counted.counted_from = now
    counted.failures += 1
    over = counted.failures - FREE_TRIES
    if over >= 0:
        counted.blocked_until = now + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)


def fail_try(address: str, *, now: datetime) -> None:
    """Count a wrong password where it came from, and say so in the log when there are very many."""
    if count_failure(f"address:{address}", now=now) == FAILURES_TO_TELL_OF:
        log.warning("%d wrong passwords within an hour from %s", FAILURES_TO_TELL_OF, address)


def count_failure(place: str, *, now: datetime, within: timedelta = ADDRESS_WINDOW) -> int:
    """Count one more failure of a place, and say how many there have been since the first of this time."""
    counted = _locked(tokens.digest(place), now)
    if counted.counted_from < now - within:
        counted.failures, counted.counted_from = 0, now
    counted.failures += 1
    return counted.failures


def count_failures(place: str, *, now: datetime, within: timedelta = ADDRESS_WINDOW) -> int:
    """How many failures of a place have been counted since the first of this time; it waits for nobody."""
    failures = db.session.scalar(
        select(SignInThrottle.failures).where(
            SignInThrottle.subject == tokens.digest(place), SignInThrottle.counted_from >= now - within
        )
    )
    return failures or 0


def is_first_failure(tries: str, *, now: datetime) -> bool:
    """Count a wrong password for an account, and say whether it is the first within an hour.

    So that many guesses are one line of the record an hour, and not many.
    """
    return count_failure(f"failures:{tries}", now=now) == 1


def forgive_tries(tries: str) -> None:
    """Forget the tries before a right password."""
    db.session.execute(
        update(SignInThrottle).where(SignInThrottle.subject == tries).values(failures=0, blocked_until=None)
    )


def _locked(subject: str, now: datetime) -> SignInThrottle:
    """Get or create, and lock, the row that counts a subject; others who try it at this moment wait."""
    insert_if_absent(SignInThrottle, subject=subject, failures=0, counted_from=now)
    return db.session.scalars(
        select(SignInThrottle)
        .where(SignInThrottle.subject == subject)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
