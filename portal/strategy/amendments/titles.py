"""What an amendment is called in a list, in a record and on paper."""

from __future__ import annotations

from typing import Any

from portal.strategy.kinds import AmendmentKind
from portal.text import richtext

LONGEST_MADE_TITLE = 60


def title_of(amendment: Any) -> str:
    """What its author calls an amendment; until they do, how its words begin."""
    if amendment.title:
        return str(amendment.title)
    is_gone = amendment.kind == AmendmentKind.REMOVE
    return title_of_words(amendment.base_text if is_gone else amendment.new_text)


def title_of_words(text: str) -> str:
    """How a text begins, for what has no title yet."""
    words = " ".join(richtext.plain(text).split())
    if len(words) <= LONGEST_MADE_TITLE:
        return words
    return f"{words[:LONGEST_MADE_TITLE].rsplit(' ', 1)[0].rstrip(' ,;:.')} …"
