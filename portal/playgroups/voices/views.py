"""A child's own page about its groups: how was it? A guardian presses for a child without an account."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.people import ClassRef
from portal.playgroups import queries
from portal.playgroups.models import GroupAtHome
from portal.playgroups.voices import presenters, services
from portal.playgroups.voices.forms import VoiceForm
from portal.policy import Action
from portal.school.queries import get_class_ref, get_class_to_read
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("voices", __name__)


def _load(group_id: int) -> GroupAtHome | None:
    return queries.get_group_at_home(group_id, today=clock.today())


@bp.get("/voices/classes/<int:class_id>")
@guarded(Action.PLAYGROUP_LOOK_BACK, load=get_class_to_read)
def list_questions(ref: ClassRef) -> ResponseReturnValue:
    """What has been, and has not been answered yet."""
    return _page(ref, Form())


def _page(ref: ClassRef, form: Form) -> ResponseReturnValue:
    person, rounds = signed_in(), queries.list_class_rounds(ref.id, today=clock.today())
    return render_form(
        "playgroups/voices/list_questions.html",
        form=form,
        ref=ref,
        questions=presenters.questions(person, ref.id, rounds, now=clock.now()),
        feelings=presenters.FEELINGS,
        no_thanks=presenters.NO_THANKS,
        is_pupil=person.is_pupil,
    )


@bp.post("/voices/groups/<int:group_id>/record")
@guarded(Action.PLAYGROUP_SAY, load=_load)
def record_voice(at_home: GroupAtHome) -> ResponseReturnValue:
    """Say how it was, or no thanks; once."""
    form = VoiceForm()
    if form.validate_on_submit():
        with form.refusals():
            services.record_voice(at_home, form.child.data, form.feeling, actor=signed_in(), now=clock.now())
            return done(url_for(".list_questions", class_id=at_home.class_id), gettext("Thank you."))
    return _page(get_class_ref(at_home.class_id, today=clock.today()), form)
