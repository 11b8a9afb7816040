"""Reading the register's four files: what is understood, what is refused in which words; and nothing breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.models import Role
from portal.accounts.protection import Protection
from portal.school.models import GuardianshipKind, TeamFunction
from portal.school.roster.comparison import Remark, Roster, RosterAdult, RosterClass
from portal.school.roster.files import LARGEST_FILE, MOST_ROWS, Reading, read_roster
from portal.school.roster.ties import Tie, TieKind
from portal.school.roster.words import (
    FILES,
    FUNCTIONS,
    HEADINGS,
    HELPERS,
    KINDS,
    LANGUAGES,
    OPTIONAL,
    PROTECTIONS,
    REQUIRED,
    ROLES,
)
from tests.school.roster.register import CLASSES, GUARDIANS, PUPILS, STAFF, TODAY, files, without

DOCS = Path(__file__).parents[3] / "docs"


def read(contents: dict[str, bytes] | None = None, **texts: str) -> Reading:
    return read_roster(files(**texts) if contents is None else contents, today=TODAY)


def roster(contents: dict[str, bytes] | None = None, **texts: str) -> Roster:
    reading = read(contents, **texts)
    assert reading.roster is not None, [(f.file, f.line, f.message % f.values) for f in reading.faults]
    return reading.roster


def said(remarks: Sequence[Remark]) -> list[tuple[str, int, str, str, str]]:
    return [(r.file, r.line, r.column, r.value, r.message % r.values) for r in remarks]


def ties(found: Roster, kind: TieKind) -> set[tuple[object, ...]]:
    return {(*tie.key, tie.what) for tie in found.ties[kind]}


def test_a_school_is_read() -> None:
    found = roster()
    assert list(found.classes.values()) == [RosterClass("k3", 2026, "3.A", 3, 3), RosterClass("k6", 2026, "6.A", 6, 6)]
    assert [(p.id, p.name, p.protection) for p in found.pupils.values()] == [
        ("alma", "Alma Holm", None),
        ("otto", "Otto Juul", None),
        ("ella", "Ella Juul", None),
    ]
    assert found.adults["sofie"] == RosterAdult("sofie", "Sofie", "Lund", email="sofie@example.org")
    assert list(found.adults) == ["mette", "jonas", "sofie", "karen", "lars"]
    assert ties(found, TieKind.ENROLMENT) == {("alma", "k3"), ("otto", "k3"), ("ella", "k6")}
    assert ties(found, TieKind.PLACE) == {
        ("karen", "k3", TeamFunction.CLASS_TEACHER),
        ("lars", "k6", TeamFunction.CLASS_TEACHER),
    }
    assert found.staff == {"karen", "lars"}
    assert (found.covers_teams, found.covers_roles) == (True, False)


def test_siblings_with_two_homes_are_four_ties_of_two_adults() -> None:
    assert ties(roster(), TieKind.GUARDIANSHIP) >= {
        (adult, child, GuardianshipKind.CUSTODY) for adult in ("jonas", "sofie") for child in ("otto", "ella")
    }


def test_twins_and_two_children_of_one_name_are_told_apart_by_their_ids() -> None:
    pupils = PUPILS + "twin1;Noah;Bech;k3\ntwin2;Emil;Bech;k3\nalma2;Alma;Holm;k3\n"
    guardians = GUARDIANS + "".join(f"tina;{p};custody;Tina;Bech;t@example.org\n" for p in ("twin1", "twin2", "alma2"))
    found = roster(pupils=pupils, guardians=guardians)
    assert [p.id for p in found.pupils.values() if p.name == "Alma Holm"] == ["alma", "alma2"]
    assert {tie.key for tie in found.ties[TieKind.GUARDIANSHIP] if tie.key[0] == "tina"} == {
        ("tina", "twin1"),
        ("tina", "twin2"),
        ("tina", "alma2"),
    }


def test_a_foster_parent() -> None:
    found = roster(guardians=GUARDIANS.replace("mette;alma;custody", "mette;alma;foster"))
    assert ("mette", "alma", GuardianshipKind.FOSTER) in ties(found, TieKind.GUARDIANSHIP)


def test_a_guardian_who_is_also_staff_is_one_person() -> None:
    found = roster(staff=STAFF + "mette;Mette;Holm;mette@example.org;k6;pedagogue\n")
    assert list(found.adults).count("mette") == 1
    assert "mette" in found.staff
    assert ("mette", "k6", TeamFunction.PEDAGOGUE) in ties(found, TieKind.PLACE)
    assert ("mette", "alma", GuardianshipKind.CUSTODY) in ties(found, TieKind.GUARDIANSHIP)


@pytest.mark.parametrize(("at_home", "at_work"), [("", "m@example.org"), ("m@example.org", "")])
def test_an_email_may_be_left_out_in_one_of_two_files(at_home: str, at_work: str) -> None:
    found = roster(
        guardians=GUARDIANS.replace("mette@example.org", at_home),
        staff=STAFF + f"mette;Mette;Holm;{at_work};k6;teacher\n",
    )
    assert found.adults["mette"].email == "m@example.org"


def test_a_protected_family() -> None:
    pupils = PUPILS.replace("class_id\n", "class_id;protection;alias\n").replace("k3\n", "k3;name;Mille\n", 1)
    pupils = pupils.replace("Juul;k3", "Juul;k3;;").replace("k6\n", "k6;address;Kaptajn\n")
    guardians = GUARDIANS.replace("email\n", "email;protection;alias\n").replace("org\n", "org;none;\n")
    guardians = guardians.replace("mette@example.org;none;", "mette@example.org;navne- og adressebeskyttelse;Birte")
    found = roster(pupils=pupils, guardians=guardians)
    alma, otto, ella = found.pupils.values()
    assert (alma.protection, alma.name) == (Protection.NAME, "Mille")
    assert (otto.protection, otto.name) == (Protection.NONE, "Otto Juul")
    assert (ella.protection, ella.name, ella.alias) == (Protection.ADDRESS, "Ella Juul", "")
    assert (found.adults["mette"].protection, found.adults["mette"].name) == (Protection.NAME, "Birte")
    assert found.adults["karen"].protection is None, "the staff file says nothing of protection"


def test_what_excel_and_other_systems_write() -> None:
    expected = roster()
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        for delimiter in ";,\t":
            written = {
                name: data.decode()
                .replace("Holm", "Østergård")
                .replace(";", delimiter)
                .replace("\n", "\r\n")
                .encode(encoding)
                for name, data in files().items()
            }
            found = roster(written)
            assert found.pupils["alma"].last_name == "Østergård"
            assert found.ties == expected.ties


def test_danish_headings_and_words_in_any_order() -> None:
    danish = roster(
        {
            "classes.csv": "Årgang;Klasse;Klasse-ID;Skoleår\n3;3.A;k3;2026/27\n0.-2.;Mini;k0;2027/28\n".encode(),
            "pupils.csv": b"Klasse id;Elev_ID;Efternavn;Fornavn;Startdato\nk3;p1;Holm;Alma;1-8-2026\n",
            "guardians.csv": "Tilknytning;voksen id;elev id;fornavn;efternavn;E-mail;sprog\n"
            "Forældremyndighed;a1;p1;Mette;Holm;Mette@Example.org;engelsk\n".encode("cp1252"),
            "staff.csv": "medarbejder-id;fornavn;efternavn;mail;klasse_id;funktion;roller;startdato;slutdato\n"
            "s1;Åse;Bo;;k3;Klasselærer;Ledelse, bestyrelsessekretær;10.08.2026;31/12/2026\n".encode(),
        }
    )
    assert danish.classes["k3", 2026] == RosterClass("k3", 2026, "3.A", 3, 3)
    assert danish.classes["k0", 2027] == RosterClass("k0", 2027, "Mini", 0, 2)
    assert danish.ties[TieKind.ENROLMENT] == (Tie(("p1",), "k3", date(2026, 8, 1)),)
    assert (danish.adults["a1"].email, danish.adults["a1"].language) == ("mette@example.org", "en")
    days = (date(2026, 8, 10), date(2026, 12, 31))
    assert danish.ties[TieKind.PLACE] == (Tie(("s1", "k3"), TeamFunction.CLASS_TEACHER, *days),)
    assert danish.ties[TieKind.ROLE] == (
        Tie(("s1", "leadership"), Role.LEADERSHIP, *days),
        Tie(("s1", "board_secretary"), Role.BOARD_SECRETARY, *days),
    )


@pytest.mark.parametrize(
    ("written", "grades"),
    [
        ("0. klasse", (0, 0)),
        ("0.klasse", (0, 0)),
        ("3. Klasse", (3, 3)),
        ("3. kl.", (3, 3)),
        ("10. årgang", (10, 10)),
        ("3 klassetrin", (3, 3)),
        ("3.-4. klasse", (3, 4)),
        ("0 – 2", (0, 2)),
    ],
)
def test_a_grade_is_read_as_people_write_it(written: str, grades: tuple[int, int]) -> None:
    read = roster(files(classes=CLASSES.replace("3.A;3", f"3.A;{written}")))
    assert (read.classes["k3", 2026].lowest_grade, read.classes["k3", 2026].highest_grade) == grades


@pytest.mark.parametrize("written", ["klasse", "3. klasse B", "11. klasse", "3.A klasse", "-1", "3,5"])
def test_what_is_no_grade_is_no_guess(written: str) -> None:
    reading = read_roster(files(classes=CLASSES.replace("3.A;3", f"3.A;{written}")), today=TODAY)
    assert [(fault.file, fault.column) for fault in reading.faults] == [("classes.csv", "grade")]


@pytest.mark.parametrize(
    ("written", "year"),
    [("26/27", 2026), ("27/28", 2027), ("26-27", 2026), ("2026-2027", 2026), ("2026/27", 2026), ("2026", 2026)],
)
def test_a_school_year_is_read_as_people_write_it(written: str, year: int) -> None:
    read = roster(files(classes=f"class_id;label;grade;school_year\nk3;3.A;3;{written}\nk6;6.A;6;2026/27\n"))
    assert ("k3", year) in read.classes


@pytest.mark.parametrize("written", ["26", "26/28", "27/26", "62/63", "20/27", "1926/27", "26/2027/28"])
def test_what_is_no_school_year_is_no_guess(written: str) -> None:
    classes = f"class_id;label;grade;school_year\nk3;3.A;3;{written}\nk6;6.A;6;2026/27\n"
    faults = read_roster(files(classes=classes), today=TODAY).faults
    assert [(fault.file, fault.column) for fault in faults] == [("classes.csv", "school_year")]


def test_a_role_in_two_rows_holds_from_the_first_day_to_the_last() -> None:
    staff = """
