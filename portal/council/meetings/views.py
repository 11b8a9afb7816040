"""The pages of a council's meetings: planning, running, writing down, reading the minutes."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.council import queries as councils
from portal.council.class_inputs.models import ClassVoice
from portal.council.class_inputs.presenters import by_item, input_cards
from portal.council.class_inputs.queries import count_waiting_for_reply, list_of_meeting, list_voices
from portal.council.meetings import agenda, attendance, queries, results, services
from portal.council.meetings.choosing import find, read_choice, section_links, strategy_choices, waiting_choices
from portal.council.meetings.forms import (
    ApproveForm,
    AttendanceForm,
    CloseForm,
    CorrectionForm,
    DayForm,
    ItemForm,
    MeetingForm,
    NotesForm,
    ResultForm,
    RightResultForm,
    SeatForm,
)
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState
from portal.council.meetings.openers import list_openers
from portal.council.meetings.presenters import ItemCard, item_cards
from portal.council.models import Council
from portal.council.queries import get_council
from portal.council.screen.queries import stamp_of
from portal.database.transactions import reading_only
from portal.name_guard.guard import check_names_no_child
from portal.policy import Action, can
from portal.strategy import queries as texts
from portal.strategy.amendments import queries as amendments
from portal.strategy.replies.queries import list_unread
from portal.text import clock
from portal.text.seeking import LONGEST_QUERY
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("meetings", __name__)


def _page(meeting_id: int) -> str:
    return url_for(".show_meeting", meeting_id=meeting_id)


def _back(meeting_id: int) -> str:
    """Where somebody came from: the big screen, or the meeting's page."""
    if request.args.get("back") == "screen":
        return url_for("council.screen.show_screen", meeting_id=meeting_id)
    return _page(meeting_id)


@bp.route("/<int:council_id>/meetings/new", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=get_council)
def new_meeting(council: Council) -> ResponseReturnValue:
    """Plan a meeting."""
    form = MeetingForm()
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.place.data or "", signed_in())
            meeting = services.plan_meeting(
                council, starts_at=form.starts_at, place=form.place.data or "", actor=signed_in(), now=clock.now()
            )
            return done(_page(meeting.id), gettext("The meeting is planned. What shall it be about?"))
    return render_form("council/meetings/new_meeting.html", form=form, council=council)


@bp.get("/meetings/<int:meeting_id>")
@guarded(Action.MEETING_FOLLOW, load=queries.get_meeting)
def show_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """A meeting: its agenda before, its work while it goes on."""
    return _meeting_page(meeting, _cards(meeting), None)


def _meeting_page(meeting: CouncilMeeting, cards: list[ItemCard], form: CloseForm | None) -> str:
    """The page of a meeting; with a form that was refused it says what is wrong."""
    person = signed_in()
    is_planned, is_running = meeting.state is MeetingState.PLANNED, meeting.state is MeetingState.IN_PROGRESS
    may_plan = (is_planned or is_running) and can(person, Action.MEETING_PLAN, meeting)
    waiting = amendments.list_to_decide([meeting.council_id]) if may_plan else []
    ends = form or (CloseForm(cards) if is_running and can(person, Action.MEETING_MANAGE, meeting) else None)
    said = by_item(input_cards(list_of_meeting(meeting.id, queries.day_of(meeting))), cards)
    speaks = person.own_class is not None and meeting.council_id in person.speaks_in
    return render_template(
        "council/meetings/show_meeting.html",
        meeting=meeting,
        classes_say={card.id: said.get(card.id, ()) for card in cards},
        own_class=person.own_class.id if speaks and person.own_class else 0,
        items=cards,
        openers=list_openers(meeting.council_id, now=clock.now()) if is_planned else [],
        present=queries.count_present(meeting.id),
        waiting=waiting_choices(waiting, {card.amendment_id for card in cards}),
        may_plan=may_plan,
        tidies=is_planned and can(person, Action.ITEM_REMOVE, meeting),
        is_written=any(card.notes or card.result or card.state is not ItemState.WAITING for card in cards),
        is_done=meeting.state in {MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED},
        ends=ends,
    )


def _cards(meeting: CouncilMeeting) -> list[ItemCard]:
    is_running = meeting.state is MeetingState.IN_PROGRESS
    unread = list_unread(meeting.council_id, today=clock.today()) if is_running else []
    rows = queries.list_agenda(meeting.id)
    replaced = queries.list_replaced(meeting.id) if any(row.replaces_id for row in rows) else {}
    return item_cards(rows, unread=unread, replaced=replaced)


