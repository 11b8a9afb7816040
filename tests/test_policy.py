"""Who may do what, typed out by hand: the rules must agree with this, person by person, and lists with the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import LinkPurpose, SignInLink, User, UserSession
from portal.accounts.sign_in.services import start_session
from portal.agreements.models import AgreementKind
from portal.agreements.presenters import class_agreements
from portal.agreements.queries import get_version, list_versions
from portal.council.class_inputs.models import ClassInput, ClassSheet, ClassVoice
from portal.council.meetings.models import MeetingState
from portal.council.meetings.queries import list_coming, list_held
from portal.council.years.queries import get_year
from portal.database import db
from portal.events.models import Audience, ClassEvent
from portal.events.queries import events_visible_to
from portal.events.questions.models import EventQuestion
from portal.home.queries import classes_visible_to
from portal.notifications.models import Delivery
from portal.playgroups.models import ClassToPlan, GroupAtHome
from portal.playgroups.queries import get_group_at_home
from portal.policy import RULES, VIEW_ACTION, Action, can
from portal.proofs import Per
from portal.school.access.queries import get_child_access
from portal.school.helpers.queries import get_child_helpers
from portal.school.models import Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.year_groups.models import YearGroup
from portal.school.year_groups.queries import get_year_group
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import list_amendments
from portal.strategy.kinds import AmendmentState, EditionState
from portal.strategy.replies.queries import get_reply
from portal.surveys.models import ClassSurvey
from portal.text import clock
from portal.updates.queries import list_news_of, list_unpublished
from portal.year_wheel.models import DutyLine, NotedProof, Owner
from tests import factories as make
from tests.cast import AT_SCHOOL, COUNCIL, EVERYBODY, HOMES, OFFICE, SCHOOL_WIDE, TEAM, Cast

IN_COUNCIL = COUNCIL | {"facilitator"}
AT_SCHOOL_EVENTS = (
    TEAM | HOMES | SCHOOL_WIDE | COUNCIL | {"helper", "teacher_elsewhere", "facilitator", "guardian_elsewhere"}
)
STAFF = TEAM | OFFICE | SCHOOL_WIDE | {"teacher_elsewhere", "facilitator", "board_secretary"}
HEARS = {"leader", "akt", "board_secretary"}
OVERSEERS = HEARS | OFFICE
STAFF = OVERSEERS | TEAM | {"teacher_elsewhere", "facilitator"}

#: For each action: the subject it is tried on, and exactly who may do it.
Subject = Callable[[Cast], Any]
MATRIX: dict[Action, list[tuple[Subject, set[str]]]] = {
    Action.PORTAL_USE: [(lambda cast: None, EVERYBODY)],
    Action.ACCOUNT_VIEW: [(lambda cast: cast.guardian, {"guardian"} | OFFICE)],
    Action.ACCOUNT_MANAGE: [(lambda cast: cast.guardian, OFFICE)],
    Action.SESSION_END: [(lambda cast: _session_of(cast.guardian), {"guardian"})],
    Action.LINK_PRINT: [(lambda cast: _link_by(cast.class_teacher), OFFICE)],
    Action.ACTS_VIEW: [(lambda cast: None, OFFICE | {"leader"})],
    Action.SCHOOL_MANAGE: [(lambda cast: None, OFFICE)],
    Action.CALENDAR_MANAGE: [
        (lambda cast: None, {"office", "leader"}),
        (lambda cast: make.make_period(), {"office", "leader"}),
    ],
    Action.SCHOOL_OVERVIEW: [(lambda cast: None, OFFICE | SCHOOL_WIDE)],
    Action.CLASS_VIEW: [
        (lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE | OFFICE),
        (
            lambda cast: cast.sixth,
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"}
            | COUNCIL
            | SCHOOL_WIDE
            | OFFICE,
        ),
    ],
    Action.CLASS_APPOINT: [(lambda cast: cast.third, TEAM | OFFICE)],
    Action.YEAR_GROUP_VIEW: [(lambda cast: _year(cast), TEAM | HOMES | SCHOOL_WIDE | OFFICE)],
    Action.YEAR_GROUP_PLAN: [(lambda cast: _year(_with_year_parent(cast)), TEAM | SCHOOL_WIDE | {"guardian"})],
    Action.YEAR_GROUP_APPOINT: [(lambda cast: _year(cast), TEAM | OFFICE)],
    Action.CLASS_EDIT: [(lambda cast: cast.third, OFFICE)],
    Action.NAME_AGREE: [(lambda cast: cast.third, TEAM)],
    Action.NAME_KNOW: [
        (lambda cast: cast.third, TEAM | {"office", "leader"}),
        (lambda cast: cast.sixth, {"teacher_elsewhere", "facilitator", "office", "leader"}),
    ],
    Action.CHILD_VIEW: [
        (lambda cast: cast.alma, {"guardian", "other_home"}),
        (lambda cast: cast.noah, {"foster_parent"}),
    ],
    Action.HELPER_INVITE: [
        (lambda cast: cast.alma, {"guardian", "other_home"}),
        (lambda cast: cast.noah, set()),
    ],
    Action.HELPER_END: [(lambda cast: _helper_tie(), {"guardian"} | OFFICE)],
    Action.HELPER_REPORT: [(lambda cast: cast.alma, {"guardian", "other_home"}), (lambda cast: cast.noah, set())],
    Action.HELPER_OVERSEE: [(lambda cast: get_child_helpers(cast.alma.id), OFFICE)],
    Action.HOME_SHARE: [(lambda cast: None, HOMES | {"guardian_elsewhere"})],
    Action.ACCESS_CLOSE: [
        (lambda cast: cast.third, {"leader"}),
        (lambda cast: get_child_access(cast.alma.id, cast.guardian.id), {"leader"}),
        (lambda cast: _access_around_the_leaders_own_child(cast), set()),
    ],
    Action.ROSTER_IMPORT: [(lambda cast: None, OFFICE)],
    Action.COUNCIL_VIEW: [(lambda cast: cast.council, COUNCIL | {"facilitator"} | OFFICE)],
    Action.COUNCIL_CHAIR: [(lambda cast: cast.council, {"facilitator"} | OFFICE)],
    Action.COUNCIL_YEAR_VIEW: [(lambda cast: get_year(cast.council.id, 2026), AT_SCHOOL)],
    Action.COUNCIL_MANAGE: [(lambda cast: cast.council, OFFICE)],
    Action.NOTIFICATION_OPEN: [(lambda cast: _notification_to(cast.guardian), {"guardian"})],
    Action.EDITION_VIEW: [
        (lambda cast: make.make_edition(), EVERYBODY),
        (lambda cast: make.make_edition(state=EditionState.DRAFT), {"office", "leader", "board_secretary"}),
    ],
    Action.CLAUSE_VIEW: [
        (lambda cast: _first_clause(EditionState.APPROVED), EVERYBODY),
        (lambda cast: _first_clause(EditionState.DRAFT), {"office", "leader", "board_secretary"}),
    ],
    Action.STRATEGY_MANAGE: [(lambda cast: None, OFFICE)],
    Action.STRATEGY_APPROVE: [
        (lambda cast: make.make_edition(state=EditionState.DRAFT), {"office", "board_secretary"})
    ],
    Action.CYCLE_MANAGE: [(lambda cast: None, {"office", "leader", "board_secretary"})],
    Action.REVIEW_FOLLOW: [(lambda cast: None, AT_SCHOOL)],
    Action.AMENDMENT_VIEW: [
        (lambda cast: _amendment(cast, AmendmentState.DRAFT), IN_COUNCIL),
        (lambda cast: _amendment(cast, AmendmentState.ADOPTED), IN_COUNCIL),
        (lambda cast: _amendment(cast, AmendmentState.FORWARDED), AT_SCHOOL),
        (lambda cast: _amendment(cast, AmendmentState.REJECTED), AT_SCHOOL),
        (lambda cast: _staffs(cast, AmendmentState.DRAFT), HEARS),
        (lambda cast: _staffs(cast, AmendmentState.FORWARDED), AT_SCHOOL),
    ],
    Action.AMENDMENT_DRAFT: [(lambda cast: _first_clause(EditionState.APPROVED), IN_COUNCIL | HEARS)],
    Action.AMENDMENT_EDIT: [
        (lambda cast: _amendment(cast, AmendmentState.DRAFT), {"council_member", "facilitator"}),
        (lambda cast: _staffs(cast, AmendmentState.DRAFT), HEARS),
    ],
    Action.AMENDMENT_FORWARD: [
        (lambda cast: _amendment(cast, AmendmentState.ADOPTED), {"facilitator"}),
        (lambda cast: _staffs(cast, AmendmentState.DRAFT), HEARS),
    ],
    Action.AMENDMENT_ANSWER: [(lambda cast: _amendment(cast, AmendmentState.FORWARDED), {"leader"})],
    Action.STATEMENT_READ: [
        (lambda cast: _amendment(cast, AmendmentState.FORWARDED), HEARS),
        (lambda cast: _amendment(cast, AmendmentState.REJECTED), AT_SCHOOL),
    ],
    Action.ADVICE_WRITE: [(lambda cast: _amendment(cast, AmendmentState.FORWARDED), HEARS)],
    Action.MED_RECORD: [(lambda cast: _amendment(cast, AmendmentState.FORWARDED), {"leader", "board_secretary"})],
    Action.COUNCIL_WORD_WRITE: [
        (lambda cast: _amendment(cast, AmendmentState.FORWARDED), set()),
        (lambda cast: _staffs(cast, AmendmentState.FORWARDED), {"facilitator"}),
    ],
    Action.BOARD_RECORD: [(lambda cast: None, {"board_secretary"})],
    Action.AMENDMENT_MERGE: [(lambda cast: _amendment(cast, AmendmentState.IN_COUNCIL), {"facilitator"})],
    Action.REPLY_VIEW: [
        (lambda cast: _reply(cast, cast.alma, cast.third), TEAM | {"facilitator"}),
        (lambda cast: _reply(cast, None, None), {"facilitator"}),
    ],
    Action.REPLY_READ: [
        (lambda cast: _reply(cast, cast.alma, cast.third), set(TEAM)),
        (lambda cast: _reply(cast, None, None), {"facilitator"}),
    ],
    Action.COMMENT_VIEW: [(lambda cast: _comment(cast), IN_COUNCIL)],
    Action.COMMENT_WRITE: [
        (lambda cast: _first_clause(EditionState.APPROVED), IN_COUNCIL),
        (lambda cast: _amendment(cast, AmendmentState.FORWARDED), IN_COUNCIL),
    ],
    Action.COMMENT_REPORT: [(lambda cast: _comment(cast), IN_COUNCIL)],
    Action.COMMENT_HIDE: [(lambda cast: _comment(cast), {"facilitator"})],
    Action.MEETING_VIEW: [
        (lambda cast: make.make_meeting(cast.council), IN_COUNCIL),
        (lambda cast: make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT), IN_COUNCIL),
        (
            lambda cast: make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED),
            IN_COUNCIL | {"office", "leader"},
        ),
    ],
    Action.MEETING_FOLLOW: [(lambda cast: make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED), IN_COUNCIL)],
    Action.MEETING_PLAN: [
        (lambda cast: make.make_meeting(cast.council), IN_COUNCIL),
        (lambda cast: make.make_item(make.make_meeting(cast.council)), IN_COUNCIL),
        (lambda cast: make.make_meeting(cast.council, MeetingState.IN_PROGRESS), {"facilitator"}),
    ],
    Action.CLASS_INPUT_VIEW: [(lambda cast: _class_input(cast), IN_COUNCIL | {"teacher_elsewhere"})],
    Action.CLASS_INPUT_WRITE: [
        (lambda cast: _voice(cast, cast.sixth), IN_COUNCIL | {"teacher_elsewhere"}),
        (lambda cast: _voice(cast, cast.third), TEAM | {"facilitator"}),
    ],
    Action.CLASS_INPUT_EDIT: [(lambda cast: _class_input(cast), {"council_member"})],
    Action.CLASS_INPUT_REMOVE: [(lambda cast: _class_input(cast), {"council_member", "facilitator"})],
    Action.CLASS_SHEET_VIEW: [
        (lambda cast: _sheet(cast, MeetingState.MINUTES_DRAFT), IN_COUNCIL),
        (lambda cast: _sheet(cast, MeetingState.MINUTES_APPROVED), IN_COUNCIL | {"teacher_elsewhere"}),
    ],
    Action.ITEM_REMOVE: [
        (lambda cast: make.make_meeting(cast.council), {"council_chair", "facilitator"}),
        (lambda cast: make.make_item(make.make_meeting(cast.council)), {"council_chair", "facilitator"}),
        (
            lambda cast: make.make_item(make.make_meeting(cast.council), put_up_by_id=cast.council_member.id),
            {"council_chair", "council_member", "facilitator"},
        ),
        (
            lambda cast: make.make_item(
                make.make_meeting(cast.council, MeetingState.IN_PROGRESS), put_up_by_id=cast.council_member.id
            ),
            {"facilitator"},
        ),
    ],
    Action.COUNCIL_OVERVIEW: [(lambda cast: None, {"leader"} | OFFICE)],
    Action.MEETING_MANAGE: [
        (lambda cast: cast.council, {"facilitator"}),
        (lambda cast: make.make_item(make.make_meeting(cast.council)), {"facilitator"}),
    ],
    Action.UPDATE_VIEW: [
        (lambda cast: make.make_update(cast.third, cast.class_teacher), TEAM | HOMES | SCHOOL_WIDE),
        (lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), TEAM),
    ],
    Action.UPDATE_FEED: [(lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE)],
    Action.UPDATE_WRITE: [
        (lambda cast: cast.third, TEAM),
        (lambda cast: make.make_told_elsewhere(cast.third, cast.class_teacher), TEAM),
    ],
    Action.CADENCE_VIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.UPDATE_EDIT: [(lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), TEAM)],
    Action.UPDATE_PUBLISH: [(lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), TEAM)],
    Action.UPDATE_WITHDRAW: [
        (lambda cast: make.make_update(cast.third, cast.class_teacher), TEAM | {"leader"}),
        (lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), TEAM),
    ],
    Action.UPDATE_THANK: [
        (lambda cast: make.make_update(cast.third, cast.class_teacher), HOMES),
        (lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), set()),
    ],
    Action.UPDATE_REACH: [
        (lambda cast: make.make_update(cast.third, cast.class_teacher), TEAM),
        (lambda cast: make.make_update(cast.third, cast.class_teacher, published_at=None), set()),
    ],
    Action.AGREEMENT_VIEW: [
        (lambda cast: make.make_agreement(cast.third, cast.class_teacher), TEAM | HOMES | SCHOOL_WIDE),
        (
            lambda cast: make.make_agreement(cast.sixth, cast.class_teacher),
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL | SCHOOL_WIDE,
        ),
        (
            lambda cast: make.make_agreement(cast.sixth, cast.class_teacher, AgreementKind.PARENTS),
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | SCHOOL_WIDE,
        ),
        (lambda cast: _wording(cast), TEAM | HOMES | SCHOOL_WIDE),
    ],
    Action.AGREEMENT_WRITE: [
        (lambda cast: make.make_agreement(cast.third, cast.class_teacher), TEAM),
        (
            lambda cast: make.make_agreement(cast.third, cast.class_teacher, AgreementKind.PARENTS),
            TEAM | {"guardian_of_two"},
        ),
        (
            lambda cast: make.make_agreement(cast.sixth, cast.class_teacher, AgreementKind.PARENTS),
            {"teacher_elsewhere", "facilitator"},
        ),
    ],
    Action.AGREEMENT_HIDE: [
        (lambda cast: make.make_agreement(cast.third, cast.class_teacher), TEAM | {"leader"}),
        (
            lambda cast: make.make_agreement(cast.sixth, cast.class_teacher),
            {"teacher_elsewhere", "facilitator", "leader"},
        ),
    ],
    Action.WHEEL_VIEW: [
        (lambda cast: None, STAFF),
        (lambda cast: DutyLine("x", "", Owner.MED, Per.SCHOOL, 8, 6, ("by_hand",)), STAFF),
    ],
    Action.WHEEL_OVERSEE: [(lambda cast: None, OVERSEERS)],
    Action.QUIET_VIEW: [(lambda cast: None, {"leader"} | IN_COUNCIL)],
    Action.WHEEL_EDIT: [(lambda cast: None, {"leader"})],
    Action.DUTY_RECORD: [
        (lambda cast: DutyLine("x", "", Owner.MED, Per.SCHOOL, 8, 6, ("by_hand",)), {"leader"}),
        (lambda cast: DutyLine("x", "", Owner.AKT, Per.SCHOOL, 8, 6, ("by_hand",)), {"leader", "akt"}),
        (
            lambda cast: DutyLine("x", "", Owner.BOARD_SECRETARY, Per.SCHOOL, 8, 6, ("by_hand",)),
            {"leader", "board_secretary"},
        ),
        (
            lambda cast: DutyLine("x", "", Owner.CLASS_TEAM, Per.CLASS, 8, 6, ("by_hand",)),
            TEAM | {"leader", "teacher_elsewhere", "facilitator"},
        ),
        (lambda cast: DutyLine("x", "", Owner.MED, Per.COUNCIL, 8, 6, ("by_hand",)), {"leader", "facilitator"}),
    ],
    Action.DUTY_RECORD_EVERYWHERE: [
        (lambda cast: DutyLine("x", "", Owner.CLASS_TEAM, Per.CLASS, 8, 6, ("by_hand",)), {"leader"}),
        (lambda cast: DutyLine("x", "", Owner.AKT, Per.CLASS, 8, 6, ("by_hand",)), {"leader", "akt"}),
    ],
    Action.PROOF_REMOVE: [
        (lambda cast: NotedProof(class_id=cast.third.id, noted_by_id=cast.leader.id), TEAM | {"leader"}),
        (lambda cast: NotedProof(class_id=None, noted_by_id=cast.akt.id), {"leader", "akt"}),
        (lambda cast: NotedProof(class_id=None, noted_by_id=cast.former_substitute.id), {"leader"}),
    ],
    Action.AGREEMENT_OVERVIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.THEME_EDIT: [(lambda cast: None, {"leader"})],
    Action.TEMPLATE_MANAGE: [(lambda cast: make.make_template(), {"office", "leader"})],
    Action.CONTACTS_VIEW: [
        (lambda cast: cast.third, TEAM | HOMES),
        (
            lambda cast: cast.sixth,
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"},
        ),
    ],
    Action.CONTACTS_EDIT: [(lambda cast: cast.third, HOMES)],
    Action.EVENT_FEED: [
        (lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE | {"helper"}),
        (
            lambda cast: cast.sixth,
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL | SCHOOL_WIDE,
        ),
    ],
    Action.EVENT_VIEW: [
        (lambda cast: make.make_event(None, cast.leader, audience=Audience.SCHOOL), AT_SCHOOL_EVENTS),
        (lambda cast: _year_event(cast, cast.guardian), TEAM | HOMES | SCHOOL_WIDE | {"helper"}),
        (lambda cast: _of_both(cast, cast.guardian), AT_SCHOOL_EVENTS),
        (lambda cast: make.make_event(cast.third, cast.guardian), TEAM | HOMES | SCHOOL_WIDE | {"helper"}),
        (
            lambda cast: make.make_event(cast.sixth, cast.guardian_elsewhere),
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL | SCHOOL_WIDE,
        ),
        (lambda cast: make.make_event(cast.third, cast.guardian, out_at=None), {"guardian"}),
        (lambda cast: make.make_event(cast.third, cast.class_teacher, out_at=None), {"class_teacher"}),
        (lambda cast: make.make_event(cast.third, cast.helper, out_at=None), set()),
        (
            lambda cast: make.make_event(cast.third, cast.guardian, out_at=clock.now() + timedelta(minutes=3)),
            {"guardian"},
        ),
    ],
    Action.EVENT_CREATE: [(lambda cast: cast.third, TEAM | HOMES)],
    Action.EVENT_CREATE_ALSO: [
        (lambda cast: cast.third, TEAM | HOMES),
        (lambda cast: _with_year_parent(cast).third, TEAM | HOMES),
    ],
    Action.EVENT_CREATE_YEAR: [
        (lambda cast: _year(cast), TEAM),
        (lambda cast: _year(_with_year_parent(cast)), TEAM | {"guardian"}),
    ],
    Action.EVENT_CREATE_SCHOOL: [(lambda cast: None, SCHOOL_WIDE)],
    Action.EVENT_EDIT: [
        (lambda cast: make.make_event(None, cast.leader, audience=Audience.SCHOOL), SCHOOL_WIDE),
        (lambda cast: make.make_event(None, cast.guardian, audience=Audience.SCHOOL), SCHOOL_WIDE | {"guardian"}),
        (lambda cast: _year_event(cast, cast.guardian), TEAM | {"guardian"}),
        (lambda cast: _year_event(cast, cast.guardian_elsewhere), TEAM),
        (lambda cast: _of_both(cast, cast.guardian), TEAM | {"guardian", "teacher_elsewhere", "facilitator"}),
        (lambda cast: make.make_event(cast.third, cast.guardian), TEAM | {"guardian"}),
        (lambda cast: make.make_event(cast.third, cast.former_guardian), TEAM),
        (lambda cast: make.make_event(cast.third, cast.helper), TEAM),
        (lambda cast: make.make_event(cast.third, cast.guardian, out_at=None), {"guardian"}),
    ],
    Action.EVENT_YEAR: [
        (lambda cast: cast.third, TEAM | HOMES),
        (lambda cast: cast.sixth, {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"}),
    ],
    Action.EVENT_ANSWER: [(lambda cast: make.make_event(cast.third, cast.guardian), HOMES | {"helper"})],
    Action.PLAYDATE_VIEW: [(lambda cast: make.make_playdate(cast.third, cast.guardian), TEAM | HOMES)],
    Action.PLAYDATE_OFFER: [(lambda cast: cast.third, HOMES)],
    Action.PLAYDATE_EDIT: [(lambda cast: make.make_playdate(cast.third, cast.guardian), {"guardian"})],
    Action.PLAYDATE_WITHDRAW: [(lambda cast: make.make_playdate(cast.third, cast.guardian), TEAM | {"guardian"})],
    Action.PLAYGROUP_MAKE: [
        (lambda cast: ClassToPlan(cast.third.id, (3, 3), lets_representatives=False), TEAM),
        (lambda cast: ClassToPlan(cast.third.id, (3, 3), lets_representatives=True), TEAM | {"guardian_of_two"}),
    ],
    Action.PLAYGROUP_MANAGE: [
        (lambda cast: ClassToPlan(cast.third.id, (3, 3), lets_representatives=True), TEAM),
        (lambda cast: _group_of_alma(cast).group.round, TEAM),
    ],
    Action.PLAYGROUP_FOLLOW: [(lambda cast: cast.third, HOMES)],
    Action.PLAYGROUP_GROUP_VIEW: [
        (lambda cast: _group_of_alma(cast), TEAM | {"guardian", "other_home", "foster_parent"}),
        (
            lambda cast: _group_of_ella(cast),
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL,
        ),
    ],
    Action.PLAYGROUP_ANSWER: [(lambda cast: _group_of_alma(cast), {"guardian", "other_home", "foster_parent"})],
    Action.PLAYGROUP_RECORD: [
        (lambda cast: _group_of_alma(cast), TEAM | {"guardian", "other_home", "foster_parent"}),
        (lambda cast: _group_of_alma(cast, by=cast.other_home), TEAM | {"other_home"}),
    ],
    Action.PLAYGROUP_LOOK_BACK: [
        (lambda cast: cast.third, HOMES),
        (lambda cast: cast.sixth, {"guardian_of_two", "guardian_elsewhere"} | COUNCIL),
    ],
    Action.SURVEY_FOLLOW: [
        (lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE),
        (lambda cast: _answered(cast, shown_on=None), TEAM | HOMES | SCHOOL_WIDE),
        (
            lambda cast: cast.sixth,
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL | SCHOOL_WIDE,
        ),
    ],
    Action.SURVEY_MAKE: [(lambda cast: cast.third, TEAM)],
    Action.SURVEY_HOLD: [(lambda cast: _answered(cast), TEAM)],
    Action.SURVEY_RESULT: [
        (lambda cast: _answered(cast, shown_on=None), set()),
        (lambda cast: _answered(cast), TEAM | SCHOOL_WIDE),
    ],
    Action.SURVEY_SCHOOL_FOLLOW: [
        (lambda cast: make.make_survey(None, cast.leader), SCHOOL_WIDE | TEAM | IN_COUNCIL | {"teacher_elsewhere"})
    ],
    Action.SURVEY_SCHOOL_OVERVIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.SURVEY_SCHOOL_MAKE: [(lambda cast: None, {"leader"})],
    Action.PLAYGROUP_SAY: [
        (lambda cast: _group_of_alma(cast), {"guardian", "other_home", "foster_parent"}),
        (lambda cast: _group_of_ella(cast), {"guardian_of_two", "guardian_elsewhere"} | COUNCIL),
    ],
    Action.PARENT_MEETING_VIEW: [
        (lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE),
        (lambda cast: make.make_parent_meeting(cast.third), TEAM | HOMES | SCHOOL_WIDE),
    ],
    Action.PARENT_MEETING_CALL: [
        (lambda cast: cast.third, TEAM),
        (lambda cast: make.make_parent_meeting(cast.third), TEAM),
    ],
    Action.PARENT_MEETING_OVERVIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.MATERIAL_VIEW: [(lambda cast: make.make_material(cast.leader), AT_SCHOOL - COUNCIL)],
    Action.MATERIAL_PUBLISH: [(lambda cast: make.make_material(cast.leader), {"leader"})],
    Action.PATROL_VIEW: [(lambda cast: make.make_turn(cast.ella), STAFF | COUNCIL)],
    Action.PATROL_MANAGE: [(lambda cast: make.make_turn(cast.ella), SCHOOL_WIDE)],
    Action.INITIATIVE_FEED: [
        (lambda cast: cast.third, TEAM | HOMES | SCHOOL_WIDE),
        (
            lambda cast: cast.sixth,
            {"teacher_elsewhere", "facilitator", "guardian_of_two", "guardian_elsewhere"} | COUNCIL | SCHOOL_WIDE,
        ),
    ],
    Action.INITIATIVE_FOLLOW: [(lambda cast: None, AT_SCHOOL)],
    Action.INITIATIVE_OVERVIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.INITIATIVE_VIEW: [
        (lambda cast: make.make_initiative(cast.class_teacher, cast.third), TEAM | HOMES | SCHOOL_WIDE),
        (lambda cast: make.make_initiative(cast.facilitator, council=cast.council), AT_SCHOOL),
        (lambda cast: make.make_initiative(cast.leader), AT_SCHOOL),
    ],
    Action.INITIATIVE_START: [(lambda cast: cast.third, TEAM)],
    Action.INITIATIVE_START_COUNCIL: [(lambda cast: cast.council, {"facilitator"})],
    Action.INITIATIVE_START_SCHOOL: [(lambda cast: None, SCHOOL_WIDE)],
    Action.INITIATIVE_NAMES: [
        (lambda cast: make.make_initiative(cast.class_teacher, cast.third), TEAM | {"leader"}),
        (lambda cast: make.make_initiative(cast.facilitator, council=cast.council), {"leader"}),
        (lambda cast: make.make_initiative(cast.leader), {"leader"}),
    ],
    Action.INITIATIVE_CHANGE: [
        (lambda cast: make.make_initiative(cast.class_teacher, cast.third), TEAM),
        (lambda cast: make.make_initiative(cast.class_teacher, cast.third, with_akt=True), TEAM | SCHOOL_WIDE),
        (lambda cast: make.make_initiative(cast.facilitator, council=cast.council), {"facilitator"}),
        (lambda cast: make.make_initiative(cast.leader), SCHOOL_WIDE),
    ],
    Action.AKT_VIEW: [(lambda cast: None, SCHOOL_WIDE)],
    Action.AKT_REQUEST_VIEW: [(lambda cast: make.make_akt_request(cast.third, cast.class_teacher), TEAM | SCHOOL_WIDE)],
    Action.AKT_ASK: [(lambda cast: cast.third, TEAM)],
    Action.AKT_ANSWER: [(lambda cast: make.make_akt_request(cast.third, cast.class_teacher), SCHOOL_WIDE)],
    Action.PLAYGROUP_ARRANGE: [
        (lambda cast: _group_of_alma(cast), {"guardian", "other_home", "foster_parent"}),
        (lambda cast: _group_of_alma(cast, by=cast.other_home), {"other_home"}),
    ],
    Action.PLAYDATE_COME: [(lambda cast: make.make_playdate(cast.third, cast.guardian), HOMES)],
    Action.EVENT_ORGANISE: [
        (lambda cast: make.make_event(cast.third, cast.guardian), {"guardian"}),
        (lambda cast: make.make_event(cast.third, cast.class_teacher), {"class_teacher"}),
        (lambda cast: make.make_event(cast.third, cast.former_guardian), set()),
        (lambda cast: make.make_event(cast.third, cast.helper), set()),
        (lambda cast: make.make_event(None, cast.leader, audience=Audience.SCHOOL), {"leader"}),
    ],
    Action.EVENT_TAKE_OVER: [
        (lambda cast: make.make_event(cast.third, cast.guardian), TEAM | SCHOOL_WIDE),
        (lambda cast: make.make_event(None, cast.leader, audience=Audience.SCHOOL), SCHOOL_WIDE),
        (lambda cast: make.make_event(cast.third, cast.guardian, out_at=None), set()),
    ],
    Action.EVENT_ASK: [(lambda cast: make.make_event(cast.third, cast.guardian), TEAM | HOMES | {"helper"})],
    Action.QUESTION_ANSWER: [
        (lambda cast: _question(cast, cast.guardian), {"guardian"}),
        (lambda cast: _question(cast, cast.former_guardian), set()),
    ],
    Action.EVENT_ANSWERS: [(lambda cast: make.make_event(cast.third, cast.guardian), TEAM)],
}
ROW = pytest.mark.parametrize(
    ("action", "subject", "allowed"),
    [
        pytest.param(action, subject, allowed, id=f"{action.name}-{number}")
        for action, rows in MATRIX.items()
        for number, (subject, allowed) in enumerate(rows)
    ],
)


def _answered(cast: Cast, **values: Any) -> ClassSurvey:
    return make.hold_survey(make.make_survey(None, cast.leader), cast.third, **values)


def _group_of_ella(cast: Cast) -> GroupAtHome:
    """Ella and Viggo, who have accounts of their own."""
    plan = make.make_playgroups(cast.sixth, cast.teacher_elsewhere, [[cast.ella, cast.viggo]])
    found = get_group_at_home(make.groups_of(plan, 1)[0].id, today=clock.today())
    assert found is not None
    return found


def _group_of_alma(cast: Cast, by: User | None = None) -> GroupAtHome:
    """Alma and Noah, and Otto by himself; in somebody's home, or in none."""
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah], [cast.otto]])
    group = make.groups_of(plan, 1)[0]
    if by is not None:
        make.host(group, by, cast.alma)
    found = get_group_at_home(group.id, today=clock.today())
    assert found is not None
    return found


