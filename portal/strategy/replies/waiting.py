"""What waits for a class teacher: answers to ideas of the class, to be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.database.prepared import params
from portal.people import Person
from portal.strategy.replies.models import ReplySheet
from portal.strategy.replies.queries import child_is_now, class_that_hears
from portal.waiting import Line, Waiting, waits
from portal.web.language import gettext
from portal.web.urls import url_for


def _to_read(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Read the answer aloud: %(title)s", title=row.words),
            url_for("strategy.replies.show_reply", sheet_id=row.subject_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: row.subject_id)
    ]


WAITING = (
    Waiting(
        "to_read",
        asks=lambda person: person.teaches,
        found=child_is_now(
            waits("to_read", subject_id=ReplySheet.id, place_id=class_that_hears(), words=ReplySheet.title)
        ).where(
            ReplySheet.read_at.is_(None),
            ReplySheet.class_id.is_not(None),
            class_that_hears().in_(params("teaches", int)),
        ),
        lines=_to_read,
    ),
)
