"""Choosing which points of the strategy belong to a theme, and where somebody needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.queries import get_current
from portal.themes import queries
from portal.themes.models import Place, Theme

THEMES = "the themes of the strategy"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of a theme: what it is called, its words, and the place of each clause that belongs to it.

    `edition` is the number of the one whose clauses they saw.
    """

    title: str
    words: str
    places: Mapping[str, Place]
    edition: int

    @property
    def typed(self) -> str:
        """All that was written and not chosen."""
        return f"{self.title}\n{self.words}"


def write_theme(key: str, wanted: Wanted, *, version: int, actor: Person, now: datetime) -> None:
    """Change a theme, which is the school's own from now on.

    Raises RuleViolation while there is no strategy, for points of another edition than the one that holds, and for none
    at all in a theme of the school's own; Conflict when somebody changed or removed the theme since `version`.
    """
    wait_for_turn_at(THEMES)
    row = queries.get_theme(key)
    if row is None and not queries.is_delivered(key):
        raise Conflict(N_("A colleague has removed it already."))
    check_unchanged(row.version if row else 0, version)
    edition = _check(wanted, may_be_empty=queries.is_delivered(key))
    if row is None:
        row = Theme(key=key, edition=edition)
        db.session.add(row)
    _fill(row, wanted, edition)
    acts.note(actor, ActKind.THEME_CHANGED, row, now=now)


def add_theme(wanted: Wanted, *, actor: Person, now: datetime) -> str:
    """Add a theme of the school's own and return its key. Raises RuleViolation as a change."""
    edition = _check(wanted, may_be_empty=False)
    row = Theme(key=f"own{uuid4().hex}", edition=edition)
    _fill(row, wanted, edition)
    db.session.add(row)
    acts.note(actor, ActKind.THEME_CHANGED, row, now=now)
    return row.key


def remove_theme(key: str, *, version: int, actor: Person, now: datetime) -> None:
    """Remove a theme of the school's own; one that was delivered is as it came again. Twice is once.

    Raises Conflict when somebody changed the theme since `version`.
    """
    wait_for_turn_at(THEMES)
    row = queries.get_theme(key)
    if row is not None:
        check_unchanged(row.version, version)
        acts.note(actor, ActKind.THEME_CHANGED, row, now=now)
        db.session.delete(row)


def _check(wanted: Wanted, *, may_be_empty: bool) -> int:
    """The number of the edition that holds."""
    edition = get_current()
    if edition is None:
        raise RuleViolation(N_("There is no strategy yet."))
    if not wanted.places and not may_be_empty:
        raise RuleViolation(N_("Choose the points that belong to it."))
    if wanted.edition != edition.number or not wanted.places.keys() <= queries.list_keys_of(edition.number):
        raise RuleViolation(N_("The strategy has a new edition since you opened the page. Look at its points again."))
    return edition.number


def _fill(row: Theme, wanted: Wanted, edition: int) -> None:
    row.title, row.words, row.edition = wanted.title, wanted.words, edition
    for place in Place:
        setattr(row, place, tuple(key for key, chosen in wanted.places.items() if chosen is place))
