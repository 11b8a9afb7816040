"""What somebody sees of those who look after an event, and of those who ask them something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from portal.events.organisers.queries import Organiser
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.school.contacts.queries import list_named
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class ShownOrganiser:
    """An organiser as one reader sees them; `phone` is "" where they show none, or are not named."""

    name: str
    phone: str


def shown_organisers(organisers: Iterable[Organiser], reader: Person, *, today: date) -> list[ShownOrganiser]:
    """The organisers as this reader sees them, a phone number beside a name alone."""
    found = list(organisers)
    of_homes = {class_id for one in found if not one.is_staff for class_id in one.class_ids}
    name_of = names_for(reader, of_homes, today=today)
    return [
        ShownOrganiser(name, one.phone) if (name := name_of(one)) else ShownOrganiser(gettext("a parent"), "")
        for one in found
    ]


def names_for(reader: Person, class_ids: Iterable[int], *, today: date) -> Callable[[Any], str]:
    """How this reader sees somebody (`user_id`, `name`, `is_staff`) who belongs to these classes: by name, or "".

    Named are those whom a class list names that the reader reads too, and to leadership and AKT everybody. So to
    helpers, pupils and the homes of other classes nobody at home has a name (domain 3.1), and neither has, to anybody
    of the class, a helper, a foster parent or who lives under protection. Whoever is there for their work is named.
    """
    if can(reader, Action.EVENT_CREATE_SCHOOL):
        return attrgetter("name")
    read = [class_id for class_id in class_ids if can(reader, Action.CONTACTS_VIEW, ClassRef(class_id, "", 1))]
    known = {reader.id} | {user_id for class_id in read for user_id, _ in list_named(class_id, today=today)}
    return lambda one: one.name if one.is_staff or one.user_id in known else ""
