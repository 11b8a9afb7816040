"""The portal's commands: `flask NAME`. Each one is a short path to services that the pages use too."""

from __future__ import annotations

import errno
import logging

import click
from flask import Flask
from waitress.server import create_server

from portal import schema
from portal.database import db
from portal.demo.school import fill_when_empty
from portal.policy import RULES
from portal.settings import Settings


def install(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(serve_command)
    app.cli.add_command(policy_command)
    app.cli.add_command(check_command)


def serve(app: Flask) -> None:
    """Migrate, fill an empty demo database, and serve until stopped; every fault of the start is one line."""
    settings: Settings = app.extensions["portal.settings"]
    try:
        server = create_server(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"], clear_untrusted_proxy_headers=True,
        )  # fmt: skip
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise SystemExit(f"Cannot listen on {settings.host}:{settings.port}: {fault.strerror}") from None
        raise SystemExit(f"Port {settings.port} is taken. Try another: make run PORT={settings.port + 1000}") from None
    prepare(app)
    _greet(settings)
    try:
        server.run()
    finally:
        server.close()


def prepare(app: Flask) -> None:
    """Bring the database up to date, and fill it with the demo school when it is empty and the demo is on."""
    with app.app_context():
        schema.upgrade()
        if app.extensions["portal.settings"].demo:
            fill_when_empty()
            db.session.commit()


def _greet(settings: Settings) -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    click.echo(f"\n  Trivselsportalen: http://{settings.host}:{settings.port}\n")
    if settings.demo:
        click.echo("  Demo: open /accounts/sign-in and press a name, no password needed.")
    click.echo("  Stop with Ctrl+C.\n")


@click.command("serve")
def serve_command() -> None:
    """Serve the portal: migrate first, fill an empty demo."""
    from flask import current_app

    serve(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("policy")
def policy_command() -> None:
    """Print who may do what."""
    for action in RULES:
        click.echo(f"{action.name:<20} {action.value}")


@click.command("check")
def check_command() -> None:
    """Say what is unsafe about the settings; exits with 1 when something is."""
