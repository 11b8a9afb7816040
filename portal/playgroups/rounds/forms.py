"""The shape of a meeting: one of the round's days, from when to when, and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.errors import N_
from portal.playdates.forms import hours_of_day, read_day, read_hour, say_day
from portal.playgroups.models import GroupAtHome, MeetingPlace
from portal.playgroups.queries import Seat
from portal.playgroups.rounds.services import Meeting
from portal.text import clock
from portal.web.forms import Form, VersionField
from portal.web.language import gettext

LONGEST_ADDRESS = 120
USUAL_HOURS = (time(15), time(17))


class MeetingForm(Form):
    """Day, hours and place; an address is asked of a home that hosts alone."""

    day = SelectField(N_("Which day?"), coerce=read_day, validate_choice=False, validators=[InputRequired()])
    begins = SelectField(N_("From"), coerce=read_hour, validate_choice=False, validators=[InputRequired()])
    ends = SelectField(N_("To"), coerce=read_hour, validate_choice=False, validators=[InputRequired()])
    place = RadioField(N_("Where?"), validators=[InputRequired()])
    address = StringField(N_("Where do you live?"), validators=[Optional(), Length(max=LONGEST_ADDRESS)])
    version = VersionField()

    def __init__(self, at_home: GroupAtHome, today: date) -> None:
        group = at_home.group
        begins, ends = USUAL_HOURS
        first = max(group.round.starts_on, today)
        if group.starts_at is not None and group.ends_at is not None:
            starts_at, ends_at = clock.local(group.starts_at), clock.local(group.ends_at)
            begins, ends = starts_at.time(), ends_at.time()
        is_at_home = bool(at_home.host_ids)
        place = group.place if is_at_home or group.place != MeetingPlace.HOME else MeetingPlace.SCHOOL
        super().__init__(
            day=clock.day_of(group.starts_at) if group.starts_at is not None else first,
            begins=begins,
            ends=ends,
            place=place,
            address=group.address,
            version=group.version,
        )
        last = group.round.ends_on
        days = {first + timedelta(days=ahead) for ahead in range(max((last - first).days + 1, 0))}
        days |= {self.day.data} if self.day.data else set()
        self.day.choices = [SelectChoice(day.isoformat(), say_day(day, today)) for day in sorted(days)]
        self.begins.choices, self.ends.choices = hours_of_day(self.begins.data), hours_of_day(self.ends.data)
        self.place.choices = [SelectChoice(kind.value, gettext(words)) for kind, words in PLACES.items()]
        if not is_at_home:
            self.place.choices = self.place.choices[1:]
            del self.address

    @property
    def meeting(self) -> Meeting:
        """What was chosen."""
        place = MeetingPlace(self.place.data)
        address = self.address.data if "address" in self and self.address.data else ""
        return Meeting(self.day.data, self.begins.data, self.ends.data, place, address)


#: Where a group can meet, as whoever chooses says it.
PLACES = {
    MeetingPlace.HOME: N_("At our home"),
    MeetingPlace.SCHOOL: N_("At the school"),
    MeetingPlace.PLAYGROUND: N_("At the playground"),
}


class ComingForm(Form):
    """One press, to the day and the place that were seen."""

    version = VersionField()


class RecordForm(Form):
    """Whether a group met, and who of it was not there."""

    absent = SelectMultipleField(N_("Was somebody not there?"), coerce=int)
    not_held = BooleanField()

    def __init__(self, seats: Sequence[Seat]) -> None:
        super().__init__(absent=[seat.pupil_id for seat in seats if seat.was_there is False or seat.comes is False])
        self.absent.choices = [SelectChoice(str(seat.pupil_id), seat.name) for seat in seats]
