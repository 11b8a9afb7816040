"""The portal's commands: `flask NAME`. Each one is a short path to services that the pages use too."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import nullcontext
from threading import Thread

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from portal.database import schema
from portal.database.transactions import AWAY, reading_only, stands_behind_a_pooler, why_away
from portal.notifications.worker import Worker
from portal.operations.safety import unsafe_database, unsafe_settings
from portal.operations.serving import serve
from portal.policy import RULES
from portal.settings import Settings

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


@click.command("db", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def migrations_command(arguments: tuple[str, ...]) -> None:
    """Perform database migrations: Flask-Migrate's own commands, loaded when they are asked for."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    schema.bind(app)
    changes = arguments[:1] in {("upgrade",), ("downgrade",)}
    with schema.by_one_process() if changes else nullcontext():
        if changes and schema.is_newer():
            raise SystemExit(schema.NEWER)
        app.cli.commands["db"].main(list(arguments), "flask db")


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Serve the portal: migrate first, fill an empty demo."""
    serve(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("worker")
@click.option("--while-served", is_flag=True, hidden=True, help="Stop when the input ends: so `serve` ends its own.")
@with_appcontext
def worker_command(while_served: bool) -> None:
    """Tell people of what was done, and send the mail (`serve` starts a worker by itself)."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with reading_only():
            if schema.is_newer():
                raise SystemExit(schema.NEWER)
            if not schema.is_current():
                raise SystemExit("The database is not up to date: run `flask db upgrade`.")
    except AWAY as fault:
        raise SystemExit(f"The database is not available: {why_away(fault)}") from None
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # they wait for us, wherever the work is just then
    worker = Worker(app)
    worker.start()
    if while_served:
        Thread(target=_stop_with_the_server, daemon=True).start()
    signal.sigwait(STOP_SIGNALS)
    worker.stop()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop_with_the_server() -> None:
    """Tell ourselves to stop once nobody holds the other end of our input: `serve` has closed it, or is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


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
    unsafe = [*unsafe_settings(settings), *unsafe_database()]
    if stands_behind_a_pooler():
        click.echo("Noted: a pooler stands in front of PostgreSQL, so that the portal prepares no statements there.")
    for line in unsafe:
        click.echo(line)
    if unsafe:
        raise SystemExit(1)
    click.echo("The settings are safe for production.")


COMMANDS = (migrations_command, serve_command, worker_command, policy_command, check_command)
