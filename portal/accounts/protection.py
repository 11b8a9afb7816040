"""What the school keeps secret about a person, and the name that others see: the alias where the real one is protected.

Decided here alone, once for objects and once for statements; `Protection.NAME` is compared nowhere else (domain 3.1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, String, case, func, literal_column

from portal.text.collation import folded, sort_key


class Protection(StrEnum):
    """What the school keeps secret about a person (navne- og adressebeskyttelse)."""

    NONE = "none"
    ADDRESS = "address"
    NAME = "name"


class Named(Protocol):
    """Anybody with a name that may be protected: a row, or somebody in the register's files."""

    @property
    def first_name(self) -> str:
        """The real first name."""

    @property
    def last_name(self) -> str:
        """The real last name, which may be empty."""

    @property
    def alias(self) -> str:
        """What others call somebody whose name is protected."""

    @property
    def protection(self) -> Protection | None:
        """What is kept secret; None where the register's files do not say."""


class Name(NamedTuple):
    """A name on its own, as it stands in a row."""

    first_name: str
    last_name: str
    alias: str
    protection: Protection | None


def is_hidden(protection: Protection | None) -> bool:
    """Whether the real name is for nobody to see."""
    return protection == Protection.NAME


def shown_names(person: Named) -> tuple[str, str]:
    """The first and the last name that others see: the alias and no last name where the real ones are protected."""
    return (person.alias, "") if is_hidden(person.protection) else (person.first_name, person.last_name)


def shown_name(person: Named) -> str:
    """The whole name that others see."""
    return " ".join(shown_names(person)).strip()


def sort_name(person: Named) -> str:
    """What puts somebody in order among others: by the name that others see, so that no place tells the real one."""
    return sort_key(shown_name(person))


def search_name(person: Named) -> str:
    """What the office finds somebody by: the real names and the alias, folded."""
    return folded(f"{person.first_name} {person.last_name} {person.alias}")


def shown_name_of(entity: Any, real: Any = None) -> ColumnElement[str]:
    """`shown_name` in a statement about a `User` or a `Pupil`; `real` is another real name, such as the first alone.

    The words stand in the statement itself: as parameters they would cost the statement of every page more than they
    save.
    """
    whole = func.trim(entity.first_name + literal_column("' '", String()) + entity.last_name) if real is None else real
    return case((is_hidden_in(entity), entity.alias), else_=whole)


def shown_last_name_of(entity: Any) -> ColumnElement[str]:
    """The last name that others see, in a statement: none beside an alias."""
    return case((is_hidden_in(entity), literal_column("''", String())), else_=entity.last_name)


def is_hidden_in(entity: Any) -> ColumnElement[bool]:
    """`is_hidden` in a statement about a `User` or a `Pupil`."""
    hidden: ColumnElement[bool] = entity.protection == literal_column(f"'{Protection.NAME}'", String())
    return hidden
