"""A school in which every private thing is a word of its own, and forty people who stand in every tie to it.

Who may read which word is written from docs/domain.md (the number stands beside each), never from the code. A new room
plants its words here, one line each; its addresses are read by everybody without any line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.accounts.models import MailFault, Role, SignInLink, User, UserSession
from portal.accounts.protection import Protection
from portal.accounts.sign_in import services as sign_in
from portal.agreements.models import AgreementKind, AgreementVersion, ClassAgreement
from portal.council.class_inputs.models import Ending
from portal.council.meetings.models import CouncilMeeting, ItemState, MeetingState
from portal.database import db
from portal.events.chores import COVER as EVENTS
from portal.events.organisers.models import OrganiserInvitation
from portal.events.questions.models import EventQuestion
from portal.notifications.worker.chores import do
from portal.people import load_people
from portal.playdates.chores import COVER as PLAYDATES
from portal.school.contacts.models import GuardianPhone
from portal.school.models import GuardianshipKind, TeamFunction
from portal.strategy.decisions.models import DecisionDraft, EarlierDecision
from portal.strategy.models import Clause
from portal.surveys.chores import COVER as SURVEYS
from portal.surveys.models import ClassSurvey
from portal.text import clock
from portal.updates.chores import COVER as NEWS
from portal.updates.models import NameConfirmation, UpdateRevision, UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import EVERYBODY, Cast
from tests.pages import World, make_world

Readers = frozenset[str]

#: Every canary begins like no word of any language, so one look at a page finds them all.
MARK = "zxq"


def group(*names: str) -> Readers:
    return frozenset(names)


#: The people beside the cast: each is one more way to be near the class, or to have been.
NOBODY_YET = group("public", "newcomer", "former_leader", "future_office", "future_teacher", "guardian_between")
TEAM = group("class_teacher", "pedagogue", "substitute")
OFFICE = group("office", "office_and_guardian")
LEADERS = group("leader", "leader_and_guardian")
AKT = group("akt", "akt_and_guardian")
HOMES = group(
    *("guardian", "other_home", "guardian_of_two", "foster_parent", "leader_and_guardian", "office_and_guardian"),
    *("protected_guardian", "guardian_of_protected", "board_and_guardian", "teacher_and_guardian"),
)
HELPERS = group("helper")
PUPILS = group("member_elsewhere")
COUNCIL = group("council_member", "council_chair", "substitute_member", "facilitator")
BOARD = group("board_secretary", "board_and_guardian")
SIXTH = group(
    *("teacher_elsewhere", "facilitator", "teacher_and_guardian", "former_facilitator", "guardian_of_two"),
    *("guardian_elsewhere", "akt_and_guardian", "representative_elsewhere"),
)
SIXTH_TEAM = group("teacher_elsewhere", "facilitator", "teacher_and_guardian", "former_facilitator")
TEAMS_ELSEWHERE = group(
    *("teacher_elsewhere", "facilitator", "teacher_and_guardian", "former_facilitator", "facilitator_elsewhere")
)


@dataclass
class School:
    """The world with its people and its words: who may read each, by the word.

    `more` are addresses beside the examples of `tests.pages`, for what one example of a page cannot show.
    """

    world: World
    people: dict[str, User]
    readers: dict[str, Readers]
    about: dict[str, str]
    more: list[str] = field(default_factory=list)

    def plant(self, row: Any, column: str, readers: Readers, *, wording: str = "{}") -> str:
        """Put a word of its own into a row, and say who may read it."""
        word = f"{MARK}{_letters(len(self.readers))}"
        setattr(row, column, wording.format(word))
        self.readers[word] = readers
        self.about[word] = f"{type(row).__name__}.{column}"
        return word


def _letters(number: int) -> str:
    return "".join("bdfgkmnprt"[int(digit)] + "aeiou"[place % 5] for place, digit in enumerate(f"{number:03}"))


def make_school(cast: Cast) -> School:
    cast.helper.external_id = None  # no helper is in the register
    world = make_world(cast)
    school = School(world, dict(cast.users), {}, {})
    _bring_people(school, cast)
    _plant_in_class(school, cast)
    _plant_once_open(school, cast)
    _plant_in_council(school, cast)
    _plant_before_its_time(school, cast)
    _plant_in_people(school, cast)
    db.session.commit()
    return school


def _bring_people(school: School, cast: Cast) -> None:
    yesterday, tomorrow = clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)

    def new(name: str, **values: Any) -> User:
        school.people[name] = make.make_user(name.title().replace("_", ""), **values)
        return school.people[name]

    shielded = make.make_pupil(cast.third, "Skjold", alias="Sol", protection=Protection.NAME)
    gone, between = make.make_pupil(None, "Rejst"), make.make_pupil(None, "Imellem")
    closed = new("closed_guardian")
    make.tie(closed, cast.alma)
    make.tie(new("helper_of_closed", external_id=None), cast.alma, GuardianshipKind.HELPER, invited_by=closed)
    make.tie(
        new("helper_without_source", external_id=None),
        cast.alma,
        GuardianshipKind.HELPER,
        invited_by=cast.former_guardian,
    )
    for name, role, child in (
        ("leader_and_guardian", Role.LEADERSHIP, cast.alma),
        ("office_and_guardian", Role.OFFICE, cast.otto),
        ("akt_and_guardian", Role.AKT, cast.viggo),
        ("board_and_guardian", Role.BOARD_SECRETARY, cast.alma),
    ):
        make.grant(new(name), role)
        make.tie(school.people[name], child)
    make.grant(new("former_leader"), Role.LEADERSHIP, ends_on=yesterday)
    make.grant(new("future_office"), Role.OFFICE, starts_on=tomorrow)
    make.put_in_team(new("future_teacher"), cast.third, starts_on=tomorrow)
    make.put_in_team(new("former_facilitator"), cast.sixth)
    make.make_facilitator(cast.council, school.people["former_facilitator"]).ends_on = yesterday
    other = make.make_council("Det lille elevråd", (0, 3))
    make.put_in_team(new("facilitator_elsewhere"), make.make_class("1.B", 1))
    make.make_facilitator(other, school.people["facilitator_elsewhere"])
    for name, council, school_class, values in (
        ("substitute_member", cast.council, cast.sixth, {"is_substitute": True}),
        ("member_elsewhere", other, cast.third, {}),
        ("former_member", cast.council, cast.sixth, {"ends_on": yesterday}),
    ):
        child = make.make_pupil(school_class, name.title().replace("_", ""), user_id=new(name).id)
        make.seat(council, child, school_class, **values)
    make.tie(new("protected_guardian", alias="Sky", protection=Protection.NAME), cast.noah)
    make.tie(new("guardian_of_protected"), shielded)
    make.tie(new("guardian_between"), between)
    make.tie(new("guardian_of_leaver"), gone)
    make.tie(new("representative_elsewhere"), cast.ella)
    make.make_representative(school.people["representative_elsewhere"], cast.sixth)
    make.put_in_team(new("teacher_and_guardian"), cast.sixth, TeamFunction.TEACHER)
    make.tie(school.people["teacher_and_guardian"], cast.alma)
    closure = make.close_access(closed, cast.alma, cast.leader)
    school.plant(closure, "reason", group("leader"))  # 3.1: the leadership alone, and no adult of that child
    school.plant(shielded, "first_name", group())  # 3.1: shown by an alias, wherever a name stands
    school.plant(shielded, "last_name", group())
    for column in ("first_name", "last_name"):
        school.plant(school.people["protected_guardian"], column, group())


def _plant_in_class(school: School, cast: Cast) -> None:
    world, in_class = school.world, TEAM | HOMES | LEADERS | AKT
    for column in ("title", "body"):
        school.plant(world.draft, column, TEAM)  # 3.5: a draft belongs to the team
        school.plant(world.update, column, in_class)
        school.plant(_update_of(world, cast.sixth.id), column, SIXTH | LEADERS | AKT)
    answered = db.session.query(ClassSurvey).filter_by(survey_id=world.answered.id, class_id=cast.third.id).one()
    school.plant(answered, "words", in_class | PUPILS)  # 3.11: what the class works on; the figures are for the team
    withdrawn = make.make_update(cast.third, cast.class_teacher)
    withdrawn.state, withdrawn.published_at = UpdateState.WITHDRAWN, None
    for column in ("title", "body", "excerpt"):
        school.plant(withdrawn, column, TEAM)  # 3.5: taking back removes it from every list; the team keeps the text
    for revision in db.session.query(UpdateRevision).filter_by(update_id=world.update.id):
        school.plant(revision, "body", TEAM)  # 3.5: the team keeps what stood there
    agreed = NameConfirmation(
        update_id=world.draft.id, revision=world.draft.revision, words=[], confirmed_by_id=cast.pedagogue.id
    )
    agreed.confirmed_at = clock.now()
    db.session.add(agreed)
    for column in ("title", "place", "description"):
        school.plant(world.event, column, in_class | HELPERS | PUPILS)  # 3.6: for its class as enrolled today
    answered = db.session.query(EventQuestion).filter(EventQuestion.shown_question != "").one()
    for column in ("answer", "shown_question"):
        school.plant(answered, column, in_class | HELPERS | PUPILS)  # 3.6: what organisers add to the event
    for asked in (answered, world.question):
        school.plant(asked, "question", group("guardian", "other_home"))  # 3.6: the organisers alone, and who asked
    for kind, readers in ((AgreementKind.RULES, in_class | PUPILS), (AgreementKind.PARENTS, in_class)):
        agreement = db.session.query(ClassAgreement).filter_by(class_id=cast.third.id, kind=kind).one()
        for version in db.session.query(AgreementVersion).filter_by(agreement_id=agreement.id):
            school.plant(version, "body", readers, wording="- {}")  # 3.5: pupils read the rules, not the agreements
    alone = make.ask(world.event, cast.other_home, "Må vi gå før?", answer="x")
    school.plant(alone, "answer", group("guardian", "other_home"))  # 3.6: put on the event by nobody
    db.session.add(
        OrganiserInvitation(event_id=world.event.id, user_id=cast.guardian_of_two.id, invited_at=clock.now())
    )
    hosted = make.groups_of(world.playgroups, 1)[0]
    school.plant(hosted, "address", HOMES - group("guardian_of_protected"))  # 3.7: the adults of the group alone
    together = make.make_playgroups(cast.sixth, cast.teacher_elsewhere, [[cast.ella, cast.viggo]])
    make.groups_of(together, 1)[0].took_place = True  # 3.7: so that children with accounts are asked how it was
    school.plant(make.make_told_elsewhere(cast.third, cast.pedagogue), "note", TEAM | LEADERS | AKT)
    for column in ("title", "details"):  # 3.12: its homes and its team, and those who look after all classes
        school.plant(world.initiative, column, TEAM | HOMES | PUPILS | LEADERS | AKT)
    school.plant(world.closed, "outcome", TEAM | HOMES | PUPILS | LEADERS | AKT)
    school.plant(world.akt_request, "line", TEAM | LEADERS | AKT)  # 3.9: the team, AKT and the leadership
    school.plant(world.parent_meeting, "items", in_class)  # 3.6: helpers and pupils are not called
    template = school.world.template
    writers = TEAM | TEAMS_ELSEWHERE | OFFICE | LEADERS | group("guardian_of_two", "representative_elsewhere")
    school.plant(template, "body", writers)


def _plant_once_open(school: School, cast: Cast) -> None:
    """A name that stood in the class's texts while it was open: those who may not know it now read it nowhere."""
    child = make.make_pupil(cast.third, "Nu", alias="Vind", protection=Protection.NAME)
    former = make.make_former_name(child)
    know_it = TEAM | LEADERS | OFFICE  # 3.5: a record is read with the rights of today
    name = school.plant(former, "first_name", know_it).title()
    for version in db.session.query(AgreementVersion):
        version.body += f"\n- {name} hilser"
    world = school.world
    for living, columns in (
        (world.update, ("title", "body", "excerpt")),
        (world.event, ("title", "place", "description")),
        (world.playdate, ("what",)),
        (db.session.query(ClassSurvey).filter(ClassSurvey.words_at.is_not(None)).one(), ("words",)),
    ):
        for column in columns:
            setattr(living, column, f"{getattr(living, column)} med {name}s bold")
    db.session.commit()
    for chore in (NEWS, EVENTS, PLAYDATES, SURVEYS):
        assert do(chore, clock.now())


