"""The predicates that surveys bring to the table."""

from __future__ import annotations

from portal.people import Person
from portal.policy.predicates import rule
from portal.surveys.models import ClassSurvey


@rule("the class has seen it with its teacher")
def seen_by_class(person: Person, subject: ClassSurvey) -> bool:
    return subject.shown_on is not None


@rule("the class team of some class")
def teaches_somewhere(person: Person, subject: object) -> bool:
    return bool(person.teams)


@rule("in a council, or its facilitator")
def near_a_council(person: Person, subject: object) -> bool:
    return bool(person.councils or person.facilitates)
