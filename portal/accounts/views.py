"""Signing in and out, passwords and links, and everybody's own page."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from portal.accounts import queries, services
from portal.accounts.forms import LanguageForm
from portal.accounts.models import UserSession
from portal.accounts.sign_in import services as sign_in
from portal.errors import N_
from portal.policy import Action
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, public, signed_in
from portal.web.idempotency import done
from portal.web.language import LANGUAGES, catalogue_of, current_language, gettext
from portal.web.urls import safe_path, url_for

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


@bp.route("/me", methods=["GET", "POST"])
@guarded(Action.PORTAL_USE)
def show_me() -> ResponseReturnValue:
    """One's own account: language, password, where one is signed in."""
    person = signed_in()
    form = LanguageForm(language=current_language())
    if form.validate_on_submit():
        user = queries.get_user(person.id)
        if user is None:
            abort(404)
        services.choose_language(user, form.language.data)
        session["language"] = form.language.data
        return done(url_for(".show_me"), _saved_in(form.language.data))
    return render_form(
        "accounts/show_me.html",
        form=form,
        user=queries.get_user(person.id),
        fault=queries.get_mail_fault(person.id),
        sessions=queries.list_sessions(person.id, now=clock.now()),
    )


def _saved_in(language: str) -> str:
    """That the language is saved, said in that language."""
    return catalogue_of(language).gettext(N_("From now on the portal speaks English to you."))


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Read in another language, for visitors who are not signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    return redirect(safe_path(request.form.get("next")), 303)


@bp.post("/sessions/<int:session_id>/end")
@guarded(Action.SESSION_END, load=queries.get_session)
def end_session(session: UserSession) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    sign_in.end_session(session, actor=signed_in(), now=clock.now())
    return done(url_for(".show_me"), gettext("That device has been signed out."))


@bp.post("/sessions/end-others")
@guarded(Action.PORTAL_USE)
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other browser of one's own out."""
    person = signed_in()
    sign_in.sign_out_elsewhere(person, now=clock.now())
    return done(url_for(".show_me"), gettext("All other devices have been signed out."))
