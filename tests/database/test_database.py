"""The database's manners: who takes the lock when, what is kept through a crash, and which moments are stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from traceback import format_exception
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import Integer, bindparam, event, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError, SQLAlchemyError, StatementError

from portal.accounts.models import Role, RoleGrant, SignInThrottle, User
from portal.database import db
from portal.database.prepared import Statement, fetch
from portal.database.session import WouldBeLost
from portal.database.transactions import careless_settings, changing, reading_only, writing
from portal.database.types import UTCDateTime
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import NOON, IsolatedClient, at_once

EAST = timezone(timedelta(hours=9))


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that SQLite runs, in its own words."""
    seen: list[str] = []

    def note(connection: Any, *rest: object) -> None:
        connection.set_trace_callback(seen.append)

    event.listen(db.engine, "checkout", note)
    yield seen
    event.remove(db.engine, "checkout", note)


@pytest.mark.parametrize(("writes", "begins"), [(True, "BEGIN IMMEDIATE"), (False, "BEGIN")])
def test_who_will_write_takes_the_lock_when_it_begins(
    app: Flask, statements: list[str], writes: bool, begins: str
) -> None:
    token = writing.set(writes)
    db.session.execute(text("SELECT 1"))
    writing.reset(token)
    assert [statement for statement in statements if "query_only" not in statement][0] == begins


def test_commands_write_unless_they_say_otherwise(app: Flask, statements: list[str]) -> None:
    db.session.execute(text("SELECT 1"))
    assert statements == ["BEGIN IMMEDIATE", "SELECT 1"]


@pytest.mark.parametrize(
    ("method", "begins"),
    [("GET", "BEGIN"), ("HEAD", "BEGIN"), ("POST", "BEGIN IMMEDIATE"), ("DELETE", "BEGIN IMMEDIATE")],
)
def test_a_request_begins_by_its_method(
    cast: Cast, client: IsolatedClient, app: Flask, statements: list[str], method: str, begins: str
) -> None:
    client.sign_in(cast.guardian)
    db.session.commit()
    statements.clear()
    client.open("/accounts/me", method=method)
    assert {statement for statement in statements if statement.startswith("BEGIN")} == {begins}


