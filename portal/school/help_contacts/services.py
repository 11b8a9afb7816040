"""Keeping the page "Få hjælp" current."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.people import Person
from portal.school.help_contacts import queries
from portal.school.help_contacts.models import HelpContact, HelpKind
from portal.text import clock

ONE_ORDER = "a place in the list is one contact's"


def save_help_contact(
    contact: HelpContact | None,
    *,
    kind: HelpKind,
    title: str,
    detail: str,
    phone: str,
    url: str,
    actor: Person,
    now: datetime,
) -> HelpContact:
    """Add somebody to turn to, last of their kind, or change one; changed words have to be checked again."""
    wait_for_turn_at(ONE_ORDER)
    if contact is None or contact.kind != kind:
        last = max((other.position for other in queries.list_help_contacts() if other.kind == kind), default=0)
        contact = contact or HelpContact()
        contact.kind, contact.position = kind, last + 1
        db.session.add(contact)
    words = {"title": title, "detail": detail, "phone": phone, "url": url}
    if any(getattr(contact, name) != text for name, text in words.items()):
        contact.checked_on = None
    for name, text in words.items():
        setattr(contact, name, text)
    acts.record(actor, ActKind.HELP_CHANGED, contact, now=now)
    return contact


def delete_help_contact(contact: HelpContact, *, actor: Person, now: datetime) -> None:
    """Take somebody off the page "Få hjælp"."""
    acts.record(actor, ActKind.HELP_CHANGED, contact, now=now)
    db.session.delete(contact)


def move_help_contact(contact: HelpContact, *, is_up: bool, actor: Person, now: datetime) -> None:
    """Move somebody one place up or down among their kind; at the end of the list nothing happens.

    Raises Conflict when somebody has taken them off it.
    """
    wait_for_turn_at(ONE_ORDER)
    lock_row(contact)
    row = [other for other in queries.list_help_contacts() if other.kind == contact.kind]
    check_unchanged(contact in row, True)
    place = row.index(contact)
    row.insert(max(0, place + (-1 if is_up else 1)), row.pop(place))
    for position, other in enumerate(row, start=1):
        other.position = position
    acts.record(actor, ActKind.HELP_CHANGED, contact, now=now)


def confirm_help_contact(contact: HelpContact, *, actor: Person, now: datetime) -> None:
    """Note that name, number and link were tried today and hold."""
    contact.checked_on = clock.day_of(now)
    acts.record(actor, ActKind.HELP_CHANGED, contact, now=now)