def _session_of(user: Any) -> Any:
    start_session(user.id, device="", remember=False, now=clock.now())
    db.session.flush()
    return db.session.query(UserSession).filter_by(user_id=user.id).one()


def _link_by(maker: Any) -> Any:
    now = clock.now()
    return SignInLink(
        user_id=maker.id,
        made_by_id=maker.id,
        purpose=LinkPurpose.INVITATION,
        nonce="n",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )


def _year(cast: Cast) -> YearGroup | None:
    return get_year_group(make.year_of(cast.third))


def _with_year_parent(cast: Cast) -> Cast:
    """Mette is a parent of the year; so is Viktor, whose child is in another year and to whom it gives nothing."""
    make.make_year_parent(cast.guardian, cast.third)
    make.make_year_parent(cast.guardian_elsewhere, cast.third)
    return cast


def _year_event(cast: Cast, organiser: User) -> ClassEvent:
    return make.make_event(None, organiser, audience=Audience.YEAR_GROUP, year_group=make.year_of(cast.third))


def _question(cast: Cast, organiser: User) -> EventQuestion:
    return make.ask(make.make_event(cast.third, organiser), cast.other_home)


def _of_both(cast: Cast, organiser: User) -> ClassEvent:
    return make.make_event(cast.third, organiser, also=[cast.sixth])


