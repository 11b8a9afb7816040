"""The pages of a council's meetings: planning, running, writing down, reading the minutes."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.council import queries as councils
from portal.council.meetings import queries, services
from portal.council.meetings.forms import AttendanceForm, CorrectionForm, ItemForm, MeetingForm, NotesForm, ResultForm
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.meetings.openers import list_openers
from portal.council.meetings.presenters import ItemCard, agenda_choices, item_cards, read_choice, waiting_choices
from portal.council.models import Council
from portal.council.queries import get_council
from portal.database.transactions import reading_only
from portal.name_guard.guard import check_names_no_child
from portal.policy import Action, can
from portal.strategy import queries as texts
from portal.strategy.amendments import queries as amendments
from portal.strategy.amendments.presenters import words_html
from portal.strategy.replies.queries import list_unread
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("meetings", __name__)


def _page(meeting_id: int) -> str:
    return url_for(".show_meeting", meeting_id=meeting_id)


@bp.route("/<int:council_id>/meetings/new", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=get_council)
def new_meeting(council: Council) -> ResponseReturnValue:
    """Plan a meeting."""
    form = MeetingForm()
    if form.validate_on_submit():
        with form.refusals():
            meeting = services.plan_meeting(
                council, starts_at=form.starts_at, place=form.place.data or "", actor=signed_in(), now=clock.now()
            )
            return done(_page(meeting.id), gettext("The meeting is planned. What shall it be about?"))
    return render_form("council/meetings/new_meeting.html", form=form, council=council)


@bp.get("/meetings/<int:meeting_id>")
@guarded(Action.MEETING_FOLLOW, load=queries.get_meeting)
def show_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """A meeting: its agenda before, its work while it goes on."""
    items = queries.list_items(meeting.id)
    taken = {item.amendment_id for item in items}
    is_open = meeting.state in {MeetingState.PLANNED, MeetingState.IN_PROGRESS}
    is_planned, is_running = meeting.state is MeetingState.PLANNED, meeting.state is MeetingState.IN_PROGRESS
    may_plan = is_open and can(signed_in(), Action.MEETING_PLAN, meeting)
    waiting = amendments.list_to_decide([meeting.council_id]) if may_plan else []
    return render_template(
        "council/meetings/show_meeting.html",
        meeting=meeting,
        items=item_cards(items, list_unread(meeting.council_id, today=clock.today()) if is_running else ()),
        openers=list_openers(meeting.council_id, now=clock.now()) if is_planned else [],
        present_count=queries.count_present(meeting.id),
        waiting=waiting_choices(waiting, taken),
        may_plan=may_plan,
        is_done=meeting.state in {MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED},
    )


def _cards(meeting: CouncilMeeting) -> list[ItemCard]:
    return item_cards(queries.list_items(meeting.id))


@bp.route("/meetings/<int:meeting_id>/items/new", methods=["GET", "POST"])
@guarded(Action.MEETING_PLAN, load=queries.get_meeting)
def new_item(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Put something on the agenda."""
    edition = texts.get_current()
    waiting = amendments.list_to_decide([meeting.council_id])
    form = ItemForm(agenda_choices(waiting, texts.list_text(edition.id) if edition else []))
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                check_names_no_child(form.title.data or "", signed_in(), today=clock.today())
            about = read_choice(form.about.data or "")
            services.add_item(
                meeting,
                form.kind.data,
                title=form.title.data or "",
                heading=about.heading,
                clause_key=about.clause_key,
                amendment=amendments.get_amendment(about.amendment_id) if about.amendment_id else None,
            )
            return done(_page(meeting.id), gettext("It is on the agenda."))
    return render_form("council/meetings/new_item.html", form=form, meeting=meeting)


@bp.post("/items/<int:item_id>/remove")
@guarded(Action.MEETING_PLAN, load=queries.get_item)
def remove_item(item: AgendaItem) -> ResponseReturnValue:
    """Take something off the agenda."""
    meeting_id = item.meeting_id
    services.remove_item(item)
    return done(_page(meeting_id), gettext("It is off the agenda."))


@bp.post("/meetings/<int:meeting_id>/cancel")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def cancel_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Call a meeting off."""
    services.cancel_meeting(meeting, actor=signed_in(), now=clock.now())
    return done(url_for("council.show_council", council_id=meeting.council_id), gettext("The meeting is called off."))


@bp.post("/meetings/<int:meeting_id>/start")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def start_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Begin a meeting; the first question is who is here."""
    services.start_meeting(meeting, now=clock.now())
    return done(url_for(".edit_attendance", meeting_id=meeting.id))


