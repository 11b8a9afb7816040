"""Idempotent forms: twice is once. Each form carries a key of its own, and `done` keeps it with the change.

A key is bound to its form: sent to another address it is another key, so that no form is answered with what became of
another one. Forms that share an address on one page add a value of their own to it. And it is bound to what was sent:
whoever writes on in a page whose answer was lost, and sends it again, is told that only the first words are saved.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from hashlib import sha256

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.accounts.models import IdempotencyKey
from portal.database import db
from portal.errors import N_, Conflict
from portal.text import clock

_KEY_LENGTH = 32
#: What a page sends beside its content.
_BESIDE = ("csrf_token", "idempotency_key")


class SentOtherwise(Conflict):
    """A form was sent once, and now again with something else in it; `location` is where the first one led."""

    def __init__(self, at: datetime, location: str) -> None:
        super().__init__(
            N_("You sent this page before, %(when)s, and what stood in it then is saved. What you send now is not."),
            when=at,
        )
        self.location = location


def idempotency_key() -> str:
    """The one-time key of the forms on this page."""
    if "idempotency_key" not in g:
        g.idempotency_key = secrets.token_urlsafe(_KEY_LENGTH * 3 // 4)
    return str(g.idempotency_key)


def _sent_key() -> str:
    keys = request.form.getlist("idempotency_key") if request.method == "POST" else []
    return sha256(" ".join([request.path, *keys]).encode()).hexdigest() if keys and keys[0] else ""


def _person_id() -> int:
    return g.person.id if g.get("person") else 0


def _content() -> str:
    """A digest of what was sent: the key in it is as only the page knows it, so nobody finds a password by trying."""
    fields = sorted((name, values) for name, values in request.form.lists() if name not in _BESIDE)
    files = [(name, file.filename, _digest_of(file)) for name, file in request.files.items(multi=True)]
    words = json.dumps([request.form.getlist("idempotency_key"), fields, files])
    return sha256(words.encode()).hexdigest()


def _digest_of(file: FileStorage) -> str:
    file.stream.seek(0)
    digest = sha256(file.stream.read()).hexdigest()  # what is too large was refused at the door
    file.stream.seek(0)
    return digest


def _earlier() -> Response | None:
    """Where this form led before; raises SentOtherwise when something else stood in it."""
    found = db.session.execute(
        select(IdempotencyKey.location, IdempotencyKey.content, IdempotencyKey.at).where(
            IdempotencyKey.key == _sent_key(), IdempotencyKey.person_id == _person_id()
        )
    ).first()
    if found is None:
        return None
    if found.content not in {"", _content()}:
        raise SentOtherwise(found.at, found.location)
    return redirect(found.location, 303)


def already_done() -> Response | None:
    """Where the same form led the first time, if it was sent before; None for a form sent for the first time.

    Raises SentOtherwise, a Conflict, for one that was sent before with other words.
    """
    return _earlier() if _sent_key() else None


def done(location: str, message: str = "") -> ResponseReturnValue:
    """End a form's request: keep its key, commit everything at once, say so, and go on to `location` (303).

    When the same form was sent twice at the same moment, the second one's changes are undone and it answers what the
    first one did; raises SentOtherwise when it holds other words. Raises IntegrityError when two different forms clash;
    that is answered with 409.
    """
    if key := _sent_key():
        sent = IdempotencyKey(key=key, person_id=_person_id(), location=location, content=_content(), at=clock.now())
        db.session.add(sent)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        earlier = already_done()
        if earlier is None:
            raise
        return earlier
    if message:
        flash(message)
    return redirect(location, 303)
