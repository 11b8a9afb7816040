"""The cells that have a manner of their own: grades, school years, homes, roles; a wrong one reads as None.

What is wrong is remembered in the row, as by `Row` itself.
"""

from __future__ import annotations

import re
from datetime import date

from portal.accounts.models import Role
from portal.accounts.protection import Protection, is_hidden
from portal.errors import N_
from portal.school.models import GuardianshipKind
from portal.school.roster.sheets import Row, folded
from portal.school.roster.words import HELPERS, KINDS, PROTECTIONS, ROLES
from portal.text import clock
from portal.text.addresses import read_address

HIGHEST_GRADE = 10

#: Homes are numbered by the register with as many digits as the database has room for.
_HOME = re.compile(r"[0-9]{1,9}")

#: "3", "0-2", and as people say it: "0. klasse", "3.-4. årgang".
_GRADES = re.compile(
    r"([0-9]{1,2})\.?(?: ?[-–] ?([0-9]{1,2})\.?)?(?: ?(?:klasse|kl\.?|klassetrin|trin|årgang|grade))?", re.IGNORECASE
)
#: "2026", "2026/27", "2026-2027"; "26/27" only with both years, since "26" alone could be anything.
_SCHOOL_YEAR = re.compile(r"(?:20)?(?P<both>[0-9]{2}) ?[/-] ?(?:20)?(?P<next>[0-9]{2})|20(?P<alone>[0-9]{2})")


def grades(row: Row) -> tuple[int, int] | None:
    """The lowest and the highest grade of a class."""
    text = row.filled("grade")
    if text is None:
        return None
    found = _GRADES.fullmatch(text)
    lowest, highest = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not lowest <= highest <= HIGHEST_GRADE:
        row.fault("grade", N_("This is not a grade. Write it as 3, or as 0-2 for a class of several grades."))
        return None
    return lowest, highest


def home(row: Row) -> int | None:
    """The number of a home, 0 for an empty cell; None for anything that is no number, such as an address."""
    text = row.text("home_id")
    if not text:
        return 0 if text == "" else None
    if not _HOME.fullmatch(text) or not int(text):
        row.fault("home_id", N_("This is not the number of a home. Write 1 to 999999999, and never an address."))
        return None
    return int(text)


def school_year(row: Row, today: date) -> int | None:
    """The first calendar year of a school year; the current one for an empty cell."""
    current = clock.school_year(today)
    text = row.text("school_year")
    if not text:
        return current if text == "" else None
    found = _SCHOOL_YEAR.fullmatch(text)
    first, following = (found["both"] or found["alone"], found["next"]) if found else (None, None)
    is_year = first is not None and (following is None or (int(first) + 1) % 100 == int(following))
    year = 2000 + int(first) if first is not None and is_year else 0
    if abs(year - current) > 1:
        row.fault(
            "school_year",
            N_("This is neither this school year nor one beside it. Write it as %(example)s."),
            example=clock.school_year_name(current),
        )
        return None
    return year


def kind(row: Row) -> GuardianshipKind | None:
    """How an adult belongs to a child."""
    if folded(row.cells["kind"]) in HELPERS:
        row.fault("kind", N_("A helper is invited in the portal by whoever has custody. Remove the row."))
        return None
    return row.word("kind", KINDS)


def protection(row: Row) -> tuple[Protection | None, str | None]:
    """The protection and, where the name is protected, the alias; None where the file has no such column."""
    protection = row.word("protection", PROTECTIONS) if "protection" in row else None
    if not is_hidden(protection):
        return protection, None if protection is None else ""
    alias = row.text("alias")
    if alias == "":
        row.fault("alias", N_("Somebody whose name is protected needs an alias. Write the name that others may see."))
    return protection, alias or None


def named(row: Row) -> dict[str, str | Protection | None]:
    """The name and the address of an adult."""
    return {"first_name": row.filled("first_name"), "last_name": row.text("last_name"), "email": _email(row)}


def _email(row: Row) -> str | None:
    text = row.text("email")
    if not text:
        return text
    address = read_address(text)
    if address is None:
        row.fault("email", N_("This is not an e-mail address. Correct it, or leave it empty."))
    return address


def roles(row: Row) -> list[Role]:
    """The roles in a cell, in any of the usual ways to write several."""
    words = {folded(word): role for word, role in ROLES.items()}
    found = []
    for word in re.split(r"[\s,;/]+", row.text("roles") or ""):
        if word and folded(word) not in words:
            row.fault(
                "roles", N_("“%(word)s” is not a role. Write one of: %(words)s."), word=word, words=", ".join(ROLES)
            )
        elif word:
            found.append(words[folded(word)])
    return found
