"""What new files from the register would change: who is new, who changes, who leaves, and what needs a confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.protection import Protection
from portal.school.models import GuardianshipKind, TeamFunction
from portal.school.roster.comparison import Roster, RosterPlan, compare
from portal.school.roster.files import read_roster
from portal.school.roster.presenters import what_changes
from portal.school.roster.ties import Tie, TieKind, settle
from tests.school.roster.register import CLASSES, GUARDIANS, PUPILS, STAFF, TODAY, files, without

LONG_AGO = date(2026, 8, 1)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
NOTHING = Roster({}, {}, {}, {})


def listed(*, today: date = TODAY, **texts: str) -> Roster:
    found = read_roster(files(**texts), today=today).roster
    assert found is not None
    return found


def plan(current: Roster, *, today: date = TODAY, **texts: str) -> RosterPlan:
    return compare(current, listed(today=today, **texts), today)


def after(current: Roster, done: RosterPlan) -> Roster:
    """The school as applying the plan leaves it."""
    rows = {kind: list(current.ties.get(kind, ())) for kind in TieKind}
    numbers = iter(range(10_000, 20_000))
    for change in done.ties:
        if change.before:
            rows[change.kind].remove(change.before)
        if change.after:
            rows[change.kind].append(replace(change.after, row=change.after.row or next(numbers)))
    return Roster(
        classes={**current.classes, **{(c.id, c.school_year): c for c in done.classes}},
        pupils={**current.pupils, **{c.after.id: c.after for c in done.pupils}},
        adults={**current.adults, **{c.after.id: c.after for c in done.adults}},
        ties={kind: tuple(ties) for kind, ties in rows.items()},
    )


@pytest.fixture
def school() -> Roster:
    """The small school, in the portal since August."""
    return after(NOTHING, plan(NOTHING, today=LONG_AGO))


def changes(done: RosterPlan) -> set[tuple[object, ...]]:
    """Each tie that changes: kind, key, what, and its days before and after (None: no row)."""

    def days(tie: Tie | None) -> tuple[date | None, date | None] | None:
        return (tie.starts_on, tie.ends_on) if tie else None

    told = ((c.kind, c.after or c.before, c) for c in done.ties)
    return {(kind, tie.key, tie.what, days(c.before), days(c.after)) for kind, tie, c in told if tie}


def with_ties(school: Roster, kind: TieKind, *ties: Tie) -> Roster:
    return replace(school, ties={**school.ties, kind: (*school.ties[kind], *ties)})


def test_a_new_school() -> None:
    done = plan(NOTHING)
    assert [c.label for c in done.classes] == ["3.A", "6.A"]
    assert [c.after.id for c in done.pupils] == ["alma", "otto", "ella"]
    assert all(c.before is None and c.after.protection == Protection.NONE for c in (*done.pupils, *done.adults))
    assert {tie.after.starts_on for tie in done.ties if tie.after} == {TODAY}
    assert len(done.ties) == 3 + 5 + 2
    assert not done.is_empty
    assert (done.confirmations, done.faults) == ((), ())


def test_the_same_files_again_change_nothing(school: Roster) -> None:
    assert plan(school).is_empty


def test_the_same_files_in_the_next_school_year_name_the_classes_for_it(school: Roster) -> None:
    done = plan(school, today=date(2027, 8, 9))
    assert [(c.id, c.school_year, c.label) for c in done.classes] == [("k3", 2027, "3.A"), ("k6", 2027, "6.A")]
    assert (done.pupils, done.adults, done.ties) == ((), (), ())


def test_people_are_matched_by_their_ids_and_never_by_name_or_email(school: Roster) -> None:
    done = plan(
        school, pupils=PUPILS.replace("alma;", "alma2;"), guardians=GUARDIANS.replace("mette;alma;", "mette2;alma2;")
    )
    assert [(c.before, c.after.id, c.after.name) for c in (*done.pupils, *done.adults)] == [
        (None, "alma2", "Alma Holm"),
        (None, "mette2", "Mette Holm"),
    ]


def test_names_emails_labels_and_grades_follow_the_files(school: Roster) -> None:
    done = plan(
        school,
        classes=CLASSES.replace("3.A;3", "3.X;2-3"),
        pupils=PUPILS.replace("Alma;Holm", "Alma;Bak"),
        guardians=GUARDIANS.replace("mette@example.org", ""),
    )
    assert [(c.label, c.lowest_grade, c.highest_grade) for c in done.classes] == [("3.X", 2, 3)]
    assert [(c.before.name if c.before else "", c.after.name) for c in done.pupils] == [("Alma Holm", "Alma Bak")]
    assert [c.after.email for c in done.adults] == [None]
    assert done.ties == ()


def test_the_language_of_an_account_is_its_owners_choice(school: Roster) -> None:
    with_language = GUARDIANS.replace("email\n", "email;language\n").replace("org\n", "org;en\n")
    assert plan(school, guardians=with_language).is_empty
    assert {c.after.language for c in plan(NOTHING, guardians=with_language).adults} == {"en", None}


def test_a_pupil_in_another_class_leaves_the_old_one_the_day_before(school: Roster) -> None:
    done = plan(school, pupils=PUPILS.replace("Alma;Holm;k3", "Alma;Holm;k6"))
    assert changes(done) == {
        (TieKind.ENROLMENT, ("alma",), "k3", (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
        (TieKind.ENROLMENT, ("alma",), "k6", None, (TODAY, None)),
    }
    assert done.confirmations == ()


@pytest.mark.parametrize(
    ("written", "starts_on"),
    [("2026-11-02", date(2026, 11, 2)), ("2027-01-04", date(2027, 1, 4)), ("2021-08-10", TODAY), ("", TODAY)],
)
def test_a_class_change_counts_from_the_day_the_files_give_if_that_can_be(
    school: Roster, written: str, starts_on: date
) -> None:
    pupils = PUPILS.replace("class_id\n", "class_id;starts_on\n").replace("k3\n", "k3;\n").replace("k6\n", "k6;\n")
    done = plan(school, pupils=pupils.replace("Alma;Holm;k3;", f"Alma;Holm;k6;{written}"))
    assert changes(done) == {
        (TieKind.ENROLMENT, ("alma",), "k3", (LONG_AGO, None), (LONG_AGO, starts_on - timedelta(days=1))),
        (TieKind.ENROLMENT, ("alma",), "k6", None, (starts_on, None)),
    }


def test_a_pupil_who_left_is_ended_with_every_tie_and_comes_back_to_a_new_enrolment(school: Roster) -> None:
    helped = with_ties(school, TieKind.GUARDIANSHIP, Tie((77, "alma"), GuardianshipKind.HELPER, LONG_AGO, None, 500))
    done = plan(helped, pupils=without(PUPILS, "alma"), guardians=without(GUARDIANS, "mette"))
    ended = (LONG_AGO, None), (LONG_AGO, YESTERDAY)
    assert changes(done) == {
        (TieKind.ENROLMENT, ("alma",), "k3", *ended),
        (TieKind.GUARDIANSHIP, ("mette", "alma"), GuardianshipKind.CUSTODY, *ended),
        (TieKind.GUARDIANSHIP, (77, "alma"), GuardianshipKind.HELPER, *ended),
    }
    assert (done.pupils, done.adults) == ((), ()), "nobody is deleted or changed"

    left = after(helped, done)
    back = plan(left, today=TODAY + timedelta(days=30))
    again = (TODAY + timedelta(days=30), None)
    assert changes(back) == {
        (TieKind.ENROLMENT, ("alma",), "k3", None, again),
        (TieKind.GUARDIANSHIP, ("mette", "alma"), GuardianshipKind.CUSTODY, None, again),
    }, "a helper has to be invited anew"


def test_a_guardian_who_is_no_longer_tied_is_ended_and_the_childs_helpers_stay(school: Roster) -> None:
    helped = with_ties(
        school,
        TieKind.GUARDIANSHIP,
        Tie((77, "otto"), GuardianshipKind.HELPER, LONG_AGO, None, 500),
        Tie(("karen", "otto"), GuardianshipKind.HELPER, LONG_AGO, None, 501),
        Tie((78, "otto"), GuardianshipKind.FOSTER, LONG_AGO, None, 502),
    )
    done = plan(helped, guardians=without(GUARDIANS, "sofie;otto"))
    assert changes(done) == {
        (TieKind.GUARDIANSHIP, ("sofie", "otto"), GuardianshipKind.CUSTODY, (LONG_AGO, None), (LONG_AGO, YESTERDAY))
    }


def test_a_helper_who_gets_custody_is_a_helper_no_longer(school: Roster) -> None:
    helped = with_ties(
        school, TieKind.GUARDIANSHIP, Tie(("karen", "alma"), GuardianshipKind.HELPER, LONG_AGO, None, 500)
    )
    done = plan(helped, guardians=GUARDIANS + "karen;alma;custody;Karen;Bruun;karen@example.org\n")
    assert changes(done) == {
        (TieKind.GUARDIANSHIP, ("karen", "alma"), GuardianshipKind.HELPER, (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
        (TieKind.GUARDIANSHIP, ("karen", "alma"), GuardianshipKind.CUSTODY, None, (TODAY, None)),
    }


def test_a_tie_of_this_morning_that_was_wrong_never_was(school: Roster) -> None:
    wrong = after(school, plan(school, guardians=GUARDIANS + "lars;alma;custody;Lars;Krogh;lars@example.org\n"))
    assert changes(plan(wrong)) == {
        (TieKind.GUARDIANSHIP, ("lars", "alma"), GuardianshipKind.CUSTODY, (TODAY, None), None)
    }


def test_staff_no_longer_listed_lose_every_place_and_role(school: Roster) -> None:
    planned = Tie(("karen", "k6"), TeamFunction.TEACHER, TOMORROW, None, 500)
    ruled = with_ties(
        with_ties(school, TieKind.PLACE, planned), TieKind.ROLE, Tie(("karen", "akt"), "akt", LONG_AGO, None, 1)
    )
    done = plan(ruled, staff=without(STAFF, "karen"))
    assert changes(done) == {
        (TieKind.PLACE, ("karen", "k3"), TeamFunction.CLASS_TEACHER, (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
        (TieKind.PLACE, ("karen", "k6"), TeamFunction.TEACHER, (TOMORROW, None), None),
        (TieKind.ROLE, ("karen", "akt"), "akt", (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
    }
    assert done.confirmations == ()


def test_the_staff_file_is_the_register_of_the_teams_but_leaves_alone_what_was_planned(school: Roster) -> None:
    open_ended = Tie(("karen", "k6"), TeamFunction.TEACHER, LONG_AGO, None, 500)
    substitute = Tie(("lars", "k3"), TeamFunction.SUBSTITUTE, LONG_AGO, TOMORROW, 501)
    next_year = Tie(("karen", "k9"), TeamFunction.TEACHER, date(2027, 8, 1), None, 502)
    given = with_ties(school, TieKind.PLACE, open_ended, substitute, next_year)
    assert changes(plan(given)) == {
        (TieKind.PLACE, ("karen", "k6"), TeamFunction.TEACHER, (LONG_AGO, None), (LONG_AGO, YESTERDAY))
    }
    classless = STAFF.replace("k3;class_teacher", ";").replace("k6;class_teacher", ";")
    assert plan(given, staff=classless).is_empty, "no row names a class, so teams are left to the portal"


def test_roles_are_touched_only_where_the_files_have_the_column(school: Roster) -> None:
    ruled = with_ties(school, TieKind.ROLE, Tie(("karen", "akt"), "akt", LONG_AGO, None, 1))
    assert plan(ruled).is_empty
    staff = STAFF.replace("function\n", "function;roles\n").replace("teacher\n", "teacher;\n")
    done = plan(ruled, staff=staff.replace("k6;class_teacher;", "k6;class_teacher;office"))
    assert changes(done) == {
        (TieKind.ROLE, ("karen", "akt"), "akt", (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
        (TieKind.ROLE, ("lars", "office"), "office", None, (TODAY, None)),
    }


def test_a_substitutes_time_begins_and_ends_with_the_dates(school: Roster) -> None:
    dated = STAFF.replace("function\n", "function;starts_on;ends_on\n").replace("teacher\n", "teacher;;\n")
    over = plan(school, staff=dated + "bo;Bo;Bak;;k3;substitute;2026-10-01;2026-10-30\n")
    coming = plan(school, staff=dated + "bo;Bo;Bak;;k3;substitute;2026-12-01;2026-12-18\n")
    key = ("bo", "k3")
    assert changes(over) == {(TieKind.PLACE, key, "substitute", None, (date(2026, 10, 1), date(2026, 10, 30)))}
    assert changes(coming) == {(TieKind.PLACE, key, "substitute", None, (date(2026, 12, 1), date(2026, 12, 18)))}
    known = after(school, coming)
    shorter = plan(known, staff=dated + "bo;Bo;Bak;;k3;substitute;2026-12-01;2026-12-04\n")
    assert [(c.after.starts_on, c.after.ends_on) for c in shorter.ties if c.after] == [
        (date(2026, 12, 1), date(2026, 12, 4))
    ]


def test_another_function_is_a_new_place(school: Roster) -> None:
    done = plan(school, staff=STAFF.replace("k3;class_teacher", "k3;teacher"))
    assert changes(done) == {
        (TieKind.PLACE, ("karen", "k3"), TeamFunction.CLASS_TEACHER, (LONG_AGO, None), (LONG_AGO, YESTERDAY)),
        (TieKind.PLACE, ("karen", "k3"), TeamFunction.TEACHER, None, (TODAY, None)),
    }


def test_a_class_that_is_not_in_the_files_keeps_its_row(school: Roster) -> None:
    done = plan(
        school,
        classes=without(CLASSES, "k6"),
        pupils=without(PUPILS, "ella"),
        guardians=without(GUARDIANS, "jonas;ella", "sofie;ella"),
        staff=without(STAFF, "lars"),
    )
    assert done.classes == ()
    assert after(school, done).classes == school.classes


def test_a_label_of_a_class_the_files_no_longer_name_is_a_fault(school: Roster) -> None:
    done = plan(
        school,
        **{
            name: text.replace("k3", "k33")
            for name, text in {"classes": CLASSES, "pupils": PUPILS, "staff": STAFF}.items()
        },
    )
    assert [(f.file, f.column, f.value, f.message % f.values) for f in done.faults] == [
        (
            "classes.csv",
            "class_id",
            "k33",
            "3.A is already the label of the class k3. Keep that id, or use another label.",
        ),
    ]


def test_two_classes_may_swap_their_labels(school: Roster) -> None:
    done = plan(school, classes="class_id;label;grade\nk3;6.A;3\nk6;3.A;6\n")
    assert done.faults == ()
    assert {(c.id, c.label) for c in done.classes} == {("k3", "6.A"), ("k6", "3.A")}


PROTECTED = {
    level: f"""
