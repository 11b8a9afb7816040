"""Hashing and checking passwords with argon2id, outside every transaction and only a few at a time."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from portal.errors import N_, RuleViolation

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5

# OWASP's figures for argon2id. Each hash takes 19 MiB, so a rush of sign-ins must queue for memory, not take it.
_hasher = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),))
_queue = BoundedSemaphore(4)


@cache
def _nobody() -> str:
    """A hash no password matches, so that an unknown name costs as much time as a known one."""
    return hash_password("nobody has this password")


def hash_password(password: str) -> str:
    """The password's hash; takes some 30 ms of work, so never call it inside a transaction."""
    with _queue:
        return _hasher.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password matches; as slow for an account without a hash as for one with."""
    with _queue:
        try:
            matches = _hasher.verify(password, password_hash or _nobody())
        except UnknownHashError:
            return False
    return matches and password_hash is not None


def check_strength(password: str, *, user_name: str) -> None:
    """Refuse a password that is easy to guess; length counts, signs and digits are nobody's duty (NIST 800-63B).

    Raises RuleViolation.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleViolation(
            N_("A password has %(shortest)s to %(longest)s characters. Three or four words are easy to remember."),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if len(set(password)) < FEWEST_DIFFERENT or user_name in password.lower():
        raise RuleViolation(
            N_("That password is too easy to guess. Try three or four words that do not belong together.")
        )