def _notification_to(user: Any) -> Delivery:
    return Delivery(user_id=user.id)


def _helper_tie() -> Guardianship:
    return db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER).one()


def _access_around_the_leaders_own_child(cast: Cast) -> Any:
    make.tie(cast.leader, cast.noah)
    return get_child_access(cast.noah.id, cast.foster_parent.id)


def _first_clause(state: EditionState) -> Any:
    return make.make_edition(state=state).sections[0].clauses[0]


def _staffs(cast: Cast, state: AmendmentState) -> Amendment:
    return make.make_amendment(None, cast.leader, make.make_edition(), state=state)


def _class_input(cast: Cast) -> ClassInput:
    return make.make_class_input(cast.council, cast.sixth, cast.council_member)


def _voice(cast: Cast, school_class: SchoolClass) -> ClassVoice:
    return ClassVoice(cast.council.id, cast.council.name, school_class.id, "6.A", 2)


def _sheet(cast: Cast, state: MeetingState) -> ClassSheet:
    return ClassSheet(cast.council.id, cast.sixth.id, "6.A", make.make_meeting(cast.council, state))


def _amendment(cast: Cast, state: AmendmentState) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, make.make_edition(), state=state)


def _wording(cast: Cast) -> Any:
    return get_version(list_versions(make.make_agreement(cast.third, cast.class_teacher).id)[0].id)


