"""The pages of the year's review."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.strategy import queries as texts
from portal.strategy.cycle import presenters, queries, services
from portal.strategy.cycle.forms import PhaseForm
from portal.text import clock
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("cycle", __name__)


@bp.get("/cycle")
@guarded(Action.CYCLE_MANAGE)
def show_cycle() -> ResponseReturnValue:
    """How far the year's review has come, and moving it on."""
    cycle = queries.get_cycle()
    return render_template(
        "strategy/cycle/show_cycle.html",
        cycle=cycle,
        edition=texts.get_current(),
        names=presenters.PHASE_NAMES,
        school_year=clock.school_year_name(cycle.school_year if cycle else clock.school_year(clock.today())),
        moves=services.neighbours(cycle.phase) if cycle else [],
        phases=services.PHASES,
        place=services.PHASES.index(cycle.phase) if cycle else -1,
    )


@bp.post("/cycle/start")
@guarded(Action.CYCLE_MANAGE)
def start_cycle() -> ResponseReturnValue:
    """Begin the year's review with the councils."""
    edition = texts.get_current()
    if edition is None:
        abort(404)
    services.open_cycle(edition, actor=signed_in(), now=clock.now())
    return done(url_for(".show_cycle"), gettext("The review has begun. The councils can send in suggestions."))


@bp.post("/cycle/move")
@guarded(Action.CYCLE_MANAGE)
def move_cycle() -> ResponseReturnValue:
    """Move the review one phase on or back."""
    form, cycle = PhaseForm(), queries.get_cycle()
    if cycle is None or not form.validate_on_submit():
        abort(409 if cycle is None else 422)
    services.move_cycle(cycle, seen=form.seen.data, to=form.to.data, actor=signed_in(), now=clock.now())
    return done(url_for(".show_cycle"), gettext("The review has moved on."))
