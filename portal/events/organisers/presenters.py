"""What somebody sees of those who look after an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.events.organisers.queries import Organiser
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class ShownOrganiser:
    """An organiser as one reader sees them; `phone` is "" where they show none, or are not named."""

    name: str
    phone: str


def shown_organisers(organisers: Iterable[Organiser], reader: Person) -> list[ShownOrganiser]:
    """The organisers, each by name to those who read a class list in which they stand, and who look after the school.

    To helpers, pupils and the homes of other classes somebody at home is "a parent" (domain 3.1); whoever organises as
    a part of their work has a name for everybody.
    """
    return [
        ShownOrganiser(organiser.name, organiser.phone)
        if _is_named(organiser, reader)
        else ShownOrganiser(gettext("a parent"), "")
        for organiser in organisers
    ]


def _is_named(organiser: Organiser, reader: Person) -> bool:
    if organiser.is_staff or organiser.user_id == reader.id or can(reader, Action.EVENT_CREATE_SCHOOL):
        return True
    return any(can(reader, Action.CONTACTS_VIEW, ClassRef(class_id, "", 1)) for class_id in organiser.class_ids)
