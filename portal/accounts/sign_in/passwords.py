"""Hashing and checking passwords with argon2id, outside every transaction and only a few at a time."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from portal.text.letters import composed, without_towers

# OWASP's figures for argon2id. Each hash takes 19 MiB, so a rush of sign-ins must queue for memory, not take it.
_hasher = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),))
_queue = BoundedSemaphore(4)


@cache
def _nobody() -> str:
    """A hash no password matches, so that an unknown name costs as much time as a known one."""
    return hash_password("nobody has this password")


def prepared(password: str) -> str:
    """A password as it is hashed, so that the same keys on another keyboard are the same password.

    This is RFC 8265's OpaqueString: any other space is a plain one, and letters are composed (NFC). Case, width and
    look-alikes stay: NFKC would make "x²" and "x2" one password, and whoever typed them meant two.
    """
    return composed("".join(" " if unicodedata.category(c) == "Zs" else c for c in password))


def _spellings(password: str) -> list[str]:
    """How the password may have been hashed: prepared, and before that as some keyboard typed it. One, mostly."""
    return list(dict.fromkeys([prepared(password), password, unicodedata.normalize("NFD", without_towers(password))]))


def hash_password(password: str) -> str:
    """The password's hash; takes some 30 ms of work, so never call it inside a transaction."""
    with _queue:
        return _hasher.hash(prepared(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password matches; as slow for an account without a hash as for one with."""
    with _queue:
        try:
            matches = [_hasher.verify(spelling, password_hash or _nobody()) for spelling in _spellings(password)]
        except UnknownHashError:
            return False
    return any(matches) and password_hash is not None


def renewed_hash(password: str, password_hash: str) -> str | None:
    """A hash to keep instead of one that the right password matches in an older spelling; None for any other."""
    if len(_spellings(password)) == 1:
        return None
    with _queue:
        is_prepared = _hasher.verify(prepared(password), password_hash)
    return None if is_prepared else hash_password(password)
