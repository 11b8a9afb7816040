"""What a day's or a week's mail holds: everything that is new, child by child, what comes first in time first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.acts.notices import Headline, Notice
from portal.acts.topics import Topic
from portal.notifications.words import Named, topic_in_words
from portal.people import Person
from portal.web.language import gettext, listed


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a mail tells of, to somebody who may see it, and which classes and children it names to them."""

    notice: Notice
    subject: Any
    named: Named
    act_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing as a mail shows it."""

    headline: Headline
    subject: str
    paragraphs: list[str]
    button: str
    url: str

    @property
    def title(self) -> str:
        """What it is called, or what has happened where it has no name."""
        return self.headline.title or self.subject


@dataclass(frozen=True, slots=True)
class Group:
    """The lines about the same children, by name; or about a class or a topic, and then `children` is empty."""

    heading: str
    children: tuple[str, ...]
    lines: list[Line]


#: Children first, by the places of their classes and then by the children; then classes, then topics.
Place = tuple[int, tuple[int, ...], tuple[int, ...]]


def newest(items: Sequence[Item]) -> list[Item]:
    """The newest word about each thing, in the order in which it happened."""
    in_order = sorted(items, key=lambda item: item.act_id)
    return list({(item.notice.page, item.notice.shown(item.subject).id): item for item in in_order}.values())


def by_child(told: Sequence[tuple[Item, Line]], person: Person) -> list[Group]:
    """The lines under their children: those whose classes come first, then classes without a child, then the rest."""
    groups: dict[Place, Group] = {}
    for item, line in sorted(told, key=_in_time):
        place, heading, children = _place(item, person)
        groups.setdefault(place, Group(heading, children, [])).lines.append(line)
    return [groups[place] for place in sorted(groups)]


def _in_time(one: tuple[Item, Line]) -> tuple[bool, float, int]:
    """What has a time comes first, the soonest before the later; then the rest as it happened."""
    item, line = one
    starts_at: datetime | None = line.headline.starts_at
    return starts_at is None, starts_at.timestamp() if starts_at else 0.0, item.act_id


def _place(item: Item, person: Person) -> tuple[Place, str, tuple[str, ...]]:
    """Where in the mail something stands, what is written above it, and which children that names.

    What is for several of somebody's children at once stands once, after what is for the first of them alone.
    """
    classes, children = item.named.classes, item.named.children
    if not classes:
        topic = item.notice.topic
        return (2, (list(Topic).index(topic),), ()), topic_in_words(topic), ()
    in_order = list(person.event_classes)
    positions = tuple(in_order.index(ref.id) for ref in classes)
    words = item.named.in_words
    if not children:
        return (1, positions, ()), words["label"], ()
    place = (0, positions, tuple(child.pupil_id for child in children))
    return place, gettext("%(children)s, %(label)s", **words), tuple(child.name for child in children)


def news_about(groups: Sequence[Group]) -> str:
    """The subject of such a mail: which children it is about."""
    children = list(dict.fromkeys(name for group in groups for name in group.children))
    if not children:
        return gettext("News for you")
    return gettext("News about %(children)s", children=listed(children))
