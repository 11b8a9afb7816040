"""What comes due by itself with surveys: an hour ends, and a name becomes protected."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.name_guard.chores import cover_in
from portal.surveys import queries, services
from portal.surveys.hour.services import end_hour_if_over


def _close(class_survey_id: int, now: datetime) -> None:
    part = queries.find_class_survey(class_survey_id)
    if part is not None:
        end_hour_if_over(part, now=now)


CLOSE = Chore("delete the slips of surveys", queries.list_to_close, _close, every=timedelta(minutes=5))
COVER = cover_in("surveys", services.cover_names)
CHORES = (CLOSE, COVER)
