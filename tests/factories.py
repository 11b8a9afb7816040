"""Rows for tests, by plain functions: each makes one thing with sensible defaults and returns it, flushed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Role, RoleGrant, User
from portal.agreements.models import AgreementKind, AgreementRenewal, AgreementVersion, ClassAgreement
from portal.akt.models import AktRequest
from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemKind, MeetingState
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database import db
from portal.events.audience.queries import know_classes
from portal.events.models import Answer, ClassEvent, EventClass, EventKind, EventOrganiser, HomeCount, Rsvp
from portal.events.questions.models import EventQuestion
from portal.fixed_days.models import FixedDate, FixedDay
from portal.initiatives.models import Initiative, InitiativeClause
from portal.parent_meetings.material.models import MeetingMaterial
from portal.parent_meetings.models import ParentMeeting
from portal.play_patrol.models import PatrolTurn
from portal.playdates.models import Playdate, PlaydateGuest
from portal.playgroups.models import (
    Manner,
    MeetingPlace,
    Playgroup,
    PlaygroupHome,
    PlaygroupMember,
    PlaygroupPlan,
    PlaygroupRound,
)
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.school.access.models import AccessClosure
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.homes.models import SharedHome
from portal.school.models import (
    ClassYear,
    Enrolment,
    FormerName,
    Guardianship,
    GuardianshipKind,
    Pupil,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.queries import get_grades
from portal.school.text_templates.models import TemplateKind, TextTemplate
from portal.school.year_groups.models import YearGroupParent
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.decisions.models import Decision, EarlierDecision
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, ClauseKind, EditionState, Phase
from portal.strategy.models import Clause, Edition, Section
from portal.strategy.replies.models import ReplySheet
from portal.surveys.bank.models import Band, SurveyQuestion, SurveyWording
from portal.surveys.bank.queries import list_to_choose
from portal.surveys.models import ANSWERS, ClassSurvey, Survey, SurveyAsk, SurveySlip
from portal.surveys.queries import list_asked
from portal.text import clock
from portal.text.workdays import monday_of
from portal.themes.models import Theme
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.updates.models import UpdateState, WellbeingUpdate

_numbers = count(1)
LONG_AGO = date(2026, 8, 1)


def _stored(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def make_user(first_name: str = "Mette", last_name: str = "Holm", **values: Any) -> User:
    number = next(_numbers)
    values.setdefault("user_name", f"user{number}")
    values.setdefault("external_id", f"person-{number}")
    return _stored(User(first_name=first_name, last_name=last_name, created_at=clock.now(), **values))


def make_class(label: str = "3.A", grade: int = 3, *, hue: int = 6) -> SchoolClass:
    school_class = _stored(SchoolClass(external_id=f"class-{next(_numbers)}", hue=hue))
    year = clock.school_year(clock.today())
    _stored(ClassYear(class_id=school_class.id, school_year=year, label=label, lowest_grade=grade, highest_grade=grade))
    return school_class


def make_pupil(
    school_class: SchoolClass | None,
    first_name: str = "Alma",
    last_name: str = "Holm",
    *,
    starts_on: date = LONG_AGO,
    **values: Any,
) -> Pupil:
    pupil = _stored(Pupil(external_id=f"pupil-{next(_numbers)}", first_name=first_name, last_name=last_name, **values))
    if school_class is not None:
        enrol(pupil, school_class, starts_on=starts_on)
    return pupil


def enrol(
    pupil: Pupil, school_class: SchoolClass, *, starts_on: date = LONG_AGO, ends_on: date | None = None
) -> Enrolment:
    return _stored(Enrolment(pupil_id=pupil.id, class_id=school_class.id, starts_on=starts_on, ends_on=ends_on))


def tie(
    guardian: User,
    pupil: Pupil,
    kind: GuardianshipKind = GuardianshipKind.CUSTODY,
    *,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
    invited_by: User | None = None,
) -> Guardianship:
    return _stored(
        Guardianship(
            guardian_id=guardian.id,
            pupil_id=pupil.id,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            invited_by_id=invited_by.id if invited_by else None,
        )
    )


def live_together(one: User, other: User, asked_by: User | None = None, **values: Any) -> SharedHome:
    """Both have said so, today; `agreed_on=None` is the word of one alone."""
    values.setdefault("agreed_on", clock.today())
    one_id, other_id = sorted((one.id, other.id))
    by = (asked_by or one).id
    return _stored(SharedHome(one_id=one_id, other_id=other_id, asked_by_id=by, asked_on=clock.today(), **values))


def close_access(guardian: User, pupil: Pupil, by: User, **values: Any) -> AccessClosure:
    """From today, for thirty days."""
    today = clock.today()
    values = {"starts_on": today, "ends_on": today + timedelta(days=30), "reason": "Krisecenter"} | values
    return _stored(
        AccessClosure(guardian_id=guardian.id, pupil_id=pupil.id, closed_by_id=by.id, closed_at=clock.now(), **values)
    )


def make_former_name(pupil: Pupil, **values: Any) -> FormerName:
    """The name a child has now, borne openly until a moment from now."""
    values = {"first_name": pupil.first_name, "last_name": pupil.last_name, "open_until": clock.now()} | values
    return _stored(FormerName(pupil_id=pupil.id, **values))


def make_guardian(pupil: Pupil, first_name: str = "Mette", kind: GuardianshipKind = GuardianshipKind.CUSTODY) -> User:
    guardian = make_user(first_name)
    tie(guardian, pupil, kind)
    return guardian


def put_in_team(
    user: User,
    school_class: SchoolClass,
    function: TeamFunction = TeamFunction.TEACHER,
    *,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> TeamMember:
    return _stored(
        TeamMember(user_id=user.id, class_id=school_class.id, function=function, starts_on=starts_on, ends_on=ends_on)
    )


def make_representative(guardian: User, school_class: SchoolClass) -> Representative:
    ends_on = date(clock.school_year(clock.today()) + 1, 10, 31)
    return _stored(Representative(user_id=guardian.id, class_id=school_class.id, starts_on=LONG_AGO, ends_on=ends_on))


def year_of(school_class: SchoolClass) -> int:
    """The year group of a class's oldest pupils."""
    return min(year.school_year - year.highest_grade for year in school_class.years)


