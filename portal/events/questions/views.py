"""Asking about an event, and the organisers' page of what was asked."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.events.models import ClassEvent
from portal.events.organisers.presenters import names_for
from portal.events.organisers.queries import list_organiser_ids
from portal.events.queries import get_event
from portal.events.questions import queries, services
from portal.events.questions.forms import AnswerQuestionForm, QuestionForm
from portal.events.questions.models import EventQuestion
from portal.policy import Action
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("questions", __name__, url_prefix="/questions")


@bp.get("/of/<int:event_id>")
@guarded(Action.EVENT_ORGANISE, load=get_event)
def list_questions(event: ClassEvent) -> ResponseReturnValue:
    """What was asked about an event, for its organisers alone."""
    today = clock.today()
    name_of = names_for(signed_in(), event.class_ids, today=today)
    return render_template(
        "events/questions/list_questions.html",
        event=event,
        questions=[(row, name_of(row) or gettext("a parent")) for row in queries.list_questions(event, today=today)],
    )


@bp.route("/of/<int:event_id>/ask", methods=["GET", "POST"])
@guarded(Action.EVENT_ASK, load=get_event)
def ask_question(event: ClassEvent) -> ResponseReturnValue:
    """Ask the organisers."""
    form = QuestionForm()
    has_organisers = bool(list_organiser_ids(event, clock.today()))
    if form.validate_on_submit():
        with form.refusals():
            services.ask_question(event, form.question.data, actor=signed_in(), now=clock.now())
            said = (
                gettext("Asked. Only those who organise it read it, and you hear when they have answered.")
                if has_organisers
                else gettext("Asked. The school is told, and you hear when somebody has taken over and answered.")
            )
            return done(url_for("events.show_event", event_id=event.id), said)
    return render_form("events/questions/ask_question.html", form=form, event=event, has_organisers=has_organisers)


@bp.route("/<int:question_id>/edit", methods=["GET", "POST"])
@guarded(Action.QUESTION_ANSWER, load=queries.get_question)
def edit_answer(question: EventQuestion) -> ResponseReturnValue:
    """Answer a question, and put it on the event if it is of use to more; the second of two gets both answers."""
    form = AnswerQuestionForm(question)
    if form.validate_on_submit():
        with form.refusals():
            if form.words_shown:
                among = frozenset(question.event.class_ids)  # a parent is told no name of another class by trying
                stood = f"{question.shown_question}\n\n{question.answer}" if question.shown_question else ""
                form.check_names(f"{form.words_shown}\n\n{form.reply.data}", signed_in(), besides=stood, among=among)
            is_new = services.answer_question(
                question,
                form.reply.data,
                shown_question=form.words_shown,
                version=form.version.data,
                actor=signed_in(),
                now=clock.now(),
            )
            said = gettext("Answered. Whoever asked is told.") if is_new else gettext("Saved.")
            return done(url_for(".list_questions", event_id=question.event_id), said)
    form.go_on_from(question.version)
    return render_form("events/questions/edit_answer.html", form=form, question=question, event=question.event)
