"""The councils' own pages, and the pages where members, chair and facilitators are entered."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.sign_in import queries as links
from portal.accounts.sign_in import services as sign_in
from portal.accounts.sign_in.letters import letter_for
from portal.council import queries, services
from portal.council.forms import (
    BoardForm,
    ChairForm,
    CouncilForm,
    FacilitatorForm,
    MemberLinkForm,
    MembersForm,
    chairs_of,
    on_board,
)
from portal.council.meetings.queries import list_approved, list_meetings
from portal.council.models import Council, Facilitator
from portal.initiatives.presenters import in_list
from portal.initiatives.queries import list_running_of_council
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.school.terms import until_successors
from portal.strategy.amendments.presenters import amendment_items
from portal.strategy.amendments.queries import list_with_council
from portal.strategy.kinds import AmendmentState
from portal.strategy.replies.queries import list_unread
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("council", __name__, url_prefix="/council")


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_councils() -> ResponseReturnValue:
    """The councils one belongs to; for office and leadership all of them, with the minutes that are approved."""
    person = signed_in()
    sees_all = can(person, Action.COUNCIL_OVERVIEW)
    today = clock.today()
    minutes, earlier = list_approved(before=row_in_address("before")) if sees_all else ((), 0)
    return render_template(
        "council/list_councils.html",
        councils=queries.list_every_council(today=today) if sees_all else queries.list_councils(person, today=today),
        minutes=minutes,
        earlier=earlier,
    )


@bp.route("/new", methods=["GET", "POST"])
@guarded(Action.COUNCIL_MANAGE)
def new_council() -> ResponseReturnValue:
    """Make a council."""
    form = CouncilForm()
    if form.validate_on_submit():
        with form.refusals():
            council = services.make_council(
                form.name.data,
                form.lowest_grade.data,
                form.highest_grade.data,
                signs_in=form.signs_in.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(
                url_for(".edit_facilitators", council_id=council.id),
                gettext("%(name)s is there. Who will help it?", name=council.name),
            )
    return render_form("council/new_council.html", form=form)


@bp.get("/<int:council_id>")
@guarded(Action.COUNCIL_VIEW, load=queries.get_council)
def show_council(council: Council) -> ResponseReturnValue:
    """A council as its members see it: who is here, who helps, what it is for."""
    person, today = signed_in(), clock.today()
    seats = queries.list_seats(council.id, today=today)
    follows = can(person, Action.MEETING_FOLLOW, council)
    in_hand = list_with_council(person, council.id, today=today) if follows else []
    may_appoint = can(person, Action.COUNCIL_CHAIR, council)
    coming, held, earlier = list_meetings(council.id, person, before=row_in_address("before"))
    return render_template(
        "council/show_council.html",
        council=council,
        members=[seat for seat in seats if not seat.is_substitute],
        substitutes=[seat for seat in seats if seat.is_substitute],
        facilitators=queries.list_facilitators(council.id, today=today),
        missing=queries.list_classes_without_member(council, today=today) if may_appoint else [],
        follows=follows,
        taken_over=amendment_items([row for row in in_hand if not row.author_sits], person.id),
        coming=coming,
        initiatives=in_list(list_running_of_council(council.id), today=today),
        held=held,
        earlier=earlier,
        school_year=clock.school_year(today),
        to_forward=sum(row.state is AmendmentState.ADOPTED for row in in_hand)
        if can(person, Action.MEETING_MANAGE, council)
        else 0,
    )


@bp.get("/<int:council_id>/answers")
@guarded(Action.MEETING_MANAGE, load=queries.get_council)
def show_answers(council: Council) -> ResponseReturnValue:
    """Which of the board's answers nobody has read aloud yet, in the classes and in the council."""
    unread = list_unread(council.id, today=clock.today())
    return render_template("council/show_answers.html", council=council, unread=unread)


