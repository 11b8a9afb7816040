"""The pages of the year wheel: the year, a duty, the board's sheet, the history, and changing what is asked for."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.people import Person
from portal.policy import Action, can
from portal.proofs import Per, Proof
from portal.text import clock
from portal.updates.cadence.presenters import every_weeks
from portal.web.downloads import send_pdf
from portal.web.forms import Form, PressForm, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for
from portal.year_wheel import queries, services
from portal.year_wheel import wheel as wheels
from portal.year_wheel.forms import OWNER_NAMES, PER_NAMES, DutyForm, NoteForm
from portal.year_wheel.models import DutyLine, NotedProof, WheelYear
from portal.year_wheel.presenters import (
    STATE_KINDS,
    STATE_NAMES,
    figures,
    grouped,
    items_of,
    ring_of,
    sheet_eyebrow,
    sheet_on_paper,
    title_of,
    window_words,
)
from portal.year_wheel.quiet import list_quiet
from portal.year_wheel.states import State, window_of
from portal.year_wheel.wheel import Seen, Wheel

bp = Blueprint("year_wheel", __name__, url_prefix="/year-wheel")

#: So many earlier school years can be looked at.
EARLIER_YEARS = 3


def all_proofs() -> tuple[Proof, ...]:
    """What every room can prove."""
    proofs: tuple[Proof, ...] = current_app.extensions["portal.proofs"]
    return proofs


def seen_by(person: Person) -> Seen:
    """Whose duties the person sees: all, or those of their own classes and councils."""
    if can(person, Action.WHEEL_OVERSEE):
        return Seen()
    return Seen(frozenset(person.teams), person.facilitates)


def wheel_for(person: Person, school_year: int, *, now: datetime, only: str = "") -> Wheel:
    """A school year's wheel as the person sees it."""
    seen = seen_by(person)
    return wheels.look_at(school_year, all_proofs(), every_weeks=every_weeks(), seen=seen, now=now, only=only)


def get_line(key: str) -> DutyLine | None:
    """A duty of this school year's wheel, by its key."""
    lines = wheels.own_or_delivered(clock.school_year(clock.today()))
    return next((line for line in lines if line.key == key), None)


def get_year(school_year: int) -> WheelYear | None:
    """This school year, or one of those just before it."""
    this = clock.school_year(clock.today())
    return WheelYear(school_year) if this - EARLIER_YEARS <= school_year <= this else None


@bp.get("/")
@guarded(Action.WHEEL_VIEW)
def show_wheel() -> ResponseReturnValue:
    """The school year: what is late, what is to be done now, what comes, what is done."""
    return _year_page("year_wheel/show_wheel.html", clock.school_year(clock.today()))


@bp.get("/years/<int:school_year>")
@guarded(Action.WHEEL_VIEW, load=get_year)
def show_year(year: WheelYear) -> ResponseReturnValue:
    """An earlier school year: what was done, and what nobody noted."""
    return _year_page("year_wheel/show_year.html", year.school_year)


def _year_page(page: str, school_year: int) -> ResponseReturnValue:
    person = signed_in()
    wheel = wheel_for(person, school_year, now=clock.now())
    items = items_of(wheel, [one.duty.key for one in wheel.duties if _may_note(person, one.duty)])
    this = clock.school_year(clock.today())
    return render_template(
        page,
        groups=grouped(items),
        items=items,
        ring=ring_of(wheel, items),
        state_names=STATE_NAMES,
        school_year=clock.school_year_name(school_year),
        is_over=wheel.year.is_over,
        years=[(clock.school_year_name(year), year) for year in range(this, this - EARLIER_YEARS - 1, -1)],
        shown_year=school_year,
        this_year=this,
    )


def _may_note(person: Person, duty: DutyLine) -> bool:
    return duty.is_by_hand and can(person, Action.DUTY_RECORD, duty)


