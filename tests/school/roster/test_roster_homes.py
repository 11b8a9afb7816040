"""Who lives together, as the register's file says: a number, and never an address."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.database import db
from tests.school.roster.register import GUARDIANS, files
from tests.school.roster.test_roster_apply import plan_of, take_in
from tests.school.roster.test_roster_files import read, said


def with_homes(*numbers: str) -> str:
    """The guardians' file with a number beside each of its five rows."""
    head, *rows = GUARDIANS.strip().split("\n")
    return "\n".join([f"{head};hjem_id", *(f"{row};{home}" for row, home in zip(rows, numbers, strict=True))]) + "\n"


def homes() -> dict[str, int | None]:
    found = db.session.query(User).filter(User.external_id.in_(["mette", "jonas", "sofie"]))
    return {str(user.external_id): user.home_id for user in found}


@pytest.mark.both
def test_the_file_says_who_lives_together_and_stays_silent_without_the_column(app: Flask, database: str) -> None:
    take_in(guardians=with_homes("", "41", "41", "41", "41"))
    assert homes() == {"mette": None, "jonas": 41, "sofie": 41}
    take_in(guardians=GUARDIANS)
    assert homes() == {"mette": None, "jonas": 41, "sofie": 41}, "a file without the column says nothing of it"
    take_in(guardians=with_homes("7", "", "", "41", "41"))
    assert homes() == {"mette": 7, "jonas": None, "sofie": 41}
    assert plan_of(files(guardians=with_homes("7", "", "", "41", "41"))).is_empty, "the same file changes nothing"


@pytest.mark.parametrize("home", ["Skolevej 4", "0", "-1", "1.5", "1e3", "1" * 10, "٤"])
def test_an_address_is_refused_and_so_is_what_is_no_number(home: str) -> None:
    (fault,) = said(read(guardians=with_homes(home, "41", "41", "41", "41")).faults)
    assert fault[:4] == ("guardians.csv", 2, "hjem_id", home)


def test_one_adult_lives_in_one_home() -> None:
    (fault,) = said(read(guardians=with_homes("", "41", "42", "41", "41")).faults)
    assert fault[:4] == ("guardians.csv", 4, "hjem_id", "42")
