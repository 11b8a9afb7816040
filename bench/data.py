"""The data that is measured on: one school, or the schools of a whole municipality, written in bulk.

`make_school` and `make_municipality` fill an empty database and return who reads it: a busy guardian, and one whose
only class has been quiet for a year, since a slow query hides from everybody but the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import Table, func, insert, select, text

from bench import said
from portal.accounts.models import User
from portal.accounts.sign_in import services as sign_in
from portal.council.models import Council
from portal.database import Model, db, schema
from portal.database.transactions import writing as writing  # an earlier build has it elsewhere
from portal.demo.school import fill
from portal.events.models import ClassEvent, EventClass, EventKind, EventOrganiser
from portal.people import Person, load_people
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    Pupil,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentKind, AmendmentState, EditionState
from portal.strategy.models import Clause, Edition
from portal.text import clock
from portal.text.collation import folded, sort_key
from portal.updates.models import UpdateReceipt, UpdateState, WellbeingUpdate

PUPILS, UPDATES = 600, 2_000
CLASSES_IN_MUNICIPALITY, GUARDIANS_IN_MUNICIPALITY, UPDATES_IN_MUNICIPALITY = 750, 33_000, 1_000_000
PUPILS_IN_A_CLASS = 24
ANSWERS, COMMENTS = 16, 20
SCHOOL_YEARS_OF_NEWS = 3
QUIET_FOR = timedelta(days=400)
BATCH = 50_000
#: Larger than any id that is written in bulk.
ID_AFTER_BULK = 100_000_000
BODY = (
    "I denne uge har alle spurgt en, de ikke plejer at lege med, og mange er blevet overraskede over, hvem de kom til "
    "at lege godt med. Vi øver os stadig i at give plads i frikvarteret, når en leg allerede er i gang. "
)


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: the cookie's token, the class whose pages they open, and one thing of each kind in it."""

    user_id: int
    token: str
    class_id: int
    update_id: int = 0
    event_id: int = 0
    amendment_id: int = 0


@dataclass(frozen=True)
class Readers:
    """Who is measured, and for the writer other guardians of the busy class with texts none of them has opened.

    `council` is a member of the council whose suggestion it is, and reads it with all that was said.
    """

    busy: Reader
    quiet: Reader
    council: Reader
    writers: tuple[Reader, ...]
    unopened: tuple[int, ...]


def make_school(app: Flask) -> Readers:
    """A school of 600 pupils with 2,000 updates."""
    with app.app_context():
        schema.upgrade()
        writing.set(True)  # the pages that were measured before only read
        fill(PUPILS)
        return _tell_and_sign_in(UPDATES)


def make_municipality(app: Flask) -> Readers:
    """Thirty such schools: 750 classes, 33,000 guardians and 1,000,000 updates."""
    with app.app_context():
        schema.upgrade()
        writing.set(True)  # the pages that were measured before only read
        fill(PUPILS)
        db.session.flush()
        _add_schools()
        return _tell_and_sign_in(UPDATES_IN_MUNICIPALITY)