def _reply(cast: Cast, pupil: Pupil | None, school_class: SchoolClass | None) -> Any:
    decision = make.make_decision(_amendment(cast, AmendmentState.APPROVED), cast.board_secretary)
    return get_reply(make.make_reply(decision, cast.council, pupil, school_class).id)


def _comment(cast: Cast) -> Any:
    return make.make_comment(cast.council, cast.council_member, _amendment(cast, AmendmentState.DRAFT))


@ROW
def test_exactly_these_people_may(cast: Cast, action: Action, subject: Subject, allowed: set[str]) -> None:
    thing = subject(cast)
    assert {name for name, person in cast.people.items() if can(person, action, thing)} == allowed


def test_every_action_has_a_rule_and_a_row() -> None:
    assert set(RULES) == set(MATRIX) == set(Action)


#: Whoever helps a child sees the events of its class on a page of their own, and not the class's.
SEEN_OTHERWISE = {Action.EVENT_FEED: Action.PORTAL_USE}


@ROW
def test_who_may_act_on_a_thing_may_also_see_it(
    cast: Cast, action: Action, subject: Subject, allowed: set[str]
) -> None:
    thing = subject(cast)
    view = SEEN_OTHERWISE.get(action, VIEW_ACTION[type(thing)]) if thing is not None else Action.PORTAL_USE
    assert {name for name, person in cast.people.items() if can(person, view, thing)} >= allowed


