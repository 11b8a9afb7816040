"""The class team's page of the children who are kept apart. Nobody else learns that there is such a pair."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.people import ClassRef
from portal.playgroups.draft.costs import has_met
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.parted import queries, services
from portal.playgroups.parted.forms import PairForm
from portal.playgroups.parted.models import PartedPair
from portal.playgroups.queries import get_plan, list_class_rounds, list_rounds
from portal.policy import Action
from portal.school.queries import get_class_to_read
from portal.text import clock
from portal.text.collation import sort_key
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("parted", __name__)


@bp.route("/parted/classes/<int:class_id>", methods=["GET", "POST"])
@guarded(Action.PLAYGROUP_MANAGE, load=get_class_to_read)
def edit_pairs(ref: ClassRef) -> ResponseReturnValue:
    """Who is kept apart, and one more pair."""
    today = clock.today()
    form = PairForm(get_roll(ref.id, today=today).names)
    if form.validate_on_submit():
        with form.refusals():
            services.part_children(
                ref.id, form.one.data, form.other.data, form.until.data, actor=signed_in(), now=clock.now()
            )
            said = _saved(ref.id, {form.one.data, form.other.data}, today)
            return done(url_for(".edit_pairs", class_id=ref.id), said)
    return _page(ref, form)


def _saved(class_id: int, pair: set[int], today: date) -> str:
    """What is left to do, so that the two are in no group together."""
    published = list_class_rounds(class_id, today=today)
    coming = [group for each in published if not each.is_over(today) for group in each.groups]
    if any(pair <= group.pupil_ids and not has_met(group, clock.now()) for group in coming):
        return gettext("Saved. They are together in a round that the homes know: move one of them by hand there.")
    plan = get_plan(class_id)
    if plan is not None and any(not each.is_published for each in list_rounds(plan.id, today=today)):
        return gettext("Saved. Plan what is to come anew, and they are in no group together.")
    return gettext("Saved. In the next plan they are in no group together.")


def _page(ref: ClassRef, form: Form) -> ResponseReturnValue:
    found = queries.list_pairs(ref.id, today=clock.today())
    pairs = [(pair, *sorted((pair.one, pair.other), key=sort_key)) for pair in found]
    return render_form("playgroups/parted/edit_pairs.html", form=form, ref=ref, pairs=pairs)


@bp.post("/parted/<int:pair_id>/end")
@guarded(Action.PLAYGROUP_MANAGE, load=queries.get_pair)
def end_pair(pair: PartedPair) -> ResponseReturnValue:
    """Let two children be together again."""
    class_id = pair.class_id
    services.lift_pair(pair, actor=signed_in(), now=clock.now())
    return done(url_for(".edit_pairs", class_id=class_id), gettext("Lifted. They can be in a group together again."))
