"""Reading the class team's news: feeds, one update on the screen and on paper, whom it reached, and thanks."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import writing
from portal.notifications import services as notifications
from portal.people import ClassRef
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.models import Pupil
from portal.text import clock, richtext
from portal.updates import presenters, queries, services
from portal.updates import reach as reach_queries
from portal.updates.models import WellbeingUpdate
from portal.updates.presenters import news_items, older_than
from portal.web.guard import guarded, own_class_or, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("updates", __name__, url_prefix="/updates")

#: Names of children not reached yet are shown to the team after some days: to help, and not to shame.
NAMES_AFTER = timedelta(days=3)


def _cursor() -> queries.Cursor | None:
    return queries.Cursor.read(request.args.get("after", ""))


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_updates() -> ResponseReturnValue:
    """The news of all one's classes together; for leadership and AKT, of the whole school."""
    person = signed_in()
    rows = queries.list_news_of(person, after=_cursor())
    return render_template(
        "updates/list_updates.html", news=news_items(rows, person), after=older_than(rows, queries.NEWS_PER_PAGE)
    )


@bp.get("/classes/<int:class_id>")
@guarded(Action.UPDATE_FEED, load=own_class_or(school.get_class_to_read))
def list_class_updates(ref: ClassRef) -> ResponseReturnValue:
    """The news of one class."""
    person = signed_in()
    rows = queries.list_news([ref.id], person.id, after=_cursor())
    return render_template(
        "updates/list_class_updates.html",
        ref=ref,
        news=news_items(rows, person),
        after=older_than(rows, queries.NEWS_PER_PAGE),
        unpublished=queries.list_unpublished([ref.id]) if can(person, Action.UPDATE_WRITE, ref) else [],
    )


@bp.get("/children/<int:pupil_id>")
@guarded(Action.CHILD_VIEW, load=school.get_pupil)
def list_child_updates(pupil: Pupil) -> ResponseReturnValue:
    """The news of one's own child's class; nothing while the child is between two."""
    person = signed_in()
    child = next(each for each in person.children if each.pupil_id == pupil.id)
    class_ids = [child.school_class.id] if child.school_class else []
    rows = queries.list_news(class_ids, person.id, after=_cursor())
    return render_template(
        "updates/list_child_updates.html",
        child=child,
        news=news_items(rows, person),
        after=older_than(rows, queries.NEWS_PER_PAGE),
    )


@bp.get("/<int:update_id>")
@guarded(Action.UPDATE_VIEW, load=queries.get_update)
def show_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Read one update. What the homes cannot read has a page of the team's own: the preview."""
    if not update.is_published:
        return redirect(url_for("updates.desk.show_preview", update_id=update.id), 303)
    person = signed_in()
    is_team = can(person, Action.UPDATE_REACH, update)
    page = render_template(
        "updates/show_update.html",
        update=update,
        text=richtext.render(update.body),
        ref=presenters.ref_of(update, person),
        is_team=is_team,
        clauses=presenters.list_clauses(update.id),
        thanks=reach_queries.get_thanks(update.id, person.id),
        reach=reach_queries.list_reach(update, today=clock.today()) if is_team else [],
        sent_along=presenters.list_sent_along(update, person) if is_team else [],
    )
    is_for_reader = can(person, Action.UPDATE_THANK, update)
    if is_for_reader and request.method == "GET" and not queries.is_opened(update.id, person.id):
        _keep_receipt(update.id, person.id)
    return page


def _keep_receipt(update_id: int, reader_id: int) -> None:
    """Store that the update was opened, after the page is made: the only page that writes when it is read.

    A short transaction of its own; reading must not fail because it could not be counted.
    """
    db.session.rollback()
    writing.set(True)
    try:
        services.mark_opened(update_id, reader_id)
        for kind in (ActKind.UPDATE_PUBLISHED, ActKind.UPDATE_CORRECTED_AND_TOLD):
            notifications.mark_seen(reader_id, kind, update_id)
        db.session.commit()
    except OperationalError:
        db.session.rollback()


@bp.get("/<int:update_id>/print")
@guarded(Action.UPDATE_VIEW, load=queries.get_update)
def show_print(update: WellbeingUpdate) -> ResponseReturnValue:
    """One update for paper, for a home that reads better there."""
    return render_template(
        "updates/show_print.html",
        update=update,
        text=richtext.render(update.body),
        ref=presenters.ref_of(update, signed_in()),
    )


@bp.post("/<int:update_id>/thank")
@guarded(Action.UPDATE_THANK, load=queries.get_update)
def thank_team(update: WellbeingUpdate) -> ResponseReturnValue:
    """Say thank you to the team with one press. Only the number is ever shown."""
    services.thank(update.id, signed_in().id)
    return done(url_for(".show_update", update_id=update.id), gettext("Thank you. The team sees how many say so."))


@bp.get("/<int:update_id>/reach")
@guarded(Action.UPDATE_REACH, load=queries.get_update)
def show_reach(update: WellbeingUpdate) -> ResponseReturnValue:
    """In how many children's homes it was opened; after some days also whose homes it has not reached."""
    children = reach_queries.list_reach(update, today=clock.today())
    names_at = (update.told_at or clock.now()) + NAMES_AFTER
    may_name = names_at <= clock.now()
    return render_template(
        "updates/show_reach.html",
        update=update,
        reached=sum(child.is_reached for child in children),
        children=children,
        missing=[child for child in children if not child.is_reached] if may_name else [],
        names_on=None if may_name else clock.day_of(names_at),
        ref=presenters.ref_of(update, signed_in()),
    )
