"""The Flask extensions, made once and bound to the application by `create_app`."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

login_manager = LoginManager()
csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with what signs it made once and not twice per request."""

    def __init__(self, app: Flask) -> None:
        self.serializer_of_app = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        return self.serializer_of_app
