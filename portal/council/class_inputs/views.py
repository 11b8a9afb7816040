"""The pages for what classes say to their council, and the sheet each class gets after a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.council.class_inputs import presenters, queries, services
from portal.council.class_inputs.forms import EndingForm, InputForm, WordsForm
from portal.council.class_inputs.models import ClassInput, ClassSheet, ClassVoice
from portal.council.class_inputs.services import About
from portal.council.meetings.models import MeetingState
from portal.council.meetings.presenters import ItemCard, item_cards
from portal.council.meetings.queries import day_of, list_agenda
from portal.council.models import Council
from portal.council.queries import get_council
from portal.database.transactions import reading_only
from portal.name_guard.guard import check_names_no_child
from portal.people import Person
from portal.policy import Action, can
from portal.strategy.amendments.queries import list_live
from portal.strategy.amendments.titles import title_of
from portal.strategy.presenters import plain_words
from portal.strategy.queries import get_clause
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("class_inputs", __name__)
#: As many meetings to come as somebody chooses a topic from.
NEXT_AGENDAS = 2


def _this_year() -> datetime:
    """The first moment of the school year."""
    return clock.at_school(clock.first_day(clock.school_year(clock.today())), time())


@bp.get("/<int:council_id>/class-inputs")
@guarded(Action.MEETING_FOLLOW, load=get_council)
def list_inputs(council: Council) -> ResponseReturnValue:
    """What the classes say, and what came of it this school year."""
    person = signed_in()
    ended = queries.list_ended(council.id, _this_year())
    return render_template(
        "council/class_inputs/list_inputs.html",
        council=council,
        waiting=presenters.input_cards(queries.list_open(council.id)),
        ended=presenters.input_cards(ended),
        locked={row.id for row in ended if row.is_locked},
        voices=[
            voice
            for voice in queries.list_voices(council, on=clock.today())
            if can(person, Action.CLASS_INPUT_WRITE, voice)
        ],
    )


@bp.route("/classes/<int:class_id>/class-inputs/new", methods=["GET", "POST"])
@guarded(Action.CLASS_INPUT_WRITE, load=queries.get_voice)
def new_input(voice: ClassVoice) -> ResponseReturnValue:
    """Write down what a class says: about something on a coming agenda, a clause of the strategy, or on its own."""
    person = signed_in()
    follows = voice.council_id in person.councils | person.facilitates
    items = _coming_items(voice) if follows else []
    clause = get_clause(request.args.get("clause", ""))
    about = request.args.get("about", f"clause {clause.key}" if clause else "")
    offered = presenters.topics(items)
    if clause:
        offered.append((f"clause {clause.key}", plain_words(clause.kind, clause.text)))
    form = InputForm(offered, about)
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                check_names_no_child(form.text.data, person, today=clock.today())
            services.write_input(
                voice,
                _about(form.about.data or "", items, dict(offered)),
                form.text.data,
                actor=person,
                now=clock.now(),
            )
            return done(_after(voice.class_id), gettext("The council has it. You get a line back."))
    said = queries.list_of_class(voice.class_id, _this_year())
    return render_form(
        "council/class_inputs/new_input.html",
        form=form,
        voice=voice,
        said_before=presenters.cards_of_class(said, follows=person.councils | person.facilitates),
        **_presses(said, person),
        sheets=queries.list_sheets(voice.council_id, _this_year()),
    )


def _presses(said: Sequence[Any], person: Person) -> dict[str, set[int]]:
    """The ids of what this person can put right and take back: the same rules as at the addresses."""
    waiting = [row for row in said if row.ending is None]
    begun = {row.id for row in waiting if row.item_meeting_state not in (None, MeetingState.PLANNED)}
    return {
        "editable": {row.id for row in waiting if can(person, Action.CLASS_INPUT_EDIT, row)} - begun,
        "removable": {row.id for row in waiting if can(person, Action.CLASS_INPUT_REMOVE, row)},
    }


def _after(class_id: int) -> str:
    return url_for(".new_input", class_id=class_id)


def _coming_items(voice: ClassVoice) -> list[ItemCard]:
    """What stands on the next agendas, for whoever follows the council."""
    meetings = queries.list_agendas_to_come(voice.council_id)[:NEXT_AGENDAS]
    return [card for meeting in meetings for card in item_cards(list_agenda(meeting.id))]


def _about(value: str, items: list[ItemCard], words: dict[str, str]) -> About:
    kind, _, rest = value.partition(" ")
    if kind == "clause":
        return About(words[value], clause_key=rest)
    item = next((item for item in items if value == f"item {item.id}"), None)
    if item is None:
        return About()
    return About(item.title, item.id, item.clause_key, item.amendment_id)


@bp.route("/class-inputs/<int:input_id>/edit", methods=["GET", "POST"])
@guarded(Action.CLASS_INPUT_EDIT, load=queries.get_input)
def edit_input(entry: ClassInput) -> ResponseReturnValue:
    """Put right what one has written for a class, until the meeting it is for begins."""
    form = WordsForm(obj=entry)
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                check_names_no_child(form.text.data, signed_in(), today=clock.today())
            services.edit_input(entry, form.text.data, version=form.version.data)
            return done(_after(entry.class_id), gettext("Saved."))
    form.go_on_from(entry.version)
    return render_form("council/class_inputs/edit_input.html", form=form, entry=entry, page=_after(entry.class_id))


@bp.post("/class-inputs/<int:input_id>/remove")
@guarded(Action.CLASS_INPUT_REMOVE, load=queries.get_input)
def remove_input(entry: ClassInput) -> ResponseReturnValue:
    """Take back what was written for a class."""
    class_id = entry.class_id
    services.remove_input(entry)
    return done(_after(class_id), gettext("It is taken back."))


@bp.route("/class-inputs/<int:input_id>/ending", methods=["GET", "POST"])
@guarded(Action.MEETING_MANAGE, load=queries.get_input)
def edit_ending(entry: ClassInput) -> ResponseReturnValue:
    """Say what came of what a class said, with a line back."""
    suggestions = [(row.id, title_of(row)) for row in list_live(entry.council_id)]
    form = EndingForm(
        suggestions,
        ending=entry.ending,
        reply=entry.reply,
        who=entry.who,
        when=entry.when,
        suggestion=entry.suggestion_id or entry.amendment_id or 0,
        version=entry.version,
    )
    page = url_for(".list_inputs", council_id=entry.council_id)
    if form.validate_on_submit():
        with form.refusals():
            answer, version = form.answer, form.version.data
            typed, stood = (" \n\n".join((one.reply, one.who, one.when)) for one in (answer, entry))
            form.check_names(typed, signed_in(), besides=stood)
            is_on_sheet = services.end_input(entry, answer, version=version, actor=signed_in(), now=clock.now())
            heard_where = (
                gettext("The class gets the line on its sheet.")
                if is_on_sheet
                else gettext("Saved. The class reads the answer where it writes to the council.")
            )
            return done(page, heard_where)
    form.go_on_from(entry.version)
    return render_form("council/class_inputs/edit_ending.html", form=form, entry=entry, page=page)


@bp.get("/meetings/<int:meeting_id>/classes/<int:class_id>")
@guarded(Action.CLASS_SHEET_VIEW, load=queries.get_sheet)
def show_sheet(sheet: ClassSheet) -> ResponseReturnValue:
    """The sheet for a class: what the meeting talked about and decided, and what came of what the class said."""
    day = day_of(sheet.meeting)
    said = presenters.input_cards(queries.list_of_meeting(sheet.meeting.id, day))
    return render_template(
        "council/class_inputs/show_sheet.html",
        sheet=sheet,
        day=day,
        items=item_cards(list_agenda(sheet.meeting.id)),
        own=[card for card in said if card.class_id == sheet.class_id],
        doing=[card for card in said if card.doing and card.class_id != sheet.class_id],
        follows=can(signed_in(), Action.MEETING_FOLLOW, sheet.meeting),
    )
