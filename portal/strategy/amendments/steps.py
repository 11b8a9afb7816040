"""The way of an amendment: every step it can take, as one table and one pure function (domain 3.3).

Whatever does not stand in `STEPS` is refused. Nothing here knows the database or who is signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from portal.errors import N_, Conflict, RuleViolation
from portal.strategy.kinds import AmendmentState as State
from portal.strategy.kinds import Phase


class Mover(StrEnum):
    """As what somebody, or the portal itself, moves an amendment.

    A host is what others became a part of; a correction puts right what was typed about a meeting.
    """

    MEMBER = "member"
    AUTHOR = "author"
    FACILITATOR = "facilitator"
    STAFF = "staff"
    SESSION = "session"
    CORRECTION = "correction"
    LEADERSHIP = "leadership"
    SECRETARY = "secretary"
    HOST = "host"
    PUBLISHING = "publishing"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands there when a step is taken, and what comes with it.

    Whatever is not told is not there: a step that needs it is refused, so forgetting one lets nothing through.
    """

    id: int = 0
    council_id: int | None = None
    new_text: str = ""
    takes_away: bool = False
    reason: str = ""
    revision: int = 0
    has_open_vote: bool = True
    note: str = ""
    into: Facts | None = None
    decided_revision: int | None = None
    was_sent_back: bool = False
    question: str = ""
    board_reason: str = ""
    child_reply: str = ""
    final_text: str = ""
    is_in_edition: bool = False


def _is_other_of_council(given: Facts) -> bool:
    return given.into is not None and given.into.id != given.id and given.into.council_id == given.council_id


def _is_at_rest(given: Facts) -> bool:
    return not given.has_open_vote and not (given.into and given.into.has_open_vote)


class Need(Enum):
    """What must be there before a step is taken, and what is said while it is not: the first that is missing."""

    TEXT = (lambda given: given.new_text or given.takes_away, N_("Write the new words first."))
    REASON = (lambda given: given.reason, N_("Write why first. Then the others understand your idea."))
    NO_OPEN_VOTE = (
        _is_at_rest,
        N_("The council is deciding about it right now. Wait until the meeting is over."),
    )
    NOTE = (lambda given: given.note, N_("Write why you take it back. The pupil who wrote it will read that."))
    TARGET = (_is_other_of_council, N_("Choose the suggestion it becomes a part of."))
    DECISION = (
        lambda given: given.decided_revision == given.revision,
        N_("The words have changed since the council decided. Decide about the new words."),
    )
    SENT_BACK = (
        lambda given: given.was_sent_back,
        N_("Only a suggestion that was sent back can be sent on at this time of the year."),
    )
    QUESTION = (lambda given: given.question, N_("Write what the council is asked."))
    BOARD_REASON = (lambda given: given.board_reason, N_("Write the board's reason."))
    CHILD_REPLY = (lambda given: given.child_reply, N_("Write the answer to the pupils, in words they understand."))
    FINAL_TEXT = (lambda given: given.final_text, N_("Write the words the board decided on."))
    EDITION = (lambda given: given.is_in_edition, N_("The new edition does not hold these words."))

    def __init__(self, is_met: Callable[[Facts], object], missing: str) -> None:
        self.is_met = is_met
        self.missing = missing


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


#: What a meeting can decide about an amendment.
RESULTS = (State.ADOPTED, State.NOT_ADOPTED, State.POSTPONED)
#: What the board can say; the first two change the text.
OUTCOMES = (State.APPROVED, State.APPROVED_CHANGED, State.REJECTED, State.DEFERRED)

