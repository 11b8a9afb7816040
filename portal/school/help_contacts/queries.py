"""Finding those whom a child or parent can turn to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    select,
)

from portal.database.prepared import AnySelect, by_id, prepared
from portal.school.help_contacts.models import HelpContact, HelpKind


def get_help_contact(contact_id: int) -> HelpContact | None:
    """One of those whom a child or parent can turn to."""
    return by_id(HelpContact, contact_id)


def list_help_contacts() -> Sequence[HelpContact]:
    """Everybody whom a child or parent can turn to: those at the school first, each kind in its own order."""
    found: Sequence[HelpContact] = _in_order.entities()
    return sorted(found, key=lambda contact: contact.kind != HelpKind.SCHOOL)


@prepared
def _in_order() -> AnySelect:
    return select(HelpContact).order_by(HelpContact.position, HelpContact.id)


def list_at_school() -> Sequence[Any]:
    """Those at the school, as a page names them that only leads on: what they are called, and what for."""
    return _at_school.rows()


@prepared
def _at_school() -> AnySelect:
    at_school = select(HelpContact.title, HelpContact.detail).where(HelpContact.kind == HelpKind.SCHOOL)
    return at_school.order_by(HelpContact.position, HelpContact.id)