pupil_id;first_name;last_name;class_id;protection;alias
alma;Alma;Holm;k3;{level};Mille
otto;Otto;Juul;k3;;
ella;Ella;Juul;k6;;
"""
    for level in Protection
}


@pytest.mark.parametrize("before", Protection)
@pytest.mark.parametrize("now", Protection)
def test_a_weaker_protection_needs_a_confirmation_and_a_stronger_one_counts_at_once(
    before: Protection, now: Protection
) -> None:
    levels = list(Protection)
    school = after(NOTHING, plan(NOTHING, today=LONG_AGO, pupils=PROTECTED[before]))
    done = plan(school, pupils=PROTECTED[now])
    assert done.is_empty == (before == now)
    if levels.index(now) < levels.index(before):
        name = "Mille" if before == Protection.NAME else "Alma Holm"
        said = [reason.message % reason.values for reason in done.confirmations]
        assert said == [f"The protection of {name} (alma) is lifted or made weaker."]
    else:
        assert done.confirmations == ()


def test_files_that_say_nothing_of_protection_lift_none(school: Roster) -> None:
    protected = after(school, plan(school, pupils=PROTECTED[Protection.NAME]))
    assert plan(protected).is_empty
    renamed = plan(protected, pupils=PUPILS.replace("Alma;Holm", "Alma;Bak"))
    assert [(c.after.protection, c.after.alias, c.after.last_name) for c in renamed.pupils] == [
        (Protection.NAME, "Mille", "Bak")
    ]


def test_a_guardians_protection_is_guarded_likewise(school: Roster) -> None:
    columns = GUARDIANS.replace("email\n", "email;protection;alias\n").replace("org\n", "org;;\n")
    protected = after(
        school, plan(school, guardians=columns.replace("mette@example.org;;", "mette@example.org;name;Birte"))
    )
    assert len(plan(protected, guardians=columns).confirmations) == 1


def big_school(pupils: Iterable[int], tied: Iterable[int]) -> dict[str, str]:
    """20 pupils in 3.A and 5 in 9.A, of whom these are listed; each listed one of `tied` has a guardian."""
    rows = {number: f"p{number};A;B;{'k9' if number >= 20 else 'k3'}\n" for number in range(25)}
    present = list(pupils)
    return {
        "classes": "class_id;label;grade\nk3;3.A;3\nk9;9.A;9\n",
        "pupils": "pupil_id;first_name;last_name;class_id\n" + "".join(rows[number] for number in present),
        "guardians": "guardian_id;pupil_id;kind;first_name;last_name;email\n"
        + "".join(f"g{number};p{number};custody;C;D;\n" for number in tied if number in present),
        "staff": "staff_id;first_name;last_name;email;class_id;function\nkaren;K;B;;k3;teacher\n",
    }


@pytest.mark.parametrize(
    ("leave", "reasons"),
    [
        (range(2), []),
        (range(3), ["3 of 20 pupils leave, the leaving year aside. Is pupils.csv complete?"]),
        (range(20, 25), []),
        (range(18, 25), []),
        (range(17, 25), ["3 of 20 pupils leave, the leaving year aside. Is pupils.csv complete?"]),
    ],
)
def test_more_than_a_tenth_of_the_pupils_leaving_needs_a_confirmation(leave: range, reasons: list[str]) -> None:
    everybody = range(25)
    school = after(NOTHING, plan(NOTHING, today=LONG_AGO, **big_school(everybody, everybody)))
    done = plan(school, **big_school((n for n in everybody if n not in leave), everybody))
    assert [reason.message % reason.values for reason in done.confirmations] == reasons


def test_the_leaving_year_is_told_by_last_years_labels_after_the_summer() -> None:
    everybody, last_june = range(25), date(2026, 6, 20)
    school = after(NOTHING, plan(NOTHING, today=last_june, **big_school(everybody, everybody)))
    texts = big_school(range(20), everybody)
    texts["classes"] = texts["classes"].replace("3.A;3", "4.A;4").replace("9.A;9", "0.A;0")
    done = plan(school, today=date(2026, 8, 10), **texts)
    assert len([c for c in done.ties if c.kind == TieKind.ENROLMENT]) == 5
    assert done.confirmations == ()


def test_many_class_changes_need_no_confirmation() -> None:
    everybody = range(25)
    school = after(NOTHING, plan(NOTHING, today=LONG_AGO, **big_school(everybody, everybody)))
    texts = big_school(everybody, everybody)
    done = plan(school, **{**texts, "pupils": texts["pupils"].replace("k3", "k9")})
    assert len(done.ties) == 40
    assert done.confirmations == ()


def test_a_cut_off_file_of_guardians_needs_a_confirmation() -> None:
    everybody = range(25)
    school = after(NOTHING, plan(NOTHING, today=LONG_AGO, **big_school(everybody, everybody)))
    assert plan(school, **big_school(everybody, range(2, 25))).confirmations == ()
    (reason,) = plan(school, **big_school(everybody, range(3, 25))).confirmations
    assert reason.message % reason.values == (
        "3 of 25 ties between an adult and a child who stays end. Is guardians.csv complete?"
    )


def test_an_office_without_anybody_in_it_needs_a_confirmation(school: Roster) -> None:
    staff = STAFF.replace("function\n", "function;roles\n").replace("teacher\n", "teacher;\n")
    lars_in_office = staff.replace("k6;class_teacher;", "k6;class_teacher;office")
    manned = after(school, plan(school, today=LONG_AGO, staff=lars_in_office))
    (reason,) = plan(manned, staff=staff).confirmations
    assert reason.message == "Nobody from the register has the role of the office any more."
    assert plan(manned, staff=staff.replace("k3;class_teacher;", "k3;class_teacher;office")).confirmations == ()
    assert plan(manned).confirmations == (), "without the column roles are left alone"


def test_a_plan_is_known_by_its_digest(school: Roster) -> None:
    moved = PUPILS.replace("Alma;Holm;k3", "Alma;Holm;k6")
    assert plan(school, pupils=moved).digest == plan(school, pupils=moved).digest
    assert plan(school, pupils=moved).digest != plan(school).digest
    assert plan(school, pupils=moved).digest != plan(school, pupils=moved, today=TOMORROW).digest


@st.composite
def registers(draw: st.DrawFn) -> dict[str, str]:
    """The small school's files with people left out, moved and given other work, in any combination."""

    def some(text: str, *changed: tuple[str, str]) -> str:
        head, *rows = text.strip().split("\n")
        for old, new in changed:
            rows = [row.replace(old, new) if draw(st.booleans()) else row for row in rows]
        return "\n".join([head, *(row for row in rows if draw(st.booleans()))]) + "\n"

    pupils = some(PUPILS, ("k3", "k6"), ("Otto", "Oscar")) + "twin;Noah;Bech;k3\n"
    present = {row.split(";")[0] for row in pupils.split("\n")}
    ties = [
        row for row in some(GUARDIANS, ("custody", "foster")).split("\n")[1:] if row and row.split(";")[1] in present
    ]
    return {
        "pupils": pupils,
        "guardians": "\n".join([GUARDIANS.strip().split("\n")[0], *ties, "tina;twin;custody;Tina;Bech;"]),
        "staff": some(STAFF, ("class_teacher", "teacher"), ("k6", "k3"), ("k3;", ";")) + "bo;Bo;Bak;;k6;pedagogue\n",
    }


