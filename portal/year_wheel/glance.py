"""The year wheel at a glance: its figures, and what of it waits for somebody, for front pages.

A front page cannot afford the seven statements of a wheel, nor the states of all classes. So the whole of it is
remembered, until something is done in the portal that can change it, and for ten minutes at most, since time does
something too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock

from flask import current_app

from portal.people import Person
from portal.policy import Action, can
from portal.proofs import Per, Proof
from portal.text import clock
from portal.updates.cadence.presenters import every_weeks
from portal.waiting import Line
from portal.web.language import ngettext
from portal.web.urls import url_for
from portal.year_wheel.models import DutyLine, Owner
from portal.year_wheel.queries import last_act_id
from portal.year_wheel.states import State
from portal.year_wheel.wheel import DutyStanding, Seen, Wheel, look_at

LASTS = timedelta(minutes=10)
_turn = Lock()


def whole_wheel(*, now: datetime) -> Wheel:
    """This school year's wheel of the whole school, as it was no more than ten minutes ago: one statement."""
    moment = (now - datetime.min.replace(tzinfo=now.tzinfo)) // LASTS
    with _turn:  # or all who come at once would work it out
        return remembered_wheel(last_act_id(), moment, current_app.extensions["portal.proofs"], every_weeks())


@lru_cache(maxsize=2)
def remembered_wheel(last_act: int | None, moment: int, proofs: tuple[Proof, ...], every_weeks: int) -> Wheel:
    """The wheel after the last thing that was done, in a stretch of ten minutes."""
    now = clock.now()
    return look_at(clock.school_year(clock.day_of(now)), proofs, every_weeks=every_weeks, seen=Seen(), now=now)


def lines_of(wheel: Wheel, person: Person) -> list[Line]:
    """What of the wheel the person has to do and can do now, as one line; nothing when there is nothing.

    The leadership, who may do all of it, has the figures instead.
    """
    if can(person, Action.WHEEL_EDIT):
        return []
    own = [one for one in wheel.duties if _is_for(one.duty, person)]
    late = sum(_stands(one, person, State.LATE) for one in own)
    todo = sum(_stands(one, person, State.OPEN) for one in own)
    url = url_for("year_wheel.show_wheel")
    if late:
        text = ngettext("%(num)s thing in the year wheel is late.", "%(num)s things in the year wheel are late.", late)
        return [Line(text, url, is_late=True)]
    if todo:
        text = ngettext(
            "%(num)s thing in the year wheel can be done now.",
            "%(num)s things in the year wheel can be done now.",
            todo,
        )
        return [Line(text, url)]
    return []


def _is_for(duty: DutyLine, person: Person) -> bool:
    """Whether a duty is one that the person can do something about: noting it, or doing what a room sees."""
    is_done_here = duty.is_by_hand or duty.owner in (Owner.CLASS_TEAM, Owner.CONTACT_TEACHER)
    everywhere = can(person, Action.DUTY_RECORD_EVERYWHERE, duty)
    return everywhere or (is_done_here and can(person, Action.DUTY_RECORD, duty))


def _stands(one: DutyStanding, person: Person, state: State) -> bool:
    """Whether a duty stands like this where it is the person's: everywhere for a role, else in their own places."""
    if can(person, Action.DUTY_RECORD_EVERYWHERE, one.duty):
        return one.state is state
    places = person.teams if one.duty.per is Per.CLASS else person.facilitates
    return any(standing.state is state and standing.whose.id in places for standing in one.standings)
