"""Every page of the portal: an example address and who gets to see it. A page that is not listed fails a test.

`example(world)` gives the arguments of the address; `readers` are the names of the cast who get 200 (others get a 403
or 404, and the public is sent to sign in), or PUBLIC for everybody, signed in or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from portal.accounts.models import User
from portal.accounts.proof.tokens import proof_token
from portal.accounts.sign_in import services as sign_in
from portal.accounts.sign_in import tokens
from portal.acts.models import Act, ActKind
from portal.acts.topics import Topic
from portal.agreements.models import AgreementKind
from portal.agreements.queries import list_versions
from portal.akt.models import AktRequest
from portal.council.class_inputs.models import ClassInput, Ending
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.database import db
from portal.events.models import ClassEvent
from portal.events.questions.models import EventQuestion
from portal.fixed_days.models import FixedDay
from portal.initiatives.models import Initiative
from portal.notifications.choices.tokens import topic_token
from portal.notifications.models import Delivery
from portal.notifications.services import keep_deliveries
from portal.parent_meetings.material.models import FileKind, MaterialFile
from portal.parent_meetings.models import ParentMeeting
from portal.people import BY_ITSELF, load_people
from portal.play_patrol.models import PatrolTurn
from portal.playdates.models import Playdate
from portal.playgroups.models import PlaygroupPlan
from portal.school.days_off.models import CalendarPeriod
from portal.school.help_contacts.models import HelpContact, HelpKind
from portal.school.models import Guardianship, GuardianshipKind
from portal.school.roster.models import RosterUpload
from portal.school.roster.services import keep_upload
from portal.school.text_templates.models import TemplateKind, TextTemplate
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.kinds import AmendmentState, EditionState, Phase
from portal.strategy.models import Edition
from portal.strategy.replies.models import ReplySheet
from portal.surveys.hour.services import make_slips
from portal.surveys.models import Survey
from portal.surveys.national.models import NationalMeasurement
from portal.surveys.queries import get_class_survey
from portal.text import clock
from portal.updates.models import UpdateClause, UpdateRevision, UpdateThanks, WellbeingUpdate
from tests import factories as make
from tests.cast import AT_SCHOOL, COUNCIL, EVERYBODY, HOMES, OFFICE, SCHOOL_WIDE, TEAM, Cast
from tests.school.roster.register import files

PUBLIC = frozenset({"public"})
IN_COUNCIL = COUNCIL | {"facilitator"}
YEAR_PARENT = frozenset({"guardian_of_two"})
AUTHOR = frozenset({"council_member", "facilitator"})
FACILITATOR = frozenset({"facilitator"})
LEADER, SECRETARY = frozenset({"leader"}), frozenset({"board_secretary"})
OVERSEERS = LEADER | SECRETARY | OFFICE | {"akt"}
STAFF = OVERSEERS | TEAM | FACILITATOR | {"teacher_elsewhere"}
HEARS = LEADER | SECRETARY | {"akt"}
READS_MATERIAL = AT_SCHOOL - COUNCIL
STAFF = TEAM | OFFICE | SCHOOL_WIDE | {"teacher_elsewhere", "facilitator", "board_secretary"}
IN_THE_SCHOOL = STAFF | COUNCIL
SEES_THE_SCHOOL = SCHOOL_WIDE | TEAM | IN_COUNCIL | {"teacher_elsewhere"}
REVIEWERS = frozenset({"office", "leader", "board_secretary"})


@dataclass(frozen=True)
class World:
    """The cast with something on every page."""

    cast: Cast
    update: WellbeingUpdate
    draft: WellbeingUpdate
    edition: Edition
    draft_edition: Edition
    contact: HelpContact
    upload: RosterUpload
    event: ClassEvent
    question: EventQuestion
    playdate: Playdate
    playgroups: PlaygroupPlan
    link_path: str
    helper_tie_id: int
    amendment: Amendment
    sent_on: Amendment
    staffs: Amendment
    comment: Comment
    meeting: CouncilMeeting
    item: AgendaItem
    period: CalendarPeriod
    version_ids: dict[int, int]
    template: TextTemplate
    reply: ReplySheet
    held: CouncilMeeting
    class_input: ClassInput
    parent_meeting: ParentMeeting
    turn: PatrolTurn
    akt_request: AktRequest
    initiative: Initiative
    closed: Initiative
    survey: Survey
    answered: Survey
    fixed: FixedDay


def make_world(cast: Cast) -> World:
    """Put something on every page: news, editions, letters, contacts."""
    cast.guardian.email = "guardian@hjem.example"
    old = make.make_edition({"": ["Sådan er vi sammen."], "Vores mål": ["Vi hilser."]}, state=EditionState.SUPERSEDED)
    edition = make.make_edition(
        {"": ["Sådan er vi sammen."], "Vores mål": ["Vi hilser på alle.", "<https://example.org/hjælp>"]}, number=2
    )
    draft_edition = make.make_edition({"Vores mål": ["Vi hilser på hinanden."]}, number=3, state=EditionState.DRAFT)
    make.make_theme()
    fixed = make.make_fixed_day(points=("k2",))
    update = make.make_update(cast.third, cast.class_teacher, body="### Sådan går det\n\nGodt.\n\n- Vi leger")
    update.corrected_at, update.revision = clock.now(), 2
    for revision in (1, 2):
        db.session.add(
            UpdateRevision(
                update_id=update.id,
                revision=revision,
                title=update.title,
                body=f"Godt, {revision}. gang.",
                saved_by_id=cast.class_teacher.id,
                saved_at=clock.now(),
            )
        )
    db.session.add(UpdateClause(update_id=update.id, clause_key="k2", published_at=update.published_at))
    db.session.add(UpdateThanks(update_id=update.id, user_id=cast.guardian.id))
    draft = make.make_update(cast.third, cast.class_teacher, "Udkast om Alma", published_at=None)
    make.make_update(cast.sixth, cast.teacher_elsewhere, published_at=clock.now() - timedelta(days=2))
    contact = HelpContact(
        kind=HelpKind.LINE,
        position=0,
        title="BørneTelefonen",
        detail="Ring gratis",
        phone="116 111",
        url="https://example.org",
        checked_on=clock.today(),
    )
    db.session.add(contact)
    event = make.make_event(cast.third, cast.guardian, cost_per_child=50)
    make.answer(event, cast.alma, cast.other_home)
    make.bring(event, cast.guardian, 2, 1)
    make.ask(event, cast.other_home, answer="Ja, det er der.", shown_question="Er der mad til allergikere?")
    question = make.ask(event, cast.other_home, "Må vi tage en hund med?")
    make.make_year_parent(cast.guardian_of_two, cast.third)
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    make.come_to(playdate, cast.alma, cast.guardian)
    everybody = [cast.alma, cast.noah, cast.otto]
    playgroups = make.make_playgroups(cast.third, cast.class_teacher, [everybody], [everybody])
    make.host(make.groups_of(playgroups, 1)[0], cast.guardian, cast.alma)
    make.can_host(cast.guardian, cast.third)
    _tell_the_homes(update, cast)
    (office,) = load_people([cast.office.id], today=clock.today())
    link = sign_in.make_link(cast.guardian, actor=office, now=clock.now())
    sign_in.make_link(cast.council_member, actor=office, now=clock.now())
    sign_in.make_link(cast.helper, actor=office, now=clock.now())
    helper_tie = db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER).one()
    db.session.flush()
    amendment = make.make_amendment(cast.council, cast.council_member, edition)
    sent_on = make.make_amendment(cast.council, cast.council_chair, edition, state=AmendmentState.FORWARDED)
    staffs = make.make_amendment(None, cast.leader, edition, state=AmendmentState.FORWARDED)
    comment = make.make_comment(cast.council, cast.council_chair, amendment)
    make.make_comment(cast.council, cast.council_chair, edition.sections[-1].clauses[0])
    make.make_cycle(edition, Phase.HEARING)
    meeting = make.make_meeting(cast.council)
    item = make.make_item(meeting, amendment)
    held = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    make.make_item(held, notes="Vi talte om bolde.")
    class_input = make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=item.id, about="Bolde")
    answer = {"ending": Ending.DOING, "reply": "Vi køber fem.", "who": "Elevrådet", "when": "i maj"}
    ended = {"ended_at": clock.now(), "meeting_id": held.id} | answer
    make.make_class_input(cast.council, cast.sixth, cast.facilitator, **ended)
    decided = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.APPROVED)
    decision = make.make_decision(decided, cast.board_secretary)
    make.make_earlier_decision(decision)
    reply = make.make_reply(decision, cast.council, cast.alma, cast.third)
    make.make_reply(decision, cast.council, None, None)
    period = make.make_period(date(2026, 12, 23), date(2027, 1, 2))
    make.make_told_elsewhere(cast.third, cast.pedagogue, told_on=clock.today() - timedelta(days=30))
    rules = make.make_agreement(cast.third, cast.class_teacher, agreed_on=date(2025, 9, 1))
    make.make_agreement(cast.third, cast.guardian_of_two, AgreementKind.PARENTS)
    make.make_template(TemplateKind.UPDATE, "Nyt om trivslen", "### Sådan har klassen det")
    cast.other_home.email = "jonas@example.org"
    make.live_together(cast.guardian, cast.other_home, asked_by=cast.guardian, agreed_on=None)
    make.show_contacts(cast.guardian, cast.third)
    make.show_contacts(cast.other_home, cast.third, phone="", email=True)
    survey = make.make_survey(None, cast.leader)
    make_slips(get_class_survey(survey.id, cast.third.id), now=clock.now())
    ago = clock.today() - timedelta(days=40)
    answered = make.make_survey(None, cast.leader, opens_on=ago, closes_on=ago + timedelta(days=9))
    make.hold_survey(
        answered, cast.third, words="Vi øver os i at lege sammen.", words_at=clock.at_school(ago, time(13))
    )
    make.hold_survey(answered, cast.sixth)
    measured = {"social": 41, "learning": 39, "support": 35, "calm": 38}
    db.session.add(NationalMeasurement(school_year=2025, measured_on=date(2026, 5, 4), **measured))
    assert old.number == 1
    file = MaterialFile(content=b"%PDF-1.7 trivsel")
    db.session.add(file)
    db.session.flush()
    make.make_material(
        cast.leader,
        links="https://example.org/godt Godt at vide",
        file_id=file.id,
        file_name="Trivsel.pdf",
        file_kind=FileKind.PDF,
    )
    parent_meeting = make.make_parent_meeting(cast.third)
    turn = make.make_turn(cast.ella)
    initiative = make.make_initiative(cast.class_teacher, cast.third, with_akt=True, keys=("k2", "k99"))
    closed = make.make_initiative(cast.class_teacher, cast.third, title="Vi hilser hver morgen")
    make.close_initiative(closed, cast.class_teacher)
    late = {"starts_on": clock.today() - timedelta(days=60), "title": "Bolde til alle"}
    make.make_initiative(cast.facilitator, council=cast.council, **late)
    make.close_initiative(make.make_initiative(cast.leader, title="Morgensang"), cast.leader)
    akt_request = make.make_akt_request(cast.third, cast.class_teacher)
    return World(
        cast,
        update,
        draft,
        edition,
        draft_edition,
        contact,
        upload=keep_upload(files(), actor=BY_ITSELF, now=clock.now()),
        event=event,
        question=question,
        playdate=playdate,
        playgroups=playgroups,
        link_path=tokens.link_token(link.id, link.nonce, "s" * 40),
        helper_tie_id=helper_tie.id,
        amendment=amendment,
        sent_on=sent_on,
        staffs=staffs,
        comment=comment,
        meeting=meeting,
        item=item,
        period=period,
        version_ids={one.number: one.id for one in list_versions(rules.id)},
        template=make.make_template(),
        reply=reply,
        held=held,
        class_input=class_input,
        parent_meeting=parent_meeting,
        turn=turn,
        akt_request=akt_request,
        initiative=initiative,
        closed=closed,
        survey=survey,
        answered=answered,
        fixed=fixed,
    )


def _tell_the_homes(update: WellbeingUpdate, cast: Cast) -> None:
    """Twice, and once opened, so that everybody's list has both manners of line."""
    homes = {cast.users[name].id: update.class_id for name in HOMES}
    for _ in range(2):
        act = Act(kind=ActKind.UPDATE_PUBLISHED, subject_id=update.id, at=clock.now())
        db.session.add(act)
        db.session.flush()
        keep_deliveries(act.id, homes, with_mail={}, now=clock.now())
    db.session.query(Delivery).filter_by(act_id=act.id).update({"is_opened": True})


