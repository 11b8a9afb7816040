"""The table: one rule for each action. `flask policy` prints it as a matrix."""

from __future__ import annotations

from portal.accounts.models import Role, SignInLink, User, UserSession
from portal.agreements.models import AgreementVersion, ClassAgreement
from portal.akt.models import AktNote, AktRequest
from portal.council.class_inputs.models import ClassInput, ClassSheet, ClassVoice
from portal.council.meetings.models import AgendaItem, CouncilMeeting
from portal.council.models import Council, CouncilMember, Facilitator
from portal.council.screen.models import Pulse
from portal.council.years.models import CouncilYear
from portal.events.models import ClassEvent, EventToRead
from portal.events.questions.models import EventQuestion
from portal.fixed_days.models import FixedDay
from portal.initiatives.models import CouncilRef, Initiative, InitiativeToRead
from portal.notifications.models import Delivery
from portal.parent_meetings.material.models import MaterialYear, MeetingMaterial
from portal.parent_meetings.models import ParentMeeting
from portal.people import ClassRef, Person
from portal.play_patrol.models import PatrolTurn
from portal.playdates.models import Playdate
from portal.playgroups.models import ClassToPlan, GroupAtHome, PlaygroupRound
from portal.playgroups.parted.models import PartedPair
from portal.policy import duties as wheel
from portal.policy import initiatives as begun
from portal.policy import inside
from portal.policy import predicates as who
from portal.policy import surveys as asked
from portal.policy.actions import Action
from portal.policy.predicates import Rule, all_of, any_of
from portal.school.access.models import ChildAccess
from portal.school.days_off.models import CalendarPeriod
from portal.school.help_contacts.models import HelpContact
from portal.school.models import (
    ChildHelpers,
    ClassYear,
    Guardianship,
    Pupil,
    Representative,
    SchoolClass,
    TeamMember,
)
from portal.school.roster.models import RosterUpload
from portal.school.text_templates.models import TextTemplate
from portal.school.year_groups.models import YearGroup
from portal.strategy.amendments.models import Amendment, FollowedAmendment
from portal.strategy.comments.models import Comment
from portal.strategy.models import Clause, DeadLink, Edition
from portal.strategy.replies.models import Reply
from portal.surveys.bank.models import SurveyQuestion
from portal.surveys.models import ClassSurvey, Survey
from portal.themes.models import ThemeLine
from portal.updates.cadence.models import ToldElsewhere
from portal.updates.models import WellbeingUpdate
from portal.year_wheel.models import DutyLine, NotedProof, WheelYear

