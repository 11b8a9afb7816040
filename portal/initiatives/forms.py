"""The shape of what is begun, and of how it went."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, DateField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.initiatives.models import Initiative
from portal.initiatives.services import InitiativePlan
from portal.web.forms import DAY_FORMATS, Form, VersionField

LONGEST_TITLE = 80
LONGEST_TEXT = 1_000


class InitiativeForm(Form):
    """What is done, from when to when, and which promises of the strategy it is about.

    A point that has gone from the strategy meanwhile is the service's to refuse, in words that say so.
    """

    title = StringField(N_("What do you do?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    details = TextAreaField(N_("How do you do it?"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    starts_on = DateField(N_("The first day"), format=DAY_FORMATS, validators=[InputRequired()])
    ends_on = DateField(N_("The last day, as you expect it"), format=DAY_FORMATS, validators=[InputRequired()])
    keys = SelectMultipleField(N_("Which points of our strategy is it about?"), validate_choice=False)
    with_akt = BooleanField(N_("AKT helps us with it"))
    version = VersionField()

    def offer(self, points: Iterable[tuple[str, str]], *, asks_akt: bool) -> None:
        """Let these promises be chosen; AKT is in what a class does, and in nothing else."""
        self.keys.choices = [SelectChoice(key, words) for key, words in points]
        if not asks_akt:
            del self.with_akt

    @property
    def plan(self) -> InitiativePlan:
        """What was typed."""
        return InitiativePlan(
            self.title.data,
            self.details.data or "",
            self.starts_on.data,
            self.ends_on.data,
            frozenset(self.keys.data or ()),
            with_akt="with_akt" in self and bool(self.with_akt.data),
        )


class CloseForm(Form):
    """How it went, and the last day on which it was done."""

    outcome = TextAreaField(N_("How did it go?"), validators=[DataRequired(), Length(max=LONGEST_TEXT)])
    closed_on = DateField(N_("The last day you did it"), format=DAY_FORMATS, validators=[InputRequired()])
    version = VersionField()


class OutcomeForm(Form):
    """How it went, put right."""

    outcome = TextAreaField(N_("How did it go?"), validators=[DataRequired(), Length(max=LONGEST_TEXT)])
    version = VersionField()


def as_typed(initiative: Initiative, keys: Iterable[str]) -> dict[str, Any]:
    """An initiative as its form holds it."""
    return {
        "title": initiative.title,
        "details": initiative.details,
        "starts_on": initiative.starts_on,
        "ends_on": initiative.ends_on,
        "keys": list(keys),
        "with_akt": initiative.with_akt,
        "version": initiative.version,
    }
