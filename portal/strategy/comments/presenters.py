"""A talk as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import get_template_attribute, request
from markupsafe import Markup

from portal.strategy.comments.queries import Said, Talk
from portal.text import clock
from portal.web.language import current_language


@dataclass(frozen=True, slots=True)
class ShownTalk:
    """A page of a talk as HTML, one line for each thing said; `earlier` as in `Talk`."""

    lines: list[Markup]
    earlier: int


def show_talk(talk: Talk, councils: Mapping[int, str] | None = None) -> ShownTalk:
    """The lines of a talk; where it goes on in several of `councils`, each says in which."""
    names = councils if councils and len(councils) > 1 else {}
    here = (request.root_path, current_language(), clock.today())
    return ShownTalk([_line(said, names.get(said.council_id, ""), *here) for said in talk.said], talk.earlier)


@lru_cache(maxsize=2048)
def _line(said: Said, council: str, root: str, read_in: str, today: date) -> Markup:
    """One thing said, remembered by all it holds and the day it is read on: the whole council reads the same."""
    line: Markup = get_template_attribute("strategy/amendments/_suggest.html", "said_line")(said, council)
    return line
