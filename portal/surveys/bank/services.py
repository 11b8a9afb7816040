"""Wording the school's questions. What was asked keeps its words: a new wording is a row of its own."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.surveys.bank.models import Band, SurveyQuestion, SurveyWording
from portal.text import clock


def add_question(band: Band, text: str, *, actor: Person, now: datetime) -> SurveyQuestion:
    """A new question, which the next survey can ask."""
    question = SurveyQuestion(band=band, version=1)
    db.session.add(question)
    db.session.flush()
    db.session.add(SurveyWording(question_id=question.id, number=1, text=text))
    acts.note(actor, ActKind.SURVEY_QUESTIONS_CHANGED, question, now=now)
    return question


def reword_question(question: SurveyQuestion, text: str, *, version: int, actor: Person, now: datetime) -> None:
    """Word a question anew for the surveys to come.

    Raises Conflict when somebody has done so since `version`, and RuleViolation for the very same words.
    """
    check_version(question, version)
    if question.current.text == text:
        raise RuleViolation(N_("These are the words it has already."))
    question.version = version + 1
    db.session.add(SurveyWording(question_id=question.id, number=question.version, text=text))
    acts.note(actor, ActKind.SURVEY_QUESTIONS_CHANGED, question, now=now)


def put_away(question: SurveyQuestion, *, actor: Person, now: datetime) -> None:
    """Ask a question no more in new surveys; twice is once."""
    if question.put_away_on is None:
        question.put_away_on = clock.day_of(now)
        acts.note(actor, ActKind.SURVEY_QUESTIONS_CHANGED, question, now=now)


def take_out(question: SurveyQuestion, *, actor: Person, now: datetime) -> None:
    """Let a question that was put away be asked again; twice is once."""
    if question.put_away_on is not None:
        question.put_away_on = None
        acts.note(actor, ActKind.SURVEY_QUESTIONS_CHANGED, question, now=now)
