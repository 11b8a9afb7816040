"""A text that a page carries and only the portal can read: encrypted, then signed (docs/decisions.md).

The page may lie open on a computer that others use, so a signature alone would not do: what it signs can be read.
"""

from __future__ import annotations

import binascii
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256, shake_256

from itsdangerous import BadSignature, Signer

_NONCE_BYTES = 24
_SALT = "sealed text"


def seal(text: str, secret_key: str) -> str:
    """The text as letters, digits, "-", "_" and "." that say nothing of it; the same text twice looks different."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    mixed = _mixed(text.encode(), nonce, secret_key)
    return _signer(secret_key).sign(urlsafe_b64encode(nonce + mixed)).decode()


def unseal(sealed: str, secret_key: str) -> str | None:
    """The text that was sealed, or None for anything that was not sealed with this key."""
    try:
        whole = urlsafe_b64decode(_signer(secret_key).unsign(sealed))
    except (BadSignature, binascii.Error, UnicodeEncodeError):
        return None
    return _mixed(whole[_NONCE_BYTES:], whole[:_NONCE_BYTES], secret_key).decode()


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt=_SALT, digest_method=sha256)


def _mixed(data: bytes, nonce: bytes, secret_key: str) -> bytes:
    """The bytes mixed with a stream that only the key and this nonce give; mixed twice they are themselves again."""
    key = hmac.digest(secret_key.encode(), _SALT.encode(), "sha256")
    stream = shake_256(key + nonce).digest(len(data))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(data), "big")