def make_year_parent(guardian: User, school_class: SchoolClass, **values: Any) -> YearGroupParent:
    """Somebody who plans for all classes of a class's year."""
    values = {"starts_on": LONG_AGO, "ends_on": date(clock.school_year(clock.today()) + 1, 10, 31)} | values
    return _stored(YearGroupParent(user_id=guardian.id, year_group=year_of(school_class), **values))


def grant(user: User, role: Role, *, starts_on: date = LONG_AGO, ends_on: date | None = None) -> RoleGrant:
    return _stored(RoleGrant(user_id=user.id, role=role, starts_on=starts_on, ends_on=ends_on))


def make_class_input(council: Council, school_class: SchoolClass, author: User, **values: Any) -> ClassInput:
    values = {"text": "Vi vil gerne have flere bolde.", "written_at": clock.now()} | values
    return _stored(ClassInput(council_id=council.id, class_id=school_class.id, written_by_id=author.id, **values))


def make_council(name: str = "Det store elevråd", grades: tuple[int, int] = (4, 9)) -> Council:
    return _stored(Council(name=name, lowest_grade=grades[0], highest_grade=grades[1]))


def seat(council: Council, pupil: Pupil, school_class: SchoolClass, **values: Any) -> CouncilMember:
    """Give a pupil a seat, and the account that goes with it."""
    if pupil.user_id is None:
        pupil.user_id = make_user(pupil.first_name, pupil.last_name).id
    values.setdefault("ends_on", date(clock.school_year(clock.today()) + 1, 10, 31))
    return _stored(
        CouncilMember(council_id=council.id, pupil_id=pupil.id, class_id=school_class.id, starts_on=LONG_AGO, **values)
    )


def make_facilitator(council: Council, user: User) -> Facilitator:
    return _stored(Facilitator(council_id=council.id, user_id=user.id, starts_on=LONG_AGO))


def make_edition(
    sections: dict[str, list[str]] | None = None, *, number: int = 1, state: EditionState = EditionState.APPROVED
) -> Edition:
    """An edition with these headings and bullets; keys are "k1", "k2", ... in order."""
    edition = Edition(
        number=number,
        school_year=2026,
        title="Trivselsstrategi",
        state=state,
        imported_at=clock.now(),
        approved_on=None if state == EditionState.DRAFT else date(2026, 6, 10),
    )
    keys = count(1)
    db.session.add(edition)
    db.session.flush()
    for position, (heading, bullets) in enumerate((sections or {"Vores mål": ["Vi er gode ved hinanden."]}).items()):
        section = _stored(Section(edition_id=edition.id, position=position, heading=heading))
        for place, text in enumerate(bullets):
            _stored(
                Clause(
                    edition_id=edition.id,
                    section_id=section.id,
                    key=f"k{next(keys)}",
                    kind=ClauseKind.BULLET,
                    position=place,
                    text=text,
                )
            )
    return edition


