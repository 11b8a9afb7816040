"""The page on which a year's parents are entered."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school.forms import RepresentativesForm
from portal.school.terms import until_successors
from portal.school.year_groups import queries, services
from portal.school.year_groups.models import YearGroup
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("year_groups", __name__, url_prefix="/year-groups")


@bp.route("/<int:year_group_id>/parents", methods=["GET", "POST"])
@guarded(Action.YEAR_GROUP_APPOINT, load=queries.get_year_group)
def edit_parents(year_group: YearGroup) -> ResponseReturnValue:
    """Enter who plans for all classes of a year."""
    today = clock.today()
    guardians = queries.list_guardians(year_group.id, today=today)
    chosen = queries.list_parents(year_group.id, today=today)
    form = RepresentativesForm(guardians, chosen)
    if form.validate_on_submit():
        with form.refusals():
            services.choose_parents(
                year_group, form.guardians.data, seen=form.seen.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".edit_parents", year_group_id=year_group.id), gettext("The year's parents are saved."))
        form.look_again(queries.list_parents(year_group.id, today=today))
    return render_form(
        "school/year_groups/edit_parents.html",
        form=form,
        year_group=year_group,
        guardians=guardians,
        most=services.MOST_PARENTS,
        until=until_successors(today),
    )
