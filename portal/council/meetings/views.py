"""The pages of a council's meetings: planning, running, writing down, reading the minutes."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.council import queries as councils
from portal.council.meetings import queries, services
from portal.council.meetings.forms import AttendanceForm, CorrectionForm, ItemForm, NotesForm, ResultForm, SessionForm
from portal.council.meetings.models import AgendaItem, CouncilSession, SessionState
from portal.council.meetings.presenters import ItemCard, agenda_choices, item_cards, read_choice, waiting_choices
from portal.council.models import Council
from portal.council.queries import get_council
from portal.policy import Action, can
from portal.strategy import queries as texts
from portal.strategy.amendments import queries as amendments
from portal.strategy.amendments.presenters import words_html
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("meetings", __name__)


def _page(session_id: int) -> str:
    return url_for(".show_session", session_id=session_id)


@bp.route("/<int:council_id>/sessions/new", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=get_council)
def new_session(council: Council) -> ResponseReturnValue:
    """Plan a meeting."""
    form = SessionForm()
    if form.validate_on_submit():
        with form.refusals():
            session = services.plan_session(
                council, starts_at=form.starts_at, place=form.place.data or "", actor=signed_in(), now=clock.now()
            )
            return done(_page(session.id), gettext("The meeting is planned. What shall it be about?"))
    return render_form("council/meetings/new_session.html", form=form, council=council)


@bp.get("/sessions/<int:session_id>")
@guarded(Action.SESSION_FOLLOW, load=queries.get_session)
def show_session(session: CouncilSession) -> ResponseReturnValue:
    """A meeting: its agenda before, its work while it goes on."""
    items = queries.list_items(session.id)
    taken = {item.amendment_id for item in items}
    is_open = session.state in {SessionState.PLANNED, SessionState.IN_PROGRESS}
    runs = is_open and can(signed_in(), Action.SESSION_MANAGE, session)
    waiting = amendments.list_to_decide([session.council_id]) if runs else []
    return render_template(
        "council/meetings/show_session.html",
        session=session,
        items=item_cards(items),
        present_count=queries.count_present(session.id),
        waiting=waiting_choices(waiting, taken),
        is_done=session.state in {SessionState.MINUTES_DRAFT, SessionState.MINUTES_APPROVED},
    )


def _cards(session: CouncilSession) -> list[ItemCard]:
    return item_cards(queries.list_items(session.id))


@bp.route("/sessions/<int:session_id>/items/new", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def new_item(session: CouncilSession) -> ResponseReturnValue:
    """Put something on the agenda."""
    edition = texts.get_current()
    waiting = amendments.list_to_decide([session.council_id])
    form = ItemForm(agenda_choices(waiting, texts.list_text(edition.id) if edition else []))
    if form.validate_on_submit():
        with form.refusals():
            about = read_choice(form.about.data or "")
            services.add_item(
                session,
                form.kind.data,
                title=form.title.data or "",
                heading=about.heading,
                clause_key=about.clause_key,
                amendment=amendments.get_amendment(about.amendment_id) if about.amendment_id else None,
            )
            return done(_page(session.id), gettext("It is on the agenda."))
    return render_form("council/meetings/new_item.html", form=form, session=session)


@bp.post("/items/<int:item_id>/remove")
@guarded(Action.SESSION_MANAGE, load=queries.get_item)
def remove_item(item: AgendaItem) -> ResponseReturnValue:
    """Take something off the agenda."""
    session_id = item.session_id
    services.remove_item(item)
    return done(_page(session_id), gettext("It is off the agenda."))


@bp.post("/sessions/<int:session_id>/cancel")
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def cancel_session(session: CouncilSession) -> ResponseReturnValue:
    """Call a meeting off."""
    services.cancel_session(session, actor=signed_in(), now=clock.now())
    return done(url_for("council.show_council", council_id=session.council_id), gettext("The meeting is called off."))


@bp.post("/sessions/<int:session_id>/start")
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def start_session(session: CouncilSession) -> ResponseReturnValue:
    """Begin a meeting; the first question is who is here."""
    services.start_session(session)
    return done(url_for(".edit_attendance", session_id=session.id))


@bp.route("/sessions/<int:session_id>/attendance", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def edit_attendance(session: CouncilSession) -> ResponseReturnValue:
    """Write down who is here."""
    seats = councils.list_seats(session.council_id, today=queries.day_of(session))
    present = queries.present_ids(session.id)
    form = AttendanceForm(seats, present)
    if form.validate_on_submit():
        with form.refusals():
            services.note_attendance(session, form.present.data)
            return done(_page(session.id), gettext("Saved. Now take the agenda one point at a time."))
    return render_form("council/meetings/edit_attendance.html", form=form, session=session)


@bp.route("/items/<int:item_id>/result", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=queries.get_item)
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
            return done(_page(item.session_id), gettext("The result is written down."))
    return render_form(
        "council/meetings/record_result.html",
        form=form,
        item=item,
        session=item.session,
        words=words_html(item.amendment) if item.amendment else "",
        present_count=queries.count_present(item.session_id),
    )


@bp.route("/items/<int:item_id>/notes", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=queries.get_item)
def edit_notes(item: AgendaItem) -> ResponseReturnValue:
    """Write down what was said about an item."""
    form = NotesForm(obj=item)
    if form.validate_on_submit():
        with form.refusals():
            services.write_notes(item, notes=form.notes.data or "", version=form.version.data)
            return done(_page(item.session_id), gettext("Saved."))
    form.go_on_from(item.version)
    return render_form(
        "council/meetings/edit_notes.html",
        form=form,
        item=item,
        session=item.session,
        card_title=item_cards([item])[0].title,
    )


@bp.post("/sessions/<int:session_id>/close")
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def close_session(session: CouncilSession) -> ResponseReturnValue:
    """End a meeting: its minutes are written already."""
    services.close_session(session)
    return done(
        url_for(".show_minutes", session_id=session.id), gettext("The meeting is over, and these are its minutes.")
    )


@bp.get("/sessions/<int:session_id>/minutes")
@guarded(Action.SESSION_VIEW, load=queries.get_session)
def show_minutes(session: CouncilSession) -> ResponseReturnValue:
    """What a meeting did. Only its own council reads who was there; others read how many."""
    is_inside = can(signed_in(), Action.SESSION_FOLLOW, session)
    return render_template(
        "council/meetings/show_minutes.html",
        session=session,
        items=_cards(session),
        day=queries.day_of(session),
        present=queries.list_present(session) if is_inside else [],
        present_count=queries.count_present(session.id),
        corrections=queries.list_corrections(session.id),
    )


@bp.get("/sessions/<int:session_id>/print")
@guarded(Action.SESSION_VIEW, load=queries.get_session)
def show_printed_minutes(session: CouncilSession) -> ResponseReturnValue:
    """The minutes for paper, which may leave the council: no child is named."""
    return render_template(
        "council/meetings/show_printed_minutes.html",
        session=session,
        items=_cards(session),
        day=queries.day_of(session),
        present_count=queries.count_present(session.id),
        corrections=queries.list_corrections(session.id),
    )


@bp.post("/sessions/<int:session_id>/approve")
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def approve_minutes(session: CouncilSession) -> ResponseReturnValue:
    """Approve the minutes; nothing in them changes after that."""
    services.approve_minutes(session, actor=signed_in(), now=clock.now())
    return done(
        url_for(".show_minutes", session_id=session.id),
        gettext("The minutes are approved. The office and the leadership can read them now."),
    )


@bp.route("/sessions/<int:session_id>/corrections/new", methods=["GET", "POST"])
@guarded(Action.SESSION_MANAGE, load=queries.get_session)
def new_correction(session: CouncilSession) -> ResponseReturnValue:
    """Put something right in approved minutes, below them and with its date."""
    form = CorrectionForm()
    page = url_for(".show_minutes", session_id=session.id)
    if form.validate_on_submit():
        with form.refusals():
            services.correct_minutes(session, text=form.text.data, actor=signed_in(), now=clock.now())
            return done(page, gettext("The correction stands below the minutes."))
    return render_form(
        "council/meetings/new_correction.html",
        form=form,
        session=session,
        page=page,
        day=queries.day_of(session),
        is_approved=session.state is SessionState.MINUTES_APPROVED,
    )
