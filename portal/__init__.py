"""Trivselsportalen: the wellbeing portal of a Danish primary school. `create_app` is its contents page."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from flask import Flask, request
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from portal import cli
from portal.accounts import office_views  # noqa: F401 - its pages join the accounts' blueprint
from portal.accounts.queries import get_person_by_token
from portal.accounts.views import bp as accounts_pages
from portal.acts.notices import collect
from portal.agreements.notices import NOTICES as AGREEMENTS_NOTICES
from portal.agreements.views import bp as agreements_pages
from portal.council import session_views  # noqa: F401 - its pages join the councils' blueprint
from portal.council.notices import NOTICES as COUNCIL_NOTICES
from portal.council.views import bp as council_pages
from portal.database import db, prepare_engine, writing
from portal.demo.views import bp as demo_pages
from portal.demo.views import personas
from portal.events.chores import CHORES as EVENTS_CHORES
from portal.events.notices import NOTICES as EVENTS_NOTICES
from portal.events.views import bp as events_pages
from portal.extensions import Sessions, csrf, login_manager
from portal.home.views import bp as home_pages
from portal.notifications.views import bp as notifications_pages
from portal.policy import Action, can
from portal.school import (  # noqa: F401 - their pages join the school's blueprint
    calendar_views,
    contact_views,
    roster_views,
    template_views,
)
from portal.school.views import bp as school_pages
from portal.settings import ROOT, Environment, Settings
from portal.strategy import amendment_views, comment_views  # noqa: F401 - their pages join the strategy's blueprint
from portal.strategy.views import bp as strategy_pages
from portal.updates import cadence_views, writing_views  # noqa: F401 - their pages join the updates' blueprint
from portal.updates.chores import CHORES as UPDATES_CHORES
from portal.updates.measures import MEASURES as UPDATES_MEASURES
from portal.updates.notices import NOTICES as UPDATES_NOTICES
from portal.updates.views import bp as updates_pages
from portal.web import assets, error_pages, language, menu, templates, urls
from portal.web.forms import once_key
from portal.web.guard import visitor
from portal.web.headers import HeadersAndCompression

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LARGEST_REQUEST = 12 * 1024 * 1024
LARGEST_FORM_TEXT = 2 * 1024 * 1024
LARGEST_ROW_ID = 2**31 - 1
SIGNED_IN_FOR = timedelta(days=30)

PAGES = (
    accounts_pages, school_pages, notifications_pages, strategy_pages, council_pages, updates_pages,
    agreements_pages, events_pages, home_pages,
)  # fmt: skip
#: What each feature tells of; a new one adds its `NOTICES` here.
NOTICES = (COUNCIL_NOTICES, UPDATES_NOTICES, AGREEMENTS_NOTICES, EVENTS_NOTICES)
#: What comes due by itself in each feature; a new one adds its `CHORES` here.
CHORES = (UPDATES_CHORES, EVENTS_CHORES)
#: How features show that promises of the strategy are kept; a new one adds its `MEASURES` here.
MEASURES = (UPDATES_MEASURES,)


class RowId(IntegerConverter):
    """An id in an address: a larger number than any row can have is simply not found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ROW_ID, **kwargs})


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; without `settings` they are read from the environment (raises SettingFault)."""
    settings = settings or Settings.read(os.environ)
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.extensions["portal.settings"] = settings
    app.extensions["portal.notices"] = collect(*NOTICES)
    app.extensions["portal.chores"] = tuple(chore for chores in CHORES for chore in chores)
    app.extensions["portal.measures"] = tuple(measure for measures in MEASURES for measure in measures)
    _configure(app, settings)
    app.before_request(_begin_request)  # first of all: the transaction's kind is chosen before anything reads
    _bind_extensions(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    if settings.demo:
        app.register_blueprint(demo_pages)
    error_pages.install(app)
    _prepare_templates(app, settings)
    cli.install(app)
    _wrap(app, settings)
    return app


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
    app.session_interface = Sessions(app)
    app.url_map.converters["int"] = RowId
    app.jinja_environment, app.jinja_options = templates.Templates, {"cache_size": -1}


def _begin_request() -> None:
    writing.set(request.method not in SAFE_METHODS)


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None  # our own session rows do this
    login_manager.user_loader(get_person_by_token)


def _prepare_templates(app: Flask, settings: Settings) -> None:
    templates.install(
        app, Action=Action, settings=settings, csrf_token=generate_csrf, once_key=once_key, menu=menu.menu,
        url_for=urls.url_for, demo_personas=personas if settings.demo else list,
    )  # fmt: skip
    app.context_processor(_who_is_asking)


def _who_is_asking() -> dict[str, Any]:
    person = visitor()
    return {
        "me": person,
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
