"""The board's page: all decisions of one meeting, kept while they are typed, recorded when they are whole."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.errors import N_, Conflict
from portal.policy import Action
from portal.strategy import queries as texts
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import words_html
from portal.strategy.amendments.presses import may_put_right
from portal.strategy.amendments.titles import title_of
from portal.strategy.changes import Text
from portal.strategy.cycle.queries import get_cycle, list_council_names, list_passed
from portal.strategy.decisions import presenters, queries, services
from portal.strategy.decisions.forms import CorrectionForm, MeetingForm, orphans
from portal.strategy.decisions.models import DecisionDraft
from portal.strategy.forwarding.queries import list_with_adults
from portal.strategy.hearing.presenters import side_by_side
from portal.strategy.hearing.queries import list_statements
from portal.strategy.kinds import AmendmentSource, Phase
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

bp = Blueprint("decisions", __name__)


@bp.route("/decisions", methods=["GET", "POST"])
@guarded(Action.BOARD_RECORD)
def record_decisions() -> ResponseReturnValue:
    """Write down what the board decided at one meeting, about one suggestion or all of them.

    What is typed can be kept unfinished, also before the board's time.
    """
    waiting = [(row.Amendment, row.council) for row in list_with_adults()]
    drafts = queries.list_drafts([amendment.id for amendment, _ in waiting])
    form = MeetingForm(waiting, drafts, clock.today())
    if form.validate_on_submit() and ("keep" in request.form or form.check_answers(_text_of_today())):
        rows = [services.Row(each, form.typed(each), form.seen(each)) for each, _ in waiting]
        with form.refusals():
            if orphans([amendment.id for amendment, _ in waiting]):
                raise Conflict(N_("A colleague has recorded one of these meanwhile, or it was sent back."))
            if "keep" in request.form:
                services.keep_rows(rows, actor=signed_in(), now=clock.now())
                return done(url_for(".record_decisions"), gettext("Saved. Nothing is told to anybody yet."))
            form.check_names("\n\n".join(f"{row.typed.child_reply}\n\n{row.typed.reason}" for row in rows), signed_in())
            many = services.record_meeting(
                rows,
                decided_on=form.decided_on.data,
                meeting=form.meeting.data or "",
                actor=signed_in(),
                now=clock.now(),
            )
            page = ".record_decisions" if many < len(rows) else "strategy.publishing.publish_edition"
            return done(
                url_for(page), ngettext("%(num)s decision is recorded.", "%(num)s decisions are recorded.", many)
            )
    return _board_page(form, drafts)


def _text_of_today() -> Text:
    current = texts.get_current()
    return texts.get_text(current) if current else Text("", (), ())


def _board_page(form: MeetingForm, drafts: Mapping[int, DecisionDraft]) -> ResponseReturnValue:
    ids = [amendment.id for amendment, _ in form.rows]
    cycle, statements = get_cycle(), list_statements(ids)
    is_board_time = cycle is not None and cycle.phase is Phase.BOARD
    passed = list_passed(cycle.id) if cycle and is_board_time else []
    names = list_council_names() if any(each.source is AmendmentSource.STAFF for each, _ in form.rows) else {}
    return render_form(
        "strategy/decisions/record_decisions.html",
        form=form,
        rows=presenters.board_rows(form, queries.list_drafts(ids) if form.errors else drafts),
        said={
            amendment.id: side_by_side(
                [each for each in statements if each.amendment_id == amendment.id],
                amendment.source,
                signed_in(),
                names,
                [row for row in passed if row.amendment_id == amendment.id],
            )
            for amendment, _ in form.rows
        },
        lost=orphans(ids) if form.errors else [],
        is_board_time=is_board_time,
    )


@bp.route("/decisions/amendments/<int:amendment_id>/correct", methods=["GET", "POST"])
@guarded(Action.BOARD_RECORD, load=queries.get_decided)
def correct_decision(amendment: Amendment) -> ResponseReturnValue:
    """Put right what was written down wrongly of the board's decision, until its edition is published."""
    decision = queries.get_decision(amendment.id)
    if decision is None:
        abort(404)
    form = CorrectionForm(decision)
    page = url_for("strategy.amendments.show_amendment", amendment_id=amendment.id)
    if form.validate_on_submit():
        with form.refusals():
            typed, stood = (f"{one.child_reply}\n\n{one.reason}" for one in (form.answer, decision))
            form.check_names(typed, signed_in(), besides=stood)
            services.correct_decision(
                amendment,
                form.answer,
                seen=form.seen.data or "",
                why=form.why.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(page, gettext("Put right. A class that has heard the wrong answer gets a new sheet."))
    form.go_on_from(services.stamp_of(decision), seen="seen")
    cycle = get_cycle()
    return render_form(
        "strategy/decisions/correct_decision.html",
        form=form,
        amendment=amendment,
        title=title_of(amendment),
        words=words_html(amendment),
        remark=presenters.reply_remark(form.child_reply.data or ""),
        stands=presenters.standing(decision),
        earlier=presenters.earlier_lines(queries.list_earlier(decision.id)),
        is_open=may_put_right(amendment, cycle),
    )


@bp.post("/decisions/read")
@guarded(Action.BOARD_RECORD)
def show_remark() -> ResponseReturnValue:
    """How hard the reply is to read that is being written just now: a line under it, and nothing is kept."""
    replies = [value for name, value in request.form.items() if name.startswith("child_reply")]
    return render_template("strategy/decisions/show_remark.html", remark=presenters.reply_remark("\n".join(replies)))
