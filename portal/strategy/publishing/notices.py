"""What a new edition means to others: everybody is told that the strategy has changed."""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.strategy.models import Edition
from portal.strategy.publishing import queries


def _holds(edition: Edition, now: datetime) -> bool:
    return edition.is_current


NOTICES = (
    Notice(
        ActKind.STRATEGY_APPROVED,
        Topic.STRATEGY,
        find=queries.get_edition,
        recipients=queries.list_everybody,
        needs=Action.EDITION_VIEW,
        within=(Action.PORTAL_USE,),
        page="strategy.show_strategy",
        page_argument="",
        is_news=_holds,
    ),
)
