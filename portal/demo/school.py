"""Filling an empty database with the demo school: the register by the import itself, then what its people have done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, exists, or_, select, update

from portal.accounts.models import User
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.notices import Notices, own_council
from portal.council import services as council
from portal.council.models import Council
from portal.council.queries import list_seats
from portal.database import db
from portal.database.stamps import NONE
from portal.demo.agreements import agree, make_templates
from portal.demo.cadence import ask_classes, fill_calendar, note_duties, tell_elsewhere
from portal.demo.council_work import answer_council, fill_council
from portal.demo.events import offer_playdates, plan_events, plan_playgroups
from portal.demo.promises.initiatives import begin_initiatives
from portal.demo.promises.meetings import hold_parent_meetings
from portal.demo.promises.small import keep_small_promises
from portal.demo.queries import select_almas_other_parent
from portal.demo.roster import CHILDREN, PERSONAS, demo_files
from portal.demo.texts import CONTACTS, UPDATES, DemoUpdate
from portal.events.models import Rsvp
from portal.notifications import services as notifications
from portal.notifications.models import Delivery
from portal.notifications.queries import get_news, list_told
from portal.people import BY_ITSELF, Person, load_people
from portal.school import queries as school_queries
from portal.school import services as school
from portal.school.at_a_glance import list_classes_at_a_glance
from portal.school.help_contacts.models import HelpContact
from portal.school.models import Enrolment, Guardianship, Pupil, SchoolClass
from portal.school.roster import services as roster_services
from portal.school.roster.comparison import compare
from portal.school.roster.files import read_roster
from portal.school.roster.queries import current_roster
from portal.strategy import services as strategy
from portal.strategy.document import read_document
from portal.text import clock
from portal.updates import services as updates
from portal.updates.desk.sending import Sending, read_over
from portal.updates.models import UpdateReceipt

SMALL_DEMO = 60
STRATEGY = Path(__file__).with_name("strategy.md")
COUNCILS = (("Det lille elevråd", 0, 3), ("Det store elevråd", 4, 9))
SCHOOL_DAY_ENDS = time(14, 20)
#: Of the homes that could open a text, every so many has not.
UNOPENED_EVERY = 6
#: Whoever tries the demo has these days' news before them, and none from months ago.
NEW_FOR_PERSONAS = 9


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def fill_when_empty() -> None:
    """Fill an empty database with the small demo school; a database with anybody in it is left alone."""
    if is_empty():
        fill(SMALL_DEMO)


def fill(pupils: int) -> None:
    """Fill the database with a demo school of so many pupils, on the same paths a real school takes.

    Raises ValueError when so many children make no classes.
    """
    now = clock.now()
    import_register(pupils, now)
    office = _person(PERSONAS["office"])
    strategy.import_strategy(
        read_document(STRATEGY.read_text(encoding="utf-8")), actor=office, now=now, approved_on=_last_june(now).date()
    )
    for position, contact in enumerate(CONTACTS):
        db.session.add(
            HelpContact(
                kind=contact.kind,
                position=position,
                title=contact.title,
                detail=contact.detail,
                phone=contact.phone,
                url=contact.url,
                checked_on=clock.day_of(now) - timedelta(days=20),
            )
        )
    refs = [glance.ref for glance in list_classes_at_a_glance(today=clock.day_of(now))]
    by_label = {ref.label: db.session.get_one(SchoolClass, ref.id) for ref in refs}
    for school_class in by_label.values():
        _appoint_representatives(school_class, office, now)
    make_councils(by_label.values(), office, now)
    for news in UPDATES:
        _tell(news, by_label[news.label], now)
    fill_calendar(now)
    tell_elsewhere(by_label, now)
    make_templates(office, now)
    agree(by_label, now)
    plan_events(by_label, now)
    offer_playdates(by_label, now)
    plan_playgroups(by_label, now)
    hold_parent_meetings(by_label, _person(PERSONAS["leader"]), now)
    begin_initiatives(by_label, _person(PERSONAS["leader"]), _person(PERSONAS["facilitator"]), now)
    keep_small_promises(by_label, _person(PERSONAS["leader"]), now)
    ask_classes(by_label, _person(PERSONAS["leader"]), now)
    note_duties(by_label, _person(PERSONAS["leader"]), now)
    db.session.flush()
    _notify(now)


def import_register(pupils: int, now: datetime) -> None:
    """Bring a made-up register of so many pupils in, by the import that a real school uses."""
    files = demo_files(pupils, today=clock.day_of(now))
    reading = read_roster(files, today=clock.day_of(now))
    if reading.roster is None:
        raise RuntimeError(f"the demo's own files are refused: {reading.faults[0].message}")
    plan = compare(current_roster(), reading.roster, clock.day_of(now))
    upload = roster_services.keep_upload(files, actor=BY_ITSELF, now=now)
    roster_services.apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=now)
    first_day = clock.first_day(clock.school_year(clock.day_of(now)))
    for tie in (Enrolment, Guardianship):  # or what was written since August would be news to nobody
        db.session.execute(update(tie).values(starts_on=first_day))


def _last_june(now: datetime) -> datetime:
    year = clock.school_year(clock.day_of(now))
    return datetime(year, 6, 10, 12, tzinfo=clock.SCHOOL_ZONE)


def _person(external_id: str) -> Person:
    user_id = db.session.scalars(select(User.id).where(User.external_id == external_id)).one()
    return load_people([user_id], today=clock.today())[0]


def _appoint_representatives(school_class: SchoolClass, office: Person, now: datetime) -> None:
    """Two guardians of each class, never one of those the sign-in page offers as something else."""
    today = clock.day_of(now)
    known, first = set(PERSONAS.values()), db.session.scalar(select_almas_other_parent(clock.today()))
    others = [
        guardian.user.id
        for guardian in school_queries.list_guardians(school_class.id, today=today)
        if guardian.user.external_id not in known
    ]
    chosen = sorted(others, key=lambda user_id: user_id != first)[:2]
    school.choose_representatives(school_class, chosen, seen=NONE, actor=office, now=now)


def make_councils(classes: Iterable[SchoolClass], office: Person, now: datetime) -> None:
    """Two councils that these classes have elected, with what they have done so far."""
    today = clock.day_of(now)
    made = [council.make_council(name, lowest, highest, actor=office, now=now) for name, lowest, highest in COUNCILS]
    facilitator = _person(PERSONAS["facilitator"])
    db.session.flush()
    for one in made:
        council.add_facilitator(one, facilitator.id, actor=office, now=now)
    ella = db.session.scalars(select(Pupil).where(Pupil.external_id == CHILDREN["ella"])).one()
    for school_class in classes:
        pupils = school_queries.list_pupils(school_class.id, today=today)
        first, second, third = ([ella] + [p for p in pupils if p != ella] if ella in pupils else pupils)[:3]
        elected = {first: False, second: False, third: True}
        council.choose_members(school_class, _council_of(school_class, made), elected, seen=NONE, actor=office, now=now)
    db.session.flush()
    for one in made:
        seats = [seat for seat in list_seats(one.id, today=today) if not seat.is_substitute]
        chair = next((seat for seat in seats if seat.pupil_id != ella.id), None)
        if chair is not None:
            council.choose_chair(one, chair.id, seen=NONE, actor=office, now=now)
    db.session.flush()
    facilitator, leader = _person(PERSONAS["facilitator"]), _person(PERSONAS["leader"])
    for one in made:
        answer_council(one, facilitator, leader, now)
    for one in made:
        if any(seat.pupil_id == ella.id for seat in list_seats(one.id, today=today)):
            fill_council(one, ella.id, facilitator, leader, now)


def _council_of(school_class: SchoolClass, councils: list[Council]) -> Council:
    year = school_queries.list_class_years(school_class.id)[clock.school_year(clock.today())]
    return next(c for c in councils if c.lowest_grade <= year.lowest_grade <= c.highest_grade)


def _tell(news: DemoUpdate, school_class: SchoolClass, now: datetime) -> None:
    """Write it as the class's own team, on its day at the end of school, and let most homes open it."""
    team = school_queries.list_team(school_class.id, today=clock.day_of(now))
    author = load_people([team[0].user_id], today=clock.day_of(now))[0]
    told_at = _at_the_end_of_school(now, news.days_ago or 0)
    draft = updates.draft_update(school_class, title=news.title, body=news.body, actor=author, now=told_at)
    if news.days_ago is None:
        return
    ready = read_over(draft, Sending(draft.version), today=clock.day_of(told_at))
    updates.publish_update(draft, ready, actor=author, now=told_at)
    if news.days_ago > 1:
        guardians = school_queries.list_guardians(school_class.id, today=clock.day_of(now))
        readers = {guardian.user.id for guardian in guardians}
        known = {guardian.user.id for guardian in guardians if guardian.user.external_id in PERSONAS.values()}
        for number, user_id in enumerate(sorted(readers)):
            if number % UNOPENED_EVERY or (user_id in known and news.days_ago > NEW_FOR_PERSONAS):
                db.session.add(UpdateReceipt(update_id=draft.id, user_id=user_id))


