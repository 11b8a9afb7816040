"""The pages of a class's hour: its team's steps, the slips on paper, the big screen, and what the team writes."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.name_guard.guard import look_for_names
from portal.policy import Action
from portal.school.queries import get_class_ref
from portal.settings import Settings
from portal.surveys import presenters, queries
from portal.surveys import services as surveys
from portal.surveys.figures import of_class
from portal.surveys.forms import CloseForm, WordsForm
from portal.surveys.hour import services
from portal.surveys.models import ClassSurvey
from portal.text import clock, qr
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("hour", __name__)
ADDRESS = "/hour/<int:survey_id>/classes/<int:class_id>"


def _to(page: str, part: ClassSurvey) -> str:
    return url_for(page, survey_id=part.survey_id, class_id=part.class_id)


@bp.get(ADDRESS)
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def show_hour(part: ClassSurvey) -> ResponseReturnValue:
    """What the team does next: print the slips, open the hour, close it, show the class, write."""
    return _page(part, Form())


def _page(part: ClassSurvey, form: Form, *, is_closing: bool = False) -> ResponseReturnValue:
    now, today = clock.now(), clock.today()
    return render_form(
        "surveys/hour/show_hour.html",
        form=form,
        part=part,
        survey=part.survey,
        ref=get_class_ref(part.class_id, today=today),
        is_open=part.is_open(now),
        is_closing=is_closing,
        is_held=part.is_held(now) and bool(part.answer_count),
        is_over=part.survey.is_over(today),
        slip_count=len(queries.list_slips(part.id)) if part.id else 0,
        child_count=queries.count_children(part.class_id, today=today),
        asked=[row.text for row in queries.list_asked(part.survey_id) if row.band is part.band],
    )


@bp.post(f"{ADDRESS}/make-slips")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def make_slips(part: ClassSurvey) -> ResponseReturnValue:
    """Make the slips, and see them on paper."""
    form = Form()
    with form.refusals():
        services.make_slips(part, now=clock.now())
        return done(_to(".show_slips", part))
    return _page(part, form)


@bp.get(f"{ADDRESS}/slips")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def show_slips(part: ClassSurvey) -> ResponseReturnValue:
    """The slips to cut out. Once the hour is open they are shown no more: what is left would tell who has answered.

    After an hour in which nobody answered they tell nothing, and are good for the next.
    """
    if part.id is None or part.answer_count or part.is_open(clock.now()):
        abort(404)
    settings: Settings = current_app.extensions["portal.settings"]
    typed_at = settings.base_url + url_for("surveys.answer.show_slip")
    return render_template(
        "surveys/hour/show_slips.html",
        part=part,
        ref=get_class_ref(part.class_id, today=clock.today()),
        slips=[(f"{code[:3]} {code[3:]}", qr.drawn(f"{typed_at}/{code}")) for code in queries.list_slips(part.id)],
        address=typed_at.partition("://")[2],
    )


@bp.post(f"{ADDRESS}/start")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def start_hour(part: ClassSurvey) -> ResponseReturnValue:
    """Let the slips be used, for an hour."""
    form = Form()
    with form.refusals():
        services.open_hour(part, actor=signed_in(), now=clock.now())
        return done(_to(".show_hour", part), gettext("The slips can be used now."))
    return _page(part, form)


@bp.post(f"{ADDRESS}/close")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def close_hour(part: ClassSurvey) -> ResponseReturnValue:
    """End the hour before it is over; while not all have answered, it is asked first, with the count."""
    form = CloseForm()
    is_asked = form.seen.data is not None or not part.is_open(clock.now()) or part.answer_count >= part.children
    if is_asked and form.validate_on_submit():
        with form.refusals():
            if part.id is not None:
                services.end_hour(part, seen=form.seen.data, actor=signed_in(), now=clock.now())
            return done(_to(".show_hour", part), gettext("The slips can be used no more."))
        part = queries.get_class_survey(part.survey_id, part.class_id) or abort(404)
    form.seen.raw_data, form.seen.data = None, part.answer_count
    return _page(part, form, is_closing=part.is_open(clock.now()))


@bp.post(f"{ADDRESS}/end")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def end_survey(part: ClassSurvey) -> ResponseReturnValue:
    """End a class's own survey before its last day; the school's is the leadership's to end."""
    if part.survey.class_id != part.class_id:
        abort(403)
    surveys.end_survey(part.survey, actor=signed_in(), now=clock.now())
    return done(url_for("surveys.list_class_surveys", class_id=part.class_id), gettext("The survey is over."))


@bp.post(f"{ADDRESS}/show")
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def show_class(part: ClassSurvey) -> ResponseReturnValue:
    """Show the class how it answered, on the big screen."""
    form = Form()
    with form.refusals():
        services.show_class(part, actor=signed_in(), now=clock.now())
        return done(_to(".show_screen", part))
    return _page(part, form)


@bp.get(f"{ADDRESS}/screen")
@guarded(Action.SURVEY_RESULT, load=queries.get_class_survey)
def show_screen(part: ClassSurvey) -> ResponseReturnValue:
    """One question after the other for the whole room, each with its shares; and at last what to do about it."""
    asked = queries.list_asked(part.survey_id)
    questions = presenters.question_shares(part.band, asked, of_class(presenters.tally_of(part)))
    at = min(max(request.args.get("question", 1, type=int), 1), len(questions) + 1)
    return render_template(
        "surveys/hour/show_screen.html",
        part=part,
        ref=get_class_ref(part.class_id, today=clock.today()),
        questions=questions,
        question=questions[at - 1] if at <= len(questions) else None,
        at=at,
    )


@bp.route(f"{ADDRESS}/words", methods=["GET", "POST"])
@guarded(Action.SURVEY_HOLD, load=queries.get_class_survey)
def edit_words(part: ClassSurvey) -> ResponseReturnValue:
    """Write for the homes what the class works on; the second of two gets both texts."""
    if part.shown_on is None:
        abort(404)
    today = clock.today()
    form = WordsForm(words=part.words, version=part.version)
    if form.validate_on_submit():
        with form.refusals():
            surveys.write_words(
                part,
                form.words.data,
                version=form.version.data or 0,
                agreed=form.agreed_names,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(
                url_for("surveys.list_class_surveys", class_id=part.class_id),
                gettext("Saved. The homes of the class can read it."),
            )
    form.go_on_from(part.version)
    form.ask_about(look_for_names("", form.words.data or "", [part.class_id], reader=signed_in(), today=today))
    return render_form(
        "surveys/hour/edit_words.html", form=form, part=part, ref=get_class_ref(part.class_id, today=today)
    )
