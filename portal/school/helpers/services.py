"""Inviting somebody to help with a child, or with one more, ending it, and asking the office about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.accounts import services as accounts
from portal.accounts.queries import get_user
from portal.accounts.sign_in import services as sign_in
from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school import queries as school
from portal.school.helpers import queries
from portal.school.models import Guardianship, GuardianshipKind, Pupil
from portal.school.services import wait_for_turn
from portal.text import clock

MOST_HELPERS = 6
#: How long the office has to answer before it can be asked about the same child again.
ASK_AGAIN_AFTER = timedelta(days=14)


def invite_helper(
    pupil: Pupil, first_name: str, last_name: str, email: str, *, actor: Person, now: datetime
) -> Guardianship:
    """Let a bonus or grand parent see and answer a child's events: a new account with its invitation.

    Raises RuleViolation when the custody holder has invited as many as a child may have, or too many within the hour;
    the other home's helpers are not counted, since the answer would tell about them.
    """
    _make_room_for_helper(pupil, actor, now)
    user = accounts.open_account(first_name, last_name, email, actor=actor, now=now, by_guardian=True)
    helper = _tie_helper(user.id, pupil, actor, now)
    sign_in.make_link(user, actor=actor, now=now)
    return helper


def share_helper(pupil: Pupil, user_id: int, *, actor: Person, now: datetime) -> Guardianship:
    """Let somebody who helps the actor with another child help with this one too: the same account, no new letter.

    Raises RuleViolation when there is no room for one more, and for anybody who is not among the actor's own helpers.
    """
    today = clock.day_of(now)
    _make_room_for_helper(pupil, actor, now)
    user = get_user(user_id)
    if user is not None:
        lock_row(user)  # nobody ends their last tie meanwhile, and closes the account with it
    if user_id not in {user.id for user in queries.list_own_helpers(actor.id, pupil.id, today=today)}:
        raise RuleViolation(N_("Choose one of those who help you now, or somebody new."))
    for over in school.list_open_ties(user_id, pupil.id, today=today):  # it lost its source, and nobody ended it
        accounts.end_at_once(over, today=today)
    db.session.flush()
    return _tie_helper(user_id, pupil, actor, now)


def _make_room_for_helper(pupil: Pupil, actor: Person, now: datetime) -> None:
    wait_for_turn(pupil)
    if queries.count_helpers(pupil.id, actor.id, today=clock.day_of(now)) >= MOST_HELPERS:
        raise RuleViolation(
            N_("%(name)s has %(most)s helpers. End one of them before you invite another."),
            name=pupil.short_name,
            most=MOST_HELPERS,
        )
    check_limit(actor, ActKind.HELPER_INVITED, now=now)


def _tie_helper(user_id: int, pupil: Pupil, actor: Person, now: datetime) -> Guardianship:
    helper = Guardianship(
        guardian_id=user_id,
        pupil_id=pupil.id,
        kind=GuardianshipKind.HELPER,
        starts_on=clock.day_of(now),
        invited_by_id=actor.id,
    )
    db.session.add(helper)
    db.session.flush()  # it knows its account from here on
    acts.record(actor, ActKind.HELPER_INVITED, helper, now=now, about=helper.guardian)
    return helper


def report_helper(pupil: Pupil, *, actor: Person, now: datetime) -> None:
    """Ask the office to look at a helper whom somebody else with custody has invited; it is told at once.

    Raises RuleViolation when there is none, or when the same person has asked within the last days.
    """
    today = clock.day_of(now)
    wait_for_turn(pupil)
    if not queries.is_helped_by_others(pupil.id, actor.id, today=today):
        raise RuleViolation(N_("Nobody else has let somebody help just now."))
    asked = queries.last_report(pupil.id, by=actor.id)
    if asked is not None and now - asked[0] < ASK_AGAIN_AFTER:
        raise RuleViolation(N_("You have asked the office already. Call them if it cannot wait."))
    acts.record(actor, ActKind.HELPER_REPORTED, pupil, now=now)


def end_helper(helper: Guardianship, *, actor: Person, now: datetime) -> None:
    """End a helper at once; an account that has nothing else at the school is closed, and its sessions end.

    Raises RuleViolation when somebody has ended it already.
    """
    today = clock.day_of(now)
    user = helper.guardian
    lock_row(user)
    acts.record(actor, ActKind.HELPER_ENDED, helper, now=now, about=user)
    accounts.end_at_once(helper, today=today)
    if school.has_a_place(user.id, today=today):
        sign_in.end_secrets([user.id], now=now)
    elif user.is_active:
        accounts.close_account(user, actor=actor, now=now)
