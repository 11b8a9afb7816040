"""The shape of the board's page: one meeting, and for each suggestion an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.steps import OUTCOMES
from portal.strategy.changes import Text
from portal.strategy.decisions.models import Decision, DecisionDraft
from portal.strategy.decisions.services import Answer, Typed, faults_of, stamp_of, typed_of
from portal.strategy.kinds import AmendmentState
from portal.web.forms import SeenField
from portal.web.language import gettext

LONGEST_REASON = 2_000
LONGEST_REPLY = 2_000
LONGEST_WORDING = 2_000
LONGEST_MEETING = 120
OUTCOME_NAMES: dict[AmendmentState, str] = {
    AmendmentState.APPROVED: N_("Yes"),
    AmendmentState.APPROVED_CHANGED: N_("Yes, in other words"),
    AmendmentState.REJECTED: N_("No"),
    AmendmentState.DEFERRED: N_("Next year"),
}
_ROW = re.compile(r"(?:reason|child_reply|final_text)_(\d{1,9})")


class MeetingForm(MeantForm):
    """The meeting at which the board decided, and a row for each suggestion with its council's name."""

    decided_on = DateField(N_("When did the board decide?"), validators=[DataRequired()])
    meeting = StringField(N_("At which meeting?"), validators=[Optional(), Length(max=LONGEST_MEETING)])
    row_fields = {
        "outcome": RadioField(N_("What did the board decide?"), validators=[Optional()]),
        "final_text": TextAreaField(N_("The board's own words"), validators=[Optional(), Length(max=LONGEST_WORDING)]),
        "reason": TextAreaField(N_("Why? The board's reason"), validators=[Optional(), Length(max=LONGEST_REASON)]),
        "child_reply": TextAreaField(
            N_("The reply to the children"), validators=[Optional(), Length(max=LONGEST_REPLY)]
        ),
        "seen": SeenField(validators=[Optional()]),
    }

    def __init__(self, rows: Sequence[tuple[Amendment, str]], drafts: Mapping[int, DecisionDraft], today: date) -> None:
        self.rows = rows
        values: dict[str, Any] = {"decided_on": today}
        for amendment, _ in rows:
            typed = typed_of(drafts.get(amendment.id))
            outcome = typed.outcome.value if typed.outcome else ""
            kept = (outcome, typed.final_text, typed.reason, typed.child_reply, typed.stamp)
            values |= {f"{name}_{amendment.id}": one for name, one in zip(self.row_fields, kept, strict=True)}
        super().__init__(**values)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read the form; before that the rows get their fields."""
        for amendment, _ in self.rows:
            for name, unbound in self.row_fields.items():
                row = {"name": f"{name}_{amendment.id}", "prefix": ""}
                field = self._fields[row["name"]] = self.meta.bind_field(self, unbound, row)
                field.flags.optional = name == "final_text"  # a decision needs the others, an unfinished row nothing
                if name == "outcome":
                    field.choices = _outcomes()
        super().process(*args, **kwargs)

    def typed(self, amendment: Amendment) -> Typed:
        """What stands in one suggestion's row."""
        outcome = self[f"outcome_{amendment.id}"].data
        return Typed(
            AmendmentState(outcome) if outcome in OUTCOMES else None,  # also in a form that was refused for it
            *(self[f"{name}_{amendment.id}"].data or "" for name in ("reason", "child_reply", "final_text")),
        )

    def seen(self, amendment: Amendment) -> str:
        """What stood in the row when the page was opened; nothing, when the form does not say."""
        return str(self[f"seen_{amendment.id}"].data or Typed().stamp)

    def go_on_in(self, amendment: Amendment, kept: Typed) -> None:
        """Let the next press on a row be on top of what a colleague has kept in it."""
        field = self[f"seen_{amendment.id}"]
        field.raw_data, field.data = None, kept.stamp

    def check_answers(self, text: Text) -> bool:
        """Whether every answer that is chosen is whole; what is missing is said at its row. `text` holds now."""
        is_whole = True
        for amendment, _ in self.rows:
            answer = self.typed(amendment).answer
            for name, fault in (faults_of(amendment, answer, text) if answer else {}).items():
                field = self[f"{name}_{amendment.id}"]
                field.errors = [*field.errors, gettext(fault)]
                is_whole = False
        return is_whole


class CorrectionForm(MeantForm):
    """What the board really decided, and what was wrong in what stood there."""

    outcome = RadioField(N_("What did the board decide?"), validators=[InputRequired()])
    final_text = TextAreaField(N_("The board's own words"), validators=[Optional(), Length(max=LONGEST_WORDING)])
    reason = TextAreaField(N_("Why? The board's reason"), validators=[DataRequired(), Length(max=LONGEST_REASON)])
    child_reply = TextAreaField(N_("The reply to the children"), validators=[DataRequired(), Length(max=LONGEST_REPLY)])
    why = TextAreaField(N_("What was wrong?"), validators=[DataRequired(), Length(max=LONGEST_REASON)])
    seen = SeenField(validators=[Optional()])

    def __init__(self, decision: Decision) -> None:
        words = decision.final_text if decision.outcome is AmendmentState.APPROVED_CHANGED else ""
        super().__init__(
            outcome=decision.outcome.value,
            final_text=words,
            reason=decision.reason,
            child_reply=decision.child_reply,
            seen=stamp_of(decision),
        )
        self.outcome.choices = [SelectChoice(each.value, gettext(OUTCOME_NAMES[each])) for each in OUTCOMES]

    @property
    def answer(self) -> Answer:
        """The board's answer as it is to stand."""
        outcome = AmendmentState(self.outcome.data)
        words = self.final_text.data or "" if outcome is AmendmentState.APPROVED_CHANGED else ""
        return Answer(outcome, self.reason.data, self.child_reply.data, words)


def _outcomes() -> list[SelectChoice]:
    named = (SelectChoice(outcome.value, gettext(OUTCOME_NAMES[outcome])) for outcome in OUTCOMES)
    return [SelectChoice("", gettext("Not decided yet")), *named]


@dataclass(frozen=True, slots=True)
class Orphan:
    """What was typed about a suggestion that does not wait for the board any more."""

    amendment_id: int
    texts: tuple[str, ...]


def orphans(open_ids: Sequence[int]) -> list[Orphan]:
    """What this request writes about suggestions that have no row any more: it is shown, so that nothing is lost."""
    sent = request.form
    gone = {int(row[1]) for name in sent if (row := _ROW.fullmatch(name))} - set(open_ids)
    found = []
    for amendment_id in sorted(gone):
        words = [sent.get(f"{name}_{amendment_id}", "").strip() for name in ("reason", "child_reply", "final_text")]
        outcome = sent.get(f"outcome_{amendment_id}", "")
        typed = Typed(next((each for each in OUTCOMES if each.value == outcome), None), *words)
        if any(words) and typed.stamp != sent.get(f"seen_{amendment_id}"):
            found.append(Orphan(amendment_id, tuple(filter(None, words))))
    return found
