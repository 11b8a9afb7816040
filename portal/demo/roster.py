"""The demo school's register: the four files of docs/import.md, made up from a seed and always the same for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random

from portal.accounts.user_names import plain
from portal.demo.names import DANISH, OTHERS, Names
from portal.text import clock
from portal.text.csvfile import write_table

#: Whom the demo's sign-in page offers: what they are, and their id in the register.
PERSONAS = {
    "guardian": "demo-mette",
    "guardian_of_two": "demo-jonas",
    "other_home": "demo-sofie",
    "class_teacher": "demo-class-teacher",
    "pedagogue": "demo-pedagogue",
    "former_substitute": "demo-substitute",
    "facilitator": "demo-facilitator",
    "akt": "demo-akt",
    "leader": "demo-leader",
    "office": "demo-office",
}
#: Their children: Mette's Alma in 3.A, and Otto (0.A) and Ella (6.A) of Jonas and Sofie, who live apart.
CHILDREN = {"alma": "demo-alma", "otto": "demo-otto", "ella": "demo-ella"}

SMALLEST_CLASS, USUAL_CLASS, LARGEST_CLASS = 19, 24, 25
#: Which grades get a class first: the three of the small demo, and then the rest.
GRADES = (0, 3, 6, 1, 5, 8, 2, 4, 7, 9)
TWO_HOMES, ONE_PARENT = 0.25, 0.05
SIBLINGS = (1, 1, 1, 1, 2, 2, 2, 3)
TWINS_PER_PUPILS = 100
OLDEST_WITH_PEDAGOGUE = 3


@dataclass
class _Class:
    id: str
    label: str
    grade: int
    seats: int


@dataclass(frozen=True)
class _Adult:
    id: str
    first_name: str
    last_name: str
    email: str
    language: str = ""
    protection: str = ""
    alias: str = ""


@dataclass
class _Register:
    """The rows of the four files as they come together."""

    random: Random
    today: date
    classes: list[_Class]
    pupils: list[tuple[str, ...]] = field(default_factory=list)
    guardians: list[tuple[str, ...]] = field(default_factory=list)
    staff: list[tuple[str, ...]] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    in_two_homes: int = 0
    with_one_parent: int = 0

    @property
    def year_began(self) -> str:
        return clock.first_day(clock.school_year(self.today)).isoformat()


def demo_files(pupils: int, *, today: date, seed: int = 1) -> dict[str, bytes]:
    """The four files of a made-up school with so many pupils; the same for the same day and seed.

    60 pupils are the three classes 0.A, 3.A and 6.A; 600 are 25 classes. Of the children a quarter have two homes, some
    one parent, one a foster home; there are siblings, twins, a child with a protected name and a parent with a protected
    address. `PERSONAS` and `CHILDREN` are always there. Raises ValueError when no classes of 19 to 25 come out even.
    """
    random = Random(f"{seed} {pupils}")  # noqa: S311 - made-up names, not a secret
    register = _Register(random, today, _classes(pupils, today, random))
    _add_personas_children(register)
    _add_special_families(register, twins=max(1, pupils // TWINS_PER_PUPILS))
    while any(school_class.seats for school_class in register.classes):
        _add_family(register)
    _add_staff(register)
    return _files(register)


def _classes(pupils: int, today: date, random: Random) -> list[_Class]:
    counts = range(ceil(pupils / LARGEST_CLASS), pupils // SMALLEST_CLASS + 1)
    count = min(counts, key=lambda n: abs(pupils / n - USUAL_CLASS), default=0)
    if count < len(CHILDREN):
        raise ValueError(f"{pupils} pupils do not make three or more classes of {SMALLEST_CLASS} to {LARGEST_CLASS}")
    sizes = _sizes(pupils, count, random)
    grades = sorted(GRADES[place % len(GRADES)] for place in range(count))
    year = clock.school_year(today)
    made = []
    for place, grade in enumerate(grades):
        track = "ABCDEFGHIJ"[place - grades.index(grade)]
        made.append(_Class(f"{year - grade}{track}", f"{grade}.{track}", grade, sizes[place]))
    return made


def _sizes(pupils: int, count: int, random: Random) -> list[int]:
    """Class sizes that differ as they do in life and add up."""
    sizes = [pupils // count + (place < pupils % count) for place in range(count)]
    for _ in range(count * 2):
        giver, taker = random.randrange(count), random.randrange(count)
        if giver != taker and sizes[giver] > SMALLEST_CLASS and sizes[taker] < LARGEST_CLASS:
            sizes[giver] -= 1
            sizes[taker] += 1
    return sizes
