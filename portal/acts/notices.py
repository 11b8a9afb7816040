"""What an act means to others: each feature lists its kinds in its own `notices.py`, `create_app` collects them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.acts.models import ActKind
from portal.acts.topics import Topic
from portal.errors import N_
from portal.people import Child, Person
from portal.policy import Action, can


def own_class(subject: Any, person: Person) -> int | None:
    """The class a thing belongs to, whoever is told of it; None for what belongs to no class."""
    return getattr(subject, "class_id", None)


def own_council(subject: Any) -> int | None:
    """The council a thing belongs to; None for what belongs to none."""
    return getattr(subject, "council_id", None)


def itself(subject: Any) -> Any:
    """What most notices lead to: the very thing the act is about."""
    return subject


def children_of_line(subject: Any, person: Person) -> Collection[Child]:
    """Of what is about a class and no child more than another: a mail names whoever is in the line's class."""
    return ()


def always(subject: Any, now: datetime) -> bool:
    """What is news at any time."""
    return True


def no_titles(ids: Collection[int], reader: Person) -> Mapping[int, str]:
    """Of what has no title, or none that a list may show."""
    return {}


@dataclass(frozen=True, slots=True)
class Headline:
    """What a mail may say of a thing besides that there is news: what it is called, and when it is.

    `when` is `starts_at` in words, in the reader's language.
    """

    title: str = ""
    when: str = ""
    starts_at: datetime | None = None


def no_headline(shown: Any) -> Headline:
    """Of what a mail says no more than that it is there."""
    return Headline()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of somebody's list belongs: the class or the council that its page is looked for in, 0 for none."""

    class_id: int
    council_id: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told of one kind of act, where they can read it, and in which words. Its topic says when mail comes.

    `recipients(subject, today)`, the right `needs` and `is_news(subject, now)` are asked again when the mail is sent
    (domain 3.8). `shown(subject)` is the thing that is read and that the right is asked of: the page is an endpoint
    whose one argument is its id, or without an argument when `page_argument` is empty. `class_of(subject, person)` is
    the class that is named to this person, and `children_of` the children that a mail names with their classes, where
    those are not all of theirs in that one class. `titles(ids, reader)` says what those of the things that the reader
    may see are called, for the list in the portal; `headline(shown)` what a mail says of the one thing, once the right
    to see it has been asked. `button` is what its link says.

    `within` are the rights of which a reader needs one in the line's class or council whenever it is listed or counted:
    a line whose page would answer 404 is neither. They are asked of the place alone, without reading the thing. Of
    what belongs to no class and no council nothing more is asked than to be here.

    What was told of the kinds in `replaces` about the same thing leaves the lists when this is told: the newest word
    alone is new.

    With `is_personal` the thing is whom the act was done to: it tells a person what somebody did with their account,
    and `find` gets that account's id. With `mailed_path(page_id)` it is told by mail alone, to an address that is not
    proved yet: the path is a secret that only the mailbox may learn.
    """

    kind: ActKind
    topic: Topic
    find: Callable[[int], Any]
    recipients: Callable[[Any, date], Collection[int]]
    needs: Action
    within: tuple[Action, ...]
    page: str
    page_argument: str
    class_of: Callable[[Any, Person], int | None] = own_class
    children_of: Callable[[Any, Person], Collection[Child]] = children_of_line
    shown: Callable[[Any], Any] = itself
    is_news: Callable[[Any, datetime], bool] = always
    titles: Callable[[Collection[int], Person], Mapping[int, str]] = no_titles
    headline: Callable[[Any], Headline] = no_headline
    button: str = N_("Read it in the portal")
    mailed_path: Callable[[int], str] | None = None
    is_personal: bool = False
    replaces: tuple[ActKind, ...] = ()

    def subject_id(self, act: Any) -> int:
        """The id of the thing that a row of an act is about."""
        found: int = act.about_id if self.is_personal else act.subject_id
        return found

    def address(self, page_id: int) -> dict[str, int]:
        """The arguments of the page that shows the thing with this id."""
        return {self.page_argument: page_id} if self.page_argument else {}

    def leads_on(self, reader: Person, class_id: int | None, council_id: int | None) -> bool:
        """Whether the reader still has the right that a line in this class or council leads to."""
        place = Place(class_id or 0, council_id or 0)
        return any(can(reader, action, place) for action in self.within)

    @property
    def template(self) -> str:
        """What is said of it: the line of the portal's list, which is a mail's subject too, then the mail's text."""
        return f"mail/{self.kind}.txt"


Notices = dict[ActKind, Notice]


def collect(*features: Iterable[Notice]) -> Notices:
    """Every feature's notices by the kind of act; raises ValueError when two speak of the same kind."""
    found: Notices = {}
    for notice in (notice for notices in features for notice in notices):
        if notice.kind in found:
            raise ValueError(f"two notices speak of {notice.kind}")
        found[notice.kind] = notice
    return found
