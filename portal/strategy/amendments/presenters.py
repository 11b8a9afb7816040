"""Amendments as people read them: what each is called, how far it has come, and its words with the changes marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.acts.models import ActKind
from portal.errors import N_
from portal.strategy.amendments.models import AnyAmendment, FollowedAmendment
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, ClauseKind, EditionState
from portal.strategy.presenters import heading_words, plain_words, redline
from portal.strategy.queries import Wording
from portal.web.language import gettext

#: What a state is called, and how its tag is coloured.
STATE_NAMES: dict[AmendmentState, tuple[str, str]] = {
    AmendmentState.DRAFT: (N_("draft"), ""),
    AmendmentState.IN_COUNCIL: (N_("before the council"), "warn"),
    AmendmentState.WITHDRAWN: (N_("taken back"), ""),
    AmendmentState.MERGED: (N_("part of another one"), ""),
    AmendmentState.ADOPTED: (N_("the council says yes"), "good"),
    AmendmentState.NOT_ADOPTED: (N_("the council says no"), ""),
    AmendmentState.POSTPONED: (N_("waits for the next meeting"), "warn"),
    AmendmentState.FORWARDED: (N_("sent to the grown-ups"), "warn"),
    AmendmentState.APPROVED: (N_("the board says yes"), "good"),
    AmendmentState.APPROVED_CHANGED: (N_("the board says yes, in other words"), "good"),
    AmendmentState.REJECTED: (N_("the board says no"), ""),
    AmendmentState.DEFERRED: (N_("the board waits"), "warn"),
    AmendmentState.IN_EDITION: (N_("stands in the strategy"), "good"),
}


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step of the whole way: what happened or will happen, the day it did, and "done", "now" or nothing."""

    words: str
    on: datetime | None
    mark: str


#: The steps of the whole way: what is said before and once it is behind, and the acts that are its day.
_WAY: tuple[tuple[str, str, frozenset[ActKind]], ...] = (
    (N_("Somebody had the idea"), N_("Somebody had the idea"), frozenset()),
    (
        N_("The council decides"),
        N_("The council said yes"),
        frozenset({ActKind.AMENDMENT_DECIDED, ActKind.RESULT_PUT_RIGHT}),
    ),
    (N_("The leadership has it"), N_("The leadership got it"), frozenset({ActKind.AMENDMENT_FORWARDED})),
    (N_("The school board decides"), N_("The school board decided"), frozenset()),
    (N_("The class hears the answer"), N_("The class hears the answer"), frozenset()),
)
#: How many steps of the way are behind an amendment; one that went no further has no way to show.
_BEHIND: dict[AmendmentState, int] = {
    AmendmentState.DRAFT: 0,
    AmendmentState.IN_COUNCIL: 1,
    AmendmentState.POSTPONED: 1,
    AmendmentState.ADOPTED: 2,
    AmendmentState.FORWARDED: 2,
    AmendmentState.DEFERRED: 4,
    AmendmentState.APPROVED: 4,
    AmendmentState.APPROVED_CHANGED: 4,
    AmendmentState.REJECTED: 4,
    AmendmentState.IN_EDITION: 5,
}


def whole_way(amendment: FollowedAmendment, days: Mapping[ActKind, datetime], answers: Sequence[Any]) -> list[WayStep]:
    """The steps of the way, with the day of each that is behind."""
    if amendment.state not in _BEHIND or amendment.source is AmendmentSource.STAFF:
        return []
    behind = _BEHIND[amendment.state]
    decided = next((answer.at for answer in answers if answer.is_decision), None)
    steps = []
    for place, (ahead, afterwards, kinds) in enumerate(_WAY):
        on = amendment.created_at if place == 0 else next((days[kind] for kind in kinds if kind in days), None)
        mark = "done" if place < behind else "now" if place == behind else ""
        words = afterwards if mark == "done" else ahead
        steps.append(WayStep(gettext(words), (decided if place == 3 else on) if mark == "done" else None, mark))
    return steps


def state_tag(state: AmendmentState) -> tuple[str, str]:
    """The state in words, and the colour of its tag."""
    name, kind = STATE_NAMES[state]
    return gettext(name), kind


def whose(amendment: FollowedAmendment, *, is_inside: bool) -> str:
    """Whom an amendment comes from: for those who hear its talk the author, as the council knows them: "Ella, 6.A"."""
    if amendment.source is AmendmentSource.STAFF:
        return gettext("The grown-ups at the school")
    if not is_inside:
        return gettext("The student council")
    name, label = amendment.author_name, amendment.author_label
    return f"{name}, {label}" if label else name


def words_html(amendment: Any) -> Markup:
    """What becomes of the words, marked as with a red pencil."""
    return redline(plain_words(ClauseKind.PARAGRAPH, amendment.base_text), _new_words(amendment))


def _new_words(amendment: Any) -> str:
    if amendment.kind is AmendmentKind.REMOVE:
        return ""
    return plain_words(ClauseKind.PARAGRAPH, amendment.new_text)


def kind_words(kind: AmendmentKind) -> str:
    """What an amendment wants, in a few words."""
    return {
        AmendmentKind.CHANGE: gettext("New words"),
        AmendmentKind.ADD: gettext("Something new"),
        AmendmentKind.REMOVE: gettext("Take it away"),
        AmendmentKind.SUMMARY: gettext("New short words"),
    }[kind]


def kind_title(kind: AmendmentKind, about: str) -> str:
    """What an amendment wants, and with which clause or section: "New words for 2.1"."""
    return {
        AmendmentKind.CHANGE: gettext("New words for %(about)s", about=about),
        AmendmentKind.ADD: gettext("Something new for %(about)s", about=about),
        AmendmentKind.REMOVE: gettext("Take %(about)s away", about=about),
        AmendmentKind.SUMMARY: gettext("New short words for %(about)s", about=about),
    }[kind]


@dataclass(frozen=True, slots=True)
class AmendmentItem:
    """An amendment in a list."""

    id: int
    wants: str
    title: str
    heading: str
    tag: tuple[str, str]
    changed_at: datetime
    is_mine: bool


def amendment_items(rows: Sequence[Row[*tuple[Any, ...]]], reader_id: int) -> list[AmendmentItem]:
    """The rows as lists show them."""
    return [
        AmendmentItem(
            id=row.id,
            wants=kind_words(row.kind),
            title=title_of(row),
            heading=heading_words(row.heading),
            tag=state_tag(row.state),
            changed_at=row.changed_at,
            is_mine=row.author_id == reader_id,
        )
        for row in rows
    ]


def stale_text(amendment: AnyAmendment, wordings: Sequence[Wording]) -> str | None:
    """What the clause says now when that is not what the amendment was written to; "" when it is gone.

    None while nothing has changed, and for an amendment that wants something new.
    """
    if amendment.clause_key is None:
        return None
    now = next((wording for wording in wordings if wording.state is EditionState.APPROVED), None)
    is_summary = amendment.kind is AmendmentKind.SUMMARY
    current = (now.plain_summary if is_summary else now.text) if now else ""
    return None if current == amendment.base_text else current
