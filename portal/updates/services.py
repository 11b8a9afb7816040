"""Writing and publishing a class team's news."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db, insert_if_absent
from portal.errors import N_, Conflict
from portal.people import Person
from portal.school.models import SchoolClass
from portal.text import richtext
from portal.updates.models import UpdateReceipt, UpdateState, WellbeingUpdate

EXCERPT_LENGTH = 240


def draft_update(school_class: SchoolClass, *, title: str, body: str, actor: Person, now: datetime) -> WellbeingUpdate:
    """A new draft, which belongs to the class's team: nobody else sees it."""
    update = WellbeingUpdate(
        class_id=school_class.id, author_id=actor.id, title=title, body=body, excerpt=_excerpt(body),
        state=UpdateState.DRAFT, created_at=now,
    )  # fmt: skip
    db.session.add(update)
    db.session.flush()
    return update


def edit_update(update: WellbeingUpdate, *, title: str, body: str, version: int) -> None:
    """Change a draft's words. Raises Conflict when a colleague saved it since `version`, or it was published."""
    _check_draft(update)
    if update.version != version:
        raise Conflict(N_("A colleague has changed the text since you opened it. Both versions are below."))
    update.title, update.body, update.excerpt = title, body, _excerpt(body)


def publish_update(update: WellbeingUpdate, *, version: int, actor: Person, now: datetime) -> None:
    """Send a draft to every home of the class, as it was seen in version `version`.

    Raises Conflict when it was changed or published since; then nobody is sent a text that was not looked at.
    """
    _check_draft(update)
    if update.version != version:
        raise Conflict(N_("A colleague has changed the text since you saw it. Read it again before you send it."))
    update.state = UpdateState.PUBLISHED
    update.published_at = now
    acts.record(actor, ActKind.UPDATE_PUBLISHED, update, now=now)


def discard_update(update: WellbeingUpdate) -> None:
    """Throw a draft away. Raises RuleViolation for what has been published."""
    _check_draft(update)
    db.session.delete(update)


def mark_opened(update_id: int, reader_id: int) -> None:
    """Keep that the reader has opened the update; twice is once."""
    insert_if_absent(UpdateReceipt, update_id=update_id, user_id=reader_id)


def _excerpt(body: str) -> str:
    return richtext.excerpt(body, EXCERPT_LENGTH)


def _check_draft(update: WellbeingUpdate) -> None:
    if update.state != UpdateState.DRAFT:
        raise Conflict(N_("This text has already been published."))
