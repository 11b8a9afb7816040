"""What the bodies of the hearing are called, and what each has said, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from portal.errors import N_
from portal.people import Person
from portal.strategy.amendments.presenters import kind_title
from portal.strategy.amendments.titles import title_of
from portal.strategy.cycle.models import OpenEnd
from portal.strategy.hearing.models import Body, Stance, Statement
from portal.strategy.kinds import AmendmentSource
from portal.strategy.presenters import heading_words
from portal.web.language import gettext

STANCE_NAMES: dict[Stance, str] = {
    Stance.FOR: N_("Good idea"),
    Stance.OTHER_WORDS: N_("Good idea, in other words"),
    Stance.AGAINST: N_("Better not"),
    Stance.NONE: N_("No opinion"),
}
BODY_NAMES: dict[Body, str] = {
    Body.LEADERSHIP: N_("The leadership"),
    Body.MED: N_("The MED committee"),
    Body.COUNCIL: N_("The student council"),
}
_PASSED = {Body.LEADERSHIP: OpenEnd.NO_ADVICE, Body.MED: OpenEnd.NO_STATEMENT, Body.COUNCIL: OpenEnd.NO_COUNCIL_WORD}


@dataclass(frozen=True, slots=True)
class Said:
    """What a body has said, or that it has said nothing yet, and why the review moved on without it."""

    body: Body
    who: str
    stance: str
    text: str
    said_on: date | None
    meeting: str
    passed: str = ""


def side_by_side(
    statements: Iterable[Statement],
    source: AmendmentSource,
    reader: Person,
    council_names: Mapping[int, str],
    passed: Iterable[Any],
) -> list[Said]:
    """What leadership and MED committee say, beside each other; for the staff's own also each council that spoke."""
    found = list(statements)
    reasons = {row.what: row.reason for row in passed}
    bodies = [Body.LEADERSHIP, Body.MED] + ([Body.COUNCIL] if source is AmendmentSource.STAFF else [])
    said: list[Said] = []
    for body in bodies:
        own = [statement for statement in found if statement.body is body]
        said += [_said(statement, reader, council_names) for statement in own]
        if not own:
            said.append(Said(body, body_name(body, reader), "", "", None, "", reasons.get(_PASSED[body], "")))
    return said


def body_name(body: Body, reader: Person) -> str:
    """What a body is called; nobody of ten years knows what MED is."""
    if body is Body.MED and reader.is_pupil:
        return gettext("The committee of those who work here")
    return gettext(BODY_NAMES[body])


def _said(statement: Statement, reader: Person, council_names: Mapping[int, str]) -> Said:
    name = council_names.get(statement.council_id or 0, "") or body_name(statement.body, reader)
    return Said(
        body=statement.body,
        who=name,
        stance=gettext(STANCE_NAMES[statement.stance]),
        text=statement.text,
        said_on=statement.said_on,
        meeting=statement.meeting,
    )


@dataclass(frozen=True, slots=True)
class HearingLine:
    """A suggestion in the hearing's list, and who has spoken about it."""

    id: int
    wants: str
    words: str
    from_whom: str
    missing: list[str]


def hearing_lines(
    rows: Sequence[Row[*tuple[Any, ...]]], statements: Iterable[Statement], reader: Person
) -> list[HearingLine]:
    """What is with the adults, each with the bodies that have not said anything yet."""
    spoken = {(statement.amendment_id, statement.body) for statement in statements}
    return [
        HearingLine(
            id=row.id,
            wants=kind_title(row.kind, heading_words(row.heading) or gettext("the introduction")),
            words=title_of(row),
            from_whom=row.council or gettext("The grown-ups at the school"),
            missing=[body_name(body, reader) for body in _asked(row.source) if (row.id, body) not in spoken],
        )
        for row in rows
    ]


def _asked(source: AmendmentSource) -> Iterable[Body]:
    return Body if source is AmendmentSource.STAFF else (Body.LEADERSHIP, Body.MED)
