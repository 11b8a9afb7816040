"""Lists that go on: no list ends silently, so whatever was saved can be found on one of its pages."""

from __future__ import annotations

from flask import request

_LARGEST = 2**31 - 1


def row_in_address(name: str) -> int | None:
    """The row after which a page of a list begins, from the address; None on its first page, and for what is no row."""
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST)) else 0
    return number if 0 < number <= _LARGEST else None
