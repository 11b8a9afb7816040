"""The pages of a helper: inviting, the letter, ending; asking the office, and what the office then looks at."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.sign_in import queries as sign_in
from portal.accounts.sign_in.letters import letter_for
from portal.policy import Action
from portal.school.helpers import queries, services
from portal.school.helpers.forms import HelperForm
from portal.school.models import ChildHelpers, Guardianship, Pupil
from portal.school.queries import get_pupil
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("helpers", __name__)


@bp.route("/pupils/<int:pupil_id>/helpers/new", methods=["GET", "POST"])
@guarded(Action.HELPER_INVITE, load=get_pupil)
def new_helper(pupil: Pupil) -> ResponseReturnValue:
    """Invite a bonus or grand parent to see and answer a child's events, and nothing else."""
    person, today = signed_in(), clock.today()
    form = HelperForm(queries.list_own_helpers(person.id, pupil.id, today=today))
    if form.validate_on_submit():
        with form.refusals():
            return _share(pupil, form) if form.known_id else _invite(pupil, form)
    return render_form("school/helpers/new_helper.html", form=form, pupil=pupil)


def _invite(pupil: Pupil, form: HelperForm) -> ResponseReturnValue:
    helper = services.invite_helper(
        pupil,
        form.first_name.data,
        form.last_name.data,
        form.email.data,
        actor=signed_in(),
        now=clock.now(),
    )
    return done(
        url_for(".show_helper_letter", guardianship_id=helper.id),
        gettext("The invitation is ready. Print it, or write the address down for them."),
    )


def _share(pupil: Pupil, form: HelperForm) -> ResponseReturnValue:
    services.share_helper(pupil, form.known_id, actor=signed_in(), now=clock.now())
    return done(
        url_for("home.show_child", pupil_id=pupil.id),
        gettext("They can help with %(name)s too, and sign in as they are used to.", name=pupil.short_name),
    )


@bp.get("/helpers/<int:guardianship_id>/letter")
@guarded(Action.HELPER_END, load=queries.get_invited_helper)
def show_helper_letter(helper: Guardianship) -> ResponseReturnValue:
    """The invitation of a helper one has invited, until it is used: gone with the right to end the helper.

    An account with a password or another place here is not for the inviter to open; its letters come from the office.
    """
    link = sign_in.get_link_to_print(helper.guardian_id)
    if link is None:
        abort(404)
    return render_template("school/helpers/show_helper_letter.html", letter=letter_for(link), user=link.user)


@bp.post("/helpers/<int:guardianship_id>/end")
@guarded(Action.HELPER_END, load=queries.get_guardianship)
def end_helper(helper: Guardianship) -> ResponseReturnValue:
    """End a helper one has invited."""
    pupil_id, name = helper.pupil_id, helper.guardian.name
    services.end_helper(helper, actor=signed_in(), now=clock.now())
    message = gettext("%(name)s is no longer a helper.", name=name)
    if any(child.pupil_id == pupil_id for child in signed_in().children):
        return done(url_for("home.show_child", pupil_id=pupil_id), message)
    return done(url_for("accounts.users.show_user", user_id=helper.guardian_id), message)


@bp.post("/pupils/<int:pupil_id>/helpers/report")
@guarded(Action.HELPER_REPORT, load=get_pupil)
def report_helper(pupil: Pupil) -> ResponseReturnValue:
    """Ask the office to look at a helper whom somebody else with custody has invited."""
    form, back = Form(), url_for("home.show_child", pupil_id=pupil.id)
    with form.refusals():
        services.report_helper(pupil, actor=signed_in(), now=clock.now())
        return done(back, gettext("The office has been asked, and will get in touch with you."))
    for message in form.form_errors:
        flash(message)
    return redirect(back, HTTPStatus.SEE_OTHER)


@bp.get("/pupils/<int:pupil_id>/helpers")
@guarded(Action.HELPER_OVERSEE, load=queries.get_child_helpers)
def list_helpers(child: ChildHelpers) -> ResponseReturnValue:
    """Everybody who helps with a child, for the office: who invited them, and who has asked about it."""
    asked = queries.last_report(child.pupil.id)
    return render_template(
        "school/helpers/list_helpers.html",
        pupil=child.pupil,
        helpers=child.helpers,
        asked_by=asked[1] if asked else None,
        asked_on=clock.day_of(asked[0]) if asked else None,
    )
