"""The shape of what is typed when a council meets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.council.meetings.models import ItemKind, ItemState
from portal.council.meetings.presenters import ItemCard
from portal.council.meetings.queries import Present
from portal.council.queries import Seat
from portal.database.stamps import stamp_of
from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.strategy.amendments.models import Vote
from portal.strategy.amendments.services import Hands
from portal.strategy.kinds import AmendmentState
from portal.text import clock
from portal.web.forms import Form, NumberField, SeenField, VersionField
from portal.web.language import gettext

LONGEST_PLACE = 80
LONGEST_TITLE = 160
LONGEST_NOTES = 4_000
LONGEST_CORRECTION = 1_000
MOST_HANDS = 999
PLANNED_AHEAD = timedelta(days=400)


class MeetingForm(MeantForm):
    """When and where a council meets."""

    day = DateField(N_("Which day?"), validators=[InputRequired()])
    time = TimeField(N_("At what time?"), validators=[InputRequired()])
    place = StringField(N_("Where?"), validators=[Optional(), Length(max=LONGEST_PLACE)])

    def validate_day(self, field: Any) -> None:
        """A day that is still to come, and not years away."""
        if isinstance(field.data, date) and not clock.today() <= field.data <= clock.today() + PLANNED_AHEAD:
            raise ValidationError(gettext("Choose a day from today and within the next year."))

    def validate_time(self, field: Any) -> None:
        """A time the clock shows that day: in spring one hour is left out."""
        if self.day.data and field.data and not self.day.errors and clock.local(self.starts_at).time() != field.data:
            raise ValidationError(gettext("That time does not exist on this day: the clocks change. Choose another."))

    @property
    def starts_at(self) -> datetime:
        """The moment, read on the school's clock."""
        return datetime.combine(self.day.data, self.time.data, clock.SCHOOL_ZONE).astimezone(UTC)


class ItemForm(Form):
    """Something for the agenda: chosen from what the council or the strategy has, or in free words."""

    about = SelectField(N_("What is it about?"), validators=[Optional()])
    title = StringField(N_("In your own words"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    kind = RadioField(N_("What will the council do?"), coerce=ItemKind, validators=[InputRequired()])

    def __init__(self, values: Iterable[str]) -> None:
        super().__init__(kind=ItemKind.DISCUSS)
        self.about.choices = [SelectChoice("", ""), *(SelectChoice(value, value) for value in values)]
        self.kind.choices = [
            SelectChoice(ItemKind.INFORM, gettext("Listen")),
            SelectChoice(ItemKind.DISCUSS, gettext("Talk about it")),
            SelectChoice(ItemKind.DECIDE, gettext("Decide")),
        ]


class AttendanceForm(Form):
    """Who is here: those who have a seat, and those who had one when they were written down."""

    present = SelectMultipleField(N_("Who is here?"), coerce=int)
    seen = SeenField()

    def __init__(self, seats: Sequence[Seat], present: Sequence[Present]) -> None:
        seated, written = {seat.id for seat in seats}, sorted(one.member_id for one in present)
        replaced = [one for one in present if one.member_id not in seated]
        self.stands = stamp_of(written)
        super().__init__(present=written, seen=self.stands)
        self.present.choices = [
            SelectChoice(
                seat.id,
                f"{seat.name}, {seat.school_class.label}",
                {"hint": gettext("substitute member")} if seat.is_substitute else {},
            )
            for seat in seats
        ]
        self.present.choices += [SelectChoice(one.member_id, one.name) for one in replaced]


class ApproveForm(Form):
    """What the minutes said when they were looked at."""

    seen = SeenField()


class ResultForm(Form):
    """What the council decided, and the hands that were counted."""

    yes = NumberField(N_("How many say yes?"), default=0, validators=[Optional(), NumberRange(0, MOST_HANDS)])
    no = NumberField(N_("How many say no?"), default=0, validators=[Optional(), NumberRange(0, MOST_HANDS)])
    abstain = NumberField(N_("How many do not know?"), default=0, validators=[Optional(), NumberRange(0, MOST_HANDS)])
    is_agreed = BooleanField(N_("All agreed, so we did not count hands"))
    result = RadioField(N_("What did you decide?"), coerce=AmendmentState, validators=[InputRequired()])
    revision = VersionField()

    def __init__(self, revision: int, written: Any = None) -> None:
        stood = {}
        if written:
            stood = {
                "yes": written.yes_count,
                "no": written.no_count,
                "abstain": written.abstain_count,
                "is_agreed": written.is_agreed,
                "result": written.result,
            }
        super().__init__(revision=revision, **stood)
        self.result.choices = [
            SelectChoice(AmendmentState.ADOPTED, gettext("Yes, we want it")),
            SelectChoice(AmendmentState.NOT_ADOPTED, gettext("No, we do not want it")),
            SelectChoice(AmendmentState.POSTPONED, gettext("We wait until the next meeting")),
        ]

    @property
    def hands(self) -> Hands:
        """The hands as they were typed; who is here is known elsewhere."""
        return Hands(self.yes.data or 0, self.no.data or 0, self.abstain.data or 0, is_agreed=self.is_agreed.data)


class RightResultForm(ResultForm):
    """What the council really decided, in place of the result that was seen."""

    seen = VersionField()

    def __init__(self, written: Vote | None) -> None:
        super().__init__(written.revision if written else 0, written)
        if not self.is_submitted():
            self.seen.data = written.id if written else 0


class SeatForm(Form):
    """Somebody who is at the meeting."""

    member = SelectField(N_("Who?"), coerce=int)

    def __init__(self, present: Iterable[Present]) -> None:
        super().__init__()
        self.member.choices = [SelectChoice(one.member_id, one.name) for one in present]


class DayForm(Form):
    """The day a meeting was held."""

    day = DateField(N_("On which day did you meet?"), validators=[InputRequired()])


class CloseForm(Form):
    """What was talked about although nothing is written of it."""

    reached = SelectMultipleField(N_("What did you talk about?"), coerce=int)

    def __init__(self, cards: Iterable[ItemCard]) -> None:
        super().__init__()
        self.reached.choices = [
            SelectChoice(card.id, card.title)
            for card in cards
            if card.state is ItemState.WAITING and not card.notes and card.result is None
        ]


class NotesForm(MeantForm):
    """What was said about one item."""

    notes = TextAreaField(N_("What did you talk about?"), validators=[Optional(), Length(max=LONGEST_NOTES)])
    version = VersionField()


class CorrectionForm(MeantForm):
    """What has to be put right in approved minutes."""

    text = TextAreaField(N_("What has to be put right?"), validators=[DataRequired(), Length(max=LONGEST_CORRECTION)])
