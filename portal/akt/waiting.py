"""What waits for AKT and the leadership: classes that have asked for help and have no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from portal.akt.models import AktRequest
from portal.database.prepared import param
from portal.people import Person
from portal.policy import Action, can
from portal.school.models import ClassYear, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.waiting import Line, Waiting, waits
from portal.web.language import gettext
from portal.web.urls import url_for

_YEAR = param("school_year", int)


def _asked(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """Who has waited longest first."""
    return [
        Line(
            gettext("%(label)s asks AKT for help.", label=row.words),
            url_for("akt.list_class_requests", class_id=row.place_id),
        )
        for row in sorted(rows, key=lambda row: (row.since, row.place_id))
    ]


WAITING = (
    Waiting(
        "akt_requests",
        asks=lambda person: can(person, Action.AKT_ANSWER),
        found=waits(
            "akt_requests",
            place_id=AktRequest.class_id,
            since=func.min(AktRequest.asked_at),
            words=label_in(_YEAR),
        )
        .select_from(AktRequest)
        .join(SchoolClass, SchoolClass.id == AktRequest.class_id)
        .join(ClassYear, is_name_of(_YEAR))
        .where(AktRequest.answered_at.is_(None))
        .group_by(AktRequest.class_id, label_in(_YEAR)),
        lines=_asked,
    ),
)
