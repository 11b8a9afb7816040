"""What the year wheel's rules are made of: who sees to a duty, and who noted it."""

from __future__ import annotations

from portal.accounts.models import Role
from portal.people import Person
from portal.policy.predicates import rule
from portal.proofs import Per
from portal.year_wheel.models import DutyLine, NotedProof, Owner

#: The roles that see to a duty of the school beside the leadership, who may note every one.
ROLES = {Owner.AKT: Role.AKT, Owner.BOARD_SECRETARY: Role.BOARD_SECRETARY, Owner.OFFICE: Role.OFFICE}


@rule("the role that sees to the duty")
def has_its_role(person: Person, duty: DutyLine) -> bool:
    """Whether the duty is that of a role of the person's, wherever it is to be done."""
    return duty.owner in ROLES and person.has(ROLES[duty.owner])


@rule("whoever sees to the duty: the role, a class's team for a class, a facilitator for a council")
def sees_to(person: Person, duty: DutyLine) -> bool:
    """Whether the duty is one for the person; in their own classes and councils alone where it is no role's."""
    if duty.per is Per.CLASS and person.teams:
        return True
    if duty.per is Per.COUNCIL and person.facilitates:
        return True
    return has_its_role(person, duty)


@rule("whoever noted it and still works here")
def noted_it(person: Person, noted: NotedProof) -> bool:
    """Whether the note is the person's own."""
    return noted.noted_by_id == person.id and person.is_staff


@rule("the team of its class")
def team_of_noted(person: Person, noted: NotedProof) -> bool:
    """Whether the note is about a class of the person's."""
    return noted.class_id in person.teams