RULES: dict[Action, Rule] = {
    Action.PORTAL_USE: who.signed_in,
    Action.ACCOUNT_VIEW: any_of(who.oneself, who.office),
    Action.ACCOUNT_MANAGE: who.office,
    Action.SESSION_END: who.own_session,
    Action.LINK_PRINT: who.office,
    Action.ACTS_VIEW: who.role(Role.OFFICE, Role.LEADERSHIP),
    Action.SCHOOL_MANAGE: who.office,
    Action.SCHOOL_OVERVIEW: any_of(who.sees_all_classes, who.office),
    Action.CALENDAR_MANAGE: who.role(Role.OFFICE, Role.LEADERSHIP),
    Action.CLASS_VIEW: any_of(who.team, who.guardian_in_class, who.pupil_in_class, who.sees_all_classes, who.office),
    Action.CLASS_APPOINT: any_of(who.team, who.office),
    Action.CLASS_EDIT: who.office,
    Action.YEAR_GROUP_VIEW: any_of(who.team_in_year, who.guardian_in_year, who.sees_all_classes, who.office),
    Action.YEAR_GROUP_PLAN: any_of(who.parent_of_year, who.team_in_year, who.sees_all_classes),
    Action.YEAR_GROUP_APPOINT: any_of(who.team_in_year, who.office),
    Action.NAME_AGREE: who.team,
    Action.NAME_KNOW: any_of(who.team, who.role(Role.OFFICE, Role.LEADERSHIP)),
    Action.CHILD_VIEW: who.holds_child,
    Action.HELPER_INVITE: who.custody,
    Action.HELPER_END: any_of(who.invited, who.office),
    Action.HELPER_REPORT: who.custody,
    Action.HELPER_OVERSEE: who.office,
    Action.HOME_SHARE: who.guardian,
    Action.ACCESS_CLOSE: all_of(who.role(Role.LEADERSHIP), who.not_own_child),
    Action.ROSTER_IMPORT: who.office,
    Action.COUNCIL_VIEW: any_of(who.in_council, who.facilitator, who.office),
    Action.COUNCIL_OVERVIEW: who.role(Role.OFFICE, Role.LEADERSHIP),
    Action.COUNCIL_CHAIR: any_of(who.facilitator, who.office),
    Action.COUNCIL_YEAR_VIEW: who.at_school,
    Action.COUNCIL_MANAGE: who.office,
    Action.NOTIFICATION_OPEN: who.own_notification,
    Action.EDITION_VIEW: any_of(who.public, who.reads_drafts),
    Action.CLAUSE_VIEW: any_of(who.public, who.reads_drafts),
    Action.STRATEGY_MANAGE: who.office,
    Action.STRATEGY_APPROVE: who.role(Role.OFFICE, Role.BOARD_SECRETARY),
    Action.CYCLE_MANAGE: who.role(Role.OFFICE, Role.LEADERSHIP, Role.BOARD_SECRETARY),
    Action.REVIEW_FOLLOW: who.at_school,
    Action.AMENDMENT_VIEW: any_of(
        who.in_council, who.facilitator, all_of(who.forwarded, who.at_school), all_of(who.from_staff, who.hears)
    ),
    Action.AMENDMENT_DRAFT: any_of(who.speaks_somewhere, who.hears),
    Action.AMENDMENT_EDIT: any_of(
        all_of(who.author, who.speaks_here), who.facilitator, all_of(who.from_staff, who.hears)
    ),
    Action.AMENDMENT_MERGE: who.facilitator,
    Action.AMENDMENT_FORWARD: any_of(who.facilitator, all_of(who.from_staff, who.hears)),
    Action.AMENDMENT_ANSWER: who.role(Role.LEADERSHIP),
    Action.STATEMENT_READ: any_of(who.hears, all_of(who.answered_by_board, who.at_school)),
    Action.ADVICE_WRITE: who.hears,
    Action.MED_RECORD: who.role(Role.LEADERSHIP, Role.BOARD_SECRETARY),
    Action.COUNCIL_WORD_WRITE: all_of(who.from_staff, who.facilitates_somewhere),
    Action.BOARD_RECORD: who.role(Role.BOARD_SECRETARY),
    Action.REPLY_VIEW: any_of(who.team_that_hears, who.facilitator),
    Action.REPLY_READ: any_of(who.team_that_hears, all_of(who.for_council, who.facilitator)),
    Action.COMMENT_VIEW: any_of(who.in_council, who.facilitator),
    Action.COMMENT_WRITE: any_of(
        all_of(who.about_clause, who.speaks_somewhere),
        all_of(who.about_amendment, any_of(who.speaks_here, who.facilitator)),
    ),
    Action.COMMENT_REPORT: any_of(who.in_council, who.facilitator),
    Action.COMMENT_HIDE: who.facilitator,
    Action.MEETING_VIEW: any_of(
        who.in_council, who.facilitator, all_of(who.minutes_approved, who.role(Role.OFFICE, Role.LEADERSHIP))
    ),
    Action.MEETING_FOLLOW: any_of(who.in_council, who.facilitator),
    Action.MEETING_PLAN: any_of(all_of(who.speaks_here, who.not_begun), who.facilitator),
    Action.CLASS_INPUT_VIEW: any_of(who.in_council, who.facilitator, who.team),
    Action.CLASS_INPUT_WRITE: any_of(all_of(who.speaks_here, who.pupil_in_class), who.team, who.facilitator),
    Action.CLASS_INPUT_EDIT: who.wrote_it,
    Action.CLASS_INPUT_REMOVE: any_of(who.wrote_it, who.facilitator),
    Action.CLASS_SHEET_VIEW: any_of(who.in_council, who.facilitator, all_of(who.minutes_approved, who.team)),
    Action.ITEM_REMOVE: any_of(
        all_of(who.chair, who.not_begun), all_of(who.put_it_up, who.speaks_here, who.not_begun), who.facilitator
    ),
    Action.MEETING_MANAGE: who.facilitator,
    Action.UPDATE_VIEW: any_of(who.team, all_of(who.published, any_of(who.guardian_in_class, who.sees_all_classes))),
    Action.UPDATE_FEED: any_of(who.team, who.guardian_in_class, who.sees_all_classes),
    Action.UPDATE_WRITE: who.team,
    Action.UPDATE_EDIT: who.team,
    Action.UPDATE_PUBLISH: who.team,
    Action.UPDATE_WITHDRAW: any_of(who.team, all_of(who.published, who.role(Role.LEADERSHIP))),
    Action.UPDATE_THANK: all_of(who.published, who.guardian_in_class),
    Action.UPDATE_REACH: all_of(who.team, who.published),
    Action.CADENCE_VIEW: who.sees_all_classes,
    Action.AGREEMENT_VIEW: any_of(
        who.team,
        who.role(Role.LEADERSHIP),
        all_of(
            who.not_hidden,
            any_of(who.guardian_in_class, who.sees_all_classes, all_of(who.class_rules, who.pupil_in_class)),
        ),
    ),
    Action.AGREEMENT_WRITE: any_of(who.team, all_of(who.parent_agreements, who.represents)),
    Action.AGREEMENT_HIDE: any_of(who.team, who.role(Role.LEADERSHIP)),
    Action.AGREEMENT_OVERVIEW: who.sees_all_classes,
    Action.WHEEL_VIEW: inside.staff,
    Action.WHEEL_OVERSEE: who.role(Role.LEADERSHIP, Role.AKT, Role.BOARD_SECRETARY, Role.OFFICE),
    Action.WHEEL_EDIT: who.role(Role.LEADERSHIP),
    Action.QUIET_VIEW: any_of(who.role(Role.LEADERSHIP), asked.near_a_council),
    Action.DUTY_RECORD: any_of(who.role(Role.LEADERSHIP), wheel.sees_to),
    Action.DUTY_RECORD_EVERYWHERE: any_of(who.role(Role.LEADERSHIP), wheel.has_its_role),
    Action.PROOF_REMOVE: any_of(who.role(Role.LEADERSHIP), wheel.team_of_noted, wheel.noted_it),
    Action.THEME_EDIT: who.role(Role.LEADERSHIP),
    Action.TEMPLATE_MANAGE: who.role(Role.OFFICE, Role.LEADERSHIP),
    Action.CONTACTS_VIEW: any_of(who.team, who.guardian_in_class),
    Action.CONTACTS_EDIT: who.guardian_in_class,
    Action.EVENT_FEED: any_of(who.team, who.child_in_class, who.pupil_in_class, who.sees_all_classes),
    Action.EVENT_VIEW: any_of(
        all_of(who.is_out, any_of(who.team_of_event, who.child_invited, who.pupil_invited, who.sees_all_classes)),
        all_of(who.organises, any_of(who.guardian_invited, who.team_of_event, who.sees_all_classes)),
    ),
    Action.EVENT_CREATE: any_of(who.team, who.guardian_in_class),
    Action.EVENT_CREATE_ALSO: any_of(who.team, who.guardian_in_class, who.parent_of_year),
    Action.EVENT_CREATE_YEAR: any_of(who.team_in_year, who.parent_of_year),
    Action.EVENT_CREATE_SCHOOL: who.sees_all_classes,
    Action.EVENT_EDIT: any_of(
        all_of(who.is_out, who.for_classes, who.team_of_event),
        all_of(who.is_out, who.for_school, who.sees_all_classes),
        all_of(who.organises, any_of(who.guardian_invited, who.team_of_event, who.sees_all_classes)),
    ),
    Action.EVENT_ORGANISE: all_of(who.organises, any_of(who.guardian_invited, who.team_of_event, who.sees_all_classes)),
    Action.EVENT_TAKE_OVER: all_of(
        who.is_out, any_of(all_of(who.for_classes, who.team_of_event), who.sees_all_classes)
    ),
    Action.EVENT_ASK: all_of(who.is_out, any_of(who.child_invited, who.team_of_event)),
    Action.QUESTION_ANSWER: who.organises_asked,
    Action.EVENT_ANSWER: all_of(who.is_out, who.child_invited),
    Action.EVENT_ANSWERS: all_of(who.is_out, who.team_of_event),
    Action.EVENT_YEAR: any_of(who.team, who.guardian_in_class),
    Action.PLAYDATE_VIEW: any_of(who.team, who.guardian_in_class, who.pupil_in_class),
    Action.PLAYDATE_OFFER: who.guardian_in_class,
    Action.PLAYDATE_EDIT: all_of(who.offers, who.guardian_in_class),
    Action.PLAYDATE_WITHDRAW: any_of(who.team, all_of(who.offers, who.guardian_in_class)),
    Action.PLAYDATE_COME: who.guardian_in_class,
    Action.PLAYGROUP_MAKE: any_of(who.team, all_of(who.lets_representatives, who.represents)),
    Action.PLAYGROUP_MANAGE: who.team,
    Action.PLAYGROUP_FOLLOW: who.guardian_in_class,
    Action.PLAYGROUP_GROUP_VIEW: any_of(who.guardian_in_group, who.pupil_in_group, who.team),
    Action.PLAYGROUP_ANSWER: who.guardian_in_group,
    Action.PLAYGROUP_RECORD: any_of(all_of(who.guardian_in_group, who.hosts_group), who.team),
    Action.PLAYGROUP_ARRANGE: all_of(who.guardian_in_group, who.hosts_group),
    Action.PLAYGROUP_LOOK_BACK: any_of(who.guardian_in_class, who.pupil_in_class),
    Action.PLAYGROUP_SAY: any_of(who.guardian_in_group, who.pupil_in_group),
    Action.PARENT_MEETING_VIEW: any_of(who.team, who.guardian_in_class, who.sees_all_classes),
    Action.PARENT_MEETING_CALL: who.team,
    Action.PARENT_MEETING_OVERVIEW: who.sees_all_classes,
    Action.MATERIAL_VIEW: any_of(who.guardian, inside.staff),
    Action.MATERIAL_PUBLISH: who.role(Role.LEADERSHIP),
    Action.PATROL_VIEW: any_of(inside.staff, inside.pupil),
    Action.PATROL_MANAGE: who.sees_all_classes,
    Action.AKT_VIEW: who.sees_all_classes,
    Action.AKT_REQUEST_VIEW: any_of(who.team, who.sees_all_classes),
    Action.AKT_ASK: who.team,
    Action.AKT_ANSWER: who.sees_all_classes,
    Action.INITIATIVE_FEED: any_of(who.team, who.guardian_in_class, who.pupil_in_class, who.sees_all_classes),
    Action.INITIATIVE_FOLLOW: who.at_school,
    Action.INITIATIVE_OVERVIEW: who.sees_all_classes,
    Action.INITIATIVE_VIEW: any_of(
        all_of(begun.of_class, any_of(who.team, who.guardian_in_class, who.pupil_in_class, who.sees_all_classes)),
        all_of(begun.of_all, who.at_school),
    ),
    Action.INITIATIVE_START: who.team,
    Action.INITIATIVE_START_COUNCIL: who.facilitator,
    Action.INITIATIVE_START_SCHOOL: who.sees_all_classes,
    Action.INITIATIVE_NAMES: any_of(all_of(begun.of_class, who.team), who.role(Role.LEADERSHIP)),
    Action.INITIATIVE_CHANGE: any_of(
        all_of(begun.of_class, who.team),
        all_of(begun.of_class, begun.with_akt, who.sees_all_classes),
        who.facilitator,
        all_of(begun.of_school, who.sees_all_classes),
    ),
    Action.SURVEY_FOLLOW: any_of(who.team, who.guardian_in_class, who.pupil_in_class, who.sees_all_classes),
    Action.SURVEY_MAKE: who.team,
    Action.SURVEY_HOLD: who.team,
    Action.SURVEY_RESULT: all_of(asked.seen_by_class, any_of(who.team, who.sees_all_classes)),
    Action.SURVEY_SCHOOL_FOLLOW: any_of(who.sees_all_classes, asked.teaches_somewhere, asked.near_a_council),
    Action.SURVEY_SCHOOL_OVERVIEW: who.sees_all_classes,
    Action.SURVEY_SCHOOL_MAKE: who.role(Role.LEADERSHIP),
}

