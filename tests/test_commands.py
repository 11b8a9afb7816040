"""The commands that look at the portal or fill it, and `python app.py`: what they print and how they end."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from portal.accounts.models import User
from portal.database import db, schema
from portal.demo.views import personas
from portal.notifications.worker import Worker
from portal.operations.commands import migrations_command
from portal.operations.serving import prepare, serve
from portal.policy import RULES
from portal.school.models import Pupil, SchoolClass
from portal.settings import ROOT, Environment, Settings
from tests import factories as make
from tests.conftest import IsolatedClient
from tests.test_pages import statements

Run = Callable[..., Result]
SAFE: dict[str, Any] = {
    "env": Environment.PRODUCTION,
    "demo": False,
    "base_url": "https://trivsel.example.dk",
    "proxies": 1,
    "office_phone": "12345678",
}


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `flask` with these words."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the application other settings."""
    settings: Settings = app.extensions["portal.settings"]
    return lambda **values: monkeypatch.setitem(app.extensions, "portal.settings", replace(settings, **values))


def test_policy_says_in_words_who_may_do_what(run: Run) -> None:
    result = run("policy")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == [action.name for action in RULES]
    for line, (action, rule) in zip(lines, RULES.items(), strict=True):
        assert action.value in line
        assert line.endswith(rule.words)
        assert rule.words


def test_safe_settings_pass_the_check(run: Run, use: Callable[..., None]) -> None:
    use(**SAFE)
    result = run("check")
    assert (result.output, result.exit_code) == ("The settings are safe for production.\n", 0)


