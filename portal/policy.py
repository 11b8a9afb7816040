"""Who may do what: every action of the portal, with one rule each, in one place.

Rules read the `Person` and what the subject's own `get_x` loaded, nothing else. `flask policy` prints them as a matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.accounts.models import Role, SignInLink, User, UserSession
from portal.agreements.models import AgreementKind, AgreementVersion, ClassAgreement
from portal.council.models import AgendaItem, Council, CouncilMember, CouncilSession, Facilitator, SessionState
from portal.events.models import ClassEvent
from portal.notifications.models import Delivery
from portal.people import ClassRef, Person
from portal.school.models import (
    CalendarPeriod,
    ClassYear,
    Guardianship,
    GuardianshipKind,
    HelpContact,
    Pupil,
    Representative,
    RosterUpload,
    SchoolClass,
    TeamMember,
    TextTemplate,
)
from portal.strategy.kinds import AmendmentState, EditionState
from portal.strategy.models import Amendment, Clause, Comment, DeadLink, Edition
from portal.updates.models import ToldElsewhere, UpdateState, WellbeingUpdate

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


class Action(StrEnum):
    """Everything a signed-in person can ask for. The value is what `flask policy` prints."""

    PORTAL_USE = "use the portal"
    ACCOUNT_VIEW = "see an account"
    ACCOUNT_MANAGE = "manage accounts"
    SESSION_END = "end a session"
    LINK_PRINT = "print a sign-in link"
    SCHOOL_MANAGE = "manage the school"
    SCHOOL_OVERVIEW = "see all classes"
    CALENDAR_MANAGE = "keep the school's calendar"
    CLASS_VIEW = "see a class"
    CLASS_APPOINT = "appoint in a class"
    CLASS_EDIT = "edit a class"
    CHILD_VIEW = "see a child's page"
    HELPER_INVITE = "invite a helper for a child"
    HELPER_END = "end a helper"
    ROSTER_IMPORT = "import the roster"
    COUNCIL_VIEW = "see a council"
    COUNCIL_CHAIR = "choose a council's chair"
    COUNCIL_MANAGE = "make councils and choose facilitators"
    NOTIFICATION_OPEN = "open a notification"
    EDITION_VIEW = "read an edition"
    CLAUSE_VIEW = "read a clause"
    STRATEGY_MANAGE = "import the strategy and mark its dead links"
    STRATEGY_APPROVE = "record that the board approved the strategy"
    CYCLE_MANAGE = "open the year's review and move it on"
    AMENDMENT_VIEW = "see an amendment"
    AMENDMENT_DRAFT = "draft an amendment"
    AMENDMENT_EDIT = "edit, submit or withdraw an amendment"
    AMENDMENT_MERGE = "make an amendment a part of another"
    COMMENT_VIEW = "read a comment"
    COMMENT_WRITE = "say something in a council's talk"
    COMMENT_REPORT = "report a comment"
    COMMENT_HIDE = "hide a comment"
    SESSION_VIEW = "see a council meeting's minutes"
    SESSION_FOLLOW = "follow a council meeting"
    SESSION_MANAGE = "plan and run council meetings"
    UPDATE_VIEW = "read an update"
    UPDATE_FEED = "read a class's news"
    UPDATE_WRITE = "write to a class"
    UPDATE_EDIT = "edit an update"
    UPDATE_PUBLISH = "publish an update"
    UPDATE_WITHDRAW = "take an update back"
    UPDATE_THANK = "say thank you for an update"
    UPDATE_REACH = "see an update's reach"
    CADENCE_VIEW = "see how often the classes tell"
    AGREEMENT_VIEW = "read a class's rules or parent agreements"
    AGREEMENT_WRITE = "write and renew a class's rules or parent agreements"
    AGREEMENT_OVERVIEW = "see which classes have renewed their texts"
    TEMPLATE_MANAGE = "look after the school's templates"
    CONTACTS_VIEW = "see a class's contact list"
    CONTACTS_EDIT = "choose what a class may see of oneself"
    EVENT_VIEW = "see an event"
    EVENT_CREATE = "invite a class to an event"
    EVENT_EDIT = "change, move or cancel an event"
    EVENT_ANSWER = "answer for one's own children"
    EVENT_ANSWERS = "see who has not answered, and answer for a home"


def any_of(*rules: Rule) -> Rule:
    """A rule that holds when one of these does."""
    return Rule(
        " or ".join(one.words for one in rules), lambda person, subject: any(one(person, subject) for one in rules)
    )


def all_of(*rules: Rule) -> Rule:
    """A rule that holds when all of these do."""
    return Rule(
        " and ".join(f"({one.words})" if " or " in one.words else one.words for one in rules),
        lambda person, subject: all(one(person, subject) for one in rules),
    )


@rule("everybody signed in")
def _signed_in(person: Person, subject: object) -> bool:
    return True


def _role(*roles: Role) -> Rule:
    return Rule(" or ".join(role.replace("_", " ") for role in roles), lambda person, subject: person.has(*roles))


_office = _role(Role.OFFICE)
_sees_all_classes = _role(Role.LEADERSHIP, Role.AKT)


def _class_id(subject: Any) -> int:
    return int(subject.id if isinstance(subject, SchoolClass | ClassRef) else subject.class_id)


@rule("the class team")
def _team(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.teams


@rule("a guardian (custody, foster) in the class")
def _guardian_in_class(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.guardian_classes


@rule("a pupil of the class")
def _pupil_in_class(person: Person, subject: Any) -> bool:
    return person.own_class is not None and person.own_class.id == _class_id(subject)


@rule("the child's guardian (custody, foster)")
def _holds_child(person: Person, pupil: Pupil) -> bool:
    return any(c.pupil_id == pupil.id and c.kind != GuardianshipKind.HELPER for c in person.children)


@rule("who has custody of the child")
def _custody(person: Person, pupil: Pupil) -> bool:
    return any(c.pupil_id == pupil.id and c.kind == GuardianshipKind.CUSTODY for c in person.children)


@rule("who invited the helper and has custody")
def _invited(person: Person, guardianship: Guardianship) -> bool:
    """Whether the person brought this helper in and still has custody of the child."""
    return (
        guardianship.kind == GuardianshipKind.HELPER
        and guardianship.invited_by_id == person.id
        and _custody(person, guardianship.pupil)
    )


@rule("oneself")
def _oneself(person: Person, user: User) -> bool:
    return user.id == person.id


@rule("whose session it is")
def _own_session(person: Person, session: UserSession) -> bool:
    return session.user_id == person.id


@rule("whom it was sent to")
def _own_notification(person: Person, delivery: Delivery) -> bool:
    return delivery.user_id == person.id


def _council_id(subject: Any) -> int | None:
    """The council a thing belongs to; None for an amendment that comes from the staff."""
    found: int | None = subject.id if isinstance(subject, Council) else subject.council_id
    return found


@rule("a member of the council")
def _in_council(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.councils


@rule("the council's facilitator")
def _facilitator(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.facilitates


@rule("a member (no substitute) of the council")
def _speaks_here(person: Person, subject: Any) -> bool:
    return _council_id(subject) in person.speaks_in


@rule("a member (no substitute) or facilitator of a council")
def _speaks_somewhere(person: Person, subject: object) -> bool:
    return bool(person.speaks_in or person.facilitates)


@rule("it is about a clause of the strategy")
def _about_clause(person: Person, subject: object) -> bool:
    return isinstance(subject, Clause)


@rule("it is about an amendment")
def _about_amendment(person: Person, subject: object) -> bool:
    return isinstance(subject, Amendment)


@rule("who wrote it")
def _author(person: Person, amendment: Amendment) -> bool:
    return amendment.author_id == person.id


#: From `forwarded` on an amendment has left the council, and everybody at the school may follow it (design 3.3).
LEFT_THE_COUNCIL = frozenset(
    {
        AmendmentState.FORWARDED, AmendmentState.APPROVED, AmendmentState.APPROVED_CHANGED, AmendmentState.REJECTED,
        AmendmentState.DEFERRED, AmendmentState.IN_EDITION,
    }
)  # fmt: skip


@rule("the council has sent it on")
def _forwarded(person: Person, amendment: Amendment) -> bool:
    return amendment.state in LEFT_THE_COUNCIL


@rule("its minutes are approved")
def _minutes_approved(person: Person, session: CouncilSession) -> bool:
    return session.state == SessionState.MINUTES_APPROVED


def is_public(subject: Edition | Clause) -> bool:
    """Whether everybody may read it, signed in or not: today's text and earlier ones (design 3.2)."""
    edition = subject if isinstance(subject, Edition) else subject.section.edition
    return edition.state != EditionState.DRAFT


