"""Making an event again: for the same audience, or for a class of one's own where it was for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from portal.events.models import Audience
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.school.year_groups.queries import get_year_group
from portal.web.urls import url_for


def again_url(
    person: Person,
    event: Any,
    own_classes: Iterable[ClassRef],
    find_year: Callable[[int], Any] = get_year_group,
) -> str:
    """Where the person plans an event again, "" where they may not; `own_classes` are theirs among the invited.

    A list of many gives a `find_year` that looks up each year once.
    """
    if event.audience == Audience.SCHOOL and can(person, Action.EVENT_CREATE_SCHOOL):
        return url_for("events.audience.new_school_event", again=event.id)
    if event.audience == Audience.YEAR_GROUP:
        year_group = find_year(event.year_group)
        if year_group is not None and can(person, Action.EVENT_CREATE_YEAR, year_group):
            return url_for("events.audience.new_year_event", year_group_id=year_group.id, again=event.id)
    ref = next((ref for ref in own_classes if can(person, Action.EVENT_CREATE, ref)), None)
    return url_for("events.new_event", class_id=ref.id, again=event.id) if ref is not None else ""
