"""Saying that two adults live together, leaving a question alone, and being a home of one's own again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, insert_into
from portal.errors import N_, RuleViolation
from portal.notifications.services import recall
from portal.people import Person
from portal.school.homes import queries
from portal.school.homes.models import LeftHome, SharedHome
from portal.text import clock


def say_together(other_id: int, *, actor: Person, now: datetime) -> bool:
    """Say that one lives with another adult around one's child; returns whether both have said so by now.

    The first word asks the other, and the second one joins the two. Raises RuleViolation for somebody who is not such
    an adult, for one question too many within the hour, and for whoever lives under protection; where it is the other
    who does, or while access of either to a child is closed, nothing tells them apart from somebody who has not
    answered. A word from before somebody's tie to the child began anew is said anew.
    """
    today = clock.day_of(now)
    if queries.is_protected(actor.id, today=today):
        raise RuleViolation(N_("The portal joins you with nobody, so that you are safe. The office can tell you more."))
    if other_id not in {other.id for other in queries.list_other_adults(actor, today=today)}:
        raise RuleViolation(N_("Choose one of the adults around your child."))
    one_id, far_id = sorted((actor.id, other_id))
    is_first = insert_if_absent(SharedHome, one_id=one_id, other_id=far_id, asked_by_id=actor.id, asked_on=today)
    row = db.session.scalars(
        select(SharedHome)
        .where(SharedHome.one_id == one_id, SharedHome.other_id == far_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    # and so is what they asked before they were
    is_silent = queries.is_protected(other_id, today=today) or queries.is_parted((actor.id, other_id), today=today)
    if row.agreed_on is None and row.asked_by_id != actor.id and not is_silent:
        row.agreed_on, row.declined_on = today, None
        recall([ActKind.HOME_ASKED], row.id)
        acts.record(actor, ActKind.HOME_AGREED, row, now=now)
    elif (
        is_first
        or (row.agreed_on is None and row.asked_by_id != actor.id)
        or (row.agreed_on is not None and other_id not in queries.list_roof(actor.id, today=today))
    ):
        check_limit(actor, ActKind.HOME_ASKED, now=now)
        row.asked_by_id, row.asked_on, row.declined_on, row.agreed_on = actor.id, today, None, None
        acts.record(actor, ActKind.HOME_ASKED, row, now=now)
    return row.agreed_on is not None


def decline_question(other_id: int, *, actor: Person, now: datetime) -> None:
    """Put a question away: to whoever asked it looks as if nobody had answered."""
    for row in queries.list_words(actor.id):
        if row.asked_by_id == other_id and row.agreed_on is None:
            row.declined_on = clock.day_of(now)
            recall([ActKind.HOME_ASKED], row.id)


def end_home(*, actor: Person, now: datetime) -> None:
    """Be a home of one's own at once, whatever the other or the school's file says; nobody is told.

    What others have asked stays for the actor to answer.
    """
    for row in queries.list_words(actor.id):
        if row.asked_by_id == actor.id or row.agreed_on is not None:
            recall([ActKind.HOME_ASKED], row.id)
            db.session.execute(delete(SharedHome).where(SharedHome.id == row.id))
    home_id = db.session.scalar(select(User.home_id).where(User.id == actor.id))
    if home_id is not None:
        left = insert_into(LeftHome).values(user_id=actor.id, home_id=home_id)
        db.session.execute(left.on_conflict_do_update(index_elements=[LeftHome.user_id], set_={"home_id": home_id}))
    acts.record(actor, ActKind.HOME_ENDED, actor, now=now)