@settings(deadline=None, max_examples=150)
@given(st.lists(registers(), min_size=1, max_size=4))
def test_any_sequence_of_schools_is_taken_in_whole_and_once(imports: list[dict[str, str]]) -> None:
    school, today = NOTHING, LONG_AGO
    for texts in imports:
        today += timedelta(days=10)
        done = plan(school, today=today, **texts)
        assert sum(len(changes.lines) for changes in what_changes(done, str)) >= bool(done.ties)
        school = after(school, done)
        assert plan(school, today=today, **texts).is_empty
        wanted = listed(today=today, **texts)
        for kind in (TieKind.ENROLMENT, TieKind.GUARDIANSHIP):
            live = {(tie.key, tie.what) for tie in school.ties[kind] if tie.is_live(today)}
            assert live == {(tie.key, tie.what) for tie in wanted.ties[kind]}


DAYS = st.integers(-40, 40).map(lambda number: TODAY + timedelta(days=number))


@st.composite
def wanted_ties(draw: st.DrawFn) -> Tie | None:
    """What a file may say about one place: nothing, or what, from when and until when."""
    tie = draw(st.none() | st.builds(Tie, st.just(("p",)), st.sampled_from("ABC"), st.none() | DAYS, st.none() | DAYS))
    if tie and tie.starts_on and tie.ends_on and tie.ends_on < tie.starts_on:
        return replace(tie, ends_on=tie.starts_on)
    return tie