@bp.get("/sheet")
@guarded(Action.WHEEL_OVERSEE)
def show_sheet() -> ResponseReturnValue:
    """One sheet of paper for the board: how the strategy lives."""
    wheel = _this_year()
    return render_template(
        "year_wheel/show_sheet.html",
        items=items_of(wheel),
        figures=figures(wheel),
        state_names=STATE_NAMES,
        eyebrow=sheet_eyebrow(wheel, current_app.extensions["portal.settings"].school_name),
    )


@bp.get("/sheet/pdf")
@guarded(Action.WHEEL_OVERSEE)
def download_sheet() -> ResponseReturnValue:
    """The same sheet as a file to send to the board."""
    wheel = _this_year()
    title = gettext("How the strategy lives")
    sheet = sheet_on_paper(wheel, current_app.extensions["portal.settings"].school_name)
    name = f"{title} {clock.school_year_name(wheel.year.school_year)}"
    return send_pdf("year_wheel/download_sheet.typ", title, sheet, name=name)


def _this_year() -> Wheel:
    return wheel_for(signed_in(), clock.school_year(clock.today()), now=clock.now())


@bp.get("/quiet")
@guarded(Action.QUIET_VIEW)
def list_quiet_points() -> ResponseReturnValue:
    """The points of the strategy of which nothing was seen for a year, for leadership and councils."""
    measures = current_app.extensions["portal.measures"]
    return render_template(
        "year_wheel/list_quiet_points.html", points=list_quiet(all_proofs(), measures, now=clock.now())
    )


@bp.get("/duties/<key>")
@guarded(Action.WHEEL_VIEW, load=get_line)
def show_duty(duty: DutyLine) -> ResponseReturnValue:
    """One duty: how it stands where, what proves it, and for whoever sees to it a place to note it."""
    return _duty_page(duty)


def _duty_page(duty: DutyLine, form: NoteForm | None = None, refused: Form | None = None) -> ResponseReturnValue:
    person = signed_in()
    wheel = wheel_for(person, clock.school_year(clock.today()), now=clock.now(), only=duty.key)
    standing = next(iter(wheel.duties), None)
    standings = standing.standings if standing else ()
    lacking = _lacking(person, wheel)
    has_opened = wheel.year.today >= window_of(duty, wheel.year.school_year).opens_on
    if form is None and refused is None and lacking and has_opened and _may_note(person, duty):
        form = NoteForm(wheel.year.today, duty.per, lacking)
    words = {proof.kind: proof.words for proof in all_proofs()}
    return render_form(
        "year_wheel/show_duty.html",
        form=form if form is not None else refused,
        noting=form is not None,
        duty=duty,
        title=title_of(duty),
        when=window_words(duty, wheel.year),
        standing=standing,
        standings=standings,
        removable={one.noted.id for one in standings if one.noted and _may_remove(person, duty, one.noted)},
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        owner=OWNER_NAMES[duty.owner],
        per=PER_NAMES[duty.per],
        seen_by_itself=[words[kind] for kind in duty.proofs if kind in words],
        points=[row for row in queries.list_clauses() if row.key in duty.points] if duty.points else [],
    )


def _lacking(person: Person, wheel: Wheel) -> list[tuple[int | None, str]]:
    """For whom the person may note the one duty that it is neither done nor noted for.

    That is less than what they see: of a duty of the class teams a team's own classes, whatever else its people are.
    """
    one = next(iter(wheel.duties), None)
    if one is None:
        return []
    everywhere = can(person, Action.DUTY_RECORD_EVERYWHERE, one.duty)
    own = person.teams if one.duty.per is Per.CLASS else person.facilitates
    return [
        (each.whose.id, each.whose.label)
        for each in one.standings
        if each.state is not State.DONE and not each.noted and (everywhere or each.whose.id in own)
    ]


def _may_remove(person: Person, duty: DutyLine, noted: queries.Noted) -> bool:
    class_id = noted.whose if duty.per is Per.CLASS else None
    if noted.school_year != clock.school_year(clock.today()) and not can(person, Action.WHEEL_EDIT):
        return False
    return can(person, Action.PROOF_REMOVE, NotedProof(class_id=class_id, noted_by_id=noted.noted_by_id))


