"""The demo school's calendar, and what its classes told their homes in Aula and at parent meetings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from portal.database import db
from portal.demo.texts import UPDATES
from portal.school import queries as school
from portal.school.days_off.models import CalendarPeriod
from portal.school.days_off.queries import school_days
from portal.school.days_off.usual_holidays import usual_holidays
from portal.school.models import SchoolClass
from portal.text import clock
from portal.text.workdays import Period
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.web.language import gettext

NOON = time(12)
MEETING_AFTER = 3
#: Classes tell every four to eight weeks, so that a larger school has some of every kind.
FEWEST_WEEKS, KINDS = 4, 5
MEETING, AULA = "Sådan har klassen det", "Ugebrev om trivslen i klassen"


def fill_calendar(now: datetime) -> None:
    """The usual holidays, for this school year and the last."""
    year = clock.school_year(clock.day_of(now))
    taken: list[Period] = []
    for usual in [*usual_holidays(year - 1), *usual_holidays(year)]:
        if usual.is_likely and not any(period.meets(usual.starts_on, usual.ends_on) for period in taken):
            taken.append(Period(usual.starts_on, usual.ends_on))
            db.session.add(
                CalendarPeriod(
                    name=gettext(usual.name), kind=usual.kind, starts_on=usual.starts_on, ends_on=usual.ends_on
                )
            )
    db.session.flush()


def tell_elsewhere(classes: Mapping[str, SchoolClass], now: datetime) -> None:
    """A parent meeting in the first weeks; letters in Aula from teams that do not write here yet, some more often."""
    today = clock.day_of(now)
    days = school_days(today)
    begins = days.first_from(clock.first_day(clock.school_year(today)))
    for place, (label, school_class) in enumerate(classes.items()):
        every = FEWEST_WEEKS + place % KINDS
        _tell(school_class, days.weeks_after(begins, MEETING_AFTER), ToldChannel.PARENT_MEETING, MEETING, today)
        told_on = days.weeks_after(begins, every)
        while label not in {news.label for news in UPDATES} and told_on <= today:
            _tell(school_class, told_on, ToldChannel.AULA, AULA, today)
            told_on = days.weeks_after(told_on, every)


def _tell(school_class: SchoolClass, told_on: date, channel: ToldChannel, note: str, today: date) -> None:
    if told_on > today:
        return
    teacher = school.list_team(school_class.id, today=today)[0]
    db.session.add(
        ToldElsewhere(
            class_id=school_class.id,
            told_on=told_on,
            channel=channel,
            note=note,
            registered_by_id=teacher.user_id,
            registered_at=clock.at_school(told_on, NOON),
        )
    )
