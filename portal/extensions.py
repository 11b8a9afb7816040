"""The Flask extensions and what else there is once: made here, and bound to the application by `create_app`."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from time import time
from typing import Any, cast

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

login_manager = LoginManager()
csrf = CSRFProtect()

#: So many browsers' cookies are known at a time: some 600 bytes each.
KNOWN_COOKIES = 1024


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, proved and read once: a browser sends the same one with each of its requests."""

    def __init__(self, app: Flask) -> None:
        self.signer = cast(URLSafeTimedSerializer, self.get_signing_serializer(app))  # no application lacks its key
        self.lasts_for = app.permanent_session_lifetime.total_seconds()
        self.read = lru_cache(maxsize=KNOWN_COOKIES)(self._read)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds; nothing where there is none, or one that is not ours or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            held, signed_at = self.read(cookie)
        except BadSignature:  # which is not remembered: anybody can make one up
            return self.session_class()
        if not 0 <= time() - signed_at <= self.lasts_for:
            return self.session_class()
        return self.session_class({name: copy(value) for name, value in held.items()})

    def _read(self, cookie: str) -> tuple[dict[str, Any], float]:
        held, signed_at = self.signer.loads(cookie, return_timestamp=True)
        return held, signed_at.timestamp()
