"""What the class team does with a draft: plan it anew, move children by hand, publish it round by round."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.playgroups import queries
from portal.playgroups.draft import services
from portal.playgroups.draft.costs import Known, has_met, seated_in
from portal.playgroups.draft.forms import HoldForm, MakeDraftForm, MoveForm
from portal.playgroups.draft.presenters import tables
from portal.playgroups.draft.replanning import replan
from portal.playgroups.forms import PlanVersionForm
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.models import ClassToPlan, PlaygroupRound
from portal.playgroups.parted.queries import parted_in
from portal.playgroups.presenters import round_card
from portal.playgroups.queries import Round
from portal.playgroups.views import plan_page
from portal.policy import Action
from portal.school.queries import get_class_ref
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("draft", __name__)


@bp.post("/draft/rounds/<int:round_id>/publish")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_round)
def publish_round(playgroup_round: PlaygroupRound) -> ResponseReturnValue:
    """Show the next round to the homes, and tell them."""
    form, class_id = PlanVersionForm(), playgroup_round.class_id
    with form.refusals():
        services.publish_round(playgroup_round, version=form.version.data, actor=signed_in(), now=clock.now())
        return done(url_for("playgroups.show_plan", class_id=class_id), gettext("Published. The homes are told."))
    return plan_page(queries.get_class_to_plan(class_id) or abort(404), form)


@bp.post("/draft/classes/<int:class_id>/make")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_class_to_plan)
def make_draft(to_plan: ClassToPlan) -> ResponseReturnValue:
    """Plan the rounds that are drafts anew: those first who have not met, or so that nobody moves without need."""
    form = MakeDraftForm()
    with form.refusals():
        seen, actor, now = form.version.data, signed_in(), clock.now()
        services.check_may_replace(queries.get_plan(to_plan.class_id), version=seen, actor=actor, now=now)
        with reading_only():  # the planner takes its time: others may write meanwhile
            draft = replan(to_plan.class_id, keeps_groups=form.keeps_groups.data, today=clock.today())
        services.replace_drafts(queries.get_plan(to_plan.class_id), draft, version=seen, actor=actor, now=now)
        return done(
            url_for("playgroups.show_plan", class_id=to_plan.class_id),
            gettext("Planned anew. The homes see nothing until you publish a round."),
        )
    return plan_page(to_plan, form)


@bp.get("/draft/rounds/<int:round_id>")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_round)
def show_round(playgroup_round: PlaygroupRound) -> ResponseReturnValue:
    """A round to work on: press a child, then the place it goes to; both are plain links and buttons."""
    return _round_page(playgroup_round, Form())


def _round_page(playgroup_round: PlaygroupRound, form: Form) -> ResponseReturnValue:
    today, plan = clock.today(), playgroup_round.plan
    rounds = queries.list_rounds(plan.id, today=today)
    shown = next(each for each in rounds if each.id == playgroup_round.id)
    in_hand = row_in_address("child") or 0
    movable = [group for group in shown.groups if not has_met(group, clock.now())]
    roll, seated = get_roll(plan.class_id, today=today), seated_in(shown)
    known = queries.list_class_rounds(plan.class_id, today=today)
    newcomers = {pupil_id: name for pupil_id, name in roll.names.items() if pupil_id not in seated}
    return render_form(
        "playgroups/draft/show_round.html",
        form=form,
        card=round_card(shown, today=today),
        version=plan.version,
        ref=get_class_ref(plan.class_id, today=today),
        in_hand=next((seat for group in movable for seat in group.seats if seat.pupil_id == in_hand), None),
        newcomers=newcomers,
        child_id=in_hand,
        new_in_hand=newcomers.get(in_hand, ""),
        tables=tables(
            Known(rounds, known, today),
            shown,
            plan,
            in_hand,
            newcomers=newcomers,
            parted=parted_in(plan.class_id, today=today),
            now=clock.now(),
        ),
    )


def _shown(playgroup_round: PlaygroupRound) -> Round:
    rounds = queries.list_rounds(playgroup_round.plan_id, today=clock.today())
    return next(each for each in rounds if each.id == playgroup_round.id)


@bp.post("/draft/rounds/<int:round_id>/children/move")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_round)
def move_child(playgroup_round: PlaygroupRound) -> ResponseReturnValue:
    """Put a child into another group, or let two change places."""
    form = MoveForm(_shown(playgroup_round), get_roll(playgroup_round.class_id, today=clock.today()).names)
    if form.validate_on_submit():
        with form.refusals():
            services.move_child(
                playgroup_round, form.move, version=form.version.data, actor=signed_in(), now=clock.now()
            )
            is_told = playgroup_round.is_published
            said = (
                gettext("Moved. The homes of both groups are told.") if is_told else gettext("Moved, and held there.")
            )
            return done(url_for(".show_round", round_id=playgroup_round.id), said)
    return _round_page(playgroup_round, form)


@bp.post("/draft/rounds/<int:round_id>/children/mark")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_round)
def mark_held(playgroup_round: PlaygroupRound) -> ResponseReturnValue:
    """Hold a child where it is, or let go of it."""
    form = HoldForm(_shown(playgroup_round))
    if form.validate_on_submit():
        with form.refusals():
            services.hold_child(
                playgroup_round,
                form.child.data,
                form.is_held.data,
                version=form.version.data,
                now=clock.now(),
            )
            return done(url_for(".show_round", round_id=playgroup_round.id), gettext("Saved."))
    return _round_page(playgroup_round, form)
