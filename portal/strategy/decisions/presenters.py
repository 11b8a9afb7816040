"""The board's page as it is read: each suggestion with what the bodies say, and how hard the reply is to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import kind_title, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.decisions.forms import OUTCOME_NAMES, MeetingForm
from portal.strategy.decisions.models import Decision, DecisionDraft
from portal.strategy.decisions.services import typed_of
from portal.strategy.kinds import AmendmentState
from portal.strategy.presenters import heading_words
from portal.text.lix import read_over
from portal.web.language import gettext

#: From this LIX on a reply to children is remarked on.
HARD_TO_READ = 35


def reply_remark(reply: str) -> str:
    """What is said beside a reply that is hard to read, with its longest words; empty for one that is not."""
    found = read_over(reply)
    if found.lix <= HARD_TO_READ:
        return ""
    if not found.long_words:
        return gettext("LIX %(lix)s: hard for children. Make the sentences shorter.", lix=found.lix)
    return gettext(
        "LIX %(lix)s: hard for children. The longest words: %(words)s. Shorter ones, and shorter sentences?",
        lix=found.lix,
        words=", ".join(found.long_words),
    )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One suggestion on the board's page."""

    id: int
    number: int
    title: str
    wants: str
    words: Markup
    reason: str
    from_whom: str
    remark: str
    others: tuple[str, ...]


def board_rows(form: MeetingForm, drafts: Mapping[int, DecisionDraft]) -> list[BoardRow]:
    """The rows of the form, numbered; `others` is what a colleague has kept meanwhile in a row of a refused form.

    Where the writer has typed as well both texts are on the page, and the next press is on top of the colleague's.
    """
    rows = []
    for number, (amendment, council) in enumerate(form.rows, start=1):
        kept, typed = typed_of(drafts.get(amendment.id)), form.typed(amendment)
        is_others = bool(form.errors) and kept.stamp not in (form.seen(amendment), typed.stamp)
        if is_others and typed.stamp != form.seen(amendment):
            form.go_on_in(amendment, kept)
        rows.append(
            BoardRow(
                id=amendment.id,
                number=number,
                title=title_of(amendment),
                wants=_wants(amendment),
                words=words_html(amendment),
                reason=amendment.reason,
                from_whom=council or gettext("The grown-ups at the school"),
                remark=reply_remark(typed.child_reply),
                others=tuple(filter(None, (kept.reason, kept.child_reply, kept.final_text))) if is_others else (),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What stood in a decision before it was put right, and why it was wrong."""

    outcome: str
    reply: str
    why: str
    recorded_at: datetime


def earlier_lines(rows: Iterable[Any]) -> list[EarlierLine]:
    """The trace of what was put right, the oldest first."""
    return [EarlierLine(gettext(OUTCOME_NAMES[row.outcome]), row.child_reply, row.why, row.recorded_at) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision as it stands now, for whoever wanted to put it right at the same time as a colleague."""

    outcome: str
    reason: str
    child_reply: str
    own_words: str


def standing(decision: Decision) -> Standing:
    """What a decision says now; `own_words` are the board's, where it said yes in other words."""
    in_other_words = decision.outcome is AmendmentState.APPROVED_CHANGED
    return Standing(
        outcome=gettext(OUTCOME_NAMES[decision.outcome]),
        reason=decision.reason,
        child_reply=decision.child_reply,
        own_words=decision.final_text if in_other_words else "",
    )


def _wants(amendment: Amendment) -> str:
    return kind_title(amendment.kind, heading_words(amendment.heading) or gettext("the introduction"))
