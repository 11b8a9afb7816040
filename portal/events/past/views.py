"""The page of what has been, by school year."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.events.audience.presenters import shared_with
from portal.events.past import queries
from portal.events.past.again import again_url
from portal.policy import Action, can
from portal.school.year_groups.queries import get_year_group
from portal.text import clock
from portal.web.guard import guarded, signed_in
from portal.web.paging import row_in_address

bp = Blueprint("past", __name__, url_prefix="/past")


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_past() -> ResponseReturnValue:
    """What one's own classes have done together in a school year, and a way to do it again."""
    person, now = signed_in(), clock.now()
    class_ids = list(person.event_classes)
    years = queries.list_years(class_ids, now=now)
    asked = row_in_address("year")
    year = asked if asked in years else years[0]
    this_year = clock.school_year(clock.day_of(now))
    is_at_school = class_ids or can(person, Action.EVENT_CREATE_SCHOOL)
    events = queries.list_past(class_ids, year=year, now=now) if is_at_school else []
    find_year = cache(get_year_group)
    return render_template(
        "events/past/list_past.html",
        events=events,
        again={event.id: again_url(person, event, event.classes.values(), find_year) for event in events},
        shared={
            event.id: shared_with(event.audience, this_year - (event.year_group or 0), event.class_count)
            for event in events
        },
        plans_for=[ref for ref in person.classes.values() if can(person, Action.EVENT_YEAR, ref)],
        years=[(one, clock.school_year_name(one)) for one in years],
        year=year,
    )
