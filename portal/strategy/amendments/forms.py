"""The shape of what councils write: one question on each page."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.people import Person
from portal.policy.predicates import hears
from portal.strategy.amendments.presenters import AmendmentItem
from portal.strategy.kinds import AmendmentKind
from portal.web.forms import Form, VersionField
from portal.web.language import gettext

LONGEST_WORDING = 2_000
LONGEST_REASON = 1_000
LONGEST_TITLE = 60


class InCouncilForm(Form):
    """Something written in a council; those who help several choose one of them."""

    council = RadioField(N_("In which council?"), coerce=int, validators=[InputRequired()])

    def for_speaker(self, person: Person) -> None:
        """Offer the councils in which the person speaks; with only one there is nothing to choose."""
        ids = sorted(person.speaks_in | person.facilitates)
        self.only_council = ids[0] if len(ids) == 1 else 0
        if self.only_council:
            del self.council
        else:
            self.council.choices = [SelectChoice(id, person.council_names[id]) for id in ids]

    @property
    def council_id(self) -> int:
        """The council it is written in."""
        return int(self.only_council or self.council.data)


#: In place of a council's id: the staff's own suggestion.
STAFFS = 0


class DraftForm(InCouncilForm):
    """The first question of an amendment: the new words, or why a clause is to go.

    Who has a role in the hearing writes the staff's own; who helps a council too says whose it is.
    """

    new_text = TextAreaField(N_("What shall it say?"), validators=[DataRequired(), Length(max=LONGEST_WORDING)])
    reason = TextAreaField(N_("Why shall it go?"), validators=[DataRequired(), Length(max=LONGEST_REASON)])

    def __init__(self, person: Person, kind: AmendmentKind, *, new_text: str = "") -> None:
        super().__init__(new_text=new_text)
        self.for_writer(person)
        if kind is AmendmentKind.REMOVE:
            del self.new_text
        else:
            del self.reason

    def for_writer(self, person: Person) -> None:
        """Offer the councils in which the person speaks, and the staff to those who write its suggestions."""
        if not hears(person, None):
            self.for_speaker(person)
            return
        ids = sorted(person.speaks_in | person.facilitates)
        self.only_council = STAFFS
        if ids:
            self.council.choices = [
                *(SelectChoice(id, person.council_names[id]) for id in ids),
                SelectChoice(STAFFS, gettext("The grown-ups at the school")),
            ]
        else:
            del self.council

    @property
    def source_id(self) -> int | None:
        """The council it comes from; None for the staff."""
        chosen = self.only_council or (self.council.data if self.council else STAFFS)
        return int(chosen) or None


class WordingForm(Form):
    """Other words for an amendment."""

    new_text = TextAreaField(N_("What shall it say?"), validators=[DataRequired(), Length(max=LONGEST_WORDING)])
    version = VersionField()


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(N_("Why is that better?"), validators=[DataRequired(), Length(max=LONGEST_REASON)])
    version = VersionField()


class TitleForm(Form):
    """What it is called."""

    title = StringField(N_("What is your suggestion called?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    version = VersionField()


class SubmitForm(Form):
    """Yes, show it to the council: the version that was looked at."""

    version = VersionField()


class WithdrawForm(Form):
    """Why it is taken back; the pupil who wrote it need not say."""

    note = TextAreaField(N_("Why do you take it back?"), validators=[Optional(), Length(max=LONGEST_REASON)])


class MergeForm(Form):
    """Which other amendment it becomes a part of."""

    into = RadioField(N_("Which suggestion does it become a part of?"), coerce=int, validators=[InputRequired()])

    def __init__(self, targets: Iterable[AmendmentItem]) -> None:
        super().__init__()
        self.into.choices = [
            SelectChoice(one.id, one.title, {"hint": f"{one.wants}: {one.heading}"}) for one in targets
        ]