staff_id;first_name;last_name;email;class_id;function;starts_on;ends_on;roles
karen;Karen;Bruun;k@example.org;k3;teacher;2026-08-01;2026-12-31;akt
karen;Karen;Bruun;k@example.org;k6;teacher;2026-10-01;;akt
lars;Lars;Krogh;l@example.org;;;2026-08-01;2026-12-31;office
lars;Lars;Krogh;l@example.org;k6;teacher;2026-09-01;2027-01-31;office
"""
    assert set(roster(staff=staff).ties[TieKind.ROLE]) == {
        Tie(("karen", "akt"), Role.AKT, date(2026, 8, 1), None),
        Tie(("lars", "office"), Role.OFFICE, date(2026, 8, 1), date(2027, 1, 31)),
    }


def test_classes_may_be_left_out_of_the_staff_file() -> None:
    found = roster(
        staff="staff_id;first_name;last_name;email;class_id;function;roles\nkaren;Karen;B;k@a.dk;;teacher;\n"
    )
    assert (found.covers_teams, found.covers_roles) == (False, True)
    assert found.ties[TieKind.PLACE] == ()


TWICE = "Line 2 says this too. Keep one of the two rows."
ONE_FAULT = {
    "an unknown class": (
        {"pupils": PUPILS + "bo;Bo;Bak;k9\n"},
        ("pupils.csv", 5, "class_id", "k9", "This id is not in classes.csv. Add it there, or correct it here."),
    ),
    "a team of an unknown class": (
        {"staff": STAFF + "bo;Bo;Bak;;k9;teacher\n"},
        ("staff.csv", 4, "class_id", "k9", "This id is not in classes.csv. Add it there, or correct it here."),
    ),
    "an unknown pupil": (
        {"guardians": GUARDIANS + "bo;bent;custody;Bo;Bak;\n"},
        ("guardians.csv", 7, "pupil_id", "bent", "This id is not in pupils.csv. Add it there, or correct it here."),
    ),
    "a pupil in two rows": ({"pupils": PUPILS + "alma;Alma;Holm;k6\n"}, ("pupils.csv", 5, "pupil_id", "alma", TWICE)),
    "a class in two rows": (
        {"classes": CLASSES + "k3;3.B;3\n"},
        ("classes.csv", 4, "class_id", "k3", TWICE),
    ),
    "two classes of one label": (
        {"classes": CLASSES + "k4;3.A;4\n"},
        ("classes.csv", 4, "label", "3.A", "Line 2 has this label too. Give one of the classes another."),
    ),
    "one tie in two rows": (
        {"guardians": GUARDIANS + "mette;alma;foster;Mette;Holm;mette@example.org\n"},
        ("guardians.csv", 7, "pupil_id", "alma", TWICE),
    ),
    "one place in two rows": (
        {"staff": STAFF + "karen;Karen;Bruun;karen@example.org;k3;teacher\n"},
        ("staff.csv", 4, "class_id", "k3", TWICE),
    ),
    "an adult with two names": (
        {"guardians": GUARDIANS.replace("jonas;ella;custody;Jonas", "jonas;ella;custody;Johan")},
        (
            "guardians.csv",
            4,
            "first_name",
            "Johan",
            "Line 3 of guardians.csv says “Jonas” of the same person. Write the same in both.",
        ),
    ),
    "an adult with two names in two files": (
        {"staff": STAFF + "mette;Mette;Holst;;k6;teacher\n"},
        (
            "staff.csv",
            4,
            "last_name",
            "Holst",
            "Line 2 of guardians.csv says “Holm” of the same person. Write the same in both.",
        ),
    ),
    "an adult with two e-mail addresses in two files": (
        {"staff": STAFF + "mette;Mette;Holm;work@example.org;k6;teacher\n"},
        (
            "staff.csv",
            4,
            "email",
            "work@example.org",
            "Line 2 of guardians.csv says “mette@example.org” of the same person. Write the same in both.",
        ),
    ),
    "an adult with an e-mail address in one row and none in the next": (
        {"guardians": GUARDIANS.replace("ella;custody;Jonas;Juul;jonas@example.org", "ella;custody;Jonas;Juul;")},
        (
            "guardians.csv",
            4,
            "email",
            "",
            "Line 3 of guardians.csv says “jonas@example.org” of the same person. Write the same in both.",
        ),
    ),
    "a helper": (
        {"guardians": GUARDIANS + "bodil;alma;Hjælper;Bodil;Bak;\n"},
        (
            "guardians.csv",
            7,
            "kind",
            "Hjælper",
            "A helper is invited in the portal by whoever has custody. Remove the row.",
        ),
    ),
    "a protected name without an alias": (
        {
            "pupils": "pupil_id;first_name;last_name;class_id;protection;alias\nalma;Alma;Holm;k3;navn;\n"
            "otto;Otto;Juul;k3;;\nella;Ella;Juul;k6;;\n"
        },
        (
            "pupils.csv",
            2,
            "alias",
            "",
            "Somebody whose name is protected needs an alias. Write the name that others may see.",
        ),
    ),
    "a protection nobody knows": (
        {
            "pupils": "pupil_id;first_name;last_name;class_id;Beskyttelse\nalma;Alma;Holm;k3;lidt\n"
            "otto;Otto;Juul;k3;\nella;Ella;Juul;k6;\n"
        },
        (
            "pupils.csv",
            2,
            "beskyttelse",
            "lidt",
            "This is not one of the known words. Write one of: none, ingen, address, adresse, name, navn.",
        ),
    ),
    "a function nobody knows": (
        {"staff": STAFF.replace("k6;class_teacher", "k6;rektor")},
        (
            "staff.csv",
            3,
            "function",
            "rektor",
            "This is not one of the known words. Write one of: class_teacher, klasselærer, teacher, lærer, pedagogue, "
            "pædagog, substitute, vikar.",
        ),
    ),
    "a class without a function": (
        {"staff": STAFF.replace("k6;class_teacher", "k6;")},
        (
            "staff.csv",
            3,
            "function",
            "",
            "This is not one of the known words. Write one of: class_teacher, klasselærer, teacher, lærer, pedagogue, "
            "pædagog, substitute, vikar.",
        ),
    ),
    "a role nobody knows": (
        {"staff": "staff_id;first_name;last_name;email;class_id;function;roles\nkaren;Karen;B;;;;akt konge\n"},
        (
            "staff.csv",
            2,
            "roles",
            "akt konge",
            "“konge” is not a role. Write one of: office, kontor, leadership, ledelse, akt, board_secretary, "
            "bestyrelsessekretær.",
        ),
    ),
    "an end before the start": (
        {
            "staff": "staff_id;first_name;last_name;email;class_id;function;starts_on;ends_on\n"
            "karen;Karen;B;;k3;vikar;2026-10-02;2026-10-01\n"
        },
        ("staff.csv", 2, "ends_on", "2026-10-01", "This is before the start date. Correct one of the two."),
    ),
    "a day that never was": (
        {
            "pupils": "pupil_id;first_name;last_name;class_id;starts_on\nalma;Alma;Holm;k3;31-11-2026\n"
            "otto;Otto;Juul;k3;\nella;Ella;Juul;k6;\n"
        },
        ("pupils.csv", 2, "starts_on", "31-11-2026", "This is not a date. Write it as 2026-08-10 or 10-08-2026."),
    ),
    "a year typed wrongly": (
        {
            "pupils": "pupil_id;first_name;last_name;class_id;starts_on\nalma;Alma;Holm;k3;01-08-2206\n"
            "otto;Otto;Juul;k3;\nella;Ella;Juul;k6;\n"
        },
        ("pupils.csv", 2, "starts_on", "01-08-2206", "This date is too far away. Correct the year."),
    ),
    "a grade no school has": (
        {"classes": CLASSES + "k11;11.A;11\n"},
        (
            "classes.csv",
            4,
            "grade",
            "11",
            "This is not a grade. Write it as 3, or as 0-2 for a class of several grades.",
        ),
    ),
    "grades the wrong way round": (
        {"classes": CLASSES + "k2;Mini;2-0\n"},
        (
            "classes.csv",
            4,
            "grade",
            "2-0",
            "This is not a grade. Write it as 3, or as 0-2 for a class of several grades.",
        ),
    ),
    "a school year far away": (
        {"classes": "class_id;label;grade;school_year\nk3;3.A;3;2026/27\nk6;6.A;6;2062/63\n"},
        (
            "classes.csv",
            3,
            "school_year",
            "2062/63",
            "This is neither this school year nor one beside it. Write it as 2026/27.",
        ),
    ),
    "two years that are no school year": (
        {"classes": "class_id;label;grade;school_year\nk3;3.A;3;2026/27\nk6;6.A;6;2026/28\n"},
        (
            "classes.csv",
            3,
            "school_year",
            "2026/28",
            "This is neither this school year nor one beside it. Write it as 2026/27.",
        ),
    ),
    "an e-mail address that is none": (
        {"guardians": GUARDIANS.replace("mette@example.org", "mette@example")},
        ("guardians.csv", 2, "email", "mette@example", "This is not an e-mail address. Correct it, or leave it empty."),
    ),
    "a name left out": (
        {"pupils": PUPILS.replace(";Alma;", ";;")},
        ("pupils.csv", 2, "first_name", "", "This is empty. Fill it in."),
    ),
    "an id left out": (
        {"staff": STAFF + ";Bo;Bak;;k6;teacher\n"},
        ("staff.csv", 4, "staff_id", "", "This is empty. Fill it in."),
    ),
    "a name without end": (
        {"staff": STAFF + f"bo;{'B' * 101};Bak;;k6;teacher\n"},
        ("staff.csv", 4, "first_name", "B" * 100, "This is longer than 100 characters. Shorten it."),
    ),
    "signs that cannot be shown": (
        {"staff": STAFF + "bo;Bo\ue000;Bak;;k6;teacher\n"},
        ("staff.csv", 4, "first_name", "Bo\ue000", "This has characters in it that cannot be shown. Type it again."),
    ),
    "a missing column": (
        {"classes": CLASSES.replace("class_id", "klasse nr")},
        ("classes.csv", 1, "class_id", "", "The column is missing. Add it; in Danish it is called “klasse_id”."),
    ),
    "one column under two headings": (
        {"classes": "class_id;klasse-id;label;grade\nk3;k3;3.A;3\nk6;k6;6.A;6\n"},
        ("classes.csv", 1, "klasse_id", "", "The column is here twice, also as “class_id”. Remove one of them."),
    ),
    "no rows": (
        {"staff": STAFF.strip().split("\n")[0]},
        ("staff.csv", 0, "", "", "The file has no rows below its headings."),
    ),
    "too many rows": (
        {"staff": STAFF + "karen;Karen;Bruun;karen@example.org;;\n" * MOST_ROWS},
        ("staff.csv", 0, "", "", "The file has more than 20000 rows. Is it the right one?"),
    ),
    "a file that is too large": (
        {"staff": STAFF + " " * LARGEST_FILE},
        ("staff.csv", 0, "", "", "The file is larger than 5 MB. Is it the right one?"),
    ),
}


@pytest.mark.parametrize("case", ONE_FAULT)
def test_one_fault_is_said_once_with_its_place_and_its_cure(case: str) -> None:
    texts, fault = ONE_FAULT[case]
    reading = read(**texts)
    assert said(reading.faults) == [fault]
    assert reading.roster is None, "all or nothing"


def test_a_missing_file() -> None:
    contents = files()
    del contents["pupils.csv"]
    assert said(read(contents).faults) == [
        ("pupils.csv", 0, "", "", "The file is missing. All four files belong together.")
    ]


def test_every_fault_of_all_four_files_at_once_and_in_their_order() -> None:
    reading = read(
        classes=CLASSES.replace("6.A;6", "6.A;sjette"),
        pupils=PUPILS.replace("otto;Otto;Juul;k3", "otto;;Juul;k9"),
        guardians=GUARDIANS.replace("mette@example.org", "mette"),
        staff=STAFF.replace("class_teacher", "boss", 1),
    )
    assert [(fault.file, fault.line, fault.column) for fault in reading.faults] == [
        ("classes.csv", 3, "grade"),
        ("pupils.csv", 3, "first_name"),
        ("pupils.csv", 3, "class_id"),
        ("guardians.csv", 2, "email"),
        ("staff.csv", 2, "function"),
    ]


def test_a_file_that_cannot_be_read_accuses_no_other() -> None:
    reading = read({**files(), "classes.csv": b"\x00\x01", "pupils.csv": b""})
    assert [fault.file for fault in reading.faults] == ["classes.csv", "pupils.csv"]


def test_a_quotation_mark_without_its_partner_names_its_line() -> None:
    (fault,) = read(staff=STAFF + 'bo;"Bo;Bak;;k6;teacher\n').faults
    assert (fault.file, fault.line) == ("staff.csv", 4)


def test_a_missing_and_a_shared_email_are_only_warnings() -> None:
    guardians = GUARDIANS.replace("sofie@example.org", "Jonas@Example.org").replace("mette@example.org", "")
    reading = read(guardians=guardians)
    assert reading.roster is not None
    assert said(reading.warnings) == [
        ("guardians.csv", 2, "email", "", "Without an address this person gets no mail and signs in with a user name."),
        (
            "guardians.csv",
            5,
            "email",
            "Jonas@Example.org",
            "Line 3 of guardians.csv has this address for another person. Both sign in with a user name.",
        ),
    ]


def test_a_pupil_without_adults_and_a_column_nobody_asked_for_are_warnings() -> None:
    reading = read(
        guardians=without(GUARDIANS, "mette"),
        classes=CLASSES.replace("grade", "grade;CPR").replace("A;3", "A;3;x").replace("A;6", "A;6;"),
    )
    assert reading.roster is not None
    assert said(reading.warnings) == [
        ("classes.csv", 1, "cpr", "", "This column is not known, so it was not read."),
        ("pupils.csv", 2, "pupil_id", "alma", "No adult in guardians.csv belongs to this pupil, so no home gets news."),
    ]


def test_invisible_signs_and_two_ways_of_writing_accents_make_no_second_person() -> None:
    guardians = GUARDIANS.replace("jonas;otto;custody;Jonas;Juul", "jonas;otto;custody;Jose\u0301\u200b;Juul").replace(
        "jonas;ella;custody;Jonas;Juul", "jonas;ella;custody; José ;Juul"
    )
    assert roster(guardians=guardians).adults["jonas"].first_name == "José"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=300)))
def test_no_bytes_raise(contents: dict[str, bytes]) -> None:
    reading = read_roster(contents, today=TODAY)
    assert (reading.roster is None) == bool(reading.faults)


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "k3",
            "k6",
            "alma",
            "mette",
            "3",
            "0-2",
            "10-11",
            "custody",
            "navn",
            "Mille",
            "akt,office",
            "da",
            "2026/27",
            "31-02-2026",
            "9999-12-31",
            "0001-01-01",
            "vikar",
            "m@example.org",
            "",
            "²",
            "٣",
        ]
    ),
)


@st.composite
def cells(draw: st.DrawFn) -> dict[str, bytes]:
    """Files with the right headings and anything below them."""
    contents = {}
    for name in FILES:
        columns = [*REQUIRED[name], *(c for c in OPTIONAL[name] if draw(st.booleans()))]
        rows = draw(st.lists(st.lists(CELL, min_size=len(columns), max_size=len(columns)), max_size=5))
        quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ([*columns], *rows)]
        contents[name] = "\n".join(";".join(row) for row in quoted).encode("utf-8", "replace")
    return contents


@settings(deadline=None)
@given(cells())
def test_no_cells_raise(contents: dict[str, bytes]) -> None:
    reading = read_roster(contents, today=TODAY)
    for remark in (*reading.faults, *reading.warnings):
        assert remark.file in FILES
        assert remark.message % remark.values


def test_the_documentation_names_every_heading_and_every_word() -> None:
    text = (DOCS / "import.md").read_text(encoding="utf-8")
    words = {*HEADINGS, *PROTECTIONS, *KINDS, *HELPERS, *FUNCTIONS, *ROLES, *LANGUAGES, *FILES}
    words |= {danish for names in HEADINGS.values() for danish in names}
    assert [word for word in sorted(words) if f"`{word}`" not in text and word] == []


def test_the_example_in_the_documentation_is_a_school() -> None:
    example = {file.name: file.read_bytes() for file in (DOCS / "import-example").iterdir()}
    reading = read_roster(example, today=TODAY)
    assert reading.faults == ()
    assert reading.roster is not None
    assert len(reading.roster.pupils) == 10
