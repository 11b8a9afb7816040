"""How the databases find what pages show: no full scan of a table that grows, and no sorting of one.

The plans are asked for, not timed. Each database holds enough rows that a bad plan would be chosen if it could be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from portal.accounts.models import User, UserSession
from portal.accounts.sign_in import services as sign_in
from portal.accounts.sign_in import tokens
from portal.acts.models import Act, ActKind
from portal.agreements import queries as agreements
from portal.database import db
from portal.database.prepared import Statement, fetch
from portal.events import attendance
from portal.events import queries as events
from portal.events.models import Answer, ClassEvent, EventClass, EventKind, EventState, HomeCount, Rsvp
from portal.name_guard import queries as name_guard
from portal.notifications import queries as notifications
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.people import Person, load_people, load_signed_in
from portal.school import queries as school
from portal.school.contacts.queries import list_contacts
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.text import clock
from portal.updates import queries as updates
from portal.updates import reach as reach_queries
from portal.updates.cadence import queries as cadence
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.updates.desk import queries as writing_queries
from portal.updates.measures import LAST_SPOKEN
from portal.updates.models import UpdateReceipt, UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast

pytestmark = [pytest.mark.both]

#: Tables with a row for everything that anybody has ever done or been.
GROWING = (
    "wellbeing_update",
    "update_receipt",
    "user_session",
    "user",
    "pupil",
    "enrolment",
    "guardianship",
    "told_elsewhere",
    "class_event",
    "event_class",
    "rsvp",
    "home_count",
    "act",
    "delivery",
)
CLASSES, HOMES, UPDATES, EVENTS = 800, 8_000, 12_000, 4_000
Read = Callable[[Cast], object]

READS: dict[str, Read] = {
    "the signed-in person": lambda cast: load_signed_in(_token(cast.guardian_of_two), now=clock.now()),
    "people by id": lambda cast: load_people([cast.guardian.id, cast.class_teacher.id], today=clock.today()),
    "the feed of a class": lambda cast: updates.list_news([cast.third.id], cast.guardian.id),
    "a later page of it": lambda cast: updates.list_news([cast.third.id], cast.guardian.id, after=_cursor()),
    "the feed of two classes": lambda cast: updates.list_news([cast.third.id, cast.sixth.id], cast.guardian.id),
    "the school's feed": lambda cast: updates.list_news_everywhere(cast.leader.id),
    "a later page of the school's": lambda cast: updates.list_news_everywhere(cast.leader.id, after=_cursor()),
    "a team's drafts": lambda cast: updates.list_unpublished([cast.third.id, cast.sixth.id]),
    "when classes last had news": lambda cast: updates.last_published([cast.third.id, cast.sixth.id]),
    "how classes stand with their news": lambda cast: cadence.list_standings(
        every=6, today=clock.today(), class_ids=[cast.third.id, cast.sixth.id]
    ),
    "when a class told its homes": lambda cast: cadence.list_tellings([cast.third.id], since=clock.today()),
    "news whose hour has come": lambda cast: writing_queries.list_due(clock.now()),
    "the names in a class": lambda cast: name_guard.list_pupil_names([cast.third.id], today=clock.today()),
    "when a promise was last spoken of": lambda cast: fetch(Statement(lambda: LAST_SPOKEN), {"key": "k1"}),
    "where a text went as well": lambda cast: writing_queries.list_sent_along(_an_update(cast), [cast.sixth.id]),
    "who says thank you": lambda cast: reach_queries.get_thanks(_an_update(cast).id, cast.guardian.id),
    "a class's name": lambda cast: school.get_class_ref(cast.third.id, today=clock.today()),
    "whom an update reached": lambda cast: reach_queries.list_reach(_an_update(cast), today=clock.today()),
    "a class's contact list": lambda cast: list_contacts(cast.third.id, today=clock.today()),
    "a class's rules and agreements": lambda cast: agreements.list_standings(cast.third.id, today=clock.today()),
    "what a class has before it": lambda cast: events.list_coming(
        [cast.third.id, cast.sixth.id], [cast.alma.id], now=clock.now()
    ),
    "a later page of that": lambda cast: events.list_coming(
        [cast.third.id], [cast.alma.id], now=clock.now(), after=_an_event(cast)
    ),
    "who has answered": lambda cast: attendance.list_answers(_an_event(cast), today=clock.today()),
    "who comes along": lambda cast: attendance.list_company(_an_event(cast), today=clock.today()),
    "what somebody has been told": lambda cast: notifications.list_notifications(_guardian(cast), {}),
    "mail to send": lambda cast: notifications.has_due_mail(now=clock.now()),
    "how many homes a class has": lambda cast: school.count_homes(cast.third.id, today=clock.today()),
}


def _token(user: User) -> str:
    token = sign_in.start_session(user.id, device="Firefox", remember=False, now=clock.now())
    db.session.flush()
    return tokens.digest(token)


def _guardian(cast: Cast) -> Person:
    (guardian,) = load_people([cast.guardian.id], today=clock.today())
    return guardian


def _an_event(cast: Cast) -> ClassEvent:
    return make.make_event(cast.third, cast.class_teacher)


def _cursor() -> updates.Cursor:
    return updates.Cursor(clock.now() - timedelta(days=30), 5_000)


def _an_update(cast: Cast) -> WellbeingUpdate:
    return make.make_update(cast.third, cast.class_teacher)


@pytest.fixture
def many(cast: Cast, database: str) -> Cast:
    """The cast among a municipality in small: many classes, homes and updates, each opened somewhere."""
    classes = range(1_000, 1_000 + CLASSES)
    users, pupils = range(1_000, 1_000 + HOMES), range(1_000, 1_000 + HOMES)
    now, today = clock.now(), clock.today()
    since = clock.first_day(clock.school_year(today))
    _insert(SchoolClass, ({"id": i, "external_id": f"many-{i}", "hue": 1} for i in classes))
    for model in (User, Pupil):
        names = {"first_name": "Alma", "last_name": "Holm", "alias": "", "protection": "none"}
        account = {"created_at": now} if model is User else {}
        _insert(
            model,
            (
                {
                    "id": i,
                    "external_id": f"many-{i}",
                    **names,
                    **account,
                    **({"user_name": f"many{i}"} if account else {}),
                }
                for i in users
            ),
        )
    _insert(Enrolment, ({"pupil_id": i, "class_id": classes[i % CLASSES], "starts_on": since} for i in pupils))
    _insert(
        Guardianship,
        ({"guardian_id": i, "pupil_id": i, "kind": GuardianshipKind.CUSTODY, "starts_on": since} for i in users),
    )
    places = [*classes, cast.third.id, cast.sixth.id]
    _insert(
        WellbeingUpdate,
        (
            {
                "id": 1_000 + n,
                "class_id": places[n % len(places)],
                "author_id": cast.class_teacher.id,
                "state": UpdateState.PUBLISHED,
                "title": "Nyt",
                "body": "Nyt " * 60,
                "excerpt": "Nyt " * 30,
                "created_at": now,
                "published_at": now - timedelta(minutes=30 * n),
                "version": 1,
            }
            for n in range(UPDATES)
        ),
    )
    _insert(
        ToldElsewhere,
        (
            {
                "class_id": places[n % len(places)],
                "told_on": today - timedelta(days=n // len(places)),
                "channel": ToldChannel.AULA,
                "note": "",
                "registered_by_id": cast.class_teacher.id,
                "registered_at": now,
            }
            for n in range(UPDATES)
        ),
    )
    _insert(
        UserSession,
        (
            {"user_id": i, "token_digest": f"many-{i}", "device": "", "created_at": now, "expires_at": now}
            for i in users
        ),
    )
    _add_events([*classes, cast.third.id, cast.sixth.id], users, pupils)
    _insert(UpdateReceipt, ({"update_id": 1_000 + n, "user_id": users[n % HOMES]} for n in range(UPDATES)))
    db.session.commit()
    if database == "postgresql":
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return cast


def _add_events(classes: Sequence[int], users: Sequence[int], pupils: Sequence[int]) -> None:
    """Events of each class before and after now, answers to them, and what people were told of them."""
    now = clock.now()
    ids = range(1_000, 1_000 + EVENTS)
    always = {"kind": EventKind.DINNER, "state": EventState.PUBLISHED, "title": "Suppe", "description": "", "place": ""}
    more = {
        "cost_per_child": 0,
        "siblings_welcome": True,
        "bring": "",
        "map_url": "",
        "created_at": now,
        "out_at": now,
        "version": 1,
    }
    starts = {i: now + timedelta(hours=n - EVENTS // 2) for n, i in enumerate(ids)}
    _insert(
        ClassEvent,
        ({"id": i, "starts_at": at, "ends_at": at + timedelta(hours=2), **always, **more} for i, at in starts.items()),
    )
    _insert(EventClass, ({"event_id": i, "class_id": classes[i % len(classes)]} for i in ids))
    answered = {"answer": Answer.ACCEPTED, "answered_at": now, "is_by_team": False}
    _insert(
        Rsvp,
        (
            {"event_id": ids[n % EVENTS], "pupil_id": i, "answered_by_id": users[0], **answered}
            for n, i in enumerate(pupils)
        ),
    )
    _insert(
        HomeCount,
        (
            {"event_id": ids[n % EVENTS], "guardian_id": i, "adults": 1, "siblings": 0, "counted_at": now}
            for n, i in enumerate(users)
        ),
    )
    _insert(Act, ({"id": i, "kind": ActKind.EVENT_CREATED, "subject_id": i, "at": now} for i in ids))
    for channel, state in ((Channel.PORTAL, DeliveryState.SENT), (Channel.MAIL, DeliveryState.SENT)):
        _insert(
            Delivery,
            (
                {
                    **{"act_id": ids[n % EVENTS], "user_id": i, "channel": channel, "state": state, "due_at": now},
                    **{"try_at": now, "sent_at": now, "is_opened": n % 50 != 0},
                }
                for n, i in enumerate(users)
            ),
        )


def _insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    db.session.execute(insert(model), list(rows))


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _plan(statement: str, parameters: Any, database: str) -> str:
    """How a statement is run; by PostgreSQL for these values, and for all alike, as it may after some times."""
    ask = db.session.connection().exec_driver_sql
    if database == "sqlite":
        rows = ask(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    else:
        rows = ask(f"EXPLAIN {statement}", parameters).all()
        ask("SET LOCAL plan_cache_mode = force_generic_plan")
        values = ", ".join(["NULL"] * max([0, *map(int, re.findall(r"\$(\d+)", statement))]))
        ask(f"PREPARE asked AS {statement}")
        rows += ask(f"EXPLAIN EXECUTE asked({values})" if values else "EXPLAIN EXECUTE asked").all()
        ask("DEALLOCATE asked")
    return "\n".join(str(row[-1]) for row in rows)


def _aliases(statement: str, table: str) -> set[str]:
    """What a table is called in a statement: itself, and every other name it is given."""
    return {table, *re.findall(rf'"?\b{table}"? AS (\w+)', statement)}


def _scans(plan: str, statement: str, database: str) -> list[str]:
    """The lines that read a growing table from one end to the other, but for the newest few along an index."""
    found = []
    for table in GROWING:
        for name in _aliases(statement, table):
            if database == "sqlite":
                lines = re.findall(rf"^SCAN {name}\b.*$", plan, re.MULTILINE)
                found += [line for line in lines if "USING INDEX" not in line and "USING COVERING INDEX" not in line]
            else:
                found += re.findall(rf'^.*Seq Scan on "?{table}"?\b.*$', plan, re.MULTILINE)
    return found


def _without_what_is_asked_once(plan: str) -> str:
    """PostgreSQL's plan without its InitPlans: what they count hangs on no row, and is read when it is first needed."""
    kept, deeper_than = [], None
    for line in plan.splitlines():
        depth = len(line) - len(line.lstrip())
        if deeper_than is not None and depth > deeper_than:
            continue
        deeper_than = depth if line.lstrip().startswith("InitPlan") else None
        if deeper_than is None:
            kept.append(line)
    return "\n".join(kept)


