"""Choosing what a class may see of oneself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school.contacts import queries
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.models import SchoolClass
from portal.text import clock


def choose_contacts(
    school_class: SchoolClass, shown: Collection[str], *, phone: str, actor: Person, now: datetime
) -> None:
    """Let the class see these of one's own, "phone" and "email", and nothing else; none of them takes all away at once.

    The number is kept while some class may see it. Raises RuleViolation for whoever lives under protection, also when
    that came after the page was opened, and for something to show that there is none of.
    """
    today = clock.day_of(now)
    wait_for_turn_at(f"one number, kept while a class sees it: {actor.id}")
    own = queries.get_own_choice(actor.id, school_class.id, today=today)
    if own.is_protected and shown:
        raise RuleViolation(
            N_("The portal shows nothing about you here, so that you are safe. The office can tell you more.")
        )
    if "phone" in shown and not phone:
        raise RuleViolation(N_("Write the number that the others may see, or take the tick away."))
    if "email" in shown and not own.email:
        raise RuleViolation(N_("Your account has no e-mail address. The office can add it."))
    key = {"user_id": actor.id, "class_id": school_class.id}
    if shown:
        what = {"shows_phone": "phone" in shown, "shows_email": "email" in shown, "chosen_on": today}
        insert_if_absent(ContactChoice, **key, **what)
        db.session.execute(update(ContactChoice).filter_by(**key).values(**what))
    else:
        db.session.execute(delete(ContactChoice).filter_by(**key))
    _keep_number(actor.id, phone if "phone" in shown else "")
    acts.note(actor, ActKind.CONTACTS_CHOSEN, school_class, now=now, detail=" ".join(sorted(shown)))


def _keep_number(user_id: int, number: str) -> None:
    """One number for each person, the last they wrote; gone when no class may see it any more."""
    if number:
        insert_if_absent(GuardianPhone, user_id=user_id, number=number)
        db.session.execute(update(GuardianPhone).filter_by(user_id=user_id).values(number=number))
    elif not queries.shows_phone_anywhere(user_id):
        db.session.execute(delete(GuardianPhone).filter_by(user_id=user_id))
