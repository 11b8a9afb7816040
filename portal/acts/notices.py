"""What an act means to others: each feature lists its kinds in its own `notices.py`, `create_app` collects them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.acts.models import ActKind
from portal.people import Person
from portal.policy import Action


def own_class(subject: Any, person: Person) -> int | None:
    """The class a thing belongs to, whoever is told of it; None for what belongs to no class."""
    return getattr(subject, "class_id", None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told of one kind of act, where they can read it, and in which words.

    `recipients(subject, today)` and the right `needs` are asked again when the mail is sent (design 3.8). The page is
    an endpoint whose one argument is the subject's id. Beside the HTML `template` stand its `.txt`, and its
    `.subject.txt`, which is the line of the list in the portal as well. `class_of(subject, person)` is the class that
    is named to this person.
    """

    kind: ActKind
    find: Callable[[int], Any]
    recipients: Callable[[Any, date], Collection[int]]
    needs: Action
    page: str
    page_argument: str
    template: str
    class_of: Callable[[Any, Person], int | None] = own_class

    @property
    def subject_template(self) -> str:
        """The template of the subject line."""
        return self.template.removesuffix("html") + "subject.txt"

    @property
    def text_template(self) -> str:
        """The template of the mail for those who read plain text."""
        return self.template.removesuffix("html") + "txt"


Notices = dict[ActKind, Notice]


def collect(*features: Iterable[Notice]) -> Notices:
    """Every feature's notices by the kind of act; raises ValueError when two speak of the same kind."""
    found: Notices = {}
    for notice in (notice for notices in features for notice in notices):
        if notice.kind in found:
            raise ValueError(f"two notices speak of {notice.kind}")
        found[notice.kind] = notice
    return found
