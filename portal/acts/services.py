"""Recording what was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.people import Actor

#: What changes this shortly before its time is told at once (domain 3.8).
SHORT_NOTICE = timedelta(hours=48)


class Subject(Protocol):
    """Anything stored under an id."""

    @property
    def id(self) -> int:
        """The row's id."""


def is_at_short_notice(*moments: datetime, now: datetime) -> bool:
    """Whether one of these is so close that people have to hear at once what became of it."""
    return any(moment - now <= SHORT_NOTICE for moment in moments)


def record(actor: Actor, kind: ActKind, subject: Subject, *, now: datetime, is_urgent: bool = False) -> None:
    """Add one act, in the transaction of the change itself, so neither exists without the other.

    A new subject is flushed first, so that it has its id. Whoever is to be told of it is told later, by the worker.
    Mail about what is urgent waits for no day's mail: a change at short notice, the answer to one's own question.
    """
    if subject.id is None:
        db.session.flush()
    act = Act(actor_id=actor.id if actor else None, kind=kind, subject_id=subject.id, at=now)
    db.session.add(WaitingAct(act=act, try_at=now, is_urgent=is_urgent))
