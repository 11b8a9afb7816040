"""Preparing an event for a whole class, changing and cancelling, answering for a child, and saying who comes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select

from portal.accounts.models import Role
from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, insert_into
from portal.database.versions import check_same_day, check_version
from portal.errors import N_, RuleViolation
from portal.events import queries
from portal.events.attendance import is_any_coming
from portal.events.audience.queries import count_invited, know_classes
from portal.events.models import (
    Answer,
    Audience,
    ClassEvent,
    EventClass,
    EventKind,
    EventOrganiser,
    EventReminder,
    EventState,
    HomeCount,
    Rsvp,
    stamp_of,
)
from portal.name_guard.cover import Cover, written_at
from portal.notifications.services import mark_page_seen, recall
from portal.people import Person
from portal.text import clock
from portal.text.addresses import is_web_address

FARTHEST_AHEAD = timedelta(days=731)
LONGEST = timedelta(days=14)
#: What people are told of an event itself; only the newest of these is worth knowing.
TOLD_OF_EVENT = (
    ActKind.EVENT_CREATED,
    ActKind.EVENT_MOVED,
    ActKind.EVENT_TERMS_CHANGED,
    ActKind.EVENT_REMINDER,
)
TOLD_OF_ANSWER = (ActKind.RSVP_CHANGED_BY_OTHER_HOME, ActKind.RSVP_ENTERED_BY_TEAM)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom somebody plans for: these whole classes, all classes of a year, or the school."""

    audience: Audience
    class_ids: frozenset[int] = frozenset()
    year_group: int | None = None


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What somebody typed about an event, in the school's own wall clock; `ends_on` None is the same day."""

    kind: EventKind
    title: str
    description: str
    day: date
    begins: time
    ends_on: date | None
    ends: time
    place: str
    cost_per_child: int
    rsvp_deadline: date | None
    siblings_welcome: bool
    bring: str = ""
    map_url: str = ""


def create_event(invited: Invited, plan: EventPlan, *, most_cost: int, actor: Person, now: datetime) -> ClassEvent:
    """Prepare an event for whole classes: a draft that its maker alone sees, looks at and sends (`sending`).

    There is no way to invite a part of a class, nor less room than children. Raises RuleViolation for a time that is
    over, too far ahead or not on the clock, a cost above the school's, a deadline that makes no sense, and one draft
    too many within the hour from somebody who is not of the class team.
    """
    starts_at, ends_at = _times(plan, now)
    check_cost(plan.cost_per_child, most_cost)
    _check_map(plan.map_url)
    check_deadline(plan.rsvp_deadline, plan.day, now)
    event = ClassEvent(
        kind=plan.kind,
        state=EventState.PUBLISHED,
        title=plan.title,
        description=plan.description,
        starts_at=starts_at,
        ends_at=ends_at,
        place=plan.place,
        cost_per_child=plan.cost_per_child,
        rsvp_deadline=plan.rsvp_deadline,
        siblings_welcome=plan.siblings_welcome,
        bring=plan.bring,
        map_url=plan.map_url,
        created_at=now,
        touched_at=now,
        written_at=now,
        out_at=None,
        moved_at=None,
        terms_changed_at=None,
        audience=invited.audience,
        year_group=invited.year_group,
        classes={class_id: EventClass(class_id=class_id) for class_id in sorted(invited.class_ids)},
        organisers=[EventOrganiser(user_id=actor.id)],
    )
    db.session.add(event)
    db.session.flush()
    know_classes(event, today=clock.day_of(now))
    check_somebody_is_there(event, clock.day_of(now))
    check_limit(actor, ActKind.EVENT_PREPARED, now=now, is_at_work=is_at_work(event, actor))
    acts.note(actor, ActKind.EVENT_PREPARED, event, now=now)
    return event