@pytest.mark.both
def test_the_list_of_updates_agrees_with_the_rule_for_everybody(cast: Cast, database: str) -> None:
    every = [
        make.make_update(cast.third, cast.class_teacher),
        make.make_update(cast.third, cast.class_teacher, published_at=None),
        make.make_update(cast.sixth, cast.teacher_elsewhere),
        make.make_update(cast.sixth, cast.teacher_elsewhere, published_at=None),
    ]
    for name, person in cast.people.items():
        listed = [row.id for row in [*list_news_of(person), *list_unpublished(list(person.teams))]]
        assert sorted(listed) == [update.id for update in every if can(person, Action.UPDATE_VIEW, update)], name


@pytest.mark.both
def test_the_list_of_classes_agrees_with_the_rule_for_everybody(cast: Cast, database: str) -> None:
    for name, person in cast.people.items():
        listed = {ref.id for ref in classes_visible_to(person, today=clock.today())}
        assert listed == {c.id for c in (cast.third, cast.sixth) if can(person, Action.CLASS_VIEW, c)}, name


@pytest.mark.both
def test_the_list_of_events_agrees_with_the_rule_for_everybody(cast: Cast, database: str) -> None:
    every = [
        make.make_event(*audience, out_at=out_at, **more)
        for *audience, more in (
            (cast.third, cast.guardian, {}),
            (cast.third, cast.class_teacher, {}),
            (cast.third, cast.helper, {}),
            (cast.third, cast.former_guardian, {}),
            (cast.sixth, cast.guardian_elsewhere, {}),
            (None, cast.leader, {"audience": Audience.SCHOOL}),
            (None, cast.office, {"audience": Audience.SCHOOL}),
        )
        for out_at in (clock.now(), clock.now() + timedelta(minutes=3), None)
    ]
    every += [_year_event(cast, cast.guardian), _of_both(cast, cast.guardian)]
    for name, person in cast.people.items():
        listed = {event.id for event in db.session.scalars(events_visible_to(person))}
        assert listed == {event.id for event in every if can(person, Action.EVENT_VIEW, event)}, name