@dataclass(frozen=True)
class Page:
    """One page; `most_queries` counts every statement of the request, identity included."""

    endpoint: str
    readers: frozenset[str]
    example: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    most_queries: int = 8
    is_html: bool = True
    writes: bool = False


def _proof(world: World) -> dict[str, Any]:
    guardian = world.cast.guardian
    return {"token": proof_token(guardian.id, guardian.email, "s" * 40)}


def _topic(world: World) -> dict[str, Any]:
    guardian = world.cast.guardian
    return {"token": topic_token(guardian.id, Topic.EVENTS, guardian.email or "", "s" * 40)}


def _third(world: World) -> dict[str, Any]:
    return {"class_id": world.cast.third.id}


def _question(world: World) -> dict[str, Any]:
    return {"question_id": world.question.id}


def _year_of_third(world: World) -> dict[str, Any]:
    return {"year_group_id": make.year_of(world.cast.third)}


def _council(world: World) -> dict[str, Any]:
    return {"council_id": world.cast.council.id}


def _sixth(world: World) -> dict[str, Any]:
    return {"class_id": world.cast.sixth.id}


def _sheet(world: World) -> dict[str, Any]:
    return {"meeting_id": world.held.id, "class_id": world.cast.sixth.id}


def _year(world: World) -> dict[str, Any]:
    return {"council_id": world.cast.council.id, "school_year": 2026}


