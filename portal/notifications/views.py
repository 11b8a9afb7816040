"""What one was told: the list in the portal, and opening what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from portal.acts.notices import Notice, Notices
from portal.database import db
from portal.notifications import queries, services
from portal.notifications.mail.letter import path_of
from portal.notifications.mail.post import mailbox, read_mailbox
from portal.notifications.models import Delivery
from portal.notifications.words import named, subject_line
from portal.people import ClassRef, Person
from portal.policy import Action
from portal.settings import Settings
from portal.text import clock
from portal.text.addresses import mailed_address
from portal.web.dates import when
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

MAILS_ON_PAGE = 30
#: Older ones stand behind one press, so that the list ends.
SHOWN_AT_FIRST = 12


@dataclass(frozen=True, slots=True)
class Notification:
    """One line of the list; `school_class` is None for a class that is no longer the reader's, `title` "" for none."""

    id: int
    text: str
    title: str
    when: str
    school_class: ClassRef | None
    is_opened: bool
    url: str


def _notices() -> Notices:
    notices: Notices = current_app.extensions["portal.notices"]
    return notices


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_notifications() -> ResponseReturnValue:
    """Everything one was told, newest first."""
    person = signed_in()
    rows = queries.list_notifications(person, _notices(), before=row_in_address("before"))
    return render_template(
        "notifications/list_notifications.html",
        notifications=(lines := _lines(rows, person))[:SHOWN_AT_FIRST],
        older=lines[SHOWN_AT_FIRST:],
        before=rows[-1].id if len(rows) == queries.NOTIFICATIONS_PER_PAGE else 0,
    )


def _lines(rows: Any, reader: Person) -> list[Notification]:
    """The rows in words."""
    told = [(_notices()[row.kind], row) for row in rows]
    titles = {
        titled: titled({row.page_id for notice, row in told if notice.titles is titled}, reader)
        for titled in {notice.titles for notice, _ in told}
    }
    return [_line(notice, row, titles[notice.titles].get(row.page_id, ""), reader) for notice, row in told]


def _line(notice: Notice, row: Row[*tuple[Any, ...]], title: str, reader: Person) -> Notification:
    return Notification(
        row.id,
        subject_line(notice, named(reader, row.class_id).in_words),
        title,
        when(row.at),
        reader.event_classes.get(row.class_id),
        row.is_opened,
        url_for(notice.page, **notice.address(row.page_id)),
    )


@bp.post("/<int:delivery_id>/opened")
@guarded(Action.NOTIFICATION_OPEN, load=queries.get_delivery)
def mark_opened(delivery: Delivery) -> ResponseReturnValue:
    """Count it as opened, and go on to what it is about.

    Idempotent without a one-time key: opened twice is once, and the page's key must not answer for the next line.
    """
    act = queries.get_act(delivery.act_id)
    notice = _notices().get(act.kind) if act else None
    services.mark_opened(delivery)
    db.session.commit()
    if act is None or notice is None:
        abort(404)
    return redirect(path_of(notice, delivery.page_id or act.subject_id), 303)


@bp.post("/all-opened")
@guarded(Action.PORTAL_USE)
def mark_all_opened() -> ResponseReturnValue:
    """Count everything as opened."""
    services.mark_all_opened(signed_in().id)
    return done(url_for(".list_notifications"))


@bp.get("/mail")
@guarded(Action.PORTAL_USE)
def list_mail() -> ResponseReturnValue:
    """The demo's post: what would have been mailed to whoever asks. Everywhere else there is no such page."""
    if not _settings().demo:
        abort(404)
    person = signed_in()
    address = mailed_address(queries.get_own_mail(person.id, today=clock.today()).email) or ""
    sent = queries.list_sent_mail(person.id, limit=MAILS_ON_PAGE)
    mails = read_mailbox(mailbox(_settings()), sent, to=address)
    return render_template("notifications/list_mail.html", mails=mails)
