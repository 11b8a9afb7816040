#!/bin/sh
# SQLAlchemy 2.1.9 with psycopg 3.3.9: hidden parameters stand in the fault all the same.
#
# Expected: an engine made with hide_parameters=True keeps what people typed out of its faults and so out of the log:
#   "[SQL parameters hidden due to hide_parameters=True]" is what a fault says of them, on every database.
# Seen: for a value that breaks a constraint PostgreSQL sends a DETAIL line with the value, or the whole row, and the
#   driver makes it a part of its message, which SQLAlchemy puts before its own: the address (and with a check the
#   other columns) is in str(fault). SQLite's message names the column alone.
#
# Needs a PostgreSQL server; DATABASE_URL says which (default: the database "test" on 127.0.0.1).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install sqlalchemy==2.1.9 "psycopg[binary]==3.3.9"
"$folder/venv/bin/python" - "${DATABASE_URL:-postgresql+psycopg://postgres@127.0.0.1:5432/test}" <<'PYTHON'
import sys

from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

TABLE = "CREATE TEMPORARY TABLE person (email text UNIQUE, note text, age integer CHECK (age < 20))"
ROW = text("INSERT INTO person (email, note, age) VALUES (:email, :note, :age)")
FAULTS = {
    "twice the same": [("alma@home.example", "a secret", 9), ("alma@home.example", "a secret", 9)],
    "against a check": [("alma@home.example", "a secret", 99)],
}
seen = {}
for url in ("sqlite://", sys.argv[1]):
    for name, rows in FAULTS.items():
        engine = create_engine(url, hide_parameters=True)
        with engine.connect() as connection:
            connection.execute(text(TABLE))
            try:
                for email, note, age in rows:
                    connection.execute(ROW, {"email": email, "note": note, "age": age})
            except IntegrityError as fault:
                said = str(fault)
                assert "hidden due to hide_parameters=True" in said
                seen[engine.name, name] = ("alma@home.example" in said, "a secret" in said)
            connection.rollback()
        engine.dispose()
for (database, name), (address, note) in seen.items():
    print(f"{database}, {name}: address in the fault {address}, note in the fault {note} (expected False, False)")
assert seen == {
    ("sqlite", "twice the same"): (False, False),
    ("sqlite", "against a check"): (False, False),
    ("postgresql", "twice the same"): (True, False),
    ("postgresql", "against a check"): (True, True),
}, "the behaviour has changed"
PYTHON
