"""What class teams' news tells about the promises of the strategy."""

from __future__ import annotations

from portal.room import Measure, Sign
from portal.updates.desk.queries import last_spoken_of, list_spoken_of
from portal.web.dates import near_date
from portal.web.language import gettext


def _signs(clause_key: str, text: str) -> list[Sign]:
    day = last_spoken_of(clause_key)
    return [Sign(gettext("A class team last wrote home about this %(day)s.", day=near_date(day)))] if day else []


MEASURES = (Measure(_signs, list_spoken_of),)
