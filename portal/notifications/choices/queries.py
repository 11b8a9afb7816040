"""What people have chosen about mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from portal.accounts.models import User
from portal.acts.models import Act
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.notifications.choices.models import MailChoice
from portal.notifications.models import WAITING, Channel, Delivery

#: One statement holds so many values only.
PEOPLE_AT_ONCE = 400

Chosen = Mapping[Topic, Rhythm]


@prepared
def _of_one() -> AnySelect:
    return select(MailChoice.topic, MailChoice.rhythm).where(MailChoice.user_id == param("user_id", int))


@prepared
def _of_many() -> AnySelect:
    wanted = MailChoice.user_id.in_(params("ids", int))
    return select(MailChoice.user_id, MailChoice.topic, MailChoice.rhythm).where(wanted)


def get_chosen(user_id: int) -> Chosen:
    """What somebody has chosen; empty for those who take what is usual."""
    return {row.topic: row.rhythm for row in _of_one.rows(user_id=user_id)}


def list_chosen(user_ids: Collection[int]) -> Mapping[int, Chosen]:
    """What each of these has chosen; whoever is not in it takes what is usual."""
    found: dict[int, dict[Topic, Rhythm]] = defaultdict(dict)
    ids = sorted(user_ids)
    for start in range(0, len(ids), PEOPLE_AT_ONCE):
        for row in _of_many.rows(ids=ids[start : start + PEOPLE_AT_ONCE]):
            found[row.user_id][row.topic] = row.rhythm
    return found


@prepared
def _address() -> AnySelect:
    return select(User.email).where(User.id == param("user_id", int), User.deactivated_at.is_(None))


def get_address(user_id: int) -> str:
    """The address of an open account, or "" for none."""
    return next((row.email or "" for row in _address.rows(user_id=user_id)), "")


def list_gathering(user_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Somebody's mail that waits for an evening, with what it is about and when that happened."""
    return db.session.execute(
        select(Delivery.id, Act.kind, Act.at)
        .join(Act, Act.id == Delivery.act_id)
        .where(
            Delivery.user_id == user_id,
            Delivery.channel == Channel.MAIL,
            WAITING,
            Delivery.is_gathered,
            Delivery.batch_id.is_(None),
        )
    ).all()
