"""A fixed day that a change has split: two rows, and one thing for all who read of it or let it come again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from portal.database import db
from portal.fixed_days.models import FixedDay
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once
from tests.fixed_days.test_fixed_days import DAYS, song


@pytest.mark.both
def test_what_had_ended_is_not_lengthened_by_what_goes_on_from_it(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    fixed = make.make_fixed_day("Sang", date(2026, 10, 2), date(2026, 10, 9), weekday=4)
    db.session.commit()
    path = f"{DAYS}{fixed.id}/edit"
    form = song(title="Sang", starts_on="2026-10-02", weekday="0", version="1")
    first, second = client_of(cast.office), client_of(cast.leader)
    assert first.send(path, form).status_code == 303
    was, now = db.session.scalars(select(FixedDay).order_by(FixedDay.id)).all()
    assert (was.ends_on, now.starts_on) == (date(2026, 10, 9), date(2026, 11, 23))
    assert [one.held_on for one in was.dates] == [date(2026, 10, 2), date(2026, 10, 9)]
    assert second.send(path, form).status_code == 409, "a second tab that saw the same"
    assert db.session.scalar(select(func.count()).select_from(FixedDay)) == 2


@pytest.mark.both
def test_of_two_who_split_what_had_ended_at_once_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    fixed = make.make_fixed_day("Sang", date(2026, 10, 2), weekday=4)
    db.session.commit()
    path, form = f"{DAYS}{fixed.id}/edit", song(title="Sang", starts_on="2026-10-02", weekday="0", version="1")
    offices = [client_of(cast.office) for _ in range(3)]
    sends = [lambda c=c: c.send(path, form).status_code for c in offices]  # type: ignore[misc]
    assert sorted(at_once(*sends)) == [303, 409, 409]
    assert db.session.scalar(select(func.count()).select_from(FixedDay)) == 2


@pytest.mark.both
def test_what_was_split_is_told_once_beside_its_point(cast: Cast, client_of: ClientOf, database: str) -> None:
    make.make_edition({"Hver dag": ["Vi synger om morgenen."]})
    make.make_fixed_day("morgensang", date(2026, 11, 6), date(2026, 11, 13), points=("k1",), weekday=4)
    make.make_fixed_day("Morgensang", date(2026, 11, 19), points=("k1",), weekday=3)
    db.session.commit()
    page = client_of(cast.guardian).get("/strategy/clauses/k1").text
    assert page.casefold().count("morgensang: senest") == 1
    assert "Morgensang: senest" in page, "as it is called now"
    assert "3 gange på et år" in page
    assert "19. november" in page or "i torsdags" in page


def test_what_was_split_comes_again_whole(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    was = make.make_fixed_day("Morgensang", date(2026, 8, 14), date(2026, 11, 20), weekday=4)
    now = make.make_fixed_day("morgensang", date(2026, 12, 7), date(2027, 6, 21), weekday=0)
    autumn, spring = (make.make_fixed_day("Motionsdag", day) for day in (date(2026, 10, 9), date(2027, 5, 7)))
    beside = make.make_fixed_day("Morgensang", date(2026, 8, 12), date(2027, 6, 23), weekday=2)
    db.session.commit()
    wall_clock(datetime(2027, 5, 10, 11, tzinfo=UTC))
    office = client_of(cast.office)
    page = office.get(DAYS).text
    offered = {one.id for one in (was, now, autumn, spring, beside) if f'again={one.id}"' in page}
    assert offered == {now.id, autumn.id, spring.id, beside.id}
    for half in (was, now):
        again = office.get(f"{DAYS}new?again={half.id}").text
        assert 'value="morgensang"' in again, "as it was at last"
        assert 'value="2027-08-20"' in again, "the week of its first half"
        assert 'value="2028-06-19"' in again
