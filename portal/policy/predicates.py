"""Who may do what: every action of the portal, with one rule each, in one place.

Rules read the `Person` and what the subject's own `get_x` loaded, nothing else. `flask policy` prints them as a matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Role, User, UserSession
from portal.agreements.models import AgreementKind, AgreementVersion, ClassAgreement
from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.models import Council
from portal.events.models import Audience, ClassEvent
from portal.events.questions.models import EventQuestion
from portal.notifications.models import Delivery
from portal.people import ClassRef, Person
from portal.playdates.models import Playdate
from portal.playgroups.models import ClassToPlan, GroupAtHome
from portal.school.access.models import ChildAccess
from portal.school.models import (
    Guardianship,
    GuardianshipKind,
    Pupil,
    SchoolClass,
)
from portal.school.year_groups.models import YearGroup
from portal.strategy.amendments.models import AnyAmendment
from portal.strategy.kinds import AmendmentSource, AmendmentState, EditionState
from portal.strategy.models import Clause, Edition
from portal.strategy.replies.models import Reply
from portal.updates.models import UpdateState, WellbeingUpdate

Holds = Callable[[Person, Any], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether a person may, and the same in words for whoever reads `flask policy`."""

    words: str
    holds: Holds

    def __call__(self, person: Person, subject: Any) -> bool:
        """Whether the rule holds for the person and the subject."""
        return self.holds(person, subject)


def rule(words: str) -> Callable[[Holds], Rule]:
    """Make a rule of a function, said in these words."""
    return lambda holds: Rule(words, holds)


def any_of(*rules: Rule) -> Rule:
    """A rule that holds when one of these does."""
    return Rule(" or ".join(one.words for one in rules), lambda who, what: any(one.holds(who, what) for one in rules))


def all_of(*rules: Rule) -> Rule:
    """A rule that holds when all of these do."""
    return Rule(
        " and ".join(f"({one.words})" if " or " in one.words else one.words for one in rules),
        lambda who, what: all(one.holds(who, what) for one in rules),
    )


@rule("everybody signed in")
def signed_in(person: Person, subject: object) -> bool:
    return True


def role(*roles: Role) -> Rule:
    return Rule(" or ".join(role.replace("_", " ") for role in roles), lambda person, subject: person.has(*roles))


office = role(Role.OFFICE)
sees_all_classes = role(Role.LEADERSHIP, Role.AKT)


def _class_id(subject: Any) -> int:
    return int(subject.id if isinstance(subject, SchoolClass | ClassRef) else subject.class_id)


