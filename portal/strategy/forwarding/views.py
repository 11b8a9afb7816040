"""Sending suggestions on, the packet the adults get, the leadership's word, and sending back with a question."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import amendment_items, words_html
from portal.strategy.amendments.presses import may_leave
from portal.strategy.amendments.queries import get_amendment, list_by_ids
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.forwarding import presenters, queries, services
from portal.strategy.forwarding.forms import PacketForm, QuestionForm, WordForm
from portal.strategy.kinds import AmendmentSource, Phase
from portal.text import clock
from portal.web.downloads import send_pdf
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("forwarding", __name__)


@bp.route("/forwarding/new", methods=["GET", "POST"])
@guarded(Action.REVIEW_FOLLOW)
def new_packet() -> ResponseReturnValue:
    """Send on what one's councils have adopted, all of it or some."""
    person = signed_in()
    waiting = amendment_items(queries.list_to_forward(person.facilitates), person.id)
    form = PacketForm(waiting)
    if form.validate_on_submit():
        with form.refusals():
            packet = list_by_ids(form.amendments.data)
            services.forward_packet(packet, actor=person, now=clock.now())
            return done(url_for(".show_packet"), gettext("Sent on. Leadership and board secretary can read it now."))
    cycle = get_cycle()
    return render_form(
        "strategy/forwarding/new_packet.html",
        form=form,
        waiting=waiting,
        is_council_time=cycle is not None and cycle.phase is Phase.COUNCIL,
        facilitates=bool(person.facilitates),
    )


@bp.get("/forwarding/packet")
@guarded(Action.REVIEW_FOLLOW)
def show_packet() -> ResponseReturnValue:
    """Everything that is with the adults now, for their meetings and for paper: without a child's name."""
    today = clock.today()
    return render_template(
        "strategy/forwarding/show_packet.html",
        title=presenters.packet_title(today),
        items=_packet(),
        presenters_count=queries.count_on_board(today),
        today=today,
    )


@bp.get("/forwarding/packet/pdf")
@guarded(Action.REVIEW_FOLLOW)
def download_packet() -> ResponseReturnValue:
    """The same as a file, for those who have no account here."""
    today = clock.today()
    base_url = current_app.extensions["portal.settings"].base_url
    packet = presenters.packet_on_paper(
        _packet(), queries.count_on_board(today), today, base_url, url_for(".show_packet")
    )
    return send_pdf("strategy/forwarding/download_packet.typ", presenters.packet_title(today), packet)


def _packet() -> list[presenters.PacketItem]:
    return presenters.packet_items(queries.list_packet(), presenters.hands_in_words(queries.list_last_votes()))


@bp.route("/forwarding/amendments/<int:amendment_id>/forward", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_FORWARD, load=get_amendment)
def forward_amendment(amendment: Amendment) -> ResponseReturnValue:
    """Send one suggestion on: the very words, once more before they rest."""
    form = Form()
    page = url_for("strategy.amendments.show_amendment", amendment_id=amendment.id)
    if form.validate_on_submit():
        with form.refusals():
            services.forward_amendment(amendment, actor=signed_in(), now=clock.now())
            return done(page, gettext("Sent on. Now the grown-ups have it."))
    return render_form(
        "strategy/forwarding/forward_amendment.html",
        form=form,
        amendment=amendment,
        page=page,
        words=words_html(amendment),
        may_leave=may_leave(amendment, get_cycle()),
    )


@bp.route("/forwarding/amendments/<int:amendment_id>/word", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_ANSWER, load=queries.get_sent_on)
def new_word(amendment: Amendment) -> ResponseReturnValue:
    """Write back to the pupils what the leadership thinks, and what happens now."""
    form = WordForm()
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(f"{form.thinks.data}\n\n{form.happens.data}", signed_in())
            services.write_word(
                amendment,
                thinks=form.thinks.data,
                happens=form.happens.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(
                url_for("strategy.amendments.show_amendment", amendment_id=amendment.id),
                gettext("The pupils can read your answer now."),
            )
    return render_form(
        "strategy/forwarding/new_word.html",
        form=form,
        amendment=amendment,
        words=words_html(amendment),
        earlier=queries.list_words(amendment.id),
        is_staffs=amendment.source is AmendmentSource.STAFF,
    )


@bp.route("/forwarding/amendments/<int:amendment_id>/ask", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_ANSWER, load=queries.get_sent_on)
def ask_council(amendment: Amendment) -> ResponseReturnValue:
    """Ask the council something before the adults can go on."""
    form = QuestionForm()
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.question.data, signed_in())
            services.send_back(amendment, question=form.question.data, actor=signed_in(), now=clock.now())
            return done(
                url_for("strategy.amendments.list_amendments"),
                gettext("The council has it again, with your question first on its next agenda."),
            )
    cycle = get_cycle()
    return render_form(
        "strategy/forwarding/ask_council.html",
        form=form,
        amendment=amendment,
        words=words_html(amendment),
        is_hearing=cycle is not None and cycle.phase is Phase.HEARING,
    )
