"""Saying that an address is one's own: asking for the mail, and the page its link leads to."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.accounts import queries as accounts
from portal.accounts.models import User
from portal.accounts.proof import services
from portal.accounts.proof.tokens import read_token
from portal.database import db
from portal.errors import RuleViolation
from portal.policy import Action
from portal.text import clock
from portal.web.guard import guarded, public, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.refusals import refusal_text
from portal.web.urls import url_for

bp = Blueprint("proof", __name__)


@bp.post("/proof")
@guarded(Action.PORTAL_USE)
def start_proof() -> ResponseReturnValue:
    """Have a mail sent to one's own address, with the link that proves it."""
    user = accounts.get_user(signed_in().id)
    if user is None:
        abort(404)
    back = url_for("notifications.choices.edit_choices")
    try:
        services.ask_for_proof(user, now=clock.now())
    except RuleViolation as refusal:
        db.session.rollback()
        flash(refusal_text(refusal))
        return redirect(back, 303)
    return done(
        back, gettext("An e-mail is on its way to you. Open the link in it, and your news comes by e-mail too.")
    )


@bp.get("/proof/<token>")
@public
def show_address(token: str) -> ResponseReturnValue:
    """Where the mail's link leads: one press says that the address is one's own. Nobody has to be signed in for it."""
    user = _user_of(token)
    if user is None:
        return render_template("accounts/proof/link_is_over.html"), 404
    return render_template("accounts/proof/show_address.html", email=user.email, token=token)


@bp.post("/proof/<token>")
@public
def confirm_address(token: str) -> ResponseReturnValue:
    """Say that the address is one's own; twice is once."""
    user = _user_of(token)
    if user is None:
        return render_template("accounts/proof/link_is_over.html"), 404
    services.prove_address(user)
    return done(url_for("home.show_home"), gettext("Thank you. From now on your news comes by e-mail as well."))


def _user_of(token: str) -> User | None:
    """The open account whose address of today the link proves."""
    said = read_token(token, current_app.config["SECRET_KEY"])
    user = accounts.get_user(said[0]) if said else None
    return user if user and said and user.is_active and user.email == said[1] else None
