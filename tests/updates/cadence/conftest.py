"""A portal that has been in use since long before the day of the tests: what it asks of a class counts from there."""

from __future__ import annotations

from datetime import date, time

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock

LONG_AGO = date(2020, 8, 3)


@pytest.fixture(autouse=True)
def in_use_for_long(request: pytest.FixtureRequest) -> None:
    """The first act of all is an old one, wherever there is a school at all."""
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        db.session.add(Act(kind=ActKind.ROSTER_APPLIED, subject_id=1, at=clock.at_school(LONG_AGO, time(8))))
        db.session.commit()
