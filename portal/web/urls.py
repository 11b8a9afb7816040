"""Internal addresses, built once per endpoint and then filled in: building one costs as much as a row of a list."""

from __future__ import annotations

import unicodedata
from typing import Any

import flask
from flask import current_app, request

#: Placeholders that no path of ours contains, so each can be found again in the built address.
_FIRST_MARK = 1_900_000_001


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page of the portal, like Flask's own; addresses with only row ids in them are memoised."""
    if not all(type(value) is int for value in values.values()) or not flask.has_request_context():
        return flask.url_for(endpoint, **values)
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    shapes: dict[tuple[str, ...], str] = current_app.extensions.setdefault("portal.urls", {})
    key = (request.script_root, endpoint, *values)
    shape = shapes.get(key)
    if shape is None:
        marks: dict[str, Any] = {name: _FIRST_MARK + i for i, name in enumerate(values)}
        shape = flask.url_for(endpoint, **marks).replace("{", "{{").replace("}", "}}")
        for name, mark in marks.items():
            shape = shape.replace(str(mark), "{" + name + "}")
        shapes[key] = shape
    return shape.format_map(values)


def safe_path(target: str | None) -> str:
    """A local path to go on to, or the home page: never an address of another site, however it is spelled."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if any(c == "\\" or unicodedata.category(c) == "Cc" for c in target):  # browsers drop some and turn others into "/"
        return "/"
    return target
