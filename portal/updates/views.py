"""The pages of the class team's news: feeds, one update, writing it and seeing whom it reached."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from portal.acts.models import ActKind
from portal.database import db, writing
from portal.notifications import services as notifications
from portal.people import ClassRef
from portal.policy import Action
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.text import clock, richtext
from portal.updates import queries, services
from portal.updates.feed import news_items, older_than
from portal.updates.forms import EditUpdateForm, PublishForm, UpdateForm
from portal.updates.models import UpdateState, WellbeingUpdate
from portal.web.forms import done, render_form
from portal.web.guard import guarded, signed_in
from portal.web.language import gettext, ngettext
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
@guarded(Action.UPDATE_FEED, load=school.get_class_to_read)
def list_class_updates(ref: ClassRef) -> ResponseReturnValue:
    """The news of one class."""
    person = signed_in()
    rows = queries.list_news([ref.id], person.id, after=_cursor())
    return render_template(
        "updates/list_class_updates.html", ref=ref, news=news_items(rows, person),
        after=older_than(rows, queries.NEWS_PER_PAGE),
    )  # fmt: skip


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.UPDATE_WRITE, load=school.get_class)
def draft_update(school_class: SchoolClass) -> ResponseReturnValue:
    """Write news to a class's homes."""
    form = UpdateForm()
    if form.validate_on_submit():
        with form.refusals():
            update = services.draft_update(
                school_class, title=form.title.data, body=form.body.data, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_update", update_id=update.id), gettext("Saved. Only your team can see it yet."))
    ref = school.get_class_ref(school_class.id, today=clock.today())
    return render_form(
        "updates/draft_update.html", form=form, school_class=school_class, ref=ref, audience=_audience(school_class.id)
    )


@bp.route("/<int:update_id>/edit", methods=["GET", "POST"])
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def edit_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Change a draft; the second of two who edit it gets both texts."""
    if update.state == UpdateState.PUBLISHED and request.method != "POST":
        return redirect(url_for(".show_update", update_id=update.id), 303)
    form = EditUpdateForm(obj=update)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_update(update, title=form.title.data, body=form.body.data, version=form.version.data)
            return done(url_for(".show_update", update_id=update.id), gettext("Saved. Only your team can see it yet."))
    if form.status == 409:  # the next save is on top of what the colleague wrote, which is now on the page
        form.version.raw_data = None
        form.version.data = update.version
    return render_form(
        "updates/edit_update.html", form=form, update=update, audience=_audience(update.class_id),
        ref=school.get_class_ref(update.class_id, today=clock.today()),
    )  # fmt: skip


@bp.get("/<int:update_id>")
@guarded(Action.UPDATE_VIEW, load=queries.get_update)
def show_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Read one update. For the team a draft's page is its preview."""
    person = signed_in()
    is_draft = update.state == UpdateState.DRAFT
    is_team = update.class_id in person.teams
    page = render_template(
        "updates/show_update.html",
        update=update, text=richtext.render(update.body), is_draft=is_draft, is_team=is_team,
        ref=school.get_class_ref(update.class_id, today=clock.today()),
        audience=_audience(update.class_id) if is_draft else "",
        reach=queries.list_reach(update, today=clock.today()) if is_team and not is_draft else [],
    )  # fmt: skip
    is_for_reader = not is_draft and update.class_id in person.guardian_classes
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
        notifications.mark_seen(reader_id, ActKind.UPDATE_PUBLISHED, update_id)
        db.session.commit()
    except OperationalError:
        db.session.rollback()


@bp.post("/<int:update_id>/publish")
@guarded(Action.UPDATE_PUBLISH, load=queries.get_update)
def publish_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Send it to the homes."""
    form = PublishForm()
    services.publish_update(update, version=form.version.data or 0, actor=signed_in(), now=clock.now())
    guardians, children = school.count_homes(update.class_id, today=clock.today())
    return done(url_for(".show_update", update_id=update.id), _sent_to(guardians, children))


@bp.post("/<int:update_id>/discard")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def discard_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Throw a draft away."""
    class_id = update.class_id
    services.discard_update(update)
    return done(url_for("home.show_class", class_id=class_id), gettext("The draft is gone."))


@bp.get("/<int:update_id>/reach")
@guarded(Action.UPDATE_REACH, load=queries.get_update)
def show_reach(update: WellbeingUpdate) -> ResponseReturnValue:
    """In how many children's homes it was opened; after some days also whose homes it has not reached."""
    children = queries.list_reach(update, today=clock.today())
    names_at = (update.published_at or clock.now()) + NAMES_AFTER
    may_name = names_at <= clock.now()
    return render_template(
        "updates/show_reach.html",
        update=update, reached=sum(child.is_reached for child in children), children=children,
        missing=[child for child in children if not child.is_reached] if may_name else [],
        names_on=None if may_name else clock.local(names_at).date(),
        ref=school.get_class_ref(update.class_id, today=clock.today()),
    )  # fmt: skip


def _audience(class_id: int) -> str:
    """Who will get it, in words and numbers, before it is sent."""
    today = clock.today()
    guardians, children = school.count_homes(class_id, today=today)
    label = school.get_class_ref(class_id, today=today).label
    return gettext(
        "Goes to %(guardians)s of %(children)s in %(label)s",
        guardians=ngettext("%(num)s guardian", "%(num)s guardians", guardians),
        children=ngettext("%(num)s child", "%(num)s children", children), label=label,
    )  # fmt: skip


def _sent_to(guardians: int, children: int) -> str:
    return gettext(
        "Sent to %(guardians)s of %(children)s.",
        guardians=ngettext("%(num)s guardian", "%(num)s guardians", guardians),
        children=ngettext("%(num)s child", "%(num)s children", children),
    )  # fmt: skip