def make_fixed_day(title: str = "Morgensang", *dates: date, **values: Any) -> FixedDay:
    days = dates or (clock.today(),)
    defaults = {"starts_on": days[0], "ends_on": days[-1], "weekday": None, "lowest_grade": 0, "highest_grade": 10}
    return _stored(FixedDay(title=title, dates=[FixedDate(held_on=day) for day in days], **{**defaults, **values}))


def make_theme(**values: Any) -> Theme:
    defaults = {"key": "own1", "title": "Gode ord", "words": "hilse, ord", "at_home": ("k2",), "edition": 2}
    return _stored(Theme(**{**defaults, **values}))


def make_update(
    school_class: SchoolClass, author: User, title: str = "Vi øver os i at invitere", **values: Any
) -> WellbeingUpdate:
    """A published update, an hour old; `published_at=None` makes a draft."""
    published_at = values.pop("published_at", clock.now() - timedelta(hours=1))
    body = values.pop("body", "I denne uge har alle spurgt en, de ikke plejer at lege med.")
    return _stored(
        WellbeingUpdate(
            class_id=school_class.id,
            author_id=author.id,
            title=title,
            body=body,
            excerpt=body[:200],
            state=UpdateState.PUBLISHED if published_at else UpdateState.DRAFT,
            created_at=published_at or clock.now(),
            published_at=published_at,
            **values,
        )
    )


def make_told_elsewhere(school_class: SchoolClass, by: User, **values: Any) -> ToldElsewhere:
    """Told in Aula, today."""
    values = {"told_on": clock.today(), "channel": ToldChannel.AULA, "note": ""} | values
    return _stored(ToldElsewhere(class_id=school_class.id, registered_by_id=by.id, registered_at=clock.now(), **values))


def make_period(
    starts_on: date = date(2026, 12, 23),
    ends_on: date | None = None,
    *,
    name: str = "Juleferie",
    kind: PeriodKind = PeriodKind.HOLIDAY,
) -> CalendarPeriod:
    """Days without school; one day unless the last is given."""
    return _stored(CalendarPeriod(name=name, kind=kind, starts_on=starts_on, ends_on=ends_on or starts_on))


def make_agreement(
    school_class: SchoolClass,
    author: User,
    kind: AgreementKind = AgreementKind.RULES,
    *,
    bodies: tuple[str, ...] = ("- Vi siger godmorgen.", "- Vi siger godmorgen til alle."),
    agreed_on: date = date(2026, 8, 20),
    renewed: bool = True,
) -> ClassAgreement:
    """A class's text with these wordings, all of one day; `renewed` says whether this school year is noted."""
    agreement = _stored(ClassAgreement(class_id=school_class.id, kind=kind, version_count=len(bodies)))
    for number, body in enumerate(bodies, start=1):
        _stored(
            AgreementVersion(
                agreement_id=agreement.id,
                number=number,
                body=body,
                agreed_on=agreed_on,
                saved_at=clock.now(),
                saved_by_id=author.id,
            )
        )
    if renewed:
        _stored(
            AgreementRenewal(
                agreement_id=agreement.id,
                school_year=clock.school_year(agreed_on),
                renewed_on=agreed_on,
                recorded_at=clock.now(),
                recorded_by_id=author.id,
            )
        )
    return agreement


def make_template(
    kind: TemplateKind = TemplateKind.RULES, title: str = "Fem regler", body: str = "- Sådan siger vi goddag: …"
) -> TextTemplate:
    return _stored(TextTemplate(kind=kind, title=title, body=body))


def show_contacts(
    guardian: User, school_class: SchoolClass, *, phone: str = "12 34 56 78", email: bool = False, **values: Any
) -> ContactChoice:
    """Let a guardian show a number ("" for none) and, if wished, the e-mail address of the account."""
    if phone and db.session.get(GuardianPhone, guardian.id) is None:
        _stored(GuardianPhone(user_id=guardian.id, number=phone))
    values.setdefault("chosen_on", clock.today())
    return _stored(
        ContactChoice(
            user_id=guardian.id, class_id=school_class.id, shows_phone=bool(phone), shows_email=email, **values
        )
    )