def _update_of(world: World, class_id: int) -> WellbeingUpdate:
    found: WellbeingUpdate = db.session.query(WellbeingUpdate).filter_by(class_id=class_id).first()
    return found


def _plant_before_its_time(school: School, cast: Cast) -> None:
    """What is there and nobody's yet: a draft, an event within its three minutes, a meeting that goes on."""
    for out_at in (None, clock.now() + timedelta(minutes=2)):
        unsent = make.make_event(cast.third, cast.guardian, out_at=out_at)
        for column in ("title", "place", "description", "bring"):
            school.plant(unsent, column, group("guardian"))  # 3.6: its organisers alone
        school.more += [f"/events/{unsent.id}", f"/events/{unsent.id}/edit"]
    typed = DecisionDraft(amendment_id=school.world.sent_on.id)
    db.session.add(typed)
    for column in ("reason", "child_reply", "final_text"):
        school.plant(typed, column, BOARD)  # 3.3: nobody else reads what is not recorded
    going_on = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    item = make.make_item(going_on, state=ItemState.CURRENT, notes="x")
    school.plant(item, "notes", COUNCIL)
    school.plant(item, "title", COUNCIL)
    ended = {"ending": Ending.NOT_NOW, "reply": "x", "ended_at": clock.now()}
    said = make.make_class_input(cast.council, cast.sixth, cast.council_member, **ended)
    school.plant(said, "reply", COUNCIL | SIXTH_TEAM)  # 3.4: the class that asked, and its council
    meeting = f"/council/meetings/{going_on.id}"
    school.more += [meeting, f"{meeting}/screen", f"/council/classes/{cast.sixth.id}/class-inputs/new"]
    school.more += [f"/playgroups/voices/classes/{cast.sixth.id}", f"/playgroups/rounds/classes/{cast.sixth.id}"]


