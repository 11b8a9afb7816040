"""The school as its register knows it, and what new files from the register would change. No database, no Flask.

`files.py` reads the files, `queries.py` the school's rows; both become a `Roster`, and `compare` is the
only place that decides what begins, changes and ends (domain 3.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Generic, TypeVar

from portal.accounts.models import Role
from portal.accounts.protection import Protection, shown_name
from portal.errors import N_
from portal.school.models import GuardianshipKind
from portal.school.roster.ties import Tie, TieChange, TieKind, settle
from portal.text import clock

#: More than this share of the pupils leaving at once, or of the adults' ties ending, is more often a cut-off file.
MANY = 0.10


@dataclass(frozen=True)
class Remark:
    """Something to say about one place in the files: a fault, which stops the import, or a warning.

    `message` is a catalogue text that names the cure, with named places for `values`. Line 0 is the whole file.
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why a change needs a confirmation: a catalogue text with named places for `values`."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterClass:
    """What a class is called in one school year, and its grades."""

    id: str
    school_year: int
    label: str
    lowest_grade: int
    highest_grade: int


@dataclass(frozen=True, slots=True)
class RosterPupil:
    """A pupil by the register's id. `protection` is None where the files do not say: then it stays as it is."""

    id: str
    first_name: str
    last_name: str
    protection: Protection | None = None
    alias: str = ""

    @property
    def name(self) -> str:
        """The name others see: the alias where the real one is protected."""
        return shown_name(self)


@dataclass(frozen=True, slots=True)
class RosterAdult(RosterPupil):
    """A guardian or a member of staff, or both: one id is one person. The language is for new accounts only.

    `home_id` is 0 where the files name no home, and None where they do not speak of homes: then it stays as it is.
    """

    email: str | None = None
    language: str | None = None
    home_id: int | None = None


AnyPupil = TypeVar("AnyPupil", bound=RosterPupil)


@dataclass(frozen=True)
class Roster:
    """Everybody the register knows, and how they belong together.

    `staff` are the adults in the staff file. `covers_teams` and `covers_roles` say whether the files are the register
    of class teams and of roles; if not, those of the adults in `staff` are left alone (docs/import.md). `helpers` says
    how many somebody with custody has let help with a child: they are gone with that custody.
    """

    classes: Mapping[tuple[str, int], RosterClass]
    pupils: Mapping[str, RosterPupil]
    adults: Mapping[str, RosterAdult]
    ties: Mapping[TieKind, tuple[Tie, ...]]
    staff: frozenset[str] = frozenset()
    covers_teams: bool = True
    covers_roles: bool = True
    helpers: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonChange(Generic[AnyPupil]):
    """A pupil or adult before (None: new here) and after."""

    before: AnyPupil | None
    after: AnyPupil


