"""The shape of what a class team types about a parent meeting."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.name_guard.forms import AgreedForm
from portal.parent_meetings.models import ParentMeeting
from portal.parent_meetings.services import MeetingPlan
from portal.text import clock
from portal.web.forms import DAY_FORMATS, TIME_FORMATS, VersionField

LONGEST_PLACE = 120
LONGEST_ITEMS = 4_000


class MeetingForm(AgreedForm):
    """Day, hours, place, what the team has on the agenda, and the names that may stand in it."""

    day = DateField(N_("Which day?"), format=DAY_FORMATS, validators=[InputRequired()])
    begins = TimeField(N_("From"), format=TIME_FORMATS, validators=[InputRequired()])
    ends = TimeField(N_("To"), format=TIME_FORMATS, validators=[InputRequired()])
    place = StringField(N_("Where?"), validators=[DataRequired(), Length(max=LONGEST_PLACE)])
    items = TextAreaField(N_("The class's own items"), validators=[Optional(), Length(max=LONGEST_ITEMS)])
    version = VersionField()

    @property
    def plan(self) -> MeetingPlan:
        """What was typed."""
        return MeetingPlan(self.day.data, self.begins.data, self.ends.data, self.place.data, self.items.data or "")


def as_typed(meeting: ParentMeeting) -> dict[str, Any]:
    """A meeting as its form holds it."""
    begins, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    return {
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "items": meeting.items,
        "version": meeting.version,
    }
