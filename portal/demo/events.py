"""What the demo school's classes do together: a few events to come, with most homes' answers, and two playdates.

Days count from today, so that something always waits for the personas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from portal.accounts.models import User
from portal.database import db
from portal.demo.roster import PERSONAS
from portal.events import services as events
from portal.events.models import Answer, Audience, ClassEvent, EventKind
from portal.events.sending.services import publish_event
from portal.events.services import EventPlan, Invited
from portal.people import Person, load_people
from portal.playdates import services as playdates
from portal.playdates.services import PlaydatePlan
from portal.playgroups import services as playgroups
from portal.playgroups.draft.services import publish_round
from portal.playgroups.drafting import Past, Wish, draft_rounds, slots_of
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.homes.services import Answer as HomeAnswer
from portal.playgroups.homes.services import save_answer
from portal.playgroups.models import Manner
from portal.playgroups.queries import find_round, list_rounds
from portal.playgroups.windows import beginnings, windows
from portal.school import queries as school
from portal.school.days_off.queries import school_days
from portal.school.models import Guardianship, GuardianshipKind, SchoolClass
from portal.school.ties import holds
from portal.text import clock

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
DEADLINE_BEFORE = timedelta(days=5)
INVITED_AT = time(16, 30)
COST_CAP = 100
PLAYDATE_SPAN = (0, 3)


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """An event of one class: on the first such weekday at least so many days ahead.

    Of the homes `silent_every` has not answered; the homes of the personas have only where `asks_personas` is False.
    """

    label: str
    weekday: int
    days_ahead: int
    begins: time
    ends: time
    kind: EventKind
    title: str
    place: str
    description: str
    cost: int = 0
    silent_every: int = 4
    asks_personas: bool = True


EVENTS = (
    DemoEvent(
        "3.A",
        FRIDAY,
        8,
        time(17, 30),
        time(20),
        EventKind.DINNER,
        "Fællesspisning for hele klassen",
        "Skolekøkkenet",
        "Vi laver suppe **sammen** og spiser ved ét langt bord. Børnene dækker bord og finder på sidepladser.\n\n"
        "- Tag en kniv og et forklæde med.\n- Kan I ikke blive hele tiden, så kom den tid, I kan.",
    ),
    DemoEvent(
        "3.A",
        SUNDAY,
        24,
        time(10, 30),
        time(14),
        EventKind.OUTING,
        "Tur i skoven",
        "Vi mødes ved skolens port",
        "Vi går til bålpladsen og bager snobrød. Tøj, der må blive beskidt, er alt, hvad I behøver.",
        silent_every=3,
        asks_personas=False,
    ),
    DemoEvent(
        "0.A",
        SATURDAY,
        10,
        time(10),
        time(12),
        EventKind.GATHERING,
        "Leg på den store legeplads",
        "Legepladsen bag skolen",
        "Kaffe på kande og frugt til alle. Kom og mød de andre voksne, mens børnene leger.",
    ),
    DemoEvent(
        "6.A",
        FRIDAY,
        15,
        time(18),
        time(21, 30),
        EventKind.SHARED_BIRTHDAY,
        "Fælles fødselsdag for alle fra efteråret",
        "Fællesrummet",
        "Vi fejrer alle, der er fyldt år siden sommerferien. Ingen gaver, men én stor kage og musik.",
        cost=40,
        asks_personas=False,
    ),
)


def plan_events(classes: Mapping[str, SchoolClass], now: datetime) -> None:
    """Let a guardian of each class invite it, and most homes answer."""
    for event in EVENTS:
        if event.label in classes:
            _plan(event, classes[event.label], now)


def _plan(demo: DemoEvent, school_class: SchoolClass, now: datetime) -> None:
    today = clock.day_of(now)
    class_id = school_class.id
    known = _persona_ids()
    adults = _adults(class_id, known, today)
    organiser = next(guardian for guardian in adults.values() if guardian.id not in known)
    day = today + timedelta(days=demo.days_ahead)
    day += timedelta(days=(demo.weekday - day.weekday()) % 7)
    plan = EventPlan(
        kind=demo.kind,
        title=demo.title,
        description=demo.description,
        day=day,
        begins=demo.begins,
        ends_on=None,
        ends=demo.ends,
        place=demo.place,
        cost_per_child=demo.cost,
        rsvp_deadline=day - DEADLINE_BEFORE,
        siblings_welcome=demo.kind != EventKind.SHARED_BIRTHDAY,
    )
    invited = Invited(Audience.CLASSES, frozenset({school_class.id}))
    sent_at = clock.at_school(today - timedelta(days=3), INVITED_AT)
    event = events.create_event(invited, plan, most_cost=COST_CAP, actor=organiser, now=sent_at)
    publish_event(event, version=event.version, most_cost=COST_CAP, actor=organiser, now=sent_at)
    for number, (pupil_id, guardian) in enumerate(adults.items()):
        is_silent = demo.asks_personas if guardian.id in known else (number + 1) % demo.silent_every == 0
        if not is_silent:
            _answer(event, pupil_id, guardian, number, now)


def _answer(event: ClassEvent, pupil_id: int, guardian: Person, number: int, now: datetime) -> None:
    answer = {6: Answer.DECLINED, 9: Answer.TENTATIVE}.get(number, Answer.ACCEPTED)
    at = now - timedelta(hours=3 + number)
    events.answer_event(event, pupil_id, answer, seen="", actor=guardian, now=at)
    db.session.flush()
    if answer == Answer.ACCEPTED:
        events.count_company(event, adults=1 + number % 2, siblings=int(number % 5 == 0), actor=guardian, now=at)


def _persona_ids() -> set[int]:
    """Those whom the sign-in page offers: their homes are asked, and they organise nothing yet."""
    return set(db.session.scalars(select(User.id).where(User.external_id.in_(PERSONAS.values()))))


def _adults(class_id: int, known: set[int], today: date) -> dict[int, Person]:
    """One guardian of each child of the class: a persona where there is one."""
    rows = db.session.execute(
        select(Guardianship.pupil_id, Guardianship.guardian_id).where(
            Guardianship.pupil_id.in_([pupil.id for pupil in school.list_pupils(class_id, today=today)]),
            Guardianship.kind != GuardianshipKind.HELPER,
            holds(Guardianship, today),
        )
    ).all()
    people = {person.id: person for person in load_people([row.guardian_id for row in rows], today=today)}
    ordered = sorted(rows, key=lambda row: (row.guardian_id in known, -row.guardian_id))
    return {row.pupil_id: people[row.guardian_id] for row in ordered}


@dataclass(frozen=True, slots=True)
class DemoPlaydate:
    """An offer in one class, so many days ahead; the homes of the personas have not said that they come."""

    label: str
    days_ahead: int
    what: str
    guests: int
    places: int | None = None


PLAYDATES = (
    DemoPlaydate("3.A", 2, "Vi er i skoven ved den røde bom", 3),
    DemoPlaydate("0.A", 3, "Vi løber på rulleskøjter på den store plads", 4, places=8),
)


#: The class that tries playgroups, and what its team has chosen.
PLAYGROUPS_IN = "3.A"
PLAYGROUPS = Wish(Manner.MIXING, round_count=3, smallest=3, largest=5, weeks_apart=3)


def offer_playdates(classes: Mapping[str, SchoolClass], now: datetime) -> None:
    """Let a guardian of each class offer it, and some of the others come."""
    for demo in PLAYDATES:
        if demo.label in classes:
            _offer(demo, classes[demo.label], now)


def _offer(demo: DemoPlaydate, school_class: SchoolClass, now: datetime) -> None:
    today, known = clock.day_of(now), _persona_ids()
    adults = [guardian for guardian in _adults(school_class.id, known, today).values() if guardian.id not in known]
    day = today + timedelta(days=demo.days_ahead)
    plan = PlaydatePlan(what=demo.what, day=day, begins=time(15), ends=time(17), places=demo.places, is_elsewhere=True)
    playdate = playdates.offer_playdate(school_class, plan, span=PLAYDATE_SPAN, actor=adults[0], now=now)
    db.session.flush()
    for guest in adults[1 : 1 + demo.guests]:
        playdates.come(playdate, version=playdate.version, actor=guest, now=now)


def plan_playgroups(classes: Mapping[str, SchoolClass], now: datetime) -> None:
    """Let the homes of one class say whether they can host, and its team publish the first round of a plan."""
    today = clock.day_of(now)
    school_class = classes.get(PLAYGROUPS_IN)
    slots = beginnings(school_days(today), today)
    fitting = windows(school_days(today), slots[0], PLAYGROUPS.round_count, PLAYGROUPS.weeks_apart) if slots else []
    if school_class is None or len(fitting) < PLAYGROUPS.round_count:
        return
    for place, adult in enumerate(_adults(school_class.id, _persona_ids(), today).values()):
        own = HomeAnswer(can_host=place % 4 > 0, room=5, is_outdoors_only=False, abstaining=frozenset())
        save_answer(school_class.id, own, actor=adult, now=now)
    db.session.flush()
    (member, *_) = school.list_team(school_class.id, today=today)
    (teacher,) = load_people([member.user_id], today=today)
    draft = draft_rounds(
        get_roll(school_class.id, today=today), PLAYGROUPS, slots_of(PLAYGROUPS, fitting), past=Past(), seed=1
    )
    plan = playgroups.start_plan(school_class.id, draft, PLAYGROUPS, is_meal=False, actor=teacher, now=now)
    first = find_round(list_rounds(plan.id, today=today)[0].id)
    if first is not None:
        publish_round(first, version=plan.version, actor=teacher, now=now)
