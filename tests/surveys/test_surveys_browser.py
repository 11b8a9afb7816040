"""A whole survey on a phone: the teacher's steps, a child's slip, the big screen; with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.surveys.models import ClassSurvey, SurveySlip
from tests import factories as make
from tests.browsing import PHONE
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_slips_to_what_the_class_works_on(
    cast: Cast, as_user: Callable[..., Page], visit: Callable[..., Page], javascript: bool
) -> None:
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    teacher = as_user(cast.class_teacher, viewport=PHONE, javascript=javascript)
    teacher.goto(f"/classes/{cast.third.id}")
    teacher.get_by_role("link", name="Hvordan klassen har det").click()
    teacher.get_by_role("link", name="Gå videre").click()
    teacher.get_by_role("button", name="Lav sedlerne").click()
    expect(teacher.locator(".slips li")).to_have_count(6)
    teacher.goto(f"/surveys/hour/{survey.id}/classes/{cast.third.id}")
    teacher.get_by_role("button", name="Åbn timen").click()
    expect(teacher.get_by_text("0 af 3 har svaret")).to_be_visible()

    code = db.session.query(SurveySlip).first().code  # type: ignore[union-attr] # they were made just now
    db.session.rollback()  # or this thread keeps the turn to write
    child = visit(viewport=PHONE, javascript=javascript)
    child.goto("/surveys/answer")
    child.get_by_label("Skriv de seks bogstaver").fill(code.lower())
    child.get_by_role("button", name="Gå i gang").click()
    for question in range(3):
        expect(child.get_by_text(f"Spørgsmål {question + 1} af 3")).to_be_visible()
        child.get_by_role("button", name="Ja", exact=True).click()
    child.get_by_role("button", name="Tilbage").click()
    child.get_by_role("button", name="Jeg springer over").click()
    child.get_by_role("button", name="Send mine svar").click()
    expect(child.get_by_role("heading", name="Tak, fordi du svarede")).to_be_visible()
    assert child.context.cookies() == []

    teacher.reload()
    expect(teacher.get_by_text("1 af 3 har svaret")).to_be_visible()
    teacher.get_by_role("button", name="Luk timen").click()
    expect(teacher.get_by_text("2 børn har ikke svaret")).to_be_visible()
    teacher.get_by_role("button", name="Ja, luk den").click()
    teacher.get_by_role("button", name="Vi er samlet: vis svarene").click()
    expect(teacher.get_by_text("Vi er for få til tal")).to_be_visible()
    for _ in range(3):
        teacher.get_by_role("link", name="Næste spørgsmål").or_(
            teacher.get_by_role("link", name="Hvad gør vi nu?")
        ).click()
    teacher.get_by_role("link", name="Skriv, hvad vi arbejder med").click()
    teacher.get_by_label("Det arbejder klassen med").fill("Vi spørger, om nogen vil være med.")
    teacher.get_by_role("button", name="Gem").click()
    expect(teacher.get_by_text("Vi spørger, om nogen vil være med.")).to_be_visible()
    db.session.expire_all()
    assert db.session.query(ClassSurvey).one().answer_count == 1
