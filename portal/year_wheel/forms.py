"""The shape of what is noted of a duty, and of a duty itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.proofs import Per, Proof
from portal.web.dates import calendar
from portal.web.forms import DAY_FORMATS, Form, VersionField
from portal.web.language import gettext
from portal.year_wheel.delivered import AUGUST, JUNE
from portal.year_wheel.models import BY_HAND, DutyLine, Owner
from portal.year_wheel.services import Wanted
from portal.year_wheel.states import MONTHS, place_in_year

LONGEST_NOTE, LONGEST_TITLE, LONGEST_SHOWN = 200, 120, 90
OWNER_NAMES = {
    Owner.LEADERSHIP: N_("The leadership"),
    Owner.AKT: N_("The AKT team"),
    Owner.BOARD_SECRETARY: N_("The board's secretary"),
    Owner.MED: N_("The MED committee"),
    Owner.OFFICE: N_("The office"),
    Owner.CLASS_TEAM: N_("The class teams"),
    Owner.REPRESENTATIVES: N_("The parents' representatives"),
    Owner.CONTACT_TEACHER: N_("The contact teachers of the student councils"),
}
PER_NAMES = {
    Per.SCHOOL: N_("Once for the school"),
    Per.CLASS: N_("In every class"),
    Per.COUNCIL: N_("In every student council"),
}


class NoteForm(Form):
    """The day on which it was done, a line about it, and for whom."""

    done_on = DateField(N_("When was it done?"), format=DAY_FORMATS, validators=[InputRequired()])
    note = StringField(N_("A line about it"), validators=[Optional(), Length(max=LONGEST_NOTE)])
    whose = SelectMultipleField(N_("For whom?"), coerce=int)

    def __init__(self, today: date, per: Per, lacking: Iterable[tuple[int | None, str]]) -> None:
        offered = [(row_id, label) for row_id, label in lacking if row_id is not None]
        super().__init__(done_on=today, whose=[row_id for row_id, _ in offered])
        self.whose.choices = [SelectChoice(row_id, label) for row_id, label in offered]
        if per is Per.SCHOOL:
            del self.whose

    @property
    def chosen(self) -> list[int | None]:
        """For which classes or councils; the school where there is nothing to choose."""
        return list(self.whose.data or ()) if "whose" in self else [None]


class DutyForm(Form):
    """What a duty is called, who sees to it and when, what proves it, and which points of the strategy ask for it."""

    title = StringField(N_("What is to be done?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    per = SelectField(N_("How often in the school?"), coerce=Per)
    owner = SelectField(N_("Who sees to it?"), coerce=Owner)
    opens_in = SelectField(N_("From the beginning of"), coerce=int)
    closes_in = SelectField(N_("Until the end of"), coerce=int)
    proofs = SelectMultipleField(N_("How does it show that it was done?"))
    points = SelectMultipleField(N_("Which points of the strategy ask for it?"))
    version = VersionField()

    def __init__(
        self, duty: DutyLine | None, title: str, proofs: Iterable[Proof], clauses: Iterable[tuple[str, str]]
    ) -> None:
        if duty is None:
            super().__init__(owner=Owner.LEADERSHIP, per=Per.SCHOOL, proofs=[BY_HAND], opens_in=AUGUST, closes_in=JUNE)
        else:
            super().__init__(
                title=title,
                per=duty.per,
                owner=duty.owner,
                opens_in=duty.opens_in,
                closes_in=duty.closes_in,
                proofs=list(duty.proofs),
                points=list(duty.points),
                version=duty.version,
            )
        self.per.choices = [SelectChoice(per, gettext(name)) for per, name in PER_NAMES.items()]
        self.owner.choices = [SelectChoice(owner, gettext(name)) for owner, name in OWNER_NAMES.items()]
        in_order, months = sorted(range(1, MONTHS + 1), key=place_in_year), calendar().months
        self.opens_in.choices = [SelectChoice(month, months[month]) for month in in_order]
        self.closes_in.choices = [SelectChoice(month, months[month]) for month in in_order]
        known = {proof.kind: proof.words for proof in proofs if duty is None or proof.per is duty.per}
        missing = {kind: kind for kind in duty.proofs if kind not in known and kind != BY_HAND} if duty else {}
        self.proofs.choices = [
            SelectChoice(BY_HAND, gettext("Somebody notes it")),
            *(SelectChoice(kind, gettext(words)) for kind, words in known.items()),
            *(SelectChoice(kind, kind) for kind in missing),
        ]
        self.points.choices = [SelectChoice(key, text[:LONGEST_SHOWN]) for key, text in clauses]
        if duty is not None:
            del self.per

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(
            title=self.title.data or "",
            owner=self.owner.data,
            opens_in=self.opens_in.data,
            closes_in=self.closes_in.data,
            proofs=tuple(self.proofs.data or ()),
            points=tuple(self.points.data or ()),
        )
