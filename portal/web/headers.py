"""The headers of every response, and its compression: one outermost wrapper, since static files bypass Flask."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # Flask-WTF checks the referrer over TLS, so `no-referrer` would break every form
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
SMALLEST_COMPRESSED = 1024
COMPRESSED_TYPES = ("text/", "application/json", "image/svg+xml")
#: No body at all, or a part of one whose place is counted in the bytes of the whole.
LEFT_AS_IS = {"204", "206", "304"}
Header = tuple[str, str]
_GZIP = re.compile(r"(^|,)\s*gzip\s*($|,|;(?!\s*q=0(\.0*)?\s*(,|$)))", re.IGNORECASE)  # and not refused with q=0


class HeadersAndCompression:
    """Wraps the whole application: security headers on everything, `no-store` on pages, gzip where it pays."""

    def __init__(self, application: WSGIApplication, *, is_secure: bool) -> None:
        self.application = application
        self.fixed = list(SECURITY_HEADERS.items())
        if is_secure:
            self.fixed.append(("Strict-Transport-Security", STRICT_TRANSPORT))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with our headers."""
        answer: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            answer[:] = [status, headers, exc_info]
            return lambda _: None

        body = self.application(environ, remember)  # type: ignore[arg-type] # nobody calls the legacy write()
        status, headers, exc_info = answer
        sent = {name.lower(): value for name, value in headers}
        headers = [*headers, *self.fixed]  # nothing else sets these
        if "cache-control" not in sent:
            headers.append(("Cache-Control", "no-store"))
        if self._may_be_compressed(environ, status, sent):
            headers.append(("Vary", "Accept-Encoding"))
            if self._pays(environ, sent):
                body, headers = self._compressed(body, headers)
        start_response(status, headers, exc_info)
        return body

    @staticmethod
    def _may_be_compressed(environ: WSGIEnvironment, status: str, sent: dict[str, str]) -> bool:
        if environ["REQUEST_METHOD"] == "HEAD" or status[:3] in LEFT_AS_IS or "content-encoding" in sent:
            return False
        return sent.get("content-type", "").startswith(COMPRESSED_TYPES)

    @staticmethod
    def _pays(environ: WSGIEnvironment, sent: dict[str, str]) -> bool:
        length = int(sent.get("content-length", SMALLEST_COMPRESSED))
        return length >= SMALLEST_COMPRESSED and bool(_GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")))

    @staticmethod
    def _compressed(body: Iterable[bytes], headers: Sequence[Header]) -> tuple[list[bytes], list[Header]]:
        try:
            compressed = gzip.compress(b"".join(body), compresslevel=1, mtime=0)
        finally:
            if hasattr(body, "close"):
                body.close()
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        return [compressed], [*kept, ("Content-Encoding", "gzip"), ("Content-Length", str(len(compressed)))]
