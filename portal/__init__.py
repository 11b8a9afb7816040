"""Trivselsportalen: the wellbeing portal of a Danish primary school. `create_app` is its contents page."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from portal.accounts.queries import get_person_by_token
from portal.accounts.room import ROOM as ACCOUNTS
from portal.acts.keeping import end_of
from portal.acts.notices import Notices, collect
from portal.acts.room import ROOM as ACTS
from portal.agreements.room import ROOM as AGREEMENTS
from portal.akt.room import ROOM as AKT
from portal.council.room import ROOM as COUNCIL
from portal.database import db
from portal.database.session import release
from portal.database.transactions import engine_options, prepare_engine, writing
from portal.demo.queries import is_anybody_real
from portal.demo.room import ROOM as DEMO
from portal.demo.views import bp as demo_pages
from portal.demo.views import personas
from portal.events.room import ROOM as EVENTS
from portal.extensions import Sessions, csrf, login_manager
from portal.fixed_days.room import ROOM as FIXED_DAYS
from portal.home.room import ROOM as HOME
from portal.initiatives.room import ROOM as INITIATIVES
from portal.notifications.queries import count_unread
from portal.notifications.room import ROOM as NOTIFICATIONS
from portal.operations.room import ROOM as OPERATIONS
from portal.parent_meetings.room import ROOM as PARENT_MEETINGS
from portal.play_patrol.room import ROOM as PLAY_PATROL
from portal.playdates.room import ROOM as PLAYDATES
from portal.playgroups.room import ROOM as PLAYGROUPS
from portal.policy import Action, can
from portal.room import Room
from portal.school.room import ROOM as SCHOOL
from portal.settings import ROOT, Environment, Settings
from portal.strategy.room import ROOM as STRATEGY
from portal.surveys.room import ROOM as SURVEYS
from portal.themes.room import ROOM as THEMES
from portal.updates.room import ROOM as UPDATES
from portal.web import assets, error_pages, kept_text, language, menu, moved, templates, urls
from portal.web.guard import visitor
from portal.web.headers import HeadersAndCompression
from portal.web.idempotency import idempotency_key
from portal.year_wheel.room import ROOM as YEAR_WHEEL

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LARGEST_REQUEST = 12 * 1024 * 1024
LARGEST_FORM_TEXT = 2 * 1024 * 1024
LARGEST_ROW_ID = 2**31 - 1
SIGNED_IN_FOR = timedelta(days=30)

#: The areas of the portal, from the lowest to the highest; a new one adds its `room.py` here.
ROOMS = (
    ACCOUNTS,
    SCHOOL,
    NOTIFICATIONS,
    STRATEGY,
    INITIATIVES,
    COUNCIL,
    UPDATES,
    AGREEMENTS,
    FIXED_DAYS,
    EVENTS,
    PLAYDATES,
    PLAYGROUPS,
    PARENT_MEETINGS,
    PLAY_PATROL,
    AKT,
    SURVEYS,
    THEMES,
    YEAR_WHEEL,
    HOME,
    OPERATIONS,
    ACTS,
    DEMO,
)


class RowId(IntegerConverter):
    """An id in an address: a larger number than any row can have is simply not found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ROW_ID, **kwargs})


class Portal(Flask):
    """A Flask application none of whose functions is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask would ask a dozen of them at each request whether it has to wait for it."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; without `settings` they are read from the environment (raises SettingFault)."""
    os.umask(0o077)  # what the portal writes is its own user's alone: children's data, keys, mail of the demo
    settings = settings or Settings.read(os.environ)
    app = Portal(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.extensions["portal.settings"] = settings
    app.extensions["portal.notices"] = collect(*(room.notices for room in ROOMS))
    app.extensions["portal.chores"] = (
        *(chore for room in ROOMS for chore in room.chores),
        *(end_of(keep) for room in ROOMS for keep in room.keeping),
    )
    app.extensions["portal.measures"] = tuple(measure for room in ROOMS for measure in room.measures)
    app.extensions["portal.proofs"] = tuple(proof for room in ROOMS for proof in room.proofs)
    app.extensions["portal.waiting"] = tuple(kind for room in ROOMS for kind in room.waiting)
    _configure(app, settings)
    app.before_request(_begin_request)  # first of all: the transaction's kind is chosen before anything reads
    kept_text.install(app)
    _bind_extensions(app)
    for room in ROOMS:
        _open(room, app)
    if settings.demo:
        app.register_blueprint(demo_pages)
    moved.install(app)
    error_pages.install(app)
    _prepare_templates(app, settings)
    _wrap(app, settings)
    return app


def _open(room: Room, app: Flask) -> None:
    for pages in room.pages:
        app.register_blueprint(pages)
    for command in room.commands:
        app.cli.add_command(command)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.env == Environment.TEST,
        PROPAGATE_EXCEPTIONS=False,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": settings.threads,
            "max_overflow": 4,
            "hide_parameters": True,  # what somebody wrote has no place in a log
            **engine_options(settings.database_url),
        },
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_TEXT,
        SESSION_COOKIE_NAME="__Host-portal" if settings.is_secure else "portal",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
    app.url_map.converters["int"] = RowId
    app.jinja_environment, app.jinja_options = templates.Templates, {"cache_size": -1}


def _begin_request() -> None:
    writing.set(request.method not in SAFE_METHODS)


def _bind_extensions(app: Flask) -> None:
    app.teardown_appcontext(release)
    app.session_interface = Sessions(app)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None  # our own session rows do this
    login_manager.user_loader(get_person_by_token)


def _prepare_templates(app: Flask, settings: Settings) -> None:
    templates.install(
        app,
        Action=Action,
        settings=settings,
        csrf_token=generate_csrf,
        idempotency_key=idempotency_key,
        menu=menu.menu,
        url_for=urls.url_for,
        demo_personas=personas if settings.demo else list,
        is_anybody_at_risk=is_anybody_real if settings.env is Environment.DEVELOPMENT else bool,
    )
    app.context_processor(_who_is_asking)


def _who_is_asking() -> dict[str, Any]:
    person = visitor()
    notices: Notices = current_app.extensions["portal.notices"]
    return {
        "me": person,
        "unread_count": sum(count_unread(person, notices).values()) if person else 0,
        "language": language.current_language(),
        "can": lambda action, subject=None: person is not None and can(person, action, subject),
    }


def _wrap(app: Flask, settings: Settings) -> None:
    """Static files in front, proxies' word taken where there are any, and our headers around everything."""
    application = assets.serve_static(app.wsgi_app)
    if settings.proxies:
        hops = settings.proxies
        application = ProxyFix(application, x_for=hops, x_proto=hops, x_host=hops)
    app.wsgi_app = HeadersAndCompression(application, is_secure=settings.is_secure)  # type: ignore[method-assign]
