"""The pages of surveys: those of the school and those of a class, what they ask, and what came of them."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.people import ClassRef
from portal.policy import Action, can
from portal.school.queries import get_class_to_read, get_grades
from portal.surveys import presenters, queries, services
from portal.surveys.bank.forms import BAND_NAMES
from portal.surveys.bank.models import Band
from portal.surveys.figures import WAITS
from portal.surveys.forms import ClassSurveyForm, SchoolSurveyForm, offer_questions
from portal.surveys.models import Survey
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("surveys", __name__, url_prefix="/surveys")

#: So long a survey lasts unless somebody says otherwise.
USUAL_TIME = timedelta(days=14)


@bp.get("/")
@guarded(Action.SURVEY_SCHOOL_FOLLOW)
def list_surveys() -> ResponseReturnValue:
    """The school's surveys, the newest first."""
    today = clock.today()
    rows = queries.list_school_surveys(now=clock.now())
    return render_template(
        "surveys/list_surveys.html",
        surveys=[(row, row.ended_on is not None or row.closes_on < today) for row in rows],
    )


@bp.route("/new", methods=["GET", "POST"])
@guarded(Action.SURVEY_SCHOOL_MAKE)
def new_survey() -> ResponseReturnValue:
    """Ask every class of the school."""
    form = SchoolSurveyForm(closes_on=clock.today() + USUAL_TIME)
    offer_questions(form.small, Band.SMALL)
    offer_questions(form.big, Band.BIG)
    if form.validate_on_submit():
        with form.refusals():
            survey = services.make_school_survey(
                form.small.data, form.big.data, closes_on=form.closes_on.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_survey", survey_id=survey.id), gettext("Each class team finds it on its class."))
    return render_form("surveys/new_survey.html", form=form)


@bp.get("/<int:survey_id>")
@guarded(Action.SURVEY_SCHOOL_FOLLOW, load=queries.get_school_survey)
def show_survey(survey: Survey) -> ResponseReturnValue:
    """What the school answered, once the survey is over; and for the leadership, how far each class has come."""
    return _survey_page(survey, Form())


def _survey_page(survey: Survey, form: Form) -> ResponseReturnValue:
    now, today = clock.now(), clock.today()
    classes = queries.list_classes(survey.id, day=min(today, survey.ended_on or survey.closes_on))
    asked, is_over = queries.list_asked(survey.id), survey.is_over(today)
    waits_until = (survey.ended_on or survey.closes_on) + WAITS
    is_open = any(part.open_until is not None and part.open_until > now for _, part in classes)
    return render_form(
        "surveys/show_survey.html",
        form=form,
        survey=survey,
        is_over=is_over and not is_open,
        bands=presenters.school_shares(asked, [part for _, part in classes], has_waited=today >= waits_until)
        if is_over and not is_open
        else [],
        waits_until=waits_until,
        band_names={band: gettext(name) for band, name in BAND_NAMES.items()},
        asked=asked,
        classes=presenters.school_lines(classes, now=now) if can(signed_in(), Action.SURVEY_SCHOOL_OVERVIEW) else [],
    )


@bp.post("/<int:survey_id>/end")
@guarded(Action.SURVEY_SCHOOL_MAKE, load=queries.get_school_survey)
def end_survey(survey: Survey) -> ResponseReturnValue:
    """End a survey of the school before its last day."""
    services.end_survey(survey, actor=signed_in(), now=clock.now())
    return done(url_for(".show_survey", survey_id=survey.id), gettext("The survey is over."))


@bp.get("/classes/<int:class_id>")
@guarded(Action.SURVEY_FOLLOW, load=get_class_to_read)
def list_class_surveys(ref: ClassRef) -> ResponseReturnValue:
    """What a class has answered and can answer, and what it works on since: no figures."""
    lines = presenters.class_lines(queries.list_of_class(ref.id), now=clock.now())
    return render_template("surveys/list_class_surveys.html", ref=ref, lines=lines)


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.SURVEY_MAKE, load=get_class_to_read)
def new_class_survey(ref: ClassRef) -> ResponseReturnValue:
    """Ask one class."""
    lowest, _ = get_grades(ref.id, today=clock.today()) or queries.NO_GRADE
    form = ClassSurveyForm(closes_on=clock.today() + USUAL_TIME)
    offer_questions(form.questions, Band.of_grade(lowest))
    if form.validate_on_submit():
        with form.refusals():
            survey = services.make_class_survey(
                ref.id, form.questions.data, closes_on=form.closes_on.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".hour.show_hour", survey_id=survey.id, class_id=ref.id))
    return render_form("surveys/new_class_survey.html", form=form, ref=ref)
