"""The pages of the questions, which the leadership words."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.surveys.bank import queries, services
from portal.surveys.bank.forms import BAND_NAMES, NewQuestionForm, WordingForm
from portal.surveys.bank.models import Band, SurveyQuestion
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("bank", __name__)


@bp.get("/bank")
@guarded(Action.SURVEY_SCHOOL_MAKE)
def list_questions() -> ResponseReturnValue:
    """Every question, by whom it is for."""
    rows = queries.list_questions()
    bands = [(band, gettext(name), [row for row in rows if row.band is band]) for band, name in BAND_NAMES.items()]
    return render_template("surveys/bank/list_questions.html", bands=bands)


@bp.route("/bank/new", methods=["GET", "POST"])
@guarded(Action.SURVEY_SCHOOL_MAKE)
def new_question() -> ResponseReturnValue:
    """Add a question."""
    form = NewQuestionForm(version=0)
    form.offer_bands({band: gettext(name) for band, name in BAND_NAMES.items()})
    if form.validate_on_submit():
        with form.refusals():
            services.add_question(Band(form.band.data), form.text.data, actor=signed_in(), now=clock.now())
            return done(url_for(".list_questions"), gettext("The question is there for the next survey."))
    return render_form("surveys/bank/new_question.html", form=form)


@bp.route("/bank/<int:question_id>/edit", methods=["GET", "POST"])
@guarded(Action.SURVEY_SCHOOL_MAKE, load=queries.get_question)
def edit_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Word a question anew; the second of two gets both texts."""
    form = WordingForm(text=question.current.text, version=question.version)
    if form.validate_on_submit():
        with form.refusals():
            services.reword_question(
                question, form.text.data, version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".list_questions"), gettext("Saved. What was asked before keeps its words."))
    form.go_on_from(question.version)
    return render_form("surveys/bank/edit_question.html", form=form, question=question)


@bp.post("/bank/<int:question_id>/discard")
@guarded(Action.SURVEY_SCHOOL_MAKE, load=queries.get_question)
def discard_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Ask a question no more."""
    services.put_away(question, actor=signed_in(), now=clock.now())
    return done(url_for(".list_questions"), gettext("It is put away. Surveys that ask it go on."))


@bp.post("/bank/<int:question_id>/reopen")
@guarded(Action.SURVEY_SCHOOL_MAKE, load=queries.get_question)
def reopen_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Let a question be asked again."""
    services.take_out(question, actor=signed_in(), now=clock.now())
    return done(url_for(".list_questions"), gettext("It can be asked again."))