def _plant_in_council(school: School, cast: Cast) -> None:
    world = school.world
    for column in ("title", "new_text", "reason"):
        school.plant(world.amendment, column, COUNCIL)  # 3.3: outside its council nobody, before it is sent on
    school.plant(world.comment, "text", COUNCIL)  # 3.2: talk is a council's own
    hidden = make.make_comment(cast.council, cast.council_chair, world.amendment)
    hidden.hidden_at, hidden.hidden_by_id, hidden.reported_at = clock.now(), cast.facilitator.id, clock.now()
    school.plant(hidden, "text", group("facilitator"))  # 3.4: the facilitator keeps the text for themselves
    school.plant(hidden, "told", group("facilitator"))
    school.plant(world.meeting, "place", COUNCIL)
    for column in ("text", "about"):
        school.plant(world.class_input, column, COUNCIL | SIXTH_TEAM)  # 3.4: a class's own words
    for state, readers in (
        (MeetingState.MINUTES_DRAFT, COUNCIL),
        (MeetingState.MINUTES_APPROVED, COUNCIL | LEADERS | OFFICE | SIXTH_TEAM),  # 3.4: who read approved ones
    ):
        meeting: CouncilMeeting = make.make_meeting(cast.council, state)
        school.plant(make.make_item(meeting, notes="x"), "notes", readers)
    earlier = db.session.query(EarlierDecision).one()
    for column in ("child_reply", "why"):
        school.plant(earlier, column, BOARD)  # 3.3: what was written down wrongly is kept for who writes it down
    for section in world.draft_edition.sections:
        clause: Clause = section.clauses[0]
        school.plant(clause, "text", OFFICE | LEADERS | BOARD)  # 3.2: drafts


