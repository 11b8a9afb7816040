"""How often class teams tell: every class, for leadership and AKT; for teams, registering what was told elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.text import clock
from portal.text.csvfile import write_table
from portal.updates.cadence import presenters as shown
from portal.updates.cadence import queries, services
from portal.updates.cadence.forms import CHANNEL_NAMES, ToldElsewhereForm
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.updates.cadence.rhythm import Stage
from portal.web.dates import long_date
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("cadence", __name__)

#: A whole school of the usual size is one page; a municipality turns pages.
CLASSES_PER_PAGE = 40
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the links over the list: all classes, or those that stand like this."""

    label: str
    count: int
    url: str
    is_current: bool


def _wanted_stage() -> Stage | None:
    """The classes asked for in the address; None for all of them, and for a word that is none of ours."""
    try:
        return Stage(request.args.get("status", ""))
    except ValueError:
        return None


@bp.get("/cadence")
@guarded(Action.CADENCE_VIEW)
def show_cadence() -> ResponseReturnValue:
    """How every class stands with telling its homes; about classes, never about persons."""
    today = clock.today()
    found, days = queries.list_standings(every=shown.every_weeks(), today=today)
    wanted = _wanted_stage()
    chosen = [one for one in found if wanted in (None, one.standing.stage)]
    page_count = max(1, -(-len(chosen) // CLASSES_PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), page_count)
    classes = chosen[(page - 1) * CLASSES_PER_PAGE :][:CLASSES_PER_PAGE]
    strips, width = shown.strips(classes, days, today=today)
    return render_template(
        "updates/cadence/show_cadence.html",
        classes=classes,
        strips=strips,
        width=width,
        height=shown.HEIGHT,
        filters=_filters(found, wanted),
        every=shown.every_weeks(),
        stage_names=shown.STAGE_NAMES,
        urgency=shown.URGENCY,
        late={one.ref.id: shown.late_words(one.standing) for one in classes},
        earlier_url=_page_url(wanted, page - 1) if page > 1 else "",
        later_url=_page_url(wanted, page + 1) if page < page_count else "",
        school_year=clock.school_year_name(clock.school_year(today)),
        has_any=bool(found),
    )


def _page_url(wanted: Stage | None, page: int) -> str:
    status = {"status": wanted.value} if wanted else {}
    return url_for(".show_cadence", **status, **({"page": page} if page > 1 else {}))


def _filters(found: list[queries.ClassStanding], wanted: Stage | None) -> list[Filter]:
    stages = [one.standing.stage for one in found]
    return [Filter(gettext("All classes"), len(found), _page_url(None, 1), wanted is None)] + [
        Filter(gettext(shown.STAGE_NAMES[stage]), stages.count(stage), _page_url(stage, 1), wanted is stage)
        for stage in reversed(Stage)
    ]


@bp.get("/cadence.csv")
@guarded(Action.CADENCE_VIEW)
def download_cadence() -> ResponseReturnValue:
    """The same as a table for a spreadsheet, of the whole school."""
    today = clock.today()
    found, days = queries.list_standings(every=shown.every_weeks(), today=today)
    strips, _ = shown.strips(found, days, today=today)
    header = [
        gettext("Class"),
        gettext("Status"),
        gettext("Last told"),
        gettext("Due"),
        gettext("School weeks late"),
        gettext("Told this school year"),
        gettext("Weeks late this school year"),
    ]
    rows = [
        (
            one.ref.label,
            gettext(shown.STAGE_NAMES[one.standing.stage]),
            one.standing.last_told_on,
            one.standing.due_on,
            one.standing.weeks_late,
            len(strips[one.ref.id].told),
            strips[one.ref.id].weeks_late,
        )
        for one in found
    ]
    return Response(
        (BYTE_ORDER_MARK + write_table(rows, header)).encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=cadence-{today.isoformat()}.csv"},
    )


@bp.route("/classes/<int:class_id>/told-elsewhere/new", methods=["GET", "POST"])
@guarded(Action.UPDATE_WRITE, load=school.get_class)
def new_told_elsewhere(school_class: SchoolClass) -> ResponseReturnValue:
    """Register that the homes were told somewhere else, and see what stands there this school year."""
    today = clock.today()
    form = ToldElsewhereForm(today)
    if form.validate_on_submit():
        with form.refusals():
            services.register_told_elsewhere(
                school_class,
                form.told_on.data,
                ToldChannel(form.channel.data),
                form.note.data or "",
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_told_elsewhere(school_class.id), gettext("Registered. It counts like news here."))
    lines = shown.cadence_lines([school_class.id], today=today)
    return render_form(
        "updates/cadence/new_told_elsewhere.html",
        form=form,
        ref=school.get_class_ref(school_class.id, today=today),
        line=lines.get(school_class.id),
        channel_names=CHANNEL_NAMES,
        earliest=long_date(clock.first_day(clock.school_year(today))),
        registered=queries.list_told_elsewhere(school_class.id, since=clock.first_day(clock.school_year(today))),
    )


def _told_elsewhere(class_id: int) -> str:
    return url_for(".new_told_elsewhere", class_id=class_id)


@bp.post("/told-elsewhere/<int:told_id>/remove")
@guarded(Action.UPDATE_WRITE, load=queries.get_told_elsewhere)
def remove_told_elsewhere(told: ToldElsewhere) -> ResponseReturnValue:
    """Take back that the homes were told elsewhere."""
    class_id = told.class_id
    services.remove_told_elsewhere(told, actor=signed_in(), now=clock.now())
    return done(_told_elsewhere(class_id), gettext("It is gone, and no longer counts."))
