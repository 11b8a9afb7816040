"""The organisers' own page of an event, and the presses of those who are asked to join them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.events.models import ClassEvent
from portal.events.organisers import queries, services
from portal.events.organisers.forms import InvitationForm, InviteForm, PhoneForm
from portal.events.organisers.presenters import shown_organisers
from portal.events.queries import get_event
from portal.events.views import event_page
from portal.policy import Action
from portal.text import clock
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("organisers", __name__)


@bp.post("/<int:event_id>/organisers/take-over")
@guarded(Action.EVENT_TAKE_OVER, load=get_event)
def accept_event(event: ClassEvent) -> ResponseReturnValue:
    """Look after what nobody looks after any more, and see what was asked meanwhile."""
    form = Form()
    with form.refusals():
        services.take_over(event, actor=signed_in(), now=clock.now())
        return done(
            url_for("events.questions.list_questions", event_id=event.id), gettext("Thank you. You organise it now.")
        )
    return event_page(event, form)


@bp.get("/<int:event_id>/organisers")
@guarded(Action.EVENT_ORGANISE, load=get_event)
def list_organisers(event: ClassEvent) -> ResponseReturnValue:
    """Who looks after an event, asking somebody to join, and whether one's own phone number is shown."""
    return _organisers_page(event, Form())


@bp.post("/<int:event_id>/organisers/invite")
@guarded(Action.EVENT_ORGANISE, load=get_event)
def invite_organiser(event: ClassEvent) -> ResponseReturnValue:
    """Ask somebody whom the class list names."""
    form = InviteForm(queries.list_to_ask(event, signed_in(), today=clock.today()))
    if form.validate_on_submit():
        with form.refusals():
            services.invite_organiser(event, form.user_id.data, actor=signed_in(), now=clock.now())
            return done(url_for(".list_organisers", event_id=event.id), gettext("Asked. Now it is up to them."))
    return _organisers_page(event, form)


@bp.post("/<int:event_id>/organisers/phone")
@guarded(Action.EVENT_ORGANISE, load=get_event)
def change_phone(event: ClassEvent) -> ResponseReturnValue:
    """Show one's phone number on the event, or take it away."""
    form = PhoneForm()
    if form.validate_on_submit():
        services.show_phone(event, is_shown=form.shows_phone.data, actor=signed_in())
        return done(url_for(".list_organisers", event_id=event.id), gettext("Saved."))
    return _organisers_page(event, form)


@bp.post("/<int:event_id>/organisers/end")
@guarded(Action.EVENT_ORGANISE, load=get_event)
def end_organiser(event: ClassEvent) -> ResponseReturnValue:
    """Look after it no longer."""
    form = Form()
    with form.refusals():
        services.stop_organising(event, actor=signed_in(), now=clock.now())
        return done(url_for("events.show_event", event_id=event.id), gettext("You do not organise it any more."))
    return _organisers_page(event, form)


@bp.post("/<int:event_id>/organisers/choose")
@guarded(Action.EVENT_ASK, load=get_event)
def choose_invitation(event: ClassEvent) -> ResponseReturnValue:
    """Say yes or no to looking after it."""
    form = InvitationForm()
    if form.validate_on_submit():
        with form.refusals():
            is_yes = form.answer.data == "yes"
            services.answer_invitation(event, is_yes=is_yes, actor=signed_in(), now=clock.now())
            said = (
                gettext("Thank you. You organise it together now.") if is_yes else gettext("All right. Nobody is told.")
            )
            return done(url_for("events.show_event", event_id=event.id), said)
    return event_page(event, form)


def _organisers_page(event: ClassEvent, form: Form) -> ResponseReturnValue:
    person, today = signed_in(), clock.today()
    people = queries.list_to_ask(event, person, today=today)
    return render_form(
        "events/organisers/list_organisers.html",
        form=form,
        event=event,
        organisers=shown_organisers(queries.list_organisers(event, today=today), person),
        invited_count=len(queries.list_invitations(event.id)),
        invite_form=form if isinstance(form, InviteForm) else InviteForm(people),
        has_people=bool(people),
        phone_form=PhoneForm(formdata=None, data={"shows_phone": queries.shows_phone(event, person.id)}),
    )
