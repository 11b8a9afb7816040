"""The front page of each role, a class's page, a child's page, help, and how the portal itself is doing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from portal import schema
from portal.accounts.models import Role
from portal.database import db
from portal.errors import N_
from portal.home import queries
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.models import Pupil, TeamFunction
from portal.text import clock
from portal.updates import queries as updates
from portal.updates.feed import news_items
from portal.web.guard import guarded, public, signed_in, visitor

bp = Blueprint("home", __name__)

NEWS_ON_HOME = 6
NEWS_ON_CLASS_PAGE = 5

FUNCTION_NAMES = {
    TeamFunction.CLASS_TEACHER: N_("class teacher"),
    TeamFunction.TEACHER: N_("teacher"),
    TeamFunction.PEDAGOGUE: N_("pedagogue"),
    TeamFunction.SUBSTITUTE: N_("substitute"),
}


@bp.get("/")
@public
def show_home() -> ResponseReturnValue:
    """What must I do, what is new, what comes next; for the public, what this is."""
    person = visitor()
    if person is None:
        return render_template("home/show_welcome.html")
    today = clock.today()
    rows = _news_for(person)
    news = news_items(rows, person)
    return render_template(
        "home/show_home.html", today=today, news=news, new_count=sum(item.is_new for item in news),
        drafts=updates.list_drafts(list(person.teams)), last=updates.last_published(list(person.teams)),
    )  # fmt: skip


def _news_for(person: Person) -> list[Row[*tuple[Any, ...]]]:
    if person.has(Role.LEADERSHIP, Role.AKT):
        return list(updates.list_news_everywhere(person.id, limit=NEWS_ON_HOME))
    return list(updates.list_news({**person.teams, **person.guardian_classes}, person.id, limit=NEWS_ON_HOME))


@bp.get("/classes")
@guarded(Action.PORTAL_USE)
def list_classes() -> ResponseReturnValue:
    """One's own classes, or all of them for those who see the whole school."""
    person = signed_in()
    sees_all = person.has(Role.LEADERSHIP, Role.AKT, Role.OFFICE)
    classes = queries.list_class_refs(today=clock.today()) if sees_all else list(person.classes.values())
    return render_template("home/list_classes.html", classes=classes)


@bp.get("/classes/<int:class_id>")
@guarded(Action.CLASS_VIEW, load=school.get_class_to_read)
def show_class(ref: ClassRef) -> ResponseReturnValue:
    """A class's page: its news, its team, its representatives."""
    person, today = signed_in(), clock.today()
    reads_news = can(person, Action.UPDATE_FEED, ref)
    rows = updates.list_news([ref.id], person.id, limit=NEWS_ON_CLASS_PAGE) if reads_news else []
    is_team = ref.id in person.teams
    return render_template(
        "home/show_class.html", ref=ref, news=news_items(rows, person), reads_news=reads_news,
        function_names=FUNCTION_NAMES, pupil_count=queries.count_pupils(ref.id, today=today),
        team=queries.list_team(ref.id, today=today),
        representatives=queries.list_representatives(ref.id, today=today),
        drafts=updates.list_drafts([ref.id]) if is_team else [],
        children=[c for c in person.children if c.school_class and c.school_class.id == ref.id],
    )  # fmt: skip


@bp.get("/children/<int:pupil_id>")
@guarded(Action.CHILD_VIEW, load=school.get_pupil)
def show_child(pupil: Pupil) -> ResponseReturnValue:
    """One's own child: the class, its news, and the helpers one has invited."""
    person, today = signed_in(), clock.today()
    child = next(c for c in person.children if c.pupil_id == pupil.id)
    rows = updates.list_news([child.school_class.id], person.id, limit=NEWS_ON_CLASS_PAGE) if child.school_class else []
    return render_template(
        "home/show_child.html", pupil=pupil, child=child, news=news_items(rows, person),
        helpers=queries.list_helpers(pupil.id, person.id, today=today),
    )  # fmt: skip


@bp.get("/help")
@public
def show_help() -> ResponseReturnValue:
    """Whom to talk to, what to look for, what the school does. Not a form: a person answers best in person."""
    return render_template("home/show_help.html", contacts=school.list_help_contacts())


@bp.get("/healthz")
@public
def show_health() -> ResponseReturnValue:
    """Whether this process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def show_readiness() -> ResponseReturnValue:
    """Whether the portal can do its work: the database answers and is as the code expects it (503 otherwise)."""
    try:
        is_ready = schema.is_current()
    except SQLAlchemyError:
        db.session.rollback()
        is_ready = False
    return {"status": "ok" if is_ready else "database not ready"}, 200 if is_ready else 503
