"""Internal addresses, built once per endpoint and then filled in: building one costs as much as a row of a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import flask
from flask.globals import request_ctx

#: Placeholders that no path of ours contains, so each can be found again in the built address.
_FIRST_MARK = 1_900_000_001
#: So many addresses with words in them, such as a point of the strategy: some 300 bytes each.
ADDRESSES_KEPT = 1024


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page of the portal, like Flask's own; of row ids and words it is memoised."""
    kinds = set(map(type, values.values()))
    if not flask.has_request_context() or not kinds <= {int, str} or any(name[0] == "_" for name in values):
        return flask.url_for(endpoint, **values)
    here = request_ctx._get_current_object()  # type: ignore[attr-defined] # one look for the proxy's, not five
    if endpoint.startswith("."):
        endpoint = f"{here.request.blueprint}{endpoint}"
    if str in kinds:
        return _with_words(here.app, here.request.root_path, endpoint, tuple(values.items()))
    shapes: dict[tuple[str, ...], str] = here.app.extensions.setdefault("portal.urls", {})
    key = (here.request.root_path, endpoint, *values)
    shape = shapes.get(key)
    if shape is None:
        shape = shapes[key] = _shape(endpoint, values)
    return shape.format_map(values) if values else shape


@lru_cache(maxsize=ADDRESSES_KEPT)
def _with_words(app: flask.Flask, root_path: str, endpoint: str, values: tuple[tuple[str, int | str], ...]) -> str:
    named: dict[str, Any] = dict(values)
    return flask.url_for(endpoint, **named)


def address_of(endpoint: str, name: str) -> Callable[[int], str]:
    """What builds the addresses of many rows of a list, looked up once for all of them."""
    before, _, after = url_for(endpoint, **{name: _FIRST_MARK}).partition(str(_FIRST_MARK))
    return lambda row_id: f"{before}{row_id}{after}"


def _shape(endpoint: str, names: Iterable[str]) -> str:
    """The address with a name in braces for each value; one without values is whole."""
    marks: dict[str, Any] = {name: _FIRST_MARK + i for i, name in enumerate(names)}
    shape = flask.url_for(endpoint, **marks)
    if marks:
        shape = shape.replace("{", "{{").replace("}", "}}")
    for name, mark in marks.items():
        shape = shape.replace(str(mark), "{" + name + "}")
    return shape


def safe_path(target: str | None) -> str:
    """A local path to go on to, or the home page: never an address of another site, however it is spelled."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if any(c == "\\" or unicodedata.category(c) == "Cc" for c in target):  # browsers drop some and turn others into "/"
        return "/"
    return target
