"""Idempotent forms: twice is once. Each form carries a key of its own, and `done` keeps it with the change.

A key is bound to its form: sent to another address it is another key, so that no form is answered with what became of
another one.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.accounts.models import IdempotencyKey
from portal.database import db
from portal.text import clock

_KEY_LENGTH = 32


def idempotency_key(one: str = "") -> str:
    """The one-time key of the forms on this page; `one` tells those apart that share an address."""
    if "idempotency_key" not in g:
        g.idempotency_key = secrets.token_urlsafe(_KEY_LENGTH * 3 // 4)
    return f"{g.idempotency_key}{one}"


def _sent_key() -> str:
    key = request.form.get("idempotency_key", "") if request.method == "POST" else ""
    return sha256(f"{request.path} {key}".encode()).hexdigest() if key else ""


def _person_id() -> int:
    return g.person.id if g.get("person") else 0


def _earlier_location() -> str | None:
    return db.session.scalar(
        select(IdempotencyKey.location).where(
            IdempotencyKey.key == _sent_key(), IdempotencyKey.person_id == _person_id()
        )
    )


def already_done() -> Response | None:
    """Where the same form led the first time, if it was sent before; None for a form sent for the first time."""
    location = _earlier_location() if _sent_key() else None
    return redirect(location, 303) if location else None


def done(location: str, message: str = "") -> ResponseReturnValue:
    """End a form's request: keep its key, commit everything at once, say so, and go on to `location` (303).

    When the same form was sent twice at the same moment, the second one's changes are undone and it answers what the
    first one did. Raises IntegrityError when two different forms clash; that is answered with 409.
    """
    if key := _sent_key():
        db.session.add(IdempotencyKey(key=key, person_id=_person_id(), location=location, at=clock.now()))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        earlier = _earlier_location() if _sent_key() else None
        if earlier is None:
            raise
        return redirect(earlier, 303)
    if message:
        flash(message)
    return redirect(location, 303)
