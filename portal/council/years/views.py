"""The pages of a council's years: the report for the meeting of all pupils, on the screen and on paper."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.council.class_inputs.queries import list_done
from portal.council.years import presenters, queries
from portal.council.years.models import CouncilYear
from portal.initiatives.presenters import year_deeds
from portal.policy import Action
from portal.strategy.publishing.queries import list_changes_of_council
from portal.text import clock
from portal.web.guard import guarded, signed_in

bp = Blueprint("years", __name__)


@bp.get("/years")
@guarded(Action.REVIEW_FOLLOW)
def list_years() -> ResponseReturnValue:
    """Every council's years: what the pupils of this school have changed."""
    by_council = groupby(queries.list_years(), attrgetter("council_name"))
    return render_template(
        "council/years/list_years.html", councils=[(name, list(years)) for name, years in by_council]
    )


@bp.get("/<int:council_id>/years/<int:school_year>")
@guarded(Action.COUNCIL_YEAR_VIEW, load=queries.get_year)
def show_year(year: CouncilYear) -> ResponseReturnValue:
    """One year of a council; what has not left it is shown to the council alone, and never printed."""
    person = signed_in()
    rows = queries.list_proposed(year, person)
    ours, schools = year_deeds(year.council_id, year.first_day, year.last_day, today=clock.today())
    sent_on, inside = presenters.proposals(rows, person)
    return render_template(
        "council/years/show_year.html",
        year=year,
        numbers=presenters.year_numbers(queries.count_year(year)),
        sent_on=sent_on,
        inside=inside,
        editions=presenters.edition_changes(list_changes_of_council(year.council_id, year.first_day, year.last_day)),
        deeds=presenters.leaders_deeds(queries.list_promised(year)),
        initiatives=ours,
        school_initiatives=schools,
        own_deeds=presenters.pupils_deeds(list_done(year.council_id, year.begins_at, year.ends_at)),
        earlier=[(clock.school_year_name(each), each) for each in year.all_years if each != year.school_year],
        today=clock.today(),
    )