@rule("the board has approved it")
def _public(person: Person, subject: Edition | Clause) -> bool:
    return is_public(subject)


_reads_drafts = _role(Role.OFFICE, Role.LEADERSHIP, Role.BOARD_SECRETARY)


@rule("it is published")
def _published(person: Person, update: WellbeingUpdate) -> bool:
    return update.state == UpdateState.PUBLISHED


@rule("it is the children's rules")
def _class_rules(person: Person, subject: ClassAgreement | AgreementVersion) -> bool:
    return subject.kind == AgreementKind.RULES


@rule("it is the parents' agreements")
def _parent_agreements(person: Person, subject: ClassAgreement | AgreementVersion) -> bool:
    return subject.kind == AgreementKind.PARENTS


@rule("who represents the class's parents")
def _represents(person: Person, subject: Any) -> bool:
    return _class_id(subject) in person.represents


@rule("the class team of an invited class")
def _team_of_event(person: Person, event: ClassEvent) -> bool:
    return not event.class_ids.isdisjoint(person.teams)


@rule("who has a child in an invited class, helpers too")
def _child_invited(person: Person, event: ClassEvent) -> bool:
    return any(child.school_class is not None and child.school_class.id in event.class_ids for child in person.children)


@rule("a guardian (custody, foster) in an invited class")
def _guardian_invited(person: Person, event: ClassEvent) -> bool:
    return not event.class_ids.isdisjoint(person.guardian_classes)


