"""Somebody at a browser, over real connections: cookies, the page's CSRF token, a form's one-time key."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

#: What a request meets when the server is killed beneath it.
GONE = (OSError, HTTPException)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form about to be sent. The same one can be sent again: its key stays."""

    path: str
    fields: dict[str, str]
    key: str

    @property
    def kept_key(self) -> str:
        """The key as it is kept: bound to the address of its form."""
        return sha256(f"{urlsplit(self.path).path} {self.key}".encode()).hexdigest()

    @classmethod
    def of(cls, path: str, **fields: str | int) -> Form:
        return cls(path, {name: str(value) for name, value in fields.items()}, secrets.token_urlsafe(24))


def published(event_path: str) -> Form:
    """The press that sends an event which has been prepared."""
    return Form.of(event_path.replace("/events/", "/events/sending/") + "/publish", version=1)


class Visitor:
    """One browser; it signs in as somebody of the demo school."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def sign_in(self, persona: str) -> Visitor:
        self._learn_token("/accounts/sign-in")
        answer = self.send(Form.of(f"/demo/sign-in/{persona}"))
        assert answer.status == 303, answer
        self._learn_token("/accounts/me")
        return self

    def another(self) -> Visitor:
        """A second window of the same browser."""
        twin = Visitor(self.port)
        twin.cookies, twin.token = dict(self.cookies), self.token
        return twin

    def _learn_token(self, path: str) -> None:
        found = TOKEN.search(self.get(path).text)
        assert found, f"{path} has no form"
        self.token = found[1]

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def send(self, form: Form) -> Answer:
        fields = {"csrf_token": self.token, "idempotency_key": form.key, **form.fields}
        return self._ask("POST", form.path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        return Answer(response.status, response.headers.get("Location", ""), text)
