"""The predicates that initiatives bring to the table: whose one is, and whether AKT is in it."""

from __future__ import annotations

from portal.initiatives.models import AnyInitiative
from portal.people import Person
from portal.policy.predicates import rule


@rule("it is a class's")
def of_class(person: Person, subject: AnyInitiative) -> bool:
    """Whether it is one of a class, for its homes to read."""
    return subject.class_id is not None


@rule("it is a council's or the school's")
def of_all(person: Person, subject: AnyInitiative) -> bool:
    """Whether everybody at the school may read it."""
    return subject.class_id is None


@rule("it is the school's")
def of_school(person: Person, subject: AnyInitiative) -> bool:
    """Whether it is the whole school's own."""
    return subject.class_id is None and subject.council_id is None


@rule("AKT is in it")
def with_akt(person: Person, subject: AnyInitiative) -> bool:
    """Whether the class team said that AKT helps."""
    return subject.with_akt