def make_event(
    school_class: SchoolClass | None, organiser: User, title: str = "Suppe for hele klassen", **values: Any
) -> ClassEvent:
    """An event for a class, in eleven days at 17.30, two and a half hours long; for more than it with an `audience`.

    `also` are other classes.
    """
    starts_at: datetime = values.pop("starts_at", clock.at_school(clock.today() + timedelta(days=11), time(17, 30)))
    values.setdefault("ends_at", starts_at + timedelta(hours=2, minutes=30))
    also: Collection[SchoolClass] = values.pop("also", ())
    values.setdefault("description", "Vi laver mad **sammen**.")
    values.setdefault("siblings_welcome", True)
    values.setdefault("rsvp_deadline", clock.today() + timedelta(days=3))
    event = _stored(
        ClassEvent(
            kind=values.pop("kind", EventKind.DINNER),
            title=title,
            starts_at=starts_at,
            place=values.pop("place", "Skolekøkkenet"),
            cost_per_child=values.pop("cost_per_child", 0),
            created_at=clock.now(),
            out_at=values.pop("out_at", min(clock.now(), starts_at)),
            classes={one.id: EventClass(class_id=one.id) for one in (school_class, *also) if one is not None},
            organisers=[EventOrganiser(user_id=organiser.id)],
            **values,
        )
    )
    return know_classes(event, today=clock.today())


def answer(event: ClassEvent, pupil: Pupil, by: User, given: Answer = Answer.ACCEPTED, **values: Any) -> Rsvp:
    values.setdefault("answered_at", clock.now())
    values.setdefault("is_by_team", False)
    return _stored(Rsvp(event_id=event.id, pupil_id=pupil.id, answered_by_id=by.id, answer=given, **values))


def ask(event: ClassEvent, by: User, question: str = "Er der mad til allergikere?", **values: Any) -> EventQuestion:
    """A question to an event's organisers."""
    values = {"answered_at": clock.now() if values.get("answer") else None} | values
    return _stored(EventQuestion(event=event, asked_by_id=by.id, question=question, asked_at=clock.now(), **values))


def organise(event: ClassEvent, user: User, **values: Any) -> EventOrganiser:
    """One more who looks after an event."""
    row = _stored(EventOrganiser(event_id=event.id, user_id=user.id, **values))
    db.session.refresh(event, ["organisers"])
    return row


def bring(event: ClassEvent, guardian: User, adults: int = 1, siblings: int = 0) -> HomeCount:
    return _stored(HomeCount(event_id=event.id, guardian_id=guardian.id, adults=adults, siblings=siblings))


def make_playdate(school_class: SchoolClass, by: User, **values: Any) -> Playdate:
    """An offer for Thursday at three, two hours long, with room for all."""
    starts_at: datetime = values.pop("starts_at", clock.at_school(clock.today() + timedelta(days=3), time(15)))
    values = {"what": "Vi er i skoven ved den røde bom", "ends_at": starts_at + timedelta(hours=2)} | values
    return _stored(
        Playdate(class_id=school_class.id, offered_by_id=by.id, starts_at=starts_at, offered_at=clock.now(), **values)
    )


def come_to(playdate: Playdate, pupil: Pupil, guardian: User) -> PlaydateGuest:
    return _stored(
        PlaydateGuest(playdate_id=playdate.id, pupil_id=pupil.id, guardian_id=guardian.id, said_at=clock.now())
    )


Children = Sequence[Pupil]


def make_playgroups(
    school_class: SchoolClass, by: User, *rounds: Sequence[Children], published: int = 1, **values: Any
) -> PlaygroupPlan:
    """A plan with these groups round by round, two weeks each from this Monday on; the first so many are published."""
    usual = {"manner": Manner.MIXING, "is_meal": False, "smallest": 2, "largest": 5, "weeks_apart": 2}
    usual |= {"is_interrupted": False, "made_at": clock.now(), "changed_at": clock.now()}
    plan = _stored(PlaygroupPlan(class_id=school_class.id, made_by_id=by.id, **usual | values))
    first = clock.today() - timedelta(days=clock.today().weekday())
    for number, groups in enumerate(rounds, start=1):
        starts_on = first + timedelta(days=14 * (number - 1))
        of_round = _stored(
            PlaygroupRound(
                plan_id=plan.id,
                class_id=school_class.id,
                number=number,
                grouping=number,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=13),
                published_at=clock.now() if number <= published else None,
            )
        )
        for place, children in enumerate(groups, start=1):
            make_group(of_round, place, children)
    return plan