def _card_of(item: AgendaItem) -> ItemCard:
    return next(card for card in _cards(item.meeting) if card.id == item.id)


@bp.route("/meetings/<int:meeting_id>/items/new", methods=["GET", "POST"])
@guarded(Action.MEETING_PLAN, load=queries.get_meeting)
def new_item(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Put something on the agenda: own words, a suggestion that waits, or a place in the strategy."""
    edition = texts.get_current()
    choices = strategy_choices(texts.list_text(edition.id) if edition else [])
    taken = {row.amendment_id for row in queries.list_agenda(meeting.id)}
    waiting = waiting_choices(amendments.list_to_decide([meeting.council_id]), ())
    form = ItemForm([*(value for value, _ in waiting), *(choice.value for choice in choices)])
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                check_names_no_child(form.title.data or "", signed_in(), today=clock.today())
            about = read_choice(form.about.data or "", choices)
            agenda.add_item(
                meeting,
                form.kind.data,
                actor=signed_in(),
                title=form.title.data or "",
                heading=about.heading,
                clause_key=about.clause_key,
                amendment=amendments.get_amendment(about.amendment_id) if about.amendment_id else None,
            )
            return done(_page(meeting.id), gettext("It is on the agenda."))
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    return render_form(
        "council/meetings/new_item.html",
        form=form,
        meeting=meeting,
        waiting=[(value, words) for value, words in waiting if int(value.split()[1]) not in taken],
        sections=section_links(choices),
        search=find(choices, query, row_in_address("section") or 0),
    )


@bp.post("/items/<int:item_id>/remove")
@guarded(Action.ITEM_REMOVE, load=queries.get_item)
def remove_item(item: AgendaItem) -> ResponseReturnValue:
    """Take something off the agenda."""
    meeting_id = item.meeting_id
    agenda.remove_item(item)
    return done(_page(meeting_id), gettext("It is off the agenda."))


@bp.post("/items/<int:item_id>/up")
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def move_item_up(item: AgendaItem) -> ResponseReturnValue:
    """Let an item come one place earlier."""
    meeting_id = item.meeting_id
    agenda.move_item_up(item)
    return done(_page(meeting_id))


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


@bp.post("/meetings/<int:meeting_id>/cancel-start")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def cancel_start(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Take back a start by mistake."""
    services.undo_start(meeting)
    return done(_page(meeting.id), gettext("The meeting has not begun. It is still to come."))


@bp.route("/meetings/<int:meeting_id>/day", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def edit_day(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Say on which day the meeting really was."""
    form = DayForm(day=queries.day_of(meeting))
    if form.validate_on_submit():
        with form.refusals():
            services.change_day(meeting, form.day.data, now=clock.now())
            return done(url_for(".show_minutes", meeting_id=meeting.id), gettext("Saved."))
    return render_form("council/meetings/edit_day.html", form=form, meeting=meeting)


@bp.route("/meetings/<int:meeting_id>/attendance", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def edit_attendance(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Write down who is here."""
    seats = councils.list_seats(meeting.council_id, today=queries.day_of(meeting))
    present = queries.list_present(meeting)
    form = AttendanceForm(seats, present)
    if form.validate_on_submit():
        with form.refusals():
            attendance.note_attendance(meeting, form.present.data, seen=form.seen.data)
            return done(_back(meeting.id), gettext("Saved. Now take the agenda one point at a time."))
    form.go_on_from(form.stands, seen="seen")
    page = _back(meeting.id)
    return render_form("council/meetings/edit_attendance.html", form=form, meeting=meeting, present=present, page=page)


@bp.post("/meetings/<int:meeting_id>/gone")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def mark_gone(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Write down that somebody goes before the end."""
    attendance.leave_early(meeting, _chosen_seat(meeting), now=clock.now())
    return done(url_for(".edit_attendance", meeting_id=meeting.id), gettext("Saved. They were here, and have gone."))


@bp.post("/meetings/<int:meeting_id>/back")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def mark_back(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Write down that somebody who had gone is here again."""
    attendance.come_back(meeting, _chosen_seat(meeting))
    return done(url_for(".edit_attendance", meeting_id=meeting.id), gettext("Saved. They are here again."))


def _chosen_seat(meeting: CouncilMeeting) -> int:
    form = SeatForm(queries.list_present(meeting))
    if not form.validate_on_submit():
        abort(422)
    return int(form.member.data)


@bp.route("/items/<int:item_id>/result", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def record_result(item: AgendaItem) -> ResponseReturnValue:
    """Write down the hands and what the council decided."""
    form = ResultForm(item.amendment.revision if item.amendment else 0)
    if form.validate_on_submit():
        with form.refusals():
            results.record_result(
                item, form.result.data, form.hands, revision=form.revision.data, actor=signed_in(), now=clock.now()
            )
            return done(_page(item.meeting_id), gettext("The result is written down."))
    return _result_page("council/meetings/record_result.html", item, form, queries.count_present(item.meeting_id).here)


@bp.route("/items/<int:item_id>/correct", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def correct_result(item: AgendaItem) -> ResponseReturnValue:
    """Put right a result that was typed wrongly."""
    form = RightResultForm(item.vote)
    if form.validate_on_submit():
        with form.refusals():
            results.put_right(
                item, form.result.data, form.hands, seen=form.seen.data, actor=signed_in(), now=clock.now()
            )
            return done(_page(item.meeting_id), gettext("It is put right, and the suggestion follows."))
    form.go_on_from(item.vote.id if item.vote else 0, seen="seen")
    return _result_page("council/meetings/correct_result.html", item, form, item.vote.present_count if item.vote else 0)


def _result_page(template: str, item: AgendaItem, form: ResultForm, present_count: int) -> ResponseReturnValue:
    return render_form(
        template,
        form=form,
        item=item,
        meeting=item.meeting,
        words=_card_of(item).words,
        present_count=present_count,
    )


@bp.route("/items/<int:item_id>/notes", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_item)
def edit_notes(item: AgendaItem) -> ResponseReturnValue:
    """Write down what was said about an item."""
    form = NotesForm(obj=item)
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.notes.data or "", signed_in(), besides=item.notes)
            agenda.write_notes(item, notes=form.notes.data or "", version=form.version.data)
            return done(_back(item.meeting_id), gettext("Saved."))
    form.go_on_from(item.version)
    return render_form(
        "council/meetings/edit_notes.html",
        form=form,
        item=item,
        meeting=item.meeting,
        page=_back(item.meeting_id),
        card_title=_card_of(item).title,
    )


@bp.post("/meetings/<int:meeting_id>/close")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def close_meeting(meeting: CouncilMeeting) -> ResponseReturnValue:
    """End a meeting: its minutes are written already."""
    cards = _cards(meeting)
    form = CloseForm(cards)
    if form.validate_on_submit():
        with form.refusals():
            services.close_meeting(meeting, form.reached.data or (), now=clock.now())
            page = url_for(".show_minutes", meeting_id=meeting.id)
            return done(page, gettext("The meeting is over, and these are its minutes."))
    return _meeting_page(meeting, cards, form), form.status


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
        present_count=queries.count_present(meeting.id).there,
        corrections=queries.list_corrections(meeting.id),
        sheets=_sheets(meeting) if is_inside else [],
        stamp=stamp_of(meeting.id),
        waiting_count=count_waiting_for_reply(meeting.id) if is_inside else 0,
    )


def _sheets(meeting: CouncilMeeting) -> list[ClassVoice]:
    """The classes whose sheet somebody takes along: a member's own, and all for those who help."""
    person = signed_in()
    has_sheets = meeting.state in {MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED}
    voices = list_voices(meeting.council, on=queries.day_of(meeting)) if has_sheets else []
    own = person.own_class.id if person.own_class else 0
    return [voice for voice in voices if voice.class_id == own or meeting.council_id in person.facilitates]


@bp.get("/meetings/<int:meeting_id>/print")
@guarded(Action.MEETING_VIEW, load=queries.get_meeting)
def show_printed_minutes(meeting: CouncilMeeting) -> ResponseReturnValue:
    """The minutes for paper, which may leave the council: no child is named."""
    return render_template(
        "council/meetings/show_printed_minutes.html",
        meeting=meeting,
        items=_cards(meeting),
        day=queries.day_of(meeting),
        present_count=queries.count_present(meeting.id).there,
        corrections=queries.list_corrections(meeting.id),
    )


@bp.post("/meetings/<int:meeting_id>/approve")
@guarded(Action.MEETING_MANAGE, load=queries.get_meeting)
def approve_minutes(meeting: CouncilMeeting) -> ResponseReturnValue:
    """Approve the minutes as they were seen; nothing in them changes after that."""
    seen = ApproveForm().seen.data or ""
    services.approve_minutes(meeting, seen=seen, actor=signed_in(), now=clock.now())
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
            form.check_names(form.text.data, signed_in())
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