@pytest.mark.parametrize(
    ("unsafe", "line"),
    [
        ({"env": Environment.DEVELOPMENT}, "PORTAL_ENV is development: "),
        ({"demo": True}, "PORTAL_DEMO is on: "),
        ({"base_url": "http://trivsel.example.dk"}, "PORTAL_BASE_URL is not https: "),
        ({"host": "0.0.0.0", "proxies": 0}, "PORTAL_HOST is open to the network without a proxy "),  # noqa: S104 - that is the point
        ({"proxies": 0}, "PORTAL_PROXIES is 0 with an https address: "),
        ({"office_phone": ""}, "PORTAL_OFFICE_PHONE and PORTAL_OFFICE_EMAIL are empty: "),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_unsafe_setting_fails_the_check_with_a_line(
    run: Run, use: Callable[..., None], unsafe: dict[str, Any], line: str
) -> None:
    use(**{**SAFE, **unsafe})
    result = run("check")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert result.output.startswith(line)


def _be_at(revision: str) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    db.session.commit()


@pytest.mark.parametrize("unsafe", [{"base_url": "http://trivsel.example.dk"}, {"proxies": 0}, {"office_phone": ""}])
def test_nothing_is_served_in_production_that_the_check_calls_unsafe(
    app: Flask, use: Callable[..., None], unsafe: dict[str, Any]
) -> None:
    use(**SAFE | unsafe)
    with pytest.raises(SystemExit) as refused:
        serve(app)
    assert str(refused.value).startswith("Nothing is served in production while this is unsafe:\nPORTAL_")


def test_an_old_database_fails_the_check(run: Run, use: Callable[..., None]) -> None:
    use(**SAFE)
    _be_at(min(schema.known_revisions()))
    result = run("check")
    assert result.exit_code == 1
    assert result.output == "the database is not at the newest revision: run `flask --app app db upgrade`\n"


def test_a_worker_starts_while_others_write(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at the database first, and waits for nobody's lock to do so."""
    begun: list[str] = []
    monkeypatch.setattr("portal.operations.commands.signal.sigwait", lambda signals: begun.append("work"))
    monkeypatch.setattr(Worker, "run", lambda self: None)
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run("worker")
        other.execute("ROLLBACK")
    assert (result.exit_code, begun) == (0, ["work"]), result.output


@pytest.mark.parametrize("command", ["check", "worker", "db upgrade", "demo"])
def test_a_database_that_is_newer_than_the_code_is_said_to_be_in_one_line(
    app: Flask, run: Run, use: Callable[..., None], command: str
) -> None:
    app.cli.add_command(migrations_command)  # an earlier test may have put the loaded ones in its place
    use(**SAFE | ({"env": Environment.TEST} if command == "demo" else {}))
    _be_at("9999_to_come")
    result = run(*command.split())
    assert result.exit_code == 1
    assert result.output.strip().lower() == schema.NEWER.lower()
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "9999_to_come"


def test_nothing_is_served_from_a_database_that_is_newer_than_the_code(app: Flask) -> None:
    _be_at("9999_to_come")
    with pytest.raises(schema.SchemaFault, match="newer than this portal"):
        prepare(app)


def test_a_proxy_or_a_mail_address_is_safe_too(run: Run, use: Callable[..., None]) -> None:
    use(**{**SAFE, "host": "0.0.0.0", "proxies": 1, "office_phone": "", "office_email": "kontor@example.dk"})  # noqa: S104
    assert run("check").exit_code == 0


def test_a_demo_school_of_any_size_has_everybody_on_the_sign_in_page(run: Run, client: IsolatedClient) -> None:
    result = run("demo", "--pupils", 600)
    assert (result.output, result.exit_code) == ("A school with 600 pupils is there.\n", 0)
    assert db.session.scalar(select(func.count(Pupil.id))) == 600
    assert db.session.scalar(select(func.count(SchoolClass.id))) == 25
    with statements() as seen:
        page = client.get("/accounts/sign-in").text
    assert len(seen) == 1, "\n\n".join(seen)
    offered = personas()
    assert len(offered) == 12
    for persona in offered:
        assert f'action="/demo/sign-in/{persona.key}"' in page
        assert client.post(f"/demo/sign-in/{persona.key}").status_code == 303
        assert persona.name in client.get("/").text


def test_a_demo_school_goes_into_an_empty_database_only(run: Run) -> None:
    make.make_user()
    db.session.commit()
    result = run("demo")
    assert result.exit_code == 1
    assert result.output.startswith("There are people in this database already.")
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_a_demo_school_never_goes_into_production(run: Run, use: Callable[..., None]) -> None:
    use(**SAFE)
    result = run("demo")
    assert result.exit_code == 1
    assert result.output == "The demo school does not go into a production database.\n"


@pytest.mark.parametrize("number", [-1, 0, 56, 100_000, "many"])
def test_a_number_that_makes_no_school_is_refused_in_words(run: Run, number: object) -> None:
    result = run("demo", "--pupils", number)
    assert result.exit_code != 0
    assert "choose 57 to 9000" in result.output or "not a valid integer" in result.output
    assert "Traceback" not in result.output
    db.session.rollback()
    assert db.session.scalar(select(func.count(User.id))) == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _start(instance: Path, **settings: object) -> subprocess.Popen[str]:
    """`python app.py` in a process of its own, with these settings and no others."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environ |= {"PORTAL_INSTANCE": str(instance), **{f"PORTAL_{k.upper()}": str(v) for k, v in settings.items()}}
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environ,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def _served(instance: Path) -> Iterator[str]:
    """What is printed until the address stands there, while the portal answers at it."""
    port = _free_port()
    process = _start(instance, port=port)
    try:
        printed = ""
        for line in process.stdout or ():
            printed += line
            if "Ctrl+C" in line:
                break
        assert f"http://127.0.0.1:{port}" in printed, process.communicate(timeout=10)[1]
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            assert answer.status == 200
        yield printed
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _stored(instance: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(instance / "portal.sqlite")) as database:
        counts = database.execute("SELECT (SELECT count(*) FROM user), (SELECT count(*) FROM wellbeing_update)")
        return counts.fetchone()  # type: ignore[no-any-return]


def test_the_portal_starts_with_a_demo_school_and_starts_again_as_it_was(tmp_path: Path) -> None:
    with _served(tmp_path) as printed:
        assert "Demo sign-in" in printed
        assert printed.count("    - ") == 12
    first, key = _stored(tmp_path), (tmp_path / "secret-key").read_text()
    assert min(first) > 0
    with _served(tmp_path) as again:
        assert again.count("    - ") == 12
    assert (_stored(tmp_path), (tmp_path / "secret-key").read_text()) == (first, key)


def _ended(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    printed, faults = process.communicate(timeout=30)
    assert printed == ""
    return process.returncode, faults.splitlines()


def test_a_taken_port_ends_the_start_with_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, lines = _ended(_start(tmp_path, port=port))
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"Port {port} is taken.")


@pytest.mark.parametrize("setting", [{"port": "http"}, {"skole": "Alslev"}, {"env": "production", "demo": 1}])
def test_a_wrong_setting_ends_the_start_with_one_line(tmp_path: Path, setting: dict[str, object]) -> None:
    status, lines = _ended(_start(tmp_path, **setting))
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("Trivselsportalen cannot start: PORTAL_")