def edit_event(
    event: ClassEvent, plan: EventPlan, *, version: int, most_cost: int, actor: Person, now: datetime
) -> None:
    """Change an event; answers stay, and whoever gave one before a move is asked anew, with reminders of its own.

    A move tells everybody, in place of what they were told before. What makes the event dearer, closes it to siblings
    or wants the answers earlier tells those who said yes; any other change tells nobody, and neither does any change of
    what nobody has seen yet.
    Raises Conflict when somebody else saved it since `version`; RuleViolation as when it is made, and for an event that
    has begun or been cancelled.
    """
    check_version(event, version)
    is_out = event.is_out_at(now)
    if is_out:
        _check_open(event.state, event.starts_at, now)
    starts_at, ends_at = _times(plan, now)
    check_cost(plan.cost_per_child, most_cost)
    _check_map(plan.map_url)
    if plan.rsvp_deadline != event.rsvp_deadline or plan.day != clock.day_of(event.starts_at):
        check_deadline(plan.rsvp_deadline, plan.day, now)
    is_moved = is_out and (event.starts_at, event.ends_at, event.place) != (starts_at, ends_at, plan.place)
    asks_more = is_out and _asks_more(event, plan)
    kind = _kind_of_change(is_moved=is_moved, asks_more=asks_more)
    check_limit(actor, kind, now=now, is_at_work=is_at_work(event, actor))
    is_urgent = is_moved and acts.is_at_short_notice(event.starts_at, starts_at, now=now)
    stood_at = event.written_at or event.last_touched_at
    stood = (event.title, event.description, event.place, event.bring)
    changed_at = _after_answers(event.id, now)  # what is read comes before what is written: one change is one version
    event.written_at = written_at("events", event.class_ids, stood, stood_at=stood_at, now=now)
    event.touched_at = now
    event.kind, event.title, event.description = plan.kind, plan.title, plan.description
    event.starts_at, event.ends_at, event.place = starts_at, ends_at, plan.place
    event.cost_per_child, event.rsvp_deadline = plan.cost_per_child, plan.rsvp_deadline
    event.siblings_welcome, event.bring, event.map_url = plan.siblings_welcome, plan.bring, plan.map_url
    if asks_more:
        event.terms_changed_at = changed_at
        recall([ActKind.EVENT_TERMS_CHANGED], event.id)
    if is_moved:
        event.moved_at = changed_at
        recall(TOLD_OF_EVENT, event.id)
        forgotten = delete(EventReminder).where(EventReminder.event_id == event.id)
        db.session.execute(forgotten.execution_options(synchronize_session=False))
    if event.out_at is not None:
        acts.record(actor, kind, event, now=now, is_urgent=is_urgent)


def _after_answers(event_id: int, now: datetime) -> datetime:
    """Now, but after every answer so far: one that came while a change waited was to what stood before it."""
    last = db.session.scalar(select(func.max(Rsvp.answered_at)).where(Rsvp.event_id == event_id))
    return now if last is None else max(now, last + timedelta(microseconds=1))


def is_at_work(event: ClassEvent, actor: Person) -> bool:
    """Whether somebody plans as one of the class teams, or of those who look after the whole school."""
    return not event.class_ids.isdisjoint(actor.teams) or actor.has(Role.LEADERSHIP, Role.AKT)


def check_somebody_is_there(event: ClassEvent, today: date) -> None:
    """A class that has left the school, or was merged into another, is nobody's to invite. Raises RuleViolation."""
    if not count_invited(event, today=today):
        raise RuleViolation(N_("No child is in the class any more. Plan it for a class of this year."))


def _asks_more(event: ClassEvent, plan: EventPlan) -> bool:
    """Whether a plan asks more of those who said yes: a higher price, no siblings any more, an earlier answer."""
    is_due_earlier = plan.rsvp_deadline is not None and (
        event.rsvp_deadline is None or plan.rsvp_deadline < event.rsvp_deadline
    )
    is_dearer = plan.cost_per_child > event.cost_per_child
    return is_dearer or is_due_earlier or (event.siblings_welcome and not plan.siblings_welcome)


def _kind_of_change(*, is_moved: bool, asks_more: bool) -> ActKind:
    """A change is told once: whoever is told of a move sees the rest on the same page."""
    if is_moved:
        return ActKind.EVENT_MOVED
    return ActKind.EVENT_TERMS_CHANGED if asks_more else ActKind.EVENT_CHANGED


def cancel_event(event: ClassEvent, *, actor: Person, now: datetime) -> None:
    """Call an event off; it stays in sight so that nobody goes there, and everybody is told that and nothing older.

    Raises RuleViolation when it is too late, and before it is out, when there is nothing to call off.
    """
    _check_out(event.out_at, now)
    _check_open(event.state, event.starts_at, now)
    event.state = EventState.CANCELLED
    recall(TOLD_OF_EVENT, event.id)
    is_urgent = acts.is_at_short_notice(event.starts_at, now=now)
    acts.record(actor, ActKind.EVENT_CANCELLED, event, now=now, is_urgent=is_urgent)


def answer_event(
    event: ClassEvent,
    pupil_id: int,
    answer: Answer,
    *,
    seen: str,
    actor: Person,
    now: datetime,
    is_by_team: bool = False,
) -> None:
    """Keep a child's one answer, from whichever home it comes: the latest counts.

    Open until the event begins; the deadline is a wish. Raises RuleViolation after that, when it is cancelled, and
    before it is out; Conflict when it has been moved, or made dearer and the like, since `seen` (`asked_anew`).
    An answer that turns another adult's around is an act of its own, for that home to be told. Whoever answers has seen
    what they were told of the event.
    """
    moved_at, terms_changed_at, starts_at = _lock_while_open(event, now)
    check_same_day(stamp_of(moved_at, terms_changed_at), seen, starts_at=starts_at)
    rsvp = _row_of(event.id, pupil_id, actor.id, now)
    is_turned = rsvp.answer not in (Answer.NEEDS_ACTION, answer) and rsvp.answered_by_id != actor.id
    rsvp.answer, rsvp.answered_by_id, rsvp.answered_at, rsvp.is_by_team = answer, actor.id, now, is_by_team
    mark_page_seen(actor.id, (*TOLD_OF_EVENT, *TOLD_OF_ANSWER), event.id)
    if is_by_team or is_turned:
        recall(TOLD_OF_ANSWER, rsvp.id)
    if is_by_team:
        acts.record(actor, ActKind.RSVP_ENTERED_BY_TEAM, rsvp, now=now)
    elif is_turned:
        acts.record(actor, ActKind.RSVP_CHANGED_BY_OTHER_HOME, rsvp, now=now)


