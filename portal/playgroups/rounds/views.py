"""The pages of a published round for the homes: one's own children's groups, the day and place, and who comes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.people import ClassRef
from portal.playgroups import queries
from portal.playgroups.homes.queries import get_answer
from portal.playgroups.homes.services import own_children
from portal.playgroups.models import ClassToPlan, GroupAtHome
from portal.playgroups.presenters import is_meal, sizes_for
from portal.playgroups.rounds import presenters, services
from portal.playgroups.rounds.forms import ComingForm, MeetingForm, RecordForm
from portal.playgroups.voices.presenters import questions
from portal.policy import Action, can
from portal.school.homes.queries import list_roof
from portal.school.queries import get_class_ref, get_class_to_read
from portal.settings import Settings
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("rounds", __name__)


def _load(group_id: int) -> GroupAtHome | None:
    return queries.get_group_at_home(group_id, today=clock.today())


@bp.get("/rounds/classes/<int:class_id>")
@guarded(Action.PLAYGROUP_FOLLOW, load=get_class_to_read)
def list_rounds(ref: ClassRef) -> ResponseReturnValue:
    """One's own children's groups: with whom, when and where."""
    return _rounds_page(ref, Form())


def _rounds_page(ref: ClassRef, form: Form) -> ResponseReturnValue:
    person, today = signed_in(), clock.today()
    to_plan, rounds = queries.get_class_to_plan(ref.id), queries.list_class_rounds(ref.id, today=today)
    grades = to_plan.grades if to_plan is not None else None
    return render_form(
        "playgroups/rounds/list_rounds.html",
        form=form,
        ref=ref,
        rounds=_own_rounds(ref.id, rounds),
        asks_children=bool(questions(person, ref.id, rounds, now=clock.now())),
        is_for_grades=grades is not None and bool(sizes_for(grades, _settings())),
        may_plan=to_plan is not None and _may_plan(to_plan),
        is_meal=grades is not None and is_meal(grades, _settings()),
        has_answered=get_answer(person.id, ref.id) is not None,
    )


def _may_plan(to_plan: ClassToPlan) -> bool:
    """Whether the reader, a parents' representative, is let make the plan that is still missing."""
    if not can(signed_in(), Action.PLAYGROUP_MAKE, to_plan) or not sizes_for(to_plan.grades, _settings()):
        return False
    return queries.get_plan(to_plan.class_id) is None


def _own_rounds(class_id: int, rounds: Sequence[queries.Round]) -> presenters.OwnRounds:
    person, today = signed_in(), clock.today()
    own = own_children(person, class_id)
    return presenters.own_rounds(
        rounds,
        presenters.children_in(person, class_id, own),
        hosts=list_roof(person.id, today=today),
        now=clock.now(),
    )


def _own_group(at_home: GroupAtHome) -> presenters.OwnGroup:
    """The group as one's own child's; of two children in it the first."""
    of_class = queries.list_class_rounds(at_home.class_id, today=clock.today())
    rounds = _own_rounds(at_home.class_id, of_class)
    return next(own for own in (*rounds.coming, *rounds.past) if own.id == at_home.group.id)


@bp.route("/rounds/groups/<int:group_id>/meeting", methods=["GET", "POST"])
@guarded(Action.PLAYGROUP_ARRANGE, load=_load)
def edit_meeting(at_home: GroupAtHome) -> ResponseReturnValue:
    """Choose the day, the hours and the place."""
    form = MeetingForm(at_home, clock.today())
    if form.validate_on_submit():
        with form.refusals():
            services.arrange_meeting(
                at_home, form.meeting, version=form.version.data, actor=signed_in(), now=clock.now()
            )
            return done(_rounds_of(at_home), gettext("Saved. The others in the group are told."))
    form.go_on_from(at_home.group.version)
    return render_form(
        "playgroups/rounds/edit_meeting.html",
        form=form,
        own=_own_group(at_home),
        ref=get_class_ref(at_home.class_id, today=clock.today()),
        is_meal=at_home.group.round.plan.is_meal,
    )


@bp.post("/rounds/groups/<int:group_id>/coming/mark")
@guarded(Action.PLAYGROUP_ANSWER, load=_load)
def mark_coming(at_home: GroupAtHome) -> ResponseReturnValue:
    """Say that one's child comes."""
    return _answer(at_home, comes=True)


@bp.post("/rounds/groups/<int:group_id>/coming/unmark")
@guarded(Action.PLAYGROUP_ANSWER, load=_load)
def unmark_coming(at_home: GroupAtHome) -> ResponseReturnValue:
    """Say that one's child cannot come; no reason is asked."""
    return _answer(at_home, comes=False)


def _answer(at_home: GroupAtHome, *, comes: bool) -> ResponseReturnValue:
    form = ComingForm()
    with form.refusals():
        services.answer(at_home, comes, version=form.version.data, actor=signed_in(), now=clock.now())
        return done(_rounds_of(at_home), gettext("Thank you for saying so."))
    return _rounds_page(get_class_ref(at_home.class_id, today=clock.today()), form)


@bp.route("/rounds/groups/<int:group_id>/record", methods=["GET", "POST"])
@guarded(Action.PLAYGROUP_RECORD, load=_load)
def record_meeting(at_home: GroupAtHome) -> ResponseReturnValue:
    """Say whether the group met, and who was not there: what is planned next goes by it."""
    today = clock.today()
    shown = queries.get_group_with_seats(at_home.group, today=today)
    form = RecordForm(shown.seats)
    if form.validate_on_submit():
        with form.refusals():
            services.record_meeting(
                at_home, took_place=not form.not_held.data, absent=form.absent.data, actor=signed_in(), now=clock.now()
            )
            return done(_back(at_home), gettext("Thank you. The next groups are planned by it."))
    return render_form(
        "playgroups/rounds/record_meeting.html",
        form=form,
        ref=get_class_ref(at_home.class_id, today=today),
        names=", ".join(seat.name for seat in shown.seats),
        back=_back(at_home),
    )


def _back(at_home: GroupAtHome) -> str:
    """Where somebody came from: the team's page, or the home's."""
    if can(signed_in(), Action.PLAYGROUP_MANAGE, at_home):
        return url_for("playgroups.show_plan", class_id=at_home.class_id)
    return _rounds_of(at_home)


@bp.get("/rounds/groups/<int:group_id>/aula-text")
@guarded(Action.PLAYGROUP_ANSWER, load=_load)
def show_aula_text(at_home: GroupAtHome) -> ResponseReturnValue:
    """The group's day as text for Aula."""
    own, settings, today = _own_group(at_home), _settings(), clock.today()
    ref = get_class_ref(at_home.class_id, today=today)
    plain = presenters.aula_text(
        own, label=ref.label, is_meal=at_home.group.round.plan.is_meal, link=settings.base_url + _rounds_of(at_home)
    )
    return render_template("playgroups/rounds/show_aula_text.html", own=own, ref=ref, plain=plain)


def _rounds_of(at_home: GroupAtHome) -> str:
    return url_for("playgroups.rounds.list_rounds", class_id=at_home.class_id)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings
