"""How often one person may do within an hour what fills everybody's lists: a table, and the question to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Person

WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many acts of these kinds, counted together, and what is said to whoever wants to do one more."""

    kinds: tuple[ActKind, ...]
    most: int
    words: str


LIMITS = (
    Limit(
        (ActKind.EVENT_CREATED,),
        10,
        N_("You have invited to %(most)s events within the hour, and the whole class is told of each. Wait a while."),
    ),
    Limit(
        (ActKind.EVENT_PREPARED,),
        20,
        N_("You have begun %(most)s events within the hour. Send or delete some of them, and go on in a while."),
    ),
    Limit(
        (ActKind.PLAYGROUPS_PLANNED,),
        20,
        N_("You have had %(most)s plans made within the hour. Take the one that is best, or go on in a while."),
    ),
    Limit(
        (
            ActKind.EVENT_MOVED,
            ActKind.EVENT_TERMS_CHANGED,
            ActKind.PLAYDATE_CHANGED,
            ActKind.PLAYGROUP_ARRANGED,
        ),
        10,
        N_("You have changed something %(most)s times within the hour, and others are told each time. Wait a while."),
    ),
    Limit(
        (ActKind.PLAYDATE_OFFERED,),
        6,
        N_("You have made %(most)s offers within the hour, and the whole class is told of each. Wait a while."),
    ),
    Limit(
        (ActKind.ORGANISER_INVITED, ActKind.EVENT_QUESTION_ASKED),
        10,
        N_("You have asked others %(most)s times within the hour. Give them some time to answer."),
    ),
    Limit(
        (ActKind.PARENT_AGREEMENTS_WRITTEN,),
        6,
        N_("You have changed the text %(most)s times within the hour, and the homes are told each time. Wait a while."),
    ),
    Limit(
        (ActKind.HELPER_INVITED,),
        12,
        N_("You have let %(most)s people help within the hour. Wait a while, and go on then."),
    ),
    Limit(
        (ActKind.HOME_ASKED,),
        6,
        N_("You have asked %(most)s times within the hour. Give the other one some time to answer."),
    ),
    Limit(
        (ActKind.COMMENT_WRITTEN, ActKind.CLASS_INPUT_WRITTEN),
        30,
        N_("You have written %(most)s times within the hour. Give the others time to answer, and write again soon."),
    ),
    Limit(
        (ActKind.AMENDMENT_SUBMITTED,),
        10,
        N_("You have sent %(most)s suggestions to the council within the hour. Talk about them before you send more."),
    ),
    Limit(
        (ActKind.COMMENT_REPORTED,),
        10,
        N_("You have reported %(most)s comments within the hour. Talk to your contact teacher about the rest."),
    ),
)
_LIMIT_OF = {kind: limit for limit in LIMITS for kind in limit.kinds}


def check_limit(actor: Person, kind: ActKind, *, now: datetime, is_at_work: bool = False) -> None:
    """Hold back whoever has done this too often within the hour; those who do it at work are not counted.

    It comes after the row that is changed is locked and before the act is recorded: the same person's others wait
    until the transaction ends, so that many at once cannot pass it. Raises RuleViolation.
    """
    limit = _LIMIT_OF.get(kind)
    if limit is None or is_at_work:
        return
    wait_for_turn_at(f"acts of {actor.id} within the hour")
    within = (Act.actor_id == actor.id, Act.kind.in_(limit.kinds), Act.at > now - WITHIN)
    if (db.session.scalar(select(func.count()).where(*within)) or 0) >= limit.most:
        raise RuleViolation(limit.words, most=limit.most)
