"""Rate limiting of sign-in: per account name and, much later, per address (docs/decisions.md)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.accounts.models import SignInThrottle
from portal.accounts.sign_in import tokens
from portal.database import db
from portal.database.transactions import insert_if_absent
from portal.errors import N_, RuleViolation

#: Five tries are free; then the wait doubles from half a minute to a quarter of an hour (about 100 guesses a day).
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)
#: A whole school shares one address: only wrong passwords count there, by the hour, and the wait stays short.
FREE_FAILURES_OF_AN_ADDRESS = 200
ADDRESS_WINDOW = timedelta(hours=1)


class TooManyTries(RuleViolation):
    """The account name or the address must wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            N_("There have been many attempts. Wait %(minutes)s min. and try again, or ask the office for help."),
            minutes=max(1, -(-seconds // 60)),
        )
        self.seconds = seconds


def _subject(kind: str, value: str) -> str:
    return tokens.digest(f"{kind}:{value.strip().lower()}")


def begin_try(login: str, address: str, *, now: datetime) -> None:
    """Count a try of a name before the password is looked at, so that many at once are no way round the limit.

    Raises TooManyTries; unknown names are counted like known ones.
    """
    place = db.session.get(SignInThrottle, _subject("address", address))
    if place is not None:
        _check_wait(place, now)
    name = _locked(_subject("name", login), now)
    _check_wait(name, now)
    if name.counted_from < now - FORGET_AFTER:
        name.failures = 0
    name.counted_from = now
    _count(name, FREE_TRIES, now)


def fail_try(address: str, *, now: datetime) -> None:
    """Count a wrong password against the address it came from; right ones never are."""
    place = _locked(_subject("address", address), now)
    if place.counted_from < now - ADDRESS_WINDOW:
        place.failures, place.counted_from = 0, now
    _count(place, FREE_FAILURES_OF_AN_ADDRESS, now, longest=FIRST_WAIT)


def forgive_tries(login: str) -> None:
    """Forget the tries of a name that has just signed in."""
    db.session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.subject == _subject("name", login))
        .values(failures=0, blocked_until=None)
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


def _check_wait(throttle: SignInThrottle, now: datetime) -> None:
    if throttle.blocked_until and throttle.blocked_until > now:
        raise TooManyTries(int((throttle.blocked_until - now).total_seconds()) + 1)


def _count(throttle: SignInThrottle, free: int, now: datetime, *, longest: timedelta = LONGEST_WAIT) -> None:
    throttle.failures += 1
    over = throttle.failures - free
    if over >= 0:
        throttle.blocked_until = now + min(FIRST_WAIT * 2 ** min(over, 10), longest)
