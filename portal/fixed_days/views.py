"""The school's fixed days, for everybody to see; entering them, for office and leadership."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.fixed_days import queries, services
from portal.fixed_days.forms import EACH_DAY, FixedDayForm
from portal.fixed_days.halves import first_day, last_half
from portal.fixed_days.models import FixedDay
from portal.fixed_days.presenters import fixed_lines
from portal.policy import Action, can
from portal.school.terms import open_years
from portal.strategy import presenters as reading
from portal.strategy import queries as strategy
from portal.strategy.kinds import ClauseKind
from portal.text import clock
from portal.web.forms import PressForm, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("fixed_days", __name__, url_prefix="/fixed-days")


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_fixed_days() -> ResponseReturnValue:
    """What the school always does, one school year at a time: when, for whom, and what of the strategy it keeps."""
    today, may_manage = clock.today(), can(signed_in(), Action.CALENDAR_MANAGE)
    this, opened = clock.school_year(today), open_years(today)
    years = sorted({*queries.list_school_years(), *opened, this})
    asked = row_in_address("year")
    year = asked if asked is not None and asked in years else this
    rows = queries.list_fixed_days(year)
    return render_template(
        "fixed_days/list_fixed_days.html",
        lines=fixed_lines(
            rows,
            queries.list_held(today, clock.last_day(year)) if rows and year >= this else (),
            _points(),
            may_edit=may_manage and year in opened,
            may_repeat=may_manage and year < max(opened),
        ),
        school_year=clock.school_year_name(year),
        others=[(clock.school_year_name(one), one) for one in years if one != year],
        may_plan=may_manage and year in opened,
    )


def _points() -> dict[str, str]:
    """The points of the strategy that holds by key, each with its number."""
    edition = strategy.get_current()
    text = reading.read(strategy.list_text(edition.id), {}) if edition else None
    parts = text.parts if text else ()
    every = [each for part in parts for run in part.runs for each in run.paragraphs]
    said = [each for each in every if each.kind is not ClauseKind.SUBHEADING]
    return {each.key: f"{each.number} {each.plain}".strip() for each in said}


@bp.route("/new", methods=["GET", "POST"])
@guarded(Action.CALENDAR_MANAGE)
def new_fixed_day() -> ResponseReturnValue:
    """Put a fixed day into the calendar, anew or as it was in an earlier school year."""
    form = FixedDayForm(_points().items(), **_as_before())
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.plan.title, signed_in())
            services.add_fixed_day(form.plan, actor=signed_in(), now=clock.now())
            return _saved(form.plan.starts_on)
    return render_form("fixed_days/new_fixed_day.html", form=form)


def _as_before() -> dict[str, Any]:
    """What a fixed day of another school year fills the form with: the same weeks within the newest open year.

    What a change has split comes again whole: as it was at last, from the first day of its first half.
    """
    fixed_day_id = row_in_address("again")
    fixed = queries.get_fixed_day(fixed_day_id) if fixed_day_id else None
    if fixed is None:
        return {}
    was = clock.school_year(fixed.starts_on)
    of_year = queries.list_fixed_days(was)
    last = last_half(fixed, of_year)
    begins, ends = first_day(last, of_year), last.ends_on
    year = max(open_years(clock.today()))
    return {
        **_typed(last),
        "starts_on": max(_same_week(begins, year - was), clock.first_day(year)),
        "ends_on": min(_same_week(ends, year - was), clock.last_day(year)),
    }


def _same_week(day: date, years: int) -> date:
    """The same weekday of the same week so many years on; the last week of a year that has no 53rd."""
    at = day.isocalendar()
    try:
        return date.fromisocalendar(at.year + years, at.week, at.weekday)
    except ValueError:
        return date.fromisocalendar(at.year + years, at.week - 1, at.weekday)


def _typed(fixed: Any) -> dict[str, Any]:
    return {
        "title": fixed.title,
        "weekday": EACH_DAY if fixed.weekday is None else str(fixed.weekday),
        "every_weeks": fixed.every_weeks,
        "starts_on": fixed.starts_on,
        "ends_on": fixed.ends_on,
        "lowest_grade": fixed.lowest_grade,
        "highest_grade": fixed.highest_grade,
        "points": list(fixed.points),
    }


@bp.route("/<int:fixed_day_id>/edit", methods=["GET", "POST"])
@guarded(Action.CALENDAR_MANAGE, load=queries.get_fixed_day)
def edit_fixed_day(fixed: FixedDay) -> ResponseReturnValue:
    """Change a fixed day; the second of two who do sees what the first one saved."""
    if request.method == "GET" and not services.is_open(fixed, clock.today()):
        return redirect(url_for(".list_fixed_days", year=clock.school_year(fixed.starts_on)), 303)
    form = FixedDayForm(_points().items(), version=fixed.version, **_typed(fixed))
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.plan.title, signed_in(), besides=fixed.title)
            services.edit_fixed_day(
                fixed, form.plan, version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return _saved(form.plan.starts_on)
    form.go_on_from(fixed.version)
    return _edit_page(fixed, form)


def _edit_page(fixed: FixedDay, form: FixedDayForm, *, is_typed: bool = True) -> ResponseReturnValue:
    (stands,) = fixed_lines([fixed], [], {}, may_edit=False, may_repeat=False)
    return render_form(
        "fixed_days/edit_fixed_day.html",
        form=form,
        fixed=fixed,
        stands=stands,
        is_typed=is_typed,
        has_begun=services.has_begun(fixed, clock.today()),
    )


def _saved(day: date) -> ResponseReturnValue:
    return done(
        url_for(".list_fixed_days", year=clock.school_year(day)),
        gettext("Saved. Everybody can see it in the calendar."),
    )


@bp.post("/<int:fixed_day_id>/delete")
@guarded(Action.CALENDAR_MANAGE, load=queries.get_fixed_day)
def delete_fixed_day(fixed: FixedDay) -> ResponseReturnValue:
    """Take a fixed day out of the calendar; one that was changed since is shown."""
    form, year = PressForm(), clock.school_year(fixed.starts_on)
    with form.refusals():
        services.delete_fixed_day(fixed, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".list_fixed_days", year=year), gettext("It is gone from the calendar."))
    shown = FixedDayForm(_points().items(), formdata=None, version=fixed.version, **_typed(fixed))
    shown.says(form)
    return _edit_page(fixed, shown, is_typed=False)
