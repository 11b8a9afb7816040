"""The migrations: in step with the models, there and back on both databases, and keeping every row."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, CheckConstraint, Column, String, Table, column, event, func, inspect, select, text

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db, give_no_id_twice, schema
from portal.operations.commands import migrations_command
from portal.proofs import Per
from portal.school.models import Enrolment, Guardianship
from portal.school.roster.models import RosterUpload
from portal.school.roster.queries import files_of
from portal.school.roster.services import keep_upload
from portal.settings import ROOT
from portal.text import clock
from portal.text.collation import sort_key
from portal.year_wheel.models import Duty, Owner
from tests import factories as make
from tests.cast import Cast, make_cast


@pytest.mark.both
@pytest.mark.check
def test_the_migrations_are_in_step_with_the_models(app: Flask, database: str) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True, "target_metadata": db.metadata}
        )
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.both
@pytest.mark.check
def test_the_database_holds_every_check_of_the_models(app: Flask, database: str) -> None:
    """Alembic compares no checks, and SQLite forgets them when a migration makes a table anew."""
    stored = inspect(db.session.connection())
    for table in db.metadata.sorted_tables:
        wanted = {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        assert {str(rule["name"]) for rule in stored.get_check_constraints(table.name)} == wanted, table.name


@pytest.mark.check
def test_no_migration_says_twice_what_it_follows() -> None:
    """Its place changes while others land; said in words above as well, it was wrong in nine of thirty."""
    scripts = ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()
    assert [script.revision for script in scripts if re.search(r"Revi(sion|ses)", script.longdoc)] == []


@pytest.mark.check
def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    assert schema.newest_revision() == ScriptDirectory(str(schema.MIGRATIONS)).get_current_head()


@pytest.mark.parametrize(
    ("words", "says", "status"),
    [("heads", "", 0), ("--help", "downgrade", 0), ("revision --help", "--autogenerate", 0), ("nonsense", "", 2)],
)
def test_the_commands_of_flask_migrate_are_there(
    app: Flask, capsys: pytest.CaptureFixture[str], words: str, says: str, status: int
) -> None:
    app.cli.add_command(migrations_command)  # an earlier test may have put the loaded ones in its place
    ran = app.test_cli_runner().invoke(args=["db", *words.split()])
    assert (ran.exit_code, says in ran.output + capsys.readouterr().out) == (status, True)


@pytest.mark.check
def test_a_start_loads_nothing_that_only_migrations_and_long_texts_need(tmp_path: Path) -> None:
    """They would be a fifth of it."""
    script = "import sys, app; print({'alembic', 'flask_migrate', 'mako', 'bleach'} & set(sys.modules))"
    environ = {"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(tmp_path), "PORTAL_SECRET_KEY": "s" * 40}
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, check=True)
    assert found.stdout.decode().strip() == "set()"


@pytest.fixture
def emptied(app: Flask) -> Iterator[None]:
    """Whatever happens, the next test finds its tables again."""
    yield
    db.session.remove()
    schema.upgrade()


@pytest.mark.both
def test_down_to_nothing_and_up_again(app: Flask, emptied: None, database: str) -> None:
    db.session.rollback()
    downgrade(revision="base")
    assert set(inspect(db.session.connection()).get_table_names()) <= {"alembic_version"}
    assert not schema.is_current()
    db.session.rollback()
    schema.upgrade()
    assert schema.is_current()
    assert set(inspect(db.session.connection()).get_table_names()) == {*db.metadata.tables, "alembic_version"}


@pytest.mark.both
def test_accounts_from_before_get_their_place_in_the_lists(app: Flask, emptied: None, database: str) -> None:
    make.make_user("Åse", "Bruun-Ørsted")
    make.make_user("Rigtig", "Navnesen", alias="Sol", protection=Protection.NAME)
    columns = select(User.first_name, User.sort_name, User.search_name).order_by(User.id)
    before = db.session.execute(columns).all()
    db.session.commit()
    downgrade(revision="0011_sort_names")
    downgrade(revision="-1")
    assert "sort_name" not in {found["name"] for found in inspect(db.session.connection()).get_columns("user")}
    db.session.rollback()
    schema.upgrade()
    assert db.session.execute(columns).all() == before
    assert before[1][1:] == (sort_key("Sol"), "rigtig navnesen sol")


@pytest.mark.both
def test_uploaded_files_are_the_same_bytes_there_and_back(app: Flask, emptied: None, database: str) -> None:
    files = {"elever.csv": "UNI-ID;Fornavn\nalma1;Åse".encode("cp1252"), "hjem.csv": bytes(range(256))}
    kept = keep_upload(files, actor=None, now=clock.now()).id
    empty = RosterUpload(uploaded_by_id=None, uploaded_at=clock.now(), applied_at=clock.now(), files={})
    db.session.add(empty)
    db.session.commit()
    downgrade(revision="0009_meetings")
    stored = select(column("id"), column("files", JSON)).select_from(text("roster_upload"))
    was = {row.id: {name: b64decode(data) for name, data in row.files.items()} for row in db.session.execute(stored)}
    assert was == {kept: files, empty.id: {}}
    db.session.rollback()
    schema.upgrade()
    assert [files_of(db.session.get_one(RosterUpload, upload_id)) for upload_id in was] == list(was.values())


@pytest.mark.both
def test_a_copied_wheel_is_told_what_rooms_prove(app: Flask, emptied: None, database: str) -> None:
    edition_id = make.make_edition().id
    db.session.commit()
    downgrade(revision="0041_words_of_surveys")
    usual = {"edition_id": edition_id, "title": "", "owner": Owner.LEADERSHIP, "per": Per.SCHOOL, "closes_in": 4}
    for key, opens_in, proofs in (
        ("breaks", 1, ("breaks", "by_hand")),
        ("akt_before_review", 3, ("akt_meeting", "by_hand")),
        ("national_measurement", 1, ("by_hand",)),
        ("morning_song", 8, ("fixed_day", "by_hand")),
        ("together_first", 8, ("event", "playdate", "playgroups")),
        ("survey_first", 8, ("by_hand",)),
        ("own_1", 8, ("fixed_day",)),
    ):
        db.session.add(Duty(key=key, opens_in=opens_in, proofs=proofs, **usual))
    db.session.commit()
    schema.upgrade()
    rows = db.session.execute(select(Duty.key, Duty.proofs, Duty.opens_in, Duty.times).order_by(Duty.id)).all()
    assert [tuple(row) for row in rows] == [
        ("breaks", ("breaks",), 8, 1),
        ("akt_before_review", ("akt_meeting",), 3, 2),
        ("national_measurement", ("national_measurement",), 1, 1),
        ("morning_song", ("by_hand",), 8, 1),
        ("together_first", ("event", "playgroups"), 8, 1),
        ("survey_first", ("by_hand",), 8, 1),
        ("own_1", ("by_hand",), 8, 1),
    ]


@contextmanager
def as_tables_were_made_before() -> Iterator[None]:
    event.remove(Table, "after_parent_attach", give_no_id_twice)
    try:
        yield
    finally:
        event.listen(Table, "after_parent_attach", give_no_id_twice)


def tables() -> dict[str, str]:
    made = text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {name: sql for name, sql in db.session.execute(made)}


def test_no_table_of_sqlite_gives_an_id_twice(app: Flask) -> None:
    for model in db.Model.registry.mappers:
        if [column.name for column in model.local_table.primary_key] == ["id"]:
            assert "PRIMARY KEY AUTOINCREMENT" in tables()[model.local_table.name], model.local_table.name


@pytest.mark.both
def test_a_row_that_is_deleted_leaves_its_id_to_nobody(app: Flask, database: str) -> None:
    first = make.make_template()
    before = first.id
    db.session.delete(first)
    db.session.commit()
    assert make.make_template().id > before


def test_a_database_from_before_keeps_its_rows_and_gives_no_id_twice_from_then_on(app: Flask, emptied: None) -> None:
    db.session.remove()
    downgrade(revision="base")
    with as_tables_were_made_before():
        upgrade(revision="0018_about")
    assert not any("AUTOINCREMENT" in sql for name, sql in tables().items() if name != "wellbeing_update")
    columns = {name: columns_of(name) for name in tables() if name != "alembic_version"}
    shapes = {name: indexes_of(name) for name in columns}
    with columns_of_today():
        cast = make_cast()
        db.session.commit()
    named = cast.newcomer.id + 40
    db.session.add(Act(kind=ActKind.TEMPLATE_CHANGED, subject_id=named, at=clock.now()))
    rows = {name: rows_of(name, those) for name, those in columns.items()}
    db.session.commit()
    schema.upgrade()
    assert {name: rows_of(name, those) for name, those in columns.items()} == rows, "what was there then"
    assert all(indexes_of(name) >= shape for name, shape in shapes.items())
    assert "PRIMARY KEY AUTOINCREMENT" in tables()["pupil"]
    assert not any('"new_' in sql for sql in tables().values()), "a table points at one that was made on the way"
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert make.make_template().id > named, "an act names a template of that number, which is gone"
    test_the_database_holds_every_check_of_the_models(app, "sqlite")


@contextmanager
def columns_of_today() -> Iterator[None]:
    """Columns that came later stand there for a while, empty, so that today's models can fill an older database."""
    later = [
        f'"{table.name}" {{}} COLUMN "{column.name}"'
        for table in db.metadata.sorted_tables
        if table.name in tables()
        for column in table.columns
        if f'"{column.name}"' not in columns_of(table.name).split(", ")
    ]
    for place in later:
        db.session.execute(text("ALTER TABLE " + place.format("ADD")))
    yield
    for place in later:
        db.session.execute(text("ALTER TABLE " + place.format("DROP")))
    db.session.commit()


def columns_of(name: str) -> str:
    return ", ".join(f'"{column["name"]}"' for column in inspect(db.session.connection()).get_columns(name))


def rows_of(name: str, columns: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(text(f'SELECT {columns} FROM "{name}" ORDER BY rowid'))]  # noqa: S608


def indexes_of(name: str) -> set[tuple[str, bool]]:
    return {(str(index["name"]), bool(index["unique"])) for index in inspect(db.session.connection()).get_indexes(name)}


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(app: Flask, cast: Cast) -> None:
    """SQLite changes a column by rebuilding the table; with foreign keys on that would delete every child row."""
    before = [db.session.scalar(select(func.count()).select_from(model)) for model in (Enrolment, Guardianship)]
    db.session.remove()
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("pupil", recreate="always") as table:
                table.add_column(Column("nickname", String()))
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'pupil'")).scalar()
            assert "AUTOINCREMENT" in str(made)
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    after = [db.session.scalar(select(func.count()).select_from(model)) for model in (Enrolment, Guardianship)]
    assert before == after
    assert min(after) > 3
