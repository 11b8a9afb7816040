"""What the register's files would change, in words, names and numbers, for the page and the command alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Role
from portal.accounts.users.forms import ROLE_NAMES
from portal.errors import N_
from portal.school.forms import FUNCTION_NAMES
from portal.school.models import GuardianshipKind, TeamFunction
from portal.school.roster.comparison import PersonChange, RosterAdult, RosterPlan, RosterPupil
from portal.school.roster.ties import Tie, TieKind
from portal.text import clock
from portal.text.collation import sort_key

MOST_LINES = 12
_CUSTODY = GuardianshipKind.CUSTODY.value
Translate = Callable[[str], str]
AnyChange = PersonChange[RosterPupil] | PersonChange[RosterAdult]

KIND_NAMES = {GuardianshipKind.FOSTER: N_("foster parent"), GuardianshipKind.HELPER: N_("helper")}
#: For each kind of tie: what begins, what ends, and what gets other dates.
TIE_TITLES = {
    TieKind.GUARDIANSHIP: (
        N_("New ties between an adult and a child"),
        N_("Ties between an adult and a child that end"),
        N_("Ties between an adult and a child with other dates"),
    ),
    TieKind.PLACE: (
        N_("New places in class teams"),
        N_("Places in class teams that end"),
        N_("Places in class teams with other dates"),
    ),
    TieKind.ROLE: (N_("New roles"), N_("Roles that end"), N_("Roles with other dates")),
}


@dataclass(frozen=True)
class Changes:
    """One sort of change and everybody it is about."""

    title: str
    lines: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """As many as one reads."""
        return self.lines[:MOST_LINES]

    @property
    def more_count(self) -> int:
        """How many come after the first."""
        return len(self.lines) - len(self.first)


def what_changes(plan: RosterPlan, translate: Translate) -> list[Changes]:
    """Every sort of change the plan makes, in the order one asks about them, each by name; protected ones by alias."""
    named = _Named(plan, translate)
    found = [*_classes(plan), *_enrolments(plan, named), *_people(plan)]
    for kind in TIE_TITLES:
        found += _ties(plan, kind, named)
    return [Changes(translate(title), tuple(sorted(lines, key=sort_key))) for title, lines in found if lines]


class _Named:
    """Names of people and labels of classes as they are after the change."""

    def __init__(self, plan: RosterPlan, translate: Translate) -> None:
        pupils = (*plan.current.pupils.values(), *(change.after for change in plan.pupils))
        adults = (*plan.current.adults.values(), *(change.after for change in plan.adults))
        self.pupils: dict[str | int, str] = {pupil.id: pupil.name for pupil in pupils}
        self.adults: dict[str | int, str] = {adult.id: adult.name for adult in adults}
        year = clock.school_year(plan.today)
        labels = (*plan.current.classes.values(), *plan.classes)
        self.labels: dict[str | int, str] = {
            school_class.id: school_class.label
            for school_class in sorted(labels, key=lambda c: (c.school_year == year, c.school_year))
        }
        self.helpers = plan.current.helpers
        self.translate = translate

    def label(self, class_id: str | int) -> str:
        """What a class is called this year or else in its newest one; its id if it never had a name."""
        return self.labels.get(class_id, str(class_id))

    def tie(self, kind: TieKind, tie: Tie) -> str:
        """Who, where and as what: "Karen Bruun, 3.A (class teacher)"."""
        who = self.adults.get(tie.key[0], "…")
        if kind == TieKind.GUARDIANSHIP:
            word = KIND_NAMES.get(GuardianshipKind(tie.what))
            return f"{who} – {self.pupils[tie.key[1]]}" + (f" ({self.translate(word)})" if word else "")
        if kind == TieKind.PLACE:
            function = self.translate(FUNCTION_NAMES[TeamFunction(tie.what)])
            return f"{who}, {self.label(tie.key[1])} ({function})"
        return f"{who} ({self.translate(ROLE_NAMES[Role(tie.what)])})"

    def helpers_of(self, kind: TieKind, tie: Tie) -> str:
        """What else ends with somebody's custody: how many helpers they have invited for the child, and never who."""
        count = self.helpers.get(tie.key, 0) if (kind, tie.what) == (TieKind.GUARDIANSHIP, _CUSTODY) else 0
        if not count:
            return ""
        words = self.translate(N_(", and with it 1 helper") if count == 1 else N_(", and with it %(count)s helpers"))
        return words % {"count": count}


