"""The pages of the year's review."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.strategy import queries as texts
from portal.strategy.amendments.queries import list_amendments_in
from portal.strategy.amendments.titles import title_of
from portal.strategy.cycle import presenters, queries, services
from portal.strategy.cycle.forms import PhaseForm
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.kinds import AmendmentState, Phase
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("cycle", __name__)


@bp.get("/cycle")
@guarded(Action.CYCLE_MANAGE)
def show_cycle() -> ResponseReturnValue:
    """How far the year's review has come, what comes next and when, and moving it on."""
    return _cycle_page(Form())


def _cycle_page(form: Form) -> ResponseReturnValue:
    cycle, today = queries.get_cycle(), clock.today()
    school_year = cycle.school_year if cycle else clock.school_year(today)
    is_reviewed = cycle is None and queries.was_reviewed(school_year)
    return render_form(
        "strategy/cycle/show_cycle.html",
        form=form,
        cycle=cycle,
        edition=texts.get_current(),
        draft=texts.get_draft(),
        names=presenters.PHASE_NAMES,
        school_year=clock.school_year_name(school_year),
        steps=presenters.year_steps(school_year, cycle.phase if cycle else None),
        is_reviewed=is_reviewed,
        beginning="" if cycle else presenters.next_beginning(today, is_reviewed=is_reviewed),
        moves=services.neighbours(cycle.phase) if cycle else [],
        lines=_open_lines(cycle, queries.list_open_rows(cycle)) if cycle else [],
    )


def _open_lines(cycle: RevisionCycle, rows: list[queries.OpenRow]) -> list[presenters.OpenLine]:
    titles = {one.id: title_of(one) for one in list_amendments_in({AmendmentState.FORWARDED})} if rows else {}
    return presenters.open_lines(rows, queries.list_council_names() if rows else {}, titles)


@bp.post("/cycle/start")
@guarded(Action.CYCLE_MANAGE)
def start_cycle() -> ResponseReturnValue:
    """Begin the year's review with the councils."""
    edition = texts.get_current()
    if edition is None:
        abort(404)
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            services.open_cycle(edition, actor=signed_in(), now=clock.now())
            return done(url_for(".show_cycle"), gettext("The review has begun. The councils can send in suggestions."))
    return _cycle_page(form)


@bp.route("/cycle/move", methods=["GET", "POST"])
@guarded(Action.CYCLE_MANAGE)
def move_cycle() -> ResponseReturnValue:
    """Move the review one phase on or back; what still waits is named first, and confirmed with a reason."""
    cycle = queries.get_cycle()
    form = PhaseForm()
    if cycle is None:
        abort(409 if request.method == "POST" else 404)
    if form.validate_on_submit():
        with form.refusals():
            services.move_cycle(
                cycle,
                seen=form.seen.data,
                to=form.to.data,
                seen_rows=form.rows.data,
                reason=form.reason.data or "",
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_cycle"), gettext("The review has moved on."))
    return _move_page(form)


def _move_page(form: PhaseForm) -> ResponseReturnValue:
    """The rows as they are now; what was typed stays, and the next press is about these very rows."""
    cycle = queries.get_cycle()
    if cycle is None or cycle.phase is Phase.CLOSED:
        abort(409)
    rows = queries.list_open_rows(cycle)
    to = services.neighbours(cycle.phase)[0]
    for field, value in ((form.seen, cycle.phase.value), (form.to, to.value), (form.rows, queries.stamp_of(rows))):
        field.raw_data, field.data = None, value
    return render_form(
        "strategy/cycle/move_cycle.html",
        form=form,
        to=presenters.PHASE_NAMES[to],
        lines=_open_lines(cycle, rows),
    )
