"""The class list and a guardian's own choice: no export, no sheet for paper, no other way to take it along."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school.contacts import queries, services
from portal.school.contacts.forms import ContactsForm
from portal.school.models import SchoolClass
from portal.school.queries import get_class, get_class_ref
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("contacts", __name__)


@bp.get("/classes/<int:class_id>/contacts")
@guarded(Action.CONTACTS_VIEW, load=get_class)
def show_contacts(school_class: SchoolClass) -> ResponseReturnValue:
    """Every child of the class with its guardians, and what each of them lets the class see."""
    today = clock.today()
    children = queries.list_contacts(school_class.id, today=today)
    return render_template(
        "school/contacts/show_contacts.html",
        school_class=school_class,
        children=children,
        has_any=any(guardian.phone or guardian.email for child in children for guardian in child.guardians),
        ref=get_class_ref(school_class.id, today=today),
    )


@bp.route("/classes/<int:class_id>/contacts/edit", methods=["GET", "POST"])
@guarded(Action.CONTACTS_EDIT, load=get_class)
def edit_contacts(school_class: SchoolClass) -> ResponseReturnValue:
    """Choose what the other homes of the class may see of oneself."""
    today = clock.today()
    own = queries.get_own_choice(signed_in().id, school_class.id, today=today)
    form = ContactsForm(own)
    if form.validate_on_submit():
        with form.refusals():
            services.choose_contacts(
                school_class, form.shown.data, phone=form.phone.data or "", actor=signed_in(), now=clock.now()
            )
            return done(
                url_for(".show_contacts", class_id=school_class.id),
                gettext("Saved. This is what the class sees.")
                if form.shown.data
                else gettext("Saved. Neither number nor e-mail is shown."),
            )
    return render_form(
        "school/contacts/edit_contacts.html", form=form, own=own, ref=get_class_ref(school_class.id, today=today)
    )