@bp.route("/meetings/<int:meeting_id>/attendance", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def edit_attendance(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Write down who is here."""
    seats = councils.list_seats(meeting.council_id, today=queries.day_of(meeting))
    present = queries.present_ids(meeting.id)
    form = AttendanceForm(seats, present)
    if form.validate_on_submit():
        with form.refusals():
            services.note_attendance(meeting, form.present.data)
            return done(_page(meeting.id), gettext("Saved. Now take the agenda one point at a time."))
    return render_form("council/meetings/edit_attendance.html", form=form, meeting=meeting)


@bp.route("/items/<int:item_id>/result", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def record_result(item: AgendaItem) -> ResponseReturnValue:
    """Write down the hands and what the council decided."""
    form = ResultForm(item.amendment.revision if item.amendment else 0)
    if form.validate_on_submit():
        with form.refusals():
            services.record_result(
                item,
                form.result.data,
                yes=form.yes.data or 0,
                no=form.no.data or 0,
                abstain=form.abstain.data or 0,
                is_agreed=form.is_agreed.data,
                revision=form.revision.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_page(item.meeting_id), gettext("The result is written down."))
    return render_form(
        "council/meetings/record_result.html",
        form=form,
        item=item,
        meeting=item.meeting,
        words=words_html(item.amendment) if item.amendment else "",
        present_count=queries.count_present(item.meeting_id),
    )


@bp.route("/items/<int:item_id>/notes", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def edit_notes(item: AgendaItem) -> ResponseReturnValue:
    """Write down what was said about an item."""
    form = NotesForm(obj=item)
    if form.validate_on_submit():
        with form.refusals():
            services.write_notes(item, notes=form.notes.data or "", version=form.version.data)
            return done(_page(item.meeting_id), gettext("Saved."))
    form.go_on_from(item.version)
    return render_form(
        "council/meetings/edit_notes.html",
        form=form,
        item=item,
        meeting=item.meeting,
        card_title=item_cards([item])[0].title,
    )


@bp.post("/meetings/<int:meeting_id>/close")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def close_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """End a meeting: its minutes are written already."""
    services.close_meeting(meeting)
    return done(
        url_for(".show_minutes", meeting_id=meeting.id), gettext("The meeting is over, and these are its minutes.")
    )


@bp.get("/meetings/<int:meeting_id>/minutes")
@guarded(Action.MEETING_VIEW, load=queries.get_meeting)
def show_minutes(meeting: CouncilMeeting) -> ResponseReturnValue:
    """What a meeting did. Only its own council reads who was there; others read how many."""
    is_inside = can(signed_in(), Action.MEETING_FOLLOW, meeting)
    return render_template(
        "council/meetings/show_minutes.html",
        meeting=meeting,
        items=_cards(meeting),
        day=queries.day_of(meeting),
        present=queries.list_present(meeting) if is_inside else [],
        present_count=queries.count_present(meeting.id),
        corrections=queries.list_corrections(meeting.id),
    )


@bp.get("/meetings/<int:meeting_id>/print")
@guarded(Action.MEETING_VIEW, load=queries.get_meeting)
def show_printed_minutes(meeting: CouncilMeeting) -> ResponseReturnValue:
    """The minutes for paper, which may leave the council: no child is named."""
    return render_template(
        "council/meetings/show_printed_minutes.html",
        meeting=meeting,
        items=_cards(meeting),
        day=queries.day_of(meeting),
        present_count=queries.count_present(meeting.id),
        corrections=queries.list_corrections(meeting.id),
    )


@bp.post("/meetings/<int:meeting_id>/approve")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def approve_minutes(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Approve the minutes; nothing in them changes after that."""
    services.approve_minutes(meeting, actor=signed_in(), now=clock.now())
    return done(
        url_for(".show_minutes", meeting_id=meeting.id),
        gettext("The minutes are approved. The office and the leadership can read them now."),
    )


@bp.route("/meetings/<int:meeting_id>/corrections/new", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def new_correction(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Put something right in approved minutes, below them and with its date."""
    form = CorrectionForm()
    page = url_for(".show_minutes", meeting_id=meeting.id)
    if form.validate_on_submit():
        with form.refusals():
            services.correct_minutes(meeting, text=form.text.data, actor=signed_in(), now=clock.now())
            return done(page, gettext("The correction stands below the minutes."))
    return render_form(
        "council/meetings/new_correction.html",
        form=form,
        meeting=meeting,
        page=page,
        day=queries.day_of(meeting),
        is_approved=meeting.state is MeetingState.MINUTES_APPROVED,
    )
