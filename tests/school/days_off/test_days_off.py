"""The school's calendar: everybody looks, office and leadership enter, and no day stands there twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.days_off.queries import school_days
from portal.school.days_off.usual_holidays import usual_holidays
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

NEW = "/school/days-off/periods/new"
AUTUMN = {"name": "Efterårsferie", "kind": "holiday", "starts_on": "2026-10-12", "ends_on": "2026-10-16"}


def stored() -> list[tuple[str, date, date]]:
    rows = db.session.query(CalendarPeriod).order_by(CalendarPeriod.starts_on)
    return [(row.name, row.starts_on, row.ends_on) for row in rows]


def refusal(answer: Any) -> str:
    assert answer.status_code == 422
    found = re.search(r'<div class="error-summary".*?</div>', answer.text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", " ", found[0])


@pytest.mark.parametrize("name", ["office", "leader"])
def test_days_off_are_entered_seen_by_everybody_changed_and_taken_away(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    keeper = client_of(cast.users[name])
    answer = keeper.send(NEW, AUTUMN)
    assert answer.location == "/school/days-off?year=2026"
    page = client_of(cast.council_member).get("/school/days-off").text
    assert "Efterårsferie" in page
    assert "mandag 12. oktober – fredag 16. oktober" in page
    assert "uge\N{NO-BREAK SPACE}42" in page
    assert "/edit" not in page
    (period,) = db.session.query(CalendarPeriod)
    path = f"/school/days-off/periods/{period.id}"
    assert f'href="{path}/edit"' in keeper.get("/school/days-off").text
    changed = {**AUTUMN, "ends_on": "18.10.2026", "version": period.version}
    assert keeper.send(f"{path}/edit", changed).status_code == 303
    assert stored() == [("Efterårsferie", date(2026, 10, 12), date(2026, 10, 18))]
    stale = keeper.send(f"{path}/delete", {"version": "1"})
    assert stale.status_code == 409
    assert 'value="2026-10-18"' in stale.text, "what holds now is in the fields"
    assert "Det, din kollega gemte" not in stale.text
    assert keeper.send(f"{path}/delete", {"version": "2"}).status_code == 303
    assert stored() == []
    assert [act.kind for act in db.session.query(Act)] == [ActKind.CALENDAR_CHANGED] * 3


@pytest.mark.parametrize("name", ["class_teacher", "akt", "guardian", "council_member", "board_secretary", "newcomer"])
def test_others_look_and_do_not_enter(cast: Cast, client_of: ClientOf, name: str) -> None:
    period = make.make_period()
    browser = client_of(cast.users[name])
    assert browser.get("/school/days-off").status_code == 200
    for path in ("/school/days-off/new", NEW, f"/school/days-off/periods/{period.id}/edit"):
        assert browser.get(path).status_code == 403
        assert browser.send(path, {**AUTUMN, "chosen": "autumn", "version": 1}).status_code == 403
    assert browser.send(f"/school/days-off/periods/{period.id}/delete").status_code == 403
    assert stored() == [("Juleferie", date(2026, 12, 23), date(2026, 12, 23))]


def test_one_day_needs_no_last_day(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.office).send(NEW, {"name": "Kursus", "kind": "closing_day", "starts_on": "2026-11-27"})
    assert stored() == [("Kursus", date(2026, 11, 27), date(2026, 11, 27))]
    page = client_of(cast.guardian).get("/school/days-off").text
    assert "fredag 27. november" in page
    assert "Skolen er lukket" in page


@pytest.mark.both
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_on": "2026-10-11"}, "ligger før den første"),
        ({"starts_on": "2027-01-01", "ends_on": "2027-03-12"}, "mere end 70 dage"),
        ({"starts_on": "2026-07-31", "ends_on": "2026-07-31"}, "fra maj"),
        ({"starts_on": "2027-08-01", "ends_on": "2027-08-02"}, "fra maj"),
        ({"starts_on": "0001-01-01", "ends_on": "0001-01-02"}, "fra maj"),
        ({"starts_on": "9999-12-31", "ends_on": "9999-12-31"}, "fra maj"),
        ({"starts_on": "2026-12-20", "ends_on": "2026-12-23"}, "Juleferie"),
        ({"starts_on": "2026-02-30"}, "Første dag"),
        ({"starts_on": "12/10"}, "Første dag"),
        ({"starts_on": ""}, "Første dag"),
        ({"ends_on": "i morgen"}, "Sidste dag"),
        ({"name": ""}, "Hvad hedder det?"),
        ({"name": " \x07 "}, "Hvad hedder det?"),
        ({"name": "x" * 81}, "Hvad hedder det?"),
        ({"kind": "party"}, "Hvad er det?"),
    ],
)
def test_days_that_make_no_sense_are_refused_and_kept_in_the_form(
    cast: Cast, client_of: ClientOf, database: str, change: dict[str, str], says: str
) -> None:
    make.make_period()
    answer = client_of(cast.office).send(NEW, {**AUTUMN, **change})
    assert says in refusal(answer)
    assert len(stored()) == 1
    if "name" not in change:
        assert 'value="Efterårsferie"' in answer.text


@pytest.mark.parametrize("name", ["👩‍👩‍👧", "<script>alert(1)</script>", "%(x)s {{ 7 * 7 }}", "a\u202eb", "=1+1"])
def test_odd_names_are_names(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(cast.office).send(NEW, {**AUTUMN, "name": name}).status_code == 303
    page = client_of(cast.guardian).get("/school/days-off")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "49" not in page.text


def test_the_next_school_year_opens_in_may(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[datetime], None]
) -> None:
    wall_clock(clock.at_school(date(2027, 5, 3), datetime.min.time()))
    office = client_of(cast.office)
    assert office.send(NEW, {**AUTUMN, "starts_on": "2027-10-18", "ends_on": "2027-10-22"}).status_code == 303
    assert "2027/28" in office.get("/school/days-off").text
    assert "Efterårsferie" in office.get("/school/days-off?year=2027").text


def test_holidays_over_the_turn_of_the_year_stand_in_both(cast: Cast, client_of: ClientOf) -> None:
    make.make_period(date(2026, 6, 27), date(2026, 8, 9), name="Sommerferie")
    office = client_of(cast.office)
    for year in (2025, 2026):
        assert "Sommerferie" in office.get(f"/school/days-off?year={year}").text
    (period,) = db.session.query(CalendarPeriod)
    assert office.get(f"/school/days-off/periods/{period.id}/edit").status_code == 200, "its end is in this year"


def test_a_past_school_year_stays_as_it_was(cast: Cast, client_of: ClientOf) -> None:
    period = make.make_period(date(2026, 2, 9), date(2026, 2, 13), name="Vinterferie")
    office = client_of(cast.office)
    path = f"/school/days-off/periods/{period.id}"
    assert f'href="{path}/edit"' not in office.get("/school/days-off?year=2025").text
    assert office.get(f"{path}/edit").location == "/school/days-off?year=2025"
    assert "fra maj" in refusal(office.send(f"{path}/edit", {**AUTUMN, "version": 1}))
    assert office.send(f"{path}/delete").status_code in (409, 422)
    assert stored() == [("Vinterferie", date(2026, 2, 9), date(2026, 2, 13))]


def test_the_second_of_two_editors_sees_both_versions(cast: Cast, client_of: ClientOf) -> None:
    period = make.make_period()
    first, second = client_of(cast.office), client_of(cast.leader)
    path = f"/school/days-off/periods/{period.id}/edit"
    assert first.send(path, {**AUTUMN, "name": "Første", "version": 1}).status_code == 303
    refused = second.send(path, {**AUTUMN, "name": "Anden", "version": 1})
    assert refused.status_code == 409
    assert "Første" in refused.text
    assert 'value="Anden"' in refused.text
    assert second.send(path, {**AUTUMN, "name": "Anden", "version": 2}).status_code == 303
    assert stored()[0][0] == "Anden"


@pytest.mark.both
def test_the_same_days_entered_at_the_same_moment_stand_there_once(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    browsers = [client_of(user) for user in (cast.office, cast.leader) for _ in range(3)]
    shifts = [
        {**AUTUMN, "name": f"Nr. {number}", "starts_on": f"2026-10-{12 - number}"} for number in range(len(browsers))
    ]
    answers = at_once(*(partial(browser.send, NEW, data) for browser, data in zip(browsers, shifts, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 5
    assert len(stored()) == 1


@pytest.mark.both
def test_two_periods_moved_onto_each_other_at_the_same_moment_do_not_both_get_there(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    periods = [make.make_period(date(2026, 11, 2)), make.make_period(date(2026, 11, 4))]
    moved = {"name": "Kursus", "kind": "closing_day", "starts_on": "2026-11-09", "ends_on": "", "version": 1}
    acts = [
        partial(client_of(user).send, f"/school/days-off/periods/{period.id}/edit", moved)
        for user, period in zip((cast.office, cast.leader), periods, strict=True)
    ]
    assert sorted(answer.status_code for answer in at_once(*acts)) == [303, 422]


def test_a_double_click_enters_once(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    assert [office.send(NEW, AUTUMN, key="k").status_code for _ in range(2)] == [303, 303]
    assert len(stored()) == 1


def test_an_empty_year_offers_the_usual_holidays(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    assert 'href="/school/days-off/new?year=2026"' in office.get("/school/days-off").text
    page = office.get("/school/days-off/new?year=2026").text
    assert page.count("checked") == 8, "all but the other winter week"
    chosen = [one.key for one in usual_holidays(2026) if one.key not in ("winter-7", "late-summer")]
    assert office.send("/school/days-off/new?year=2026", {"chosen": chosen}).status_code == 303
    assert ("Vinterferie", date(2027, 2, 22), date(2027, 2, 26)) in stored()
    assert len(stored()) == 7
    assert "/school/days-off/new" not in office.get("/school/days-off").text


def test_what_is_there_already_is_not_offered_again(cast: Cast, client_of: ClientOf) -> None:
    make.make_period(date(2026, 10, 14), name="Kursus", kind=PeriodKind.CLOSING_DAY)
    office = client_of(cast.office)
    assert "Efterårsferie" not in office.get("/school/days-off/new?year=2026").text
    assert office.send("/school/days-off/new?year=2026", {"chosen": ["autumn"]}).status_code == 422
    for one in usual_holidays(2026):
        if one.key != "autumn":
            make.make_period(one.starts_on, one.ends_on, name=one.key)
    assert office.get("/school/days-off/new?year=2026").location == "/school/days-off?year=2026"


@pytest.mark.parametrize("data", [{}, {"chosen": "easter-egg"}, {"chosen": ["autumn", "x"]}, {"chosen": "winter-9"}])
def test_a_choice_that_is_none_fills_in_nothing(cast: Cast, client_of: ClientOf, data: dict[str, Any]) -> None:
    assert client_of(cast.office).send("/school/days-off/new?year=2026", data).status_code == 422
    assert stored() == []


@pytest.mark.parametrize("year", ["", "x", "0", "-1", "99999999999999999999", "2019", "\x00", "２０２６"])
def test_a_year_that_is_none_is_this_one(cast: Cast, client_of: ClientOf, year: str) -> None:
    for path in ("/school/days-off", "/school/days-off/new"):
        answer = client_of(cast.office).get(path, query_string={"year": year})
        assert answer.status_code in (200, 400)
        assert answer.status_code == 400 or "2026/27" in answer.text


@pytest.mark.both
def test_a_year_nobody_has_entered_counts_with_the_usual_holidays(cast: Cast, database: str) -> None:
    autumn, winter = date(2026, 10, 14), date(2027, 2, 17)
    assert autumn not in school_days(clock.today())
    make.make_period(date(2026, 11, 27), name="Kursus", kind=PeriodKind.CLOSING_DAY)
    days = school_days(clock.today())
    assert autumn not in days
    assert date(2026, 11, 27) not in days
    make.make_period(date(2026, 10, 12), date(2026, 10, 16))
    days = school_days(clock.today())
    assert autumn not in days
    assert winter in days, "now it is the school's own calendar that counts"
    assert date(2027, 8, 5) not in days, "the next year has not been entered"
    assert days.first_from(date(2027, 6, 26)) == date(2027, 8, 9)
    assert date(2026, 11, 23) + timedelta(days=1) in days
