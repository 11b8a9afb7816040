"""The strategy as its PDF is made of it: the words of the page for paper, with links that can be pressed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from portal.strategy.document import LANGUAGES
from portal.strategy.kinds import ClauseKind
from portal.strategy.models import Edition
from portal.strategy.presenters import Paragraph, Part, Reading, approval_words, clause_html
from portal.text.pdf.content import content_of
from portal.web.language import current_language, gettext


def strategy_on_paper(edition: Edition, text: Reading, base_url: str, address: str) -> dict[str, Any]:
    """An edition's text; `address` is where it is read in the portal that is at `base_url`."""
    return {
        "eyebrow": edition_words(edition),
        "written-in": edition.language if edition.language in LANGUAGES else LANGUAGES[0],
        "in-short": gettext("In short"),
        "parts": _parts(text, base_url, current_language()),
        "address": base_url + address,
    }


@lru_cache(maxsize=2)
def _parts(text: Reading, base_url: str, read_in: str) -> list[dict[str, Any]]:
    """The parts of a text, remembered for the next who fetches it in the same language."""
    return [_part(part, base_url) for part in text.parts]


def edition_words(edition: Edition) -> str:
    """Which edition it is, and who approved it when."""
    return " · ".join(filter(None, [gettext("Edition %(number)s", number=edition.number), approval_words(edition)]))


def _part(part: Part, base_url: str) -> dict[str, Any]:
    return {
        "heading": part.label if part.heading else "",
        "summary": content_of(part.summary, base_url),
        "runs": [
            {"is-list": run.is_list, "items": [_item(item, base_url) for item in run.paragraphs]} for run in part.runs
        ],
    }


def _item(item: Paragraph, base_url: str) -> dict[str, Any]:
    return {
        "number": item.number,
        "is-heading": item.kind is ClauseKind.SUBHEADING,
        "words": content_of(clause_html(item.kind, item.text), base_url),
        "notices": item.notices,
    }