def test_every_connection_keeps_what_it_was_told(app: Flask) -> None:
    for _ in range(2):
        found = {
            name: db.session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both
def test_a_server_that_may_lose_what_it_acknowledged_is_called_careless(app: Flask, database: str) -> None:
    assert careless_settings() == []
    if database == "postgresql":
        db.session.execute(text("SET LOCAL synchronous_commit = off"))
        assert careless_settings() == ["synchronous_commit"]
        db.session.rollback()


def test_a_reader_sees_one_moment_while_another_writes(app: Flask) -> None:
    make.make_user()
    db.session.commit()
    token = writing.set(False)
    count = db.session.query(User).count()
    with sqlite3.connect(str(db.engine.url.database)) as other:
        other.execute("UPDATE user SET first_name = 'Ny'")
    other.close()
    assert db.session.query(User.first_name).scalar() != "Ny"
    db.session.rollback()
    assert db.session.query(User.first_name).scalar() == "Ny"
    assert count == 1
    writing.reset(token)


@pytest.mark.both
@pytest.mark.parametrize("how", ["changed", "added", "deleted", "by a statement"])
@pytest.mark.parametrize("stored_by", ["commit", "flush"])
def test_whoever_only_reads_is_told_at_once_that_a_change_would_be_lost(
    app: Flask, database: str, how: str, stored_by: str
) -> None:
    make.make_user("Alma")
    db.session.commit()
    token = writing.set(False)
    user = db.session.query(User).one()
    changes: dict[str, Callable[[], Any]] = {
        "changed": partial(setattr, user, "last_name", "Anden"),
        "added": partial(db.session.add, SignInThrottle(subject="counter", counted_from=clock.now())),
        "deleted": partial(db.session.delete, user),
        "by a statement": partial(db.session.execute, update(User).values(last_name="Anden")),
    }

    def change() -> None:
        changes[how]()
        getattr(db.session, stored_by)()

    with pytest.raises(WouldBeLost):
        change()
    db.session.rollback()
    assert db.session.query(User).one().last_name != "Anden"
    db.session.rollback()
    writing.reset(token)


def test_sqlite_itself_refuses_to_write_for_whoever_only_reads_and_lets_the_next_one_write(app: Flask) -> None:
    make.make_user("Alma")
    db.session.commit()
    for _ in range(2):  # the one connection, in turns
        token = writing.set(False)
        with pytest.raises(OperationalError, match="readonly"):
            db.session.execute(text("UPDATE user SET first_name = 'Ny'"))
        db.session.rollback()
        writing.reset(token)
        db.session.execute(text("UPDATE user SET first_name = 'Alba'"))
        db.session.commit()
    assert db.session.query(User.first_name).scalar() == "Alba"


@pytest.mark.both
def test_what_was_read_before_is_not_what_is_changed_now(app: Flask, database: str) -> None:
    """Two connections saw two moments: what is to be changed is read by whoever writes."""
    make.make_user("Alma")
    db.session.commit()
    token = writing.set(False)
    db.session.query(User).one()
    with pytest.raises(WouldBeLost, match="is being read"), changing():
        pass
    writing.set(True)
    with pytest.raises(WouldBeLost, match="was read before"):
        db.session.query(User).one()
    db.session.rollback()
    with changing():
        db.session.query(User).one().last_name = "Anden"
    writing.reset(token)
    assert db.session.query(User).one().last_name == "Anden"


@pytest.mark.both
@pytest.mark.parametrize("how", ["changed", "flushed", "by a statement"])
def test_reading_first_is_refused_where_it_would_undo_a_change(app: Flask, database: str, how: str) -> None:
    user = make.make_user("Alma")
    db.session.commit()
    user.last_name = "Anden"
    if how == "flushed":
        db.session.flush()
    elif how == "by a statement":
        db.session.rollback()
        db.session.execute(update(User).values(last_name="Anden"))
    with pytest.raises(WouldBeLost, match="changed before"), reading_only():
        pass
    db.session.commit()
    with reading_only():
        assert db.session.query(User).one().last_name == "Anden"


def test_eight_who_count_at_once_lose_nothing(app: Flask) -> None:
    db.session.add(SignInThrottle(subject="counter", counted_from=clock.now()))

    def count() -> None:
        for _ in range(25):
            with app.app_context():
                counter = db.session.get_one(SignInThrottle, "counter")
                counter.failures = counter.failures + 1
                db.session.commit()

    at_once(*[count] * 8)
    assert db.session.get_one(SignInThrottle, "counter", populate_existing=True).failures == 200


@pytest.mark.both
def test_a_row_needs_what_it_points_at(app: Flask, database: str) -> None:
    db.session.add(RoleGrant(user_id=4711, role=Role.OFFICE, starts_on=clock.today()))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


@pytest.mark.both
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=clock.SCHOOL_ZONE),
        datetime(2026, 10, 25, 2, 30, tzinfo=clock.SCHOOL_ZONE, fold=1),
        datetime(2027, 1, 1, 0, 30, tzinfo=EAST),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(app: Flask, database: str, moment: datetime) -> None:
    user = make.make_user()
    user.created_at = moment
    db.session.commit()
    stored = db.session.query(User.created_at).scalar()
    assert stored == moment.astimezone(UTC)
    assert stored.utcoffset() == timedelta(0)


@pytest.mark.both
def test_moments_are_compared_as_moments(app: Flask, database: str) -> None:
    make.make_user().created_at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    before, after = (datetime(2026, 11, 23, 20, 59, tzinfo=EAST), datetime(2026, 11, 23, 21, 1, tzinfo=EAST))
    assert db.session.query(User).filter(User.created_at > before, User.created_at < after).count() == 1