#: What a person must be allowed before they learn that such a thing exists at all.
VIEW_ACTION: dict[type, Action] = {
    User: Action.ACCOUNT_VIEW,
    UserSession: Action.SESSION_END,
    SignInLink: Action.LINK_PRINT,
    SchoolClass: Action.CLASS_VIEW,
    ClassRef: Action.CLASS_VIEW,
    ClassYear: Action.CLASS_VIEW,
    YearGroup: Action.YEAR_GROUP_VIEW,
    TeamMember: Action.CLASS_VIEW,
    Representative: Action.CLASS_VIEW,
    Pupil: Action.CHILD_VIEW,
    Guardianship: Action.HELPER_END,
    ChildHelpers: Action.HELPER_OVERSEE,
    ChildAccess: Action.ACCESS_CLOSE,
    HelpContact: Action.SCHOOL_MANAGE,
    CalendarPeriod: Action.PORTAL_USE,
    FixedDay: Action.PORTAL_USE,
    RosterUpload: Action.ROSTER_IMPORT,
    Council: Action.COUNCIL_VIEW,
    CouncilMember: Action.COUNCIL_VIEW,
    Facilitator: Action.COUNCIL_VIEW,
    CouncilYear: Action.COUNCIL_YEAR_VIEW,
    Delivery: Action.NOTIFICATION_OPEN,
    Edition: Action.EDITION_VIEW,
    Clause: Action.CLAUSE_VIEW,
    DeadLink: Action.STRATEGY_MANAGE,
    Amendment: Action.AMENDMENT_VIEW,
    FollowedAmendment: Action.AMENDMENT_VIEW,
    Reply: Action.REPLY_VIEW,
    Comment: Action.COMMENT_VIEW,
    CouncilMeeting: Action.MEETING_VIEW,
    Pulse: Action.MEETING_FOLLOW,
    ClassInput: Action.CLASS_INPUT_VIEW,
    ClassVoice: Action.CLASS_INPUT_VIEW,
    ClassSheet: Action.CLASS_SHEET_VIEW,
    AgendaItem: Action.MEETING_FOLLOW,
    WellbeingUpdate: Action.UPDATE_VIEW,
    ToldElsewhere: Action.UPDATE_WRITE,
    ClassAgreement: Action.AGREEMENT_VIEW,
    AgreementVersion: Action.AGREEMENT_VIEW,
    DutyLine: Action.WHEEL_VIEW,
    NotedProof: Action.WHEEL_VIEW,
    WheelYear: Action.WHEEL_VIEW,
    ThemeLine: Action.PORTAL_USE,
    TextTemplate: Action.TEMPLATE_MANAGE,
    ClassEvent: Action.EVENT_VIEW,
    EventToRead: Action.EVENT_VIEW,
    EventQuestion: Action.QUESTION_ANSWER,
    Playdate: Action.PLAYDATE_VIEW,
    ClassToPlan: Action.CLASS_VIEW,
    PlaygroupRound: Action.PLAYGROUP_MANAGE,
    PartedPair: Action.PLAYGROUP_MANAGE,
    GroupAtHome: Action.PLAYGROUP_GROUP_VIEW,
    ParentMeeting: Action.PARENT_MEETING_VIEW,
    MaterialYear: Action.MATERIAL_VIEW,
    MeetingMaterial: Action.MATERIAL_VIEW,
    PatrolTurn: Action.PATROL_VIEW,
    AktNote: Action.AKT_VIEW,
    AktRequest: Action.AKT_REQUEST_VIEW,
    Initiative: Action.INITIATIVE_VIEW,
    InitiativeToRead: Action.INITIATIVE_VIEW,
    CouncilRef: Action.INITIATIVE_FOLLOW,
    ClassSurvey: Action.SURVEY_FOLLOW,
    Survey: Action.SURVEY_SCHOOL_FOLLOW,
    SurveyQuestion: Action.SURVEY_SCHOOL_MAKE,
}


def can(person: Person, action: Action, subject: object = None) -> bool:
    """Whether the person may do the action to the subject."""
    return RULES[action].holds(person, subject)
