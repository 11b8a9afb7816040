"""Serving the portal: migrate, fill an empty demo, answer until stopped."""

from __future__ import annotations

import errno
import logging

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import create_server

from portal.database import db, schema
from portal.demo.school import fill_when_empty
from portal.demo.views import personas
from portal.notifications.worker import Worker
from portal.settings import Settings


def serve(app: Flask) -> None:
    """Migrate, fill an empty demo database, and serve until stopped; every fault of the start is one line."""
    settings: Settings = app.extensions["portal.settings"]
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            max_request_body_size=4 * app.config["MAX_CONTENT_LENGTH"],  # so that our own page says what is too much
            clear_untrusted_proxy_headers=not settings.proxies,
        )
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
