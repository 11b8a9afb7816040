"""The new edition before it is published: what changes, whose suggestion each change was, and what holds it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import plain_words, redline
from portal.strategy.publishing.services import PlannedChange
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of an edition: the words with the changes marked, whose suggestion it was, and why."""

    amendment_id: int
    title: str
    words: Markup
    proposed_by: str
    reason: str


def planned_lines(changes: Iterable[PlannedChange]) -> list[ChangeLine]:
    """The decided changes that the new edition carries out."""
    return [
        ChangeLine(
            amendment_id=change.amendment.id,
            title=title_of(change.amendment),
            words=_redline(change.decision.base_text, change.decision.final_text),
            proposed_by=whose(change.proposed_by),
            reason=change.decision.reason,
        )
        for change in changes
    ]


def kept_lines(rows: Sequence[Any]) -> list[ChangeLine]:
    """The changes of a published edition, as they were kept."""
    return [
        ChangeLine(
            amendment_id=row.amendment_id,
            title=title_of(row),
            words=_redline(row.base_text, row.final_text),
            proposed_by=whose(row.proposed_by),
            reason=row.reason,
        )
        for row in rows
    ]


def whose(council_name: str) -> str:
    """Whose suggestion it was, in public: a council's name, never a class or a child."""
    return council_name or gettext("The grown-ups at the school")


def _redline(before: str, after: str) -> Markup:
    return redline(plain_words(ClauseKind.PARAGRAPH, before), plain_words(ClauseKind.PARAGRAPH, after))


@dataclass(frozen=True, slots=True)
class Clash:
    """A clause for which the board said yes to more than one text."""

    key: str
    texts: tuple[str, ...]


def clash_lines(clashes: Mapping[str, Sequence[PlannedChange]]) -> list[Clash]:
    """What clashes, each with the decided texts."""
    return [
        Clash(
            key,
            tuple(
                plain_words(ClauseKind.PARAGRAPH, change.decision.final_text) or gettext("(the clause goes)")
                for change in changes
            ),
        )
        for key, changes in clashes.items()
    ]


def waiting_lines(amendments: Iterable[Any]) -> list[tuple[int, str]]:
    """What lacks a decision."""
    return [(amendment.id, title_of(amendment)) for amendment in amendments]
