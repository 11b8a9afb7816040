"""How the portal itself is doing, for machines."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.database import db, schema
from portal.notifications import queries as notifications
from portal.text import clock
from portal.updates.desk.queries import is_publishing_late
from portal.web.guard import public

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@public
def show_health() -> ResponseReturnValue:
    """Whether this process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def show_readiness() -> ResponseReturnValue:
    """Whether the portal does its work (503 otherwise): the database is as the code expects it, and people are told.

    For whoever watches over it. A load balancer asks /healthz: the pages work while the mail server is down.
    """
    try:
        status = _readiness()
    except SQLAlchemyError:
        db.session.rollback()
        status = "database not ready"
    return {"status": status}, 200 if status == "ok" else 503


def _readiness() -> str:
    if not schema.is_current():
        return "database not ready"
    if is_publishing_late(now=clock.now()):
        return "news is not going out"
    return "mail is not going out" if notifications.is_telling_stuck(now=clock.now()) else "ok"
