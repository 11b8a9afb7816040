"""The shape of what a class team writes, and of the press that sends it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, DateField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.name_guard.forms import AgreedForm
from portal.updates.desk.sending import Sending
from portal.web.forms import DAY_FORMATS, TIME_FORMATS, Form, VersionField

LONGEST_TITLE = 120
LONGEST_BODY = 20_000


class UpdateForm(Form):
    """A heading and a text."""

    title = StringField(N_("Heading"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("What you want to tell the homes"), validators=[DataRequired(), Length(max=LONGEST_BODY)])


class EditUpdateForm(UpdateForm):
    """A changed draft, with the version that was opened."""

    version = VersionField()


class UnfinishedForm(Form):
    """What stands there while somebody writes: nothing has to be filled in yet."""

    title = StringField(N_("Heading"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("What you want to tell the homes"), validators=[Optional(), Length(max=LONGEST_BODY)])
    version = VersionField()


class SendForm(AgreedForm):
    """Yes, send it: the version that was looked at, and to which other classes of one's own."""

    version = VersionField()
    also = SelectMultipleField(N_("Send it to these classes as well"), coerce=int)
    day = DateField(N_("Day"), format=DAY_FORMATS, validators=[Optional()])
    wall_time = TimeField(N_("Time"), format=TIME_FORMATS, validators=[Optional()])

    def __init__(self, *, others: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.also.choices = [SelectChoice(class_id, words) for class_id, words in others]
        for field in (self.day, self.wall_time):  # who sends it now leaves them alone; who does not needs them
            field.flags.optional = False

    @property
    def also_class_ids(self) -> list[int]:
        """The other classes that were ticked, of those that were offered: also where the form is refused."""
        offered = {choice.value for choice in self.also.choices}
        return [class_id for class_id in self.also.data or () if class_id in offered]

    @property
    def sending(self) -> Sending:
        """What was said with the press."""
        return Sending(self.version.data, frozenset(self.agreed_names), frozenset(self.also_class_ids))


class ScheduleForm(SendForm):
    """The same, at an hour."""

    day = DateField(N_("Day"), format=DAY_FORMATS, validators=[InputRequired()])
    wall_time = TimeField(N_("Time"), format=TIME_FORMATS, validators=[InputRequired()])


class CorrectForm(UpdateForm, AgreedForm):
    """Other words for what the homes can read."""

    tells_again = BooleanField(N_("Tell the homes that something has changed"))
    version = VersionField()

    @property
    def sending(self) -> Sending:
        """What was said with the press."""
        return Sending(self.version.data, frozenset(self.agreed_names))


class ClausesForm(Form):
    """Which promises of the strategy a text is about."""

    keys = SelectMultipleField(N_("Which points of our strategy is it about?"))

    def __init__(self, clauses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keys.choices = [SelectChoice(key, words) for key, words in clauses]
