"""Sending an answer back to the classes and the council, and ticking that it was read aloud."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.notifications.services import mark_seen
from portal.people import Person
from portal.strategy.amendments.titles import title_of
from portal.strategy.decisions.models import Decision
from portal.strategy.replies import queries
from portal.strategy.replies.models import Reply, ReplySheet

#: A class that has not heard its answer after this long is the council's matter.
READ_WITHIN = timedelta(days=14)


def send_replies(decision: Decision, *, actor: Person, now: datetime) -> None:
    """Send the board's answer to the class of each child whose idea is in the suggestion, and to its council.

    What became a part of it is answered with it. The staff's own suggestions are answered to nobody.
    """
    origins = queries.list_origins(decision.amendment_id)
    host = origins[0]
    if host.council_id is None:
        return
    for origin in origins:
        if origin.pupil_id is not None and origin.class_id is not None:
            _send(
                decision,
                origin,
                host.council_id,
                pupil_id=origin.pupil_id,
                class_id=origin.class_id,
                actor=actor,
                now=now,
            )
    _send(decision, host, host.council_id, pupil_id=None, class_id=None, actor=actor, now=now)


def correct_replies(decision: Decision, *, actor: Person, now: datetime) -> None:
    """Let the sheets say what was decided: unread ones at once, and whoever has heard the wrong answer gets another.

    Either is told of again, since a sheet may have been looked at, or lie printed on a desk, before it is ticked.
    """
    for sheet in queries.list_last_sheets(decision.id):
        lock_row(sheet)
        if sheet.read_at is None:
            sheet.outcome, sheet.text = decision.outcome, decision.child_reply
            acts.record(actor, ActKind.REPLY_SENT, sheet, now=now)
            continue
        again = ReplySheet(
            decision_id=decision.id,
            amendment_id=sheet.amendment_id,
            council_id=sheet.council_id,
            pupil_id=sheet.pupil_id,
            class_id=sheet.class_id,
            title=sheet.title,
            outcome=decision.outcome,
            text=decision.child_reply,
            sent_at=now,
        )
        db.session.add(again)
        acts.record(actor, ActKind.REPLY_SENT, again, now=now)


def _send(
    decision: Decision,
    origin: Any,
    council_id: int,
    *,
    pupil_id: int | None,
    class_id: int | None,
    actor: Person,
    now: datetime,
) -> None:
    sheet = ReplySheet(
        decision_id=decision.id,
        amendment_id=origin.id,
        council_id=council_id,
        pupil_id=pupil_id,
        class_id=class_id,
        title=title_of(origin),
        outcome=decision.outcome,
        text=decision.child_reply,
        sent_at=decision.recorded_at,
    )
    db.session.add(sheet)
    acts.record(actor, ActKind.REPLY_SENT, sheet, now=now)


def mark_read(reply: Reply, *, seen: str, actor: Person, now: datetime) -> None:
    """Tick that an answer was read aloud; a second time changes nothing.

    Raises Conflict when the sheet does not say what was `seen` and read aloud: it was put right meanwhile.
    """
    sheet = db.session.get_one(ReplySheet, reply.id)
    lock_row(sheet)
    if sheet.read_at is None:
        check_unchanged(sheet.stamp, seen)
    mark_seen(actor.id, ActKind.REPLY_SENT, sheet.id)
    if sheet.read_at is None:
        sheet.read_at, sheet.read_by_id = now, actor.id
        acts.record(actor, ActKind.REPLY_READ, sheet, now=now)


def is_late(reply: Reply, *, now: datetime) -> bool:
    """Whether a class has waited for its answer so long that the council takes it up, or has left the school."""
    is_overdue = reply.has_left or reply.sent_at + READ_WITHIN <= now
    return not reply.is_for_council and reply.read_at is None and is_overdue
