"""The class team's pages of a plan: what it reaches, choosing one, ending it, and who may make one."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.errors import N_, RuleViolation
from portal.playgroups import presenters, queries, services
from portal.playgroups.drafting import Draft, Wish, draft_rounds, slots_of
from portal.playgroups.forms import PlanForm, PlanVersionForm
from portal.playgroups.history import past_of
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.matrix import matrix_of
from portal.playgroups.models import MOST_IN_A_GROUP, ClassToPlan
from portal.playgroups.voices.presenters import what_children_say
from portal.playgroups.windows import beginnings, windows
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.days_off.queries import school_days
from portal.settings import Settings
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("playgroups", __name__, url_prefix="/playgroups")


@bp.get("/classes/<int:class_id>")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_class_to_plan)
def show_plan(to_plan: ClassToPlan) -> ResponseReturnValue:
    """The plan under way: what it reaches, its rounds, and what can be done with it."""
    return plan_page(to_plan, Form())


def plan_page(to_plan: ClassToPlan, form: Form) -> ResponseReturnValue:
    """The team's page, also when a press of it was refused."""
    today = clock.today()
    plan, roll = queries.get_plan(to_plan.class_id), get_roll(to_plan.class_id, today=today)
    return render_form(
        "playgroups/show_plan.html",
        form=form,
        ref=school.get_class_ref(to_plan.class_id, today=today),
        to_plan=to_plan,
        is_for_grades=bool(presenters.sizes_for(to_plan.grades, _settings())),
        is_meal=presenters.is_meal(to_plan.grades, _settings()),
        plan=presenters.plan_card(plan, roll, today=today) if plan is not None else None,
        answered=roll.answered,
        child_count=len(roll.names),
        voices=what_children_say(to_plan.class_id, now=clock.now()),
    )


@bp.get("/classes/<int:class_id>/matrix")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_class_to_plan)
def show_matrix(to_plan: ClassToPlan) -> ResponseReturnValue:
    """Who has been with whom, who least, whose homes host, and how far it is to what is possible."""
    today = clock.today()
    plan, roll = queries.get_plan(to_plan.class_id), get_roll(to_plan.class_id, today=today)
    return render_template(
        "playgroups/show_matrix.html",
        ref=school.get_class_ref(to_plan.class_id, today=today),
        matrix=matrix_of(to_plan.class_id, plan, roll, today=today),
        plan=presenters.plan_card(plan, roll, today=today) if plan is not None else None,
    )


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.PLAYGROUP_MAKE, load=queries.get_class_to_plan)
def new_plan(to_plan: ClassToPlan) -> ResponseReturnValue:
    """Choose one of the plans whose reach is shown; the planner makes a draft of it."""
    today, settings = clock.today(), _settings()
    ref, is_team = (
        school.get_class_ref(to_plan.class_id, today=today),
        can(signed_in(), Action.PLAYGROUP_MANAGE, to_plan),
    )
    sizes = presenters.sizes_for(to_plan.grades, settings)
    smallest, largest = _sizes_in_address() or (sizes or presenters.PLAY_SIZES)[0]
    children = len(school.list_pupils(to_plan.class_id, today=today))
    plans = presenters.plans_to_choose(children, smallest, largest) if sizes else []
    form = PlanForm(plans, beginnings(school_days(today), today))
    if sizes and form.validate_on_submit():
        with form.refusals():
            wish = form.wish(smallest, largest)
            services.check_may_start(to_plan.class_id, actor=signed_in(), now=clock.now())
            with reading_only():  # the planner takes its time: others may write meanwhile
                draft = _draft(to_plan, wish, form)
            services.start_plan(
                to_plan.class_id,
                draft,
                wish,
                is_meal=presenters.is_meal(to_plan.grades, settings),
                actor=signed_in(),
                now=clock.now(),
            )
            return _planned(to_plan)
    return render_form(
        "playgroups/new_plan.html",
        form=form,
        ref=ref,
        sizes=sizes,
        chosen=(smallest, largest),
        child_count=children,
        nearest=None if plans else presenters.nearest_sizes(children, smallest, largest),
        has_plan=queries.get_plan(to_plan.class_id) is not None,
        is_for_grades=bool(sizes),
        is_meal=presenters.is_meal(to_plan.grades, settings),
        back=_front(to_plan),
        voices=what_children_say(to_plan.class_id, now=clock.now()) if is_team else [],
    )


def _sizes_in_address() -> tuple[int, int] | None:
    found = re.fullmatch(r"([2-9])-([2-9])", request.args.get("sizes", ""), re.ASCII)
    sizes = (int(found[1]), int(found[2])) if found else (0, 0)
    return sizes if 0 < sizes[0] <= sizes[1] <= MOST_IN_A_GROUP else None


def _draft(to_plan: ClassToPlan, wish: Wish, form: PlanForm) -> Draft:
    """Rounds for the school weeks from the chosen one on; raises RuleViolation with the reason and what would work."""
    today = clock.today()
    fitting = windows(school_days(today), form.first_on.data, wish.round_count, wish.weeks_apart)
    if len(fitting) < wish.round_count:
        raise RuleViolation(
            N_("Only %(fitting)s rounds fit before the summer holidays. Choose fewer, or fewer weeks between them."),
            fitting=len(fitting),
        )
    roll, is_team = get_roll(to_plan.class_id, today=today), can(signed_in(), Action.PLAYGROUP_MANAGE, to_plan)
    try:
        past = past_of(to_plan.class_id, None, today=today)
        return draft_rounds(roll, wish, slots_of(wish, fitting), past=past, seed=to_plan.class_id)
    except RuleViolation:
        if is_team:
            raise
        # why not could tell a representative who takes no part, or is kept apart
        raise RuleViolation(N_("This plan cannot be made. Choose another one, or ask the class team.")) from None


def _front(to_plan: ClassToPlan) -> str:
    """The page of playgroups that somebody may see: the team's, or the homes'."""
    if can(signed_in(), Action.PLAYGROUP_MANAGE, to_plan):
        return url_for(".show_plan", class_id=to_plan.class_id)
    return url_for("playgroups.rounds.list_rounds", class_id=to_plan.class_id)


def _planned(to_plan: ClassToPlan) -> ResponseReturnValue:
    if can(signed_in(), Action.PLAYGROUP_MANAGE, to_plan):
        said = gettext("Here is the draft. The homes see nothing until you publish a round.")
    else:
        said = gettext("The plan is made. The class team looks at it and publishes it.")
    return done(_front(to_plan), said)


@bp.post("/classes/<int:class_id>/end")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_class_to_plan)
def end_plan(to_plan: ClassToPlan) -> ResponseReturnValue:
    """End the plan under way, so that another one can be made."""
    form, plan = PlanVersionForm(), queries.get_plan(to_plan.class_id)
    with form.refusals():
        if plan is None:
            raise RuleViolation(N_("The plan has ended already."))
        services.end_plan(plan, version=form.version.data, actor=signed_in(), now=clock.now())
        return done(
            url_for(".show_plan", class_id=to_plan.class_id), gettext("The plan has ended. What was published stays.")
        )
    return plan_page(to_plan, form)


@bp.post("/classes/<int:class_id>/makers/choose")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_class_to_plan)
def choose_makers(to_plan: ClassToPlan) -> ResponseReturnValue:
    """Let the parents' representatives make a plan, or no more."""
    services.let_representatives(
        to_plan.class_id, request.form.get("is_let") == "1", actor=signed_in(), now=clock.now()
    )
    return done(url_for(".show_plan", class_id=to_plan.class_id), gettext("Saved."))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings
