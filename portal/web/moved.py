"""Addresses that pages had before: whoever kept one is led to where the page is now, form and all (308)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import MapAdapter, Rule

#: The beginning of an address before, and now.
MOVED = {
    "/school/calendar": "/school/days-off",
    "/school/templates": "/school/text-templates",
    "/council/sessions": "/council/meetings",
    "/council/<int:council_id>/sessions": "/council/{council_id}/meetings",
}


def install(app: Flask) -> None:
    """Answer the addresses of before with those of now; what comes after the beginning stays as it was."""
    for before, now in MOVED.items():
        for rest in ("", "/<path:rest>"):
            app.url_map.add(Rule(f"{before}{rest}", endpoint="moved", redirect_to=_to(now)))


def _to(now: str) -> Any:
    def address(adapter: MapAdapter, rest: str = "", **ids: int) -> str:
        query = adapter.encode_query_args(adapter.query_args) if adapter.query_args else ""
        return now.format(**ids).lstrip("/") + (f"/{rest}" if rest else "") + (f"?{query}" if query else "")

    return address
