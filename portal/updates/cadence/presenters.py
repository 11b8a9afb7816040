"""How classes stand with their news, in words and as a picture, by the school's own setting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask import current_app

from portal.errors import N_
from portal.people import ClassRef
from portal.school.models import SchoolClass
from portal.settings import Settings
from portal.text import clock
from portal.text.workdays import SchoolDays
from portal.updates.cadence import queries
from portal.updates.cadence.queries import ClassStanding
from portal.updates.cadence.rhythm import Cadence, Stage, Standing, Week
from portal.web.dates import calendar, weekday_date
from portal.web.language import gettext, ngettext

STAGE_NAMES = {Stage.ON_TIME: N_("On time"), Stage.DUE: N_("Due soon"), Stage.OVERDUE: N_("Overdue")}
#: The kind of `tag` and `notice` each of them is shown as.
URGENCY = {Stage.ON_TIME: "good", Stage.DUE: "warn", Stage.OVERDUE: "problem"}


def every_weeks() -> int:
    """Every how many school weeks a class team tells its homes."""
    settings: Settings = current_app.extensions["portal.settings"]
    return settings.update_every_weeks


@dataclass(frozen=True, slots=True)
class CadenceLine:
    """How one class stands, for its team: a sentence, its kind as a `notice` or `tag`, whether it asks for an act."""

    ref: ClassRef
    text: str
    urgency: str
    is_asking: bool


def cadence_lines(class_ids: Collection[int], *, today: date) -> dict[int, CadenceLine]:
    """How these classes stand, each in a sentence for its team: two statements for however many.

    Classes without pupils are left out: there is nobody to tell.
    """
    if not class_ids:
        return {}
    found, _ = queries.list_standings(every=every_weeks(), today=today, class_ids=class_ids)
    return {
        one.ref.id: CadenceLine(
            one.ref, _sentence(one.standing), URGENCY[one.standing.stage], one.standing.stage != Stage.ON_TIME
        )
        for one in found
    }


def _sentence(standing: Standing) -> str:
    day = weekday_date(standing.due_on)
    if standing.stage == Stage.ON_TIME:
        return gettext("The homes hear from you again by %(day)s.", day=day)
    if standing.stage == Stage.DUE:
        return gettext("It is time to tell the homes how the class is doing: by %(day)s.", day=day)
    if not standing.weeks_late:
        return gettext("The homes are waiting to hear from you. They should have by %(day)s.", day=day)
    return ngettext(
        "The homes are waiting to hear from you. They should have by %(day)s, %(num)s school week ago.",
        "The homes are waiting to hear from you. They should have by %(day)s, %(num)s school weeks ago.",
        standing.weeks_late,
        day=day,
    )


def late_words(standing: Standing) -> str:
    """How late a class is; "" for one that is not."""
    if standing.stage != Stage.OVERDUE:
        return ""
    if not standing.weeks_late:
        return gettext("less than a week late")
    return ngettext("%(num)s school week late", "%(num)s school weeks late", standing.weeks_late)


def teachers_to_remind(school_class: SchoolClass, today: date, *, stages: Collection[Stage]) -> set[int]:
    """The class teachers of today, as long as the class still stands like this."""
    found, _ = queries.list_standings(every=every_weeks(), today=today, class_ids=[school_class.id])
    if not any(one.standing.stage in stages for one in found):
        return set()
    return queries.list_class_teacher_ids(school_class.id, today=today)


@dataclass(frozen=True, slots=True)
class Strip:
    """A class's school year as a row of weeks: SVG paths of where it told and where it was late, and the same in words.

    The whole year has `width` units, `STEP` for each week. `told` are the days in words.
    """

    told_path: str
    late_path: str
    now: int
    told: tuple[str, ...]
    weeks_late: int
    label: str


STEP, HEIGHT = 5, 24
_TOP, _MIDDLE, _FOOT = 3, 17, 21


def strips(classes: Iterable[ClassStanding], days: SchoolDays, *, today: date) -> tuple[dict[int, Strip], int]:
    """The strips of these classes by id, and their common width; two statements."""
    chosen = list(classes)
    first = clock.first_day(clock.school_year(today))
    tellings = queries.list_tellings([one.ref.id for one in chosen], since=first)
    cadence = Cadence(every_weeks(), days)
    places = {monday: place for place, monday in enumerate(days.weeks(first, clock.last_day(clock.school_year(today))))}
    made = {
        one.ref.id: _strip(tellings[one.ref.id], cadence.weeks(tellings[one.ref.id], one.since, today), places)
        for one in chosen
    }
    return made, STEP * len(places)


def _strip(tellings: Collection[date], weeks: Collection[Week], places: dict[date, int]) -> Strip:
    at = {week.monday: places[week.monday] * STEP for week in weeks}
    late, words = sum(week.is_late for week in weeks), calendar()
    return Strip(
        told_path="".join(f"M{at[week.monday] + 2} {_TOP}V{_MIDDLE}" for week in weeks if week.told_count),
        late_path="".join(f"M{at[week.monday]} {_FOOT}h{STEP}" for week in weeks if week.is_late),
        now=max(at.values(), default=0) + STEP,
        told=tuple(words.date_and_month(day) for day in tellings),
        weeks_late=late,
        label=gettext(
            "%(told)s, %(late)s",
            told=ngettext("told %(num)s time", "told %(num)s times", len(tellings)),
            late=ngettext("%(num)s week late", "%(num)s weeks late", late),
        ),
    )
