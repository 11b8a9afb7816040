"""Dates and times read as people say them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from flask import Flask, g

from portal.text import clock
from portal.web import dates as filters
from portal.web.language import catalogue_of

LOCALES = {"da": "da", "en": "en_GB"}


@pytest.fixture(params=LOCALES)
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request that is answered in this language."""
    with app.test_request_context("/"):
        g.language = request.param
        yield request.param


def days_of_two_years() -> list[date]:
    return [date(2027, 1, 1) + timedelta(days=n) for n in range(366 + 365)]


def test_a_long_date_is_babel_s(language: str) -> None:
    for day in days_of_two_years():
        assert filters.long_date(day) == format_date(day, "long", locale=LOCALES[language])


def test_a_date_with_its_weekday_is_babel_s_words(language: str, wall_clock: Callable[[datetime], None]) -> None:
    wall_clock(datetime(2027, 6, 1, 10, 0, tzinfo=UTC))
    for day in days_of_two_years():
        pattern = "EEEE d. MMMM" if language == "da" else "EEEE d MMMM"
        year = "" if day.year == 2027 else " y"
        assert filters.weekday_date(day) == format_date(day, pattern + year, locale=LOCALES[language])


def test_a_short_month_is_babel_s(language: str) -> None:
    locale = {"da": "da", "en": "en"}[language]
    for day in days_of_two_years():
        assert filters.short_month(day) == format_date(day, "MMM", locale=locale)


def test_a_near_day_is_called_by_its_name(language: str) -> None:
    today = clock.today()
    said = [filters.near_date(today + timedelta(days=n)) for n in (-1, 0, 1)]
    assert said == [catalogue_of(language).gettext(word) for word in ("yesterday", "today", "tomorrow")]


def test_a_day_of_the_week_around_today_is_a_weekday(language: str) -> None:
    monday = clock.today()
    names = [format_date(monday + timedelta(days=n), "EEEE", locale=LOCALES[language]) for n in range(-6, 7)]
    last = catalogue_of(language).gettext("last %(weekday)s")
    for n in range(2, 7):
        assert filters.near_date(monday + timedelta(days=n)) == names[6 + n]
        assert filters.near_date(monday - timedelta(days=n)) == last % {"weekday": names[6 - n]}


def test_a_day_a_week_away_is_a_date(language: str) -> None:
    dot = "." if language == "da" else ""
    november = format_date(clock.today(), "MMMM", locale=LOCALES[language])
    assert filters.near_date(date(2026, 11, 30)) == f"30{dot} {november}"
    assert filters.near_date(date(2026, 11, 16)) == f"16{dot} {november}"
    assert filters.near_date(date(2027, 11, 16)) == f"16{dot} {november} 2027"


@pytest.mark.parametrize(
    ("hour", "minute", "danish", "english"),
    [(7, 0, "kl. 8", "at 8:00"), (16, 5, "kl. 17.05", "at 17:05"), (23, 30, "kl. 0.30", "at 0:30")],
)
def test_the_time_is_the_school_s(language: str, hour: int, minute: int, danish: str, english: str) -> None:
    moment = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    assert filters.time_of_day(moment) == {"da": danish, "en": english}[language]


def test_when_is_the_day_at_the_school_and_not_in_greenwich(app: Flask) -> None:
    with app.test_request_context("/"):
        g.language = "en"
        assert filters.when(datetime(2026, 11, 22, 22, 59, tzinfo=UTC)) == "yesterday at 23:59"
        assert filters.when(datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == "today at 0:00"
        assert filters.when(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == "tomorrow at 17:00"
        assert filters.when(datetime(2026, 7, 1, 10, 0, tzinfo=UTC)) == "1 July at 12:00"


def test_from_when_to_when_holds_together_on_a_line(language: str) -> None:
    evening = datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
    shown = {
        "da": (
            "fredag 4. december kl.\xa017.30\u2060–\u206020",
            "fredag 4. december kl.\xa017.30 – lørdag 5. december kl. 10",
        ),
        "en": (
            "Friday 4 December at 17:30\u2060–\u206020:00",
            "Friday 4 December at 17:30 – Saturday 5 December at 10:00",
        ),
    }[language]
    assert filters.time_span(evening, evening + timedelta(hours=2, minutes=30)) == shown[0]
    assert filters.time_span(evening, evening + timedelta(hours=16, minutes=30)) == shown[1]
    assert filters.local_date(datetime(2026, 12, 4, 23, 30, tzinfo=UTC)) == date(2026, 12, 5)


def test_a_sentence_begins_large_and_the_rest_stays() -> None:
    assert filters.sentence_case("åben for 3.A") == "Åben for 3.A"
    assert filters.sentence_case("") == ""
