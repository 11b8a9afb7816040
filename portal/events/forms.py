"""The shape of an event, an answer and the company from home. No field anywhere names whom to invite."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
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
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.errors import N_
from portal.events.models import Answer, Audience, ClassEvent, EventKind
from portal.events.services import EventPlan
from portal.people import ClassRef
from portal.text import clock
from portal.web.forms import DAY_FORMATS, TIME_FORMATS, Form, NumberField, OneOfField, SeenField, VersionField
from portal.web.language import gettext

LONGEST_TITLE = 120
LONGEST_PLACE = 120
LONGEST_DESCRIPTION = 5_000
LONGEST_BRING = 300
LONGEST_ADDRESS = 500
LARGEST_COST = 10_000
A_YEAR_OF_WEEKS = timedelta(weeks=52)
COMPANY = [SelectChoice(number, str(number)) for number in range(11)]

KIND_NAMES = {
    EventKind.GATHERING: N_("Being together"),
    EventKind.DINNER: N_("Eating together"),
    EventKind.OUTING: N_("An outing"),
    EventKind.SHARED_BIRTHDAY: N_("A shared birthday"),
    EventKind.WORK_DAY: N_("A work day"),
}
ANSWER_NAMES = {Answer.ACCEPTED: N_("Yes"), Answer.DECLINED: N_("No"), Answer.TENTATIVE: N_("Maybe")}


class EventForm(Form):
    """An event for a whole class. Whom it is for is not asked: it is for everybody."""

    title = StringField(N_("What are you going to do?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    kind = RadioField(N_("What kind of event is it?"), default=EventKind.GATHERING.value)
    day = DateField(N_("Which day?"), format=DAY_FORMATS, validators=[InputRequired()])
    begins = TimeField(N_("From"), format=TIME_FORMATS, validators=[InputRequired()])
    ends = TimeField(N_("To"), format=TIME_FORMATS, validators=[InputRequired()])
    ends_on = DateField(N_("Last day, if it is another one"), format=DAY_FORMATS, validators=[Optional()])
    place = StringField(N_("Where?"), validators=[DataRequired(), Length(max=LONGEST_PLACE)])
    description = TextAreaField(
        N_("What should the homes know?"), validators=[Optional(), Length(max=LONGEST_DESCRIPTION)]
    )
    cost_per_child = NumberField(
        N_("What does it cost per child, in kroner?"), validators=[Optional(), NumberRange(0, LARGEST_COST)]
    )
    rsvp_deadline = DateField(N_("When would you like the answers?"), format=DAY_FORMATS, validators=[Optional()])
    siblings_welcome = BooleanField(N_("Siblings are welcome"))
    bring = StringField(N_("What should they bring?"), validators=[Optional(), Length(max=LONGEST_BRING)])
    map_url = StringField(N_("A link to a map"), validators=[Optional(), Length(max=LONGEST_ADDRESS)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind.value, gettext(name)) for kind, name in KIND_NAMES.items()]

    @property
    def plan(self) -> EventPlan:
        """What was typed."""
        return EventPlan(
            kind=EventKind(self.kind.data),
            title=self.title.data,
            description=self.description.data or "",
            day=self.day.data,
            begins=self.begins.data,
            ends_on=self.ends_on.data,
            ends=self.ends.data,
            place=self.place.data,
            cost_per_child=self.cost_per_child.data or 0,
            rsvp_deadline=self.rsvp_deadline.data,
            siblings_welcome=self.siblings_welcome.data,
            bring=self.bring.data or "",
            map_url=self.map_url.data or "",
        )


class EditEventForm(EventForm):
    """A changed event, with the version that was opened."""

    version = VersionField()

    def __init__(self, event: ClassEvent) -> None:
        begins, ends = clock.local(event.starts_at), clock.local(event.ends_at)
        is_one_day = begins.date() == ends.date()
        super().__init__(
            obj=event,
            day=begins.date(),
            begins=begins.time(),
            ends=ends.time(),
            ends_on=None if is_one_day else ends.date(),
        )


class NewEventForm(EventForm):
    """An event to come: new, or like one from before; and which other whole classes are invited as well."""

    also = SelectMultipleField(N_("Invite these classes as well"), coerce=int)

    def __init__(self, others: Iterable[ClassRef], *, before: ClassEvent | None) -> None:
        super().__init__(data=_like(before) if before is not None else None)
        self.also.choices = [SelectChoice(ref.id, ref.label) for ref in others]

    @property
    def also_class_ids(self) -> list[int]:
        """The other classes that were ticked, of those that were offered."""
        offered = {choice.value for choice in self.also.choices}
        return [class_id for class_id in self.also.data or () if class_id in offered]


def _like(event: ClassEvent) -> dict[str, Any]:
    """All of an event again but its answers: a whole number of years of weeks later, so on the same weekday."""
    begins, ends = clock.local(event.starts_at), clock.local(event.ends_at)
    today, later = clock.today(), A_YEAR_OF_WEEKS
    while begins.date() + later <= today:
        later += A_YEAR_OF_WEEKS
    is_one_day = begins.date() == ends.date()
    return {
        "title": event.title,
        "kind": event.kind.value,
        "place": event.place,
        "description": event.description,
        "cost_per_child": event.cost_per_child or None,
        "siblings_welcome": event.siblings_welcome,
        "bring": event.bring,
        "map_url": event.map_url,
        "day": begins.date() + later,
        "begins": begins.time(),
        "ends": ends.time(),
        "ends_on": None if is_one_day else ends.date() + later,
        "rsvp_deadline": event.rsvp_deadline + later if event.rsvp_deadline else None,
        "also": list(event.class_ids) if event.audience == Audience.CLASSES else [],
    }


class HiddenChoice(SelectField):
    """A choice that a button carries along."""

    widget = HiddenInput()


class AnswerForm(Form):
    """One press: this child, that answer, to the event as it was seen. The children to choose from are one's own."""

    pupil_id = HiddenChoice(coerce=int)
    answer = HiddenChoice(choices=[SelectChoice(answer.value, answer.value) for answer in ANSWER_NAMES])
    seen = SeenField()

    def __init__(self, pupil_ids: Iterable[int]) -> None:
        super().__init__()
        self.pupil_id.choices = [SelectChoice(pupil_id, "") for pupil_id in pupil_ids]


class HomesAnswerForm(Form):
    """What a home has told the class team of the event as it was seen."""

    pupil_id = OneOfField(N_("Which child?"), N_("Choose a child"))
    answer = RadioField(N_("What did the home say?"))
    seen = SeenField()

    def __init__(self, children: Iterable[tuple[int, str]], *, asked_anew: str) -> None:
        super().__init__(seen=asked_anew)
        self.pupil_id.offer(children)
        self.answer.choices = [SelectChoice(answer.value, gettext(name)) for answer, name in ANSWER_NAMES.items()]


class CompanyForm(Form):
    """How many come along from home, besides the child."""

    adults = SelectField(N_("Adults"), coerce=int, choices=COMPANY)
    siblings = SelectField(N_("Siblings"), coerce=int, choices=COMPANY)