@pytest.mark.both
def test_a_moment_without_a_zone_is_refused(app: Flask, database: str) -> None:
    user = make.make_user()
    user.created_at = datetime(2026, 11, 23, 12, 0)
    with pytest.raises(StatementError, match="a stored moment needs a time zone"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.both
def test_what_somebody_wrote_is_in_no_fault_and_so_in_no_log(app: Flask, database: str) -> None:
    db.session.add(User(first_name="Hemmelig", last_name="Holm", user_name=None, created_at=None))  # type: ignore[arg-type]
    with pytest.raises(IntegrityError) as refused:
        db.session.flush()
    assert "INSERT INTO" in str(refused.value)
    assert "parameters hidden" in str(refused.value)
    said = "".join(format_exception(refused.value))
    assert "Hemmelig" not in said
    if database == "postgresql":
        assert "SQLSTATE 23502, user_name" in said
    db.session.rollback()


@pytest.mark.both
def test_an_enum_is_stored_by_its_value(app: Flask, database: str) -> None:
    make.grant(make.make_user(), Role.BOARD_SECRETARY)
    assert db.session.execute(text("SELECT role FROM role_grant")).scalar() == "board_secretary"
    assert db.session.query(RoleGrant).one().role is Role.BOARD_SECRETARY


def test_every_constraint_has_a_name_of_its_own(app: Flask) -> None:
    names = [c.name for table in db.metadata.tables.values() for c in table.constraints]
    assert all(names)
    named = [str(name) for name in names]
    assert len(named) == len(set(named))
    assert max(map(len, named)) <= 63, "PostgreSQL cuts longer names"


def test_what_was_committed_can_be_read_without_asking_again(app: Flask, statements: list[str]) -> None:
    user = make.make_user("Alma")
    db.session.commit()
    statements.clear()
    assert user.first_name == "Alma"
    assert statements == []


@pytest.mark.both
def test_of_ten_at_once_with_one_unique_name_one_wins(app: Flask, database: str) -> None:
    def take() -> str:
        with app.app_context():
            make.make_user(user_name="mette", external_id=None)
            try:
                db.session.commit()
            except IntegrityError:
                return "refused"
            return "won"

    def attempt() -> str:
        try:
            return take()
        except IntegrityError:
            return "refused"

    assert sorted(at_once(*(partial(attempt) for _ in range(10)))) == ["refused"] * 9 + ["won"]


GRANTS = (
    select(
        RoleGrant.user_id,
        RoleGrant.role,
        RoleGrant.starts_on,
        RoleGrant.ends_on,
        User.created_at,
        User.language,
        User.first_name.is_(None).label("is_nameless"),
    )
    .join(User, User.id == RoleGrant.user_id)
    .where(User.created_at > bindparam("since", type_=UTCDateTime()))
)
NAMED = select(User.id).where(User.first_name == bindparam("name"))
LONG_AGO = datetime(2000, 1, 1, 12, tzinfo=EAST)


@pytest.mark.both
def test_a_fetched_row_holds_what_the_orm_would_have_read(app: Flask, database: str) -> None:
    make.grant(make.make_user(), Role.BOARD_SECRETARY)
    for _ in range(2):  # the first reading is what learns the types
        (row,) = fetch(Statement(lambda: GRANTS), {"since": LONG_AGO})
        assert tuple(row) == tuple(db.session.execute(GRANTS, {"since": LONG_AGO}).one())
        assert (row.role, row.ends_on, row.language, row.is_nameless) == (Role.BOARD_SECRETARY, None, None, False)
        assert isinstance(row.role, Role)
        assert type(row.starts_on) is date
        assert row.created_at.utcoffset() == timedelta(0)
    assert fetch(Statement(lambda: GRANTS), {"since": datetime(2100, 1, 1, tzinfo=UTC)}) == []


@pytest.mark.both
def test_a_value_asked_for_in_two_places_is_one_value(app: Flask, database: str) -> None:
    make.make_user().created_at = NOON
    around = [bindparam("now", type_=UTCDateTime()) for _ in range(2)]
    asked = select(User.id).where(User.created_at <= around[0], User.created_at >= around[1])
    assert len(fetch(Statement(lambda: asked), {"now": NOON.astimezone(EAST)})) == 1


@pytest.mark.both
def test_fetching_sees_what_is_not_yet_stored_and_is_undone_with_it(app: Flask, database: str) -> None:
    user = make.make_user("Alma")
    assert [row.id for row in fetch(Statement(lambda: NAMED), {"name": "Alma"})] == [user.id]
    db.session.rollback()
    assert fetch(Statement(lambda: NAMED), {"name": "Alma"}) == []


@pytest.mark.both
@pytest.mark.parametrize("name", ["x' OR '1'='1", '"', "%(name)s", "%", ":name", "?", "\\", "å" * 300])
def test_a_fetched_value_is_never_read_as_sql(app: Flask, database: str, name: str) -> None:
    make.make_user("Alma")
    user = make.make_user(name[:40])
    assert [row.id for row in fetch(Statement(lambda: NAMED), {"name": name[:40]})] == [user.id]


@pytest.mark.both
def test_fetching_among_many_takes_any_number_of_them(app: Flask, database: str) -> None:
    ids = [make.make_user().id for _ in range(3)]
    among = select(User.id).where(User.id.in_(bindparam("ids", expanding=True))).order_by(User.id)
    for wanted in (ids, ids[:1], [], ids[1:]):
        assert [row.id for row in fetch(Statement(lambda: among), {"ids": wanted})] == wanted


@pytest.mark.both
def test_fetching_without_a_value_that_is_asked_for_is_refused(app: Flask, database: str) -> None:
    with pytest.raises(SQLAlchemyError, match="name"):
        fetch(Statement(lambda: NAMED), {"nome": "Alma"})


@pytest.mark.both
def test_a_fault_while_fetching_is_one_of_sqlalchemys(app: Flask, database: str) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        fetch(Statement(lambda: select(literal_column("nowhere", Integer()))), {})
    db.session.rollback()


@pytest.mark.both
def test_whoever_only_reads_has_one_connection_and_no_session_before_there_are_entities(
    app: Flask, database: str
) -> None:
    user = make.make_user("Alma")
    db.session.commit()
    with app.app_context():
        token = writing.set(False)
        assert [row.id for row in fetch(Statement(lambda: NAMED), {"name": "Alma"})] == [user.id]
        assert not db.session.registry.has()
        reader = g.reader
        assert db.session.scalars(NAMED, {"name": "Alma"}).all() == [user.id]
        assert db.session.connection() is reader is g.reader
        db.session.rollback()
        assert "reader" not in g, "what is read from now on is what is stored now"
        assert [row.id for row in fetch(Statement(lambda: NAMED), {"name": "Alma"})] == [user.id]
        reader = g.reader
        writing.reset(token)
    assert reader.closed


@pytest.mark.both
def test_fetching_is_counted_like_every_statement(app: Flask, database: str) -> None:
    """The tests that count queries listen here."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    fetch(Statement(lambda: NAMED), {"name": "Alma"})
    event.remove(db.engine, "before_cursor_execute", note)
    assert [statement.split()[0] for statement in seen] == ["SELECT"]


def test_a_lock_that_does_not_come_is_told_as_sqlalchemys_fault(app: Flask) -> None:
    with sqlite3.connect(str(db.engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with db.engine.connect() as waiting:
            waiting.connection.cursor().execute("PRAGMA busy_timeout=10")
            with pytest.raises(OperationalError, match="locked"):
                waiting.begin()
        other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_whoever_only_reads_cannot_write_and_whoever_writes_can_undo_it(app: Flask, database: str) -> None:
    for _ in range(2):  # the one connection, in turns
        token = writing.set(False)
        with pytest.raises(InternalError, match="read-only transaction"):
            db.session.execute(text('DELETE FROM "user"'))
        db.session.rollback()
        writing.reset(token)
        make.make_user()
        db.session.rollback()
        assert db.session.query(User).count() == 0
        db.session.rollback()
