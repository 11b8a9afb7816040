"""By when the leadership answers the children, in school days (domain 3.3)."""

from __future__ import annotations

from datetime import date

from portal.text.workdays import SchoolDays

#: A suggestion is answered within so many school days of being sent on, and waits on the leader's desk after so many.
ANSWER_WITHIN, ON_THE_DESK_AFTER = 20, 10


def answer_by(sent_on: date, days: SchoolDays) -> date:
    """The last day on which an answer is in time."""
    return days.days_after(sent_on, ANSWER_WITHIN)


def is_on_the_desk(sent_on: date, days: SchoolDays, *, today: date) -> bool:
    """Whether so much time has gone that the leader is asked for the answer."""
    return today >= days.days_after(sent_on, ON_THE_DESK_AFTER)
