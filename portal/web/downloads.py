"""Files that are made when somebody asks for them: the PDF of a page, with the words of that page."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request

from portal.database import db
from portal.text.pdf.making import NotMade, make_pdf
from portal.web.error_pages import error_page
from portal.web.language import current_language, gettext

log = logging.getLogger(__name__)

REGIONS = {"da": "dk", "en": "gb"}
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "þ": "th", "ð": "d", "ł": "l", "ı": "i"})
LONGEST_NAME = 60


def send_pdf(template: str, title: str, data: Mapping[str, Any], *, name: str = "") -> Response:
    """The PDF of a page whose right has been asked for; its file is called by `name`, or by the title.

    What was read is let go of first: making one takes a moment, and holds nobody up. Where it cannot be made the
    reader is told what to do instead, with 503.
    """
    db.session.rollback()
    language = current_language()
    whole = {
        **data,
        "title": title,
        "language": language,
        "region": REGIONS[language],
        "school": current_app.extensions["portal.settings"].school_name,
        "portal": "Trivselsportalen",
        "page-words": gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
    }
    try:
        content = make_pdf(template, whole)
    except NotMade as fault:
        log.log(logging.INFO if fault.is_busy else logging.ERROR, "no PDF on %s: %s", request.endpoint, fault)
        page = error_page(HTTPStatus.SERVICE_UNAVAILABLE, _instead(fault))
        page.headers["Retry-After"] = "10"
        return page
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{file_name(name or title)}.pdf")
    return answer


def _instead(fault: NotMade) -> str:
    if fault.is_busy:
        return gettext("Many are fetching a PDF just now. Wait a moment and try again, or print the page itself.")
    return gettext("The PDF could not be made. Print the page itself: it has the same words.")


def file_name(words: str) -> str:
    """Words as the name of a file that every system takes: "Vores år 2026/27" is "vores-aar-2026-27"."""
    spelled = unicodedata.normalize("NFC", words).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-") or "trivselsportalen"
