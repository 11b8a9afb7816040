"""What somebody can press next on a suggestion: the same rules that the services check, as buttons (domain 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal.people import Person
from portal.policy import Action, can
from portal.strategy.amendments.models import AnyAmendment
from portal.strategy.amendments.steps import OUTCOMES
from portal.strategy.decisions.queries import was_decided_in
from portal.strategy.forwarding.queries import was_sent_back
from portal.strategy.kinds import AmendmentSource, AmendmentState, Phase
from portal.web.language import gettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class Press:
    """One thing to do with a suggestion: what the button says, and the page it opens."""

    label: str
    url: str
    is_main: bool = False


def presses(person: Person, amendment: AnyAmendment, cycle: Any) -> list[Press]:
    """What the person can do with an amendment on its way up, in this phase; the most pressing first."""
    found = []
    if can(person, Action.AMENDMENT_FORWARD, amendment) and may_leave(amendment, cycle):
        label = gettext("Send it to the councils and the board") if _is_staffs(amendment) else gettext("Send it on")
        found.append(_press(label, "forwarding.forward_amendment", amendment))
    if amendment.state is AmendmentState.FORWARDED:
        phase = cycle.phase if cycle else None
        found += [*_in_hearing(person, amendment, phase), *_answers(person, amendment, phase)]
    if may_put_right(amendment, cycle) and can(person, Action.BOARD_RECORD):
        return [_press(gettext("Put the decision right"), "decisions.correct_decision", amendment)]
    return [replace(press, is_main=place == 0) for place, press in enumerate(found)]


def _press(label: str, endpoint: str, amendment: AnyAmendment) -> Press:
    return Press(label, url_for(f"strategy.{endpoint}", amendment_id=amendment.id))


def _is_staffs(amendment: AnyAmendment) -> bool:
    return amendment.source is AmendmentSource.STAFF


def may_leave(amendment: AnyAmendment, cycle: Any) -> bool:
    """Whether an amendment can be sent on at this moment, whoever does it."""
    if cycle is None:
        return False
    if _is_staffs(amendment):
        is_ready = amendment.state is AmendmentState.DRAFT and amendment.reason
        return bool(is_ready) and cycle.phase in (Phase.COUNCIL, Phase.HEARING)
    if amendment.state is not AmendmentState.ADOPTED:
        return False
    return cycle.phase is Phase.COUNCIL or (
        cycle.phase is Phase.HEARING and was_sent_back(amendment.id, since=cycle.opened_at)
    )


def may_put_right(amendment: AnyAmendment, cycle: Any) -> bool:
    """Whether what the board decided can be put right at this moment: it is of this review, which is the board's."""
    if amendment.state not in OUTCOMES or cycle is None or cycle.phase is not Phase.BOARD:
        return False
    return was_decided_in(amendment.id, cycle.id)


def _in_hearing(person: Person, amendment: AnyAmendment, phase: Phase | None) -> list[Press]:
    if phase not in (Phase.HEARING, Phase.BOARD):
        return []
    if can(person, Action.STATEMENT_READ, amendment):
        return [_press(gettext("What the grown-ups say"), "hearing.show_hearing", amendment)]
    if can(person, Action.COUNCIL_WORD_WRITE, amendment):
        return [_press(gettext("Write what your council thinks"), "hearing.show_hearing", amendment)]
    return []


def _answers(person: Person, amendment: AnyAmendment, phase: Phase | None) -> list[Press]:
    found = []
    if phase is Phase.BOARD and can(person, Action.BOARD_RECORD):
        page = url_for("strategy.decisions.record_decisions", _anchor=f"suggestion-{amendment.id}")
        found.append(Press(gettext("Write down what the board decided"), page))
    if not _is_staffs(amendment) and can(person, Action.AMENDMENT_ANSWER, amendment):
        found.append(_press(gettext("Write back to the pupils"), "forwarding.new_word", amendment))
        if phase is Phase.HEARING:
            found.append(_press(gettext("Send it back with a question"), "forwarding.ask_council", amendment))
    return found