STEPS: tuple[Step, ...] = (
    *_steps([None], [State.DRAFT], [Mover.MEMBER, Mover.FACILITATOR, Mover.STAFF]),
    *_steps(
        [State.DRAFT],
        [State.IN_COUNCIL],
        [Mover.AUTHOR, Mover.FACILITATOR],
        phases=[Phase.COUNCIL],
        needs=[Need.TEXT, Need.REASON],
    ),
    *_steps([State.DRAFT, State.IN_COUNCIL], [State.WITHDRAWN], [Mover.AUTHOR], needs=[Need.NO_OPEN_VOTE]),
    *_steps([State.DRAFT], [State.WITHDRAWN], [Mover.STAFF]),
    *_steps(
        [State.DRAFT, State.IN_COUNCIL],
        [State.WITHDRAWN],
        [Mover.FACILITATOR],
        needs=[Need.NO_OPEN_VOTE, Need.NOTE],
    ),
    *_steps([State.IN_COUNCIL], [State.MERGED], [Mover.FACILITATOR], needs=[Need.NO_OPEN_VOTE, Need.TARGET]),
    *_steps([State.IN_COUNCIL], [State.MERGED], [Mover.HOST], needs=[Need.NO_OPEN_VOTE, Need.TARGET]),
    *_steps([State.MERGED], [State.IN_COUNCIL], [Mover.FACILITATOR, Mover.HOST]),
    *_steps([State.IN_COUNCIL], [State.ADOPTED, State.NOT_ADOPTED], [Mover.SESSION], needs=[Need.DECISION]),
    *_steps([State.IN_COUNCIL], [State.POSTPONED], [Mover.SESSION]),
    *_steps([State.POSTPONED], [State.IN_COUNCIL], [Mover.SESSION]),
    *_steps(RESULTS, RESULTS, [Mover.CORRECTION], needs=[Need.NO_OPEN_VOTE, Need.DECISION]),
    *_steps([State.ADOPTED], [State.FORWARDED], [Mover.FACILITATOR], phases=[Phase.COUNCIL]),
    *_steps([State.ADOPTED], [State.FORWARDED], [Mover.FACILITATOR], phases=[Phase.HEARING], needs=[Need.SENT_BACK]),
    *_steps(
        [State.DRAFT],
        [State.FORWARDED],
        [Mover.STAFF],
        phases=[Phase.COUNCIL, Phase.HEARING],
        needs=[Need.TEXT, Need.REASON],
    ),
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
    *_steps(
        OUTCOMES,
        [State.APPROVED, State.REJECTED, State.DEFERRED],
        [Mover.CORRECTION],
        phases=[Phase.BOARD],
        needs=[Need.BOARD_REASON, Need.CHILD_REPLY],
    ),
    *_steps(
        OUTCOMES,
        [State.APPROVED_CHANGED],
        [Mover.CORRECTION],
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

NOT_NOW = N_("That cannot be done any more. Look at the suggestion again: somebody may have been here before you.")
_NOT_YOURS = N_("That is for somebody else to do.")
_WAITS = N_("Your suggestion is safe. It waits here until the council's time of the year begins.")
_OTHER_PHASE = N_("That belongs to another time of the year's review.")


def check_step(old: State | None, new: State, *, mover: Mover, phase: Phase | None, given: Facts) -> None:
    """Let a step of the table pass, and refuse everything else.

    `phase` is None while no review is open. Raises Conflict for a step that does not lead on from where the amendment
    is, and RuleViolation for one that is not this mover's, not for this phase, or lacks what it needs.
    """
    is_correction = mover is Mover.CORRECTION  # it alone goes from one result to another: for everybody else it is over
    steps = [
        step
        for step in STEPS
        if step.old is old and step.new is new and (is_correction or step.movers != {Mover.CORRECTION})
    ]
    if not steps:
        raise Conflict(NOT_NOW)
    steps = [step for step in steps if mover in step.movers]
    if not steps:
        raise RuleViolation(_NOT_YOURS)
    in_time = [step for step in steps if step.phases is None or phase in step.phases]
    if not in_time:
        raise RuleViolation(_WAITS if new is State.IN_COUNCIL and old is State.DRAFT else _OTHER_PHASE)
    for need in Need:
        if need in in_time[0].needs and not need.is_met(given):
            raise RuleViolation(need.missing)
