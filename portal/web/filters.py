"""Dates and times as people say them: "i morgen kl. 17", "fredag 4. december"."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from babel import Locale

from portal.text import clock
from portal.web.language import current_language, gettext

_DAYS_WITH_A_NAME = 6


@cache
def _names(language: str) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    locale = Locale.parse(language)
    return (
        dict(locale.days["format"]["wide"]),
        dict(locale.months["format"]["wide"]),
        dict(locale.months["format"]["abbreviated"]),
    )


def time_of_day(moment: datetime) -> str:
    """The clock at the school: "kl. 17" or "kl. 17.30"; in English "at 17:30"."""
    return f"kl. {_face(moment)}" if current_language() == "da" else f"at {_face(moment)}"


def _face(moment: datetime) -> str:
    there = clock.local(moment)
    if current_language() == "da":
        return f"{there.hour}.{there.minute:02d}" if there.minute else f"{there.hour}"
    return f"{there.hour}:{there.minute:02d}"


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when: "fredag 4. december kl. 17.30–20", with both days where there are two.

    A line does not break within the hours: they hold a no-break space and word joiners.
    """
    first, last = clock.local(starts_at).date(), clock.local(ends_at).date()
    begins = f"{weekday_date(first)} {time_of_day(starts_at)}".replace("kl. ", "kl.\N{NO-BREAK SPACE}")
    until = f"\N{WORD JOINER}–\N{WORD JOINER}{_face(ends_at)}"
    return f"{begins}{until}" if first == last else f"{begins} – {weekday_date(last)} {time_of_day(ends_at)}"


def long_date(day: date) -> str:
    """The day in full, with its year: "4. december 2026"."""
    _, months, _ = _names(current_language())
    return (
        f"{day.day}. {months[day.month]} {day.year}"
        if current_language() == "da"
        else f"{day.day} {months[day.month]} {day.year}"
    )


def weekday_date(day: date) -> str:
    """The day with its weekday, and the year only where it is another than this: "fredag 4. december"."""
    days, months, _ = _names(current_language())
    dot = "." if current_language() == "da" else ""
    year = "" if day.year == clock.today().year else f" {day.year}"
    return f"{days[day.weekday()]} {day.day}{dot} {months[day.month]}{year}"


def near_date(day: date) -> str:
    """The day as people say it: today, tomorrow, yesterday, a weekday within six days, else the date."""
    distance = (day - clock.today()).days
    if distance in (-1, 0, 1):
        return (gettext("yesterday"), gettext("today"), gettext("tomorrow"))[distance + 1]
    days, months, _ = _names(current_language())
    if 0 < abs(distance) <= _DAYS_WITH_A_NAME:
        name = days[day.weekday()]
        return name if distance > 0 else gettext("last %(weekday)s", weekday=name)
    dot = "." if current_language() == "da" else ""
    year = "" if day.year == clock.today().year else f" {day.year}"
    return f"{day.day}{dot} {months[day.month]}{year}"


def when(moment: datetime) -> str:
    """A moment as people say it: "i går kl. 14.20"."""
    return f"{near_date(clock.local(moment).date())} {time_of_day(moment)}"


def local_date(moment: datetime) -> date:
    """The day a moment falls on at the school."""
    return clock.local(moment).date()


def short_month(day: date) -> str:
    """The month as a date tile shows it: "dec."."""
    return _names(current_language())[2][day.month]


def sentence_case(text: str) -> str:
    """The text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


FILTERS = {
    "time_of_day": time_of_day,
    "long_date": long_date,
    "weekday_date": weekday_date,
    "near_date": near_date,
    "when": when,
    "local_date": local_date,
    "time_span": time_span,
    "short_month": short_month,
    "sentence_case": sentence_case,
}
