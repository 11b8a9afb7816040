"""A class's year, for those who plan it: what was held and how many came, what is planned, and where there is room."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.database import db
from portal.events.models import Answer, Audience, ClassEvent, EventState
from portal.events.sending.services import MINUTES_TO_UNDO
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move


def year_of(browser: IsolatedClient, cast: Cast, year: int | None = None) -> dict[str, str]:
    """What stands under each month."""
    page = browser.get(f"/events/year/classes/{cast.third.id}" + (f"?year={year}" if year else ""))
    assert page.status_code == 200
    sections = re.findall(r"<section class=\"stack tight\">\s*<h2>(\w+)</h2>(.*?)</section>", page.text, re.S)
    return dict(sections)


@pytest.fixture
def lanterns(cast: Cast) -> ClassEvent:
    """Held last year in November, by two children who said yes."""
    event = make.make_event(
        cast.third, cast.guardian, "Lygter", starts_at=datetime(2025, 11, 20, 16, tzinfo=UTC), rsvp_deadline=None
    )
    make.answer(event, cast.alma, cast.guardian)
    make.answer(event, cast.otto, cast.guardian_of_two)
    make.answer(event, cast.noah, cast.foster_parent, Answer.DECLINED)
    return event


@pytest.mark.both
def test_held_planned_and_last_year_s_stand_under_their_months(
    cast: Cast, lanterns: ClassEvent, client_of: ClientOf, database: str
) -> None:
    held = make.make_event(cast.third, cast.guardian, "Bål", starts_at=datetime(2026, 9, 10, 14, tzinfo=UTC))
    make.answer(held, cast.alma, cast.guardian)
    make.make_event(cast.third, cast.guardian, "Suppe")  # on 4 December
    make.make_event(
        None, cast.leader, "Skolefest", audience=Audience.SCHOOL, starts_at=datetime(2027, 3, 4, tzinfo=UTC)
    )
    amina = client_of(cast.guardian_of_two)
    months = year_of(amina, cast)
    assert "Bål" in months["September"]
    assert "1 barn havde sagt ja" in months["September"]
    assert f"new?again={held.id}" in months["September"]
    assert "Suppe" in months["December"]
    assert "0 børn har sagt ja" in months["December"]
    assert "again=" not in months["December"], "what has not been is not done again"
    assert "Skolefest" in months["Marts"]
    assert "Samme måned sidste år" in months["November"]
    assert f"new?again={lanterns.id}" in months["November"]
    assert "2 børn havde sagt ja" in months["November"]
    assert "Otto" not in str(months), "numbers, and no names"
    before = year_of(amina, cast, 2025)
    assert set(before) == {"November"}
    assert "Samme måned sidste år" not in before["November"]


@pytest.mark.parametrize("change", ["cancelled", "a draft", "sent a moment ago", "of another class"])
def test_what_is_not_on_stands_nowhere(
    cast: Cast, lanterns: ClassEvent, client_of: ClientOf, wall_clock: Move, change: str
) -> None:
    if change == "cancelled":
        lanterns.state = EventState.CANCELLED
    elif change == "a draft":
        lanterns.out_at = None
    elif change == "sent a moment ago":
        lanterns.out_at = clock.now() + MINUTES_TO_UNDO
    else:
        db.session.delete(lanterns.classes[cast.third.id])
    assert "Lygter" not in str(year_of(client_of(cast.class_teacher), cast))


def test_two_empty_months_in_a_row_are_a_gap_and_what_is_over_is_none(cast: Cast, client_of: ClientOf) -> None:
    make.make_event(cast.third, cast.guardian, "Suppe")  # on 4 December
    months = year_of(client_of(cast.class_teacher), cast)
    ideas = [name for name, words in months.items() if "Måske:" in words]
    assert ideas == ["November", "Februar", "Marts", "April", "Maj", "Juni"], "January follows on December"


@pytest.mark.both
def test_what_the_whole_school_does_stands_in_its_month_for_the_grades_it_is_for(
    cast: Cast, lanterns: ClassEvent, client_of: ClientOf, database: str
) -> None:
    make.make_fixed_day("Motionsdag", date(2026, 10, 9))
    make.make_fixed_day("Venskabsuge", *(date(2027, 4, day) for day in range(26, 31)), highest_grade=3)
    make.make_fixed_day("Morgensang", date(2026, 10, 2), date(2026, 10, 9), weekday=4)
    make.make_fixed_day("Lejrskole", date(2026, 9, 2), lowest_grade=4, highest_grade=6)
    make.make_fixed_day("Teaterdag", date(2026, 9, 3))
    make.make_fixed_day("Fri for alle", date(2027, 2, 16))
    db.session.add(
        CalendarPeriod(name="Lukket", kind=PeriodKind.CLOSING_DAY, starts_on=date(2026, 9, 3), ends_on=date(2026, 9, 3))
    )
    db.session.commit()
    months = year_of(client_of(cast.guardian_of_two), cast)
    assert "Motionsdag" in months["Oktober"]
    assert "26.\N{EN DASH}30. april 2027" in months["April"]
    assert "måske" in months["April"].casefold(), "a day of the school fills no gap of the class"
    for title in ("Morgensang", "Lejrskole", "Teaterdag", "Fri for alle"):
        assert title not in str(months), title
    before = str(year_of(client_of(cast.guardian_of_two), cast, 2025))
    assert "Lygter" in before
    assert "Motionsdag" not in before


def test_what_the_year_has_already_is_not_proposed_again(cast: Cast, lanterns: ClassEvent, client_of: ClientOf) -> None:
    make.make_event(cast.third, cast.guardian, "LYGTER", starts_at=clock.now() + timedelta(days=20))
    assert "again=" not in str(year_of(client_of(cast.class_teacher), cast))


def test_homes_see_the_schools_fixed_days_of_their_class(cast: Cast, client_of: ClientOf) -> None:
    make.make_fixed_day("Motionsdag", date(2026, 10, 9))
    make.make_fixed_day("Lejrskole", date(2026, 9, 9), lowest_grade=6, highest_grade=6)
    make.make_fixed_day("Morgensang", date(2026, 9, 4), weekday=4)
    db.session.commit()
    for name in ("guardian", "other_home", "foster_parent", "class_teacher"):
        page = client_of(cast.users[name]).get(f"/events/year/classes/{cast.third.id}").text
        assert "Motionsdag" in page, name
        assert "Lejrskole" not in page
        assert "Morgensang" not in page, "a rhythm stands with the fixed days"
        assert 'href="/fixed-days/"' in page


def test_from_may_the_coming_year_is_planned_from_this_one(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    held = make.make_event(cast.third, cast.guardian, "Bål", starts_at=datetime(2026, 9, 10, 14, tzinfo=UTC))
    assert "2027/28" not in client_of(cast.class_teacher).get(f"/events/year/classes/{cast.third.id}").text
    wall_clock(datetime(2027, 5, 2, 10, tzinfo=UTC))
    teacher = client_of(cast.class_teacher)
    assert "2027/28" in teacher.get(f"/events/year/classes/{cast.third.id}").text
    assert f"new?again={held.id}" in year_of(teacher, cast, 2027)["September"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("guardian_of_two", 200),
        ("class_teacher", 200),
        ("guardian", 200),
        ("other_home", 200),
        ("foster_parent", 200),
        ("leader", 403),
        ("office", 403),
        ("helper", 404),
        ("guardian_elsewhere", 404),
        ("newcomer", 404),
        ("council_member", 404),
    ],
)
def test_a_class_s_year_is_for_its_homes_and_team(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(f"/events/year/classes/{cast.third.id}").status_code == status
    if status != 404 and name != "office":
        assert (f"/events/year/classes/{cast.third.id}" in browser.get(f"/classes/{cast.third.id}").text) is (
            status == 200
        )


@pytest.mark.parametrize("year", ["1999", "x", "-1", "999999999999", "2027"])
def test_a_year_that_is_none_is_this_one(cast: Cast, lanterns: ClassEvent, client_of: ClientOf, year: str) -> None:
    teacher = client_of(cast.class_teacher)
    path = f"/events/year/classes/{cast.third.id}"
    assert teacher.get(f"{path}?year={year}").text == teacher.get(path).text