def settled(rows: list[Tie], wanted: Tie | None, today: date) -> list[Tie]:
    changed, number = list(rows), max((tie.row or 0 for tie in rows), default=0)
    for before, result in settle(rows, wanted, today):
        if before:
            changed.remove(before)
        if result:
            number += 1
            changed.append(replace(result, row=result.row or number))
    return sorted(changed, key=lambda tie: tie.begins)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(wanted_ties(), st.integers(0, 20)), min_size=1, max_size=6))
def test_any_sequence_of_files_leaves_one_place_at_a_time_and_settles_at_once(
    imports: list[tuple[Tie | None, int]],
) -> None:
    rows: list[Tie] = []
    today = TODAY - timedelta(days=30)
    for wanted, days_later in imports:
        today += timedelta(days=days_later)
        rows = settled(rows, wanted, today)
        assert list(settle(rows, wanted, today)) == [], "the same files again change nothing"
        assert all(tie.ends_on is None or tie.begins <= tie.ends_on for tie in rows)
        for earlier, later in zip(rows, rows[1:], strict=False):
            assert earlier.ends_on is not None
            assert earlier.ends_on < later.begins
        live = [tie for tie in rows if tie.is_live(today)]
        if wanted is None or (wanted.ends_on and wanted.ends_on < today):
            assert live == []
        else:
            assert (live[-1].what, live[-1].ends_on) == (wanted.what, wanted.ends_on)
