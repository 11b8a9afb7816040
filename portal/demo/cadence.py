"""The demo school's calendar, what homes were told elsewhere, what children were asked, and the year wheel's notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

from portal.database import db
from portal.demo.texts import UPDATES
from portal.people import Person
from portal.proofs import Per
from portal.school import queries as school
from portal.school.days_off.models import CalendarPeriod
from portal.school.days_off.queries import school_days
from portal.school.days_off.usual_holidays import usual_holidays
from portal.school.models import SchoolClass
from portal.surveys import queries, services
from portal.surveys.bank.models import Band
from portal.surveys.bank.queries import list_to_choose
from portal.surveys.models import ANSWERS, Answer, ClassSurvey, Survey
from portal.text import clock
from portal.text.workdays import Period
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.web.language import gettext
from portal.year_wheel.delivered import DELIVERED
from portal.year_wheel.services import note_duty

NOON = time(12)
MEETING_AFTER = 3
#: Classes tell every four to eight weeks, so that a larger school has some of every kind.
FEWEST_WEEKS, KINDS = 4, 5
MEETING, AULA = "Sådan har klassen det", "Ugebrev om trivslen i klassen"
#: Of the two surveys: how long ago they were made, and how long they last.
OVER, RUNS, LASTS = timedelta(days=45), timedelta(days=3), timedelta(days=14)
QUESTIONS = 5
#: So many classes have answered, which is enough to see what the school's page looks like.
CLASSES = 12
#: How many of twenty children gave each answer; the questions take turns.
OF_TWENTY = {
    Band.SMALL: ((16, 2, 1, 1), (11, 6, 2, 1), (14, 5, 1, 0)),
    Band.BIG: ((10, 6, 2, 1, 1), (6, 9, 4, 0, 1), (12, 6, 2, 0, 0)),
}
WORDS = {
    "3.A": "Vi øver os i at spørge: ”Vil du være med?” Hver dag ser to børn efter, om nogen går alene i frikvarteret.",
    "6.A": "Vi vil have mere ro i timerne. Vi har fundet på et tegn, som alle må bruge, og ser på det om tre uger.",
}
#: What is noted in the year wheel so many days after the school year began, with a line about it.
NOTED = {
    "team_contract": (40, "Hele teamet har skrevet under."),
    "class_time": (40, "Der er sat en time af hver uge."),
    "morning_song": (20, "Hver fredag i aulaen."),
    "known_by_all": (60, "Gennemgået i klassen og sendt til nye hjem."),
}
#: The last class lacks this, so that something is late.
SLOW = {"known_by_all"}


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


def ask_classes(classes: Mapping[str, SchoolClass], leader: Person, now: datetime) -> None:
    """Let the school have asked its classes six weeks ago, each have seen its answers, and ask again now."""
    survey = _ask(leader, now - OVER)
    asked = queries.list_asked(survey.id)
    for label, school_class in islice(classes.items(), CLASSES):
        band = Band.of_grade(int(label.split(".")[0])) if label[0].isdigit() else Band.SMALL
        wordings = [row.id for row in asked if row.band is band]
        db.session.add(
            ClassSurvey(
                survey_id=survey.id,
                class_id=school_class.id,
                band=band,
                held_on=survey.opens_on,
                shown_on=survey.opens_on,
                children=20,
                answer_count=20,
                counts={str(wording): _sums(band, place) for place, wording in enumerate(wordings)},
                words=WORDS.get(label, ""),
                words_at=clock.at_school(survey.opens_on, NOON) if label in WORDS else None,
            )
        )
    _ask(leader, now - RUNS)


def _ask(leader: Person, at: datetime) -> Survey:
    small, big = ([wording for wording, _ in list_to_choose(band)[:QUESTIONS]] for band in Band)
    closes_on = min(clock.day_of(at + LASTS), clock.last_day(clock.school_year(clock.day_of(at))))
    return services.make_school_survey(small, big, closes_on=closes_on, actor=leader, now=at)


def _sums(band: Band, place: int) -> dict[Answer, int]:
    return dict(zip(ANSWERS[band], OF_TWENTY[band][place % len(OF_TWENTY[band])], strict=True))


def note_duties(classes: Mapping[str, SchoolClass], leader: Person, now: datetime) -> None:
    """Note in the year wheel what the school has done by now."""
    begins, class_ids = clock.first_day(clock.school_year(clock.day_of(now))), [one.id for one in classes.values()]
    duties = {each.duty.key: each.duty for each in DELIVERED}
    for key, (days, line) in NOTED.items():
        done_on = begins + timedelta(days=days)
        in_time: list[int | None] = [*class_ids[: -1 if key in SLOW else None]]
        whose = in_time if duties[key].per is Per.CLASS else [None]
        if done_on <= clock.day_of(now):
            note_duty(duties[key], whose, done_on, line, class_ids=class_ids, actor=leader, now=now)
