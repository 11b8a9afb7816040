"""No id is given twice, also on SQLite"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0019_no_id_twice"
down_revision = "0018_about"
branch_labels = None
depends_on = None

#: A table as it was: its number is a column like others, and further down the key.
ID = re.compile(r"\bid INTEGER NOT NULL(?=\s*,)")
KEY = re.compile(r",\s*CONSTRAINT (\w+) PRIMARY KEY \(id\)")
NAME = re.compile(r"^CREATE TABLE\s+(\"?)(\w+)\1")


def upgrade():
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":  # PostgreSQL never gives one twice
        return
    stored = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for name, sql in connection.execute(stored).all():
        key = KEY.search(sql)
        if key and ID.search(sql):
            number = f"id INTEGER NOT NULL CONSTRAINT {key[1]} PRIMARY KEY AUTOINCREMENT"
            make_anew(connection, name, ID.sub(number, KEY.sub("", sql), count=1))
    begin_after_what_acts_have_named(connection)


def make_anew(connection, name, sql):
    """Put the rows of a table into one of another shape, as SQLite's own page on ALTER TABLE tells it."""
    kept = sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL")
    indexes = connection.execute(kept, {"name": name}).scalars().all()
    connection.exec_driver_sql(NAME.sub(f'CREATE TABLE "new_{name}"', sql, count=1))
    connection.exec_driver_sql(f'INSERT INTO "new_{name}" SELECT * FROM "{name}"')  # noqa: S608 - names of our tables
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    for index in indexes:
        connection.exec_driver_sql(index)


def begin_after_what_acts_have_named(connection):
    """What was deleted before today is named by acts too, so the next row of any table comes after all of that."""
    named = connection.execute(sa.text("SELECT coalesce(max(subject_id), 0) FROM act")).scalar()
    if not named:
        return
    stored = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    for name in connection.execute(stored).scalars().all():
        row = {"name": name, "seq": named}
        if not connection.execute(sa.text("SELECT 1 FROM sqlite_sequence WHERE name = :name"), row).first():
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, 0)"), row)
        connection.execute(sa.text("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name"), row)


def downgrade():
    """The older code gets along with ids that come once."""
