"""What somebody sees of those who look after an event, and of those who ask them something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
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


def shown_organisers(organisers: Iterable[Organiser], reader: Person) -> list[ShownOrganiser]:
    """The organisers as this reader sees them, a phone number beside a name alone."""
    return [
        ShownOrganiser(one.name, one.phone)
        if _reads_name_of(reader, one, one.named_in)
        else ShownOrganiser(gettext("a parent"), "")
        for one in organisers
    ]


def names_for(reader: Person, class_ids: Iterable[int], *, today: date) -> Callable[[Any], str]:
    """How this reader sees somebody (`user_id`, `name`, `is_staff`) who belongs to these classes: by name, or ""."""
    read = [class_id for class_id in class_ids if _reads_list(reader, class_id)]
    named_in = {class_id: {user_id for user_id, *_ in list_named(class_id, today=today)} for class_id in read}

    def name_of(one: Any) -> str:
        lists = [class_id for class_id, named in named_in.items() if one.user_id in named]
        return one.name if _reads_name_of(reader, one, lists) else ""

    return name_of


def _reads_list(reader: Person, class_id: int) -> bool:
    return can(reader, Action.CONTACTS_VIEW, ClassRef(class_id, "", 1))


def _reads_name_of(reader: Person, one: Any, named_in: Iterable[int]) -> bool:
    """Whether this reader sees by name somebody whom the lists of these classes name.

    They do where they read one of those lists, and leadership and AKT everywhere. So to helpers, pupils and the homes
    of other classes nobody at home has a name (domain 3.1), and neither has, to anybody of the class, a helper, a
    foster parent or who lives under protection. Whoever is there for their work is named.
    """
    return (
        one.is_staff
        or one.user_id == reader.id
        or can(reader, Action.EVENT_CREATE_SCHOOL)
        or any(_reads_list(reader, class_id) for class_id in named_in)
    )
