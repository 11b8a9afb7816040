"""Every list of people and of classes, on every page, stands in Danish order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from portal.accounts.models import Role, User
from portal.accounts.sign_in import services as sign_in
from portal.council.meetings.models import MeetingState
from portal.database import db
from portal.school.models import ClassYear, GuardianshipKind, Pupil, TeamFunction
from portal.settings import ROOT
from portal.text import clock
from portal.text.collation import sort_key
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.pages import PAGES, PUBLIC, World
from tests.reading import Element, read

ClientOf = Callable[[User], IsolatedClient]

#: Names that a machine without Danish puts elsewhere, from the last to the first.
NAMES = ("Åse", "Aage", "Ørsted", "Ærlig", "Zoe", "Élise", "Elise", "Çağla")
#: What is no list of people or classes, though each part of it begins with one, and why.
BY_SOMETHING_ELSE = {"feed": "news stands by its day", "rows plain waits": "what is late stands first"}
PLAYDATES = ("playdates.list_playdates", "playdates.show_playdate")
#: Lists that are in order within each of so many groups, and why.
GROUPS = {
    ("school.access.edit_access", "words"): (2, "an adult and a child in one sentence"),
    **dict.fromkeys(
        [(page, "words") for page in ("home.show_class", "home.show_home", *PLAYDATES)],
        (2, "whose home asks to come and play: a child, and the adult"),
    ),
    ("playgroups.rounds.list_rounds", "words"): (2, "one's own child is named before the others of its group"),
    ("home.show_class", "rows plain"): (2, "class teachers stand first"),
    ("school.show_team", "rows plain"): (4, "each function for itself, class teachers first"),
    ("council.meetings.edit_attendance", "choices"): (2, "members stand before substitutes"),
    ("events.list_answers", "select"): (2, "those whose answer is missing stand first"),
}
#: Pages on which a list of people, or of classes, must have been seen.
PEOPLE = {
    "accounts.users.list_users",
    "council.edit_chair",
    "council.edit_facilitators",
    "council.edit_members",
    "council.list_councils",
    "council.meetings.edit_attendance",
    "council.show_council",
    "council.show_letters",
    "events.list_answers",
    "home.show_child",
    "home.show_class",
    "school.contacts.show_contacts",
    "school.edit_foster_parents",
    "school.edit_representatives",
    "school.new_team_member",
    "school.show_school",
    "school.show_team",
    "updates.show_reach",
}
CLASSES = {
    "agreements.list_agreements",
    "home.list_classes",
    "home.show_home",
    "parent_meetings.list_meetings",
    "school.show_school",
    "updates.cadence.show_cadence",
}
#: Those of the cast who see the most on a page.
READERS = ("office", "leader", "class_teacher", "guardian", "guardian_of_two", "facilitator", "council_member")


def make_others(cast: Cast) -> None:
    """Beside the cast: people called so in every place, and classes from 2.A to 10.A."""
    for label, grade in (("10.A", 10), ("9.Å", 9), ("2.A", 2), ("6.Ø", 6)):
        school_class = make.make_class(label, grade)
        make.put_in_team(cast.class_teacher, school_class)
        make.tie(cast.guardian, make.make_pupil(school_class, f"Barn {grade}"))
        make.make_update(school_class, cast.class_teacher)
        make.seat(cast.council, make.make_pupil(school_class, NAMES[grade % len(NAMES)], ""), school_class)
    for name in NAMES:
        pupil = make.make_pupil(cast.third, name, "Bæk")
        sign_in.make_link(make.make_guardian(pupil, name), actor=cast.people["office"], now=clock.now())
        make.tie(make.make_user(name, "Pleje"), pupil, GuardianshipKind.FOSTER)
        make.put_in_team(make.make_user(name, "Lærer"), cast.third)
        make.put_in_team(make.make_user(name, "Klasselærer"), cast.third, TeamFunction.CLASS_TEACHER)
        make.make_representative(make.make_guardian(cast.alma, name), cast.third)
        make.tie(make.make_user(name, "Hjælper"), cast.alma, GuardianshipKind.HELPER, invited_by=cast.guardian)
        helper = make.make_user(name, "Kontakt")
        make.put_in_team(helper, cast.sixth)
        make.make_facilitator(cast.council, helper)
        make.grant(make.make_user(name, "Ledelse"), Role.LEADERSHIP)
        make.seat(cast.council, make.make_pupil(cast.sixth, name), cast.sixth, is_substitute=name < "N")
        make.seat(make.make_council(f"Råd {name}", (3, 3)), make.make_pupil(cast.third, name), cast.third)


@pytest.fixture
def world(world: World) -> World:
    world.update.published_at = world.update.corrected_at = clock.now() - timedelta(days=9)
    make_others(world.cast)
    return world


Entry = tuple[str, ...]


class Names:
    """Everybody's names and every class's label, to be found at the beginning of words."""

    def __init__(self) -> None:
        people = [*db.session.scalars(select(User)), *db.session.scalars(select(Pupil))]
        self.labels = set(db.session.scalars(select(ClassYear.label)))
        known = {name for one in people for name in (one.name, one.first_name)} | self.labels
        longest_first = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        self.one = re.compile(rf"({longest_first})(?!\w)[\s·,–(]*")

    def begin(self, words: str) -> Entry:
        """Those that the words begin with, two at most: somebody, or somebody and their class."""
        found: list[str] = []
        while len(found) < 2 and (match := self.one.match(words)):
            found.append(match[1])
            words = words[match.end() :]
        return tuple(found)

    def are_classes(self, entries: list[Entry]) -> bool:
        return all(entry[0] in self.labels for entry in entries)

    def key(self, entries: list[Entry]) -> Callable[[Entry], tuple[str, ...]]:
        """By name; by class and name where a class stands behind everybody's."""
        if not self.are_classes(entries) and all(entry[-1] in self.labels for entry in entries):
            return lambda entry: (sort_key(entry[-1]), sort_key(entry[0]))
        return lambda entry: (sort_key(entry[0]),)


