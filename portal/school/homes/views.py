"""A guardian's own home: whom they live with, saying so, and ending it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school.homes import queries, services
from portal.school.homes.forms import TogetherForm
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("homes", __name__)


@bp.get("/homes/mine")
@guarded(Action.HOME_SHARE)
def show_home() -> ResponseReturnValue:
    """Whom one lives with, as the portal counts it, and who asks whether one does."""
    return _home_page(TogetherForm(()))


@bp.post("/homes/mine/ask")
@guarded(Action.HOME_SHARE)
def ask_adult() -> ResponseReturnValue:
    """Say that one lives with another adult; it holds when the other has said so too."""
    form = _form()
    if form.validate_on_submit():
        with form.refusals():
            is_shared = services.say_together(form.adult_id.data, actor=signed_in(), now=clock.now())
            said = gettext("You are one home now.") if is_shared else gettext("Said. Now it is up to the other one.")
            return done(url_for(".show_home"), said)
    return _home_page(form)


@bp.post("/homes/mine/hide")
@guarded(Action.HOME_SHARE)
def hide_question() -> ResponseReturnValue:
    """Put a question away; whoever asked is told nothing."""
    form = _form()
    if form.validate_on_submit():
        services.decline_question(form.adult_id.data, actor=signed_in(), now=clock.now())
        return done(url_for(".show_home"), gettext("The question is gone. Nobody is told."))
    return _home_page(form)


@bp.post("/homes/mine/end")
@guarded(Action.HOME_SHARE)
def end_home() -> ResponseReturnValue:
    """Be a home of one's own from now on."""
    services.end_home(actor=signed_in(), now=clock.now())
    return done(url_for(".show_home"), gettext("You are a home of your own now. Nobody is told."))


def _form() -> TogetherForm:
    return TogetherForm(queries.list_other_adults(signed_in(), today=clock.today()))


def _home_page(form: Form) -> ResponseReturnValue:
    home = queries.get_own_home(signed_in(), today=clock.today())
    return render_form("school/homes/show_home.html", form=form, home=home)
