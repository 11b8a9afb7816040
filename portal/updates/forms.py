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
from portal.updates.headings import HEADINGS, Part, divide, join, without_unfilled
from portal.web.forms import DAY_FORMATS, TIME_FORMATS, Form, VersionField
from portal.web.language import LANGUAGES, catalogue_of, gettext

LONGEST_TITLE = 120
LONGEST_BODY = 20_000
#: The boxes of a text: above every heading, and under each of them.
BOXES = ("body", "doing", "working_on", "at_home", "coming")


class UpdateForm(Form):
    """A heading and a text."""

    title = StringField(N_("Heading"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("What you want to tell the homes"), validators=[Optional(), Length(max=LONGEST_BODY)])


class BoxesForm(UpdateForm):
    """A text in boxes: `body` above every heading, and one under each of the strategy's four.

    What is stored is one Markdown text (`text`); the boxes are made from it (`written`) and joined into it again.
    """

    doing = TextAreaField(HEADINGS[0], validators=[Optional(), Length(max=LONGEST_BODY)])
    working_on = TextAreaField(HEADINGS[1], validators=[Optional(), Length(max=LONGEST_BODY)])
    at_home = TextAreaField(HEADINGS[2], validators=[Optional(), Length(max=LONGEST_BODY)])
    coming = TextAreaField(HEADINGS[3], validators=[Optional(), Length(max=LONGEST_BODY)])

    def __init__(self, written: str = "", **kwargs: Any) -> None:
        self._written, self._parts = written, divide(written, _in_every_language())
        super().__init__(**dict(zip(BOXES, (part.text for part in self._parts), strict=True)), **kwargs)
        for field, part in zip(self._every_box, self._parts, strict=True):
            if self.is_submitted() and not field.raw_data:
                field.data = ""  # a box that was not on the page says nothing, whatever is stored
            field.label.text = part.heading or field.label.text
            field.flags.optional = False  # said once, above all of them

    @property
    def _every_box(self) -> list[TextAreaField]:
        return [self[name] for name in BOXES]

    @property
    def _is_divided(self) -> bool:
        """Whether the four are used or offered: in the text, in the stored one, or on the page that was sent."""
        above, *under = self._every_box
        is_sent = self.is_submitted() and not above.raw_data and any(field.raw_data for field in under)
        return is_sent or any(field.data for field in under) or any(part.heading for part in self._parts)

    @property
    def boxes(self) -> list[TextAreaField]:
        """The boxes to show: the four, and above them the one without a heading if it says something; or it alone."""
        above, *under = self._every_box
        if not self._is_divided:
            return [above]
        return [above, *under] if above.data else under

    @property
    def text(self) -> str:
        """The whole as one Markdown text; the very text it was made from where nothing was changed."""
        above, *under = self._every_box
        if [field.data or "" for field in self._every_box] == [part.text for part in self._parts]:
            return self._written
        shown = [field for field in under if field.data or (field.raw_data and self._is_divided)]
        return join([Part("", above.data or ""), *(Part(field.label.text, field.data or "") for field in shown)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the whole as well: the boxes together are no longer than one text may be."""
        is_valid = super().validate(extra_validators)
        if is_valid and len(self.text) > LONGEST_BODY:
            self.boxes[0].errors = [gettext("Field cannot be longer than %(max)d characters.") % {"max": LONGEST_BODY}]
            return False
        return is_valid


def _in_every_language() -> list[set[str]]:
    return [{catalogue_of(language).gettext(heading) for language in LANGUAGES} for heading in HEADINGS]


class NewUpdateForm(BoxesForm):
    """A first draft: there are words in one of the boxes."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for words in the first box where there are none in any."""
        is_valid = super().validate(extra_validators)
        if not without_unfilled(self.text):
            self.boxes[0].errors = [gettext("This field is required.")]
            return False
        return is_valid


class EditUpdateForm(NewUpdateForm):
    """A changed draft, with the version that was opened."""

    version = VersionField()


class UnfinishedForm(BoxesForm):
    """What stands there while somebody writes: nothing has to be filled in yet."""

    title = StringField(N_("Heading"), validators=[Optional(), Length(max=LONGEST_TITLE)])
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


class CorrectForm(NewUpdateForm, AgreedForm):
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