def _classes(plan: RosterPlan) -> Iterator[tuple[str, list[str]]]:
    known = {school_class.id for school_class in plan.current.classes.values()}
    year = clock.school_year(plan.today)

    def line(label: str, school_year: int) -> str:
        return label if school_year == year else f"{label} ({clock.school_year_name(school_year)})"

    yield N_("New classes"), [line(c.label, c.school_year) for c in plan.classes if c.id not in known]
    renamed = []
    for changed in (c for c in plan.classes if c.id in known):
        before = plan.current.classes.get((changed.id, changed.school_year))
        label = line(changed.label, changed.school_year)
        renamed.append(f"{before.label} → {label}" if before and before.label != changed.label else label)
    yield N_("Classes with another label or grade"), renamed


def _enrolments(plan: RosterPlan, named: _Named) -> Iterator[tuple[str, list[str]]]:
    new = {change.after.id for change in plan.pupils if change.before is None}
    begun, ended, _ = _sorted(plan, TieKind.ENROLMENT)
    places = {tie.key[0]: tie for tie, _ in begun}
    left = {tie.key[0]: tie for tie, _ in ended}

    def line(pupil_id: str | int, tie: Tie) -> str:
        return f"{named.pupils[pupil_id]}, {named.label(tie.what)}{_later(tie.starts_on, plan.today)}"

    yield N_("New pupils"), [line(pupil_id, tie) for pupil_id, tie in places.items() if pupil_id in new]
    back = [line(pupil_id, tie) for pupil_id, tie in places.items() if pupil_id not in new | left.keys()]
    yield N_("Pupils who come back"), back
    moved = [
        f"{named.pupils[pupil_id]}: {named.label(left[pupil_id].what)} → {named.label(tie.what)}"
        f"{_later(tie.starts_on, plan.today)}"
        for pupil_id, tie in places.items()
        if pupil_id in left
    ]
    yield N_("Pupils who change class"), moved
    gone = [(pupil_id, tie) for pupil_id, tie in left.items() if pupil_id not in places]
    yield N_("Pupils who leave"), [f"{named.pupils[pupil_id]}, {named.label(tie.what)}" for pupil_id, tie in gone]


def _people(plan: RosterPlan) -> Iterator[tuple[str, list[str]]]:
    changes: list[AnyChange] = [*plan.pupils, *plan.adults]
    known = [(change.before, change.after) for change in changes if change.before is not None]
    renamed = [f"{before.name} → {after.name}" for before, after in known if before.name != after.name]
    guarded = [after.name for before, after in known if before.protection != after.protection]
    emails = [
        f"{after.name}: {before.email or '–'} → {after.email or '–'}"
        for before, after in ((c.before, c.after) for c in plan.adults)
        if before is not None and before.email != after.email
    ]
    moved = [after.name for before, after in ((c.before, c.after) for c in plan.adults) if _is_moved(before, after)]
    yield N_("New accounts"), [change.after.name for change in plan.adults if change.before is None]
    yield N_("Names that change"), renamed
    yield N_("E-mail addresses that change"), emails
    yield N_("Protections that change"), guarded
    yield N_("Homes that change"), moved


def _is_moved(before: RosterAdult | None, after: RosterAdult) -> bool:
    return before is not None and before.home_id != after.home_id


def _ties(plan: RosterPlan, kind: TieKind, named: _Named) -> Iterator[tuple[str, list[str]]]:
    begun, ended, moved = _sorted(plan, kind)
    new, over, changed = TIE_TITLES[kind]
    yield new, [f"{named.tie(kind, tie)}{_later(day, plan.today)}" for tie, day in begun]
    yield (
        over,
        [f"{named.tie(kind, tie)}{_later(day, plan.today)}{named.helpers_of(kind, tie)}" for tie, day in ended],
    )
    yield changed, [f"{named.tie(kind, tie)}{_later(day, plan.today)}" for tie, day in moved]


def _sorted(plan: RosterPlan, kind: TieKind) -> tuple[list[tuple[Tie, date | None]], ...]:
    """The ties that begin, that end, and that get other dates, each with the day to tell."""
    begun, ended, moved = [], [], []
    for change in (change for change in plan.ties if change.kind == kind):
        before, after = change.before, change.after
        if before is None and after is not None:
            begun.append((after, after.starts_on))
        elif before is not None and (after is None or after.ends_on != before.ends_on and after.ends_on):
            ended.append((before, after.ends_on if after else None))
        elif after is not None:
            moved.append((after, after.starts_on))
    return begun, ended, moved


def _later(day: date | None, today: date) -> str:
    """A day that has not come yet, in brackets."""
    return f" ({day.day}.{day.month}.{day.year})" if day and day > today else ""
