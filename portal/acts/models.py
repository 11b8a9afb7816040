"""The append-only record of what was done, by whom, to what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value


class ActKind(StrEnum):
    """Everything that is worth remembering that somebody did."""

    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an act, not a password
    ADDRESS_TO_PROVE = "address_to_prove"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SESSION_ENDED = "session_ended"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    LINK_MADE = "link_made"
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_REOPENED = "account_reopened"
    ACCOUNT_CLOSED = "account_closed"
    ROLE_GRANTED = "role_granted"
    ROLE_ENDED = "role_ended"
    POWER_CHANGED = "power_changed"
    ROSTER_APPLIED = "roster_applied"
    TEAM_CHANGED = "team_changed"
    REPRESENTATIVES_CHANGED = "representatives_changed"
    YEAR_GROUP_PARENTS_CHANGED = "year_group_parents_changed"
    COUNCIL_MADE = "council_made"
    COUNCIL_CHANGED = "council_changed"
    FACILITATOR_NAMED = "facilitator_named"
    FACILITATOR_ENDED = "facilitator_ended"
    FOSTER_PARENT_TIED = "foster_parent_tied"
    FOSTER_PARENT_ENDED = "foster_parent_ended"
    HELPER_INVITED = "helper_invited"
    HELPER_ENDED = "helper_ended"
    HELPER_REPORTED = "helper_reported"
    HOME_ASKED = "home_asked"
    HOME_AGREED = "home_agreed"
    HOME_ENDED = "home_ended"
    ACCESS_CLOSED = "access_closed"
    ACCESS_CLOSED_LONGER = "access_closed_longer"
    ACCESS_OPENED = "access_opened"
    ACCESS_ENDS_SOON = "access_ends_soon"
    NAME_COVERED = "name_covered"
    CLASS_CHANGED = "class_changed"
    CONTACTS_CHOSEN = "contacts_chosen"
    HELP_CHANGED = "help_changed"
    FIXED_DAYS_CHANGED = "fixed_days_changed"
    CALENDAR_CHANGED = "calendar_changed"
    STRATEGY_IMPORTED = "strategy_imported"
    STRATEGY_APPROVED = "strategy_approved"
    STRATEGY_DISCARDED = "strategy_discarded"
    LINK_MARKED = "link_marked"
    DUTY_NOTED = "duty_noted"
    DUTY_NOTE_REMOVED = "duty_note_removed"
    WHEEL_CHANGED = "wheel_changed"
    THEME_CHANGED = "theme_changed"
    CYCLE_MOVED = "cycle_moved"
    REVIEW_OPENED = "review_opened"
    HEARING_OPENED = "hearing_opened"
    BOARD_PHASE_OPENED = "board_phase_opened"
    AMENDMENT_SUBMITTED = "amendment_submitted"
    AMENDMENT_WITHDRAWN = "amendment_withdrawn"
    AMENDMENT_MERGED = "amendment_merged"
    AMENDMENT_PARTED = "amendment_parted"
    AMENDMENT_HANDED_OVER = "amendment_handed_over"
    AMENDMENT_DECIDED = "amendment_decided"
    RESULT_PUT_RIGHT = "result_put_right"
    AMENDMENT_FORWARDED = "amendment_forwarded"
    AMENDMENT_ANSWERED = "amendment_answered"
    REPLY_SENT = "reply_sent"
    REPLY_READ = "reply_read"
    AMENDMENT_SENT_BACK = "amendment_sent_back"
    STATEMENT_WRITTEN = "statement_written"
    DECISION_RECORDED = "decision_recorded"
    DECISION_CORRECTED = "decision_corrected"
    CLASH_SETTLED = "clash_settled"
    COMMENT_WRITTEN = "comment_written"
    COMMENT_REPORTED = "comment_reported"
    COMMENT_HIDDEN = "comment_hidden"
    COUNCIL_MEETING_PLANNED = "council_meeting_planned"
    COUNCIL_MEETING_CANCELLED = "council_meeting_cancelled"
    CLASS_INPUT_WRITTEN = "class_input_written"
    CLASS_INPUT_ENDED = "class_input_ended"
    MINUTES_APPROVED = "minutes_approved"
    CLASS_SHEET_READY = "class_sheet_ready"
    UPDATE_SCHEDULED = "update_scheduled"
    UPDATE_UNSCHEDULED = "update_unscheduled"
    UPDATE_DISCARDED = "update_discarded"
    UPDATE_HELD = "update_held"
    MINUTES_CORRECTED = "minutes_corrected"
    UPDATE_PUBLISHED = "update_published"
    UPDATE_CORRECTED = "update_corrected"
    UPDATE_CORRECTED_AND_TOLD = "update_corrected_and_told"
    UPDATE_WITHDRAWN = "update_withdrawn"
    UPDATE_REOPENED = "update_reopened"
    NAMES_CONFIRMED = "names_confirmed"
    TOLD_ELSEWHERE_REGISTERED = "told_elsewhere_registered"
    TOLD_ELSEWHERE_REMOVED = "told_elsewhere_removed"
    UPDATE_DUE = "update_due"
    UPDATE_OVERDUE = "update_overdue"
    CLASS_RULES_WRITTEN = "class_rules_written"
    PARENT_AGREEMENTS_WRITTEN = "parent_agreements_written"
    PROTECTED_NAME_WRITTEN = "protected_name_written"
    AGREEMENT_RENEWED = "agreement_renewed"
    AGREEMENT_HIDDEN = "agreement_hidden"
    TEMPLATE_CHANGED = "template_changed"
    EVENT_PREPARED = "event_prepared"
    EVENT_CREATED = "event_created"
    EVENT_UNDONE = "event_undone"
    EVENT_CHANGED = "event_changed"
    EVENT_MOVED = "event_moved"
    EVENT_TERMS_CHANGED = "event_terms_changed"
    EVENT_CANCELLED = "event_cancelled"
    ORGANISER_INVITED = "organiser_invited"
    ORGANISER_JOINED = "organiser_joined"
    EVENT_LEFT_ALONE = "event_left_alone"
    EVENT_QUESTION_ASKED = "event_question_asked"
    EVENT_QUESTION_ANSWERED = "event_question_answered"
    EVENTS_TO_COME = "events_to_come"
    EVENT_REMINDER = "event_reminder"
    PLAYDATE_OFFERED = "playdate_offered"
    PLAYDATE_CAME_ALONG = "playdate_came_along"
    PLAYDATE_LEFT_BEHIND = "playdate_left_behind"
    PLAYDATE_CHANGED = "playdate_changed"
    PLAYDATE_TAKEN_BACK = "playdate_taken_back"
    PLAYGROUPS_PLANNED = "playgroups_planned"
    PLAYGROUPS_PUBLISHED = "playgroups_published"
    PLAYGROUPS_ENDED = "playgroups_ended"
    PLAYGROUP_VOICES_ASKED = "playgroup_voices_asked"
    PLAYGROUP_MAKERS_CHOSEN = "playgroup_makers_chosen"
    PLAYGROUP_ARRANGED = "playgroup_arranged"
    PLAYGROUP_CHANGED = "playgroup_changed"
    PLAYGROUP_RECORDED = "playgroup_recorded"
    PLAYGROUP_PARTED = "playgroup_parted"
    PLAYGROUP_LIFTED = "playgroup_lifted"
    PLAYGROUP_PARTED_DUE = "playgroup_parted_due"
    PARENT_MEETING_CALLED = "parent_meeting_called"
    PARENT_MEETING_MOVED = "parent_meeting_moved"
    PARENT_MEETING_CHANGED = "parent_meeting_changed"
    PARENT_MEETING_CANCELLED = "parent_meeting_cancelled"
    PARENT_MEETING_LEFT_BEHIND = "parent_meeting_left_behind"
    MEETING_MATERIAL_PUBLISHED = "meeting_material_published"
    MEETING_MATERIAL_SHOWN = "meeting_material_shown"
    MEETING_MATERIAL_NOT_SHOWN = "meeting_material_not_shown"
    PLAY_PATROL_PLANNED = "play_patrol_planned"
    PLAY_PATROL_SWAPPED = "play_patrol_swapped"
    AKT_ASKED = "akt_asked"
    AKT_ANSWERED = "akt_answered"
    AKT_WITHDRAWN = "akt_withdrawn"
    AKT_MEETING_NOTED = "akt_meeting_noted"
    AKT_NOTE_REMOVED = "akt_note_removed"
    BREAKS_LOOKED_AT = "breaks_looked_at"
    INITIATIVE_STARTED = "initiative_started"
    INITIATIVE_WITH_AKT = "initiative_with_akt"
    INITIATIVE_NAMES_PROTECTED = "initiative_names_protected"
    INITIATIVE_CHANGED = "initiative_changed"
    INITIATIVE_CLOSED = "initiative_closed"
    INITIATIVE_REOPENED = "initiative_reopened"
    INITIATIVE_WITHDRAWN = "initiative_withdrawn"
    INITIATIVE_LEFT_BEHIND = "initiative_left_behind"
    RSVP_CHANGED_BY_OTHER_HOME = "rsvp_changed_by_other_home"
    RSVP_ENTERED_BY_TEAM = "rsvp_entered_by_team"
    SURVEY_MADE = "survey_made"
    SURVEY_ENDED = "survey_ended"
    SURVEY_HELD = "survey_held"
    SURVEY_CLOSED = "survey_closed"
    SURVEY_SHOWN = "survey_shown"
    SURVEY_WORDS_WRITTEN = "survey_words_written"
    SURVEY_QUESTIONS_CHANGED = "survey_questions_changed"
    NATIONAL_FIGURES_NOTED = "national_figures_noted"


class Act(Model):
    """One thing done. Rows are added and never changed; texts and names are not copied into them (domain 3.8).

    `actor_id` is empty for the school's own commands. `subject_id` is the id of the row the act is about, `about_id`
    whom it was done to, and `detail` one word of the portal's own, such as which role: never anything that was typed.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[ActKind] = mapped_column(by_value(ActKind))
    subject_id: Mapped[int]
    about_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    detail: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("ix_act_kind_subject_id", "kind", "subject_id"),)


class WaitingAct(Model):
    """An act that nobody has been told of yet: the outbox. The row goes when the act has become deliveries.

    A table of its own, so that acts themselves never change; it holds only what waits, so looking is cheap. `try_at`
    moves on when telling fails. What is urgent waits for no day's mail.
    """

    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), primary_key=True, autoincrement=False)
    try_at: Mapped[datetime] = mapped_column(index=True)
    is_urgent: Mapped[bool] = mapped_column(default=False)

    act: Mapped[Act] = relationship()
