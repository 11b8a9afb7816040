"""The pages of playdates: what is on, one offer, making and changing it, coming, and the text for Aula."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.playdates import presenters, queries, services
from portal.playdates.forms import ComingForm, EditPlaydateForm, PlaydateForm, form_like
from portal.playdates.models import Playdate
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.homes.queries import is_protected
from portal.school.models import SchoolClass
from portal.settings import Settings
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("playdates", __name__, url_prefix="/playdates")


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_playdates() -> ResponseReturnValue:
    """Everything that is on in one's own classes."""
    person = signed_in()
    on = presenters.coming_playdates(
        person,
        list(person.classes),
        span=_span(),
        now=clock.now(),
        limit=queries.PLAYDATES_PER_PAGE + 1,
        after=_playdate_asked_for("after", Action.PLAYDATE_VIEW),
    )
    cards = on.cards[: queries.PLAYDATES_PER_PAGE]
    return render_template(
        "playdates/list_playdates.html",
        cards=cards,
        after=cards[-1].id if len(on.cards) > len(cards) else 0,
        offers_to=on.offers_to,
        span=_span(),
    )


def _playdate_asked_for(name: str, action: Action) -> Playdate | None:
    """The playdate that the address names, when the person may do that to it."""
    playdate_id = row_in_address(name)
    playdate = queries.get_playdate(playdate_id) if playdate_id else None
    return playdate if playdate is not None and can(signed_in(), action, playdate) else None


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.PLAYDATE_OFFER, load=school.get_class)
def new_playdate(school_class: SchoolClass) -> ResponseReturnValue:
    """Offer a whole class to come and play: empty, or like one of one's own from before."""
    before = _playdate_asked_for("again", Action.PLAYDATE_EDIT)
    form = form_like(before) if before is not None else PlaydateForm()
    if form.validate_on_submit():
        with form.refusals():
            playdate = services.offer_playdate(
                school_class, form.plan, span=_span(), actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_playdate", playdate_id=playdate.id), gettext("The whole class can see it."))
    today = clock.today()
    grades = school.get_grades(school_class.id, today=today)
    return render_form(
        "playdates/new_playdate.html",
        form=form,
        ref=school.get_class_ref(school_class.id, today=today),
        is_for_grades=grades is not None and services.is_for_grades(grades, _span()),
        span=_span(),
        asks_where=_asks_where(form),
    )


@bp.get("/<int:playdate_id>")
@guarded(Action.PLAYDATE_VIEW, load=queries.get_playdate)
def show_playdate(playdate: Playdate) -> ResponseReturnValue:
    """One offer; and for whoever offers it and those who come, who does."""
    return _playdate_page(playdate, Form())


@bp.route("/<int:playdate_id>/edit", methods=["GET", "POST"])
@guarded(Action.PLAYDATE_EDIT, load=queries.get_playdate)
def edit_playdate(playdate: Playdate) -> ResponseReturnValue:
    """Change one's own offer, or take it back."""
    form = EditPlaydateForm(playdate)
    if form.validate_on_submit():
        with form.refusals():
            is_told = services.edit_playdate(
                playdate, form.plan, version=form.version.data, actor=signed_in(), now=clock.now()
            )
            saved = gettext("Saved. Those who come are told.") if is_told else gettext("Saved.")
            return done(url_for(".show_playdate", playdate_id=playdate.id), saved)
    form.go_on_from(playdate.version)
    ref = school.get_class_ref(playdate.class_id, today=clock.today())
    return render_form(
        "playdates/edit_playdate.html", form=form, playdate=playdate, ref=ref, asks_where=_asks_where(form)
    )


@bp.post("/<int:playdate_id>/withdraw")
@guarded(Action.PLAYDATE_WITHDRAW, load=queries.get_playdate)
def withdraw_playdate(playdate: Playdate) -> ResponseReturnValue:
    """Call an offer off."""
    form = Form()
    with form.refusals():
        services.withdraw_playdate(playdate, actor=signed_in(), now=clock.now())
        return done(_class_of(playdate), gettext("Taken back. Those who come are told."))
    return _playdate_page(playdate, form)


@bp.post("/<int:playdate_id>/coming/mark")
@guarded(Action.PLAYDATE_COME, load=queries.get_playdate)
def mark_coming(playdate: Playdate) -> ResponseReturnValue:
    """Say that one comes, with one press."""
    form = ComingForm()
    with form.refusals():
        services.come(playdate, version=form.version.data, actor=signed_in(), now=clock.now())
        return done(url_for(".show_playdate", playdate_id=playdate.id), gettext("You come. Have a good time!"))
    return _playdate_page(playdate, form)


@bp.post("/<int:playdate_id>/coming/unmark")
@guarded(Action.PLAYDATE_COME, load=queries.get_playdate)
def unmark_coming(playdate: Playdate) -> ResponseReturnValue:
    """Take one's word back."""
    form = Form()
    with form.refusals():
        services.stay_away(playdate, actor=signed_in(), now=clock.now())
        return done(
            url_for(".show_playdate", playdate_id=playdate.id), gettext("That is fine. Thank you for saying so.")
        )
    return _playdate_page(playdate, form)


@bp.get("/<int:playdate_id>/aula-text")
@guarded(Action.PLAYDATE_EDIT, load=queries.get_playdate)
def show_aula_text(playdate: Playdate) -> ResponseReturnValue:
    """The offer as text for Aula; of a home under protection without place and names."""
    if playdate.is_taken_back:
        flash(gettext("The offer has been taken back."))
        return redirect(url_for(".show_playdate", playdate_id=playdate.id), HTTPStatus.SEE_OTHER)
    person, settings = signed_in(), _settings()
    card = presenters.playdate_card(playdate, person, now=clock.now())
    link = settings.base_url + card.url
    plain = presenters.aula_text(card, link=link, is_protected=is_protected(person.id, today=clock.today()))
    return render_template("playdates/show_aula_text.html", card=card, plain=plain)


def _playdate_page(playdate: Playdate, form: Form) -> ResponseReturnValue:
    person = signed_in()
    card = presenters.playdate_card(playdate, person, now=clock.now())
    return render_form(
        "playdates/show_playdate.html",
        form=form,
        playdate=playdate,
        card=card,
        guests=presenters.guests_in_words(card),
        again=presenters.again_on(playdate),
        has_begun=playdate.starts_at <= clock.now(),
    )


def _asks_where(form: PlaydateForm) -> bool:
    """Whether to ask somebody under protection about the place: once they have written one."""
    return form.is_submitted() and is_protected(signed_in().id, today=clock.today())


def _class_of(playdate: Playdate) -> str:
    return url_for("home.show_class", class_id=playdate.class_id)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings


def _span() -> tuple[int, int]:
    return _settings().playdate_grades
