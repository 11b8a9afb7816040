"""What is found out before a text is sent, so that nothing slow stands in the transaction that writes (domain 3.5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.guard import NamesFound, look_for_names
from portal.name_guard.words import without_hidden
from portal.text import richtext
from portal.text.prompts import check_no_prompts
from portal.updates.desk.queries import get_confirmation
from portal.updates.headings import without_headings, without_unfilled
from portal.updates.models import NameConfirmation, WellbeingUpdate

EXCERPT_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Sending:
    """What was said with the press: which version was looked at, which names are agreed to, where else it goes."""

    version: int
    agreed: frozenset[str] = frozenset()
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ready:
    """A text as homes will read it, with all its classes' names in it: read over once, before anything is written.

    It holds for the version that was looked at, and so for the state it was in: whoever writes it down asks under lock
    whether that version still stands.
    """

    sending: Sending
    title: str
    body: str
    excerpt: str
    names: NamesFound


def read_over(draft: WellbeingUpdate, sending: Sending, *, today: date) -> Ready:
    """Make a draft ready to be sent to its class and the others.

    Raises Conflict when it was sent or is not the text that was looked at, RuleViolation when it is not fit to be read.
    """
    check_unsent(draft)
    check_unchanged(draft.version, sending.version)
    return _ready(draft.title, draft.body, sending, {draft.class_id, *sending.also}, today)


def read_correction(published: WellbeingUpdate, title: str, body: str, sending: Sending, *, today: date) -> Ready:
    """Make other words ready for the homes that have a text. Raises like `read_over`, and when they have none."""
    if not published.is_published:
        raise Conflict(N_("This text is not with the homes any more, so it cannot be corrected."))
    check_unchanged(published.version, sending.version)
    return _ready(title, body, sending, {published.class_id}, today)


def read_due(due: WellbeingUpdate, *, today: date) -> Ready | None:
    """Make ready what goes out by itself; None when it is not fit to be read, or names a child without the team's word.

    The team has agreed to a wording once; who has come into the class since is asked about again.
    """
    sending = Sending(due.version, agreed=frozenset(agreed_words(get_confirmation(due))))
    try:
        ready = read_over(due, sending, today=today)
    except RuleViolation:
        return None
    return None if ready.names.beyond(sending.agreed) else ready


def check_unsent(draft: WellbeingUpdate) -> None:
    """Raise Conflict for a text that the homes have or had."""
    if not draft.is_unsent:
        raise Conflict(N_("This text has already been sent."))


def agreed_words(confirmation: NameConfirmation | None) -> Collection[str]:
    """What was agreed to; nothing without a confirmation."""
    return confirmation.words if confirmation else ()


def _ready(title: str, body: str, sending: Sending, class_ids: Collection[int], today: date) -> Ready:
    body = without_unfilled(body)
    in_short = without_headings(body)
    if not (without_hidden(title).strip() and without_hidden(richtext.plain(in_short)).strip()):
        raise RuleViolation(N_("Give the text a heading and a few words before you send it."))
    check_no_prompts(body)
    names = look_for_names(title, body, sorted(class_ids), reader=None, today=today)
    return Ready(sending, title, body, excerpt_of(body), names)


def excerpt_of(body: str) -> str:
    """The beginning of a text as cards show it."""
    return richtext.excerpt(without_headings(body), EXCERPT_LENGTH)
