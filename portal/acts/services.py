"""Recording what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import insert

from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.people import BY_ITSELF, Actor

#: What changes this shortly before its time is told at once (domain 3.8).
SHORT_NOTICE = timedelta(hours=48)
#: What is often taken back or changed again at once. It is told when it has rested: a newer one recalls it, and people
#: are told once.
RESTS = frozenset(
    {
        ActKind.EVENT_MOVED,
        ActKind.EVENT_TERMS_CHANGED,
        ActKind.PLAYDATE_OFFERED,
        ActKind.PLAYDATE_CHANGED,
        ActKind.PLAYGROUP_ARRANGED,
        ActKind.PLAYGROUP_CHANGED,
        ActKind.PARENT_MEETING_MOVED,
        ActKind.UPDATE_CORRECTED_AND_TOLD,
        ActKind.INITIATIVE_STARTED,
        ActKind.SURVEY_WORDS_WRITTEN,
        ActKind.INITIATIVE_WITH_AKT,
        ActKind.INITIATIVE_CLOSED,
    }
)
REST = timedelta(minutes=3)


class Subject(Protocol):
    """Anything stored under an id."""

    @property
    def id(self) -> int:
        """The row's id."""


def is_at_short_notice(*moments: datetime, now: datetime) -> bool:
    """Whether one of these is so close that people have to hear at once what became of it."""
    return any(moment - now <= SHORT_NOTICE for moment in moments)


@dataclass(frozen=True, slots=True)
class Known:
    """A row of which only the id is at hand: loading many would cost more than recording what was done to them."""

    id: int


def record(
    actor: Actor,
    kind: ActKind,
    subject: Subject,
    *,
    now: datetime,
    about: Subject | None = None,
    detail: str = "",
    is_urgent: bool = False,
    tell_at: datetime | None = None,
) -> None:
    """Add one act, in the transaction of the change itself, so neither exists without the other.

    A new subject is flushed first, so that it has its id. `about` is whom it was done to. Whoever is to be told of it
    is told later, by the worker: of what `RESTS` after some minutes, and from `tell_at` on where that is said. Mail
    about what is urgent waits for no day's mail: a change at short notice, the answer to one's own question.
    """
    act = made(actor, kind, subject, now, about, detail)
    try_at = tell_at or (now + REST if kind in RESTS else now)
    db.session.add(WaitingAct(act=act, try_at=try_at, is_urgent=is_urgent))


def note(
    actor: Actor, kind: ActKind, subject: Subject, *, now: datetime, about: Subject | None = None, detail: str = ""
) -> None:
    """Add one act like `record`, of a kind that nobody is told of: it stands in the record and wakes no worker."""
    db.session.add(made(actor, kind, subject, now, about, detail))


def note_of_account(kind: ActKind, user_id: int, *, now: datetime) -> None:
    """Add one act that somebody did to an account without being anybody yet, such as a try to sign in to it.

    Nobody is told of it.
    """
    db.session.add(Act(actor_id=BY_ITSELF, kind=kind, subject_id=user_id, about_id=user_id, at=now))


def record_all(done: Sequence[Act]) -> None:
    """Add many acts like `record`, in two statements; they are made by `made`."""
    if not done:
        return
    columns = ("actor_id", "kind", "subject_id", "about_id", "detail", "at")
    rows = [{name: getattr(act, name) for name in columns} for act in done]
    added = db.session.scalars(insert(Act).returning(Act.id), rows, execution_options={"render_nulls": True}).all()
    db.session.execute(insert(WaitingAct), [{"act_id": act_id, "try_at": done[0].at} for act_id in added])


def made(
    actor: Actor, kind: ActKind, subject: Subject, now: datetime, about: Subject | None = None, detail: str = ""
) -> Act:
    """An act that is still to be added."""
    if subject.id is None or (about is not None and about.id is None):
        db.session.flush()
    return Act(
        actor_id=actor.id if actor else None,
        kind=kind,
        subject_id=subject.id,
        about_id=about.id if about else None,
        detail=detail,
        at=now,
    )
