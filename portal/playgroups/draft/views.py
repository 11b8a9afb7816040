"""What the class team does with a draft: publish its rounds, one after the other."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.errors import N_, RuleViolation
from portal.playgroups import queries
from portal.playgroups.draft import services
from portal.playgroups.draft.forms import MakeDraftForm
from portal.playgroups.draft.replanning import replan
from portal.playgroups.forms import PlanVersionForm
from portal.playgroups.models import ClassToPlan, PlaygroupRound
from portal.playgroups.views import plan_page
from portal.policy import Action
from portal.text import clock
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
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
        with reading_only():  # the planner takes its time: others may write meanwhile
            draft = replan(to_plan.class_id, keeps_groups=form.keeps_groups.data, today=clock.today())
        plan = queries.get_plan(to_plan.class_id)
        if plan is None:
            raise RuleViolation(N_("The plan has ended already."))
        services.replace_drafts(plan, draft, version=form.version.data, actor=signed_in(), now=clock.now())
        return done(
            url_for("playgroups.show_plan", class_id=to_plan.class_id),
            gettext("Planned anew. The homes see nothing until you publish a round."),
        )
    return plan_page(to_plan, form)
