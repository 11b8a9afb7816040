"""The pages of the play patrol: the rota, a sheet for the wall, planning it and swapping."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.play_patrol import queries, services
from portal.play_patrol.forms import RotaForm, SwapForm
from portal.play_patrol.models import PatrolTurn
from portal.play_patrol.presenters import RotaWeek, sheet_of, weeks_of
from portal.policy import Action
from portal.text import clock
from portal.text.workdays import monday_of
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

bp = Blueprint("play_patrol", __name__, url_prefix="/play-patrol")

USUAL_WEEKS, USUAL_AT_A_PLACE = 8, 2
_WEEK = timedelta(days=7)


@bp.get("/")
@guarded(Action.PATROL_VIEW)
def list_weeks() -> ResponseReturnValue:
    """Who is on, this week and the weeks to come."""
    return render_template("play_patrol/list_weeks.html", weeks=_weeks())


@bp.get("/sheet")
@guarded(Action.PATROL_VIEW)
def show_sheet() -> ResponseReturnValue:
    """The same for the wall."""
    return render_template("play_patrol/show_sheet.html", sheet=sheet_of(_weeks()))


def _weeks() -> list[RotaWeek]:
    today = clock.today()
    return weeks_of(queries.list_turns(monday_of(today), today=today))


@bp.route("/new", methods=["GET", "POST"])
@guarded(Action.PATROL_MANAGE)
def new_rota() -> ResponseReturnValue:
    """Plan the weeks to come."""
    today = clock.today()
    refs = list(dict.fromkeys(player.ref for player in queries.list_players(today=today)))
    form = RotaForm(
        refs,
        first=monday_of(today) + _WEEK,
        weeks=USUAL_WEEKS,
        at_a_place=USUAL_AT_A_PLACE,
        classes=[ref.id for ref in refs],
    )
    if form.validate_on_submit():
        with form.refusals():
            count = services.plan_rota(form.plan, actor=signed_in(), now=clock.now())
            return done(
                url_for(".list_weeks"), ngettext("%(num)s turn is planned.", "%(num)s turns are planned.", count)
            )
    return render_form("play_patrol/new_rota.html", form=form, refs=refs)


@bp.route("/turns/<int:turn_id>/edit", methods=["GET", "POST"])
@guarded(Action.PATROL_MANAGE, load=queries.get_turn)
def edit_turn(turn: PatrolTurn) -> ResponseReturnValue:
    """Let another pupil take a turn; two who both have one swap."""
    players = queries.list_players(today=clock.today())
    named = next((one.in_words for one in players if one.pupil_id == turn.pupil_id), "")
    form = SwapForm(one for one in players if one.pupil_id != turn.pupil_id)
    if form.validate_on_submit():
        with form.refusals():
            services.swap_turn(turn, form.pupil_id.data, actor=signed_in(), now=clock.now())
            return done(url_for(".list_weeks"), gettext("Swapped. The rota shows it."))
    return render_form("play_patrol/edit_turn.html", form=form, turn=turn, named=named)