def count_company(event: ClassEvent, *, adults: int, siblings: int, actor: Person, now: datetime) -> None:
    """Keep how many come along from the actor's home; the other home's are added to them, a roof's counted once.

    Raises RuleViolation unless one of the actor's children is coming, and once the event has begun or is cancelled.
    """
    _lock_while_open(event, now)
    if not is_any_coming(event.id, [child.pupil_id for child in actor.children_in(event.class_ids)]):
        raise RuleViolation(N_("First say yes for your child. Then you can say who comes along."))
    values = {"adults": adults, "siblings": siblings if event.siblings_welcome else 0, "counted_at": now}
    db.session.execute(
        insert_into(HomeCount)
        .values(event_id=event.id, guardian_id=actor.id, **values)
        .on_conflict_do_update(index_elements=[HomeCount.event_id, HomeCount.guardian_id], set_=values)
    )


def _row_of(event_id: int, pupil_id: int, actor_id: int, now: datetime) -> Rsvp:
    """Get or create the child's one row, and lock it until this transaction ends."""
    unanswered = {"answer": Answer.NEEDS_ACTION, "answered_by_id": actor_id, "answered_at": now, "is_by_team": False}
    insert_if_absent(Rsvp, event_id=event_id, pupil_id=pupil_id, **unanswered)
    return db.session.scalars(
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.pupil_id == pupil_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _lock_while_open(event: ClassEvent, now: datetime) -> tuple[datetime | None, datetime | None, datetime]:
    """Lock the event and see it as it is now: nobody cancels or moves it before this answer is kept.

    Returns when it was last moved, when its terms changed, and when it begins.
    """
    out_at, state, moved_at, terms_changed_at, starts_at = db.session.execute(
        select(
            ClassEvent.out_at,
            ClassEvent.state,
            ClassEvent.moved_at,
            ClassEvent.terms_changed_at,
            ClassEvent.starts_at,
        )
        .where(ClassEvent.id == event.id)
        .with_for_update(read=True)
    ).one()
    _check_out(out_at, now)
    _check_open(state, starts_at, now)
    return moved_at, terms_changed_at, starts_at


def _check_out(out_at: datetime | None, now: datetime) -> None:
    if out_at is None or out_at > now:
        raise RuleViolation(N_("It has not gone out yet, so nobody has seen it."))


def _check_open(state: EventState, starts_at: datetime, now: datetime) -> None:
    if state == EventState.CANCELLED:
        raise RuleViolation(N_("The event has been cancelled."))
    if starts_at <= now:
        raise RuleViolation(N_("The event has begun, so nothing more can be changed."))


def _times(plan: EventPlan, now: datetime) -> tuple[datetime, datetime]:
    """When it begins and ends, as moments. The first days refused are those that no clock could turn into one."""
    today, last_day = clock.day_of(now), plan.ends_on or plan.day
    if plan.day < today:
        raise RuleViolation(N_("That day is over. Choose a day to come."))
    if plan.day > today + FARTHEST_AHEAD:
        raise RuleViolation(N_("That is more than two years away. Is the year right?"))
    if last_day < plan.day or (last_day == plan.day and plan.ends <= plan.begins):
        raise RuleViolation(N_("The event ends before it begins. Look at the two times."))
    if last_day - plan.day > LONGEST:
        raise RuleViolation(N_("An event can last two weeks at most."))
    starts_at, ends_at = clock.at_school(plan.day, plan.begins), clock.at_school(last_day, plan.ends)
    if starts_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    return starts_at, ends_at


def check_cost(cost: int, most: int) -> None:
    """Refuse what is dearer than the school allows, so that everybody can come. Raises RuleViolation."""
    if cost > most:
        raise RuleViolation(
            N_("An event may cost %(most)s kr. per child at most, so that everybody can come."), most=most
        )


def _check_map(url: str) -> None:
    if url and not is_web_address(url):
        raise RuleViolation(N_("The link to the map has to begin with https:// and lead to a page."))


def check_deadline(deadline: date | None, day: date, now: datetime) -> None:
    """Refuse a day for answers that is over, or after the event's own. Raises RuleViolation."""
    if deadline is None:
        return
    if deadline > day:
        raise RuleViolation(N_("The answers are due after the event. Choose an earlier day, or none."))
    if deadline < clock.day_of(now):
        raise RuleViolation(N_("The day you ask for answers by is over. Choose another one, or none."))


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in what a class was invited to, also long ago. Nobody is told.

    The last edit says from when its words are: what was typed later is no name that was open before.
    """
    for event in queries.list_of_class(class_id):
        for column in ("title", "description", "place", "bring"):
            saved_at = event.written_at or event.last_touched_at
            setattr(event, column, cover.over(getattr(event, column), saved_at=saved_at))
