"""Recording what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.people import Actor


class Subject(Protocol):
    """Anything stored under an id."""

    @property
    def id(self) -> int:
        """The row's id."""


def record(actor: Actor, kind: ActKind, subject: Subject, *, now: datetime) -> None:
    """Add one act, in the transaction of the change itself, so neither exists without the other.

    A new subject is flushed first, so that it has its id. Whoever is to be told of it is told later, by the worker.
    """
    if subject.id is None:
        db.session.flush()
    act = Act(actor_id=actor.id if actor else None, kind=kind, subject_id=subject.id, at=now)
    db.session.add(WaitingAct(act=act, try_at=now))
