"""The holidays Danish schools usually have, as a proposal for a school year nobody has entered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.errors import N_
from portal.school.days_off.models import PeriodKind
from portal.text import clock
from portal.text.workdays import SATURDAY, easter, last_weekday_until, summer_begins, summer_ends

AUTUMN_WEEK, WINTER_WEEKS = 42, (7, 8)
THURSDAY = 3


@dataclass(frozen=True, slots=True)
class UsualHoliday:
    """One of them, by a key for forms; the name is a catalogue text. Of two winter weeks a school has one.

    `is_to_check` says that its first or last day is one on which municipalities differ.
    """

    key: str
    name: str
    kind: PeriodKind
    starts_on: date
    ends_on: date
    is_likely: bool = True
    is_to_check: bool = False


def usual_holidays(school_year: int) -> list[UsualHoliday]:
    """What most schools have in a school year, by date. Municipalities differ, so somebody looks it over."""
    following = school_year + 1
    sunday, holiday = easter(following), PeriodKind.HOLIDAY
    found = [
        UsualHoliday(
            "late-summer",
            N_("Summer holidays"),
            holiday,
            date(school_year, 8, 1),
            summer_ends(school_year),
            is_to_check=True,
        ),
        _week("autumn", N_("Autumn holidays"), school_year, AUTUMN_WEEK),
        UsualHoliday("christmas", N_("Christmas holidays"), holiday, *_christmas(school_year), is_to_check=True),
        *(
            _week(f"winter-{week}", N_("Winter holidays"), following, week, is_likely=week == WINTER_WEEKS[0])
            for week in WINTER_WEEKS
        ),
        UsualHoliday("easter", N_("Easter holidays"), holiday, sunday - timedelta(days=6), sunday + timedelta(days=1)),
        UsualHoliday(
            "ascension",
            N_("Ascension Day and the day after"),
            holiday,
            sunday + timedelta(days=39),
            sunday + timedelta(days=40),
        ),
        UsualHoliday("whitsun", N_("Whitsun"), holiday, sunday + timedelta(days=49), sunday + timedelta(days=50)),
        UsualHoliday(
            "summer",
            N_("Summer holidays"),
            holiday,
            summer_begins(following),
            summer_ends(following),
            is_to_check=True,
        ),
    ]
    june = date(following, 6, 5)
    if june.weekday() < SATURDAY and not any(one.starts_on <= june <= one.ends_on for one in found):
        found.append(UsualHoliday("constitution", N_("Constitution Day"), PeriodKind.CLOSING_DAY, june, june))
    return sorted(found, key=lambda one: one.starts_on)


def is_usual_holiday(day: date) -> bool:
    """Whether most schools have no school on a day: what is counted with until somebody has entered this school's."""
    usual = usual_holidays(clock.school_year(day))
    return any(one.starts_on <= day <= one.ends_on for one in usual if one.is_likely)


def _week(key: str, name: str, year: int, week: int, *, is_likely: bool = True) -> UsualHoliday:
    """Monday to Friday of a week by its number."""
    monday = date.fromisocalendar(year, week, 1)
    return UsualHoliday(key, name, PeriodKind.HOLIDAY, monday, monday + timedelta(days=4), is_likely)


def _christmas(year: int) -> tuple[date, date]:
    """From the last Saturday not after 23 December to 2 January; no lone Friday after."""
    first, last = last_weekday_until(date(year, 12, 23), SATURDAY), date(year + 1, 1, 2)
    if last.weekday() == THURSDAY:
        last += timedelta(days=1)
    return first, last
