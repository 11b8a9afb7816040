"""Acts become deliveries here: who is told of each, in the portal and by mail."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.acts.notices import Notice, Notices, own_council
from portal.acts.topics import Rhythm
from portal.database.transactions import AWAY, changing, reading_only, why_away
from portal.notifications import queries, services
from portal.notifications.choices.queries import list_chosen
from portal.notifications.mail.hours import Leaving, leaving
from portal.text import clock

log = logging.getLogger(__name__)

ACTS_PER_ROUND = 20


def tell_some(notices: Notices, *, sends_mail: bool) -> bool:
    """Tell of some acts, also by mail with `sends_mail`; whether there were any. What cannot be told is tried later."""
    now = clock.now()
    with reading_only():
        acts = queries.list_waiting_acts(now=now, limit=ACTS_PER_ROUND)
    for act in acts:
        try:
            _tell(act, notices.get(act.kind), sends_mail=sends_mail, now=now)
        except AWAY as fault:  # in one line: a full disk is not to be filled further by the log
            log.error("act %d could not be told: %s", act.id, why_away(fault))
            with changing():
                services.put_act_off(act.id, now=now, pause=services.TELL_AGAIN_SOON)
        except Exception:
            log.exception("act %d could not be told", act.id)
            with changing():
                services.put_act_off(act.id, now=now)
    return bool(acts)


def _tell(act: Row[*tuple[Any, ...]], notice: Notice | None, *, sends_mail: bool, now: datetime) -> None:
    """Make the deliveries of one act; its actor gets none."""
    today = clock.day_of(now)
    told: dict[int, int | None] = {}
    with_mail: dict[int, Leaving] = {}
    subject: Any = None
    page_id: int | None = None
    council_id: int | None = None
    if notice is not None:
        with reading_only():
            subject = queries.get_news(notice, act, now=now)
            if subject is not None:
                everybody = queries.list_told(notice, subject, today=today)
                told = {one.id: notice.class_of(subject, one) for one in everybody if one.id != act.actor_id}
                shown = notice.shown(subject)
                page_id, council_id = shown.id, own_council(shown)
            if sends_mail:
                with_mail = _leavings(act, notice, told, now)
    with changing():
        if services.take_waiting(act.id):
            if notice is not None and notice.replaces and subject is not None:
                services.recall(notice.replaces, notice.subject_id(act))
            listed = told if notice is None or notice.mailed_path is None else ()
            services.keep_deliveries(
                act.id, told, listed=listed, with_mail=with_mail, now=now, page_id=page_id, council_id=council_id
            )


def _leavings(act: Row[*tuple[Any, ...]], notice: Notice, told: Collection[int], now: datetime) -> dict[int, Leaving]:
    """When the mail leaves for each of those who get one."""
    addresses = queries.list_addresses(told, today=clock.day_of(now))
    mailed = [user_id for user_id, found in addresses.items() if found.is_proved is (notice.mailed_path is None)]
    chosen = list_chosen(mailed)
    at = {rhythm: leaving(rhythm, acted_at=act.at, now=now, is_urgent=act.is_urgent) for rhythm in Rhythm}
    wanted = ((user_id, at[notice.topic.rhythm(chosen.get(user_id, {}))]) for user_id in mailed)
    return {user_id: leaves for user_id, leaves in wanted if leaves is not None}