def make_group(of_round: PlaygroupRound, number: int, children: Children) -> Playgroup:
    """A group that meets at the school, with nothing said about its day."""
    values = {"round_id": of_round.id, "class_id": of_round.class_id}
    group = _stored(Playgroup(number=number, place=MeetingPlace.SCHOOL, **values))
    for pupil in children:
        _stored(PlaygroupMember(round_id=of_round.id, pupil_id=pupil.id, group_id=group.id, is_held=False))
    return group


def groups_of(plan: PlaygroupPlan, number: int) -> list[Playgroup]:
    """The groups of a round, in order."""
    of_round = db.session.query(PlaygroupRound).filter_by(plan_id=plan.id, number=number).one()
    return db.session.query(Playgroup).filter_by(round_id=of_round.id).order_by(Playgroup.number).all()


def can_host(guardian: User, school_class: SchoolClass, room: int = 5, **values: Any) -> PlaygroupHome:
    """A home that has said that it can."""
    values = {"can_host": True, "is_outdoors_only": False, "said_at": clock.now()} | values
    return _stored(PlaygroupHome(guardian_id=guardian.id, class_id=school_class.id, room=room, **values))


def host(group: Playgroup, guardian: User, pupil: Pupil) -> Playgroup:
    """The group meets in a child's home."""
    group.host_id, group.host_pupil_id, group.place = guardian.id, pupil.id, MeetingPlace.HOME
    return _stored(group)


def make_turn(pupil: Pupil, week_on: date | None = None, **values: Any) -> PatrolTurn:
    monday = monday_of(week_on or clock.today() + timedelta(days=7))
    return _stored(PatrolTurn(pupil_id=pupil.id, **{"week_on": monday, "place": "Boldbanen", **values}))


def make_akt_request(school_class: SchoolClass, by: User, **values: Any) -> AktRequest:
    defaults = {"line": "Der er uro efter frikvarteret", "asked_at": clock.now(), "asked_by_id": by.id}
    return _stored(AktRequest(class_id=school_class.id, **{**defaults, **values}))


def make_initiative(
    by: User, school_class: SchoolClass | None = None, council: Council | None = None, **values: Any
) -> Initiative:
    """Something begun ten days ago for a class, a council or, with neither, the school; `keys` are its points."""
    keys = values.pop("keys", ())
    starts_on = values.pop("starts_on", clock.today() - timedelta(days=10))
    defaults: dict[str, Any] = {"title": "Alle er med i det store frikvarter", "details": "Vi leger tre lege sammen."}
    defaults |= {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=28)}
    defaults |= {"started_at": clock.at_school(min(starts_on, clock.today()), time(9)), "started_by_id": by.id}
    defaults |= {"class_id": school_class.id if school_class else None, "council_id": council.id if council else None}
    initiative = _stored(Initiative(**{**defaults, **values}))
    for key in keys:
        _stored(InitiativeClause(initiative_id=initiative.id, clause_key=key))
    return initiative


def close_initiative(
    initiative: Initiative, by: User, outcome: str = "Flere leger sammen.", **values: Any
) -> Initiative:
    defaults = {"closed_on": clock.today(), "closed_at": clock.now(), "closed_by_id": by.id, "outcome": outcome}
    for name, value in {**defaults, **values}.items():
        setattr(initiative, name, value)
    return _stored(initiative)


def make_material(by: User, body: str = "- Vi taler om trivsel", **values: Any) -> MeetingMaterial:
    defaults = {"school_year": clock.school_year(clock.today()), "number": 1, "links": "", "file_id": None}
    defaults |= {"file_name": "", "file_kind": None, "published_at": clock.now() - timedelta(days=40)}
    return _stored(MeetingMaterial(body=body, published_by_id=by.id, **{**defaults, **values}))


def make_parent_meeting(school_class: SchoolClass, *, in_days: int = 9, **values: Any) -> ParentMeeting:
    starts_at = values.pop("starts_at", None) or clock.at_school(clock.today() + timedelta(days=in_days), time(17))
    defaults: dict[str, Any] = {"ends_at": starts_at + timedelta(hours=2), "place": "I klassen", "items": "- Lejrskole"}
    defaults |= {"saved_at": clock.now(), "cancelled_at": None, "material_id": None, "shown_on": None}
    return _stored(ParentMeeting(class_id=school_class.id, starts_at=starts_at, **{**defaults, **values}))


