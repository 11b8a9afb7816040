"""The school's calendar: when there is no school, for everybody to see; entering it, for office and leadership."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.policy import Action, can
from portal.school.days_off import queries, services
from portal.school.days_off.forms import EditPeriodForm, PeriodForm, UsualHolidaysForm
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.days_off.services import PeriodPlan
from portal.school.days_off.usual_holidays import UsualHoliday, usual_holidays
from portal.school.terms import open_years
from portal.text import clock
from portal.text.workdays import SATURDAY, Period, public_holidays
from portal.web.dates import weekday_date
from portal.web.forms import PressForm, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("days_off", __name__)

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A line of the calendar. `tag` says what kind of days they are; `edit_url` is empty for those who may not edit."""

    starts_on: date
    ends_on: date
    name: str
    days: str
    tag: str
    is_holiday: bool = False
    edit_url: str = ""


@bp.get("/days-off")
@guarded(Action.PORTAL_USE)
def show_days_off() -> ResponseReturnValue:
    """When there is no school, one school year at a time."""
    today, may_manage = clock.today(), can(signed_in(), Action.CALENDAR_MANAGE)
    years = sorted({*queries.list_school_years(), *open_years(today), clock.school_year(today)})
    year = _year_of_request(years)
    periods = queries.list_periods(clock.first_day(year), clock.last_day(year))
    lines, is_open = _lines(periods, year, today, may_manage=may_manage), year in open_years(today)
    return render_template(
        "school/days_off/show_days_off.html",
        lines=lines,
        following=next((line for line in lines if line.ends_on >= today), None),
        year=year,
        school_year=clock.school_year_name(year),
        others=[(clock.school_year_name(other), other) for other in years if other != year],
        is_assumed=not queries.has_holidays(periods, year),
        may_plan=may_manage and is_open,
    )


def _year_of_request(years: list[int]) -> int:
    """The school year in the address, or this one for a year that is none of these."""
    wanted = request.args.get("year", type=int)
    return wanted if wanted in years else clock.school_year(clock.today())


def _lines(periods: Iterable[CalendarPeriod], year: int, today: date, *, may_manage: bool) -> list[DaysOff]:
    """The school's own days, and the public holidays on weekdays that lie in none of them, in order."""
    own = [_own_line(period, may_edit=may_manage and services.is_open(period, today)) for period in periods]
    spans = [Period(line.starts_on, line.ends_on) for line in own]
    public = [
        DaysOff(day, day, gettext(name), _span(day, day), gettext("Public holiday"))
        for calendar_year in (year, year + 1)
        for day, name in public_holidays(calendar_year).items()
        if clock.school_year(day) == year and day.weekday() < SATURDAY and not any(day in span for span in spans)
    ]
    return sorted([*own, *public], key=lambda line: line.starts_on)


def _own_line(period: CalendarPeriod, *, may_edit: bool) -> DaysOff:
    is_closing = period.kind == PeriodKind.CLOSING_DAY
    return DaysOff(
        period.starts_on,
        period.ends_on,
        period.name,
        _span(period.starts_on, period.ends_on),
        gettext("The school is closed") if is_closing else "",
        is_holiday=not is_closing,
        edit_url=url_for(".edit_period", period_id=period.id) if may_edit else "",
    )


def _span(first: date, last: date) -> str:
    """The days in words, with the weeks as schools count them."""
    weeks = dict.fromkeys([first.isocalendar().week, last.isocalendar().week])
    week = gettext("week %(week)s", week="–".join(map(str, weeks))).replace(" ", NO_BREAK)
    days = weekday_date(first) if first == last else f"{weekday_date(first)} – {weekday_date(last)}"
    return f"{days} · {week}"


@bp.route("/days-off/new", methods=["GET", "POST"])
@guarded(Action.CALENDAR_MANAGE)
def new_days_off() -> ResponseReturnValue:
    """Fill in a school year with the usual holidays, after looking them over."""
    today = clock.today()
    year = _year_of_request(list(open_years(today)))
    offered = _missing(year)
    if not offered:
        return redirect(url_for(".show_days_off", year=year), 303)
    form = UsualHolidaysForm(
        [(one.key, gettext(one.name), _days_of(one)) for one in offered],
        [one.key for one in offered if one.is_likely],
    )
    if form.validate_on_submit():
        with form.refusals():
            services.add_periods(
                [
                    PeriodPlan(gettext(one.name), one.kind, one.starts_on, one.ends_on)
                    for one in offered
                    if one.key in form.chosen.data
                ],
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_days_off", year=year), gettext("The calendar is filled in. Look it over."))
    return render_form(
        "school/days_off/new_days_off.html", form=form, year=year, school_year=clock.school_year_name(year)
    )


def _days_of(usual: UsualHoliday) -> str:
    days = _span(usual.starts_on, usual.ends_on)
    return days + " · " + gettext("check these days") if usual.is_to_check else days


def _missing(year: int) -> list[UsualHoliday]:
    """The usual holidays of a school year that share no day with what is in the calendar."""
    usual = usual_holidays(year)
    stored = queries.list_periods(usual[0].starts_on, max(one.ends_on for one in usual))
    return [
        one
        for one in usual
        if not any(Period(p.starts_on, p.ends_on).meets(one.starts_on, one.ends_on) for p in stored)
    ]


@bp.route("/days-off/periods/new", methods=["GET", "POST"])
@guarded(Action.CALENDAR_MANAGE)
def new_period() -> ResponseReturnValue:
    """Put days without school into the calendar."""
    form = PeriodForm()
    if form.validate_on_submit():
        with form.refusals():
            services.add_periods([form.plan], actor=signed_in(), now=clock.now())
            return _saved(form.plan.starts_on)
    return render_form("school/days_off/new_period.html", form=form)


@bp.route("/days-off/periods/<int:period_id>/edit", methods=["GET", "POST"])
@guarded(Action.CALENDAR_MANAGE, load=queries.get_period)
def edit_period(period: CalendarPeriod) -> ResponseReturnValue:
    """Change days without school; the second of two who edit them sees both versions."""
    if request.method != "POST" and not services.is_open(period, clock.today()):
        return redirect(url_for(".show_days_off", year=clock.school_year(period.starts_on)), 303)
    form = EditPeriodForm(obj=period)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_period(period, form.plan, version=form.version.data, actor=signed_in(), now=clock.now())
            return _saved(form.plan.starts_on)
    form.go_on_from(period.version)
    return _edit_page(period, form)


def _edit_page(period: CalendarPeriod, form: EditPeriodForm, *, is_typed: bool = True) -> ResponseReturnValue:
    return render_form(
        "school/days_off/edit_period.html",
        form=form,
        is_typed=is_typed,
        period=period,
        days=_span(period.starts_on, period.ends_on),
        year=clock.school_year(period.starts_on),
    )


def _saved(day: date) -> ResponseReturnValue:
    return done(
        url_for(".show_days_off", year=clock.school_year(day)),
        gettext("Saved. Everybody can see it in the calendar."),
    )


@bp.post("/days-off/periods/<int:period_id>/delete")
@guarded(Action.CALENDAR_MANAGE, load=queries.get_period)
def delete_period(period: CalendarPeriod) -> ResponseReturnValue:
    """Take days out of the calendar; those that were changed since are shown."""
    form, year = PressForm(), clock.school_year(period.starts_on)
    gone = gettext("It is gone from the calendar. There is school again.")
    with form.refusals():
        services.delete_period(period, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".show_days_off", year=year), gone)
    shown = EditPeriodForm(formdata=None, obj=period)
    shown.says(form)
    return _edit_page(period, shown, is_typed=False)