@bp.route("/<int:council_id>/edit", methods=["GET", "POST"])
@guarded(Action.COUNCIL_MANAGE, load=queries.get_council)
def edit_council(council: Council) -> ResponseReturnValue:
    """Change a council's name and grades."""
    form = CouncilForm(obj=council, seen=council.stamp)
    if form.validate_on_submit():
        with form.refusals():
            services.change_council(
                council,
                form.name.data,
                form.lowest_grade.data,
                form.highest_grade.data,
                signs_in=form.signs_in.data,
                seen=form.seen.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_council", council_id=council.id), gettext("Saved."))
    form.stand_on(council.stamp)
    return render_form("council/edit_council.html", form=form, council=council)


@bp.route("/<int:council_id>/facilitators", methods=["GET", "POST"])
@guarded(Action.COUNCIL_MANAGE, load=queries.get_council)
def edit_facilitators(council: Council) -> ResponseReturnValue:
    """Enter which of the staff help a council."""
    today = clock.today()
    form = FacilitatorForm(school.list_staff(today=today))
    if form.validate_on_submit():
        with form.refusals():
            services.add_facilitator(council, form.user.data, actor=signed_in(), now=clock.now())
            return done(url_for(".edit_facilitators", council_id=council.id), gettext("Saved. They help from now on."))
    return render_form(
        "council/edit_facilitators.html",
        form=form,
        council=council,
        facilitators=queries.list_facilitators(council.id, today=today),
    )


@bp.post("/facilitators/<int:facilitator_id>/end")
@guarded(Action.COUNCIL_MANAGE, load=queries.get_facilitator)
def end_facilitator(facilitator: Facilitator) -> ResponseReturnValue:
    """End somebody's time with a council at once."""
    council_id = facilitator.council_id
    services.end_facilitator(facilitator, actor=signed_in(), now=clock.now())
    return done(url_for(".edit_facilitators", council_id=council_id), gettext("That time has ended."))


@bp.route("/<int:council_id>/chair", methods=["GET", "POST"])
@guarded(Action.COUNCIL_CHAIR, load=queries.get_council)
def edit_chair(council: Council) -> ResponseReturnValue:
    """Enter whom the council has chosen to lead its meetings."""
    today = clock.today()
    form = ChairForm(queries.list_seats(council.id, today=today))
    if form.validate_on_submit():
        with form.refusals():
            services.choose_chair(council, form.member.data, seen=form.seen.data, actor=signed_in(), now=clock.now())
            return done(url_for(".show_council", council_id=council.id), gettext("The chair is saved."))
        form.look_again(chairs_of(queries.list_seats(council.id, today=today)))
    return render_form("council/edit_chair.html", form=form, council=council)


@bp.route("/<int:council_id>/board", methods=["GET", "POST"])
@guarded(Action.COUNCIL_CHAIR, load=queries.get_council)
def edit_board(council: Council) -> ResponseReturnValue:
    """Enter who of the council sits on the school board and presents there what the councils propose."""
    today = clock.today()
    form = BoardForm(queries.list_seats(council.id, today=today))
    if form.validate_on_submit():
        with form.refusals():
            services.choose_board_members(
                council, form.members.data, seen=form.seen.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_council", council_id=council.id), gettext("Saved."))
        form.look_again(on_board(queries.list_seats(council.id, today=today)))
    return render_form("council/edit_board.html", form=form, council=council)


@bp.route("/classes/<int:class_id>/members", methods=["GET", "POST"])
@guarded(Action.CLASS_APPOINT, load=school.get_class)
def edit_members(school_class: SchoolClass) -> ResponseReturnValue:
    """Enter whom a class has elected to its council."""
    today = clock.today()
    council = queries.get_council_of_class(school_class.id, today=today)
    seats = queries.list_class_seats(school_class.id, today=today)
    form = MembersForm(school.list_pupils(school_class.id, today=today), seats)
    if council is not None and form.validate_on_submit():
        with form.refusals():
            services.choose_members(
                school_class, council, form.elected, seen=form.seen.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_letters", class_id=school_class.id), gettext("The election is saved."))
        form.look_again(queries.list_class_seats(school_class.id, today=today))
    return render_form(
        "council/edit_members.html",
        form=form,
        council=council,
        seats=seats,
        until=until_successors(today),
        ref=school.get_class_ref(school_class.id, today=today),
    )


@bp.get("/classes/<int:class_id>/letters")
@guarded(Action.CLASS_APPOINT, load=school.get_class)
def show_letters(school_class: SchoolClass) -> ResponseReturnValue:
    """A class's pupils in the council, and the letters of those who have not chosen a password with theirs."""
    today = clock.today()
    seats = queries.list_class_seats(school_class.id, today=today)
    ref = school.get_class_ref(school_class.id, today=today)
    open_links = links.list_open_links([s.pupil.user_id for s in seats if s.pupil.user_id], now=clock.now())
    return render_template(
        "council/show_letters.html",
        ref=ref,
        seats=seats,
        letters=[letter_for(link, about=ref.label) for link in open_links.values()],
    )


@bp.post("/classes/<int:class_id>/letters")
@guarded(Action.CLASS_APPOINT, load=school.get_class)
def make_letter(school_class: SchoolClass) -> ResponseReturnValue:
    """A new sign-in letter for one of the class's pupils in the council."""
    seats = queries.list_class_seats(school_class.id, today=clock.today())
    form = MemberLinkForm(seats)
    if not form.validate_on_submit():
        abort(422)
    user = next(seat.pupil.user for seat in seats if seat.pupil_id == form.pupil.data)
    if user is None:
        abort(404)
    sign_in.make_link(user, actor=signed_in(), now=clock.now())
    return done(url_for(".show_letters", class_id=school_class.id), gettext("The letter is ready to be printed."))