def make_cycle(edition: Edition, phase: Phase = Phase.COUNCIL) -> RevisionCycle:
    """The year's review, open unless it is closed."""
    return _stored(
        RevisionCycle(
            school_year=2026,
            base_edition_id=edition.id,
            phase=phase,
            is_open=phase != Phase.CLOSED,
            opened_at=clock.now() - timedelta(days=60),
        )
    )


def make_amendment(council: Council | None, author: User, edition: Edition, **values: Any) -> Amendment:
    """Other words for the edition's last clause, before the council; `state` and more as given.

    Without a council it is the staff's own. What has left its council was sent on by its author. A merged one without
    `merged_into_id` is merged into a further one.
    """
    clause = edition.sections[-1].clauses[-1]
    kind = values.pop("kind", AmendmentKind.CHANGE)
    is_new = kind == AmendmentKind.ADD
    values = {
        "clause_key": None if is_new else clause.key,
        "heading": clause.section.heading,
        "base_text": "" if is_new else clause.text,
        "new_text": "" if kind == AmendmentKind.REMOVE else "Vi er gode ved alle.",
        "reason": "Så ingen bliver glemt.",
        "state": AmendmentState.IN_COUNCIL,
    } | values
    if values["state"] == AmendmentState.MERGED and "merged_into_id" not in values:
        values["merged_into_id"] = make_amendment(council, author, edition).id
    amendment = _stored(
        Amendment(
            kind=kind,
            after_key=clause.key if is_new else None,
            council_id=council.id if council else None,
            source=AmendmentSource.COUNCIL if council else AmendmentSource.STAFF,
            author_id=author.id,
            base_edition_id=edition.id,
            created_at=clock.now(),
            changed_at=clock.now(),
            **values,
        )
    )
    if amendment.state in LEFT_THE_COUNCIL:
        _send_on(amendment, council.name if council else "")
    return amendment


def _send_on(amendment: Amendment, council_name: str) -> Forwarding:
    return _stored(
        Forwarding(
            amendment_id=amendment.id,
            revision=amendment.revision,
            base_text=amendment.base_text,
            new_text=amendment.new_text,
            reason=amendment.reason,
            council_name=council_name,
            forwarded_at=clock.now(),
            forwarded_by_id=amendment.author_id,
        )
    )


def make_comment(
    council: Council, author: User, about: Clause | Amendment, text: str = "Min klasse siger ja."
) -> Comment:
    is_clause = isinstance(about, Clause)
    return _stored(
        Comment(
            council_id=council.id,
            author_id=author.id,
            text=text,
            written_at=clock.now(),
            clause_key=about.key if is_clause else None,
            amendment_id=None if is_clause else about.id,
        )
    )


def make_earlier_decision(decision: Decision, **values: Any) -> EarlierDecision:
    """What stood in a decision before it was put right: a no."""
    values = {
        "outcome": AmendmentState.REJECTED,
        "reason": "Det er for dyrt.",
        "child_reply": "Nej, ikke i år. Tak for jeres idé.",
        "final_text": "",
        "why": "Det stod i den forkerte række.",
    } | values
    return _stored(
        EarlierDecision(
            decision_id=decision.id,
            recorded_by_id=decision.recorded_by_id,
            recorded_at=clock.now(),
            **values,
        )
    )


def make_decision(amendment: Amendment, by: User, **values: Any) -> Decision:
    """The board's yes, in the review that is open or was last."""
    cycle_id = db.session.scalars(select(RevisionCycle.id).order_by(RevisionCycle.id.desc())).first()
    if cycle_id is None:
        cycle_id = make_cycle(amendment.base_edition or db.session.get_one(Edition, amendment.base_edition_id)).id
    values = {
        "outcome": AmendmentState.APPROVED,
        "reason": "Det er en god idé.",
        "child_reply": "Ja, vi gør det. Tak for jeres gode idé.",
        "decided_on": clock.today(),
    } | values
    return _stored(
        Decision(
            amendment_id=amendment.id,
            cycle_id=cycle_id,
            base_text=amendment.base_text,
            new_text=amendment.new_text,
            recorded_by_id=by.id,
            recorded_at=clock.now(),
            **values,
        )
    )


