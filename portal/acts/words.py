"""What each kind of act is called: one sentence, and the group it is found in. What is not here is on no page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.acts.models import ActKind
from portal.errors import N_


class ActGroup(StrEnum):
    """What somebody looks for when they look through acts."""

    ACCOUNTS = "accounts"
    SIGNING_IN = "signing_in"
    SCHOOL = "school"
    HELPERS = "helpers"
    ACCESS = "access"
    NEWS = "news"
    EVENTS = "events"
    SURVEYS = "surveys"
    STRATEGY = "strategy"


@dataclass(frozen=True, slots=True)
class Words:
    """A kind's group, and its sentence with places for `who`, `whom`, a `role`, a class's `label` and a `child`."""

    group: ActGroup
    sentence: str


GROUP_NAMES = {
    ActGroup.ACCOUNTS: N_("Accounts, letters and roles"),
    ActGroup.SIGNING_IN: N_("Signing in"),
    ActGroup.SCHOOL: N_("Classes, teams and the school's files"),
    ActGroup.HELPERS: N_("Helpers"),
    ActGroup.ACCESS: N_("Closed access"),
    ActGroup.NEWS: N_("News, rules and agreements"),
    ActGroup.EVENTS: N_("Events"),
    ActGroup.SURVEYS: N_("Surveys"),
    ActGroup.STRATEGY: N_("The strategy and the student councils"),
}

_IN_GROUPS: dict[ActGroup, dict[ActKind, str]] = {
    ActGroup.ACCOUNTS: {
        ActKind.ACCOUNT_OPENED: N_("%(who)s opened an account for %(whom)s."),
        ActKind.ACCOUNT_REOPENED: N_("%(who)s opened the closed account of %(whom)s again."),
        ActKind.ACCOUNT_CLOSED: N_("%(who)s closed the account of %(whom)s."),
        ActKind.LINK_MADE: N_("%(who)s made a sign-in letter for %(whom)s."),
        ActKind.PASSWORD_SET: N_("A new password was chosen for %(whom)s."),
        ActKind.SIGNED_OUT_EVERYWHERE: N_("%(who)s signed %(whom)s out on every device."),
        ActKind.ROLE_GRANTED: N_("%(who)s gave %(whom)s a role: %(role)s."),
        ActKind.ROLE_ENDED: N_("%(who)s ended a role of %(whom)s: %(role)s."),
        ActKind.FACILITATOR_NAMED: N_("%(who)s made %(whom)s contact teacher of a student council."),
        ActKind.FACILITATOR_ENDED: N_("%(who)s ended the time of %(whom)s as contact teacher of a student council."),
        ActKind.FOSTER_PARENT_TIED: N_("%(who)s entered %(whom)s as foster parent of %(child)s."),
        ActKind.FOSTER_PARENT_ENDED: N_("%(who)s ended the tie of %(whom)s as foster parent of %(child)s."),
    },
    ActGroup.SIGNING_IN: {
        ActKind.SIGNED_IN: N_("%(whom)s signed in."),
        ActKind.SIGN_IN_FAILED: N_("A wrong password was typed for %(whom)s, once or more often within the hour."),
        ActKind.SESSION_ENDED: N_("%(who)s signed out on a device."),
    },
    ActGroup.SCHOOL: {
        ActKind.ROSTER_APPLIED: N_("%(who)s brought in the school's files."),
        ActKind.TEAM_CHANGED: N_("%(who)s changed the class team of %(label)s: %(whom)s."),
        ActKind.REPRESENTATIVES_CHANGED: N_("%(who)s entered the parents' representatives of %(label)s."),
        ActKind.YEAR_GROUP_PARENTS_CHANGED: N_("%(who)s entered the parents of a year."),
        ActKind.CLASS_CHANGED: N_("%(who)s changed the class %(label)s."),
        ActKind.CONTACTS_CHOSEN: N_("%(who)s chose what the class list of %(label)s may show."),
        ActKind.HELP_CHANGED: N_("%(who)s changed the help page."),
        ActKind.FIXED_DAYS_CHANGED: N_("%(who)s changed the school's fixed days."),
        ActKind.CALENDAR_CHANGED: N_("%(who)s changed the days off school."),
        ActKind.TEMPLATE_CHANGED: N_("%(who)s changed a template."),
    },
    ActGroup.HELPERS: {
        ActKind.HELPER_INVITED: N_("%(who)s let %(whom)s help with a child."),
        ActKind.HELPER_ENDED: N_("%(who)s ended the help of %(whom)s with a child."),
        ActKind.HELPER_REPORTED: N_("%(who)s asked the office about a helper of %(child)s."),
    },
    ActGroup.ACCESS: {
        ActKind.ACCESS_CLOSED: N_("%(who)s closed the access of %(whom)s to a child."),
        ActKind.ACCESS_CLOSED_LONGER: N_("%(who)s kept the access of %(whom)s to a child closed for longer."),
        ActKind.ACCESS_OPENED: N_("%(who)s opened the access of %(whom)s to a child again."),
    },
    ActGroup.NEWS: {
        ActKind.UPDATE_SCHEDULED: N_("%(who)s gave news for a class an hour to go out."),
        ActKind.UPDATE_UNSCHEDULED: N_("%(who)s took away the hour at which news for a class was to go out."),
        ActKind.UPDATE_DISCARDED: N_("%(who)s threw away a draft of news for a class."),
        ActKind.UPDATE_HELD: N_("%(who)s held back news for a class and gave it to the team again."),
        ActKind.UPDATE_PUBLISHED: N_("%(who)s sent news to the homes of a class."),
        ActKind.UPDATE_CORRECTED: N_("%(who)s corrected news for a class."),
        ActKind.UPDATE_CORRECTED_AND_TOLD: N_("%(who)s corrected news for a class and told its homes."),
        ActKind.UPDATE_WITHDRAWN: N_("%(who)s took back news for a class."),
        ActKind.UPDATE_REOPENED: N_("%(who)s began to work again on news that had been taken back."),
        ActKind.NAMES_CONFIRMED: N_("%(who)s agreed to the names of children in news for a class."),
        ActKind.TOLD_ELSEWHERE_REGISTERED: N_("%(who)s noted that a class's homes were told somewhere else."),
        ActKind.TOLD_ELSEWHERE_REMOVED: N_("%(who)s took back a note that a class's homes were told somewhere else."),
        ActKind.CLASS_RULES_WRITTEN: N_("%(who)s wrote a class's rules."),
        ActKind.PARENT_AGREEMENTS_WRITTEN: N_("%(who)s wrote a class's parent agreements."),
        ActKind.AGREEMENT_HIDDEN: N_("%(who)s hid an earlier text of a class's rules or agreements."),
        ActKind.AGREEMENT_RENEWED: N_("%(who)s noted that a class has talked about its rules or agreements."),
    },
    ActGroup.EVENTS: {
        ActKind.EVENT_CREATED: N_("%(who)s made an event."),
        ActKind.EVENT_UNDONE: N_("%(who)s took an event back before it went out."),
        ActKind.EVENT_CHANGED: N_("%(who)s changed an event."),
        ActKind.EVENT_TERMS_CHANGED: N_("%(who)s changed an event's terms after it was told."),
        ActKind.EVENT_MOVED: N_("%(who)s moved an event."),
        ActKind.EVENT_CANCELLED: N_("%(who)s called an event off."),
        ActKind.PLAY_PATROL_PLANNED: N_("%(who)s planned the play patrol."),
        ActKind.PLAY_PATROL_SWAPPED: N_("%(who)s let two swap in the play patrol."),
        ActKind.PARENT_MEETING_CALLED: N_("%(who)s called a class's homes to a parent meeting."),
        ActKind.PARENT_MEETING_MOVED: N_("%(who)s moved a parent meeting."),
        ActKind.PARENT_MEETING_CHANGED: N_("%(who)s changed the agenda of a parent meeting."),
        ActKind.PARENT_MEETING_CANCELLED: N_("%(who)s called a parent meeting off."),
        ActKind.PARENT_MEETING_LEFT_BEHIND: N_(
            "%(who)s told those who came to %(label)s that their old class's parent meeting is off."
        ),
        ActKind.MEETING_MATERIAL_PUBLISHED: N_("%(who)s published the material for parent meetings."),
        ActKind.MEETING_MATERIAL_SHOWN: N_("%(who)s noted that a parent meeting was shown the school's material."),
        ActKind.MEETING_MATERIAL_NOT_SHOWN: N_(
            "%(who)s took back that a parent meeting was shown the school's material."
        ),
        ActKind.PLAYGROUPS_PLANNED: N_("%(who)s made a plan of groups for a class."),
        ActKind.PLAYGROUPS_PUBLISHED: N_("%(who)s published a round of groups."),
        ActKind.PLAYGROUPS_ENDED: N_("%(who)s ended a plan of groups."),
        ActKind.PLAYGROUP_MAKERS_CHOSEN: N_("%(who)s chose who makes a class's plan of groups."),
    },
    ActGroup.SURVEYS: {
        ActKind.SURVEY_MADE: N_("%(who)s made a survey."),
        ActKind.SURVEY_ENDED: N_("%(who)s ended a survey."),
        ActKind.SURVEY_HELD: N_("%(who)s gave a class its hour to answer a survey."),
        ActKind.SURVEY_CLOSED: N_("%(who)s closed the hour in which a class answered a survey."),
        ActKind.SURVEY_SHOWN: N_("%(who)s showed a class how it had answered."),
        ActKind.SURVEY_WORDS_WRITTEN: N_("%(who)s wrote what a class works on after a survey."),
        ActKind.SURVEY_QUESTIONS_CHANGED: N_("%(who)s changed the questions of the surveys."),
        ActKind.NATIONAL_FIGURES_NOTED: N_("%(who)s noted the figures of the national measurement."),
    },
    ActGroup.STRATEGY: {
        ActKind.AKT_MEETING_NOTED: N_("%(who)s noted that AKT and the leadership have met."),
        ActKind.BREAKS_LOOKED_AT: N_("%(who)s noted a look at the supervision in the breaks."),
        ActKind.AKT_NOTE_REMOVED: N_("%(who)s took back a note on AKT's page."),
        ActKind.INITIATIVE_STARTED: N_("%(who)s began an initiative."),
        ActKind.INITIATIVE_CHANGED: N_("%(who)s changed an initiative."),
        ActKind.INITIATIVE_CLOSED: N_("%(who)s closed an initiative."),
        ActKind.INITIATIVE_REOPENED: N_("%(who)s opened an initiative again that was closed by mistake."),
        ActKind.INITIATIVE_WITHDRAWN: N_("%(who)s took an initiative back."),
        ActKind.INITIATIVE_LEFT_BEHIND: N_("%(who)s closed an initiative of a class in which no child is any more."),
        ActKind.STRATEGY_IMPORTED: N_("%(who)s brought in a new text of the strategy."),
        ActKind.STRATEGY_DISCARDED: N_("%(who)s threw away a draft of the strategy."),
        ActKind.STRATEGY_APPROVED: N_("%(who)s wrote down that the board has approved the strategy."),
        ActKind.DUTY_NOTED: N_("%(who)s noted in the year wheel that something was done."),
        ActKind.DUTY_NOTE_REMOVED: N_("%(who)s took back a note in the year wheel."),
        ActKind.WHEEL_CHANGED: N_("%(who)s changed the duties of the year wheel."),
        ActKind.THEME_CHANGED: N_("%(who)s chose which points of the strategy belong to a theme."),
        ActKind.LINK_MARKED: N_("%(who)s changed what is said about a link in the strategy."),
        ActKind.REVIEW_OPENED: N_("%(who)s opened the year's review."),
        ActKind.HEARING_OPENED: N_("%(who)s opened the hearing of the year's review."),
        ActKind.BOARD_PHASE_OPENED: N_("%(who)s handed the year's review over to the board."),
        ActKind.CYCLE_MOVED: N_("%(who)s moved the year's review on or back."),
        ActKind.AMENDMENT_FORWARDED: N_("%(who)s sent a suggestion of a student council on."),
        ActKind.STATEMENT_WRITTEN: N_("%(who)s wrote a statement about a suggestion."),
        ActKind.AMENDMENT_SENT_BACK: N_("%(who)s sent a suggestion back to the student council with a question."),
        ActKind.DECISION_RECORDED: N_("%(who)s wrote down what the board has decided about a suggestion."),
        ActKind.AMENDMENT_ANSWERED: N_("%(who)s gave the pupils the board's answer to a suggestion."),
        ActKind.REPLY_READ: N_("%(who)s ticked that the board's answer was read aloud."),
        ActKind.DECISION_CORRECTED: N_("%(who)s put right what the board has decided about a suggestion."),
        ActKind.CLASH_SETTLED: N_("%(who)s settled which of two decided texts stands."),
        ActKind.COUNCIL_MADE: N_("%(who)s made a student council."),
        ActKind.COUNCIL_CHANGED: N_("%(who)s changed a student council."),
        ActKind.MINUTES_APPROVED: N_("%(who)s approved the minutes of a student council."),
        ActKind.MINUTES_CORRECTED: N_("%(who)s added a correction to the minutes of a student council."),
    },
}
WORDS = {kind: Words(group, words) for group, kinds in _IN_GROUPS.items() for kind, words in kinds.items()}

#: Kinds on no page, and why.
UNSAID = {
    ActKind.ADDRESS_TO_PROVE: "a mail that somebody asked for themselves",
    ActKind.POWER_CHANGED: "it tells the leadership what another act of the same moment says",
    ActKind.AMENDMENT_SUBMITTED: "a council's own (domain 3.4)",
    ActKind.AMENDMENT_WITHDRAWN: "a council's own",
    ActKind.AMENDMENT_MERGED: "a council's own",
    ActKind.AMENDMENT_PARTED: "a council's own",
    ActKind.AMENDMENT_HANDED_OVER: "a council's own",
    ActKind.CLASS_SHEET_READY: "it goes out with the minutes, which are said",
    ActKind.REPLY_SENT: "it goes out with the board's decision, which is said",
    ActKind.AMENDMENT_DECIDED: "a council's own until its minutes are approved, and then it stands there",
    ActKind.RESULT_PUT_RIGHT: "a council's own until its minutes are approved, and then it stands there",
    ActKind.COMMENT_WRITTEN: "a council's own",
    ActKind.COMMENT_REPORTED: "a council's own",
    ActKind.COMMENT_HIDDEN: "a council's own",
    ActKind.CLASS_INPUT_WRITTEN: "a council's own",
    ActKind.CLASS_INPUT_ENDED: "a council's own",
    ActKind.COUNCIL_MEETING_PLANNED: "a council's own",
    ActKind.COUNCIL_MEETING_CANCELLED: "a council's own",
    ActKind.UPDATE_DUE: "a reminder, and nobody's deed",
    ActKind.UPDATE_OVERDUE: "a reminder, and nobody's deed",
    ActKind.ACCESS_ENDS_SOON: "a reminder, and nobody's deed",
    ActKind.EVENT_PREPARED: "a draft, which its organisers alone see",
    ActKind.EVENTS_TO_COME: "what comes due by itself when somebody joins",
    ActKind.EVENT_REMINDER: "a reminder, and nobody's deed",
    ActKind.PROTECTED_NAME_WRITTEN: "it tells who lives under protection",
    ActKind.NAME_COVERED: "it tells who lives under protection",
    ActKind.HOME_ASKED: "a matter of the two who live together",
    ActKind.HOME_AGREED: "a matter of the two who live together",
    ActKind.HOME_ENDED: "a matter of the two who live together",
    ActKind.ORGANISER_INVITED: "a matter of those who organise an event",
    ActKind.ORGANISER_JOINED: "a matter of those who organise an event",
    ActKind.EVENT_LEFT_ALONE: "a matter of a home and those who may take over",
    ActKind.EVENT_QUESTION_ASKED: "a matter of a home and the organisers",
    ActKind.EVENT_QUESTION_ANSWERED: "a matter of a home and the organisers",
    ActKind.PLAYDATE_OFFERED: "a matter of the homes of a class",
    ActKind.PLAYDATE_CAME_ALONG: "what comes due by itself when a class is merged",
    ActKind.PLAYDATE_LEFT_BEHIND: "what comes due by itself when a class is shared out",
    ActKind.PLAYDATE_CHANGED: "a matter of the homes of a class",
    ActKind.PLAYDATE_TAKEN_BACK: "a matter of the homes of a class",
    ActKind.AKT_ASKED: "a matter of a class team, AKT and the leadership",
    ActKind.AKT_WITHDRAWN: "a matter of a class team, AKT and the leadership",
    ActKind.AKT_ANSWERED: "a matter of a class team, AKT and the leadership",
    ActKind.INITIATIVE_WITH_AKT: "a matter of a class team and AKT",
    ActKind.INITIATIVE_NAMES_PROTECTED: "it tells who lives under protection",
    ActKind.PLAYGROUP_ARRANGED: "a matter of the homes of a group",
    ActKind.PLAYGROUP_CHANGED: "a matter of the homes of a group",
    ActKind.PLAYGROUP_RECORDED: "a matter of the homes of a group and the class team",
    ActKind.PLAYGROUP_VOICES_ASKED: "a reminder, and nobody's deed",
    ActKind.PLAYGROUP_PARTED: "the class team's alone",
    ActKind.PLAYGROUP_LIFTED: "the class team's alone",
    ActKind.PLAYGROUP_PARTED_DUE: "the class team's alone",
    ActKind.RSVP_CHANGED_BY_OTHER_HOME: "a matter of the child's homes",
    ActKind.RSVP_ENTERED_BY_TEAM: "a matter of the child's homes and the class team",
}

#: Kinds whose subject is an event: nobody but its organisers reads of it before it is out.
OF_EVENT = frozenset(
    {
        ActKind.EVENT_CREATED,
        ActKind.EVENT_UNDONE,
        ActKind.EVENT_CHANGED,
        ActKind.EVENT_TERMS_CHANGED,
        ActKind.EVENT_MOVED,
        ActKind.EVENT_CANCELLED,
    }
)
#: Kinds whose subject is a class, and those whose subject is a child.
OF_CLASS = frozenset(
    {
        ActKind.TEAM_CHANGED,
        ActKind.REPRESENTATIVES_CHANGED,
        ActKind.CLASS_CHANGED,
        ActKind.CONTACTS_CHOSEN,
        ActKind.PARENT_MEETING_LEFT_BEHIND,
    }
)
#: Kinds of which the day alone is kept: when a class answered is told by nothing (domain 3.11).
OF_A_DAY = frozenset({ActKind.SURVEY_HELD, ActKind.SURVEY_CLOSED})
OF_CHILD = frozenset({ActKind.FOSTER_PARENT_TIED, ActKind.FOSTER_PARENT_ENDED, ActKind.HELPER_REPORTED})
