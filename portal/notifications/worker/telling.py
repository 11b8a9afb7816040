"""Acts become deliveries here: who is told of each, in the portal and by mail."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.acts.notices import Notice, Notices
from portal.database.transactions import AWAY, changing, reading_only, why_away
from portal.notifications import queries, services
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
    with_mail: set[int] = set()
    page_id: int | None = None
    if notice is not None:
        with reading_only():
            subject = queries.get_news(notice, act.subject_id, now=now)
            everybody = queries.list_told(notice, subject, today=today) if subject is not None else []
            told = {one.id: notice.class_of(subject, one) for one in everybody if one.id != act.actor_id}
            page_id = notice.shown(subject).id if subject is not None else None
            if sends_mail:
                with_mail = set(queries.list_addresses(told, today=today, is_proved=notice.mailed_path is None))
    with changing():
        if services.take_waiting(act.id):
            listed = told if notice is None or notice.mailed_path is None else ()
            services.keep_deliveries(act.id, told, listed=listed, with_mail=with_mail, now=now, page_id=page_id)