def make_reply(
    decision: Decision, council: Council, pupil: Pupil | None, school_class: SchoolClass | None, **values: Any
) -> ReplySheet:
    """A sheet for a class, or with neither pupil nor class for the council."""
    values = {"title": "Alle med i legen", "sent_at": clock.now()} | values
    return _stored(
        ReplySheet(
            decision_id=decision.id,
            amendment_id=decision.amendment_id,
            council_id=council.id,
            pupil_id=pupil.id if pupil else None,
            class_id=school_class.id if school_class else None,
            outcome=decision.outcome,
            text=decision.child_reply,
            **values,
        )
    )


def make_meeting(council: Council, state: MeetingState = MeetingState.PLANNED, **values: Any) -> CouncilMeeting:
    """A meeting in two hours, in the library."""
    values = {"starts_at": clock.now() + timedelta(hours=2), "place": "Biblioteket"} | values
    approved_at = clock.now() if state == MeetingState.MINUTES_APPROVED else None
    if state not in {MeetingState.PLANNED, MeetingState.CANCELLED}:
        values = {"held_on": clock.day_of(values["starts_at"]), "kept_name": council.name} | values
    return _stored(CouncilMeeting(council_id=council.id, state=state, approved_at=approved_at, **values))


def make_item(meeting: CouncilMeeting, amendment: Amendment | None = None, **values: Any) -> AgendaItem:
    values = {"kind": ItemKind.DECIDE if amendment else ItemKind.DISCUSS, "position": next(_numbers)} | values
    title = "" if amendment else "Frikvarteret"
    item = AgendaItem(
        meeting_id=meeting.id, amendment_id=amendment.id if amendment else None, **{"title": title, **values}
    )
    return _stored(item)


def make_questions() -> dict[Band, list[int]]:
    """The bank of questions, where emptying the database has emptied it as well: the wordings of each band."""
    found = {band: [wording for wording, _ in list_to_choose(band)] for band in Band}
    for band, wordings in found.items():
        while len(wordings) < 7:
            question = _stored(SurveyQuestion(band=band, version=1))
            words = f"Har I det godt, {question.id}?"
            wordings.append(_stored(SurveyWording(question_id=question.id, number=1, text=words)).id)
    return found


def make_survey(school_class: SchoolClass | None, user: User, questions: int = 3, **values: Any) -> Survey:
    """A survey of a class, or of the school, that asks the first questions of each band for two weeks from today."""
    today = clock.today()
    values = {"opens_on": today, "closes_on": today + timedelta(days=14)} | values
    survey = _stored(
        Survey(
            class_id=school_class.id if school_class else None,
            school_year=clock.school_year(values["opens_on"]),
            made_by_id=user.id,
            **values,
        )
    )
    wordings = [wording for of_band in make_questions().values() for wording in of_band[:questions]]
    db.session.add_all(SurveyAsk(survey_id=survey.id, wording_id=w, place=n) for n, w in enumerate(wordings))
    db.session.flush()
    return survey


def hold_survey(survey: Survey, school_class: SchoolClass, answers: int = 6, **values: Any) -> ClassSurvey:
    """A class that has answered: everybody the first answer, but one who passes; the class has seen it."""
    lowest, _ = get_grades(school_class.id, today=survey.opens_on) or (0, 0)
    band = Band.of_grade(lowest)
    asked = [row.id for row in list_asked(survey.id) if row.band is band]
    first, last = ANSWERS[band][0], ANSWERS[band][-1]
    sums = dict.fromkeys(ANSWERS[band], 0) | ({first: answers - 1, last: 1} if answers else {})
    values = {"held_on": survey.opens_on, "shown_on": survey.opens_on} | values
    return _stored(
        ClassSurvey(
            survey_id=survey.id,
            class_id=school_class.id,
            band=band,
            children=max(answers, 1),
            answer_count=answers,
            counts={str(wording): sums for wording in asked},
            **values,
        )
    )


def open_survey(
    survey: Survey, school_class: SchoolClass, codes: Iterable[str], children: int | None = None
) -> ClassSurvey:
    """A class in its hour, with these slips."""
    codes = sorted(codes)
    part = hold_survey(
        survey, school_class, 0, shown_on=None, held_on=clock.today(), open_until=clock.now() + timedelta(hours=1)
    )
    part.children = children or len(codes)
    db.session.add_all(SurveySlip(code=code, class_survey_id=part.id) for code in codes)
    db.session.flush()
    return part