def _plant_in_people(school: School, cast: Cast) -> None:
    people, staff = school.people, TEAM | OFFICE | LEADERS | AKT
    school.plant(cast.class_teacher, "email", OFFICE | group("class_teacher"), wording="{}@skolen.example")
    school.plant(cast.guardian_of_two, "email", OFFICE | group("guardian_of_two"), wording="{}@hjem.example")
    school.plant(cast.other_home, "email", TEAM | HOMES | OFFICE, wording="{}@hjem.example")  # ticked for the class
    school.plant(cast.other_home, "user_name", OFFICE | group("other_home"))
    school.plant(db.session.get_one(GuardianPhone, cast.guardian.id), "number", TEAM | HOMES)
    school.plant(cast.helper, "last_name", OFFICE | group("guardian", "helper"))  # 3.1: that somebody helps, not who
    school.plant(people["helper_of_closed"], "last_name", OFFICE | group("helper_of_closed"))
    school.plant(cast.foster_parent, "last_name", staff | group("foster_parent"))  # 3.1: shown nothing, so not named
    school.plant(cast.noah, "last_name", staff | HOMES)
    school.plant(cast.viggo, "last_name", OFFICE | LEADERS | AKT | SIXTH)
    school.plant(people["guardian_between"], "last_name", OFFICE | LEADERS | group("guardian_between"))
    fault = MailFault(user_id=cast.guardian_of_two.id, why="SMTP 550", failed_at=clock.now())
    fault.email = cast.guardian_of_two.email
    db.session.add(fault)
    for user in (cast.guardian, cast.leader, cast.class_teacher):
        school.plant(user, "password_hash", group())
    for link in db.session.query(SignInLink):
        school.plant(link, "nonce", group())
    sign_in.start_session(cast.guardian.id, device="", remember=False, now=clock.now())
    db.session.flush()
    session = db.session.query(UserSession).filter_by(user_id=cast.guardian.id).order_by(UserSession.id.desc()).first()
    school.plant(session, "device", group("guardian"))
    assert load_people([cast.guardian.id], today=clock.today())
    assert set(school.people) >= EVERYBODY


def words_in(text: str, readers: Mapping[str, Readers]) -> set[str]:
    """The canaries in a text, in whatever case."""
    low = text.lower()
    return {word for word in readers if word in low} if MARK in low else set()
