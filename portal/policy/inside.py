"""Rules about who is inside the school: those who work there, and pupils."""

from __future__ import annotations

from portal.people import Person
from portal.policy.predicates import rule


@rule("who works at the school")
def staff(person: Person, subject: object) -> bool:
    """Whether somebody has a role, a class or a council here today."""
    return person.is_staff


@rule("a pupil who signs in")
def pupil(person: Person, subject: object) -> bool:
    """Whether somebody is in a class here today as a pupil."""
    return person.own_class is not None
