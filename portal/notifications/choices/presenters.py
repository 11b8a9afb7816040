"""What somebody is told of at all, so that nobody chooses about what never comes."""

from __future__ import annotations

from portal.accounts.models import Role
from portal.acts.topics import Topic
from portal.people import Person
from portal.school.models import GuardianshipKind

#: Who answers what the councils send on.
HEARS = frozenset({Role.LEADERSHIP, Role.AKT, Role.BOARD_SECRETARY})


def topics_of(person: Person) -> list[Topic]:
    """The topics that mail to this person is about and that they choose for, as of today."""
    is_guardian = any(child.kind != GuardianshipKind.HELPER for child in person.children)
    concerned = {
        Topic.NEWS: is_guardian,
        Topic.EVENTS: bool(person.children),
        Topic.AGREEMENTS: is_guardian,
        Topic.STRATEGY: True,
        Topic.COUNCIL: bool(person.councils or person.facilitates or person.roles & HEARS),
        Topic.WORK: bool(person.teams),
    }
    return [topic for topic, is_concerned in concerned.items() if is_concerned]