@dataclass(frozen=True)
class RosterPlan:
    """What applying the files would do to the school as it was in `current`, decided on `today`."""

    current: Roster
    today: date
    classes: tuple[RosterClass, ...]
    pupils: tuple[PersonChange[RosterPupil], ...]
    adults: tuple[PersonChange[RosterAdult], ...]
    ties: tuple[TieChange, ...]
    faults: tuple[Remark, ...]
    confirmations: tuple[Reason, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the files say what the school already knows."""
        return not (self.classes or self.pupils or self.adults or self.ties)

    @property
    def digest(self) -> str:
        """Tells one plan from another, so that what is applied is what was shown."""
        changes = (self.today, self.classes, self.pupils, self.adults, self.ties, self.confirmations)
        return sha256(repr(changes).encode()).hexdigest()


def ends_role(plan: RosterPlan, adult: str | int, role: str) -> bool:
    """Whether the plan takes a role from somebody, known by register id or account number."""
    return any(
        change.before is not None
        and change.before.key == (adult, role)
        and (change.after is None or not change.after.is_live(plan.today))
        for change in plan.ties
        if change.kind == TieKind.ROLE
    )


def compare(current: Roster, incoming: Roster, today: date) -> RosterPlan:
    """Decide what is new, what changes and what ends.

    People are matched by the register's ids alone. Nobody is deleted: what is no longer in the files ends yesterday,
    and a class that is no longer there keeps its row. A weaker protection and a great many endings need a confirmation.
    """
    pupils = tuple(
        PersonChange(before, after)
        for key, listed in incoming.pupils.items()
        if (after := _merged(before := current.pupils.get(key), listed)) != before
    )
    adults = tuple(
        PersonChange(before, after)
        for key, listed in incoming.adults.items()
        if (after := _merged_adult(before := current.adults.get(key), listed)) != before
    )
    ties = tuple(_tie_changes(current, incoming, today))
    return RosterPlan(
        current=current,
        today=today,
        classes=tuple(listed for key, listed in incoming.classes.items() if current.classes.get(key) != listed),
        pupils=pupils,
        adults=adults,
        ties=ties,
        faults=tuple(_labels_taken(current, incoming)),
        confirmations=(
            *_weaker((*pupils, *adults)),
            *_many_endings(current, incoming, ties, today),
            *_no_office(current, ties, today),
        ),
    )


def _merged(before: AnyPupil | None, listed: AnyPupil) -> AnyPupil:
    """The person as listed; where the files do not speak of protection, it stays as it was."""
    if listed.protection is not None:
        return listed
    if before is None:
        return replace(listed, protection=Protection.NONE)
    return replace(listed, protection=before.protection, alias=before.alias)


def _merged_adult(before: RosterAdult | None, listed: RosterAdult) -> RosterAdult:
    """Likewise for the home; and an account's language is its owner's own choice from the first day on."""
    merged = _merged(before, listed)
    known = before.home_id if before is not None else 0
    merged = replace(merged, home_id=known if listed.home_id is None else listed.home_id)
    return merged if before is None else replace(merged, language=before.language)


def _labels_taken(current: Roster, incoming: Roster) -> Iterator[Remark]:
    """A label that belongs, the same year, to a class the files no longer name: most likely the class got a new id."""
    kept = {(c.school_year, c.label): c.id for key, c in current.classes.items() if key not in incoming.classes}
    for listed in incoming.classes.values():
        other = kept.get((listed.school_year, listed.label))
        if other is not None:
            yield Remark(
                "classes.csv",
                0,
                "class_id",
                listed.id,
                N_("%(label)s is already the label of the class %(other)s. Keep that id, or use another label."),
                {"label": listed.label, "other": other},
            )


def _tie_changes(current: Roster, incoming: Roster, today: date) -> Iterator[TieChange]:
    for kind in TieKind:
        rows, wanted = _by_key(current.ties.get(kind, ())), _by_key(incoming.ties.get(kind, ()))
        for key in dict.fromkeys((*rows, *wanted)):
            have, want = rows.get(key, []), next(iter(wanted.get(key, [])), None)
            if want is not None or not _is_left_alone(kind, have, incoming, today):
                for before, after in settle(have, want, today):
                    yield TieChange(kind, before, after)


def _by_key(ties: Iterable[Tie]) -> dict[tuple[str | int, ...], list[Tie]]:
    found = defaultdict(list)
    for tie in ties:
        found[tie.key].append(tie)
    return found


def _is_left_alone(kind: TieKind, rows: Sequence[Tie], incoming: Roster, today: date) -> bool:
    """Whether the files say nothing about a tie that they do not list.

    Helpers, and adults without a register id, belong to a child as long as the child is at the school. Of a colleague
    who is still listed, a place that has not begun or has a last day was planned in the portal and stays as planned.
    """
    key = rows[0].key
    if kind == TieKind.GUARDIANSHIP:
        of_portal = isinstance(key[0], int) or rows[-1].what == GuardianshipKind.HELPER
        return of_portal and key[1] in incoming.pupils
    if kind == TieKind.PLACE:
        is_planned = all(tie.ends_on is not None or tie.begins > today for tie in rows)
        return key[0] in incoming.staff and (is_planned or not incoming.covers_teams)
    if kind == TieKind.ROLE:
        return key[0] in incoming.staff and not incoming.covers_roles
    return False


def _weaker(changes: Iterable[PersonChange[RosterPupil] | PersonChange[RosterAdult]]) -> Iterator[Reason]:
    """Every protection that is lifted or made weaker; a stronger one is applied at once."""
    for change in changes:
        before, after = change.before, change.after
        if before is not None and _strength(after) < _strength(before):
            yield Reason(
                N_("The protection of %(name)s (%(id)s) is lifted or made weaker."),
                {"name": before.name, "id": before.id},
            )


def _strength(person: RosterPupil) -> int:
    return list(Protection).index(person.protection or Protection.NONE)


def _many_endings(current: Roster, incoming: Roster, changes: Sequence[TieChange], today: date) -> Iterator[Reason]:
    pupils = _live_keys(current, TieKind.ENROLMENT, today) - _leaving_year(current, today)
    leave = pupils & _ended_keys(changes, TieKind.ENROLMENT, today)
    if len(leave) > MANY * len(pupils):
        yield Reason(
            N_("%(count)s of %(total)s pupils leave, the leaving year aside. Is pupils.csv complete?"),
            {"count": len(leave), "total": len(pupils)},
        )
    homes = {key for key in _live_keys(current, TieKind.GUARDIANSHIP, today) if key[1] in incoming.pupils}
    cut = homes & _ended_keys(changes, TieKind.GUARDIANSHIP, today)
    if len(cut) > MANY * len(homes):
        yield Reason(
            N_("%(count)s of %(total)s ties between an adult and a child who stays end. Is guardians.csv complete?"),
            {"count": len(cut), "total": len(homes)},
        )


def _no_office(current: Roster, changes: Sequence[TieChange], today: date) -> Iterator[Reason]:
    """An office without anybody in it could not undo its own mistake."""
    before = _live_keys(current, TieKind.ROLE, today)
    begun = {c.after.key for c in changes if c.kind == TieKind.ROLE and c.after and c.after.is_live(today)}
    after = (before - _ended_keys(changes, TieKind.ROLE, today)) | begun
    if any(key[1] == Role.OFFICE for key in before) and not any(key[1] == Role.OFFICE for key in after):
        yield Reason(N_("Nobody from the register has the role of the office any more."))


def _live_keys(roster: Roster, kind: TieKind, today: date) -> set[tuple[str | int, ...]]:
    return {tie.key for tie in roster.ties.get(kind, ()) if tie.is_live(today)}


def _ended_keys(changes: Iterable[TieChange], kind: TieKind, today: date) -> set[tuple[str | int, ...]]:
    """Those who have no tie of the kind any more, in any form."""
    of_kind = [change for change in changes if change.kind == kind]
    live = {c.after.key for c in of_kind if c.after and c.after.is_live(today)}
    return {c.before.key for c in of_kind if c.before} - live


def _leaving_year(current: Roster, today: date) -> set[tuple[str | int, ...]]:
    """The pupils of the school's highest grade, by the newest label each class has had until now."""
    grades: dict[str, int] = {}
    for _, school_class in sorted(current.classes.items(), key=lambda item: item[0][1]):
        if school_class.school_year <= clock.school_year(today):
            grades[school_class.id] = school_class.highest_grade
    live = [tie for tie in current.ties.get(TieKind.ENROLMENT, ()) if tie.is_live(today)]
    highest = max((grades[tie.what] for tie in live if tie.what in grades), default=None)
    return {tie.key for tie in live if grades.get(tie.what) == highest}
