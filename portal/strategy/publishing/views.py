"""The new edition: looked at with the changes marked, settled where two texts clash, published with one press."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.strategy import presenters as reading
from portal.strategy import queries as texts
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.decisions.queries import list_decided
from portal.strategy.kinds import Phase
from portal.strategy.models import Clause
from portal.strategy.publishing import presenters, services
from portal.strategy.publishing.forms import PublishForm, SettleForm
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("publishing", __name__)


def _board_cycle() -> RevisionCycle | None:
    cycle = get_cycle()
    return cycle if cycle is not None and cycle.phase is Phase.BOARD else None


@bp.route("/publishing", methods=["GET", "POST"])
@guarded(Action.BOARD_RECORD)
def publish_edition() -> ResponseReturnValue:
    """Look at the edition that the board's decisions make, and publish it: that ends the review and tells everybody."""
    cycle = _board_cycle()
    form = PublishForm(approved_on=_last_day(cycle))
    if form.validate_on_submit():
        with form.refusals():
            edition = services.publish_edition(
                approved_on=form.approved_on.data, seen=form.stamp.data or "", actor=signed_in(), now=clock.now()
            )
            return done(
                url_for("strategy.show_edition", number=edition.number),
                gettext("Edition %(number)s is the strategy from now on. Everybody is told.", number=edition.number),
            )
    cycle = _board_cycle()
    plan = services.plan_edition(cycle) if cycle and texts.get_current() else None
    if plan:
        form.stamp.raw_data, form.stamp.data = None, plan.stamp
    return render_form(
        "strategy/publishing/publish_edition.html",
        form=form,
        plan=plan,
        lines=presenters.planned_lines(plan.changes) if plan else [],
        clashes=presenters.clash_lines(plan.clashes) if plan else [],
        waiting=presenters.waiting_lines(plan.waiting) if plan else [],
        changes=reading.list_changes(plan.comparison) if plan else [],
    )


def _last_day(cycle: RevisionCycle | None) -> object:
    """The day of the board's last decision, which mostly is the day it approved the edition."""
    decided = list_decided(cycle.id) if cycle else []
    return max((decision.decided_on for decision in decided), default=clock.today())


def _clause_of(key: str) -> Clause | None:
    return texts.get_clause(key.removeprefix(services.SUMMARY_OF))


@bp.route("/publishing/clauses/<key>", methods=["GET", "POST"])
@guarded(Action.BOARD_RECORD, load=_clause_of)
def edit_settlement(clause: Clause) -> ResponseReturnValue:
    """Write down which words the board gives a clause for which it said yes to two texts."""
    key = str((request.view_args or {})["key"])
    form = SettleForm()
    if form.validate_on_submit():
        with form.refusals():
            services.settle_clash(
                key=key,
                words=form.words.data or "",
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".publish_edition"), gettext("The words are settled."))
    cycle = _board_cycle()
    clashes = presenters.clash_lines(services.plan_edition(cycle).clashes) if cycle else []
    return render_form(
        "strategy/publishing/edit_settlement.html",
        form=form,
        clause=clause,
        heading=reading.heading_words(clause.section.heading),
        words=clause.section.plain_summary
        if key.startswith(services.SUMMARY_OF)
        else reading.clause_html(clause.kind, clause.text),
        clash=next((one for one in clashes if one.key == key), None),
    )
