"""What a home says once about playgroups."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.people import ClassRef
from portal.playgroups.homes import queries, services
from portal.playgroups.homes.forms import AnswerForm
from portal.policy import Action
from portal.school.homes.queries import is_protected
from portal.school.queries import get_class_to_read
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("homes", __name__)


@bp.route("/homes/classes/<int:class_id>", methods=["GET", "POST"])
@guarded(Action.PLAYGROUP_FOLLOW, load=get_class_to_read)
def edit_answer(ref: ClassRef) -> ResponseReturnValue:
    """Say whether a group can meet at one's home, and who takes part; asked once, changed at any time."""
    person = signed_in()
    own = services.own_children(person, ref.id)
    children = {child.pupil_id: child.name for child in person.children_in({ref.id}) if child.pupil_id in own}
    form = AnswerForm(
        children,
        queries.get_answer(person.id, ref.id),
        queries.list_abstaining(children, ref.id),
        asks_host=not is_protected(person.id, today=clock.today()),
    )
    if form.validate_on_submit():
        with form.refusals():
            services.save_answer(ref.id, form.answer, actor=person, now=clock.now())
            return done(
                url_for("playgroups.rounds.list_rounds", class_id=ref.id),
                gettext("Thank you. You can change it at any time."),
            )
    return render_form("playgroups/homes/edit_answer.html", form=form, ref=ref)
