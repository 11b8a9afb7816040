"""The made-up school: read by the import without a fault, always the same, and with everybody a demo needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from portal.accounts.models import Role
from portal.accounts.protection import Protection
from portal.demo.names import DANISH
from portal.demo.roster import CHILDREN, LARGEST_CLASS, LARGEST_SCHOOL, PERSONAS, SMALLEST_CLASS, demo_files
from portal.school.models import GuardianshipKind, TeamFunction
from portal.school.roster.comparison import Roster
from portal.school.roster.files import read_roster
from portal.school.roster.ties import TieKind

TODAY = date(2026, 11, 23)


def school(pupils: int, *, seed: int = 1, today: date = TODAY) -> Roster:
    reading = read_roster(demo_files(pupils, today=today, seed=seed), today=today)
    assert reading.faults == ()
    assert reading.roster is not None
    return reading.roster


def labels(found: Roster) -> dict[str, str]:
    return {school_class.id: school_class.label for school_class in found.classes.values()}


def adults_of(found: Roster) -> dict[str, list[str]]:
    """The adults of each pupil."""
    adults = defaultdict(list)
    for tie in found.ties[TieKind.GUARDIANSHIP]:
        adults[str(tie.key[1])].append(str(tie.key[0]))
    return adults


@pytest.mark.parametrize("pupils", [57, 60, 75, 200, 600, 1100])
@pytest.mark.parametrize("seed", [1, 2])
def test_as_many_pupils_as_asked_for_in_classes_of_a_usual_size(pupils: int, seed: int) -> None:
    found = school(pupils, seed=seed)
    sizes = Counter(tie.what for tie in found.ties[TieKind.ENROLMENT])
    assert sum(sizes.values()) == len(found.pupils) == pupils
    assert sizes.keys() == labels(found).keys()
    assert all(SMALLEST_CLASS <= size <= LARGEST_CLASS for size in sizes.values())


@pytest.mark.parametrize("pupils", [-1, 0, 25, 56, LARGEST_SCHOOL + 1])
def test_too_few_or_too_many_pupils_make_no_school(pupils: int) -> None:
    with pytest.raises(ValueError, match="choose 57 to 9000"):
        demo_files(pupils, today=TODAY)


def test_the_largest_school_is_read() -> None:
    assert len(school(LARGEST_SCHOOL).pupils) == LARGEST_SCHOOL


def test_the_small_school_is_three_classes_and_the_large_one_twenty_five() -> None:
    assert sorted(labels(school(60)).values()) == ["0.A", "3.A", "6.A"]
    large = labels(school(600)).values()
    assert len(large) == 25
    assert {int(label.split(".")[0]) for label in large} == set(range(10))


def test_it_is_always_the_same_and_another_with_another_seed() -> None:
    assert demo_files(60, today=TODAY) == demo_files(60, today=TODAY)
    assert demo_files(60, today=TODAY) != demo_files(60, today=TODAY, seed=2)


@pytest.mark.parametrize("today", [date(2026, 8, 1), date(2027, 1, 1), date(2027, 7, 31)])
def test_it_can_be_made_on_any_day(today: date) -> None:
    assert len(school(60, today=today).pupils) == 60


@pytest.mark.parametrize("pupils", [60, 600])
def test_everybody_the_sign_in_page_offers_is_there(pupils: int) -> None:
    found = school(pupils)
    assert found.adults.keys() >= set(PERSONAS.values())
    assert found.pupils.keys() >= set(CHILDREN.values())
    classes = labels(found)
    children = defaultdict(set)
    enrolled = {str(tie.key[0]): classes[tie.what] for tie in found.ties[TieKind.ENROLMENT]}
    for tie in found.ties[TieKind.GUARDIANSHIP]:
        children[tie.key[0]].add((found.pupils[str(tie.key[1])].first_name, enrolled[str(tie.key[1])]))
    assert children[PERSONAS["guardian"]] == {("Alma", "3.A")}
    assert (
        children[PERSONAS["guardian_of_two"]] == children[PERSONAS["other_home"]] == {("Otto", "0.A"), ("Ella", "6.A")}
    )

    places = {tie.key[0]: (classes[str(tie.key[1])], tie.what, tie.ends_on) for tie in found.ties[TieKind.PLACE]}
    assert places[PERSONAS["class_teacher"]] == ("3.A", TeamFunction.CLASS_TEACHER, None)
    assert places[PERSONAS["pedagogue"]] == ("3.A", TeamFunction.PEDAGOGUE, None)
    assert places[PERSONAS["facilitator"]] == ("6.A", TeamFunction.TEACHER, None)
    label, function, ends_on = places[PERSONAS["former_substitute"]]
    assert (label, function) == ("3.A", TeamFunction.SUBSTITUTE)
    assert ends_on is not None
    assert ends_on < TODAY

    roles = {tie.key for tie in found.ties[TieKind.ROLE]}
    assert roles == {
        (PERSONAS["akt"], Role.AKT),
        (PERSONAS["leader"], Role.LEADERSHIP),
        (PERSONAS["leader"], Role.BOARD_SECRETARY),
        (PERSONAS["office"], Role.OFFICE),
    }


@pytest.mark.parametrize("pupils", [60, 600])
def test_families_are_as_different_as_in_life(pupils: int) -> None:
    found = school(pupils)
    adults = adults_of(found)
    surnames = {pupil: {found.adults[adult].last_name for adult in adults[pupil]} for pupil in found.pupils}
    assert 0.2 <= sum(len(names) == 2 for names in surnames.values()) / pupils <= 0.3, "a quarter has two homes"
    assert 0.02 <= sum(len(adults[pupil]) == 1 for pupil in found.pupils) / pupils <= 0.1, "some have one parent"
    fostered = {tie.key[1] for tie in found.ties[TieKind.GUARDIANSHIP] if tie.what == GuardianshipKind.FOSTER}
    assert len(fostered) == 1

    classes_of = defaultdict(list)
    for tie in found.ties[TieKind.ENROLMENT]:
        classes_of[tuple(sorted(adults[str(tie.key[0])]))].append(tie.what)
    assert any(len(classes) > len(set(classes)) for classes in classes_of.values()), "twins share a class"
    assert sum(len(set(classes)) > 1 for classes in classes_of.values()) >= pupils // 20, "siblings in several classes"

    parents = {tie.key[0] for tie in found.ties[TieKind.GUARDIANSHIP]}
    assert len(parents & found.staff) == 1, "one of the staff has a child here"


def test_two_persons_are_protected() -> None:
    found = school(60)
    protected = [
        p for p in (*found.pupils.values(), *found.adults.values()) if p.protection not in {None, Protection.NONE}
    ]
    child, mother = protected
    assert (child.protection, child.name) == (Protection.NAME, "Mille")
    assert mother.protection == Protection.ADDRESS
    assert adults_of(found)[child.id] == [mother.id]


def test_every_class_has_a_team_with_one_class_teacher() -> None:
    found = school(600)
    teams = defaultdict(list)
    for tie in found.ties[TieKind.PLACE]:
        teams[str(tie.key[1])].append(tie.what)
    assert teams.keys() == labels(found).keys()
    assert all(team.count(TeamFunction.CLASS_TEACHER) == 1 for team in teams.values())


def test_names_are_mixed_as_in_a_danish_school() -> None:
    found = school(600)
    danish = sum(pupil.last_name in DANISH.surnames for pupil in found.pupils.values())
    assert 0.65 <= danish / 600 <= 0.9
    assert len({pupil.first_name for pupil in found.pupils.values()}) > 100


def test_every_id_is_the_demos_own_and_no_address_is_anybodys() -> None:
    found = school(600)
    ids = [*found.pupils, *found.adults, *labels(found)]
    assert [id_ for id_ in ids if not id_.startswith("demo-")] == []
    addresses = [adult.email for adult in found.adults.values() if adult.email]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("@example.org") for address in addresses)
    assert 0 < sum(adult.email is None for adult in found.adults.values()) < 60
