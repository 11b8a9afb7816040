"""Choosing when mail comes; it holds for what has not been sent yet as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update

from portal.acts.models import ActKind
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.database.transactions import insert_into
from portal.notifications.choices import queries
from portal.notifications.choices.models import MailChoice
from portal.notifications.mail.hours import leaving
from portal.notifications.models import WAITING, Delivery

#: What a day's mail may hold: everything that is not settled.
CHOSEN_ABOUT = tuple(topic for topic in Topic if topic is not Topic.EVERYTHING and not topic.is_settled)


def choose_rhythms(
    user_id: int, rhythms: Mapping[Topic, Rhythm], topics: Mapping[ActKind, Topic], *, now: datetime
) -> None:
    """Keep when somebody wants mail about these topics; `topics` says what each kind of act is about."""
    for topic, rhythm in rhythms.items():
        if topic is not Topic.EVERYTHING and not topic.is_settled:
            _keep(user_id, topic, rhythm)
    _move_waiting(user_id, topics, now)


def end_mail(user_id: int) -> None:
    """Send somebody nothing any more but what is settled; also of what there may be to tell one day."""
    own = delete(MailChoice).where(MailChoice.user_id == user_id)
    db.session.execute(own.execution_options(synchronize_session=False))
    _keep(user_id, Topic.EVERYTHING, Rhythm.OFF)


def end_topic(user_id: int, topic: Topic) -> None:
    """Send somebody no mail about a topic any more; for EVERYTHING none of a day's or a week's mail. Twice is once."""
    if topic is not Topic.EVERYTHING:
        ended = {topic} & set(CHOSEN_ABOUT)
    else:
        chosen = queries.get_chosen(user_id)
        ended = {each for each in CHOSEN_ABOUT if each.rhythm(chosen) in {Rhythm.DAILY, Rhythm.WEEKLY}}
    for each in sorted(ended):
        _keep(user_id, each, Rhythm.OFF)


def _keep(user_id: int, topic: Topic, rhythm: Rhythm) -> None:
    kept = insert_into(MailChoice).values(user_id=user_id, topic=topic, rhythm=rhythm)
    db.session.execute(
        kept.on_conflict_do_update(index_elements=[MailChoice.user_id, MailChoice.topic], set_={"rhythm": rhythm})
    )


def _move_waiting(user_id: int, topics: Mapping[ActKind, Topic], now: datetime) -> None:
    """Let what waits for an evening leave when it is wanted now. What is not wanted is left out when it leaves."""
    chosen = queries.get_chosen(user_id)
    for row in queries.list_gathering(user_id):
        rhythm = topics[row.kind].rhythm(chosen) if row.kind in topics else Rhythm.OFF
        leaves = leaving(rhythm, acted_at=row.at, now=now, is_urgent=False)
        if leaves is None:
            continue
        moved = (
            update(Delivery)
            .where(Delivery.id == row.id, WAITING, Delivery.batch_id.is_(None))
            .values(due_at=leaves.at, try_at=leaves.at, is_gathered=leaves.is_gathered)
        )
        db.session.execute(moved.execution_options(synchronize_session=False))
