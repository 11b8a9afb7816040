"""The way of an amendment: every step it can take, as one table and one pure function (domain 3.3).

Whatever does not stand in `STEPS` is refused. Nothing here knows the database or who is signed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.errors import N_, Conflict, RuleViolation
from portal.strategy.kinds import AmendmentState as State
from portal.strategy.kinds import Phase


class Mover(StrEnum):
    """As what somebody, or the portal itself, moves an amendment."""

    MEMBER = "member"
    AUTHOR = "author"
    FACILITATOR = "facilitator"
    SESSION = "session"
    LEADERSHIP = "leadership"
    SECRETARY = "secretary"
    PUBLISHING = "publishing"
    CLOSING = "closing"


class Need(StrEnum):
    """What must be there before a step is taken."""

    TEXT = "text"
    REASON = "reason"
    NO_OPEN_VOTE = "no_open_vote"
    NOTE = "note"
    TARGET = "target"
    DECISION = "decision"
    SENT_BACK = "sent_back"
    QUESTION = "question"
    BOARD_REASON = "board_reason"
    CHILD_REPLY = "child_reply"
    FINAL_TEXT = "final_text"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table; without `phases` it can be taken at any time, also between two reviews."""

    old: State | None
    new: State
    movers: frozenset[Mover]
    phases: frozenset[Phase] | None = None
    needs: frozenset[Need] = frozenset()


def _steps(
    olds: Iterable[State | None],
    news: Iterable[State],
    movers: Iterable[Mover],
    *,
    phases: Iterable[Phase] | None = None,
    needs: Iterable[Need] = (),
) -> list[Step]:
    when = None if phases is None else frozenset(phases)
    return [Step(old, new, frozenset(movers), when, frozenset(needs)) for old in olds for new in list(news)]


STEPS: tuple[Step, ...] = (
    *_steps([None], [State.DRAFT], [Mover.MEMBER, Mover.FACILITATOR]),
    *_steps(
        [State.DRAFT],
        [State.IN_COUNCIL],
        [Mover.AUTHOR, Mover.FACILITATOR],
        phases=[Phase.COUNCIL],
        needs=[Need.TEXT, Need.REASON],
    ),
    *_steps([State.DRAFT, State.IN_COUNCIL], [State.WITHDRAWN], [Mover.AUTHOR], needs=[Need.NO_OPEN_VOTE]),
    *_steps(
        [State.DRAFT, State.IN_COUNCIL],
        [State.WITHDRAWN],
        [Mover.FACILITATOR],
        needs=[Need.NO_OPEN_VOTE, Need.NOTE],
    ),
    *_steps([State.IN_COUNCIL], [State.MERGED], [Mover.FACILITATOR], needs=[Need.NO_OPEN_VOTE, Need.TARGET]),
    *_steps([State.IN_COUNCIL], [State.ADOPTED, State.NOT_ADOPTED], [Mover.SESSION], needs=[Need.DECISION]),
    *_steps([State.IN_COUNCIL], [State.POSTPONED], [Mover.SESSION]),
    *_steps([State.POSTPONED], [State.IN_COUNCIL], [Mover.SESSION]),
    *_steps([State.ADOPTED], [State.FORWARDED], [Mover.FACILITATOR], phases=[Phase.COUNCIL]),
    *_steps([State.ADOPTED], [State.FORWARDED], [Mover.FACILITATOR], phases=[Phase.HEARING], needs=[Need.SENT_BACK]),
    *_steps([State.FORWARDED], [State.IN_COUNCIL], [Mover.LEADERSHIP], phases=[Phase.HEARING], needs=[Need.QUESTION]),
    *_steps(
        [State.FORWARDED],
        [State.APPROVED, State.REJECTED, State.DEFERRED],
        [Mover.SECRETARY],
        phases=[Phase.BOARD],
        needs=[Need.BOARD_REASON, Need.CHILD_REPLY],
    ),
    *_steps(
        [State.FORWARDED],
        [State.APPROVED_CHANGED],
        [Mover.SECRETARY],
        phases=[Phase.BOARD],
        needs=[Need.BOARD_REASON, Need.CHILD_REPLY, Need.FINAL_TEXT],
    ),
    *_steps([State.APPROVED, State.APPROVED_CHANGED], [State.IN_EDITION], [Mover.PUBLISHING], needs=[Need.EDITION]),
    *_steps([State.DEFERRED], [State.IN_COUNCIL], [Mover.CLOSING], phases=[Phase.CLOSED]),
)

#: What closing a review takes along into the next one, and the state it has there.
CARRIED_OVER: dict[State, State] = {
    State.DRAFT: State.DRAFT,
    State.IN_COUNCIL: State.IN_COUNCIL,
    State.POSTPONED: State.POSTPONED,
    State.ADOPTED: State.ADOPTED,
    State.DEFERRED: State.IN_COUNCIL,
}

_NOT_NOW = N_("That cannot be done any more. Look at the suggestion again: somebody may have been here before you.")
_NOT_YOURS = N_("That is for somebody else to do.")
_WAITS = N_("Your suggestion is safe. It waits here until the council's time of the year begins.")
_OTHER_PHASE = N_("That belongs to another time of the year's review.")
_MISSING: dict[Need, str] = {
    Need.TEXT: N_("Write the new words first."),
    Need.REASON: N_("Write why first. Then the others understand your idea."),
    Need.NO_OPEN_VOTE: N_("The council is deciding about it right now. Wait until the meeting is over."),
    Need.NOTE: N_("Write why you take it back. The pupil who wrote it will read that."),
    Need.TARGET: N_("Choose the suggestion it becomes a part of."),
    Need.DECISION: N_("The words have changed since the council decided. Decide about the new words."),
    Need.SENT_BACK: N_("Only a suggestion that was sent back can be sent on at this time of the year."),
    Need.QUESTION: N_("Write what the council is asked."),
    Need.BOARD_REASON: N_("Write the board's reason."),
    Need.CHILD_REPLY: N_("Write the answer to the pupils, in words they understand."),
    Need.FINAL_TEXT: N_("Write the words the board decided on."),
    Need.EDITION: N_("The new edition does not hold these words."),
}


def check_step(old: State | None, new: State, *, mover: Mover, phase: Phase | None, given: Iterable[Need] = ()) -> None:
    """Let a step of the table pass, and refuse everything else.

    `phase` is None while no review is open. Raises Conflict for a step that does not lead on from where the amendment
    is, and RuleViolation for one that is not this mover's, not for this phase, or lacks what it needs.
    """
    steps = [step for step in STEPS if step.old is old and step.new is new]
    if not steps:
        raise Conflict(_NOT_NOW)
    steps = [step for step in steps if mover in step.movers]
    if not steps:
        raise RuleViolation(_NOT_YOURS)
    in_time = [step for step in steps if step.phases is None or phase in step.phases]
    if not in_time:
        raise RuleViolation(_WAITS if new is State.IN_COUNCIL and old is State.DRAFT else _OTHER_PHASE)
    missing = sorted(in_time[0].needs.difference(given), key=list(Need).index)
    if missing:
        raise RuleViolation(_MISSING[missing[0]])
