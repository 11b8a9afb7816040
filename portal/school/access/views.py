"""The leadership's pages about access: a class's guardians, and closing, keeping closed or opening one of them."""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action, can
from portal.school.access import queries, services
from portal.school.access.forms import ClosureForm
from portal.school.access.models import ChildAccess
from portal.school.models import SchoolClass
from portal.school.queries import get_class, get_class_ref
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("access", __name__)


@bp.get("/access")
@guarded(Action.ACCESS_CLOSE)
def list_closed() -> ResponseReturnValue:
    """Every closed access and its last day, the next to end first; without one's own children."""
    person, today = signed_in(), clock.today()
    accesses = [one for one in queries.list_closed(today=today) if can(person, Action.ACCESS_CLOSE, one)]
    return render_template(
        "school/access/list_closed.html",
        accesses=accesses,
        refs=queries.list_class_refs(accesses, today=today),
        today=today,
    )


@bp.get("/classes/<int:class_id>/access")
@guarded(Action.ACCESS_CLOSE, load=get_class)
def list_accesses(school_class: SchoolClass) -> ResponseReturnValue:
    """The children of a class with their guardians, and to whom the access is closed; without one's own children."""
    person, today = signed_in(), clock.today()
    accesses = queries.list_class_accesses(school_class.id, today=today)
    decided = [one for one in accesses if can(person, Action.ACCESS_CLOSE, one)]
    return render_template(
        "school/access/list_accesses.html",
        children=[(pupil, list(around)) for pupil, around in groupby(decided, key=lambda one: one.pupil)],
        ref=get_class_ref(school_class.id, today=today),
    )


@bp.route("/pupils/<int:pupil_id>/guardians/<int:guardian_id>/access", methods=["GET", "POST"])
@guarded(Action.ACCESS_CLOSE, load=queries.get_child_access)
def edit_access(access: ChildAccess) -> ResponseReturnValue:
    """Close a guardian's access to a child, or make it last longer; what was decided before stands below."""
    today = clock.today()
    latest = services.last_day_possible(today)
    form = ClosureForm()
    if form.validate_on_submit():
        with form.refusals():
            services.close_access(
                access,
                until=form.until.data,
                reason=form.reason.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_address(access), gettext("The access is closed from now on."))
    return render_form(
        "school/access/edit_access.html",
        form=form,
        access=access,
        latest=latest,
        decisions=queries.list_decisions(access.guardian.id, access.pupil.id),
        siblings=queries.list_other_children(access.guardian.id, access.pupil.id, today=today),
        today=today,
    )


@bp.post("/pupils/<int:pupil_id>/guardians/<int:guardian_id>/access/end")
@guarded(Action.ACCESS_CLOSE, load=queries.get_child_access)
def end_closure(access: ChildAccess) -> ResponseReturnValue:
    """Open the access again at once."""
    form = Form()
    with form.refusals():
        services.lift_closure(access, actor=signed_in(), now=clock.now())
        return done(_address(access), gettext("The access is open again."))
    for message in form.form_errors:
        flash(message)
    return redirect(_address(access), HTTPStatus.SEE_OTHER)


def _address(access: ChildAccess) -> str:
    return url_for(".edit_access", pupil_id=access.pupil.id, guardian_id=access.guardian.id)
