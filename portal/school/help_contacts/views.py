"""The office's pages about whom the public help page names."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school.help_contacts import queries, services
from portal.school.help_contacts.forms import HELP_KIND_NAMES, HelpContactForm, MoveForm
from portal.school.help_contacts.models import HelpContact, HelpKind
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("help_contacts", __name__)


@bp.get("/help-contacts")
@guarded(Action.SCHOOL_MANAGE)
def list_help_contacts() -> ResponseReturnValue:
    """Whom the public help page names, and when each was last checked."""
    contacts = queries.list_help_contacts()
    groups = [(HELP_KIND_NAMES[kind], [c for c in contacts if c.kind == kind]) for kind in HelpKind]
    return render_template("school/help_contacts/list_help_contacts.html", groups=groups, has_any=bool(contacts))


@bp.route("/help-contacts/new", methods=["GET", "POST"])
@guarded(Action.SCHOOL_MANAGE)
def new_help_contact() -> ResponseReturnValue:
    """Put somebody on the help page."""
    form = HelpContactForm()
    if form.validate_on_submit():
        return _save_help_contact(None, form)
    return render_form("school/help_contacts/new_help_contact.html", form=form)


@bp.route("/help-contacts/<int:contact_id>/edit", methods=["GET", "POST"])
@guarded(Action.SCHOOL_MANAGE, load=queries.get_help_contact)
def edit_help_contact(contact: HelpContact) -> ResponseReturnValue:
    """Change somebody on the help page."""
    form = HelpContactForm(obj=contact)
    if form.validate_on_submit():
        return _save_help_contact(contact, form)
    return render_form("school/help_contacts/edit_help_contact.html", form=form, contact=contact)


def _save_help_contact(contact: HelpContact | None, form: HelpContactForm) -> ResponseReturnValue:
    services.save_help_contact(
        contact,
        kind=HelpKind(form.kind.data),
        title=form.title.data,
        detail=form.detail.data or "",
        phone=form.phone.data or "",
        url=form.url.data or "",
        actor=signed_in(),
        now=clock.now(),
    )
    return done(url_for(".list_help_contacts"), gettext("Saved. Everybody can see it on the help page."))


@bp.post("/help-contacts/<int:contact_id>/delete")
@guarded(Action.SCHOOL_MANAGE, load=queries.get_help_contact)
def delete_help_contact(contact: HelpContact) -> ResponseReturnValue:
    """Take somebody off the help page."""
    services.delete_help_contact(contact, actor=signed_in(), now=clock.now())
    return done(url_for(".list_help_contacts"), gettext("It is gone from the help page."))


@bp.post("/help-contacts/<int:contact_id>/move")
@guarded(Action.SCHOOL_MANAGE, load=queries.get_help_contact)
def move_help_contact(contact: HelpContact) -> ResponseReturnValue:
    """Move somebody one place up or down on the help page."""
    form = MoveForm()
    if not form.validate_on_submit():
        abort(422)
    services.move_help_contact(contact, is_up=form.direction.data == "up", actor=signed_in(), now=clock.now())
    return done(url_for(".list_help_contacts"))


@bp.post("/help-contacts/<int:contact_id>/confirm")
@guarded(Action.SCHOOL_MANAGE, load=queries.get_help_contact)
def confirm_help_contact(contact: HelpContact) -> ResponseReturnValue:
    """Note that number and link were tried today and hold."""
    services.confirm_help_contact(contact, actor=signed_in(), now=clock.now())
    return done(url_for(".list_help_contacts"), gettext("Thank you. Checked today."))
