"""Dates and times as people say them: "i morgen kl. 17", "fredag 4. december"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from portal.errors import N_
from portal.text import clock
from portal.web.language import LANGUAGES, catalogue_of, current_language

_DAYS_WITH_A_NAME = 6
#: The words of a language, as Babel has them too: loading hers costs every process 3 MB.
_DAYS = {
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_SHORT_MONTHS = {
    "da": "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The words of a language and the day it is, looked up once a day and not per date."""

    today: date
    is_danish: bool
    dot: str
    days: dict[int, str]
    last_days: dict[int, str]
    near_days: dict[int, str]
    months: dict[int, str]
    short_months: dict[int, str]

    def when(self, moment: datetime) -> str:
        """A moment as people say it: "i går kl. 14.20"."""
        there = clock.local(moment)
        return f"{self.near_date(there.date())} {self.time_of_day(there)}"

    def time_of_day(self, there: datetime | time) -> str:
        """The time on the school's clock."""
        if self.is_danish:
            return f"kl. {there.hour}.{there.minute:02d}" if there.minute else f"kl. {there.hour}"
        return f"at {there.hour}:{there.minute:02d}"

    def near_date(self, day: date) -> str:
        """Today, tomorrow, yesterday, a weekday within six days, else the date."""
        distance = (day - self.today).days
        if distance in self.near_days:
            return self.near_days[distance]
        if abs(distance) <= _DAYS_WITH_A_NAME:
            return (self.days if distance > 0 else self.last_days)[day.weekday()]
        return self.date_and_month(day)

    def date_and_month(self, day: date) -> str:
        """The day without its weekday, and the year only where it is another than this."""
        year = "" if day.year == self.today.year else f" {day.year}"
        return f"{day.day}{self.dot} {self.months[day.month]}{year}"


def calendar() -> Calendar:
    """Today's calendar, for callers that say many dates at once; the filters below use it too."""
    return _calendar(current_language(), clock.today())


@lru_cache(maxsize=len(LANGUAGES) * 2)
def _calendar(language: str, today: date) -> Calendar:
    words, is_danish = catalogue_of(language), language == "da"
    days = dict(enumerate(_DAYS[language].split()))
    last = words.gettext(N_("last %(weekday)s"))
    return Calendar(
        today=today,
        is_danish=is_danish,
        dot="." if is_danish else "",
        days=days,
        last_days={place: last % {"weekday": name} for place, name in days.items()},
        near_days={
            -1: words.gettext(N_("yesterday")),
            0: words.gettext(N_("today")),
            1: words.gettext(N_("tomorrow")),
        },
        months=dict(enumerate(_MONTHS[language].split(), start=1)),
        short_months=dict(enumerate(_SHORT_MONTHS[language].split(), start=1)),
    )


def time_of_day(moment: datetime) -> str:
    """The clock at the school: "kl. 17" or "kl. 17.30"; in English "at 17:30"."""
    return calendar().time_of_day(clock.local(moment))


def _face(moment: datetime) -> str:
    there = clock.local(moment)
    if current_language() == "da":
        return f"{there.hour}.{there.minute:02d}" if there.minute else f"{there.hour}"
    return f"{there.hour}:{there.minute:02d}"


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when: "fredag 4. december kl. 17.30–20", with both days where there are two.

    A line does not break within the hours: they hold a no-break space and word joiners.
    """
    first, last = clock.day_of(starts_at), clock.day_of(ends_at)
    begins = f"{weekday_date(first)} {time_of_day(starts_at)}".replace("kl. ", "kl.\N{NO-BREAK SPACE}")
    until = f"\N{WORD JOINER}–\N{WORD JOINER}{_face(ends_at)}"
    return f"{begins}{until}" if first == last else f"{begins} – {weekday_date(last)} {time_of_day(ends_at)}"


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when on the clock alone: "kl. 10–10.40"."""
    return f"{time_of_day(starts_at)}–{_face(ends_at)}"


def long_date(day: date) -> str:
    """The day in full, with its year: "4. december 2026"."""
    words = calendar()
    return f"{day.day}{words.dot} {words.months[day.month]} {day.year}"


def month_and_year(day: date) -> str:
    """The month with its year: "december 2026"."""
    return f"{calendar().months[day.month]} {day.year}"


def weekday_date(day: date) -> str:
    """The day with its weekday, and the year only where it is another than this: "fredag 4. december"."""
    words = calendar()
    return f"{words.days[day.weekday()]} {words.date_and_month(day)}"


def near_date(day: date) -> str:
    """The day as people say it: today, tomorrow, yesterday, a weekday within six days, else the date."""
    return calendar().near_date(day)


def when(moment: datetime) -> str:
    """A moment as people say it: "i går kl. 14.20"."""
    return calendar().when(moment)


def local_date(moment: datetime) -> date:
    """The day a moment falls on at the school."""
    return clock.day_of(moment)


def short_month(day: date) -> str:
    """The month as a date tile shows it: "dec."."""
    return calendar().short_months[day.month]


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
    "hours": hours,
    "short_month": short_month,
    "sentence_case": sentence_case,
}
