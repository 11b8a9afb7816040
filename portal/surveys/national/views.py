"""The pages of the national measurement."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.surveys.national import queries, services
from portal.surveys.national.forms import FIGURES, FiguresForm, in_words, tenths
from portal.surveys.national.models import NationalMeasurement
from portal.text import clock
from portal.web.dates import long_date
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("national", __name__)


@bp.get("/national")
@guarded(Action.SURVEY_SCHOOL_OVERVIEW)
def list_measurements() -> ResponseReturnValue:
    """What the national measurement found, a school year at a time, and nothing between them."""
    years = [
        (clock.school_year_name(row.school_year), row, {name: in_words(getattr(row, name)) for name in FIGURES})
        for row in queries.list_measurements()
    ]
    figures = {name: gettext(words) for name, words in FIGURES.items()}
    return render_template("surveys/national/list_measurements.html", years=years, figures=figures)


@bp.route("/national/record", methods=["GET", "POST"])
@guarded(Action.SURVEY_SCHOOL_MAKE)
def record_figures() -> ResponseReturnValue:
    """Note a school year's figures, or put right those that stand; the second of two gets both."""
    noted = queries.get_measurement(row_in_address("year") or 0)
    form = FiguresForm(**_typed(noted)) if noted else FiguresForm(school_year=0, version=0)
    year = form.school_year.data or (noted.school_year if noted else None)
    if form.validate_on_submit():
        with form.refusals():
            services.note_figures(
                school_year=year,
                measured_on=form.measured_on.data,
                shown_on=form.shown_on.data,
                figures={name: tenths(form[name].data or "") for name in FIGURES},
                version=form.version.data or 0,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".list_measurements"), gettext("The figures are noted."))
        year = year or clock.school_year(form.measured_on.data)
        noted = queries.get_measurement(year)
        form.go_on_from(year, seen="school_year")
        form.go_on_from(noted.version if noted else 0)
    return render_form(
        "surveys/national/record_figures.html",
        form=form,
        figures=FIGURES,
        year_name=clock.school_year_name(noted.school_year) if noted else "",
        standing=_in_words(noted) if noted else "",
    )


def _typed(noted: NationalMeasurement) -> dict[str, object]:
    """What is noted, as its form shows it."""
    figures = {name: in_words(getattr(noted, name)) for name in FIGURES}
    days = {"measured_on": noted.measured_on, "shown_on": noted.shown_on}
    return {**figures, **days, "school_year": noted.school_year, "version": noted.version}


def _in_words(noted: NationalMeasurement) -> str:
    """What stands, a figure a line, for somebody who has written at the same time."""
    lines = [(gettext("Measured on"), long_date(noted.measured_on))]
    lines += [(gettext(words), in_words(getattr(noted, name))) for name, words in FIGURES.items()]
    lines += [(gettext("Shown to classes and parents"), long_date(noted.shown_on) if noted.shown_on else "")]
    return "\n".join(f"{label}: {value}" for label, value in lines if value)
