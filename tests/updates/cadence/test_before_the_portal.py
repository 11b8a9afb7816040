"""A portal that came in November asks nobody about September: no reproach and no reminder."""

from __future__ import annotations

from datetime import date, time

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock
from portal.updates.cadence.queries import list_standings
from portal.updates.cadence.rhythm import Stage
from portal.updates.chores import find_to_remind
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move

#: All of 3.A and 6.A have been enrolled since 1 August; it is Monday 23 November.
CAME_ON = date(2026, 11, 23)


@pytest.fixture
def came(cast: Cast) -> Cast:
    """The office's first import is the first thing that was ever done here."""
    db.session.query(Act).delete()
    db.session.add(Act(kind=ActKind.ROSTER_APPLIED, subject_id=1, at=clock.at_school(CAME_ON, time(8))))
    db.session.commit()
    return cast


@pytest.mark.both
@pytest.mark.parametrize("told_on", [None, date(2026, 8, 20)])
def test_nobody_is_late_on_the_first_days(
    came: Cast, client_of: ClientOf, wall_clock: Move, database: str, told_on: date | None
) -> None:
    if told_on:
        make.make_told_elsewhere(came.third, came.class_teacher, told_on=told_on)
    wall_clock(clock.at_school(date(2026, 12, 1), time(9)))
    found, _ = list_standings(every=6, today=clock.today())
    assert {(one.ref.label, one.standing.stage) for one in found} == {("3.A", Stage.ON_TIME), ("6.A", Stage.ON_TIME)}
    assert {one.since for one in found} == {CAME_ON}
    assert list(find_to_remind(clock.now())) == []
    home = client_of(came.class_teacher).get("/").text
    assert "Hjemmene venter på at høre fra jer" not in home
    assert "For sent" not in client_of(came.leader).get("/updates/cadence").text.split("<table")[-1]


def test_after_its_own_weeks_it_asks(came: Cast, wall_clock: Move) -> None:
    wall_clock(clock.at_school(date(2027, 1, 20), time(9)))
    found, _ = list_standings(every=6, today=clock.today())
    assert {one.standing.stage for one in found} == {Stage.OVERDUE}
    assert find_to_remind(clock.now())


def test_a_class_that_got_its_first_pupil_later_counts_from_then(came: Cast, wall_clock: Move) -> None:
    new = make.make_class("0.A", 0, hue=1)
    make.make_pupil(new, "Sofie", starts_on=date(2027, 1, 11))
    wall_clock(clock.at_school(date(2027, 1, 20), time(9)))
    found, _ = list_standings(every=6, today=clock.today(), class_ids=[new.id])
    assert [(one.since, one.standing.stage) for one in found] == [(date(2027, 1, 11), Stage.ON_TIME)]
