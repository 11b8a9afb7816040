"""The pages of the hearing: what each body says about each suggestion, side by side."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action, can
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import words_html
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.cycle.queries import get_cycle, list_council_names, list_passed
from portal.strategy.forwarding.queries import get_sent_on, list_packet
from portal.strategy.hearing import presenters, queries, services
from portal.strategy.hearing.forms import StatementForm
from portal.strategy.hearing.models import Body
from portal.strategy.kinds import AmendmentSource, AmendmentState
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("hearing", __name__)


@bp.get("/hearing")
@guarded(Action.REVIEW_FOLLOW)
def list_hearing() -> ResponseReturnValue:
    """What is with the adults; those who are heard see who has not said anything yet."""
    person = signed_in()
    rows = list_packet()
    hears = can(person, Action.ADVICE_WRITE)
    if not hears:
        rows = [row for row in rows if row.source is AmendmentSource.STAFF and person.facilitates]
    statements = queries.list_statements([row.id for row in rows])
    cycle = get_cycle()
    return render_template(
        "strategy/hearing/list_hearing.html",
        lines=presenters.hearing_lines(rows, statements, person),
        hears=hears,
        is_open=cycle is not None and cycle.phase in services.HEARD_IN,
    )


@bp.get("/hearing/<int:amendment_id>")
@guarded(Action.AMENDMENT_VIEW, load=get_amendment)
def show_hearing(amendment: Amendment) -> ResponseReturnValue:
    """What each body says about one suggestion, and who may still write."""
    person, cycle = signed_in(), get_cycle()
    statements = queries.list_statements([amendment.id])
    if not can(person, Action.STATEMENT_READ, amendment):
        own = person.councils | person.facilitates
        statements = [each for each in statements if each.council_id in own]
    is_open = cycle is not None and cycle.phase in services.HEARD_IN and amendment.state is AmendmentState.FORWARDED
    return render_template(
        "strategy/hearing/show_hearing.html",
        amendment=amendment,
        words=words_html(amendment),
        sees_all=can(person, Action.STATEMENT_READ, amendment),
        said=presenters.side_by_side(
            statements,
            amendment.source,
            person,
            list_council_names() if amendment.source is AmendmentSource.STAFF else {},
            [row for row in list_passed(cycle.id) if row.amendment_id == amendment.id] if cycle else [],
        ),
        is_open=is_open,
        own_councils=[(each, person.council_names[each]) for each in sorted(person.facilitates)],
    )


@bp.route("/hearing/<int:amendment_id>/advice", methods=["GET", "POST"])
@guarded(Action.ADVICE_WRITE, load=get_sent_on)
def edit_advice(amendment: Amendment) -> ResponseReturnValue:
    """The leadership's advice, written by it or by whoever records it."""
    return _statement_page("strategy/hearing/edit_advice.html", amendment, Body.LEADERSHIP)


@bp.route("/hearing/<int:amendment_id>/statement", methods=["GET", "POST"])
@guarded(Action.MED_RECORD, load=get_sent_on)
def record_statement(amendment: Amendment) -> ResponseReturnValue:
    """The MED committee's statement, recorded with its day and meeting."""
    return _statement_page("strategy/hearing/record_statement.html", amendment, Body.MED)


@bp.route("/hearing/<int:amendment_id>/council", methods=["GET", "POST"])
@guarded(Action.COUNCIL_WORD_WRITE, load=get_amendment)
def edit_council_word(amendment: Amendment) -> ResponseReturnValue:
    """What a council thinks of a suggestion of the grown-ups, written down by its contact teacher."""
    own = sorted(signed_in().facilitates)
    council_id = row_in_address("council") or own[0]
    if council_id not in own:
        abort(404)
    return _statement_page("strategy/hearing/edit_council_word.html", amendment, Body.COUNCIL, council_id)


def _statement_page(page: str, amendment: Amendment, body: Body, council_id: int | None = None) -> ResponseReturnValue:
    person = signed_in()
    stands = queries.get_statement(amendment.id, body, council_id)
    form = StatementForm(
        stance=stands.stance if stands else None,
        text=stands.text if stands else "",
        said_on=stands.said_on if stands else clock.today(),
        meeting=stands.meeting if stands else "",
        version=stands.version if stands else 0,
    )
    stood = f"{stands.text}\n\n{stands.meeting}" if stands else ""
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(f"{form.text.data}\n\n{form.meeting.data}", person, besides=stood)
            services.record_statement(
                amendment,
                body,
                services.Said(form.stance.data, form.text.data, form.said_on.data, form.meeting.data or ""),
                council_id=council_id,
                version=form.version.data,
                actor=person,
                now=clock.now(),
            )
            return done(url_for(".show_hearing", amendment_id=amendment.id), gettext("It is written down."))
    if form.status == HTTPStatus.CONFLICT:  # it may be there only since
        stands = queries.get_statement(amendment.id, body, council_id)
    form.go_on_from(stands.version if stands else 0)
    return render_form(
        page,
        form=form,
        amendment=amendment,
        words=words_html(amendment),
        who=person.council_names[council_id] if council_id else presenters.body_name(body, person),
        body=body,
        stands=stands,
    )
