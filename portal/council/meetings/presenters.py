"""An agenda as people read it, and what can be chosen for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from portal.council.meetings.models import ItemKind, ItemState
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.strategy.amendments.presenters import kind_words, state_tag, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentKind, AmendmentState, ClauseKind
from portal.strategy.presenters import plain_words
from portal.strategy.replies.models import Reply
from portal.text import clock
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, in words: the tag of the result, the hands, and the day it was written down."""

    tag: tuple[str, str]
    hands: str
    on: date


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item of an agenda as pages show it; `tag` is the state of its amendment.

    `words` are those the meeting saw, `replaced` the results that stood there before one was put right, the latest
    first. `is_open` says that it waits for hands, `is_left` that it comes up again. `unheard` is the answer to be
    ticked when the council has heard it: it says what was `told` when the meeting began, unless it was put right since.
    """

    id: int
    position: int
    kind: str
    title: str
    words: Markup | str
    amendment_id: int | None
    clause_key: str | None
    tag: tuple[str, str] | None
    is_open: bool
    state: ItemState
    is_left: bool
    told: str
    notes: str
    result: Result | None
    replaced: Sequence[Result]
    unheard: Reply | None
    put_up_by_id: int | None
    revision: int
    version: int


def kind_name(kind: ItemKind) -> str:
    """What the council does with an item."""
    return {
        ItemKind.INFORM: gettext("we listen"),
        ItemKind.DISCUSS: gettext("we talk about it"),
        ItemKind.DECIDE: gettext("we decide"),
    }[kind]


def item_cards(
    rows: Iterable[Any], *, unread: Iterable[Reply] = (), replaced: Mapping[int, Any] | None = None
) -> list[ItemCard]:
    """The items in order, numbered from 1; `unread` are answers the council has not heard yet."""
    sheets = {reply.amendment_id: reply for reply in unread if reply.is_for_council}
    return [
        _card(row, number, sheets.get(row.amendment_id or 0), replaced or {})
        for number, row in enumerate(rows, start=1)
    ]


def _card(row: Any, number: int, unheard: Reply | None, replaced: Mapping[int, Any]) -> ItemCard:
    seen = _seen(row)
    answer = _is_answer(row, seen)
    words: Markup | str = ""
    if seen and not answer:
        words = words_html(seen)
    elif not seen and row.kept_base_text:
        words = plain_words(ClauseKind.PARAGRAPH, row.kept_base_text)
    before = replaced.get(row.replaces_id)
    earlier: list[Result] = []
    while before is not None:
        earlier.append(_result(before))
        before = replaced.get(before.replaces_id)
    return ItemCard(
        id=row.id,
        position=number,
        kind=kind_name(row.kind),
        title=_title(row, seen, answer),
        words=words,
        amendment_id=row.amendment_id,
        clause_key=row.clause_key,
        tag=state_tag(seen.state) if seen else None,
        is_open=row.kind == ItemKind.DECIDE and row.vote_id is None and bool(row.has_open_vote),
        state=ItemState(row.state),
        is_left=row.state in {ItemState.WAITING, ItemState.POSTPONED},
        told=row.told if answer or row.kind != ItemKind.DECIDE else "",
        notes=row.notes,
        result=_result(row) if row.vote_id else None,
        replaced=earlier,
        unheard=unheard if row.kind == ItemKind.INFORM else None,
        put_up_by_id=row.put_up_by_id,
        revision=row.revision or 0,
        version=row.version,
    )


def _result(vote: Any) -> Result:
    return Result(state_tag(vote.result), _hands(vote), clock.day_of(vote.decided_at))


def _hands(vote: Any) -> str:
    if vote.is_agreed:
        return gettext("All agreed, without counting hands.")
    if not (vote.yes_count or vote.no_count or vote.abstain_count):
        return ""
    return gettext(
        "%(yes)s yes, %(no)s no, %(abstain)s do not know. %(present)s were there.",
        yes=vote.yes_count,
        no=vote.no_count,
        abstain=vote.abstain_count,
        present=vote.present_count,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """An amendment as the meeting saw it, in place of what it says today."""

    kind: AmendmentKind
    title: str
    base_text: str
    new_text: str
    state: AmendmentState


def _seen(row: Any) -> _Seen | None:
    """What a meeting saw of an amendment; until that is kept, what it says now."""
    if row.kept_state is not None:
        state = row.result if row.vote_id else row.kept_state
        return _Seen(row.kept_kind, row.kept_title or "", row.kept_base_text or "", row.kept_new_text or "", state)
    if row.amendment_id is None:
        return None
    return _Seen(row.now_kind, row.now_title, row.now_base_text, row.now_new_text, row.now_state)


def _is_answer(row: Any, seen: _Seen | None) -> bool:
    """Whether it is the board's answer that is read aloud, and not the suggestion that is talked about."""
    return row.kind == ItemKind.INFORM and seen is not None and seen.state in LEFT_THE_COUNCIL


def _title(row: Any, seen: _Seen | None, is_answer: bool) -> str:
    if seen is None:
        return str(row.title or row.heading)
    if is_answer:
        return gettext("The answer to: %(title)s", title=title_of(seen))
    about = gettext("%(wants)s: %(words)s", wants=kind_words(seen.kind), words=title_of(seen))
    before = row.title or (row.told if row.kind == ItemKind.DECIDE else "")
    return f"{before}. {about}" if before else about
