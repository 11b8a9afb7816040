"""Counting a child's answers. A slip is deleted as it is used, in the moment that adds to its class's sums.

Nothing is noted as an act and nothing of the child is kept: not which slip, not in which order, not when.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from portal.database import db
from portal.database.transactions import lock_row
from portal.surveys import queries
from portal.surveys.hour.services import LENGTH, LETTERS
from portal.surveys.models import ANSWERS, Answer, ClassSurvey, SurveySlip
from portal.text import clock


def read_code(typed: str) -> str:
    """The letters of a slip as somebody types them, in whatever case and with whatever between; "" for none."""
    letters = "".join(letter for letter in typed[:40].upper() if letter in LETTERS)
    return letters if len(letters) == LENGTH else ""


def find_open(code: str, *, now: datetime) -> ClassSurvey | None:
    """The class that a slip lets answer now; None for letters that are no slip, were one, or after the hour."""
    part = queries.get_by_slip(code) if code else None
    return part if part is not None and _takes_answers(part, now) else None


def _takes_answers(part: ClassSurvey, now: datetime) -> bool:
    is_over = part.survey.is_over(clock.day_of(now))
    return part.is_open(now) and not is_over and part.answer_count < part.children


def give_answers(code: str, answers: Mapping[int, Answer], *, now: datetime) -> bool:
    """Use a slip and add its answers to its class's sums; False, and nothing is changed, for one that holds no more.

    `answers` are by the id of the wording: one for each question of the survey. Raises ValueError for others.
    """
    part = find_open(code, now=now)
    if part is None:
        return False
    lock_row(part)  # the others of the class wait: whoever comes second sees that the slip is gone
    if not _takes_answers(part, now):
        return False
    if {int(wording) for wording in part.counts} != answers.keys() or set(answers.values()) - {*ANSWERS[part.band]}:
        raise ValueError("not what was asked")
    used = db.session.execute(delete(SurveySlip).where(SurveySlip.code == code).returning(SurveySlip.code)).first()
    if used is None:
        return False
    part.counts = {  # one row, written as a whole: nothing tells which sums grew together
        wording: {answer: children + (answers[int(wording)] == answer) for answer, children in sums.items()}
        for wording, sums in part.counts.items()
    }
    part.answer_count += 1
    return True
