"""Choosing when mail comes, on a page of one's own or by the link in a mail, which ends it with one press."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.acts.models import ActKind
from portal.acts.notices import Notices
from portal.acts.topics import Topic
from portal.database import db
from portal.extensions import csrf
from portal.notifications.choices import queries, services
from portal.notifications.choices.forms import ChoicesForm
from portal.notifications.choices.presenters import topics_of
from portal.notifications.choices.tokens import address_mark, read_token
from portal.notifications.queries import get_own_mail
from portal.notifications.words import topic_in_words
from portal.policy import Action
from portal.settings import Settings
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, public, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("choices", __name__, url_prefix="/choices")


@bp.route("/", methods=["GET", "POST"])
@guarded(Action.PORTAL_USE)
def edit_choices() -> ResponseReturnValue:
    """Choose when mail comes about each topic."""
    person, today = signed_in(), clock.today()
    form = ChoicesForm(topics_of(person), queries.get_chosen(person.id))
    if form.validate_on_submit():
        services.choose_rhythms(person.id, form.rhythms, _topics(), now=clock.now())
        return done(url_for(".edit_choices"), gettext("Saved. This is when we write to you."))
    settings: Settings = current_app.extensions["portal.settings"]
    mail = get_own_mail(person.id, today=today)
    return render_form(
        "notifications/choices/edit_choices.html",
        form=form,
        mail=mail,
        is_withheld=mail.is_protected and not settings.neutral_mail_from,
    )


@bp.post("/end")
@guarded(Action.PORTAL_USE)
def end_mail() -> ResponseReturnValue:
    """Get no mail any more."""
    services.end_mail(signed_in().id)
    return done(url_for(".edit_choices"), gettext("You get no more e-mails from the portal."))


@bp.get("/<token>")
@public
def show_topic(token: str) -> ResponseReturnValue:
    """Where the link in a mail leads: one press ends such mail. It shows nothing of anybody, and changes nothing."""
    owner = _owner_of(token)
    if owner is None:
        return _link_is_over()
    return render_template("notifications/choices/show_topic.html", words=_words(owner[1]), token=token)


@bp.post("/<token>")
@csrf.exempt
@public
def end_topic(token: str) -> ResponseReturnValue:
    """End such mail: pressed on the page, or by a mail program (RFC 8058), which has no session and no form of ours.

    The token is the only key. Answered without redirecting, as mail programs need it; twice is once.
    """
    owner = _owner_of(token)
    if owner is None:
        return _link_is_over()
    services.end_topic(*owner)
    db.session.commit()
    return render_template("notifications/choices/topic_is_ended.html", words=_words(owner[1]))


def _topics() -> dict[ActKind, Topic]:
    notices: Notices = current_app.extensions["portal.notices"]
    return {kind: notice.topic for kind, notice in notices.items()}


def _owner_of(token: str) -> tuple[int, Topic] | None:
    """Whose mail a link ends and about what, while it is the owner's address of today that it was mailed to."""
    said = read_token(token, current_app.config["SECRET_KEY"])
    if said is None or said[1].is_settled:
        return None
    user_id, topic, mark = said
    email = queries.get_address(user_id)
    return (user_id, topic) if email and address_mark(email) == mark else None


def _words(topic: Topic) -> str:
    return gettext("The day's e-mail") if topic is Topic.EVERYTHING else topic_in_words(topic)


def _link_is_over() -> ResponseReturnValue:
    return render_template("notifications/choices/link_is_over.html"), 404
