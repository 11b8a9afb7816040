"""Devices that an account has been used on, so that a stranger's wrong tries never lock its owner out there.

A signed cookie, and no row: it opens nothing, so nothing is lost when it is copied, and a year of sign-ins fills no
table. It names accounts by number, no person, and holds until the account's `secrets_version` grows. No Flask, no
database.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

LASTS = timedelta(days=400)  # no browser keeps a cookie for longer
#: A family's tablet and a class's computer are several people's; the one who was there longest ago is forgotten.
MOST_ACCOUNTS = 12

Entry = tuple[int, int, str]


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="known-device")


def _read(cookie: str, secret_key: str) -> list[Entry]:
    try:
        entries = _serializer(secret_key).loads(cookie)
    except BadSignature:
        return []
    return [(user_id, version, device) for user_id, version, device in entries]


def device_of(cookie: str, user_id: int, version: int, secret_key: str) -> str | None:
    """The device's own name for itself, when the account has been used on it; None for any other."""
    known = {(owner, of): device for owner, of, device in _read(cookie, secret_key)}
    return known.get((user_id, version))


def remembering(cookie: str, user_id: int, version: int, secret_key: str) -> str:
    """The cookie of a device that an account has just been used on, with what the cookie already knew."""
    device = device_of(cookie, user_id, version, secret_key) or secrets.token_urlsafe(9)
    others = [entry for entry in _read(cookie, secret_key) if entry[0] != user_id]
    kept: str | bytes = _serializer(secret_key).dumps([*others, (user_id, version, device)][-MOST_ACCOUNTS:])
    return kept if isinstance(kept, str) else kept.decode()
