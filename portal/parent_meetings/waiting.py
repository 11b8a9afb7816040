"""What waits for a class team after its parent meeting: saying that the school's material was shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists

from portal.database.prepared import param, params
from portal.parent_meetings.material.models import MeetingMaterial
from portal.parent_meetings.models import ParentMeeting
from portal.people import Person
from portal.text import clock
from portal.waiting import Line, Waiting, waits
from portal.web.dates import calendar
from portal.web.language import gettext
from portal.web.urls import url_for


def _to_mark(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext(
                "Was the school's material shown at the parent meeting on %(day)s?",
                day=calendar().date_and_month(clock.day_of(row.since)),
            ),
            url_for("parent_meetings.show_meeting", meeting_id=row.subject_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: (row.since, row.subject_id))
    ]


WAITING = (
    Waiting(
        "meeting_material",
        asks=lambda person: person.teams,
        found=waits(
            "meeting_material",
            subject_id=ParentMeeting.id,
            place_id=ParentMeeting.class_id,
            since=ParentMeeting.starts_at,
        ).where(
            ParentMeeting.class_id.in_(params("teams", int)),
            ParentMeeting.starts_at >= param("year_began", datetime),
            ParentMeeting.ends_at >= param("three_weeks_ago", datetime),  # who did not show it is not asked for ever
            ParentMeeting.ends_at <= param("now", datetime),
            ParentMeeting.cancelled_at.is_(None),
            ParentMeeting.shown_on.is_(None),
            exists().where(
                MeetingMaterial.school_year == param("school_year", int),
                MeetingMaterial.published_at <= ParentMeeting.ends_at,
            ),
        ),
        lines=_to_mark,
    ),
)
