"""AKT's own page, and a class's page of what it has asked AKT for."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.akt import queries, services
from portal.akt.forms import KIND_NAMES, AnswerForm, AskForm, NoteForm
from portal.akt.models import AktNote, AktRequest, NoteKind
from portal.initiatives.presenters import lines
from portal.initiatives.queries import list_running_in_classes
from portal.people import ClassRef
from portal.policy import Action
from portal.school import queries as school
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("akt", __name__, url_prefix="/akt")


@bp.get("/")
@guarded(Action.AKT_VIEW)
def list_requests() -> ResponseReturnValue:
    """The classes that wait for an answer, what classes do, and what AKT and leadership have done together."""
    return _page(NoteForm(formdata=None, done_on=clock.today()))


@bp.post("/notes")
@guarded(Action.AKT_VIEW)
def record_note() -> ResponseReturnValue:
    """Note a meeting or a look at the breaks."""
    form = NoteForm()
    if form.validate_on_submit():
        with form.refusals():
            services.record_note(
                NoteKind(form.kind.data), form.done_on.data, form.line.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".list_requests"), gettext("Noted. Thank you."))
    return _page(form)


@bp.post("/notes/<int:note_id>/remove")
@guarded(Action.AKT_VIEW, load=queries.get_note)
def remove_note(note: AktNote) -> ResponseReturnValue:
    """Take back what was noted by mistake."""
    refused = Form()
    with refused.refusals():
        services.remove_note(note, actor=signed_in(), now=clock.now())
        return done(url_for(".list_requests"), gettext("Removed."))
    return _page(NoteForm(formdata=None, done_on=clock.today()), refused)


def _page(form: NoteForm, refused: Form | None = None) -> ResponseReturnValue:
    today = clock.today()
    return render_form(
        "akt/list_requests.html",
        form=refused or form,
        note_form=form,
        waiting=queries.list_open(today=today),
        initiatives=lines(list_running_in_classes(today=today), today=today),
        notes=queries.list_notes(),
        kinds=KIND_NAMES,
    )


@bp.get("/classes/<int:class_id>")
@guarded(Action.AKT_REQUEST_VIEW, load=school.get_class_to_read)
def list_class_requests(ref: ClassRef) -> ResponseReturnValue:
    """What a class has asked for, and what AKT has answered."""
    return _class_page(ref, None)


@bp.post("/classes/<int:class_id>/ask")
@guarded(Action.AKT_ASK, load=school.get_class_to_read)
def ask_akt(ref: ClassRef) -> ResponseReturnValue:
    """Ask AKT for help with a class."""
    form = AskForm()
    if form.validate_on_submit():
        with form.refusals():
            services.ask_akt(ref.id, form.line.data, actor=signed_in(), now=clock.now())
            return done(url_for(".list_class_requests", class_id=ref.id), gettext("AKT is told, and writes back here."))
    return _class_page(ref, form)


@bp.post("/requests/<int:request_id>/answer")
@guarded(Action.AKT_ANSWER, load=queries.get_request)
def record_answer(asked: AktRequest) -> ResponseReturnValue:
    """Answer a class, in a line or with the press alone."""
    form, class_id, request_id = AnswerForm(), asked.class_id, asked.id
    if form.validate_on_submit():
        with form.refusals():
            services.answer_request(asked, form.reply.data or "", actor=signed_in(), now=clock.now())
            return done(url_for(".list_class_requests", class_id=class_id), gettext("Answered. The team is told."))
    return _class_page(school.get_class_to_read(class_id) or abort(404), form, request_id)


@bp.post("/requests/<int:request_id>/withdraw")
@guarded(Action.AKT_ASK, load=queries.get_request)
def withdraw_request(asked: AktRequest) -> ResponseReturnValue:
    """Take back what the class asks for."""
    form, class_id = Form(), asked.class_id
    with form.refusals():
        services.withdraw_request(asked, actor=signed_in(), now=clock.now())
        return done(url_for(".list_class_requests", class_id=class_id), gettext("Taken back."))
    return _class_page(school.get_class_to_read(class_id) or abort(404), form)


def _class_page(ref: ClassRef, form: Form | None, answered_id: int = 0) -> ResponseReturnValue:
    """The page; an answer that came too late stands in its form all the same, so that no word of it is lost."""
    requests = queries.list_of_class(ref.id)
    waiting = next((one for one in requests if one.answered_at is None), None)
    return render_form(
        "akt/list_class_requests.html",
        form=form,
        ask_form=form if isinstance(form, AskForm) else AskForm(formdata=None),
        answer_form=form if isinstance(form, AnswerForm) else AnswerForm(formdata=None),
        ref=ref,
        waiting=waiting,
        answer_id=answered_id or (waiting.id if waiting else 0),
        requests=requests,
    )
