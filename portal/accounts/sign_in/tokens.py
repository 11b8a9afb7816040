"""The secrets that open something: session tokens and the tokens in sign-in links. No database, no Flask."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_BYTES = 32
#: No vowels and nothing that looks like something else on paper: people type these from a letter.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_GROUPS, _GROUP = 4, 4


def new_token() -> str:
    """A fresh secret of 256 bits."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What the database keeps of a secret."""
    return sha256(token.encode()).hexdigest()


def link_token(link_id: int, nonce: str, secret_key: str) -> str:
    """The secret part of a sign-in link, short enough to be typed from paper: "42-k7mt-2pxq-9dhb-vr4w", 76 bits.

    It is derived and not stored, so a stolen database opens nothing, and a letter can be printed again while its link
    is unused.
    """
    secret = hmac.digest(secret_key.encode(), f"sign-in-link {link_id} {nonce}".encode(), "sha256")
    number = int.from_bytes(secret, "big")
    letters = []
    for _ in range(_GROUPS * _GROUP):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    groups = ("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))
    return "-".join([str(link_id), *groups])


def link_id_of(token: str) -> int | None:
    """The id of the link a token says it opens; whether it does is for `is_link_token` to say."""
    number = token.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def is_link_token(token: str, link_id: int, nonce: str, secret_key: str) -> bool:
    """Whether the token, in whatever case it was typed, is the link's."""
    return hmac.compare_digest(token.lower().encode(), link_token(link_id, nonce, secret_key).encode())
