"""The secret that only a mailbox learns: a signed link that says which address is whose. No Flask, no database."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

LASTS = timedelta(days=14)


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="address-proof")


def proof_token(user_id: int, email: str, secret_key: str) -> str:
    """What a mail to the address says, and nothing else does."""
    token: str | bytes = _serializer(secret_key).dumps([user_id, email])
    return token if isinstance(token, str) else token.decode()


def read_token(token: str, secret_key: str) -> tuple[int, str] | None:
    """Whose address it proves, or None: too old, or not ours."""
    try:
        user_id, email = _serializer(secret_key).loads(token, max_age=int(LASTS.total_seconds()))
    except BadSignature:
        return None
    return user_id, email
