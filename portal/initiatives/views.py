"""The pages of initiatives: the lists, one of them, beginning, changing and closing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.initiatives import presenters, queries, services
from portal.initiatives.forms import CloseForm, InitiativeForm, OutcomeForm, as_typed
from portal.initiatives.models import CouncilRef, Initiative, InitiativeToRead, Whose, can_be_corrected, is_fresh
from portal.people import ClassRef
from portal.policy import Action, can
from portal.school import queries as school
from portal.strategy import queries as strategy
from portal.strategy.presenters import points_by_section
from portal.text import clock
from portal.web.forms import Form, PressForm, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("initiatives", __name__, url_prefix="/initiatives")

#: So long one lasts unless somebody says otherwise.
USUAL_TIME = timedelta(weeks=4)
Sections = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@bp.get("/")
@guarded(Action.INITIATIVE_FOLLOW)
def list_initiatives() -> ResponseReturnValue:
    """What the whole school and its councils do, and how it went."""
    person = signed_in()
    helped = {council_id: person.council_names[council_id] for council_id in sorted(person.facilitates)}
    return render_template(
        "initiatives/list_initiatives.html",
        groups=presenters.groups(queries.list_of_all(), helped, today=clock.today()),
    )


@bp.get("/classes")
@guarded(Action.INITIATIVE_OVERVIEW)
def list_all_classes() -> ResponseReturnValue:
    """What every class does, and how it went this school year."""
    today = clock.today()
    return render_template(
        "initiatives/list_all_classes.html",
        listed=presenters.in_list(queries.list_running_in_classes(today=today), today=today),
        closed=presenters.lines(queries.list_closed_in_classes(today=today), today=today),
        year_name=clock.school_year_name(clock.school_year(today)),
    )


@bp.get("/classes/<int:class_id>")
@guarded(Action.INITIATIVE_FEED, load=school.get_class_to_read)
def list_class_initiatives(ref: ClassRef) -> ResponseReturnValue:
    """What a class does, and how it went."""
    return render_template(
        "initiatives/list_class_initiatives.html",
        ref=ref,
        listed=presenters.in_list(queries.list_of_class(ref.id), today=clock.today()),
    )


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_START, load=school.get_class_to_read)
def new_class_initiative(ref: ClassRef) -> ResponseReturnValue:
    """Begin something in a class."""
    return _new("initiatives/new_class_initiative.html", Whose(class_id=ref.id), ref=ref)


@bp.route("/councils/<int:council_id>/new", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_START_COUNCIL, load=queries.get_council_ref)
def new_council_initiative(council: CouncilRef) -> ResponseReturnValue:
    """Begin something as a council."""
    return _new("initiatives/new_council_initiative.html", Whose(council_id=council.council_id), council=council)


@bp.route("/school/new", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_START_SCHOOL)
def new_school_initiative() -> ResponseReturnValue:
    """Begin something for the whole school."""
    return _new("initiatives/new_school_initiative.html", Whose())


def _new(template: str, whose: Whose, **context: object) -> ResponseReturnValue:
    today = clock.today()
    last = min(today + USUAL_TIME, clock.last_day(clock.school_year(today)))
    form = InitiativeForm(starts_on=today, ends_on=last)
    sections = _offer_points(form, asks_akt=whose.class_id is not None)
    if form.validate_on_submit():
        with form.refusals():
            initiative = services.start_initiative(whose, form.plan, actor=signed_in(), now=clock.now())
            told = presenters.begun_in_words(initiative, today)
            return done(url_for(".show_initiative", initiative_id=initiative.id), told)
    return render_form(template, form=form, sections=sections, **context)


def _offer_points(form: InitiativeForm, *, asks_akt: bool) -> Sections:
    edition = strategy.get_current()
    sections = points_by_section(strategy.list_text(edition.id)) if edition else []
    form.offer([point for _, points in sections for point in points], asks_akt=asks_akt)
    return sections


@bp.get("/<int:initiative_id>")
@guarded(Action.INITIATIVE_VIEW, load=queries.get_initiative_to_read)
def show_initiative(initiative: InitiativeToRead) -> ResponseReturnValue:
    """One of them: what is done, for how long, about which points, and how it went."""
    return _page(initiative, None)


def _page(initiative: InitiativeToRead, form: Form | None) -> ResponseReturnValue:
    today = clock.today()
    may_change = can(signed_in(), Action.INITIATIVE_CHANGE, initiative)
    closed_today = initiative.closed_at is not None and clock.day_of(initiative.closed_at) == today
    keeps_names = can(signed_in(), Action.INITIATIVE_NAMES, initiative)
    return render_form(
        "initiatives/show_initiative.html",
        form=form,
        initiative=initiative,
        days=presenters.days_in_words(initiative, today),
        outcome=presenters.outcome_in_words(initiative) if initiative.is_closed else "",
        points=presenters.points_of(initiative.id),
        may_change=may_change,
        sees_akt=may_change or can(signed_in(), Action.INITIATIVE_OVERVIEW),
        is_due=presenters.is_due(initiative, today),
        has_begun=initiative.starts_on <= today,
        is_fresh=not initiative.is_closed and is_fresh(initiative, today),
        can_reopen=closed_today,
        can_correct=can_be_corrected(initiative, today),
        can_prolong=initiative.school_year == clock.school_year(today),
        protected=presenters.protected_names_in(initiative, signed_in(), today) if keeps_names else (),
    )


def _again(initiative_id: int, form: Form) -> ResponseReturnValue:
    return _page(queries.get_initiative_to_read(initiative_id) or abort(404), form)


@bp.route("/<int:initiative_id>/edit", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_CHANGE, load=queries.get_initiative)
def edit_initiative(initiative: Initiative) -> ResponseReturnValue:
    """Change what is done, its days and its points; the second of two who edit it gets both texts."""
    initiative_id = initiative.id
    form = InitiativeForm(data=as_typed(initiative, (row.clause_key for row in queries.list_points(initiative_id))))
    sections = _offer_points(form, asks_akt=initiative.class_id is not None)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_initiative(
                initiative, form.plan, version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_initiative", initiative_id=initiative_id), gettext("Saved."))
    stands = queries.get_initiative_to_read(initiative_id) or abort(404)
    form.go_on_from(stands.version)
    return render_form(
        "initiatives/edit_initiative.html",
        form=form,
        initiative=stands,
        sections=sections,
        days=presenters.both_days(stands),
        points=presenters.points_of(initiative_id),
        kept=presenters.kept_points_of(initiative_id),
    )


@bp.route("/<int:initiative_id>/close", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_CHANGE, load=queries.get_initiative)
def close_initiative(initiative: Initiative) -> ResponseReturnValue:
    """Close it, and say how it went; the second of two who write sees what the first one saved."""
    initiative_id, is_class = initiative.id, initiative.class_id is not None
    last = min(initiative.ends_on, clock.today())
    form = CloseForm(outcome=initiative.outcome, closed_on=last, version=initiative.version)
    if form.validate_on_submit():
        with form.refusals():
            services.close_initiative(
                initiative,
                form.outcome.data,
                form.closed_on.data,
                version=form.version.data or 0,
                actor=signed_in(),
                now=clock.now(),
            )
            told = gettext("Closed. The homes of the class hear how it went.") if is_class else gettext("Closed.")
            return done(url_for(".show_initiative", initiative_id=initiative_id), told)
    stands = queries.get_initiative_to_read(initiative_id) or abort(404)
    form.go_on_from(stands.version)
    return render_form(
        "initiatives/close_initiative.html", form=form, initiative=stands, days=presenters.both_days(stands)
    )


@bp.route("/<int:initiative_id>/outcome", methods=["GET", "POST"])
@guarded(Action.INITIATIVE_CHANGE, load=queries.get_initiative)
def correct_outcome(initiative: Initiative) -> ResponseReturnValue:
    """Put right what stands about how it went."""
    initiative_id = initiative.id
    form = OutcomeForm(outcome=initiative.outcome, version=initiative.version)
    if form.validate_on_submit():
        with form.refusals():
            services.correct_outcome(
                initiative, form.outcome.data, version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_initiative", initiative_id=initiative_id), gettext("Saved."))
    stands = queries.get_initiative_to_read(initiative_id) or abort(404)
    form.go_on_from(stands.version)
    return render_form("initiatives/correct_outcome.html", form=form, initiative=stands)


@bp.post("/<int:initiative_id>/reopen")
@guarded(Action.INITIATIVE_CHANGE, load=queries.get_initiative)
def reopen_initiative(initiative: Initiative) -> ResponseReturnValue:
    """Open one again that was closed by mistake."""
    form, initiative_id = PressForm(), initiative.id
    with form.refusals():
        services.reopen_initiative(initiative, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".show_initiative", initiative_id=initiative_id), gettext("It is under way again."))
    return _again(initiative_id, form)


@bp.post("/<int:initiative_id>/withdraw")
@guarded(Action.INITIATIVE_CHANGE, load=queries.get_initiative)
def withdraw_initiative(initiative: Initiative) -> ResponseReturnValue:
    """Take one back that was begun by mistake."""
    form, initiative_id, class_id = PressForm(), initiative.id, initiative.class_id
    with form.refusals():
        services.withdraw_initiative(initiative, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        back = url_for(".list_class_initiatives", class_id=class_id) if class_id else url_for(".list_initiatives")
        return done(back, gettext("Taken back."))
    return _again(initiative_id, form)
