"""Making a survey and ending it, and what a class's team writes afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.name_guard.cover import Cover, written_at
from portal.name_guard.guard import check_agreed, look_for_names
from portal.people import Person
from portal.surveys import queries
from portal.surveys.hour.services import MOST_A_YEAR, check_not_too_often, check_rested, close_hour
from portal.surveys.models import ClassSurvey, Survey, SurveyAsk
from portal.text import clock

FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 7
#: How long a survey may last.
LONGEST = timedelta(days=60)


def make_school_survey(
    small: Sequence[int], big: Sequence[int], *, closes_on: date, actor: Person, now: datetime
) -> Survey:
    """Ask every class of the school, in wordings of the bank for the small and for the big, up to a day.

    Raises RuleViolation for too few or too many questions, a day that cannot be, while another survey of the school is
    under way, and the seventh in a school year.
    """
    for wordings in (small, big):
        _check_questions(wordings)
    wait_for_turn_at("surveys of the school")
    today = clock.day_of(now)
    earlier = db.session.scalars(
        select(Survey).where(Survey.class_id.is_(None), Survey.school_year == clock.school_year(today))
    ).all()
    if any(not survey.is_over(today) for survey in earlier):
        raise RuleViolation(N_("The school has a survey under way. End it first, or wait for its last day."))
    if len(earlier) >= MOST_A_YEAR:
        raise RuleViolation(
            N_("The school has asked %(most)s times this school year. That is enough."), most=MOST_A_YEAR
        )
    return _make(None, [*small, *big], closes_on=closes_on, actor=actor, now=now)


def make_class_survey(
    class_id: int, wordings: Sequence[int], *, closes_on: date, actor: Person, now: datetime
) -> Survey:
    """Ask one class, in wordings of the bank, up to a day.

    Raises RuleViolation for too few or too many questions, a day that cannot be, while the class has something to
    answer, three weeks after it has answered, and when it has answered six times in the school year.
    """
    _check_questions(wordings)
    wait_for_turn_at(f"surveys of class {class_id}")
    _check_peace(class_id, now)
    return _make(class_id, wordings, closes_on=closes_on, actor=actor, now=now)


def _check_questions(wordings: Sequence[int]) -> None:
    if not FEWEST_QUESTIONS <= len(set(wordings)) <= MOST_QUESTIONS:
        raise RuleViolation(
            N_("Choose from %(fewest)s to %(most)s questions."), fewest=FEWEST_QUESTIONS, most=MOST_QUESTIONS
        )


def _check_peace(class_id: int, now: datetime) -> None:
    today = clock.day_of(now)
    own = select(Survey, ClassSurvey.held_on).outerjoin(
        ClassSurvey, (ClassSurvey.survey_id == Survey.id) & (ClassSurvey.class_id == class_id)
    )
    asked = db.session.execute(
        own.where((Survey.class_id == class_id) | Survey.class_id.is_(None), Survey.opens_on > today - 2 * LONGEST)
    ).all()
    if any(not survey.is_over(today) and held_on is None for survey, held_on in asked):
        raise RuleViolation(N_("The class has a survey to answer already."))
    check_rested(class_id, now)
    check_not_too_often(class_id, today)


def _make(class_id: int | None, wordings: Sequence[int], *, closes_on: date, actor: Person, now: datetime) -> Survey:
    today = clock.day_of(now)
    if not today <= closes_on <= min(today + LONGEST, clock.last_day(clock.school_year(today))):
        raise RuleViolation(
            N_("Choose a last day from today on, within %(days)s days and this school year."), days=LONGEST.days
        )
    survey = Survey(
        class_id=class_id,
        school_year=clock.school_year(today),
        opens_on=today,
        closes_on=closes_on,
        made_by_id=actor.id,
    )
    db.session.add(survey)
    db.session.flush()
    db.session.add_all(
        SurveyAsk(survey_id=survey.id, wording_id=wording, place=place)
        for place, wording in enumerate(dict.fromkeys(wordings), start=1)
    )
    acts.note(actor, ActKind.SURVEY_MADE, survey, now=now)
    return survey


def end_survey(survey: Survey, *, actor: Person, now: datetime) -> None:
    """End a survey before its last day, and with it every hour that runs; twice is once."""
    lock_row(survey)
    if survey.is_over(clock.day_of(now)):
        return
    survey.ended_on = clock.day_of(now)
    for part in db.session.scalars(
        select(ClassSurvey).where(ClassSurvey.survey_id == survey.id).order_by(ClassSurvey.id)
    ).all():
        close_hour(part, now=now)
    acts.note(actor, ActKind.SURVEY_ENDED, survey, now=now)


def write_words(
    part: ClassSurvey, words: str, *, version: int, agreed: Collection[str] = (), actor: Person, now: datetime
) -> None:
    """Write for the homes what the class works on since a survey, in the team's own words.

    Raises RuleViolation before the class has seen how it answered, and for names that were not agreed to; Conflict
    when a colleague has written since `version`.
    """
    if part.id is None or part.shown_on is None:
        raise RuleViolation(N_("Show the class first how it has answered, and choose together."))
    check_version(part, version)
    today = clock.day_of(now)
    check_agreed(look_for_names("", words, [part.class_id], reader=actor, today=today), agreed)
    stood_at = part.words_at or now
    part.words_at = written_at("surveys", [part.class_id], [part.words], stood_at=stood_at, now=now)
    tell = acts.note if part.words else acts.record  # homes hear of it once, and read it as it is put right
    part.words, part.version = words, version + 1
    tell(actor, ActKind.SURVEY_WORDS_WRITTEN, part, now=now)


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in what a class's team wrote after surveys. Nobody is told."""
    for part in queries.list_to_cover(class_id):
        covered = cover.over(part.words, saved_at=part.words_at) if part.words_at is not None else part.words
        if covered != part.words:
            part.words, part.version = covered, part.version + 1
