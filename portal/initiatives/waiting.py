"""What waits for those who began something: its last day is gone, and nobody has said how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from portal.database.prepared import param, params
from portal.initiatives.models import Initiative
from portal.people import Person
from portal.policy import Action, can
from portal.waiting import Line, Waiting, waits
from portal.web.dates import calendar
from portal.web.language import gettext
from portal.web.urls import url_for


def _to_close(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """The one that has waited longest first."""
    return [
        Line(
            gettext(
                "“%(title)s” lasted until %(day)s. How did it go?",
                title=row.words,
                day=calendar().date_and_month(row.due_on),
            ),
            url_for("initiatives.show_initiative", initiative_id=row.subject_id),
            ref=person.teams.get(row.place_id) if row.kind == "class_initiatives" else None,
            about=person.council_names.get(row.place_id, "") if row.kind == "council_initiatives" else "",
        )
        for row in sorted(rows, key=lambda row: (row.due_on, row.subject_id))
    ]


def _waiting(kind: str, asks: Callable[[Person], object], of_them: ColumnElement[bool]) -> Waiting:
    found = waits(
        kind,
        subject_id=Initiative.id,
        place_id=func.coalesce(Initiative.class_id, Initiative.council_id, 0),
        due_on=Initiative.ends_on,
        words=Initiative.title,
    )
    is_due = (Initiative.closed_on.is_(None), Initiative.ends_on < param("today", date))
    return Waiting(kind, asks, found.where(of_them, *is_due), _to_close)


WAITING = (
    _waiting("class_initiatives", lambda person: person.teams, Initiative.class_id.in_(params("teams", int))),
    _waiting(
        "council_initiatives", lambda person: person.facilitates, Initiative.council_id.in_(params("facilitates", int))
    ),
    _waiting(
        "school_initiatives",
        lambda person: can(person, Action.INITIATIVE_START_SCHOOL),
        and_(Initiative.class_id.is_(None), Initiative.council_id.is_(None)),
    ),
)