@rule("a pupil of an invited class")
def _pupil_invited(person: Person, event: ClassEvent) -> bool:
    return person.own_class is not None and person.own_class.id in event.class_ids


@rule("who organises the event")
def _organises(person: Person, event: ClassEvent) -> bool:
    return person.id in event.organiser_ids


RULES: dict[Action, Rule] = {
    Action.PORTAL_USE: _signed_in,
    Action.ACCOUNT_VIEW: any_of(_oneself, _office),
    Action.ACCOUNT_MANAGE: _office,
    Action.SESSION_END: _own_session,
    Action.LINK_PRINT: _office,
    Action.SCHOOL_MANAGE: _office,
    Action.SCHOOL_OVERVIEW: any_of(_sees_all_classes, _office),
    Action.CALENDAR_MANAGE: _role(Role.OFFICE, Role.LEADERSHIP),
    Action.CLASS_VIEW: any_of(_team, _guardian_in_class, _pupil_in_class, _sees_all_classes, _office),
    Action.CLASS_APPOINT: any_of(_team, _office),
    Action.CLASS_EDIT: _office,
    Action.CHILD_VIEW: _holds_child,
    Action.HELPER_INVITE: _custody,
    Action.HELPER_END: any_of(_invited, _office),
    Action.ROSTER_IMPORT: _office,
    Action.COUNCIL_VIEW: any_of(_in_council, _facilitator, _office),
    Action.COUNCIL_CHAIR: any_of(_facilitator, _office),
    Action.COUNCIL_MANAGE: _office,
    Action.NOTIFICATION_OPEN: _own_notification,
    Action.EDITION_VIEW: any_of(_public, _reads_drafts),
    Action.CLAUSE_VIEW: any_of(_public, _reads_drafts),
    Action.STRATEGY_MANAGE: _office,
    Action.STRATEGY_APPROVE: _role(Role.OFFICE, Role.BOARD_SECRETARY),
    Action.CYCLE_MANAGE: _role(Role.OFFICE, Role.LEADERSHIP, Role.BOARD_SECRETARY),
    Action.AMENDMENT_VIEW: any_of(_in_council, _facilitator, all_of(_forwarded, _signed_in)),
    Action.AMENDMENT_DRAFT: _speaks_somewhere,
    Action.AMENDMENT_EDIT: any_of(all_of(_author, _speaks_here), _facilitator),
    Action.AMENDMENT_MERGE: _facilitator,
    Action.COMMENT_VIEW: any_of(_in_council, _facilitator),
    Action.COMMENT_WRITE: any_of(
        all_of(_about_clause, _speaks_somewhere), all_of(_about_amendment, any_of(_speaks_here, _facilitator))
    ),
    Action.COMMENT_REPORT: any_of(_in_council, _facilitator),
    Action.COMMENT_HIDE: _facilitator,
    Action.SESSION_VIEW: any_of(
        _in_council, _facilitator, all_of(_minutes_approved, _role(Role.OFFICE, Role.LEADERSHIP))
    ),
    Action.SESSION_FOLLOW: any_of(_in_council, _facilitator),
    Action.SESSION_MANAGE: _facilitator,
    Action.UPDATE_VIEW: any_of(_team, all_of(_published, any_of(_guardian_in_class, _sees_all_classes))),
    Action.UPDATE_FEED: any_of(_team, _guardian_in_class, _sees_all_classes),
    Action.UPDATE_WRITE: _team,
    Action.UPDATE_EDIT: _team,
    Action.UPDATE_PUBLISH: _team,
    Action.UPDATE_WITHDRAW: any_of(_team, all_of(_published, _role(Role.LEADERSHIP))),
    Action.UPDATE_THANK: all_of(_published, _guardian_in_class),
    Action.UPDATE_REACH: all_of(_team, _published),
    Action.CADENCE_VIEW: _sees_all_classes,
    Action.AGREEMENT_VIEW: any_of(_team, _guardian_in_class, _sees_all_classes, all_of(_class_rules, _pupil_in_class)),
    Action.AGREEMENT_WRITE: any_of(_team, all_of(_parent_agreements, _represents)),
    Action.AGREEMENT_OVERVIEW: _sees_all_classes,
    Action.TEMPLATE_MANAGE: _role(Role.OFFICE, Role.LEADERSHIP),
    Action.CONTACTS_VIEW: any_of(_team, _guardian_in_class),
    Action.CONTACTS_EDIT: _guardian_in_class,
    Action.EVENT_VIEW: any_of(_team_of_event, _child_invited, _pupil_invited, _sees_all_classes),
    Action.EVENT_CREATE: any_of(_team, _guardian_in_class),
    Action.EVENT_EDIT: any_of(_team_of_event, all_of(_organises, _guardian_invited)),
    Action.EVENT_ANSWER: _child_invited,
    Action.EVENT_ANSWERS: _team_of_event,
}