def lists_on(page: Element, names: Names) -> Iterator[tuple[str, list[Entry]]]:
    """Every list whose parts begin with people, or with classes: elements of one kind side by side, or words."""
    for element in page.walk():
        kinds: dict[tuple[str, str], list[Entry]] = {}
        for child in element.children:
            if entry := names.begin(child.text):
                kinds.setdefault((child.tag, child.attributes.get("class") or ""), []).append(entry)
        runs = [(element.attributes.get("class") or element.tag, entries) for entries in kinds.values()]
        for words in (part for part in element.parts if isinstance(part, str)):
            entries = [entry for piece in re.split(r",| og | and ", words) if (entry := names.begin(piece.strip()))]
            runs.append(("words", [entry[:1] for entry in entries]))
        for what, entries in runs:
            is_of_one_kind = len({entry[0] in names.labels for entry in entries}) == 1
            if len(entries) > 1 and is_of_one_kind and what not in BY_SOMETHING_ELSE:
                yield what, entries


def groups(entries: list[Entry], names: Names) -> int:
    """In how many pieces a list is, each in order: one when all of it is."""
    key = names.key(entries)
    return 1 + sum(key(one) > key(other) for one, other in pairwise(entries))


@pytest.mark.both
def test_every_list_of_people_and_of_classes_stands_in_danish_order(
    app: Flask, world: World, client_of: ClientOf, database: str
) -> None:
    world.meeting.state, world.meeting.held_on = MeetingState.IN_PROGRESS, clock.today()  # so that its lists are there
    names = Names()
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    wrong = []
    for page in (page for page in PAGES if page.is_html):
        with app.test_request_context():
            path = url_for(page.endpoint, **page.example(world))
        for reader in (name for name in READERS if page.readers == PUBLIC or name in page.readers):
            html = client_of(world.cast.users[reader]).get(path).text
            for what, entries in lists_on(read(html), names):
                seen[names.are_classes(entries)].add(page.endpoint)
                if groups(entries, names) > GROUPS.get((page.endpoint, what), (1,))[0]:
                    wrong.append(f"{page.endpoint}, {reader}, {what}: {entries}")
    assert not wrong, "\n".join(wrong)
    assert (PEOPLE - seen[False], CLASSES - seen[True]) == (set(), set()), "these lists were not seen"


@pytest.mark.check
def test_no_template_puts_names_in_an_order_of_its_own() -> None:
    """Jinja's `sort` and `groupby` sort by the signs: Å before Æ before Ø."""
    sorting = re.compile(r"\|\s*(sort|dictsort|groupby)\b")
    templates = (ROOT / "templates").rglob("*.html")
    assert [file.name for file in templates if sorting.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<ul><li>Ørsted Holm</li><li>Åse Holm</li></ul>", 1),
        ("<ul><li>Åse Holm</li><li>Ørsted Holm</li></ul>", 2),
        ("<ol><li><b>10.A</b> 3 børn</li><li><b>2.A</b></li></ol>", 2),
        ("<select><option>Vælg</option><option>Åse</option><option>Zoe</option></select>", 2),
        ("<p>Åse, Zoe og Élise</p>", 3),
        ("<ul><li>Zoe, 2.A</li><li>Aage, 10.A</li><li>Élise, 10.A</li></ul>", 2),
    ],
)
def test_a_list_out_of_order_would_be_seen(app: Flask, html: str, count: int) -> None:
    for label, grade in (("10.A", 10), ("2.A", 2)):
        make.make_class(label, grade)
    for name in NAMES:
        make.make_user(name)
    names = Names()
    assert [groups(entries, names) for _, entries in lists_on(read(html), names)] == [count]
