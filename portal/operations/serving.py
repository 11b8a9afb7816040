"""Serving the portal: migrate, fill an empty demo, answer until stopped."""

from __future__ import annotations

import errno
import logging
import resource
import signal
from threading import Event, Timer, current_thread, main_thread
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from portal.database import db, schema
from portal.database.transactions import fold_log_in
from portal.demo.school import fill_when_empty
from portal.demo.views import personas
from portal.operations.safety import unsafe_settings
from portal.operations.worker_process import WorkerProcess
from portal.settings import Settings

#: A school's evening: 1,100 guardians whose browsers keep a connection or two after a mail has gone out.
MOST_CONNECTIONS = 3_000
#: What a process opens besides: the database, its log, the templates it reads.
OTHER_FILES = 200
#: A browser that says nothing for so long, or sends half a request, makes room; it connects anew without being seen.
SECONDS_IDLE = 30
#: Told to stop, the server finishes what was begun, for so long at most; whatever starts it anew waits longer.
SECONDS_TO_FINISH = 8


def serve(app: Flask) -> None:
    """Migrate, fill an empty demo database, start a worker and serve until stopped; a fault of the start is one line.

    In production nothing is served with settings that `flask check` calls unsafe.
    """
    settings: Settings = app.extensions["portal.settings"]
    if settings.is_production and (unsafe := list(unsafe_settings(settings))):
        raise SystemExit("\n".join(["Nothing is served in production while this is unsafe:", *unsafe]))
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=_room_for_connections(),
            channel_timeout=SECONDS_IDLE,
            cleanup_interval=SECONDS_IDLE // 3,
            asyncore_use_poll=True,  # the other way of waiting knows a thousand connections at most
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
    except schema.SchemaFault as fault:
        raise SystemExit(str(fault)) from None
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        raise SystemExit(f"The database cannot be used: {reason}. Look at PORTAL_DATABASE_URL.") from None
    _greet(app, settings)
    worker = WorkerProcess(settings)
    worker.start()
    try:
        _answer_until_stopped(sockets)
    finally:
        server.task_dispatcher.shutdown(timeout=1)
        worker.stop()
        with app.app_context():
            fold_log_in()


def _answer_until_stopped(sockets: dict[int, Any]) -> None:
    """Answer until SIGTERM or Ctrl+C; then let nobody new in, and send every answer that was asked for before.

    waitress's own loop leaves at once, and what its threads have just written is sent to nobody. A second signal ends
    everything where it is. Signals reach the main thread alone; in another it ends when its last socket is closed.
    """
    stop, late = Event(), Event()
    heard = (signal.SIGTERM, signal.SIGINT) if current_thread() is main_thread() else ()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in heard}
    while sockets and not stop.is_set():
        wasyncore.loop(timeout=0.5, map=sockets, use_poll=True, count=1)
    for number, handler in before.items():
        signal.signal(number, handler)
    for each in list(sockets.values()):
        each.accepting = False
    end = Timer(SECONDS_TO_FINISH, late.set)
    end.start()
    while any(_is_asked(each) for each in sockets.values()) and not late.is_set():
        wasyncore.loop(timeout=0.1, map=sockets, use_poll=True, count=1)
    end.cancel()


def _is_asked(connection: Any) -> bool:
    """Whether a browser has asked for something on a connection that it has not got whole."""
    return isinstance(connection, HTTPChannel) and bool(connection.requests or connection.total_outbufs_len)


def _room_for_connections() -> int:
    """How many browsers may be connected: as many as a school's evening brings, where the machine lets one process."""
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(most_files, MOST_CONNECTIONS + OTHER_FILES) if most_files > 0 else MOST_CONNECTIONS + OTHER_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
    return files - OTHER_FILES


def prepare(app: Flask) -> None:
    """Bring the database up to date, and fill it with the demo school when it is empty and the demo is on.

    Of processes that start together one does it and the others wait. Raises SchemaFault for a newer database.
    """
    with app.app_context(), schema.by_one_process():
        schema.upgrade()
        if app.extensions["portal.settings"].demo:
            fill_when_empty()
            db.session.commit()
        fold_log_in()


def _greet(app: Flask, settings: Settings) -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each request that waits for a thread
    click.echo(f"\n  Trivselsportalen: http://{settings.host}:{settings.port}\n")
    if settings.demo:
        with app.app_context():
            names = [f"{persona.name}: {persona.who}" for persona in personas()]
            db.session.rollback()
        click.echo(f"  Demo sign-in, one press each: http://{settings.host}:{settings.port}/accounts/sign-in")
        click.echo("".join(f"    - {name}\n" for name in names))
    click.echo("  Stop with Ctrl+C.\n")
