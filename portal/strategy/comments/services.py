"""The talk of a council: saying something, reporting it, hiding it with one press, and whom that was told to."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, RuleViolation
from portal.notifications.services import mark_seen
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.models import Clause


def write_comment(about: Clause | Amendment, *, text: str, council_id: int, actor: Person, now: datetime) -> Comment:
    """Say something about a clause or an amendment, inside one council.

    Raises RuleViolation for a pupil's one too many within the hour.
    """
    check_limit(actor, ActKind.COMMENT_WRITTEN, now=now, is_at_work=council_id in actor.facilitates)
    comment = Comment(council_id=council_id, author_id=actor.id, text=text, written_at=now)
    if isinstance(about, Clause):
        comment.clause_key = about.key
    else:
        comment.amendment_id = about.id
        mark_seen(actor.id, ActKind.AMENDMENT_SUBMITTED, about.id)
    db.session.add(comment)
    acts.note(actor, ActKind.COMMENT_WRITTEN, comment, now=now)
    return comment


def report_comment(comment: Comment, *, actor: Person, now: datetime) -> None:
    """Tell the facilitator that something is not all right; a second time changes nothing.

    Raises RuleViolation for a pupil's one too many within the hour.
    """
    lock_row(comment)
    if comment.reported_at is None:
        is_at_work = comment.council_id in actor.facilitates
        check_limit(actor, ActKind.COMMENT_REPORTED, now=now, is_at_work=is_at_work)
        comment.reported_at = now
        acts.record(actor, ActKind.COMMENT_REPORTED, comment, now=now)


def hide_comment(comment: Comment, *, actor: Person, now: datetime) -> None:
    """Take a comment out of the talk at once; its text is kept for the facilitator.

    Whoever hides it has seen that it was reported.
    """
    lock_row(comment)
    mark_seen(actor.id, ActKind.COMMENT_REPORTED, comment.id)
    if comment.hidden_at is None:
        comment.hidden_at, comment.hidden_by_id = now, actor.id
        acts.record(actor, ActKind.COMMENT_HIDDEN, comment, now=now)


def note_whom_was_told(comment: Comment, *, told: str, seen: str) -> None:
    """Keep whom the facilitator has told about a hidden comment.

    Raises RuleViolation for one that is not hidden, Conflict when a colleague wrote something else since.
    """
    lock_row(comment)
    if comment.hidden_at is None:
        raise RuleViolation(N_("This comment is not hidden."))
    check_unchanged(comment.told, seen)
    comment.told = told
