"""What the board's answer is called, as it is read aloud."""

from __future__ import annotations

from portal.errors import N_
from portal.strategy.kinds import AmendmentState
from portal.web.language import gettext

_OUTCOMES: dict[AmendmentState, str] = {
    AmendmentState.APPROVED: N_("The board says yes"),
    AmendmentState.APPROVED_CHANGED: N_("The board says yes, in its own words"),
    AmendmentState.REJECTED: N_("The board says no"),
    AmendmentState.DEFERRED: N_("The board takes it up again next year"),
}


def outcome_words(outcome: AmendmentState) -> str:
    """The answer in one short sentence."""
    return gettext(_OUTCOMES[outcome])
