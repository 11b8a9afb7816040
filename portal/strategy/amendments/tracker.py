"""Where a suggestion is, who has it and what comes next, as a child of ten reads it: true in every state and phase."""

from __future__ import annotations

from dataclasses import dataclass

from portal.errors import N_
from portal.strategy.amendments.steps import STEPS, Mover
from portal.strategy.kinds import AmendmentState as State
from portal.strategy.kinds import Phase


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence of each kind; `next` is empty at the end of the way.

    `movers` are those whose press it promises now, empty while it waits for another time of the year.
    """

    heading: str
    who: str
    next: str
    movers: frozenset[Mover] = frozenset()


_COUNCIL, _LEADERSHIP = N_("The student council"), N_("The school's leadership")
_BOARD, _CONTACT = N_("The school board"), N_("The contact teacher")
_SESSION = frozenset({Mover.SESSION})

#: What is true at any time of the year.
_ALWAYS: dict[State, Place] = {
    State.IN_COUNCIL: Place(
        N_("The council has it"), _COUNCIL, N_("The council talks about it at a meeting, and decides."), _SESSION
    ),
    State.POSTPONED: Place(
        N_("The council waits a little"), _COUNCIL, N_("The council talks about it at its next meeting."), _SESSION
    ),
    State.NOT_ADOPTED: Place(N_("The council said no"), _COUNCIL, ""),
    State.WITHDRAWN: Place(N_("It is taken back"), _COUNCIL, ""),
    State.MERGED: Place(
        N_("It lives on in another suggestion"), _COUNCIL, N_("Follow the other one: it holds this idea too.")
    ),
    State.REJECTED: Place(N_("The board said no"), _BOARD, N_("The answer is read aloud in the class.")),
    State.IN_EDITION: Place(N_("It stands in the strategy"), N_("All of us"), ""),
}
#: What is true in one phase; None stands for all others, and for the time between two reviews.
_BY_PHASE: dict[State, dict[Phase | None, Place]] = {
    State.DRAFT: {
        Phase.COUNCIL: Place(
            N_("It is being written"),
            N_("Whoever writes it"),
            N_("When it is ready, it is shown to the council."),
            frozenset({Mover.AUTHOR, Mover.FACILITATOR}),
        ),
        None: Place(
            N_("It is being written"),
            N_("Whoever writes it"),
            N_("It waits until the council's time of the year begins."),
        ),
    },
    State.ADOPTED: {
        Phase.COUNCIL: Place(
            N_("The council said yes"),
            _CONTACT,
            N_("The contact teacher sends it to the leadership."),
            frozenset({Mover.FACILITATOR}),
        ),
        None: Place(
            N_("The council said yes"), _CONTACT, N_("It is sent on when it is the council's time of the year again.")
        ),
    },
    State.FORWARDED: {
        Phase.HEARING: Place(
            N_("The grown-ups say what they think"),
            N_("The leadership and those who work here"),
            N_("After that the school board decides."),
            frozenset({Mover.LEADERSHIP}),
        ),
        Phase.BOARD: Place(
            N_("The school board has it"),
            _BOARD,
            N_("The board decides, and writes you an answer."),
            frozenset({Mover.SECRETARY}),
        ),
        None: Place(
            N_("The leadership has it"),
            _LEADERSHIP,
            N_("The leadership writes to you. In spring all the grown-ups say what they think."),
        ),
    },
    State.APPROVED: {None: Place(N_("The board said yes"), _BOARD, N_("It will stand in the strategy."))},
    State.APPROVED_CHANGED: {
        None: Place(
            N_("The board said yes, in its own words"), _BOARD, N_("The board's words will stand in the strategy.")
        )
    },
    State.DEFERRED: {
        None: Place(
            N_("The board waits until next year"), _BOARD, N_("The council gets it back when the review is over.")
        )
    },
}
#: Sent on and answered by the leadership: that press is done, and nothing moves before spring.
_ANSWERED = Place(N_("The leadership has it"), _LEADERSHIP, N_("In spring all the grown-ups say what they think."))
#: A draft whose author does not sit in the council any more: it is the council's, and its contact teacher moves it on.
_LEFT_BEHIND: dict[Phase | None, Place] = {
    Phase.COUNCIL: Place(
        N_("The council has taken it over"),
        _CONTACT,
        N_("The contact teacher shows it to the council."),
        frozenset({Mover.FACILITATOR}),
    ),
    None: Place(
        N_("The council has taken it over"), _CONTACT, N_("It waits until the council's time of the year begins.")
    ),
}


def place_of(
    state: State,
    phase: Phase | None,
    *,
    was_sent_back: bool = False,
    author_has_left: bool = False,
    is_answered: bool = False,
) -> Place:
    """Where an amendment in this state is, in this phase of the review; None while no review is open.

    `is_answered` says that the leadership has written back.
    """
    if state in _ALWAYS:
        return _ALWAYS[state]
    places = _LEFT_BEHIND if state is State.DRAFT and author_has_left else _BY_PHASE[state]
    if state is State.ADOPTED and phase is Phase.HEARING and was_sent_back:
        return places[Phase.COUNCIL]
    if state is State.FORWARDED and is_answered and phase in (None, Phase.COUNCIL):
        return _ANSWERED
    return places.get(phase) or places[None]


def is_open(state: State, phase: Phase | None, mover: Mover) -> bool:
    """Whether this mover has a step from here that leads on: taking it back or putting two together is none."""
    return any(
        step.old is state and mover in step.movers and (step.phases is None or phase in step.phases)
        for step in STEPS
        if step.new not in {State.WITHDRAWN, State.MERGED}
    )
