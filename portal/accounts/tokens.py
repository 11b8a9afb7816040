"""The secrets that open something: session tokens and the tokens in sign-in links. No database, no Flask."""

from __future__ import annotations

import secrets
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

_BYTES = 32
_LINK_SALT = "sign-in-link"


def new_token() -> str:
    """A fresh secret of 256 bits."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What the database keeps of a secret."""
    return sha256(token.encode()).hexdigest()


def link_token(link_id: int, nonce: str, secret_key: str) -> str:
    """The secret part of a sign-in link; it can be made again while the link is unused, so letters can be reprinted."""
    return URLSafeSerializer(secret_key, salt=_LINK_SALT).dumps([link_id, nonce])


def read_link_token(token: str, secret_key: str) -> tuple[int, str] | None:
    """The link's id and nonce, or None when the token is not one of ours."""
    try:
        link_id, nonce = URLSafeSerializer(secret_key, salt=_LINK_SALT).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return link_id, nonce
