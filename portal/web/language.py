"""The language of a request: Danish unless the user or the browser says otherwise, looked up once per request.

The catalogues are compiled from the `.po` files in memory when the application starts; English is in the code.
"""

from __future__ import annotations

import gettext as stdlib_gettext
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, has_request_context, request, session
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"da": "Dansk", "en": "English"}
DEFAULT = "da"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"


@cache
def catalogue_of(language: str) -> stdlib_gettext.NullTranslations:
    """The catalogue of one language; English, the language of the code, has an empty one."""
    source = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return stdlib_gettext.NullTranslations()
    with source.open("rb") as file:
        messages = read_po(file)  # a locale would load all that Babel knows of it, and its plural is the usual one
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


#: The language of what is written outside any request, such as a mail.
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Write in somebody's language outside any request; Danish for those who have not chosen one."""
    before = _spoken.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _spoken.reset(before)


def current_language() -> str:
    """The language this request is answered in."""
    if not has_request_context():
        return _spoken.get()
    language: str | None = g.get("language")
    if language is None:
        language = g.language = _chosen_language()
    return language


def _chosen_language() -> str:
    chosen = getattr(g.get("person"), "language", None) or session.get("language")
    return chosen if chosen in LANGUAGES else _preferred(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _preferred(accepted: str) -> str:
    """The language a browser would rather have; most ask with the same few words."""
    return parse_accept_header(accepted, LanguageAccept).best_match(list(LANGUAGES)) or DEFAULT


def catalogue() -> stdlib_gettext.NullTranslations:
    """The catalogue of this request's language."""
    return catalogue_of(current_language())


def gettext(message: str, **values: object) -> str:
    """The message in the request's language, with its named values put in."""
    text = catalogue().gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The message for one or for many; `%(num)s` is the number."""
    return catalogue().ngettext(singular, plural, num) % {"num": num, **values}


def listed(words: Collection[str]) -> str:
    """Words in a row, as one says them: "Alma, Bo og Ida"; "" for none."""
    *most, last = words or [""]
    return gettext("%(most)s and %(last)s", most=", ".join(most), last=last) if most else last