def _sorts(plan: str, database: str) -> list[str]:
    """The lines that sort more than a page's own rows: those of a feed are put in order once they have been found."""
    if database == "sqlite":
        found = re.findall(r"^USE TEMP B-TREE.*$", plan, re.MULTILINE)
        return found[:-1] if re.search(r"^SCAN newest$", plan, re.MULTILINE) else found
    sorted_rows = re.findall(r"^.*Sort  \(cost=.* rows=(\d+) .*$", plan, re.MULTILINE)
    return [rows for rows in sorted_rows if int(rows) > MOST_SORTED]


#: Three pages of a feed are sorted after a union; a class's hundreds of updates would be too many.
MOST_SORTED = 60
#: SQLite does not say how much it sorts; here it is the guardians of one class, counted once each, and what is to come.
SORTS_LITTLE = {"how many homes a class has", "what a class has before it", "a later page of that"}
#: PostgreSQL, which plans for all values, takes a third of what waits for due; it is the little that came due just now.
BELIEVES_MORE = {"news whose hour has come"}
#: How many children the whole school has is asked once, when an event for the school is among them: it reads them all.
COUNTS_THE_SCHOOL = {"what a class has before it", "a later page of that"}


def test_a_page_finds_its_rows_by_index(app: Flask, many: Cast, database: str) -> None:
    wrong = []
    for name, read in READS.items():
        with _statements() as seen:
            read(many)
        assert seen, name
        for statement, parameters in seen:
            plan = _plan(statement, parameters, database)
            if name in COUNTS_THE_SCHOOL:
                plan = _without_what_is_asked_once(plan)
            sorts = [] if name in (SORTS_LITTLE if database == "sqlite" else BELIEVES_MORE) else _sorts(plan, database)
            if _scans(plan, statement, database) or sorts:
                wrong.append(f"{name}\n\n{statement}\n\n{plan}")
    assert not wrong, "\n\n\n".join(wrong)


def test_a_bad_plan_would_be_seen(app: Flask, many: Cast, database: str) -> None:
    """Otherwise the tests above would hold for nothing."""
    statement = "SELECT title FROM wellbeing_update WHERE body = 'x' ORDER BY title"
    plan = _plan(statement, (), database)
    assert _scans(plan, statement, database)
    if database == "sqlite":
        assert _sorts(plan, database)
