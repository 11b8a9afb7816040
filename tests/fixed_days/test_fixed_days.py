"""What the school always does: on its days and never on days off, asking nobody, and proof that needs no press."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.fixed_days.models import FixedDate, FixedDay
from portal.fixed_days.queries import list_held
from portal.fixed_days.services import FixedPlan, dates_of
from portal.proofs import Per
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.days_off.queries import school_days
from portal.strategy.models import Clause
from portal.text import clock
from portal.text.workdays import may_be_school_day
from portal.year_wheel import wheel as wheels
from portal.year_wheel.states import State
from portal.year_wheel.wheel import Seen
from tests import factories as make
from tests.cast import EVERYBODY, Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

DAYS = "/fixed-days/"
FRIDAY = 4


def song(**values: Any) -> dict[str, Any]:
    form = {"title": "Morgensang", "weekday": "4", "every_weeks": "1", "starts_on": "2026-08-10"}
    return {**form, "ends_on": "2027-06-18", "lowest_grade": "0", "highest_grade": "10", **values}


def plan(first: date, last: date, weekday: int | None = FRIDAY, every_weeks: int = 1) -> FixedPlan:
    return FixedPlan("Morgensang", first, last, weekday, every_weeks, 0, 10, ())


def held() -> list[date]:
    return list(db.session.scalars(select(FixedDate.held_on).order_by(FixedDate.held_on)))


def day_off(first: date, last: date) -> None:
    db.session.add(CalendarPeriod(name="Ferie", kind=PeriodKind.HOLIDAY, starts_on=first, ends_on=last))
    db.session.commit()


def state_of_morning_song(app: Flask) -> State:
    wheel = wheels.look_at(
        2026, app.extensions["portal.proofs"], every_weeks=6, seen=Seen(), now=clock.now(), only="morning_song"
    )
    return wheel.duties[0].state


@pytest.mark.parametrize("name", ["office", "leader"])
def test_a_fixed_day_is_entered_seen_by_everybody_changed_and_taken_away(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    office, soon = client_of(cast.users[name]), {"starts_on": "2026-11-23"}
    assert office.send(DAYS + "new", song(**soon), key="once").status_code == 303
    assert office.send(DAYS + "new", song(**soon), key="once").status_code == 303
    fixed = db.session.scalars(select(FixedDay)).one()
    for reader in EVERYBODY:
        page = client_of(cast.users[reader]).get(DAYS).text
        assert "Morgensang" in page, reader
        assert "Hver uge om fredagen" in page
        assert "Næste gang: på fredag" in page or "Næste gang: fredag" in page
    path = f"{DAYS}{fixed.id}"
    assert office.send(path + "/edit", song(**soon, weekday="0", version="1")).status_code == 303
    assert {day.weekday() for day in held()} == {0}
    late = office.send(path + "/edit", song(**soon, title="Sang", version="1"))
    assert late.status_code == 409
    assert 'value="Sang"' in late.text
    assert "Hver uge om mandagen" in late.text
    for seen in ({}, {"version": "1"}):
        stale = office.send(path + "/delete", seen)
        assert stale.status_code == 409
        assert "Hver uge om mandagen" in stale.text, "what holds now"
    assert office.send(path + "/delete", {"version": "2"}).status_code == 303
    assert held() == []
    assert office.send(path + "/delete", {"version": "2"}).status_code == 404
    assert len(db.session.scalars(select(Act).where(Act.kind == ActKind.FIXED_DAYS_CHANGED)).all()) == 3


def test_nobody_else_enters_changes_or_takes_away(cast: Cast, client: IsolatedClient, client_of: ClientOf) -> None:
    fixed = make.make_fixed_day()
    db.session.commit()
    for name in ("class_teacher", "akt", "guardian", "council_member", "helper", "newcomer"):
        browser = client_of(cast.users[name])
        assert browser.send(DAYS + "new", song()).status_code == 403, name
        assert browser.send(f"{DAYS}{fixed.id}/edit", song(version="1")).status_code == 403, name
        assert browser.send(f"{DAYS}{fixed.id}/delete").status_code == 403, name
    assert client.send(DAYS + "new", song()).status_code == 401
    assert db.session.scalar(select(func.count()).select_from(FixedDay)) == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"ends_on": "2026-08-09"}, "Den sidste dag"),
        ({"starts_on": "2026-06-01"}, "ét skoleår"),
        ({"ends_on": "2027-08-13"}, "ét skoleår"),
        ({"starts_on": "2027-08-10", "ends_on": "2027-12-01"}, "ét skoleår"),
        ({"lowest_grade": "5", "highest_grade": "3"}, "højere end det højeste"),
        ({"weekday": "each", "starts_on": "2026-11-28", "ends_on": "2026-11-29"}, "Der er ikke skole"),
        ({"weekday": "each", "starts_on": "2026-12-25", "ends_on": ""}, "Der er ikke skole"),
        ({"title": ""}, "ikke udfyldt"),
        ({"title": "x" * 81}, "80"),
        ({"weekday": "6"}, ""),
        ({"every_weeks": "3"}, ""),
        ({"every_weeks": "0"}, ""),
        ({"lowest_grade": "11"}, ""),
        ({"points": ["nothing"]}, ""),
        ({"starts_on": "2026-02-30"}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_kept_in_its_form(
    cast: Cast, client_of: ClientOf, values: dict[str, Any], says: str
) -> None:
    answer = client_of(cast.office).send(DAYS + "new", song(**values))
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(func.count()).select_from(FixedDay)) == 0


def test_a_childs_name_is_asked_about(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    named = office.send(DAYS + "new", song(title="Alma synger for"))
    assert named.status_code == 422
    assert 'value="Alma"' in named.text, "it is offered to tick"
    assert office.send(DAYS + "new", song(title="Alma synger for", named=["Alma"])).status_code == 303


def test_the_rhythm_is_counted_over_leap_days_the_change_of_clocks_and_public_holidays() -> None:
    assert list(dates_of(plan(date(2028, 2, 21), date(2028, 3, 3), None)))[6:8] == [date(2028, 2, 29), date(2028, 3, 1)]
    tuesdays = list(dates_of(plan(date(2028, 2, 15), date(2028, 3, 14), 1, every_weeks=2)))
    assert tuesdays == [date(2028, 2, 15), date(2028, 2, 29), date(2028, 3, 14)], "29 February counts as a day"
    over_october = list(dates_of(plan(date(2026, 10, 19), date(2026, 10, 30), FRIDAY)))
    assert over_october == [date(2026, 10, 23), date(2026, 10, 30)], "the clocks change on the 25th"
    over_march = list(dates_of(plan(date(2027, 3, 22), date(2027, 4, 2), FRIDAY)))
    assert over_march == [date(2027, 4, 2)], "Good Friday, and the clocks change on the 28th"
    year = list(dates_of(plan(date(2026, 8, 1), date(2027, 7, 31), 2, every_weeks=4)))
    assert {(b - a).days % 28 for a, b in zip(year, year[1:], strict=False)} == {0}
    assert year[-1] < date(2027, 6, 26), "none in the summer holidays"
    assert list(dates_of(plan(date(2026, 11, 23), date(2026, 11, 29), None)))[-1] == date(2026, 11, 27)


def test_it_falls_out_on_days_off_that_are_entered_later(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    office, parent = client_of(cast.office), client_of(cast.guardian)
    office.send(DAYS + "new", song())
    page = parent.get("/events/").text
    assert "På skolen i denne uge" in page
    assert "Morgensang" in page
    day_off(date(2026, 11, 27), date(2026, 11, 27))
    assert "Morgensang" not in parent.get("/events/").text
    assert "Næste gang: 4. december" in parent.get(DAYS).text
    wall_clock(datetime(2026, 11, 28, 11, tzinfo=UTC))
    saturday = client_of(cast.guardian).get("/events/").text
    assert "Fredag · For alle" in saturday, "on a Saturday the next week is shown"
    assert "På skolen i næste uge" in saturday
    assert "På skolen i denne uge" not in saturday


def test_usual_holidays_count_until_somebody_has_entered_them(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    client_of(cast.office).send(DAYS + "new", song())
    wall_clock(datetime(2027, 2, 16, 11, tzinfo=UTC))
    assert "Morgensang" not in client_of(cast.guardian).get("/events/").text, "the usual week 7"
    day_off(date(2027, 2, 22), date(2027, 2, 26))
    assert "Morgensang" in client_of(cast.guardian).get("/events/").text, "this school has week 8"


@pytest.mark.both
def test_pages_proofs_and_signs_leave_out_the_same_days(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    make.make_edition({"Hver dag": ["Vi synger om morgenen."]})
    fixed = make.make_fixed_day("Morgensang", date(2027, 2, 16), points=("k1",))
    db.session.commit()
    wall_clock(datetime(2027, 2, 16, 11, tzinfo=UTC))
    reader = client_of(cast.guardian)
    assert "Morgensang" not in reader.get("/events/").text
    assert state_of_morning_song(app) is not State.DONE
    assert "Morgensang" not in reader.get("/strategy/clauses/k1").text
    day_off(date(2027, 2, 22), date(2027, 2, 26))
    assert "Morgensang" in reader.get("/events/").text, "this school has week 8"
    assert state_of_morning_song(app) is State.DONE
    assert "Morgensang" in reader.get("/strategy/clauses/k1").text
    assert [one.fixed_day_id for one in list_held(date(2026, 8, 1), date(2027, 7, 31))] == [fixed.id]


@pytest.mark.both
@pytest.mark.parametrize("entered", [None, 2024, 2026])
def test_the_rule_in_the_database_is_the_calendars(app: Flask, database: str, entered: int | None) -> None:
    days = [date(2026, 8, 1) + timedelta(days=each) for each in range(730)]
    make.make_fixed_day("Hver dag", *(day for day in days if may_be_school_day(day)))
    if entered:
        day_off(date(entered, 10, 5), date(entered, 10, 9))
    db.session.commit()
    known = school_days(date(2026, 11, 23))
    assert [one.held_on for one in list_held(days[0], days[-1])] == [day for day in days if day in known]


CHANGES = [
    ({"weekday": "0"}, "2026-11-23"),
    ({"every_weeks": "2"}, "2026-12-04"),
    ({"highest_grade": "3"}, "2026-11-27"),
    ({"points": ["k1"]}, "2026-11-27"),
    ({"starts_on": "2027-01-11"}, "2027-01-15"),
]


@pytest.mark.both
@pytest.mark.parametrize(("values", "first"), CHANGES)
def test_what_is_over_stays_as_it_was_and_a_change_holds_from_today(
    cast: Cast, client_of: ClientOf, values: dict[str, Any], first: str, database: str
) -> None:
    make.make_edition({"Hver dag": ["Vi synger om morgenen."]})
    office = client_of(cast.office)
    office.send(DAYS + "new", song(starts_on="2026-10-05"))
    fixed_id, before = db.session.scalars(select(FixedDay.id)).one(), [day for day in held() if day < clock.today()]
    path = f"{DAYS}{fixed_id}/edit"
    assert "gælder fra i dag" in office.get(path).text
    form = song(**{"starts_on": "2026-10-05", "version": "1", **values})
    assert office.send(path, form, key="once").status_code == 303
    assert office.send(path, form, key="once").status_code == 303
    was, now = db.session.scalars(select(FixedDay).order_by(FixedDay.id)).all()
    assert [one.held_on for one in was.dates] == before
    assert (was.weekday, was.every_weeks, was.highest_grade, was.points) == (4, 1, 10, ())
    assert was.ends_on == date(2026, 11, 22)
    assert now.dates[0].held_on == now.starts_on == date.fromisoformat(first)
    assert now.dates[-1].held_on > date(2027, 5, 1)
    assert office.send(path, {**form, "version": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ({"title": "Fællessang"}, "2027-06-18"),
        ({"ends_on": "2026-11-22"}, "2026-11-20"),
        ({"ends_on": "2027-03-19"}, "2027-03-19"),
    ],
)
def test_its_name_and_its_last_day_are_put_right_in_place(
    cast: Cast, client_of: ClientOf, values: dict[str, Any], last: str
) -> None:
    office = client_of(cast.office)
    office.send(DAYS + "new", song(starts_on="2026-10-05"))
    fixed_id, before = db.session.scalars(select(FixedDay.id)).one(), [day for day in held() if day < clock.today()]
    form = song(**{"starts_on": "2026-10-05", "version": "1", **values})
    assert office.send(f"{DAYS}{fixed_id}/edit", form).status_code == 303
    assert db.session.scalars(select(FixedDay.title)).one() == values.get("title", "Morgensang")
    assert [day for day in held() if day < clock.today()] == before
    assert held()[-1] == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"starts_on": "2026-10-12"}, "Lad den første dag stå"),
        ({"starts_on": "2026-08-10"}, "Lad den første dag stå"),
        ({"ends_on": "2026-11-15"}, "Sidste dag kan være i går"),
        ({"ends_on": "2026-11-22", "weekday": "0"}, "Kun navnet kan rettes"),
    ],
)
def test_a_change_of_what_is_over_is_refused(
    cast: Cast, client_of: ClientOf, values: dict[str, Any], says: str
) -> None:
    office = client_of(cast.office)
    office.send(DAYS + "new", song(starts_on="2026-10-05"))
    fixed_id, before = db.session.scalars(select(FixedDay.id)).one(), held()
    answer = office.send(f"{DAYS}{fixed_id}/edit", song(**{"starts_on": "2026-10-05", "version": "1", **values}))
    assert answer.status_code == 422
    assert says in answer.text
    assert held() == before


def test_a_point_that_has_gone_stays_with_it_and_is_no_change(cast: Cast, client_of: ClientOf) -> None:
    make.make_edition({"Hver dag": ["Vi synger om morgenen.", "Vi hilser."]})
    fixed = make.make_fixed_day("Sang", date(2026, 11, 20), date(2026, 11, 27), weekday=4, points=("k2", "gone"))
    db.session.commit()
    form = song(title="Morgensang", starts_on="2026-11-20", ends_on="2026-11-27", points=["k2"], version="1")
    assert client_of(cast.office).send(f"{DAYS}{fixed.id}/edit", form).status_code == 303
    stands = db.session.scalars(select(FixedDay).execution_options(populate_existing=True)).one()
    assert (stands.title, stands.points) == ("Morgensang", ("k2", "gone"))


def test_a_week_stands_once_and_says_for_whom(cast: Cast, client_of: ClientOf) -> None:
    days = [date(2026, 11, day) for day in range(23, 28)]
    make.make_fixed_day("Venskabsuge", *days, highest_grade=3)
    db.session.commit()
    page = client_of(cast.guardian).get("/events/").text
    assert page.count("Venskabsuge") == 1
    assert "I dag til fredag · For 0.-3. klasse" in page


@pytest.mark.both
def test_what_was_held_proves_its_duty_and_what_lies_ahead_does_not(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    assert state_of_morning_song(app) is not State.DONE
    make.make_fixed_day("Motionsdag", date(2026, 11, 24))
    db.session.commit()
    assert state_of_morning_song(app) is not State.DONE, "it is tomorrow"
    wall_clock(datetime(2026, 11, 24, 11, tzinfo=UTC))
    assert state_of_morning_song(app) is State.DONE
    day_off(date(2026, 11, 24), date(2026, 11, 24))
    assert state_of_morning_song(app) is not State.DONE, "it fell out"
    assert {p.per for p in app.extensions["portal.proofs"] if p.kind == "fixed_day"} == {Per.SCHOOL}


@pytest.mark.both
def test_the_point_that_it_keeps_says_when_it_last_was(cast: Cast, client_of: ClientOf, database: str) -> None:
    make.make_edition({"Hver dag": ["Vi synger om morgenen.", "Vi hilser."]})
    days = [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27)]
    make.make_fixed_day("Morgensang", *days, points=("k1",))
    day_off(date(2026, 11, 13), date(2026, 11, 13))
    page = client_of(cast.guardian).get("/strategy/clauses/k1").text
    assert "Morgensang: senest" in page
    assert "2 gange på et år" in page, "neither the day off nor the day to come"
    assert "Morgensang" not in client_of(cast.guardian).get("/strategy/clauses/k2").text
    assert "1 Vi synger om morgenen." in client_of(cast.guardian).get(DAYS).text


def test_a_point_that_the_strategy_drops_is_named_no_more(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition({"Hver dag": ["Vi synger om morgenen."]})
    make.make_fixed_day(points=("k1", "gone"))
    db.session.commit()
    assert "Vi synger om morgenen." in client_of(cast.guardian).get(DAYS).text
    db.session.execute(Clause.__table__.delete().where(Clause.edition_id == edition.id))
    db.session.commit()
    page = client_of(cast.guardian).get(DAYS)
    assert page.status_code == 200
    assert "Vi synger" not in page.text


def test_last_years_days_stay_as_they_were_and_come_again_by_one_press(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    client_of(cast.office).send(DAYS + "new", song())
    fixed_id = db.session.scalars(select(FixedDay.id)).one()
    wall_clock(datetime(2027, 5, 3, 11, tzinfo=UTC))
    office = client_of(cast.office)
    again = office.get(f"{DAYS}new?again={fixed_id}").text
    assert 'value="Morgensang"' in again
    assert 'value="2027-08-16"' in again, "the Monday of the same week"
    wall_clock(datetime(2027, 9, 1, 11, tzinfo=UTC))
    office = client_of(cast.office)
    assert office.get(f"{DAYS}{fixed_id}/edit").status_code == 303
    late = office.send(f"{DAYS}{fixed_id}/edit", song(title="Sang for alle", version="1"))
    assert late.status_code == 422, "the form stood open when the school year ended"
    assert 'value="Sang for alle"' in late.text
    assert office.send(f"{DAYS}{fixed_id}/delete", {"version": "1"}).status_code == 422
    assert db.session.scalars(select(FixedDay.title)).one() == "Morgensang"
    assert "Morgensang" in client_of(cast.guardian).get(f"{DAYS}?year=2026").text
    assert "Morgensang" not in client_of(cast.guardian).get(DAYS).text
    assert client_of(cast.guardian).get(f"{DAYS}?year=1999").status_code == 200


def test_what_began_in_the_first_week_comes_again_within_the_new_school_year(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    fixed = make.make_fixed_day("Skolestart", date(2027, 8, 2), date(2028, 6, 23), weekday=0)
    db.session.commit()
    wall_clock(datetime(2028, 5, 2, 11, tzinfo=UTC))
    again = client_of(cast.office).get(f"{DAYS}new?again={fixed.id}").text
    assert 'value="2028-08-01"' in again, "the Monday of that week is still in July"
    assert 'value="2029-06-22"' in again


@pytest.mark.both
def test_of_two_who_change_it_at_once_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    fixed_id = make.make_fixed_day().id
    db.session.commit()
    path, offices = f"{DAYS}{fixed_id}/edit", [client_of(cast.office) for _ in range(3)]
    sends = [lambda c=c: c.send(path, song(version="1")).status_code for c in offices]  # type: ignore[misc]
    assert sorted(at_once(*sends)) == [303, 409, 409]
    assert len(held()) == len(set(held()))