def _add_schools() -> None:
    """Classes, pupils with two guardians each (some of them siblings) and teams, up to a municipality's size."""
    today = clock.today()
    first_class, first_pupil, first_user = (_next_id(model) for model in (SchoolClass, Pupil, User))
    classes = range(first_class, first_class + CLASSES_IN_MUNICIPALITY - _count(SchoolClass))
    homes = (GUARDIANS_IN_MUNICIPALITY - db.session.scalar(_guardian_count())) // 2
    pupils = range(first_pupil, first_pupil + len(classes) * PUPILS_IN_A_CLASS)
    guardians = range(first_user, first_user + 2 * homes)
    staff = range(guardians.stop, guardians.stop + len(classes))
    since = clock.first_day(clock.school_year(today))

    _write(SchoolClass, ("id", "external_id", "hue"), ((i, f"bench-{i}", i % 12 + 1) for i in classes))
    _write(
        ClassYear,
        ("class_id", "school_year", "label", "lowest_grade", "highest_grade"),
        ((i, clock.school_year(today), f"{i % 10}.{i}", i % 10, i % 10) for i in classes),
    )
    _write(
        User,
        [
            "id",
            "external_id",
            "user_name",
            "first_name",
            "last_name",
            "alias",
            "protection",
            "created_at",
            "sort_name",
            "search_name",
        ],
        (
            (
                i,
                f"bench-{i}",
                f"bench{i}",
                "Kim",
                f"Holm {i}",
                "",
                "none",
                clock.now(),
                sort_key(f"Kim Holm {i}"),
                folded(f"Kim Holm {i}"),
            )
            for i in (*guardians, *staff)
        ),
    )
    _write(
        Pupil,
        ("id", "external_id", "first_name", "last_name", "alias", "protection"),
        ((i, f"bench-{i}", "Alma", f"Holm {i}", "", "none") for i in pupils),
    )
    _write(
        Enrolment,
        ("pupil_id", "class_id", "starts_on"),
        ((i, classes[n // PUPILS_IN_A_CLASS], since) for n, i in enumerate(pupils)),
    )
    _write(
        Guardianship,
        ("guardian_id", "pupil_id", "kind", "starts_on"),
        (
            (guardians[2 * (n % homes) + which], i, GuardianshipKind.CUSTODY.value, since)
            for n, i in enumerate(pupils)
            for which in (0, 1)
        ),
    )
    _write(
        TeamMember,
        ("user_id", "class_id", "function", "starts_on"),
        ((user, i, TeamFunction.CLASS_TEACHER.value, since) for user, i in zip(staff, classes, strict=True)),
    )


def _tell_and_sign_in(count: int) -> Readers:
    """So many updates, each opened in one home; then sessions for those who are measured."""
    homes = _homes_by_class()
    busy, quiet = _busy_and_quiet(homes)
    busy_class, quiet_class = min(busy.guardian_classes), min(quiet.guardian_classes)
    authors = _authors()
    class_ids = sorted(homes)
    now, step = clock.now(), timedelta(days=365 * SCHOOL_YEARS_OF_NEWS) / count
    first = _next_id(WellbeingUpdate)

    def updates() -> Iterator[tuple[Any, ...]]:
        for n in range(count):
            class_id = class_ids[n % len(class_ids)]
            at = now - n * step - (QUIET_FOR if class_id == quiet_class else timedelta(hours=1))
            title = f"Uge {n % 52 + 1}: vi øver os i at invitere"
            state = UpdateState.PUBLISHED.value
            yield (first + n, class_id, authors[class_id], state, title, BODY * 3, BODY[:239] + "…", at, at, 1)

    def receipts() -> Iterator[tuple[int, int]]:
        for n in range(count):
            guardians = homes[class_ids[n % len(class_ids)]]
            yield first + n, guardians[n // len(class_ids) % len(guardians)]

    columns = [
        "id",
        "class_id",
        "author_id",
        "state",
        "title",
        "body",
        "excerpt",
        "created_at",
        "published_at",
        "version",
    ]
    _write(WellbeingUpdate, columns, updates())
    _write(UpdateReceipt, ("update_id", "user_id"), receipts())
    db.session.commit()
    _settle()
    told = {class_id: first + class_ids.index(class_id) for class_id in (busy_class, quiet_class)}
    unopened = [first + n for n in range(count) if class_ids[n % len(class_ids)] == busy_class][:200]
    amendment_id = _add_a_suggestion(authors[busy_class], AmendmentState.FORWARDED, now)
    others = [user_id for user_id in homes[busy_class] if user_id != busy.id][:20]
    member = said.council_member()
    discussed_id = _add_a_suggestion(member.user_id, AmendmentState.IN_COUNCIL, now, member.council_id)
    said.talk(discussed_id, member, COMMENTS, now)
    readers = Readers(
        busy=_at_home(busy, busy_class, told[busy_class], amendment_id, now),
        quiet=_at_home(quiet, quiet_class, told[quiet_class], amendment_id, now),
        council=replace(_signed_in(member.user_id, member.class_id, now), amendment_id=discussed_id),
        writers=tuple(_signed_in(user_id, busy_class, now) for user_id in others),
        unopened=tuple(unopened),
    )
    db.session.commit()
    return readers


def _at_home(person: Person, class_id: int, update_id: int, amendment_id: int, now: datetime) -> Reader:
    """A guardian who has opened the newest text of the class, and whose class plans something."""
    db.session.merge(UpdateReceipt(update_id=update_id, user_id=person.id))
    event = ClassEvent(
        kind=EventKind.DINNER,
        title="Fællesspisning",
        description="Vi laver mad sammen. " * 12,
        place="Skolekøkkenet",
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=9, hours=3),
        cost_per_child=25,
        rsvp_deadline=None,
        siblings_welcome=True,
        created_at=now,
        out_at=now,
        classes={class_id: EventClass(class_id=class_id)},
        organisers=[EventOrganiser(user_id=person.id)],
    )
    db.session.add(event)
    db.session.flush()
    said.answer(event, class_id, ANSWERS, now)
    signed_in = _signed_in(person.id, class_id, now)
    return replace(signed_in, update_id=update_id, event_id=event.id, amendment_id=amendment_id)


def _add_a_suggestion(author_id: int, state: AmendmentState, now: datetime, council_id: int | None = None) -> int:
    """A suggestion: what is sent on everybody at the school may follow, the rest a council has for itself."""
    clause = db.session.scalars(select(Clause).join(Edition).where(Edition.state == EditionState.APPROVED)).first()
    council_id = council_id or db.session.scalar(select(func.min(Council.id)))
    if clause is None or council_id is None:
        raise RuntimeError("the demo school has no strategy or no council")
    amendment = Amendment(
        kind=AmendmentKind.CHANGE,
        clause_key=clause.key,
        heading="Vores mål",
        base_edition_id=clause.edition_id,
        base_text=clause.text,
        new_text=clause.text + " Hver dag.",
        reason="Så ingen bliver glemt.",
        state=state,
        council_id=council_id,
        author_id=author_id,
        created_at=now,
        changed_at=now,
    )
    db.session.add(amendment)
    db.session.flush()
    return amendment.id


def _homes_by_class() -> dict[int, list[int]]:
    homes: dict[int, list[int]] = {}
    for class_id, guardian_id in db.session.execute(
        select(Enrolment.class_id, Guardianship.guardian_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .order_by(Enrolment.class_id, Guardianship.guardian_id)
        .distinct()
    ):
        homes.setdefault(class_id, []).append(guardian_id)
    return homes


def _busy_and_quiet(homes: dict[int, list[int]]) -> tuple[Person, Person]:
    """The guardian with most classes, and one with a single other class that nobody has written to yet."""
    told = set(db.session.scalars(select(WellbeingUpdate.class_id).distinct()))
    known = load_people({user for users in list(homes.values())[:30] for user in users}, today=clock.today())
    busy = max(known, key=lambda person: (len(person.guardian_classes), -person.id))
    quiet = next(
        person
        for person in reversed(known)
        if len(person.guardian_classes) == 1
        and not person.teams
        and told.isdisjoint(person.guardian_classes)
        and busy.guardian_classes.keys().isdisjoint(person.guardian_classes)
    )
    return busy, quiet


def _authors() -> dict[int, int]:
    rows = db.session.execute(select(TeamMember.class_id, func.min(TeamMember.user_id)).group_by(TeamMember.class_id))
    return {class_id: user_id for class_id, user_id in rows}


def _signed_in(user_id: int, class_id: int, now: datetime) -> Reader:
    token = sign_in.start_session(user_id, device="Firefox, Linux", remember=False, now=now)
    return Reader(user_id, token, class_id)


def _guardian_count() -> Any:
    return select(func.count(func.distinct(Guardianship.guardian_id)))


def _count(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _next_id(model: Any) -> int:
    return (db.session.scalar(select(func.max(model.id))) or 0) + 1


def _write(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write many rows: COPY on PostgreSQL, which is several times as fast, executemany on SQLite."""
    connection, table = db.session.connection(), model.__table__
    if connection.dialect.name == "postgresql":
        _copy(connection.connection.cursor(), table, columns, rows)
        return
    remaining = iter(rows)
    while batch := [dict(zip(columns, row, strict=True)) for row in islice(remaining, BATCH)]:
        connection.execute(insert(table), batch)


def _copy(cursor: Any, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f'COPY "{table.name}" ({", ".join(columns)}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    if "id" in columns:  # the next row that is written without an id gets a free one
        cursor.execute("SELECT setval($1, $2)", (f"{table.name}_id_seq", ID_AFTER_BULK))


def _settle() -> None:
    """What PostgreSQL's own autovacuum would have done by the next morning; SQLite keeps no statistics here."""
    if db.engine.dialect.name == "postgresql":
        before = writing.set(False)  # so that nothing is begun
        with db.engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        writing.reset(before)
