"""From an act to its deliveries, and a delivery's way: claimed, sent, put off, given up, opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, cast, delete, exists, func, literal, or_, select, true, update
from sqlalchemy.orm import aliased

from portal.accounts.models import MailFault
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.database.transactions import insert_into, pairs, wait_for_turn_at
from portal.notifications.mail.hours import Leaving, evening_of, next_evening
from portal.notifications.models import (
    UNOPENED,
    WAITING,
    Channel,
    Delivery,
    DeliveryState,
)

#: How long a claimed mail is its worker's; then another may take it, since the first one was killed.
CLAIM = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
#: When a mail server puts a mail off for longer than this, it is given up; it still stands in the portal.
GIVE_UP_AFTER = timedelta(days=3)
#: How long an act waits that could not be told; after a fault of the database, which is not the act's, only a moment.
TELL_AGAIN_AFTER, TELL_AGAIN_SOON = timedelta(minutes=5), timedelta(seconds=5)


def keep_deliveries(
    act_id: int,
    told: Mapping[int, int | None],
    *,
    with_mail: Mapping[int, Leaving],
    now: datetime,
    page_id: int | None = None,
    council_id: int | None = None,
    listed: Collection[int] | None = None,
) -> None:
    """Turn an act into one row for each person and channel. Idempotent: twice is once.

    `told` says for each person which class is named to them, `page_id` what the line leads to when that is not the
    act's own subject, `council_id` the council it belongs to. It stands in the lists of those in `listed`, everybody's
    by default, and goes as mail to those in `with_mail` when it says.
    """
    in_list = told if listed is None else {user_id: told[user_id] for user_id in listed}
    by_leaving: dict[Leaving, dict[int, int | None]] = defaultdict(dict)
    for user_id, leaves in with_mail.items():
        by_leaving[leaves][user_id] = told[user_id]
    of_act = {"act_id": act_id, "page_id": page_id, "council_id": council_id}
    _keep(in_list, Leaving(now), channel=Channel.PORTAL, state=DeliveryState.SENT, sent_at=now, **of_act)
    for leaves, mailed in by_leaving.items():
        _keep(mailed, leaves, channel=Channel.MAIL, state=DeliveryState.WAITING, sent_at=None, **of_act)


def _keep(told: Mapping[int, int | None], leaves: Leaving, **values: Any) -> None:
    """Keep a row for each of these, by one statement however many they are."""
    if not told:
        return
    columns = Delivery.__table__.c
    one = pairs(told)
    values |= {"due_at": leaves.at, "try_at": leaves.at, "is_gathered": leaves.is_gathered}
    values |= {"claimed_by": "", "attempts": 0, "last_error": "", "is_opened": False}
    rows = select(
        cast(one.c.key, columns.user_id.type),
        cast(one.c.value, columns.class_id.type),
        *(literal(value, columns[name].type) for name, value in values.items()),
    ).where(true())  # SQLite would take the ON of the conflict for one of a join
    names = ["user_id", "class_id", *values]
    db.session.execute(insert_into(Delivery).from_select(names, rows).on_conflict_do_nothing())


def take_waiting(act_id: int) -> bool:
    """Take an act out of the outbox; False when another worker has told of it, or it has been recalled."""
    taken = delete(WaitingAct).where(WaitingAct.act_id == act_id).returning(WaitingAct.act_id)
    return bool(db.session.scalars(taken.execution_options(synchronize_session=False)).all())


def recall(kinds: Collection[ActKind], subject_id: int) -> None:
    """Take back what people were told of acts of these kinds: out of every list, and no mail goes out any more.

    What has left as mail cannot be taken back; it never held more than a title, an hour and a link.
    """
    acts = select(Act.id).where(Act.kind.in_(list(kinds)), Act.subject_id == subject_id)
    silently = {"synchronize_session": False}
    db.session.execute(delete(WaitingAct).where(WaitingAct.act_id.in_(acts)).execution_options(**silently))
    told = Delivery.act_id.in_(acts)
    dropped = {"state": DeliveryState.DROPPED, "sent_at": None, "claimed_by": "", "is_opened": True}
    listed = update(Delivery).where(told, Delivery.channel == Channel.PORTAL).values(**dropped)
    waiting = update(Delivery).where(told, WAITING).values(**dropped)
    for change in (listed, waiting):
        db.session.execute(change.execution_options(**silently))


def move_lines(kinds: Collection[ActKind], page_id: int, before: int, after: int, *, readers: Select[int]) -> None:
    """Let what these readers were told of one thing in a class, and where it stands in their lists, go over into
    another: the thing is there now, and so are they."""
    of_the_thing = (
        select(Act.id)
        .where(Act.id == Delivery.act_id, Act.kind.in_(list(kinds)))
        .where(func.coalesce(Delivery.page_id, Act.subject_id) == page_id)
        .correlate(Delivery)
        .exists()
    )
    moved = update(Delivery).where(Delivery.class_id == before, Delivery.user_id.in_(readers), of_the_thing)
    db.session.execute(moved.values(class_id=after).execution_options(synchronize_session=False))


def move_council_lines(kinds: Collection[ActKind], page_ids: Collection[int], after: int) -> None:
    """Let what was told of things of one council stand in another: who does not sit there finds it in no list then."""
    of_the_things = (
        select(Act.id)
        .where(Act.id == Delivery.act_id, Act.kind.in_(list(kinds)))
        .where(func.coalesce(Delivery.page_id, Act.subject_id).in_(sorted(page_ids)))
        .correlate(Delivery)
        .exists()
    )
    moved = update(Delivery).where(Delivery.council_id.is_not(None), of_the_things).values(council_id=after)
    db.session.execute(moved.execution_options(synchronize_session=False))


def put_act_off(act_id: int, *, now: datetime, pause: timedelta = TELL_AGAIN_AFTER) -> None:
    """Retry later: an act that could not be told waits, and does not stand in the way of others."""
    later = update(WaitingAct).where(WaitingAct.act_id == act_id).values(try_at=now + pause)
    db.session.execute(later.execution_options(synchronize_session=False))


def claim_mail(worker: str, *, now: datetime, limit: int) -> list[int]:
    """Take the oldest due mail for one worker, some `limit` mails: no other sends it until the claim lapses.

    A mail is claimed whole, so workers take turns. What waits for the evening is put together here: each person's in
    one mail, and not twice on one evening. It is left until everything that has happened is told, and is all in it.
    """
    wait_for_turn_at("mail is claimed")
    claimed = _due_now(now, limit)
    if len(claimed) < limit and _is_all_told(now):
        _leave_for_the_next_evening(now)
        claimed += _gather(now, limit - len(claimed))
    if claimed:
        mine = update(Delivery).where(Delivery.id.in_(claimed)).values(claimed_by=worker, try_at=now + CLAIM)
        db.session.execute(mine.execution_options(synchronize_session=False))
    return sorted(claimed)


def _due_now(now: datetime, limit: int) -> list[int]:
    """Lock what goes by itself, and batches that were made before: all of each.

    Found first and claimed by id: in one statement PostgreSQL may look for the limited rows again and again, with
    statistics from when the table was empty, and claims all there are.
    """
    due = db.session.execute(
        select(Delivery.id, Delivery.user_id, Delivery.batch_id)
        .where(WAITING, Delivery.try_at <= now, or_(~Delivery.is_gathered, Delivery.batch_id.is_not(None)))
        .order_by(Delivery.try_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    batches = {row.batch_id: row.user_id for row in due if row.batch_id is not None}
    whole = select(Delivery.id).where(
        Delivery.user_id.in_(set(batches.values())),
        Delivery.channel == Channel.MAIL,
        Delivery.batch_id.in_(batches.keys()),
        WAITING,
    )
    rest = db.session.scalars(whole.with_for_update(skip_locked=True)) if batches else ()
    return list({row.id for row in due}.union(rest))


def _is_all_told(now: datetime) -> bool:
    return not db.session.scalar(select(exists().where(WaitingAct.try_at <= now)))


def _is_gathering(now: datetime) -> tuple[Any, ...]:
    return (WAITING, Delivery.is_gathered, Delivery.batch_id.is_(None), Delivery.try_at <= now)


def _leave_for_the_next_evening(now: datetime) -> None:
    """What is due outside an evening, or after the person's mail of this evening, goes with the next one's.

    Rows that somebody is recalling just now are left to them: two who wait for each other's rows would wait for ever.
    """
    evening = evening_of(now)
    had = aliased(Delivery)
    has_had_it = exists().where(
        had.user_id == Delivery.user_id,
        had.channel == Channel.MAIL,
        had.batch_id.is_not(None),
        had.due_at >= evening,
    )
    is_late = has_had_it if now >= evening else true()
    late = select(Delivery.id).where(*_is_gathering(now), is_late).order_by(Delivery.id)
    ids = db.session.scalars(late.with_for_update(skip_locked=True)).all()
    later = next_evening(now)
    if ids:
        db.session.execute(update(Delivery), [{"id": row_id, "due_at": later, "try_at": later} for row_id in ids])


def _gather(now: datetime, limit: int) -> list[int]:
    """Put what waits together, for this many people: a batch each, due this evening. By day there is none."""
    if now < evening_of(now):
        return []
    of = select(Delivery.user_id).where(*_is_gathering(now)).distinct().order_by(Delivery.user_id).limit(limit)
    user_ids = db.session.scalars(of).all()
    rows = db.session.execute(
        select(Delivery.id, Delivery.user_id)
        .where(*_is_gathering(now), Delivery.user_id.in_(user_ids))
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    ).all()
    batches: dict[int, int] = {}
    made = [{"id": row.id, "batch_id": batches.setdefault(row.user_id, row.id)} for row in rows]
    if made:
        db.session.execute(update(Delivery), [{**row, "due_at": evening_of(now)} for row in made])
    return [row.id for row in rows]


def _mark(delivery_ids: Collection[int], worker: str, **values: Any) -> list[int]:
    """Change those rows that this worker still claims: once a claim has lapsed, another worker decides.

    Returns whose the changed rows are.
    """
    return list(
        db.session.scalars(
            update(Delivery)
            .where(
                Delivery.id.in_(delivery_ids), Delivery.claimed_by == worker, Delivery.state == DeliveryState.WAITING
            )
            .values(claimed_by="", **values)
            .returning(Delivery.user_id)
            .execution_options(synchronize_session=False)
        )
    )


def mark_sent(delivery_ids: Collection[int], worker: str, *, now: datetime) -> None:
    """The mail server has taken it."""
    _mark(delivery_ids, worker, state=DeliveryState.SENT, sent_at=now, attempts=Delivery.attempts + 1, last_error="")


def forget_faults(delivery_ids: Collection[int]) -> None:
    """The addresses that took these deliveries are right again, if they were not: in one go for a whole batch."""
    arrived = select(Delivery.user_id).where(Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.SENT)
    gone = delete(MailFault).where(MailFault.user_id.in_(arrived))
    db.session.execute(gone.execution_options(synchronize_session=False))


def mark_dropped(delivery_ids: Collection[int], worker: str) -> None:
    """Nothing is sent: the right or the address is gone, mail was turned off, or it has been opened already."""
    _mark(delivery_ids, worker, state=DeliveryState.DROPPED)


def mark_failed(delivery_ids: Collection[int], worker: str, *, email: str, why: str, now: datetime) -> None:
    """It will never arrive, and is not tried again; the person and the office see which address that was."""
    failed = {"state": DeliveryState.FAILED, "attempts": Delivery.attempts + 1, "last_error": why}
    whose = set(_mark(delivery_ids, worker, **failed))
    for user_id in whose if email else ():
        fault = {"email": email, "why": why, "failed_at": now}
        kept = insert_into(MailFault).values(user_id=user_id, **fault)
        db.session.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=fault))


def put_off(
    delivery_ids: Collection[int],
    worker: str,
    *,
    attempts: int,
    since: datetime,
    why: str,
    now: datetime,
    email: str = "",
) -> None:
    """Retry with backoff: try this mail again, each time a little later; three days after `since` it is given up.

    Without an `email` the fault is not the address's, and nobody is told of it.
    """
    if now - since > GIVE_UP_AFTER:
        mark_failed(delivery_ids, worker, email=email, why=why, now=now)
        return
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 10), LONGEST_PAUSE)
    _mark(delivery_ids, worker, try_at=now + pause, attempts=Delivery.attempts + 1, last_error=why)


def release(delivery_ids: Collection[int], worker: str, *, now: datetime, why: str = "") -> None:
    """Give claimed mail back untried: the server could not be reached, or the worker stops."""
    _mark(delivery_ids, worker, try_at=now, last_error=why)


def set_aside(delivery_id: int, worker: str, *, attempts: int, since: datetime, now: datetime) -> None:
    """Leave out of its mail what could not be written; it is tried by itself, or with the next evening's."""
    put_off([delivery_id], worker, attempts=attempts, since=since, why="could not be written", now=now)
    alone = update(Delivery).where(Delivery.id == delivery_id).values(batch_id=None)
    db.session.execute(alone.execution_options(synchronize_session=False))