@pytest.mark.both
def test_the_lists_of_amendments_and_meetings_agree_with_the_rules_for_everybody(cast: Cast, database: str) -> None:
    edition, other = make.make_edition(), make.make_council("Det lille elevråd", (0, 3))
    into = {council.id: make.make_amendment(council, cast.council_member, edition) for council in (cast.council, other)}
    amendments = [
        *into.values(),
        *(
            make.make_amendment(
                council,
                cast.council_member,
                edition,
                state=state,
                merged_into_id=into[council.id].id if state is AmendmentState.MERGED else None,
            )
            for council in (cast.council, other)
            for state in AmendmentState
        ),
    ]
    sessions = [make.make_meeting(council, state) for council in (cast.council, other) for state in MeetingState]
    for name, person in cast.people.items():
        listed = {row.id for row in list_amendments(person)[0]}
        assert listed == {one.id for one in amendments if can(person, Action.AMENDMENT_VIEW, one)}, name
        listed = {
            meeting.id
            for council in (cast.council, other)
            for meeting in [*list_coming(council.id, person), *list_held(council.id, person)[0]]
        }
        shown = [one for one in sessions if one.state is not MeetingState.CANCELLED]
        assert listed == {one.id for one in shown if can(person, Action.MEETING_VIEW, one)}, name


@pytest.mark.both
def test_the_texts_on_a_classs_page_agree_with_the_rule_for_everybody(app: Flask, cast: Cast, database: str) -> None:
    every = [
        make.make_agreement(school_class, cast.class_teacher, kind)
        for school_class in (cast.third, cast.sixth)
        for kind in AgreementKind
    ]
    with app.test_request_context():
        for name, person in cast.people.items():
            listed = [card.url for c in (cast.third, cast.sixth) for card in class_agreements(person, c.id)]
            allowed = [one for one in every if can(person, Action.AGREEMENT_VIEW, one)]
            assert listed == [f"/agreements/classes/{one.class_id}/{one.kind}" for one in allowed], name