def _at_the_end_of_school(now: datetime, days_ago: int) -> datetime:
    day = clock.day_of(now) - timedelta(days=days_ago)
    return min(now, datetime.combine(day, SCHOOL_DAY_ENDS, clock.SCHOOL_ZONE))


def _notify(now: datetime) -> None:
    """Everybody has been told of what happened so far, and has opened what they read, answered or heard days ago."""
    today = clock.day_of(now)
    notices: Notices = current_app.extensions["portal.notices"]
    db.session.execute(delete(WaitingAct))
    for act in db.session.scalars(select(Act).where(Act.kind.in_(notices)).order_by(Act.at, Act.id)).all():
        notice = notices[act.kind]
        subject = get_news(notice, act, now=now)
        if subject is not None:
            everybody = list_told(notice, subject, today=today)
            told = {one.id: notice.class_of(subject, one) for one in everybody if one.id != act.actor_id}
            shown = notice.shown(subject)
            page = {"page_id": shown.id, "council_id": own_council(shown)}
            notifications.keep_deliveries(act.id, told, with_mail={}, now=act.at, **page)
    is_its_act = Act.id == Delivery.act_id
    has_read = exists().where(
        is_its_act,
        Act.kind == ActKind.UPDATE_PUBLISHED,
        UpdateReceipt.update_id == Act.subject_id,
        UpdateReceipt.user_id == Delivery.user_id,
    )
    has_answered = exists().where(
        is_its_act,
        Act.kind == ActKind.EVENT_CREATED,
        Rsvp.event_id == Act.subject_id,
        Rsvp.answered_by_id == Delivery.user_id,
    )
    is_old = exists().where(
        is_its_act, Act.kind != ActKind.UPDATE_PUBLISHED, Act.at < now - timedelta(days=NEW_FOR_PERSONAS)
    )
    db.session.execute(
        update(Delivery)
        .where(or_(has_read, has_answered, is_old))
        .values(is_opened=True)
        .execution_options(synchronize_session=False)
    )