def _update(world: World) -> dict[str, Any]:
    return {"update_id": world.update.id}


def _draft(world: World) -> dict[str, Any]:
    return {"update_id": world.draft.id}


def _event(world: World) -> dict[str, Any]:
    return {"event_id": world.event.id}


def _playdate(world: World) -> dict[str, Any]:
    return {"playdate_id": world.playdate.id}


def _round(world: World) -> dict[str, Any]:
    return {"round_id": make.groups_of(world.playgroups, 2)[0].round_id, "child": world.cast.alma.id}


def _group(world: World) -> dict[str, Any]:
    return {"group_id": make.groups_of(world.playgroups, 1)[0].id}


def _clause(world: World) -> dict[str, Any]:
    return {"key": "k2"}


def _amendment(world: World) -> dict[str, Any]:
    return {"amendment_id": world.amendment.id}


def _sent_on(world: World) -> dict[str, Any]:
    return {"amendment_id": world.sent_on.id}


def _staffs(world: World) -> dict[str, Any]:
    return {"amendment_id": world.staffs.id}


def _meeting(world: World) -> dict[str, Any]:
    return {"meeting_id": world.meeting.id}


def _item(world: World) -> dict[str, Any]:
    return {"item_id": world.item.id}


def _rules(world: World) -> dict[str, Any]:
    return {"class_id": world.cast.third.id, "kind": "rules"}


