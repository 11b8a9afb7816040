"""The page of a class's year."""

from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.events.past.queries import list_years
from portal.events.year import queries
from portal.events.year.presenters import months_of
from portal.fixed_days.presenters import days_of_their_own
from portal.people import ClassRef
from portal.policy import Action, can
from portal.school import queries as school
from portal.text import clock
from portal.web.guard import guarded, signed_in
from portal.web.paging import row_in_address

bp = Blueprint("year", __name__, url_prefix="/year")

#: From this month on the coming school year can be looked at and planned.
NEXT_YEAR_FROM = 5


@bp.get("/classes/<int:class_id>")
@guarded(Action.EVENT_YEAR, load=school.get_class_to_read)
def show_year(ref: ClassRef) -> ResponseReturnValue:
    """What the class has held, what is planned, and where there is room for something; also for paper."""
    now = clock.now()
    years = list_years([ref.id], now=now)
    if NEXT_YEAR_FROM <= clock.day_of(now).month < clock.FIRST_MONTH_OF_SCHOOL_YEAR:
        years = [years[0] + 1, *years]
    asked, this = row_in_address("year"), clock.school_year(clock.day_of(now))
    year = asked if asked in years else this
    rows = queries.list_held_and_planned(ref.id, since=_begins(year - 1), until=_begins(year + 1), now=now)
    fixed = days_of_their_own(ref.id, year)
    may_plan = can(signed_in(), Action.EVENT_CREATE, ref)
    return render_template(
        "events/year/show_year.html",
        ref=ref,
        months=months_of(rows, fixed, year=year, class_id=ref.id, may_plan=may_plan, now=now),
        years=[(one, clock.school_year_name(one)) for one in years],
        year=year,
        year_name=clock.school_year_name(year),
        may_plan=may_plan,
    )


def _begins(year: int) -> datetime:
    return clock.at_school(clock.first_day(year), time())
