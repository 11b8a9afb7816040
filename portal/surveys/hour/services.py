"""Giving a class its hour: slips are made, the hour is opened and closed, and the class sees how it answered.

Of who answers nothing is noted as an act, since an act says who, and when. The acts of an hour are its team's, and
keep the day alone.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, insert, select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row, wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.surveys import queries
from portal.surveys.models import ANSWERS, ClassSurvey, Survey, SurveySlip
from portal.text import clock

#: Letters that no child takes for others, and no vowels, so that they never make a word.
LETTERS = "BCDFGHJKLMNPQRSTVXZ"
LENGTH = 6
#: More slips than children, for those that get lost.
SPARE = 3
HOUR = timedelta(hours=1)
#: How long a class is left in peace before it is asked again.
REST = timedelta(days=21)
#: So often a class answers in a school year, asked by the school and by its own team together.
MOST_A_YEAR = 6


def make_slips(part: ClassSurvey, *, now: datetime) -> ClassSurvey:
    """Make a slip for each child of the class and some to spare; those that are there already stay good.

    Raises RuleViolation when the survey is over, and once the class has answered or is answering.
    """
    part = _stored(part)
    lock_row(part)
    _check_before(part, now)
    here = set(queries.list_slips(part.id))
    missing = queries.count_children(part.class_id, today=clock.day_of(now)) + SPARE - len(here)
    new: set[str] = set()
    while len(new) < missing:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if code not in here and db.session.get(SurveySlip, code) is None:
            new.add(code)
    if new:  # in the order of their letters, which is nobody's
        db.session.execute(insert(SurveySlip), [{"code": code, "class_survey_id": part.id} for code in sorted(new)])
    return part


def _stored(part: ClassSurvey) -> ClassSurvey:
    """Get or create the row of a class in a survey; of two teachers, the first creates it."""
    if part.id is not None:
        return part
    insert_if_absent(
        ClassSurvey,
        survey_id=part.survey_id,
        class_id=part.class_id,
        band=part.band,
        children=0,
        answer_count=0,
        counts={},
        words="",
        version=0,
    )
    found = queries.get_class_survey(part.survey_id, part.class_id)
    if found is None:
        raise LookupError(f"no survey {part.survey_id}")
    return found


def _check_before(part: ClassSurvey, now: datetime) -> None:
    """Look again, under the lock: whether the class can still be given an hour."""
    if part.is_open(now):
        raise RuleViolation(N_("The hour is running. A colleague may have opened it just now."))
    if part.is_held(now) and part.answer_count:
        raise RuleViolation(N_("The class has answered this survey."))
    if part.survey.is_over(clock.day_of(now)):
        raise RuleViolation(N_("The survey is over."))


def check_not_too_often(class_id: int, today: date) -> None:
    """Raise RuleViolation for a class that has answered as often as a class is to be asked in a school year."""
    if queries.count_held(class_id, today=today) >= MOST_A_YEAR:
        raise RuleViolation(
            N_("The class has answered %(most)s times this school year. That is enough."), most=MOST_A_YEAR
        )


def check_rested(class_id: int, now: datetime, *, but_survey_id: int = 0) -> None:
    """Raise RuleViolation for a class that has answered another survey within three weeks, or is answering one.

    Two soon after each other, of which a child missed one, would tell by what is between their sums what it said.
    """
    last = queries.find_last_answered(class_id, but_survey_id=but_survey_id, now=now)
    if last is not None and last > clock.day_of(now) - REST:
        raise RuleViolation(
            N_("The class has answered within the last %(weeks)s weeks. Work with that first."), weeks=REST.days // 7
        )


def open_hour(part: ClassSurvey, *, actor: Person, now: datetime) -> ClassSurvey:
    """Let the class's slips be used for an hour from now on. An hour in which nobody answered can be opened anew.

    Raises RuleViolation when the survey is over, the class has answered or is answering it, or another one within three
    weeks, has no children any more, or has more of them than slips.
    """
    wait_for_turn_at(f"surveys of class {part.class_id}")
    _lock_survey(part)  # before a row that points at it: two classes' first hours would wait for each other
    part = _stored(part)
    lock_row(part)
    _check_before(part, now)
    today = clock.day_of(now)
    check_rested(part.class_id, now, but_survey_id=part.survey_id)
    check_not_too_often(part.class_id, today)
    children = queries.count_children(part.class_id, today=today)
    if not children:
        raise RuleViolation(N_("There are no children in the class today."))
    if len(queries.list_slips(part.id)) < children:
        raise RuleViolation(N_("There are fewer slips than children. Print the slips first."))
    asked = [row.id for row in queries.list_asked(part.survey_id) if row.band is part.band]
    part.children, part.answer_count, part.held_on, part.open_until = children, 0, today, now + HOUR
    part.counts = {str(wording): dict.fromkeys(ANSWERS[part.band], 0) for wording in asked}
    acts.note(actor, ActKind.SURVEY_HELD, part, now=_day_alone(now))
    return part


def _lock_survey(part: ClassSurvey) -> None:
    """Ending a survey and opening an hour of it follow each other, whichever comes first."""
    db.session.scalars(
        select(Survey).where(Survey.id == part.survey_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _day_alone(now: datetime) -> datetime:
    """The first moment of a day, in the place of the time of day at which a class answered (domain 3.11)."""
    return clock.at_school(clock.day_of(now), time())


def end_hour(part: ClassSurvey, *, seen: int | None, actor: Person, now: datetime) -> None:
    """End an hour that runs before it is over, as one of the team who saw that `seen` have answered. Twice is once.

    Raises Conflict when it is another number by now, and not everybody has answered: children are answering just now.
    """
    lock_row(part)
    if not part.is_open(now):
        return
    if part.answer_count < part.children:
        check_unchanged(part.answer_count, seen)
    close_hour(part, now=now)
    acts.note(actor, ActKind.SURVEY_CLOSED, part, now=_day_alone(now))


def close_hour(part: ClassSurvey, *, now: datetime) -> None:
    """End a class's hour: its slips are deleted, and its time of day is forgotten. Twice is once.

    An hour in which nobody answered was none.
    """
    lock_row(part)
    db.session.execute(delete(SurveySlip).where(SurveySlip.class_survey_id == part.id))
    part.open_until = None
    if part.held_on is not None and not part.answer_count:
        part.held_on, part.children, part.counts = None, 0, {}


def show_class(part: ClassSurvey, *, actor: Person, now: datetime) -> None:
    """Let the class see how it has answered, together with its teacher; from then on others may. Twice is once.

    Raises RuleViolation while the hour lasts, and when nobody has answered.
    """
    if part.id is None:
        raise RuleViolation(N_("The class has not answered yet."))
    lock_row(part)
    if part.is_open(now):
        raise RuleViolation(N_("The hour is still running. Close it when everybody has answered."))
    if not part.answer_count:
        raise RuleViolation(N_("The class has not answered yet."))
    if part.shown_on is None:
        close_hour(part, now=now)
        part.shown_on = clock.day_of(now)
        acts.note(actor, ActKind.SURVEY_SHOWN, part, now=now)


def end_hour_if_over(part: ClassSurvey, *, now: datetime) -> None:
    """Close an hour that is over, and delete the slips of a survey that is; else leave everything as it is."""
    lock_row(part)
    if not part.is_open(now) and (part.open_until is not None or part.survey.is_over(clock.day_of(now))):
        close_hour(part, now=now)
