"""Finding what waits to be told, whom it is for, and what somebody has been told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import MailFault, User
from portal.accounts.proof import queries as proof
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.notices import Notice, Notices
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.notifications.models import WAITING, Channel, Delivery, DeliveryState
from portal.people import Person, load_people
from portal.policy import can
from portal.school.models import Guardianship, Pupil
from portal.school.ties import lasts

NOTIFICATIONS_PER_PAGE = 30
PEOPLE_AT_ONCE, MAIL_AT_ONCE = 400, 1000
#: What has waited longer than this for a first try means that the worker or the mail server is down.
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody's mail goes. `is_protected` when they or one of their children live under protection.

    `is_proved` when the address is known to be theirs; until then it is told nothing but how to say so.
    """

    email: str
    is_protected: bool
    is_proved: bool


def get_delivery(delivery_id: int) -> Delivery | None:
    """One notification in somebody's list."""
    found = db.session.get(Delivery, delivery_id)
    is_listed = found is not None and found.channel == Channel.PORTAL and found.state != DeliveryState.DROPPED
    return found if is_listed else None


def get_act(act_id: int) -> Act | None:
    """What a notification is about."""
    return db.session.get(Act, act_id)


def list_notifications(
    reader: Person, notices: Notices, *, before: int | None = None, limit: int = NOTIFICATIONS_PER_PAGE
) -> list[Row[*tuple[Any, ...]]]:
    """What somebody was told and may still read, newest first; `before` is the last one already shown.

    Left out is what no room speaks of any more, and what leads to a class or a council that is not the reader's now.
    """
    listed: list[Row[*tuple[Any, ...]]] = []
    while len(listed) < limit:
        cursor = {} if before is None else {"before": before}
        rows = _portion.of(limit, before is not None).rows(user_id=reader.id, **cursor)
        listed += [row for row in rows if _leads_on(notices, reader, row)]
        if len(rows) < limit:
            break
        before = rows[-1].id
    return listed[:limit]


def _leads_on(notices: Notices, reader: Person, line: Any) -> bool:
    notice = notices.get(line.kind)
    return notice is not None and notice.leads_on(reader, line.class_id, line.council_id)


def count_unread(reader: Person, notices: Notices) -> dict[ActKind, int]:
    """How many lines of the reader's list are unopened, by what they tell of: of those that the list would show."""
    counts: Counter[ActKind] = Counter()
    for line, count in Counter(reader.unread).items():
        if _leads_on(notices, reader, line):
            counts[line.kind] += count
    return dict(counts)


@prepared
def _portion(limit: int, is_later: bool) -> AnySelect:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Delivery.id,
            Delivery.class_id,
            Delivery.council_id,
            Delivery.is_opened,
            Act.kind,
            Act.at,
            func.coalesce(Delivery.page_id, Act.subject_id).label("page_id"),
        )
        .join(Act, Act.id == Delivery.act_id)
        .where(Delivery.user_id == param("user_id", int), Delivery.channel == Channel.PORTAL)
        .where(Delivery.state != DeliveryState.DROPPED)
        .order_by(Delivery.id.desc())
        .limit(literal_column(str(limit)))
    )
    return statement.where(Delivery.id < param("before", int)) if is_later else statement


@dataclass(frozen=True, slots=True)
class OwnMail:
    """What somebody's page says about their mail: the address ("" for none), and whether it arrives there.

    `is_proved` when the address is known to be theirs.
    """

    email: str
    arrives: bool
    is_proved: bool
    is_protected: bool


@prepared
def _own_mail() -> AnySelect:
    return (
        select(
            User.email,
            MailFault.email.label("failed"),
            proof.is_proved().label("is_proved"),
            _is_under_protection(param("today", date)).label("is_protected"),
        )
        .outerjoin(MailFault, MailFault.user_id == User.id)
        .where(User.id == param("user_id", int))
    )


def get_own_mail(user_id: int, *, today: date) -> OwnMail:
    """Where somebody's mail goes."""
    (found,) = _own_mail.rows(user_id=user_id, today=today)
    email = (found.email or "").strip()
    return OwnMail(email, found.failed != email, bool(found.is_proved), bool(found.is_protected))


def list_sent_mail(user_id: int, *, limit: int) -> list[int]:
    """The numbers of the newest mails that have gone to somebody; one that gathers is called by its first row."""
    return [row.number for row in _sent_mail.of(limit).rows(user_id=user_id)]


@prepared
def _sent_mail(limit: int) -> AnySelect:
    number = func.coalesce(Delivery.batch_id, Delivery.id).label("number")
    return (
        select(number)
        .where(
            Delivery.user_id == param("user_id", int),
            Delivery.channel == Channel.MAIL,
            Delivery.state == DeliveryState.SENT,
        )
        .distinct()
        .order_by(number.desc())
        .limit(limit)
    )