def _version(world: World, number: int) -> dict[str, Any]:
    return {"version_id": world.version_ids[number]}


def _template(world: World) -> dict[str, Any]:
    return {"template_id": world.template.id}


def _parent_meeting(world: World) -> dict[str, Any]:
    return {"meeting_id": world.parent_meeting.id}


def _school_year(world: World) -> dict[str, Any]:
    return {"school_year": clock.school_year(clock.today())}


def _material(world: World) -> dict[str, Any]:
    return {**_school_year(world), "number": 1}


def _alma(world: World) -> dict[str, Any]:
    return {"pupil_id": world.cast.alma.id}


def _mette_and_alma(world: World) -> dict[str, Any]:
    return {"pupil_id": world.cast.alma.id, "guardian_id": world.cast.guardian.id}


def _survey(world: World) -> dict[str, Any]:
    return {"survey_id": world.survey.id, "class_id": world.cast.third.id}


def _answered(world: World) -> dict[str, Any]:
    return {"survey_id": world.answered.id, "class_id": world.cast.third.id}


def _initiative(world: World) -> dict[str, Any]:
    return {"initiative_id": world.initiative.id}


PAGES = (
    Page("accounts.sign_in.accept_link", PUBLIC, lambda world: {"token": world.link_path}),
    Page("accounts.sign_in.change_password", EVERYBODY),
    Page("accounts.proof.show_address", PUBLIC, _proof),
    Page("accounts.users.list_undelivered", OFFICE),
    Page("accounts.users.list_users", OFFICE),
    Page("accounts.users.new_user", OFFICE),
    Page("accounts.sign_in.show_forgotten", PUBLIC),
    Page("accounts.users.show_letter", OFFICE, lambda world: {"user_id": world.cast.guardian.id}),
    Page("accounts.show_me", EVERYBODY),
    Page("accounts.users.show_user", OFFICE, lambda world: {"user_id": world.cast.guardian.id}),
    Page("accounts.sign_in.sign_in", PUBLIC),
    Page("acts.list_acts", OFFICE | {"leader"}),
    Page("agreements.compare_versions", TEAM | HOMES | SCHOOL_WIDE, lambda world: _version(world, 2)),
    Page("agreements.edit_agreement", TEAM, _rules),
    Page("agreements.list_agreements", SCHOOL_WIDE),
    Page("agreements.list_versions", TEAM | HOMES | SCHOOL_WIDE, _rules),
    Page("agreements.show_agreement", TEAM | HOMES | SCHOOL_WIDE, _rules),
    Page("agreements.show_poster", TEAM | HOMES | SCHOOL_WIDE, _rules),
    Page("agreements.show_version", TEAM | HOMES | SCHOOL_WIDE, lambda world: _version(world, 1)),
    Page("akt.list_class_requests", TEAM | SCHOOL_WIDE, _third),
    Page("akt.list_requests", SCHOOL_WIDE),
    Page("council.years.list_years", AT_SCHOOL),
    Page("council.years.download_year", AT_SCHOOL, _year, is_html=False),
    Page("council.years.show_year", AT_SCHOOL, _year),
    Page("council.meetings.edit_attendance", FACILITATOR, _meeting),
    Page("council.meetings.edit_day", FACILITATOR, _meeting),
    Page(
        "council.class_inputs.edit_input",
        frozenset({"council_member"}),
        lambda world: {"input_id": world.class_input.id},
    ),
    Page("council.class_inputs.edit_ending", FACILITATOR, lambda world: {"input_id": world.class_input.id}),
    Page("council.class_inputs.list_inputs", IN_COUNCIL, _council),
    Page("council.class_inputs.new_input", IN_COUNCIL | {"teacher_elsewhere"}, _sixth),
    Page("council.class_inputs.show_sheet", IN_COUNCIL | {"teacher_elsewhere"}, _sheet),
    Page("council.edit_board", OFFICE | {"facilitator"}, _council),
    Page("council.edit_chair", OFFICE | {"facilitator"}, _council),
    Page("council.edit_council", OFFICE, _council),
    Page("council.edit_facilitators", OFFICE, _council),
    Page("council.edit_members", OFFICE | TEAM, _third),
    Page("council.meetings.edit_notes", FACILITATOR, _item),
    Page("council.list_councils", EVERYBODY),
    Page("council.meetings.new_correction", FACILITATOR, _meeting),
    Page("council.new_council", OFFICE),
    Page("council.meetings.new_item", IN_COUNCIL, _meeting),
    Page("council.meetings.new_meeting", FACILITATOR, _council),
    Page("council.meetings.correct_result", FACILITATOR, _item),
    Page("council.meetings.record_result", FACILITATOR, _item),
    Page("council.screen.show_pulse", IN_COUNCIL, _meeting, is_html=False, most_queries=2),
    Page("council.screen.show_screen", IN_COUNCIL, _meeting),
    Page("council.show_answers", FACILITATOR, _council),
    Page("council.show_council", OFFICE | COUNCIL | {"facilitator"}, _council),
    Page("council.meetings.show_minutes", IN_COUNCIL, _meeting),
    Page("council.meetings.show_printed_minutes", IN_COUNCIL, _meeting),
    Page("council.meetings.show_meeting", IN_COUNCIL, _meeting),
    Page("council.show_letters", OFFICE | TEAM, _third),
    Page("events.audience.new_school_event", SCHOOL_WIDE),
    Page("events.audience.new_year_event", TEAM | YEAR_PARENT, _year_of_third),
    Page("events.edit_event", TEAM | {"guardian"}, _event),
    Page("events.list_answers", TEAM, _event),
    Page("events.list_events", EVERYBODY, most_queries=6),
    Page("events.new_event", TEAM | HOMES, _third),
    Page("events.organisers.list_organisers", frozenset({"guardian"}), _event),
    Page("events.questions.ask_question", TEAM | HOMES | {"helper"}, _event),
    Page("events.questions.edit_answer", frozenset({"guardian"}), _question),
    Page("events.questions.list_questions", frozenset({"guardian"}), _event),
    Page("events.past.list_past", EVERYBODY, most_queries=5),
    Page("events.show_attendance", TEAM | {"guardian"}, _event),
    Page("events.show_aula_text", TEAM | {"guardian"}, _event),
    Page("events.show_event", TEAM | HOMES | SCHOOL_WIDE | {"helper"}, _event),
    Page("events.year.show_year", TEAM | HOMES, _third),
    Page("home.list_classes", EVERYBODY),
    Page("home.show_child", frozenset({"guardian", "other_home"}), _alma),
    Page("home.show_class", TEAM | HOMES | SCHOOL_WIDE | OFFICE, _third),
    Page("initiatives.close_initiative", TEAM | SCHOOL_WIDE, _initiative),
    Page("initiatives.correct_outcome", TEAM, lambda world: {"initiative_id": world.closed.id}),
    Page("initiatives.edit_initiative", TEAM | SCHOOL_WIDE, _initiative),
    Page("initiatives.list_all_classes", SCHOOL_WIDE, most_queries=4),
    Page("initiatives.list_class_initiatives", TEAM | HOMES | SCHOOL_WIDE, _third, most_queries=4),
    Page("initiatives.list_initiatives", AT_SCHOOL, most_queries=3),
    Page("initiatives.new_class_initiative", TEAM, _third),
    Page("initiatives.new_council_initiative", FACILITATOR, _council),
    Page("initiatives.new_school_initiative", SCHOOL_WIDE),
    Page("initiatives.show_initiative", TEAM | HOMES | SCHOOL_WIDE, _initiative, most_queries=4),
    Page("operations.show_health", PUBLIC, is_html=False, most_queries=1),
    Page("home.show_help", PUBLIC),
    Page("home.show_home", PUBLIC),
    Page("home.list_waiting", EVERYBODY),
    Page("home.show_year_group", TEAM | YEAR_PARENT | SCHOOL_WIDE, _year_of_third),
    Page("operations.show_readiness", PUBLIC, is_html=False),
    Page("notifications.choices.edit_choices", EVERYBODY),
    Page("notifications.choices.show_topic", PUBLIC, _topic),
    Page("notifications.list_mail", EVERYBODY),
    Page("notifications.list_notifications", EVERYBODY),
    Page("parent_meetings.edit_meeting", TEAM, _parent_meeting),
    Page("parent_meetings.list_class_meetings", TEAM | HOMES | SCHOOL_WIDE, _third),
    Page("parent_meetings.list_meetings", SCHOOL_WIDE),
    Page("parent_meetings.material.download_file", READS_MATERIAL, _material, is_html=False),
    Page("parent_meetings.material.edit_material", LEADER, _school_year),
    Page("parent_meetings.material.show_version", READS_MATERIAL, _material),
    Page("parent_meetings.material.show_year", READS_MATERIAL, _school_year),
    Page("parent_meetings.new_meeting", TEAM, _third),
    Page("parent_meetings.show_meeting", TEAM | HOMES | SCHOOL_WIDE, _parent_meeting),
    Page("parent_meetings.show_screen", TEAM | HOMES | SCHOOL_WIDE, _parent_meeting),
    Page("play_patrol.edit_turn", SCHOOL_WIDE, lambda world: {"turn_id": world.turn.id}),
    Page("play_patrol.list_weeks", IN_THE_SCHOOL),
    Page("play_patrol.new_rota", SCHOOL_WIDE),
    Page("play_patrol.show_sheet", IN_THE_SCHOOL),
    Page("playdates.edit_playdate", frozenset({"guardian_of_two"}), _playdate),
    Page("playdates.list_playdates", EVERYBODY, most_queries=5),
    Page("playdates.new_playdate", HOMES, _third),
    Page("playdates.show_aula_text", frozenset({"guardian_of_two"}), _playdate),
    Page("playdates.show_playdate", TEAM | HOMES, _playdate),
    Page("playgroups.draft.show_round", TEAM, _round, most_queries=12),
    Page("playgroups.homes.edit_answer", HOMES, _third),
    Page("playgroups.new_plan", TEAM, _third, most_queries=9),
    Page("playgroups.parted.edit_pairs", TEAM, _third, most_queries=12),
    Page("playgroups.rounds.edit_meeting", frozenset({"guardian"}), _group, most_queries=10),
    Page("playgroups.rounds.list_rounds", HOMES, _third),
    Page("playgroups.rounds.record_meeting", TEAM | {"guardian"}, _group, most_queries=10),
    Page("playgroups.rounds.show_aula_text", HOMES, _group, most_queries=10),
    Page("playgroups.show_matrix", TEAM, _third, most_queries=13),
    Page("playgroups.show_plan", TEAM, _third, most_queries=12),
    Page("playgroups.voices.list_questions", COUNCIL | {"guardian_of_two", "guardian_elsewhere"}, _sixth),
    Page("school.edit_class", OFFICE, _third),
    Page("school.days_off.edit_period", OFFICE | {"leader"}, lambda world: {"period_id": world.period.id}),
    Page("school.days_off.new_days_off", OFFICE | {"leader"}),
    Page("school.days_off.new_period", OFFICE | {"leader"}),
    Page("school.days_off.show_days_off", EVERYBODY, most_queries=5),
    Page("school.access.edit_access", frozenset({"leader"}), _mette_and_alma),
    Page("school.access.list_closed", frozenset({"leader"})),
    Page("school.access.list_accesses", frozenset({"leader"}), _third),
    Page("school.contacts.edit_contacts", HOMES, _third),
    Page("school.edit_foster_parents", OFFICE, _third),
    Page("school.help_contacts.edit_help_contact", OFFICE, lambda world: {"contact_id": world.contact.id}),
    Page("school.edit_representatives", OFFICE | TEAM, _third),
    Page("school.year_groups.edit_parents", OFFICE | TEAM, _year_of_third),
    Page("school.text_templates.edit_template", OFFICE | {"leader"}, _template),
    Page("school.roster.import_roster", OFFICE),
    Page("school.help_contacts.list_help_contacts", OFFICE),
    Page("school.text_templates.list_templates", OFFICE | {"leader"}),
    Page("school.new_class", OFFICE),
    Page("school.help_contacts.new_help_contact", OFFICE),
    Page("school.helpers.new_helper", frozenset({"guardian", "other_home"}), _alma),
    Page("school.homes.show_home", HOMES | {"guardian_elsewhere"}),
    Page("school.new_team_member", OFFICE, _third),
    Page("school.text_templates.new_template", OFFICE | {"leader"}),
    Page("school.contacts.show_contacts", TEAM | HOMES, _third),
    Page(
        "school.helpers.show_helper_letter",
        OFFICE | {"guardian"},
        lambda world: {"guardianship_id": world.helper_tie_id},
    ),
    Page("school.helpers.list_helpers", OFFICE, _alma),
    Page("school.show_letters", OFFICE, _third),
    Page("school.roster.show_roster", OFFICE, lambda world: {"upload_id": world.upload.id}),
    Page("school.show_school", OFFICE | SCHOOL_WIDE),
    Page("school.show_team", OFFICE | TEAM, _third),
    Page("strategy.approve_edition", OFFICE | {"board_secretary"}, lambda world: {"number": 3}),
    Page("strategy.compare_editions", PUBLIC, lambda world: {"before": 1, "after": 2}),
    Page("strategy.amendments.draft_amendment", IN_COUNCIL | HEARS, _clause),
    Page("strategy.amendments.edit_amendment", AUTHOR, _amendment),
    Page("strategy.amendments.edit_reason", AUTHOR, _amendment),
    Page("strategy.amendments.edit_title", AUTHOR, _amendment),
    Page("strategy.comments.edit_told", FACILITATOR, lambda world: {"comment_id": world.comment.id}),
    Page("strategy.amendments.list_amendments", AT_SCHOOL),
    Page("strategy.comments.list_reported", EVERYBODY),
    Page("strategy.amendments.merge_amendment", FACILITATOR, _amendment),
    Page("strategy.comments.new_amendment_comment", IN_COUNCIL, _amendment),
    Page("strategy.comments.new_clause_comment", IN_COUNCIL, _clause),
    Page("strategy.amendments.show_amendment", IN_COUNCIL, _amendment),
    Page("strategy.cycle.move_cycle", REVIEWERS),
    Page("strategy.decisions.correct_decision", SECRETARY, lambda world: {"amendment_id": world.reply.amendment_id}),
    Page("strategy.decisions.record_decisions", SECRETARY),
    Page("strategy.forwarding.forward_amendment", FACILITATOR, _amendment),
    Page("strategy.forwarding.ask_council", LEADER, _sent_on),
    Page("strategy.forwarding.new_packet", AT_SCHOOL),
    Page("strategy.forwarding.download_packet", AT_SCHOOL, is_html=False),
    Page("strategy.forwarding.show_packet", AT_SCHOOL),
    Page("strategy.forwarding.new_word", LEADER, _sent_on),
    Page("strategy.hearing.list_hearing", AT_SCHOOL),
    Page("strategy.hearing.record_statement", LEADER | SECRETARY, _sent_on),
    Page("strategy.hearing.show_hearing", AT_SCHOOL, _sent_on),
    Page("strategy.hearing.edit_advice", HEARS, _sent_on),
    Page("strategy.hearing.edit_council_word", FACILITATOR, _staffs),
    Page("strategy.publishing.publish_edition", SECRETARY),
    Page("strategy.publishing.edit_settlement", SECRETARY, lambda world: {"key": "k2"}),
    Page("strategy.cycle.show_cycle", REVIEWERS),
    Page("strategy.amendments.withdraw_amendment", AUTHOR, _amendment),
    Page("strategy.download_markdown", PUBLIC, lambda world: {"number": 2}, is_html=False),
    Page("strategy.import_strategy", OFFICE),
    Page("strategy.list_editions", PUBLIC),
    Page("strategy.list_links", OFFICE),
    Page("strategy.show_clause", PUBLIC, lambda world: {"key": "k2"}),
    Page("strategy.show_edition", PUBLIC, lambda world: {"number": 1}),
    Page("strategy.show_in_short", PUBLIC),
    Page("strategy.download_pdf", PUBLIC, is_html=False),
    Page("strategy.show_print", PUBLIC),
    Page("strategy.search.show_search", PUBLIC, lambda world: {"q": "hilser"}),
    Page("strategy.show_strategy", PUBLIC),
    Page("strategy.replies.show_reply", TEAM | FACILITATOR, lambda world: {"sheet_id": world.reply.id}),
    Page("surveys.answer.show_slip", PUBLIC),
    Page("surveys.answer.show_thanks", PUBLIC),
    Page("surveys.bank.edit_question", LEADER, lambda world: {"question_id": 1}),
    Page("surveys.bank.list_questions", LEADER),
    Page("surveys.bank.new_question", LEADER),
    Page("surveys.hour.edit_words", TEAM, _answered),
    Page("surveys.hour.show_hour", TEAM, _survey),
    Page("surveys.hour.show_screen", TEAM | SCHOOL_WIDE, _answered),
    Page("surveys.hour.show_slips", TEAM, _survey),
    Page("surveys.list_class_surveys", TEAM | HOMES | SCHOOL_WIDE, _third),
    Page("surveys.list_surveys", SEES_THE_SCHOOL),
    Page("surveys.national.list_measurements", SCHOOL_WIDE),
    Page("surveys.national.record_figures", LEADER),
    Page("surveys.new_class_survey", TEAM, _third),
    Page("surveys.new_survey", LEADER),
    Page("surveys.show_survey", SEES_THE_SCHOOL, lambda world: {"survey_id": world.answered.id}),
    Page("fixed_days.edit_fixed_day", OFFICE | LEADER, lambda world: {"fixed_day_id": world.fixed.id}),
    Page("fixed_days.list_fixed_days", EVERYBODY),
    Page("fixed_days.new_fixed_day", OFFICE | LEADER),
    Page("themes.edit_theme", LEADER, lambda world: {"key": "own1"}),
    Page("themes.list_themes", PUBLIC),
    Page("themes.new_theme", LEADER),
    Page("themes.show_theme", PUBLIC, lambda world: {"key": "own1"}),
    Page("updates.desk.correct_update", TEAM, _update),
    Page("updates.cadence.download_cadence", SCHOOL_WIDE, is_html=False),
    Page("updates.desk.draft_update", TEAM, _third),
    Page("updates.desk.edit_clauses", TEAM, _update),
    Page("updates.desk.edit_update", TEAM, _draft),
    Page("updates.list_child_updates", frozenset({"guardian", "other_home"}), _alma, most_queries=5),
    Page("updates.list_class_updates", TEAM | HOMES | SCHOOL_WIDE, _third, most_queries=5),
    Page("updates.desk.list_revisions", TEAM, _update),
    Page("updates.list_updates", EVERYBODY, most_queries=5),
    Page("updates.desk.show_aula_text", TEAM, _update),
    Page("updates.desk.show_preview", TEAM, _draft),
    Page("updates.show_print", TEAM | HOMES | SCHOOL_WIDE, _update),
    Page("updates.cadence.new_told_elsewhere", TEAM, _third),
    Page("updates.cadence.show_cadence", SCHOOL_WIDE, most_queries=5),
    Page("updates.show_reach", TEAM, _update),
    Page("updates.desk.show_saved", TEAM, _draft, is_html=False),
    Page("year_wheel.edit_duty", LEADER, lambda world: {"key": "team_contract"}),
    Page("year_wheel.list_quiet_points", LEADER | IN_COUNCIL),
    Page("year_wheel.list_duties", LEADER),
    Page("year_wheel.new_duty", LEADER),
    Page("year_wheel.show_duty", STAFF, lambda world: {"key": "team_contract"}),
    Page("year_wheel.download_sheet", OVERSEERS, is_html=False),
    Page("year_wheel.show_sheet", OVERSEERS),
    Page("year_wheel.show_wheel", STAFF),
    Page("year_wheel.show_year", STAFF, lambda world: {"school_year": 2025}),
    Page("updates.show_update", TEAM | HOMES | SCHOOL_WIDE, _update, writes=True),
)


def users_of(page: Page, cast: Cast) -> dict[str, User]:
    """Those of the cast who get to see the page."""
    names = EVERYBODY if page.readers == PUBLIC else page.readers
    return {name: cast.users[name] for name in sorted(names)}
