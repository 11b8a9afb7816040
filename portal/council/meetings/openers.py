"""What every meeting of a council begins with: answers that wait to be heard, and questions it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.council.meetings.models import ItemKind
from portal.strategy.forwarding.queries import list_open_questions
from portal.strategy.replies.models import Reply
from portal.strategy.replies.queries import list_unread
from portal.strategy.replies.services import is_late
from portal.text import clock


@dataclass(frozen=True, slots=True)
class Opener:
    """One thing the agenda begins with: an answer, or a question about a suggestion that was sent back."""

    kind: ItemKind
    amendment_id: int
    title: str
    reply: str = ""
    question: str = ""


def list_openers(council_id: int, *, now: datetime) -> list[Opener]:
    """What the council's next meeting begins with, asked anew each time: what was heard or answered is gone.

    First the answers it has not heard, then those that a class has not heard for two weeks, then the questions.
    """
    unread = list_unread(council_id, today=clock.day_of(now))
    own = [reply for reply in unread if reply.is_for_council]
    heard = {reply.amendment_id for reply in own}
    late = {
        reply.amendment_id: reply for reply in unread if is_late(reply, now=now) and reply.amendment_id not in heard
    }
    return [
        *(_answer(reply) for reply in [*own, *late.values()]),
        *(
            Opener(ItemKind.DECIDE, row.amendment_id, "", question=row.question)
            for row in list_open_questions(council_id)
        ),
    ]


def _answer(reply: Reply) -> Opener:
    return Opener(ItemKind.INFORM, reply.amendment_id, reply.title, reply=reply.text)
