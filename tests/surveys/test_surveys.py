"""Surveys of the school and of a class: what they ask, when they may be asked, and what the school sees of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.database import db
from portal.surveys.bank.models import Band
from portal.surveys.bank.queries import list_to_choose
from portal.surveys.models import Survey
from portal.surveys.national.models import NationalMeasurement
from portal.surveys.queries import list_asked
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move


def form(small: int = 5, big: int = 5, days: int = 14) -> dict[str, Any]:
    chosen = {band: [str(wording) for wording, _ in list_to_choose(band)] for band in Band}
    closes_on = (clock.today() + timedelta(days=days)).isoformat()
    return {"small": chosen[Band.SMALL][:small], "big": chosen[Band.BIG][:big], "closes_on": closes_on}


def test_the_leadership_asks_the_school_and_every_team_finds_it(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.leader).send("/surveys/new", form()).status_code == 303
    assert "Gå videre" in client_of(cast.class_teacher).get(f"/surveys/classes/{cast.third.id}").text
    assert "Gå videre" not in client_of(cast.guardian).get(f"/surveys/classes/{cast.third.id}").text


@pytest.mark.parametrize("wrong", [{"small": 2}, {"big": 0}, {"big": 8}, {"days": -1}, {"days": 61}, {"days": 300}])
def test_too_few_or_many_questions_and_days_that_cannot_be_are_refused(
    cast: Cast, client_of: ClientOf, wrong: dict[str, int]
) -> None:
    sent = form(**wrong)
    if wrong == {"big": 8}:
        sent["big"] = [str(wording) for wording, _ in list_to_choose(Band.BIG)]
        assert len(sent["big"]) == 8
    assert client_of(cast.leader).send("/surveys/new", sent).status_code == 422
    assert db.session.query(Survey).count() == 0


def test_a_question_of_the_other_band_is_no_choice(cast: Cast, client_of: ClientOf) -> None:
    wrong = form()
    wrong["small"] = wrong["big"]
    assert client_of(cast.leader).send("/surveys/new", wrong).status_code == 422


def test_one_survey_of_the_school_at_a_time(cast: Cast, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    leader.send("/surveys/new", form())
    assert leader.send("/surveys/new", form()).status_code == 422
    survey = db.session.query(Survey).one()
    assert leader.send(f"/surveys/{survey.id}/end").status_code == 303
    assert leader.send("/surveys/new", form()).status_code == 303


@pytest.mark.parametrize("name", ["akt", "class_teacher", "council_member", "office", "guardian"])
def test_only_the_leadership_asks_the_school(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(cast.users[name]).send("/surveys/new", form()).status_code == 403
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    assert client_of(cast.users[name]).send(f"/surveys/{survey.id}/end").status_code in {403, 404}


def test_a_class_is_left_in_peace_for_three_weeks(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    make.hold_survey(make.make_survey(cast.third, cast.class_teacher), cast.third)
    db.session.commit()
    teacher, path = client_of(cast.class_teacher), f"/surveys/classes/{cast.third.id}/new"
    asks = {"questions": form(small=3)["small"]}
    assert teacher.send(path, {**asks, "closes_on": form()["closes_on"]}).status_code == 422
    wall_clock(timedelta(days=22))
    teacher = client_of(cast.class_teacher)
    assert teacher.send(path, {**asks, "closes_on": form()["closes_on"]}).status_code == 303


def test_ending_a_survey_ends_the_hours_that_run(cast: Cast, client_of: ClientOf) -> None:
    survey = make.make_survey(None, cast.leader)
    part = make.open_survey(survey, cast.third, ["BCDFGH"])
    db.session.commit()
    client_of(cast.leader).send(f"/surveys/{survey.id}/end")
    db.session.expire_all()
    assert part.open_until is None


def test_the_school_sees_nothing_before_the_survey_is_over(cast: Cast, client_of: ClientOf) -> None:
    survey = make.make_survey(None, cast.leader)
    make.hold_survey(survey, cast.third)
    make.hold_survey(survey, make.make_class("2.A", 2), answers=9)
    make.hold_survey(survey, make.make_class("1.A", 1), answers=5)
    db.session.commit()
    leader = client_of(cast.leader)
    assert " %</span>" not in leader.get(f"/surveys/{survey.id}").text
    leader.send(f"/surveys/{survey.id}/end")
    page = leader.get(f"/surveys/{survey.id}").text
    assert "20 børn har svaret" in page
    assert "90 %</span>" in page


def test_only_who_has_answered_is_counted(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    survey = make.make_survey(None, cast.leader)
    make.hold_survey(survey, cast.third)
    part = make.open_survey(survey, cast.sixth, ["BCDFGH"])
    part.answer_count = 1
    make.open_survey(survey, make.make_class("2.A", 2), ["JKLMNP"])
    db.session.commit()
    assert "1 klasse har svaret" in client_of(cast.leader).get("/surveys/").text
    wall_clock(timedelta(hours=1))
    assert "2 klasser har svaret" in client_of(cast.leader).get("/surveys/").text
    page = client_of(cast.leader).get(f"/surveys/{survey.id}").text
    assert page.count("Besvaret") == 2


def test_a_small_class_hides_the_figures_of_its_band_alone(cast: Cast, client_of: ClientOf) -> None:
    ago = clock.today() - timedelta(days=40)
    over = make.make_survey(None, cast.leader, opens_on=ago, closes_on=ago)
    for label, grade, answers in (("2.A", 2, 20), ("3.B", 3, 4), ("7.A", 7, 20), ("8.A", 8, 21), ("9.A", 9, 9)):
        make.hold_survey(over, make.make_class(label, grade), answers=answers)
    db.session.commit()
    page = client_of(cast.council_member).get(f"/surveys/{over.id}").text
    assert "24 børn" not in page
    assert "Her er ingen tal" in page
    assert "50 børn har svaret" in page
    assert "3.B" not in page, "how far each class has come is the leadership's to see"


def test_the_school_waits_three_weeks_for_a_class_that_has_not_seen_its_own(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    survey = make.make_survey(None, cast.leader, opens_on=clock.today(), closes_on=clock.today())
    make.hold_survey(survey, cast.third, shown_on=None)
    for label in ("1.A", "2.A"):
        make.hold_survey(survey, make.make_class(label, int(label[0])), answers=9)
    db.session.commit()
    wall_clock(timedelta(days=20))
    page = client_of(cast.council_member).get(f"/surveys/{survey.id}").text
    assert "Klasserne ser først deres egne svar" in page
    assert " %</span>" not in page
    wall_clock(timedelta(days=1))
    assert "24 børn har svaret" in client_of(cast.council_member).get(f"/surveys/{survey.id}").text


def test_guardians_see_no_survey_of_the_school(cast: Cast, client_of: ClientOf) -> None:
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    assert client_of(cast.guardian).get(f"/surveys/{survey.id}").status_code == 404
    assert client_of(cast.guardian).get("/surveys/").status_code == 403


def test_an_old_survey_keeps_its_words(cast: Cast, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    asked = [row.text for row in list_asked(survey.id)]
    assert leader.send("/surveys/bank/1/edit", {"text": "Er skolen rar?", "version": "1"}).status_code == 303
    assert leader.send("/surveys/bank/2/discard").status_code == 303
    assert [row.text for row in list_asked(survey.id)] == asked
    assert "Er skolen rar?" in dict(list_to_choose(Band.SMALL)).values()
    assert asked[1] not in dict(list_to_choose(Band.SMALL)).values()
    late = leader.send("/surveys/bank/1/edit", {"text": "Er skolen god?", "version": "1"})
    assert late.status_code == 409
    assert "Er skolen rar?" in late.text


@pytest.mark.parametrize(
    ("typed", "status"), [("4,1", 303), ("4.1", 303), ("5", 303), ("5,1", 422), ("0,9", 422), ("x", 422)]
)
def test_the_national_figures_are_noted(cast: Cast, client_of: ClientOf, typed: str, status: int) -> None:
    sent = client_of(cast.leader).send(
        "/surveys/national/record", {"measured_on": "2026-05-04", "social": typed, "version": "0"}
    )
    assert sent.status_code == status
    again = client_of(cast.leader).send(
        "/surveys/national/record", {"measured_on": "2026-05-05", "social": "3,0", "version": "0"}
    )
    assert again.status_code == (409 if status == 303 else 303)


def figures(day: str, social: str, version: int, school_year: int) -> dict[str, str]:
    return {"measured_on": day, "social": social, "version": str(version), "school_year": str(school_year)}


def test_figures_of_another_school_year_are_never_written_over(cast: Cast, client_of: ClientOf) -> None:
    """Both years stand in the same version, and the day that is typed belongs to the other one."""
    leader, path = client_of(cast.leader), "/surveys/national/record"
    for day in ("2025-05-05", "2026-05-04"):
        assert leader.send(path, figures(day, "4,1", 0, 0)).status_code == 303
    page = leader.get(f"{path}?year=2025").text
    assert 'name="school_year" type="hidden" value="2025"' in page
    for wrong in (
        leader.send(f"{path}?year=2025", figures("2025-05-06", "1,0", 1, 2025)),
        leader.send(path, figures("2025-05-06", "1,0", 1, 2025)),
        leader.send(f"{path}?year=2025", figures("2025-05-06", "1,0", 1, 0)),
    ):
        assert wrong.status_code == 422
        assert "ligger ikke i skoleåret" in wrong.text
    db.session.expire_all()
    assert {row.social for row in db.session.query(NationalMeasurement)} == {41}


def test_the_second_of_two_who_note_figures_sees_those_that_stand_and_goes_on_from_them(
    cast: Cast, client_of: ClientOf
) -> None:
    leader, path = client_of(cast.leader), "/surveys/national/record"
    leader.send(path, figures("2026-05-04", "4,1", 0, 0))
    second = leader.send(path, figures("2026-05-05", "3,0", 0, 0))
    assert second.status_code == 409
    assert "4,1" in second.text
    assert 'value="3,0"' in second.text
    assert 'name="school_year" type="hidden" value="2025"' in second.text
    assert leader.send(path, figures("2026-05-05", "3,0", 1, 2025)).status_code == 303
