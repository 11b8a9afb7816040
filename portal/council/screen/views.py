"""The room view: what the council is at, on one big screen; one person types and everybody reads."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.council.class_inputs.presenters import by_item, input_cards
from portal.council.class_inputs.queries import list_of_meeting
from portal.council.meetings import agenda, results
from portal.council.meetings import queries as meetings
from portal.council.meetings.forms import NotesForm
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState
from portal.council.meetings.presenters import ItemCard, item_cards
from portal.council.screen import queries
from portal.council.screen.forms import HandsForm
from portal.council.screen.models import Pulse
from portal.errors import N_, RuleViolation
from portal.policy import Action, can
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import plain_words
from portal.strategy.replies.forms import ReadForm
from portal.strategy.replies.queries import list_unread
from portal.strategy.replies.services import mark_read
from portal.text import clock
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("screen", __name__)
#: The three numbers that are counted.
HANDS = ("yes", "no", "abstain")
#: What classes said about a thing they said nothing about.
NOTHING_SAID: tuple[()] = ()


def _screen(meeting_id: int) -> str:
    return url_for(".show_screen", meeting_id=meeting_id)


@bp.get("/meetings/<int:meeting_id>/screen")
@guarded(Action.MEETING_FOLLOW, load=meetings.get_meeting)
def show_screen(meeting: CouncilMeeting) -> ResponseReturnValue:
    """The thing the council is at: its words, what classes said, the hands, the minutes, and what comes next."""
    typed = {name: request.args.get(name, type=int) for name in HANDS}
    return _page(meeting, HandsForm(revision=0, **typed))


def _page(
    meeting: CouncilMeeting, form: HandsForm, notes: NotesForm | None = None, *, refused_at: int | None = None
) -> str:
    """The screen; what was refused stands at the thing it was typed for, also when the council has gone on since."""
    # the stamp comes first: what changes while the rest is read makes the next question answer "changed"
    pulse = queries.get_pulse(meeting.id)
    runs = meeting.state is MeetingState.IN_PROGRESS and can(signed_in(), Action.MEETING_MANAGE, meeting)
    unread = list_unread(meeting.council_id, today=clock.today()) if runs else []
    cards = item_cards(meetings.list_agenda(meeting.id), unread=unread)
    shown = [card.id == refused_at if refused_at else card.state is ItemState.CURRENT for card in cards]
    place = shown.index(True) if True in shown else None
    current = cards[place] if place is not None else None
    said = by_item(input_cards(list_of_meeting(meeting.id, meetings.day_of(meeting))), cards)
    if current and not form.revision.data:
        form.revision.data = current.revision
    if current and notes is None:
        notes = NotesForm(formdata=None, notes=current.notes, version=current.version)
    return render_template(
        "council/screen/show_screen.html",
        meeting=meeting,
        form=form,
        notes=notes,
        current=current,
        words=_words(current),
        said=said.get(current.id, NOTHING_SAID) if current else NOTHING_SAID,
        items=cards,
        before=cards[place - 1] if place else None,
        following=_next(cards, place),
        present=meetings.count_present(meeting.id),
        runs=runs,
        goes_on=meeting.state is MeetingState.IN_PROGRESS,
        stamp=pulse.stamp if pulse else "",
    )


def _words(card: ItemCard | None) -> object:
    if card is None or card.words or not card.clause_key:
        return card.words if card else ""
    return plain_words(ClauseKind.PARAGRAPH, queries.get_clause_text(card.clause_key))


def _next(cards: list[ItemCard], place: int | None) -> ItemCard | None:
    """What the council takes next: the first thing that waits, after this one if there is any."""
    start = 0 if place is None else place + 1
    later = [card for card in cards[start:] + cards[:start] if card.state is ItemState.WAITING and not card.result]
    return later[0] if later else None


@bp.get("/meetings/<int:meeting_id>/screen/pulse")
@guarded(Action.MEETING_FOLLOW, load=queries.get_pulse)
def show_pulse(pulse: Pulse) -> ResponseReturnValue:
    """Whether the screen shows what is so now: no content while it does; else it loads itself again.

    Where somebody types it does not: a line says that something has changed, and nothing typed is lost.
    """
    if request.args.get("seen") == pulse.stamp:
        return "", HTTPStatus.NO_CONTENT
    if request.args.get("types"):
        return render_template("council/screen/show_pulse.html", pulse=pulse)
    return "", HTTPStatus.OK, {"HX-Refresh": "true"}


@bp.post("/screen/items/<int:item_id>/start")
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def start_item(item: AgendaItem) -> ResponseReturnValue:
    """Come to a thing on the agenda; with the one before the council is done."""
    meeting_id = item.meeting_id
    agenda.take_item(item)
    return done(_screen(meeting_id))


@bp.post("/screen/items/<int:item_id>/end")
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def end_item(item: AgendaItem) -> ResponseReturnValue:
    """Be done with the thing the council is at, without coming to another one."""
    meeting_id = item.meeting_id
    agenda.leave_item(item)
    return done(_screen(meeting_id))


@bp.post("/screen/items/<int:item_id>/move")
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def move_item(item: AgendaItem) -> ResponseReturnValue:
    """Keep a thing for the next meeting."""
    meeting_id = item.meeting_id
    agenda.put_off(item)
    return done(_screen(meeting_id), gettext("It comes up at the next meeting."))


@bp.post("/screen/items/<int:item_id>/heard")
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def mark_heard(item: AgendaItem) -> ResponseReturnValue:
    """Tick that the council has heard the answer on the screen; of one put right meanwhile the right one is shown."""
    meeting_id, form = item.meeting_id, ReadForm()
    with form.refusals():
        for reply in list_unread(item.meeting.council_id, today=clock.today()):
            if reply.is_for_council and reply.amendment_id == item.amendment_id:
                mark_read(reply, seen=form.seen.data or "", actor=signed_in(), now=clock.now())
        return done(_screen(meeting_id), gettext("The council has heard the answer."))
    hands = HandsForm()
    hands.form_errors.extend(form.form_errors)
    return _page(item.meeting, hands), form.status


@bp.route("/screen/items/<int:item_id>/notes", methods=["POST"])
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def edit_notes(item: AgendaItem) -> ResponseReturnValue:
    """Write in the minutes, in front of everybody."""
    form = NotesForm()
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.notes.data or "", signed_in(), besides=item.notes)
            agenda.write_notes(item, notes=form.notes.data or "", version=form.version.data)
            counted = {name: request.form[name] for name in HANDS if request.form.get(name)}
            return done(url_for(".show_screen", meeting_id=item.meeting_id, **counted))
    form.go_on_from(item.version)
    return _page(item.meeting, HandsForm(), form, refused_at=item.id), form.status


@bp.route("/screen/items/<int:item_id>/hands", methods=["POST"])
@guarded(Action.MEETING_MANAGE, load=meetings.get_item)
def record_hands(item: AgendaItem) -> ResponseReturnValue:
    """Write down the hands that were counted, in front of everybody."""
    form = HandsForm()
    notes = NotesForm() if "notes" in request.form else None
    if form.validate_on_submit() and (notes is None or notes.validate()):
        with form.refusals():
            if form.is_empty and not (form.all_agree.data or form.waits.data):
                raise RuleViolation(N_("Count the hands first, and write the numbers."))
            if notes is not None and _is_new(notes, item):
                notes.check_names(notes.notes.data or "", signed_in(), besides=item.notes)
                agenda.write_notes(item, notes=notes.notes.data or "", version=notes.version.data)
            results.record_result(
                item, form.result, form.hands, revision=form.revision.data, actor=signed_in(), now=clock.now()
            )
            return done(_screen(item.meeting_id))
    if notes is not None:
        notes.status = form.status
        notes.go_on_from(item.version)
    page = _page(item.meeting, form, notes, refused_at=item.id)
    return page, form.status if form.errors else HTTPStatus.UNPROCESSABLE_ENTITY


def _is_new(notes: NotesForm, item: AgendaItem) -> bool:
    """Whether the field for the minutes says something that does not stand there; a colleague's newer words stay."""
    typed = notes.notes.data or ""
    return typed != item.notes if notes.version.data == item.version else typed not in item.notes