def delay(delivery_ids: Collection[int], worker: str, *, until: datetime) -> None:
    """Let claimed mail wait for an hour at which it disturbs nobody."""
    _mark(delivery_ids, worker, try_at=until, due_at=until)


def mark_opened(delivery: Delivery) -> None:
    """The person has opened it."""
    delivery.is_opened = True


def mark_all_opened(user_id: int) -> None:
    """The person has seen their whole list."""
    db.session.execute(_unopened(user_id))


def mark_seen(user_id: int, kind: ActKind, subject_id: int) -> None:
    """The person has read what acts of this kind are about, whichever way they came to it."""
    acts = select(Act.id).where(Act.kind == kind, Act.subject_id == subject_id)
    db.session.execute(_unopened(user_id).where(Delivery.act_id.in_(acts)))


def mark_page_seen(user_id: int, kinds: Collection[ActKind], page_id: int) -> None:
    """The person has dealt with the thing that lines of these kinds lead to."""
    is_of_kind = exists().where(
        Act.id == Delivery.act_id, Act.kind.in_(kinds), func.coalesce(Delivery.page_id, Act.subject_id) == page_id
    )
    db.session.execute(_unopened(user_id).where(is_of_kind))


def _unopened(user_id: int) -> Any:
    return (
        update(Delivery)
        .where(Delivery.user_id == user_id, UNOPENED)
        .values(is_opened=True)
        .execution_options(synchronize_session=False)
    )