@rule("the class team")
def team(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.teams


@rule("a guardian (custody, foster) in the class")
def guardian_in_class(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.guardian_classes


@rule("who has a child in the class, helpers too")
def child_in_class(person: Person, subject: Any) -> bool:
    return any(
        child.school_class is not None and child.school_class.id == _class_id(subject) for child in person.children
    )


@rule("a pupil of the class")
def pupil_in_class(person: Person, subject: Any) -> bool:
    return person.own_class is not None and person.own_class.id == _class_id(subject)


@rule("the child's guardian (custody, foster)")
def holds_child(person: Person, pupil: Pupil) -> bool:
    return any(c.pupil_id == pupil.id and c.kind != GuardianshipKind.HELPER for c in person.children)


@rule("a guardian (custody, foster) of some child")
def guardian(person: Person, subject: object) -> bool:
    return any(child.kind != GuardianshipKind.HELPER for child in person.children)


@rule("who has custody of the child")
def custody(person: Person, pupil: Pupil) -> bool:
    return any(c.pupil_id == pupil.id and c.kind == GuardianshipKind.CUSTODY for c in person.children)


@rule("who invited the helper and has custody")
def invited(person: Person, guardianship: Guardianship) -> bool:
    """Whether the person brought this helper in and still has custody of the child."""
    return (
        guardianship.kind == GuardianshipKind.HELPER
        and guardianship.invited_by_id == person.id
        and custody(person, guardianship.pupil)
    )


@rule("not about a child of one's own")
def not_own_child(person: Person, subject: ChildAccess | SchoolClass) -> bool:
    """Nobody decides about the adults around a child whom they are one of, not even while they are kept out."""
    return not (isinstance(subject, ChildAccess) and person.id in subject.adult_ids)


@rule("oneself")
def oneself(person: Person, user: User) -> bool:
    return user.id == person.id


@rule("whose session it is")
def own_session(person: Person, session: UserSession) -> bool:
    return session.user_id == person.id


@rule("whom it was sent to")
def own_notification(person: Person, delivery: Delivery) -> bool:
    return delivery.user_id == person.id


def _council_id(subject: Any) -> int | None:
    """The council a thing belongs to; None for an amendment that comes from the staff."""
    found: int | None = subject.id if isinstance(subject, Council) else subject.council_id
    return found


@rule("a member of the council")
def in_council(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.councils


@rule("the council's facilitator")
def facilitator(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.facilitates


@rule("the council's chair")
def chair(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.chairs & person.speaks_in


@rule("the meeting has not begun")
def not_begun(person: Person, subject: CouncilMeeting | AgendaItem) -> bool:
    meeting = subject.meeting if isinstance(subject, AgendaItem) else subject
    return meeting.state == MeetingState.PLANNED


@rule("who put it up")
def put_it_up(person: Person, subject: CouncilMeeting | AgendaItem) -> bool:
    return isinstance(subject, AgendaItem) and subject.put_up_by_id == person.id


@rule("who wrote it down and still speaks for the class")
def wrote_it(person: Person, entry: ClassInput) -> bool:
    is_adult = entry.class_id in person.teams or entry.council_id in person.facilitates
    return entry.written_by_id == person.id and (is_adult or all_of(speaks_here, pupil_in_class)(person, entry))


@rule("a member (no substitute) of the council")
def speaks_here(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.speaks_in


@rule("a member (no substitute) or facilitator of a council")
def speaks_somewhere(person: Person, subject: object) -> bool:
    return bool(person.speaks_in or person.facilitates)


@rule("it is about a clause of the strategy")
def about_clause(person: Person, subject: object) -> bool:
    return isinstance(subject, Clause)


@rule("it is about an amendment")
def about_amendment(person: Person, subject: object) -> bool:
    return isinstance(subject, AnyAmendment)


@rule("who wrote it")
def author(person: Person, amendment: AnyAmendment) -> bool:
    return amendment.author_id == person.id


#: From `forwarded` on an amendment has left the council, and everybody at the school may follow it (domain 3.3).
LEFT_THE_COUNCIL = frozenset(
    {
        AmendmentState.FORWARDED,
        AmendmentState.APPROVED,
        AmendmentState.APPROVED_CHANGED,
        AmendmentState.REJECTED,
        AmendmentState.DEFERRED,
        AmendmentState.IN_EDITION,
    }
)


@rule("the team of the class that hears it now")
def team_that_hears(person: Person, reply: Reply) -> bool:
    return reply.class_id in person.teams


@rule("it is the council's own, or its class has left the school")
def for_council(person: Person, reply: Reply) -> bool:
    return reply.is_for_council or reply.has_left


@rule("the council has sent it on")
def forwarded(person: Person, amendment: AnyAmendment) -> bool:
    return amendment.state in LEFT_THE_COUNCIL


@rule("the board has answered it")
def answered_by_board(person: Person, amendment: AnyAmendment) -> bool:
    return amendment.state in LEFT_THE_COUNCIL - {AmendmentState.FORWARDED}


@rule("everybody at the school (guardians by custody or foster, staff, pupils in a council)")
def at_school(person: Person, subject: object) -> bool:
    """Whether something ties the person to the school today; helping with a child does not, nor having been here."""
    return bool(person.is_staff or person.guardian_classes or person.councils)


@rule("it comes from the staff")
def from_staff(person: Person, amendment: AnyAmendment) -> bool:
    return amendment.source == AmendmentSource.STAFF


#: Those who write the grown-ups' own amendments, and read what is said in the hearing.
hears = role(Role.LEADERSHIP, Role.AKT, Role.BOARD_SECRETARY)


@rule("a facilitator of any council")
def facilitates_somewhere(person: Person, subject: object) -> bool:
    return bool(person.facilitates)


@rule("its minutes are approved")
def minutes_approved(person: Person, meeting: CouncilMeeting) -> bool:
    return meeting.state == MeetingState.MINUTES_APPROVED


def is_public(subject: Edition | Clause) -> bool:
    """Whether everybody may read it, signed in or not: today's text and earlier ones (domain 3.2)."""
    edition = subject if isinstance(subject, Edition) else subject.section.edition
    return edition.state != EditionState.DRAFT


@rule("the board has approved it")
def public(person: Person, subject: Edition | Clause) -> bool:
    return is_public(subject)


reads_drafts = role(Role.OFFICE, Role.LEADERSHIP, Role.BOARD_SECRETARY)


@rule("it is published")
def published(person: Person, update: WellbeingUpdate) -> bool:
    return update.state == UpdateState.PUBLISHED


@rule("it is the children's rules")
def class_rules(person: Person, subject: ClassAgreement | AgreementVersion) -> bool:
    return subject.kind == AgreementKind.RULES


@rule("it is the parents' agreements")
def parent_agreements(person: Person, subject: ClassAgreement | AgreementVersion) -> bool:
    return subject.kind == AgreementKind.PARENTS


@rule("nobody has hidden it")
def not_hidden(person: Person, subject: ClassAgreement | AgreementVersion) -> bool:
    return not (isinstance(subject, AgreementVersion) and subject.hidden_at is not None)


@rule("who represents the class's parents")
def represents(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.represents


@rule("the class team of a class of the year")
def team_in_year(person: Person, year_group: YearGroup) -> bool:
    return not year_group.class_ids.isdisjoint(person.teams)


@rule("a guardian (custody, foster) in a class of the year")
def guardian_in_year(person: Person, year_group: YearGroup) -> bool:
    return not year_group.class_ids.isdisjoint(person.guardian_classes)


@rule("a parent of the year")
def parent_of_year(person: Person, subject: Any) -> bool:
    """Whether the person is a year-group parent of the year, or of a class of it."""
    if isinstance(subject, YearGroup):
        return subject.id in person.year_groups
    return any(_class_id(subject) in class_ids for class_ids in person.year_groups.values())


@rule("the class team of an invited class")
def team_of_event(person: Person, event: ClassEvent) -> bool:
    return not event.class_ids.isdisjoint(person.teams)


@rule("it is out")
def is_out(person: Person, event: ClassEvent) -> bool:
    """Whether the minutes are over in which its organisers alone see it."""
    return event.is_out


@rule("who has a child in an invited class, helpers too")
def child_invited(person: Person, event: ClassEvent) -> bool:
    return any(child.school_class is not None and child.school_class.id in event.class_ids for child in person.children)


@rule("a guardian (custody, foster) in an invited class")
def guardian_invited(person: Person, event: ClassEvent) -> bool:
    return not event.class_ids.isdisjoint(person.guardian_classes)


for_school = Rule("it is for the whole school", lambda person, event: event.audience == Audience.SCHOOL)
for_classes = Rule("it is not for the whole school", lambda person, event: event.audience != Audience.SCHOOL)


@rule("a pupil of an invited class")
def pupil_invited(person: Person, event: ClassEvent) -> bool:
    return person.own_class is not None and person.own_class.id in event.class_ids


@rule("who organises the event")
def organises(person: Person, event: ClassEvent) -> bool:
    return person.id in event.organiser_ids


@rule("who organises the event it is about")
def organises_asked(person: Person, question: EventQuestion) -> bool:
    event = question.event
    belongs = guardian_invited(person, event) or team_of_event(person, event) or sees_all_classes(person, event)
    return organises(person, event) and belongs


@rule("who offers it")
def offers(person: Person, playdate: Playdate) -> bool:
    return person.id == playdate.offered_by_id


@rule("the class team lets representatives plan")
def lets_representatives(person: Person, subject: ClassToPlan) -> bool:
    return subject.lets_representatives


@rule("a guardian (custody, foster) of a child in the group")
def guardian_in_group(person: Person, subject: GroupAtHome) -> bool:
    own = person.children_in({subject.class_id})
    return any(child.pupil_id in subject.pupil_ids and child.kind != GuardianshipKind.HELPER for child in own)


@rule("a child of the group")
def pupil_in_group(person: Person, subject: GroupAtHome) -> bool:
    return person.pupil_id in subject.pupil_ids


@rule("the home that hosts, where there is one")
def hosts_group(person: Person, subject: GroupAtHome) -> bool:
    return not subject.host_ids or person.id in subject.host_ids