#: What a person must be allowed before they learn that such a thing exists at all.
VIEW_ACTION: dict[type, Action] = {
    User: Action.ACCOUNT_VIEW,
    UserSession: Action.SESSION_END,
    SignInLink: Action.LINK_PRINT,
    SchoolClass: Action.CLASS_VIEW,
    ClassRef: Action.CLASS_VIEW,
    ClassYear: Action.CLASS_VIEW,
    TeamMember: Action.CLASS_VIEW,
    Representative: Action.CLASS_VIEW,
    Pupil: Action.CHILD_VIEW,
    Guardianship: Action.HELPER_END,
    HelpContact: Action.SCHOOL_MANAGE,
    CalendarPeriod: Action.PORTAL_USE,
    RosterUpload: Action.ROSTER_IMPORT,
    Council: Action.COUNCIL_VIEW,
    CouncilMember: Action.COUNCIL_VIEW,
    Facilitator: Action.COUNCIL_VIEW,
    Delivery: Action.NOTIFICATION_OPEN,
    Edition: Action.EDITION_VIEW,
    Clause: Action.CLAUSE_VIEW,
    DeadLink: Action.STRATEGY_MANAGE,
    Amendment: Action.AMENDMENT_VIEW,
    Comment: Action.COMMENT_VIEW,
    CouncilSession: Action.SESSION_VIEW,
    AgendaItem: Action.SESSION_FOLLOW,
    WellbeingUpdate: Action.UPDATE_VIEW,
    ToldElsewhere: Action.UPDATE_WRITE,
    ClassAgreement: Action.AGREEMENT_VIEW,
    AgreementVersion: Action.AGREEMENT_VIEW,
    TextTemplate: Action.TEMPLATE_MANAGE,
    ClassEvent: Action.EVENT_VIEW,
}


def can(person: Person, action: Action, subject: object = None) -> bool:
    """Whether the person may do the action to the subject."""
    return RULES[action](person, subject)