def list_waiting_acts(*, now: datetime, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The oldest acts nobody has been told of."""
    return db.session.execute(
        select(Act.id, Act.actor_id, Act.kind, Act.subject_id, Act.about_id, Act.at, WaitingAct.is_urgent)
        .join(WaitingAct, WaitingAct.act_id == Act.id)
        .where(WaitingAct.try_at <= now)
        .order_by(WaitingAct.try_at, WaitingAct.act_id)
        .limit(limit)
    ).all()


def get_news(notice: Notice, act: Any, *, now: datetime) -> Any:
    """What an act, or a row of one, is about, or None when that is gone or is no news any more."""
    subject = notice.find(notice.subject_id(act))
    return subject if subject is not None and notice.is_news(subject, now) else None


def list_told(notice: Notice, subject: Any, *, today: date) -> Iterator[Person]:
    """Whom a notice is for as of today: its recipients, as far as they have the right it needs.

    One after the other: thousands may be told of one thing, and nobody needs them all in memory.
    """
    shown = notice.shown(subject)
    for ids in _portions(notice.recipients(subject, today), PEOPLE_AT_ONCE):
        yield from (person for person in load_people(ids, today=today) if can(person, notice.needs, shown))


def _portions(ids: Collection[int], size: int) -> Iterator[list[int]]:
    """These ids in order, so many at a time: one statement holds so many values only."""
    in_order = sorted(set(ids))
    return (in_order[start : start + size] for start in range(0, len(in_order), size))


def list_addresses(user_ids: Collection[int], *, today: date) -> dict[int, Address]:
    """The addresses of those who have one."""
    rows = (row for ids in _portions(user_ids, PEOPLE_AT_ONCE) for row in _addresses.rows(ids=ids, today=today))
    return {row.id: Address(row.email, bool(row.is_protected), bool(row.is_proved)) for row in rows}


@prepared
def _addresses() -> AnySelect:
    return select(
        User.id,
        func.trim(User.email).label("email"),
        _is_under_protection(param("today", date)).label("is_protected"),
        proof.is_proved().label("is_proved"),
    ).where(User.id.in_(params("ids", int)), func.trim(func.coalesce(User.email, "")) != "")


def _is_under_protection(today: Any) -> ColumnElement[bool]:
    """Whether a `User`, or a child of theirs, lives under protection."""
    protected_child = exists().where(
        Guardianship.guardian_id == User.id,
        lasts(Guardianship, today),
        Pupil.id == Guardianship.pupil_id,
        Pupil.protection != Protection.NONE,
    )
    return or_(User.protection != Protection.NONE, protected_child)


def has_due_mail(*, now: datetime) -> bool:
    """Whether there is mail to send now."""
    return bool(db.session.scalar(select(exists().where(WAITING, Delivery.try_at <= now))))


def list_claimed(delivery_ids: Collection[int], worker: str) -> set[int]:
    """Which of these are still that worker's to send: nobody has recalled them, and no other has claimed them."""
    mine = select(Delivery.id).where(
        Delivery.id.in_(delivery_ids), Delivery.claimed_by == worker, Delivery.state == DeliveryState.WAITING
    )
    return set(db.session.scalars(mine))


def list_mail(delivery_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is to be mailed, letter by letter: whom, of what, and whether they have opened it in the portal meanwhile.

    `letter` is the same for all that goes in one mail.
    """
    rows = [row for ids in _portions(delivery_ids, MAIL_AT_ONCE) for row in _mail(ids)]
    return sorted(rows, key=lambda row: (row.letter, row.id))


def _mail(delivery_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    in_portal = aliased(Delivery)
    return db.session.execute(
        select(
            Delivery.id,
            func.coalesce(Delivery.batch_id, Delivery.id).label("letter"),
            Delivery.user_id,
            Delivery.class_id,
            Delivery.is_gathered,
            Delivery.due_at,
            Delivery.attempts,
            Delivery.act_id,
            Act.kind,
            Act.subject_id,
            Act.about_id,
            Act.at,
            func.coalesce(in_portal.is_opened, False).label("is_opened"),
        )
        .join(Act, Act.id == Delivery.act_id)
        .outerjoin(
            in_portal,
            (in_portal.act_id == Delivery.act_id)
            & (in_portal.user_id == Delivery.user_id)
            & (in_portal.channel == Channel.PORTAL),
        )
        .where(Delivery.id.in_(delivery_ids))
    ).all()


def is_telling_stuck(*, now: datetime) -> bool:
    """Whether acts or mail have waited too long for a first try. What a mail server has put off is not meant."""
    return bool(_is_stuck.value(since=now - LONGEST_WAIT))


@prepared
def _is_stuck() -> AnySelect:
    since = param("since", datetime)
    old_act = exists().where(WaitingAct.act_id == Act.id, Act.at <= since)
    old_mail = exists().where(WAITING, Delivery.due_at <= since, Delivery.attempts == 0)
    return select(or_(old_act, old_mail))