@bp.post("/duties/<key>/record")
@guarded(Action.DUTY_RECORD, load=get_line)
def record_duty(duty: DutyLine) -> ResponseReturnValue:
    """Note that a duty was done, with the day and a line, for all of one's classes at once."""
    person, now = signed_in(), clock.now()
    wheel = wheel_for(person, clock.school_year(clock.day_of(now)), now=now, only=duty.key)
    form = NoteForm(wheel.year.today, duty.per, _lacking(person, wheel))
    if form.validate_on_submit():
        with form.refusals():
            services.note_duty(
                duty,
                form.chosen,
                form.done_on.data,
                form.note.data or "",
                class_ids=wheel.class_ids,
                actor=person,
                now=now,
            )
            return done(url_for(".show_duty", key=duty.key), gettext("Noted. Thank you."))
    return _duty_page(duty, form)


@bp.post("/proofs/<int:noted_id>/remove")
@guarded(Action.PROOF_REMOVE, load=queries.get_noted)
def remove_proof(noted: NotedProof) -> ResponseReturnValue:
    """Take back what was noted by mistake."""
    form, key = Form(), noted.key
    with form.refusals():
        services.remove_proof(noted, actor=signed_in(), now=clock.now())
        return done(url_for(".show_duty", key=key), gettext("Removed."))
    duty = get_line(key)
    return _duty_page(duty, refused=form) if duty else abort(404)


@bp.get("/duties")
@guarded(Action.WHEEL_EDIT)
def list_duties() -> ResponseReturnValue:
    """What the wheel asks for, for the leadership to change."""
    lines = wheels.own_or_delivered(clock.school_year(clock.today()))
    return render_template(
        "year_wheel/list_duties.html",
        duties=[(line, title_of(line)) for line in lines],
        owners=OWNER_NAMES,
        pers=PER_NAMES,
        is_own=any(line.id for line in lines),
    )


@bp.route("/duties/new", methods=["GET", "POST"])
@guarded(Action.WHEEL_EDIT)
def new_duty() -> ResponseReturnValue:
    """Add a duty of the school's own."""
    form = _duty_form(None)
    if form.validate_on_submit():
        with form.refusals():
            per, known = Per(form.per.data), all_proofs()
            key = services.add_duty(form.wanted, per, known=known, actor=signed_in(), now=clock.now())
            return done(url_for(".show_duty", key=key), gettext("It stands in the year wheel now."))
    return render_form("year_wheel/new_duty.html", form=form, duty=None)


@bp.route("/duties/<key>/edit", methods=["GET", "POST"])
@guarded(Action.WHEEL_EDIT, load=get_line)
def edit_duty(duty: DutyLine) -> ResponseReturnValue:
    """Change a duty; earlier editions keep theirs."""
    form = _duty_form(duty)
    if form.validate_on_submit():
        with form.refusals():
            services.change_duty(
                duty,
                form.wanted,
                version=form.version.data or 0,
                known=all_proofs(),
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_duty", key=duty.key), gettext("The year wheel has been changed."))
        duty = get_line(duty.key) or abort(404)
    form.go_on_from(duty.version)
    return render_form("year_wheel/edit_duty.html", form=form, duty=duty, title=title_of(duty))


def _duty_form(duty: DutyLine | None) -> DutyForm:
    clauses = [(row.key, row.text) for row in queries.list_clauses()]
    return DutyForm(duty, title_of(duty) if duty else "", all_proofs(), clauses)


@bp.post("/duties/<key>/remove")
@guarded(Action.WHEEL_EDIT, load=get_line)
def remove_duty(duty: DutyLine) -> ResponseReturnValue:
    """Take a duty out of this edition's wheel."""
    form = PressForm()
    with form.refusals():
        services.remove_duty(duty, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".list_duties"), gettext("It no longer stands in the year wheel."))
    return _duty_page(get_line(duty.key) or abort(404), refused=form)
