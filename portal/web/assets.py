"""Static files under one address that changes with their content, so that browsers may keep them for good."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from wsgiref.types import WSGIApplication

from whitenoise import WhiteNoise

STATIC = Path(__file__).resolve().parents[1] / "static"


@cache
def build() -> str:
    """A short digest of all static files: one for the folder, so that the style sheet's relative addresses hold."""
    digest = sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(STATIC).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file."""
    return f"/static/{build()}/{name}"


def serve_static(application: WSGIApplication) -> WSGIApplication:
    """The application with its static files in front of it."""
    files: WSGIApplication = WhiteNoise(
        application,
        root=STATIC,
        prefix=f"static/{build()}/",
        immutable_file_test=lambda path, url: True,
        charset="utf-8",
    )
    return files
