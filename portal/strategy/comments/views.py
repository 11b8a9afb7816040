"""The pages of a council's talk: saying something, reporting it, hiding it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.name_guard.guard import check_names_no_child
from portal.policy import Action, can
from portal.strategy import presenters as reading
from portal.strategy import queries as strategy
from portal.strategy.amendments import queries
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import words_html
from portal.strategy.comments import queries as comments
from portal.strategy.comments import services
from portal.strategy.comments.forms import CommentForm, ToldForm
from portal.strategy.comments.models import Comment
from portal.strategy.comments.presenters import show_talk
from portal.strategy.models import Clause
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("comments", __name__)

TALK = "#talk"


def _clause_page(key: str) -> str:
    return url_for("strategy.show_clause", key=key) + TALK


def _amendment_page(amendment_id: int) -> str:
    return url_for("strategy.amendments.show_amendment", amendment_id=amendment_id) + TALK


def _check_names(form: CommentForm) -> None:
    with reading_only():
        check_names_no_child(form.text.data, signed_in(), today=clock.today())


@bp.route("/clauses/<key>/comments/new", methods=["GET", "POST"])
@guarded(Action.COMMENT_WRITE, load=strategy.get_clause)
def new_clause_comment(clause: Clause) -> ResponseReturnValue:
    """Say something about a clause."""
    form = CommentForm()
    form.for_speaker(signed_in())
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form)
            services.write_comment(
                clause, text=form.text.data, council_id=form.council_id, actor=signed_in(), now=clock.now()
            )
            return done(_clause_page(clause.key), gettext("Your words are in the talk."))
    return render_form(
        "strategy/comments/new_clause_comment.html",
        form=form,
        clause=clause,
        words=reading.clause_html(clause.kind, clause.text),
    )


@bp.route("/amendments/<int:amendment_id>/comments/new", methods=["GET", "POST"])
@guarded(Action.COMMENT_WRITE, load=queries.get_amendment)
def new_amendment_comment(amendment: Amendment) -> ResponseReturnValue:
    """Say something about an amendment, in its own council."""
    form = CommentForm()
    del form.council
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form)
            services.write_comment(
                amendment,
                text=form.text.data,
                council_id=cast(int, amendment.council_id),
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_amendment_page(amendment.id), gettext("Your words are in the talk."))
    return render_form(
        "strategy/comments/new_amendment_comment.html", form=form, amendment=amendment, words=words_html(amendment)
    )


def _place_of(comment: Comment) -> str:
    """Where the talk is; what was reported, where the suggestion has gone on to another council without its talk."""
    if not comment.amendment_id:
        return _clause_page(comment.clause_key or "")
    if not can(signed_in(), Action.AMENDMENT_VIEW, queries.get_amendment(comment.amendment_id)):
        return url_for(".list_reported")
    return _amendment_page(comment.amendment_id)


@bp.post("/comments/<int:comment_id>/report")
@guarded(Action.COMMENT_REPORT, load=comments.get_comment)
def report_comment(comment: Comment) -> ResponseReturnValue:
    """Tell the contact teacher that something is not all right."""
    services.report_comment(comment, actor=signed_in(), now=clock.now())
    return done(_place_of(comment), gettext("Thank you for saying so. Your contact teacher will look at it."))


@bp.post("/comments/<int:comment_id>/hide")
@guarded(Action.COMMENT_HIDE, load=comments.get_comment)
def hide_comment(comment: Comment) -> ResponseReturnValue:
    """Take a comment out of the talk with one press; then comes the question whom that was told to."""
    services.hide_comment(comment, actor=signed_in(), now=clock.now())
    return done(url_for(".edit_told", comment_id=comment.id), gettext("It is hidden. Only you can still read it."))


@bp.route("/comments/<int:comment_id>/told", methods=["GET", "POST"])
@guarded(Action.COMMENT_HIDE, load=comments.get_comment)
def edit_told(comment: Comment) -> ResponseReturnValue:
    """Whom the facilitator has told about a hidden comment."""
    form = ToldForm(told=comment.told, seen=comment.told)
    if form.validate_on_submit():
        with form.refusals():
            services.note_whom_was_told(comment, told=form.told.data, seen=form.seen.data or "")
            return done(_place_of(comment), gettext("Saved."))
    form.go_on_from(comment.told, seen="seen")
    return render_form("strategy/comments/edit_told.html", form=form, comment=comment, place=_place_of(comment))


@bp.get("/comments/reported")
@guarded(Action.PORTAL_USE)
def list_reported() -> ResponseReturnValue:
    """What was reported in a council one helps, or in all of them, until it is hidden; nobody else has any."""
    person = signed_in()
    chosen = request.args.get("council", type=int)
    councils = person.facilitates & {chosen} if chosen else person.facilitates
    talk = comments.list_reported(person, councils, before=row_in_address("before"), today=clock.today())
    return render_template(
        "strategy/comments/list_reported.html",
        talk=show_talk(talk, {} if chosen else person.council_names),
        council_names=person.council_names,
        chosen=chosen if councils and chosen else None,
    )
