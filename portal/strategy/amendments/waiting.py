"""What waits in the councils: suggestions, and what their contact teacher has to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_

from portal.database.prepared import params
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import STAND_BEFORE_THE_COUNCIL
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.kinds import AmendmentState, Phase
from portal.waiting import Line, Waiting, waits
from portal.web.language import ngettext
from portal.web.urls import url_for

_HELPED = params("facilitates", int)


def _of_council(person: Person, council_id: int) -> str:
    """Which council something is of, for those who have several."""
    return person.council_names[council_id] if len(person.council_names) > 1 else ""


def of_councils(text: Callable[[Any], str], url: Callable[[Any], str]) -> Callable[..., list[Line]]:
    """Lines of which each says a number of one council."""

    def lines(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
        return [Line(text(row), url(row), about=_of_council(person, row.place_id)) for row in rows]

    return lines


def _suggestions(row: Any) -> str:
    return ngettext("%(num)s suggestion waits for the council.", "%(num)s suggestions wait for the council.", row.many)


def _reported(row: Any) -> str:
    return ngettext("%(num)s comment was reported.", "%(num)s comments were reported.", row.many)


def _to_forward(row: Any) -> str:
    return ngettext(
        "%(num)s suggestion is adopted and waits to be sent on.",
        "%(num)s suggestions are adopted and wait to be sent on.",
        row.many,
    )


def in_councils(kind: str, council_id: Any, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """How many of something there are in each council."""
    return waits(kind, place_id=council_id, many=func.count()).where(*which).group_by(council_id)


def _is_phase(phase: Phase) -> ColumnElement[bool]:
    return exists().where(RevisionCycle.is_open, RevisionCycle.phase == phase)


_came_back = exists().where(
    Forwarding.amendment_id == Amendment.id,
    RevisionCycle.is_open,
    Forwarding.sent_back_at >= RevisionCycle.opened_at,
)

WAITING = (
    Waiting(
        "suggestions",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "suggestions",
            Amendment.council_id,
            Amendment.council_id.in_(_HELPED),
            Amendment.state.in_(STAND_BEFORE_THE_COUNCIL),
            _is_phase(Phase.COUNCIL),
        ),
        lines=of_councils(_suggestions, lambda row: url_for("strategy.amendments.list_amendments")),
    ),
    Waiting(
        "reported",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "reported",
            Comment.council_id,
            Comment.council_id.in_(_HELPED),
            Comment.reported_at.is_not(None),
            Comment.hidden_at.is_(None),
        ),
        lines=of_councils(_reported, lambda row: url_for("strategy.comments.list_reported", council=row.place_id)),
    ),
    Waiting(
        "to_forward",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "to_forward",
            Amendment.council_id,
            Amendment.council_id.in_(_HELPED),
            Amendment.state == AmendmentState.ADOPTED,
            or_(_is_phase(Phase.COUNCIL), and_(_is_phase(Phase.HEARING), _came_back)),
        ),
        lines=of_councils(_to_forward, lambda row: url_for("strategy.forwarding.new_packet")),
    ),
)
