"""The sheet that is read aloud, and the tick that it was."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.strategy.replies import queries, services
from portal.strategy.replies.forms import ReadForm
from portal.strategy.replies.models import Reply
from portal.strategy.replies.presenters import outcome_words
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("replies", __name__)


@bp.get("/replies/<int:sheet_id>")
@guarded(Action.REPLY_VIEW, load=queries.get_reply)
def show_reply(reply: Reply) -> ResponseReturnValue:
    """One answer as it is read aloud, on the screen or on paper: no child is named."""
    return _sheet(reply)


@bp.post("/replies/<int:sheet_id>/read")
@guarded(Action.REPLY_READ, load=queries.get_reply)
def mark_read(reply: Reply) -> ResponseReturnValue:
    """Tick that it was read aloud, and go on to the next; one that was put right meanwhile is shown as it is now."""
    form = ReadForm()
    if form.validate_on_submit():
        with form.refusals():
            services.mark_read(reply, seen=form.seen.data or "", actor=signed_in(), now=clock.now())
            if reply.is_for_council or reply.has_left:
                return done(
                    url_for("strategy.amendments.show_amendment", amendment_id=reply.amendment_id),
                    gettext("The council has heard the answer."),
                )
            waits = queries.get_next_to_read(signed_in(), after=reply.id, today=clock.today())
            if waits:
                return done(url_for(".show_reply", sheet_id=waits), gettext("Thank you. Here is the next answer."))
            return done(
                url_for("home.show_home"), gettext("Thank you. Now the children know what became of their idea.")
            )
    return _sheet(queries.get_reply(reply.id) or reply, form)


def _sheet(reply: Reply, form: ReadForm | None = None) -> ResponseReturnValue:
    return render_form("strategy/replies/show_reply.html", form=form, reply=reply, answer=outcome_words(reply.outcome))
