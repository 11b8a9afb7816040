"""The demo school's register: the four files of docs/import.md, made up from a seed and always the same for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from random import Random
from string import ascii_uppercase

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
#: What every id of the demo's register begins with.
MADE_UP = "demo-"
CHILDREN = {"alma": "demo-alma", "otto": "demo-otto", "ella": "demo-ella"}

SMALLEST_CLASS, USUAL_CLASS, LARGEST_CLASS = 19, 24, 25
#: More would not fit into the import's files.
LARGEST_SCHOOL = 9_000
#: Which grades get a class first: the three of the small demo, and then the rest.
GRADES = (0, 3, 6, 1, 5, 8, 2, 4, 7, 9)
TWO_HOMES, ONE_PARENT, WITHOUT_EMAIL, READS_ENGLISH = 0.25, 0.05, 0.03, 0.2
#: How many families in a hundred have one, two and three children at the school.
SIBLINGS = (75, 20, 5)
PUPILS_PER_TWINS = 100
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
    home_id: str = ""


def demo_files(pupils: int, *, today: date, seed: int = 1) -> dict[str, bytes]:
    """The four files of a made-up school with so many pupils; always the same for the same day and seed.

    60 pupils are the classes 0.A, 3.A and 6.A; 600 are 25 classes. A quarter of the children have two homes (parents
    of two last names), some have one parent, one is in a foster home; there are siblings, twins, a child with a
    protected name and an adult with a protected address. `PERSONAS` and `CHILDREN` are always there, and every id
    begins with "demo-".
    Raises ValueError when so many pupils do not make at least three classes of 19 to 25, or are too many for the files.
    """
    school = _School(pupils, today, Random(f"{seed} {pupils}"))  # noqa: S311 - made-up names are no secret
    return school.files()


class _School:
    """The rows of the four files as they come together."""

    def __init__(self, pupils: int, today: date, random: Random) -> None:
        self.random = random
        self.today = today
        self.classes = _classes(pupils, random)
        self.pupils: list[tuple[str, ...]] = []
        self.guardians: list[tuple[str, ...]] = []
        self.staff: list[tuple[str, ...]] = []
        self.emails: set[str] = set()
        self.in_two_homes = self.with_one_parent = self.adult_count = self.colleague_count = self.home_count = 0
        self._add_known_families()
        for _ in range(max(1, pupils // PUPILS_PER_TWINS)):
            self._add_twins()
        self._add_foster_home()
        self.teaching_parent = self._add_teaching_parent()
        self._add_protected_family()
        while any(school_class.seats for school_class in self.classes):
            self._add_family()
        self._add_known_staff()
        self._add_teams()

    def files(self) -> dict[str, bytes]:
        """The files as the office's register would write them."""
        classes: list[tuple[str, ...]] = [(c.id, c.label, str(c.grade)) for c in self.classes]
        tables: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
            "classes.csv": (("class_id", "label", "grade"), classes),
            "pupils.csv": (
                ("pupil_id", "first_name", "last_name", "class_id", "starts_on", "protection", "alias"),
                self.pupils,
            ),
            "guardians.csv": (
                (
                    "guardian_id",
                    "pupil_id",
                    "kind",
                    "first_name",
                    "last_name",
                    "email",
                    "language",
                    "protection",
                    "home_id",
                ),
                self.guardians,
            ),
            "staff.csv": (
                (
                    "staff_id",
                    "first_name",
                    "last_name",
                    "email",
                    "class_id",
                    "function",
                    "starts_on",
                    "ends_on",
                    "roles",
                ),
                self.staff,
            ),
        }
        return {name: write_table(rows, header).encode("utf-8-sig") for name, (header, rows) in tables.items()}

    @property
    def _first_day(self) -> str:
        return clock.first_day(clock.school_year(self.today)).isoformat()

    def _add_known_families(self) -> None:
        zero, third, sixth = (self._class(label) for label in ("0.A", "3.A", "6.A"))
        mette = self._known_adult("guardian", "Mette", "Holm")
        alma = self._add_pupil("Alma", "Holm", third, CHILDREN["alma"])
        self._tie(self._under_one_roof(mette, self._adult(DANISH.men, "Holm")), alma)
        jonas = self._known_adult("guardian_of_two", "Jonas", "Juul")
        sofie = self._known_adult("other_home", "Sofie", "Lund")
        self._tie([jonas, sofie], self._add_pupil("Otto", "Juul", zero, CHILDREN["otto"]))
        self._tie([jonas, sofie], self._add_pupil("Ella", "Juul", sixth, CHILDREN["ella"]))
        self.in_two_homes += 2

    def _add_twins(self) -> None:
        names, school_class = self._origin(), self._roomy_class()
        surname = self.random.choice(names.surnames)
        parents = self._under_one_roof(self._adult(names.women, surname), self._adult(names.men, surname))
        for first_name in self.random.sample(self.random.choice((names.girls, names.boys)), 2):
            self._tie(parents, self._add_pupil(first_name, surname, school_class))

    def _add_foster_home(self) -> None:
        child = self._add_child(DANISH, self.random.choice(DANISH.surnames), self._roomy_class())
        surname = self.random.choice(DANISH.surnames)
        foster_parents = self._under_one_roof(self._adult(DANISH.women, surname), self._adult(DANISH.men, surname))
        self._tie(foster_parents, child, "foster")

    def _add_teaching_parent(self) -> _Adult:
        """A class teacher of 6.A with a child in 0.A: one person in the register, one account."""
        parent = self._colleague()
        self._tie([parent], self._add_child(DANISH, parent.last_name, self._class("0.A")))
        self.with_one_parent += 1
        return parent

    def _add_protected_family(self) -> None:
        """A mother and child who live where nobody may know; others know the child by an alias."""
        mother = self._adult(DANISH.women, self.random.choice(DANISH.surnames), protection="address")
        third = self._class("3.A")
        child = self._add_pupil(
            self.random.choice(DANISH.girls), mother.last_name, third, protection="name", alias="Mille"
        )
        self._tie([mother], child)
        self.with_one_parent += 1

    def _add_family(self) -> None:
        names = self._origin()
        surname, other = self.random.sample(names.surnames, 2)
        one_parent = self.with_one_parent < ONE_PARENT * len(self.pupils)
        two_homes = not one_parent and self.in_two_homes < TWO_HOMES * len(self.pupils)
        if one_parent:
            parents = [self._adult(self.random.choice((names.women, names.women, names.men)), surname)]
        else:
            parents = [self._adult(names.women, surname), self._adult(names.men, other if two_homes else surname)]
            parents = parents if two_homes else self._under_one_roof(*parents)
        children = self.random.choices((1, 2, 3), SIBLINGS)[0]
        for school_class in self._classes_for_siblings(children):
            self._tie(parents, self._add_child(names, surname, school_class))
            self.in_two_homes += two_homes
            self.with_one_parent += one_parent

    def _classes_for_siblings(self, count: int) -> list[_Class]:
        """Classes of different grades with room, the emptiest first, so that all fill up together."""
        found: dict[int, _Class] = {}
        for school_class in sorted(self.classes, key=lambda c: (-c.seats, self.random.random())):
            if school_class.seats:
                found.setdefault(school_class.grade, school_class)
        return list(found.values())[:count]

    def _roomy_class(self) -> _Class:
        return self.random.choice([c for c in self.classes if c.seats >= SMALLEST_CLASS // 2])

    def _class(self, label: str) -> _Class:
        return next(c for c in self.classes if c.label == label)

    def _add_child(self, names: Names, surname: str, school_class: _Class) -> str:
        first_name = self.random.choice(self.random.choice((names.girls, names.boys)))
        return self._add_pupil(first_name, surname, school_class)

    def _add_pupil(
        self, first_name: str, surname: str, school_class: _Class, id_: str = "", protection: str = "", alias: str = ""
    ) -> str:
        school_class.seats -= 1
        pupil_id = id_ or f"demo-pupil-{len(self.pupils) + 1}"
        self.pupils.append((pupil_id, first_name, surname, school_class.id, self._first_day, protection, alias))
        return pupil_id

    def _tie(self, adults: list[_Adult], pupil_id: str, kind: str = "custody") -> None:
        for adult in adults:
            self.guardians.append(
                (
                    adult.id,
                    pupil_id,
                    kind,
                    adult.first_name,
                    adult.last_name,
                    adult.email,
                    adult.language,
                    adult.protection,
                    adult.home_id,
                )
            )

    def _under_one_roof(self, *adults: _Adult) -> list[_Adult]:
        """The same adults with the next number of a home."""
        self.home_count += 1
        return [replace(adult, home_id=str(self.home_count)) for adult in adults]

    def _origin(self) -> Names:
        origins = (DANISH, *OTHERS)
        return self.random.choices(origins, [names.share for names in origins])[0]

    def _known_adult(self, persona: str, first_name: str, surname: str) -> _Adult:
        return _Adult(PERSONAS[persona], first_name, surname, self._email(first_name, surname))

    def _adult(self, first_names: tuple[str, ...], surname: str, *, protection: str = "") -> _Adult:
        first_name = self.random.choice(first_names)
        self.adult_count += 1
        email = "" if self.random.random() < WITHOUT_EMAIL else self._email(first_name, surname)
        language = "en" if surname not in DANISH.surnames and self.random.random() < READS_ENGLISH else ""
        return _Adult(f"demo-adult-{self.adult_count}", first_name, surname, email, language, protection)

    def _email(self, first_name: str, surname: str) -> str:
        base, number = f"{plain(first_name)}.{plain(surname)}", 1
        email = f"{base}@example.org"
        while email in self.emails:
            number += 1
            email = f"{base}{number}@example.org"
        self.emails.add(email)
        return email

    def _add_known_staff(self) -> None:
        third, sixth = self._class("3.A"), self._class("6.A")
        began, over = ((self.today - timedelta(days=days)).isoformat() for days in (60, 14))
        self._place(self._known_adult("class_teacher", "Karen", "Bruun"), third, "class_teacher")
        self._place(self._known_adult("pedagogue", "Peter", "Dahl"), third, "pedagogue")
        self._place(self._known_adult("former_substitute", "Sara", "Friis"), third, "substitute", began, over)
        self._place(self._known_adult("facilitator", "Lars", "Krogh"), sixth, "teacher")
        self._place(self._known_adult("akt", "Anders", "Winther"), roles="akt")
        self._place(self._known_adult("leader", "Hanne", "Vestergaard"), roles="leadership board_secretary")
        self._place(self._known_adult("office", "Inge", "Munk"), roles="office")

    def _add_teams(self) -> None:
        """Each class gets a class teacher, a teacher it shares with the next, and a pedagogue in the first years."""
        shared: _Adult | None = None
        for place, school_class in enumerate(self.classes):
            if school_class.label == "6.A":
                self._place(self.teaching_parent, school_class, "class_teacher")
            elif school_class.label != "3.A":
                self._place(self._colleague(), school_class, "class_teacher")
            if shared is None or place % 2 == 0:
                shared = self._colleague()
            self._place(shared, school_class, "teacher")
            if school_class.grade <= OLDEST_WITH_PEDAGOGUE and school_class.label != "3.A":
                self._place(self._colleague(), school_class, "pedagogue")

    def _colleague(self) -> _Adult:
        surname = self.random.choice(DANISH.surnames)
        first_name = self.random.choice(self.random.choice((DANISH.women, DANISH.women, DANISH.men)))
        self.colleague_count += 1
        return _Adult(f"demo-staff-{self.colleague_count}", first_name, surname, self._email(first_name, surname))

    def _place(
        self,
        adult: _Adult,
        school_class: _Class | None = None,
        function: str = "",
        starts_on: str = "",
        ends_on: str = "",
        roles: str = "",
    ) -> None:
        class_id = school_class.id if school_class else ""
        starts_on = starts_on or self._first_day
        self.staff.append(
            (adult.id, adult.first_name, adult.last_name, adult.email, class_id, function, starts_on, ends_on, roles)
        )


def _classes(pupils: int, random: Random) -> list[_Class]:
    counts = range(max(len(CHILDREN), ceil(pupils / LARGEST_CLASS)), pupils // SMALLEST_CLASS + 1)
    if not counts or pupils > LARGEST_SCHOOL:
        raise ValueError(
            f"{pupils} pupils do not make classes of {SMALLEST_CLASS} to {LARGEST_CLASS}: choose 57 to {LARGEST_SCHOOL}"
        )
    count = min(counts, key=lambda n: abs(pupils / n - USUAL_CLASS))
    sizes = _sizes(pupils, count, random)
    grades = sorted(GRADES[place % len(GRADES)] for place in range(count))
    made = []
    for place, grade in enumerate(grades):
        doubled, letter = divmod(place - grades.index(grade), len(ascii_uppercase))
        track = ascii_uppercase[letter] * (doubled + 1)
        made.append(_Class(f"demo-{grade}{track.lower()}", f"{grade}.{track}", grade, sizes[place]))
    return made


def _sizes(pupils: int, count: int, random: Random) -> list[int]:
    """Class sizes that differ as they do in life and add up."""
    sizes = [pupils // count + (place < pupils % count) for place in range(count)]
    for _ in range(2 * count):
        giver, taker = random.sample(range(count), 2)
        if sizes[giver] > SMALLEST_CLASS and sizes[taker] < LARGEST_CLASS:
            sizes[giver] -= 1
            sizes[taker] += 1
    return sizes
