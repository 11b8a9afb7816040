"""What waits for a class team: news that was begun and never sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.database.prepared import params
from portal.people import Person
from portal.updates.models import UpdateState, WellbeingUpdate
from portal.waiting import Line, Waiting, waits
from portal.web.language import gettext
from portal.web.urls import url_for


def _drafts(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """The newest first."""
    return [
        Line(
            gettext("Send your draft: %(title)s", title=row.words or gettext("No heading yet")),
            url_for("updates.desk.show_preview", update_id=row.subject_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: (row.since, row.subject_id), reverse=True)
    ]


WAITING = (
    Waiting(
        "drafts",
        asks=lambda person: person.teams,
        found=waits(
            "drafts",
            subject_id=WellbeingUpdate.id,
            place_id=WellbeingUpdate.class_id,
            since=WellbeingUpdate.created_at,
            words=WellbeingUpdate.title,
        ).where(
            WellbeingUpdate.published_at.is_(None),
            WellbeingUpdate.publish_at.is_(None),
            WellbeingUpdate.state != UpdateState.WITHDRAWN,
            WellbeingUpdate.class_id.in_(params("teams", int)),
        ),
        lines=_drafts,
    ),
)
