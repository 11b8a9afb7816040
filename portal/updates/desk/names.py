"""Which names stand in an update, and which of them the team has agreed to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from portal.name_guard.guard import NamesFound, look_for_names
from portal.updates.models import NameConfirmation, WellbeingUpdate


def names_of(update: WellbeingUpdate, *, today: date) -> NamesFound:
    """The names of the class's children in an update as it reads now."""
    return look_for_names(update.title, update.body, [update.class_id], reader=None, today=today)


def agreed_words(confirmation: NameConfirmation | None) -> Collection[str]:
    """What was agreed to; nothing without a confirmation."""
    return confirmation.words if confirmation else ()
