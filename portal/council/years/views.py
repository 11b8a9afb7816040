"""The pages of a council's years: the report for the meeting of all pupils, on the screen and on paper."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.council.class_inputs.queries import list_done
from portal.council.years import presenters, queries
from portal.council.years.models import CouncilYear
from portal.initiatives.presenters import year_deeds
from portal.policy import Action
from portal.strategy.publishing.queries import list_changes_of_council
from portal.text import clock
from portal.web.downloads import send_pdf
from portal.web.guard import guarded, signed_in
from portal.web.urls import url_for

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
    report, inside = _report(year)
    return render_template(
        "council/years/show_year.html",
        year=year,
        title=presenters.year_title(year),
        report=report,
        inside=inside,
        earlier=[(clock.school_year_name(each), each) for each in year.all_years if each != year.school_year],
        today=clock.today(),
    )


@bp.get("/<int:council_id>/years/<int:school_year>/pdf")
@guarded(Action.COUNCIL_YEAR_VIEW, load=queries.get_year)
def download_year(year: CouncilYear) -> ResponseReturnValue:
    """The same as a file: what has left the council, whoever asks for it."""
    report, _ = _report(year)
    address = url_for(".show_year", council_id=year.council_id, school_year=year.school_year)
    base_url = current_app.extensions["portal.settings"].base_url
    title = presenters.year_title(year)
    data = presenters.year_on_paper(report, clock.today(), base_url, address)
    return send_pdf("council/years/download_year.typ", title, data, name=f"{title} {year.council_name}")


def _report(year: CouncilYear) -> tuple[presenters.YearReport, list[presenters.Proposal]]:
    """The year as everybody reads it, and what the council alone does, if it is one's own."""
    person = signed_in()
    ours, schools = year_deeds(year.council_id, year.first_day, year.last_day, today=clock.today())
    sent_on, inside = presenters.proposals(queries.list_proposed(year, person), person)
    changes = list_changes_of_council(year.council_id, year.first_day, year.last_day)
    report = presenters.YearReport(
        year=year,
        numbers=presenters.year_numbers(queries.count_year(year)),
        editions=presenters.edition_changes(changes),
        deeds=presenters.leaders_deeds(queries.list_promised(year)),
        school_initiatives=schools,
        own_deeds=presenters.pupils_deeds(list_done(year.council_id, year.begins_at, year.ends_at)),
        initiatives=ours,
        sent_on=sent_on,
    )
    return report, inside
