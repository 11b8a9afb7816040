"""The portal's commands: `flask NAME`. Each one is a short path to services that the pages use too."""

from __future__ import annotations

import errno
import logging
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from waitress.server import create_server

from portal import schema
from portal.database import careless_settings, db, reading_only
from portal.demo.school import SMALL_DEMO, fill, fill_when_empty, is_empty
from portal.demo.views import personas
from portal.errors import RuleViolation
from portal.notifications.worker import Worker
from portal.policy import RULES
from portal.school.roster import Remark, RosterPlan, compare
from portal.school.roster_files import read_roster
from portal.school.roster_queries import current_roster
from portal.school.roster_report import what_changes
from portal.school.roster_services import apply_roster, keep_upload
from portal.school.roster_words import FILES
from portal.settings import Settings
from portal.strategy import services as strategy
from portal.strategy.document import Document, read_document
from portal.strategy.services import Outcome, Plan
from portal.text import clock

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


def install(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(migrations_command)
    app.cli.add_command(serve_command)
    app.cli.add_command(worker_command)
    app.cli.add_command(policy_command)
    app.cli.add_command(check_command)
    app.cli.add_command(strategy_import_command)
    app.cli.add_command(demo_command)
    app.cli.add_command(school_import_command)


def serve(app: Flask) -> None:
    """Migrate, fill an empty demo database, and serve until stopped; every fault of the start is one line."""
    settings: Settings = app.extensions["portal.settings"]
    try:
        server = create_server(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None,
            max_request_body_size=4 * app.config["MAX_CONTENT_LENGTH"],  # so that our own page says what is too much
            clear_untrusted_proxy_headers=not settings.proxies,
        )  # fmt: skip
    except ValueError:
        raise SystemExit(f"PORTAL_HOST cannot be {settings.host!r}: use an address of this machine") from None
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise SystemExit(f"Cannot listen on {settings.host}:{settings.port}: {fault.strerror}") from None
        raise SystemExit(f"Port {settings.port} is taken. Try another: make run PORT={settings.port + 1000}") from None
    try:
        prepare(app)
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        raise SystemExit(f"The database cannot be used: {reason}. Look at PORTAL_DATABASE_URL.") from None
    _greet(app, settings)
    worker = Worker(app)
    worker.start()
    try:
        server.run()
    finally:
        server.close()
        worker.stop()


def prepare(app: Flask) -> None:
    """Bring the database up to date, and fill it with the demo school when it is empty and the demo is on."""
    with app.app_context():
        schema.upgrade()
        if app.extensions["portal.settings"].demo:
            fill_when_empty()
            db.session.commit()


def _greet(app: Flask, settings: Settings) -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    click.echo(f"\n  Trivselsportalen: http://{settings.host}:{settings.port}\n")
    if settings.demo:
        with app.app_context():
            names = [f"{persona.name}: {persona.who}" for persona in personas()]
            db.session.rollback()
        click.echo(f"  Demo sign-in, one press each: http://{settings.host}:{settings.port}/accounts/sign-in")
        click.echo("".join(f"    - {name}\n" for name in names))
    click.echo("  Stop with Ctrl+C.\n")


@click.command("db", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def migrations_command(arguments: tuple[str, ...]) -> None:
    """Perform database migrations: Flask-Migrate's own commands, loaded when they are asked for."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    schema.bind(app)
    app.cli.commands["db"].main(list(arguments), "flask db")


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Serve the portal: migrate first, fill an empty demo."""
    serve(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Tell people of what was done, and send the mail, in a process of its own (`serve` does it by itself)."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not schema.is_current():
        raise SystemExit("The database is not up to date: run `flask db upgrade`.")
    db.session.rollback()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # they wait for us, wherever the work is just then
    worker = Worker(app)
    worker.start()
    signal.sigwait(STOP_SIGNALS)
    worker.stop()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


@click.command("policy")
def policy_command() -> None:
    """Print who may do what."""
    for action, rule in RULES.items():
        click.echo(f"{action.name:<20} {action.value:<40} {rule.words}")


@click.command("check")
@with_appcontext
def check_command() -> None:
    """Say what is unsafe for real people's data; exits with 1 when something is."""
    settings: Settings = current_app.extensions["portal.settings"]
    unsafe = list(_unsafe(settings))
    for line in unsafe:
        click.echo(line)
    if unsafe:
        raise SystemExit(1)
    click.echo("The settings are safe for production.")


def _unsafe(settings: Settings) -> Iterator[str]:
    """What speaks against these settings where real children's data is."""
    if not settings.is_production:
        yield f"PORTAL_ENV is {settings.env}: set it to production"
    if settings.demo:
        yield "PORTAL_DEMO is on: anybody can sign in"
    if not settings.is_secure:
        yield "PORTAL_BASE_URL is not https: passwords and cookies would travel in the open"
    if settings.host not in LOOPBACK and not settings.proxies:
        yield "PORTAL_HOST is open to the network without a proxy in front (PORTAL_PROXIES is 0): nothing encrypts"
    if settings.smtp_url and not settings.mail_from:
        yield f"PORTAL_MAIL_FROM is empty: mail would come from {settings.sender}, which nobody reads"
    if not settings.office_phone and not settings.office_email:
        yield "PORTAL_OFFICE_PHONE and PORTAL_OFFICE_EMAIL are empty: who cannot sign in learns no way to ask for help"
    for name in careless_settings():
        yield f"PostgreSQL's {name} is off: what was saved can be lost when the machine goes down"
    if not schema.is_current():
        yield "the database is not at the newest revision: run `flask --app app db upgrade`"


@click.command("demo")
@click.option("--pupils", default=SMALL_DEMO, show_default=True, help="How many pupils the made-up school has.")
@with_appcontext
def demo_command(pupils: int) -> None:
    """Fill an empty database with a made-up school, for trying and measuring at size."""
    settings: Settings = current_app.extensions["portal.settings"]
    if settings.is_production:
        raise SystemExit("The demo school does not go into a production database.")
    schema.upgrade()
    if not is_empty():
        raise SystemExit("There are people in this database already. Set PORTAL_DATABASE_URL to an empty one.")
    try:
        fill(pupils)
    except ValueError as fault:
        raise SystemExit(str(fault)) from None
    db.session.commit()
    click.echo(f"A school with {pupils} pupils is there.")


@click.command("school-import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--confirm", is_flag=True, help="Go on although something unusual was found; read it first.")
@with_appcontext
def school_import_command(folder: Path, dry_run: bool, confirm: bool) -> None:
    """Bring the school in from the register's four files in DIR, as docs/import.md describes them."""
    try:
        files = {name: (folder / name).read_bytes() for name in FILES if (folder / name).is_file()}
        _import_school(files, dry_run=dry_run, confirmed=confirm)
    except OSError as fault:
        raise SystemExit(f"{fault.filename}: {fault.strerror}") from None
    except RuleViolation as refusal:
        raise SystemExit(str(refusal)) from None
    except IntegrityError:
        raise SystemExit("Somebody else changed the school at the same moment. Try again.") from None
    except (OperationalError, ProgrammingError):
        raise SystemExit("The database does not answer, or is not up to date: run `flask db upgrade`.") from None


def _import_school(files: dict[str, bytes], *, dry_run: bool, confirmed: bool) -> None:
    now = clock.now()
    today = clock.local(now).date()
    with reading_only():
        reading = read_roster(files, today=today)
        plan = compare(current_roster(), reading.roster, today) if reading.roster else None
    for warning in reading.warnings:
        click.echo(f"Warning: {_place(warning)}")
    faults = (*reading.faults, *(plan.faults if plan else ()))
    if plan is None or faults:
        for fault in faults:
            click.echo(_place(fault), err=True)
        raise SystemExit(f"{len(faults)} faults. Nothing is changed.")
    if plan.is_empty:
        click.echo("The portal already knows all of this. Nothing is changed.")
        return
    _tell_plan(plan)
    if dry_run:
        click.echo("Dry run: nothing is changed.")
        return
    if plan.confirmations and not confirmed:
        raise SystemExit("Nothing is changed. If this is right, add --confirm.")
    apply_roster(plan, keep_upload(files, actor=None, now=now), confirmed=confirmed, actor=None, now=now)
    db.session.commit()
    click.echo("Done.")


def _place(remark: Remark) -> str:
    """A remark with its place in the files, in one line."""
    place = [remark.file, f"line {remark.line}" if remark.line else "", remark.column]
    value = f" “{remark.value}”" if remark.value else ""
    return f"{', '.join(filter(None, place))}{value}: {remark.message % remark.values}"


def _tell_plan(plan: RosterPlan) -> None:
    for changes in what_changes(plan, str):
        click.echo(f"{changes.title}: {len(changes.lines)}")
        for line in changes.first:
            click.echo(f"  {line}")
        if changes.more_count:
            click.echo(f"  and {changes.more_count} more")
    for reason in plan.confirmations:
        click.echo(f"Unusual: {reason.message % reason.values}")


@click.command("strategy-import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--approved-on", metavar="YYYY-MM-DD", help="The day the board approved the text.")
@with_appcontext
def strategy_import_command(file: Path, dry_run: bool, approved_on: str | None) -> None:
    """Bring a text of the strategy in from a Markdown file. Approved editions are never changed."""
    try:
        day = date.fromisoformat(approved_on) if approved_on else None
    except ValueError:
        raise SystemExit(f"{approved_on} is not a day. Write it like 2026-06-10.") from None
    try:
        document = read_document(strategy.decode_file(file.read_bytes()))
        _import_strategy(document, day, dry_run=dry_run)
    except OSError as fault:
        raise SystemExit(f"{file}: {fault.strerror}") from None
    except RuleViolation as fault:
        raise SystemExit(f"{file}: {fault}") from None
    except IntegrityError:
        raise SystemExit("Somebody else imported a text at the same moment. Try again.") from None
    except (OperationalError, ProgrammingError):
        raise SystemExit("The database does not answer, or is not up to date: run `flask db upgrade`.") from None


def _import_strategy(document: Document, approved_on: date | None, *, dry_run: bool) -> None:
    with reading_only():
        plan = strategy.plan_import(document)
    click.echo(_planned(plan))
    if dry_run:
        click.echo("Dry run: nothing is stored.")
        return
    edition = strategy.import_strategy(document, actor=None, now=clock.now(), approved_on=approved_on, plan=plan)
    db.session.commit()
    if edition is None:
        click.echo("Nothing is stored.")
    elif edition.is_current:
        click.echo(f"Edition {edition.number}, approved on {edition.approved_on}, is now the strategy.")
    else:
        click.echo(
            f"Edition {edition.number} is a draft. Once the board has approved it, add --approved-on YYYY-MM-DD."
        )


def _planned(plan: Plan) -> str:
    """What an import would do, in one line."""
    match plan.outcome:
        case Outcome.SAME_AS_CURRENT:
            return "The strategy already says this, word for word."
        case Outcome.SAME_AS_DRAFT:
            return f"The draft of edition {plan.number} already says this, word for word."
        case Outcome.FIRST:
            sections = sum(bool(heading) for heading in plan.comparison.new_headings)
            return f"Edition {plan.number}: {sections} sections with {plan.comparison.added} clauses."
        case _:
            changes = plan.comparison
            return (
                f"Edition {plan.number}: {changes.added} new, {changes.reworded} reworded, {changes.moved} moved, "
                f"{changes.removed} removed, {changes.unchanged} as before."
            )
