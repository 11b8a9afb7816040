"""What is believed of a request: not too much text nor too many fields, no sign that no database keeps, no host."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any
from urllib.parse import urlsplit

import flask
from flask import Flask, Response, abort, current_app
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from portal.settings import Settings

#: Several times the largest form there is. Each field costs as it is read, however short.
MOST_FIELDS = 2_000
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Fields(FormDataParser):
    """Reads forms of a bearable number of fields: Werkzeug counts those of forms with files only."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """Read a form; too many fields are answered with 413 before they cost."""
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class Request(flask.Request):
    """A request whose text is limited in every form: Werkzeug limits the text of forms with files only."""

    form_data_parser_class = Fields

    @property
    def max_content_length(self) -> int | None:
        """The most bytes that are read of the body; more is answered with 413."""
        is_upload = self.mimetype == "multipart/form-data"
        return super().max_content_length if is_upload else self.max_form_memory_size

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def install(app: Flask) -> None:
    """Let the application read requests this way."""
    app.request_class = Request
    app.before_request(_refuse_foreign)
    app.before_request(_refuse_nul)
    app.after_request(_stay_here)


def _refuse_foreign() -> None:
    """Answer 403 to a form that the browser says comes from another site, beside the token that it would lack.

    What says nothing of where it comes from is left to the token: old browsers, and programs such as mail's.
    """
    request = flask.request
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    settings: Settings = current_app.extensions["portal.settings"]
    page = urlsplit(request.headers.get("Origin", "")).netloc
    if page and page not in {request.host, urlsplit(settings.base_url).netloc}:
        abort(403)


def _refuse_nul() -> None:
    """Answer 400 to a NUL anywhere: nobody types one, SQLite keeps it and PostgreSQL breaks on it."""
    request = flask.request
    if request.method in SAFE_METHODS:  # nothing reads a body there
        if any("\0" in text for text in (request.path, *_flat(request.args))):
            abort(400)
        return
    if request.is_json:  # no page sends any, and forms would read it as one
        abort(400)
    names = (file.filename or "" for file in request.files.values())
    if any("\0" in text for text in (request.path, *_flat(request.args), *_flat(request.form), *names)):
        abort(400)


def _stay_here(response: Response) -> Response:
    """Make every redirect a path, since those of the router name the Host header, which anybody can forge."""
    if response.location:
        response.location = urlsplit(response.location)._replace(scheme="", netloc="").geturl()
    return response


def _flat(sent: MultiDict[str, str]) -> Iterator[str]:
    return (text for name, value in sent.items(multi=True) for text in (name, value))
