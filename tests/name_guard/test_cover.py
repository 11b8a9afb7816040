"""A name that was open when a text was written, and is protected now, is covered; nothing else is (domain 3.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.protection import Protection
from portal.name_guard.cover import Cover, cover_for
from portal.name_guard.finder import PupilName
from portal.name_guard.queries import OnceOpen
from portal.school.models import Pupil
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, Cast

ALMA = OnceOpen(1, PupilName(1, "Alma", "Bjerregaard"), date(2026, 8, 1), datetime(2026, 10, 1, tzinfo=UTC))
WHEN_OPEN = datetime(2026, 9, 1, tzinfo=UTC)
WORDS = ("(et barn)", "(et barns)")
KNOWERS = {"class_teacher", "pedagogue", "substitute", "leader", "office"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Alma og Otto leger.", "(et barn) og Otto leger."),
        ("Almas hund, ALMA'S hund", "(et barns) hund, (et barns) hund"),
        ("Alma Bjerregaard, Alma B. og Bjerregaards", "(et barn), (et barn) og (et barns)"),
        ("- **Alma** hilser\n- vi leger", "- **(et barn)** hilser\n- vi leger"),
        ("[Alma](https://example.org/alma)", "[(et barn)](https://example.org/alma)"),
        ("Al\u00adma og A&#108;ma < Otto", "(et barn) og (et barn) &lt; Otto"),
        ("Al**m**a leger", "(et barn) leger"),
        ("Almanak og palmer", "Almanak og palmer"),
        ("Ingen er nævnt.", "Ingen er nævnt."),
        ("", ""),
    ],
)
def test_every_spelling_is_covered_and_nothing_around_it(app: object, typed: str, read: str) -> None:
    assert Cover(WORDS, [ALMA]).over(typed, saved_at=WHEN_OPEN) == read


@pytest.mark.parametrize(
    ("saved_at", "is_covered"),
    [
        (datetime(2026, 7, 31, tzinfo=UTC), False),
        (datetime(2026, 8, 1, 8, tzinfo=UTC), True),
        (ALMA.open_until, True),
        (ALMA.open_until + timedelta(seconds=1), False),
    ],
)
def test_only_while_the_child_was_in_the_class_by_that_name(app: object, saved_at: datetime, is_covered: bool) -> None:
    """Else whoever wrote a name beforehand, or tries one out now, would see that it is somebody's."""
    assert (Cover(WORDS, [ALMA]).over("Alma", saved_at=saved_at) != "Alma") is is_covered


def test_a_name_that_another_child_bears_openly_is_no_secret(app: object) -> None:
    cover = Cover(WORDS, [ALMA], [PupilName(2, "Alma", "Krogh")])
    assert cover.over("Alma og Alma Bjerregaard", saved_at=WHEN_OPEN) == "Alma og (et barn)"


def covered(cast: Cast) -> tuple[OnceOpen, ...]:
    """What is covered in the class for somebody who may not know its names."""
    return tuple(cover_for(cast.people["guardian"], cast.third.id, WORDS).once_open)


def _hide(pupil: Pupil) -> None:
    make.make_former_name(pupil)
    pupil.protection, pupil.alias = Protection.NAME, "Sol"


@pytest.mark.both
def test_for_those_who_may_not_know_and_as_long_as_it_is_protected(cast: Cast, database: str) -> None:
    now = clock.now()
    assert covered(cast) == ()
    _hide(cast.alma)
    for name in EVERYBODY - {"newcomer"}:
        read = cover_for(cast.people[name], cast.third.id, WORDS).over("Alma og Otto", saved_at=now)
        assert (read == "Alma og Otto") is (name in KNOWERS), name
    assert list(cover_for(cast.people["guardian"], cast.sixth.id, WORDS).once_open) == [], (
        "the other class was never hers"
    )
    cast.alma.protection = Protection.NONE
    assert covered(cast) == ()


def test_also_of_a_child_who_has_left_the_class(cast: Cast) -> None:
    _hide(cast.alma)
    cast.alma.enrolments[0].ends_on = clock.today() - timedelta(days=1)
    assert cover_for(cast.people["guardian"], cast.third.id, WORDS).over("Alma", saved_at=clock.now()) != "Alma"
