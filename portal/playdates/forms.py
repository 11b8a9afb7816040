"""The shape of an offer: what and where, which day, from when to when. No field anywhere names whom it is for."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.errors import N_
from portal.playdates.models import FEWEST_PLACES, Playdate
from portal.playdates.services import FARTHEST_AHEAD, PlaydatePlan
from portal.text import clock
from portal.web.dates import calendar, sentence_case, weekday_date
from portal.web.forms import Form, NumberField, VersionField
from portal.web.language import gettext

LONGEST_WORDS = 120
MOST_PLACES = 60
USUAL_HOURS = (time(15), time(17))
FIRST_HOUR, LAST_HOUR = 7, 21
#: After this hour one thinks of tomorrow.
NOON = time(12)


def read_day(value: Any) -> date:
    """A day as a choice of a list sends it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def read_hour(value: Any) -> time:
    """An hour as a choice of a list sends it."""
    if isinstance(value, time):
        return value
    hour, minute = str(value).split(":")
    return time(int(hour), int(minute))


class PlaydateForm(Form):
    """An offer in three fields; `elsewhere` is asked of somebody under protection alone."""

    what = StringField(N_("What and where?"), validators=[DataRequired(), Length(max=LONGEST_WORDS)])
    day = SelectField(N_("Which day?"), coerce=read_day, validate_choice=False, validators=[InputRequired()])
    begins = SelectField(N_("From"), coerce=read_hour, validate_choice=False, validators=[InputRequired()])
    ends = SelectField(N_("To"), coerce=read_hour, validate_choice=False, validators=[InputRequired()])
    places = NumberField(
        N_("How many children at most?"),
        validators=[
            Optional(),
            NumberRange(FEWEST_PLACES, MOST_PLACES, N_("Make room for five at least, or leave it empty.")),
        ],
    )
    elsewhere = BooleanField(N_("Yes, it is a place outside our home"))

    def __init__(self, **values: Any) -> None:
        now = clock.local(clock.now())
        begins, ends = USUAL_HOURS
        usual = {"day": now.date() + timedelta(days=int(now.time() >= NOON)), "begins": begins, "ends": ends}
        super().__init__(data=usual | values)
        self._offer_days(now.date())
        self._offer_hours()

    def _offer_days(self, today: date) -> None:
        """Today and the next three weeks, as people say it; and the day that was chosen, if it is another."""
        days = {today + timedelta(days=ahead) for ahead in range(FARTHEST_AHEAD.days + 1)}
        days |= {self.day.data} if self.day.data else set()
        self.day.choices = [SelectChoice(day.isoformat(), say_day(day, today)) for day in sorted(days)]

    def _offer_hours(self) -> None:
        for field in (self.begins, self.ends):
            field.choices = hours_of_day(field.data)

    @property
    def plan(self) -> PlaydatePlan:
        """What was typed."""
        return PlaydatePlan(
            what=self.what.data,
            day=self.day.data,
            begins=self.begins.data,
            ends=self.ends.data,
            places=self.places.data,
            is_elsewhere=self.elsewhere.data,
        )


class EditPlaydateForm(PlaydateForm):
    """A changed offer, with the version that was opened."""

    version = VersionField()

    def __init__(self, playdate: Playdate) -> None:
        super().__init__(**_values_of(playdate), version=playdate.version)


class ComingForm(Form):
    """One press, to the offer as it was seen."""

    version = VersionField()


def form_like(playdate: Playdate) -> PlaydateForm:
    """The same again, on the next such weekday."""
    today = clock.today()
    values = _values_of(playdate)
    ahead = (values["day"].weekday() - today.weekday()) % 7 or 7
    return PlaydateForm(**values | {"day": today + timedelta(days=ahead)})


def _values_of(playdate: Playdate) -> dict[str, Any]:
    begins, ends = clock.local(playdate.starts_at), clock.local(playdate.ends_at)
    return {
        "what": playdate.what,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "places": playdate.places,
    }


def say_day(day: date, today: date) -> str:
    """The day with its weekday, and today and tomorrow by those names too."""
    if day == today:
        return gettext("Today, %(day)s", day=weekday_date(day))
    if day == today + timedelta(days=1):
        return gettext("Tomorrow, %(day)s", day=weekday_date(day))
    return sentence_case(weekday_date(day))


def hours_of_day(chosen: time | None) -> list[SelectChoice]:
    """The half hours of an afternoon and its morning, and the hour that was chosen, if it is another."""
    hours = {time(hour, minute) for hour in range(FIRST_HOUR, LAST_HOUR) for minute in (0, 30)}
    hours |= {chosen} if chosen else set()
    face = calendar().time_of_day
    return [SelectChoice(f"{hour:%H:%M}", face(hour)) for hour in sorted(hours)]
