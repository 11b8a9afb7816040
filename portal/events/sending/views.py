"""The presses before an event goes out: send it, undo it, throw the draft away."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.events import queries
from portal.events.models import ClassEvent
from portal.events.sending import services
from portal.events.views import event_page, most_cost
from portal.policy import Action
from portal.text import clock
from portal.web.forms import Form, VersionField
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("sending", __name__, url_prefix="/sending")


class SendForm(Form):
    """The version that was looked at."""

    version = VersionField()


@bp.post("/<int:event_id>/publish")
@guarded(Action.EVENT_EDIT, load=queries.get_event)
def publish_event(event: ClassEvent) -> ResponseReturnValue:
    """Send what the preview shows; it goes out three minutes later."""
    form = SendForm()
    if form.validate_on_submit():
        with form.refusals():
            services.publish_event(
                event, version=form.version.data, most_cost=most_cost(), actor=signed_in(), now=clock.now()
            )
            return done(
                url_for("events.show_event", event_id=event.id),
                gettext("Sent. It goes out in three minutes, and until then you can undo it."),
            )
    return event_page(event, form)


@bp.post("/<int:event_id>/withdraw")
@guarded(Action.EVENT_EDIT, load=queries.get_event)
def withdraw_event(event: ClassEvent) -> ResponseReturnValue:
    """Take it back before anybody has seen it; what was typed stays."""
    form = Form()
    with form.refusals():
        services.withdraw_event(event, actor=signed_in(), now=clock.now())
        return done(url_for("events.show_event", event_id=event.id), gettext("Taken back. Nobody has seen it."))
    return event_page(event, form)


@bp.post("/<int:event_id>/discard")
@guarded(Action.EVENT_EDIT, load=queries.get_event)
def discard_event(event: ClassEvent) -> ResponseReturnValue:
    """Throw a draft away."""
    form = Form()
    with form.refusals():
        services.discard_event(event)
        return done(url_for("events.list_events"), gettext("The draft is thrown away."))
    return event_page(event, form)
