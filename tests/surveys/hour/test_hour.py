"""A class's hour: slips on paper, the press that opens it, the class that sees first, and what the homes read."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.school.models import Enrolment
from portal.surveys.hour.services import MOST_A_YEAR, SPARE
from portal.surveys.models import ClassSurvey, Survey, SurveySlip
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, HOMES, SCHOOL_WIDE, TEAM, Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.reading import read


@pytest.fixture
def survey(cast: Cast) -> Survey:
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    return survey


def at(survey: Survey, cast: Cast, step: str = "") -> str:
    return f"/surveys/hour/{survey.id}/classes/{cast.third.id}{step}"


def part_of(survey: Survey) -> ClassSurvey:
    db.session.expire_all()
    return db.session.query(ClassSurvey).filter_by(survey_id=survey.id).one()


def test_a_class_is_asked_from_slips_to_words(
    cast: Cast, client_of: ClientOf, client: IsolatedClient, survey: Survey
) -> None:
    teacher, guardian = client_of(cast.class_teacher), client_of(cast.guardian)
    for name in ("Bo", "Liv"):
        make.make_pupil(cast.third, name)
    db.session.commit()
    assert teacher.send(at(survey, cast, "/make-slips")).location == at(survey, cast, "/slips")
    sheet = teacher.get(at(survey, cast, "/slips"))
    codes = [row.code for row in db.session.query(SurveySlip)]
    assert len(codes) == 5 + SPARE
    assert all(f"{code[:3]} {code[3:]}" in sheet.text for code in codes)
    assert sheet.text.count('class="qr"') == len(codes)
    assert teacher.send(at(survey, cast, "/start")).status_code == 303
    assert teacher.get(at(survey, cast, "/slips")).status_code == 404, "what is left tells who has answered"
    asked = list(part_of(survey).counts)
    for code in codes[:5]:
        form = {"code": code, **{f"answer_{wording}": "yes" for wording in asked}}
        assert client.post("/surveys/answer/submit", data=form).location == "/surveys/answer/thanks"
    page = teacher.get(at(survey, cast))
    assert "5 af 5 har svaret" in page.text
    assert teacher.get(at(survey, cast, "/screen")).status_code == 403, "the class sees it first"
    assert teacher.send(at(survey, cast, "/show")).status_code == 422, "the hour is running"
    teacher.send(at(survey, cast, "/close"))
    assert db.session.query(SurveySlip).count() == 0
    assert client_of(cast.leader).get(at(survey, cast, "/screen")).status_code == 403, "before the class has seen it"
    assert teacher.send(at(survey, cast, "/show")).location == at(survey, cast, "/screen")
    assert "10 ud af 10" in teacher.get(at(survey, cast, "/screen")).text
    assert client_of(cast.leader).get(at(survey, cast, "/screen")).status_code == 200
    words = "Vi øver os i at spørge, om nogen vil være med."
    assert teacher.send(at(survey, cast, "/words"), {"words": words, "version": "0"}).status_code == 303
    read = guardian.get(f"/surveys/classes/{cast.third.id}").text
    assert words in read
    assert "ud af 10" not in read
    assert " %" not in read
    assert guardian.get(at(survey, cast, "/screen")).status_code == 403


def test_only_the_team_gives_the_class_its_hour(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    for name in sorted(EVERYBODY):
        status = client_of(cast.users[name]).get(at(survey, cast)).status_code
        allowed = {"team": 200, "sees": 403, "else": 404}
        kind = "team" if name in TEAM else "sees" if name in HOMES | SCHOOL_WIDE else "else"
        assert status == allowed[kind], name
        for step in ("/make-slips", "/start", "/close", "/show", "/end"):
            if kind != "team":
                assert client_of(cast.users[name]).send(at(survey, cast, step)).status_code == allowed[kind], name


def test_a_team_has_no_hour_in_another_class_s_survey(cast: Cast, client_of: ClientOf) -> None:
    own = make.make_survey(cast.sixth, cast.teacher_elsewhere)
    db.session.commit()
    path = f"/surveys/hour/{own.id}/classes/{cast.third.id}"
    assert client_of(cast.class_teacher).send(f"{path}/make-slips").status_code == 404


def test_the_school_s_survey_is_not_ended_by_a_team(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    assert client_of(cast.class_teacher).send(at(survey, cast, "/end")).status_code == 403


def test_printing_again_keeps_the_slips_that_are_cut_out(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    codes = {row.code for row in db.session.query(SurveySlip)}
    client_of(cast.pedagogue).send(at(survey, cast, "/make-slips"))
    db.session.expire_all()
    assert {row.code for row in db.session.query(SurveySlip)} == codes


def test_the_hour_needs_a_slip_for_each_child(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    for number in range(SPARE + 1):
        make.make_pupil(cast.third, f"Ny{number}")
    db.session.commit()
    assert "færre sedler" in teacher.send(at(survey, cast, "/start")).text
    teacher.send(at(survey, cast, "/make-slips"))
    assert teacher.send(at(survey, cast, "/start")).status_code == 303


def test_the_second_of_two_teachers_does_not_begin_the_hour_anew(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    client_of(cast.class_teacher).send(at(survey, cast, "/make-slips"))
    client_of(cast.class_teacher).send(at(survey, cast, "/start"))
    until = part_of(survey).open_until
    wall_clock(timedelta(minutes=20))
    assert client_of(cast.substitute).send(at(survey, cast, "/start")).status_code == 422
    assert part_of(survey).open_until == until


def test_an_hour_in_which_nobody_answered_was_none(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    teacher = client_of(cast.class_teacher)
    for _ in range(2):
        teacher.send(at(survey, cast, "/make-slips"))
        assert teacher.send(at(survey, cast, "/start")).status_code == 303
        teacher.send(at(survey, cast, "/close"), {"seen": "0"})
        assert part_of(survey).held_on is None


def test_a_class_that_has_answered_is_not_opened_again(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    make.hold_survey(survey, cast.third, answers=2)
    db.session.commit()
    for step in ("/make-slips", "/start"):
        assert client_of(cast.class_teacher).send(at(survey, cast, step)).status_code == 422


def test_a_class_that_was_merged_away_has_no_hour(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    db.session.query(Enrolment).filter_by(class_id=cast.third.id).update({"class_id": cast.sixth.id})
    db.session.commit()
    assert "ingen børn" in teacher.send(at(survey, cast, "/start")).text
    assert client_of(cast.leader).get(f"/surveys/{survey.id}").status_code == 200


def test_what_a_merged_class_answered_stays_in_the_school_s_survey(cast: Cast, client_of: ClientOf) -> None:
    ago = clock.today() - timedelta(days=40)
    over = make.make_survey(None, cast.leader, opens_on=ago, closes_on=ago + timedelta(days=5))
    make.hold_survey(over, cast.third)
    for label, answers in (("3.B", 7), ("3.C", 8)):
        make.hold_survey(over, make.make_class(label, 3), answers=answers)
    db.session.commit()
    page = client_of(cast.leader).get(f"/surveys/{over.id}").text
    assert "21 børn har svaret" in page
    assert "3.B" in page, "a class without children today has answered then"


def test_closing_while_some_have_not_answered_is_asked_first(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    part = make.open_survey(survey, cast.third, ["BCDFGH"], children=3)
    part.answer_count = 1
    db.session.commit()
    teacher = client_of(cast.class_teacher)
    page = teacher.send(at(survey, cast, "/close"))
    assert "2 børn har ikke svaret" in page.text
    assert 'name="seen" type="hidden" value="1"' in page.text
    assert part_of(survey).open_until is not None
    part_of(survey).answer_count = 2
    db.session.commit()
    late = teacher.send(at(survey, cast, "/close"), {"seen": "1"})
    assert late.status_code == 409
    assert "1 barn har ikke svaret" in late.text
    assert teacher.send(at(survey, cast, "/close"), {"seen": "x"}).status_code == 200
    assert part_of(survey).open_until is not None
    assert teacher.send(at(survey, cast, "/close"), {"seen": "2"}).status_code == 303
    assert part_of(survey).open_until is None
    assert db.session.query(Act).filter_by(kind=ActKind.SURVEY_CLOSED).count() == 1
    assert client_of(cast.pedagogue).send(at(survey, cast, "/close")).status_code == 303, "twice is once"
    assert db.session.query(Act).filter_by(kind=ActKind.SURVEY_CLOSED).count() == 1


def test_the_acts_of_an_hour_keep_the_day_alone(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    teacher = client_of(cast.class_teacher)
    for step in ("/make-slips", "/start"):
        teacher.send(at(survey, cast, step))
    part_of(survey).answer_count = part_of(survey).children
    db.session.commit()
    teacher.send(at(survey, cast, "/close"))
    kinds = (ActKind.SURVEY_HELD, ActKind.SURVEY_CLOSED)
    moments = [act.at for act in db.session.query(Act).filter(Act.kind.in_(kinds))]
    assert moments == [clock.at_school(clock.today(), time())] * 2
    lines = read(client_of(cast.leader).get("/acts/").text).text
    assert "lukkede" in lines
    assert "kl. 0" not in lines


def test_after_an_hour_without_answers_the_sheet_is_there(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    teacher = client_of(cast.class_teacher)
    for step in ("/make-slips", "/start"):
        teacher.send(at(survey, cast, step))
    wall_clock(timedelta(hours=1))
    assert at(survey, cast, "/slips") in teacher.get(at(survey, cast)).text
    assert teacher.get(at(survey, cast, "/slips")).status_code == 200
    assert "Besvaret" not in client_of(cast.guardian).get(f"/surveys/classes/{cast.third.id}").text


def test_a_class_that_answered_another_survey_rests_three_weeks(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    """Of two in a row, one child that missed one is what lies between their sums."""
    make.hold_survey(make.make_survey(cast.third, cast.class_teacher), cast.third)
    db.session.commit()
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    assert "de sidste 3 uger" in teacher.send(at(survey, cast, "/start")).text
    assert part_of(survey).held_on is None
    wall_clock(timedelta(days=21))
    survey.closes_on = clock.today()
    db.session.commit()
    assert client_of(cast.class_teacher).send(at(survey, cast, "/start")).status_code == 303


def test_an_hour_without_answers_needs_no_rest(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    make.open_survey(make.make_survey(cast.third, cast.class_teacher), cast.third, ["BCDFGH"])
    db.session.commit()
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    assert teacher.send(at(survey, cast, "/start")).status_code == 422, "it is running"
    wall_clock(timedelta(hours=1))
    assert teacher.send(at(survey, cast, "/start")).status_code == 303


def test_no_class_answers_more_than_six_times_a_year(
    cast: Cast, client_of: ClientOf, survey: Survey, wall_clock: Move
) -> None:
    teacher = client_of(cast.class_teacher)
    teacher.send(at(survey, cast, "/make-slips"))
    first = clock.first_day(clock.school_year(clock.today()))
    for number in range(MOST_A_YEAR):
        make.hold_survey(
            make.make_survey(cast.third, cast.class_teacher, opens_on=first + timedelta(number)), cast.third
        )
    db.session.commit()
    wall_clock(timedelta(days=22))
    teacher = client_of(cast.class_teacher)
    survey.closes_on = clock.today()
    db.session.commit()
    assert "Det er nok" in teacher.send(at(survey, cast, "/start")).text
    form = {"questions": ["1", "2", "3"], "closes_on": (clock.today() + timedelta(days=5)).isoformat()}
    assert teacher.send(f"/surveys/classes/{cast.third.id}/new", form).status_code == 422


def test_a_class_of_four_talks_and_sees_no_figure(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    make.hold_survey(survey, cast.third, answers=4)
    db.session.commit()
    screen = client_of(cast.class_teacher).get(at(survey, cast, "/screen")).text
    assert "Vi er for få til tal" in screen
    assert "ud af 10" not in screen


def test_a_name_in_the_words_is_agreed_to_first(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    make.hold_survey(survey, cast.third)
    db.session.commit()
    teacher = client_of(cast.class_teacher)
    form = {"words": "Alma må være med.", "version": "0"}
    assert teacher.send(at(survey, cast, "/words"), form).status_code == 422
    assert teacher.send(at(survey, cast, "/words"), {**form, "agreed": "Alma"}).status_code == 303


def test_the_second_of_two_who_write_gets_both_texts(cast: Cast, client_of: ClientOf, survey: Survey) -> None:
    make.hold_survey(survey, cast.third)
    db.session.commit()
    client_of(cast.class_teacher).send(at(survey, cast, "/words"), {"words": "Vi leger.", "version": "0"})
    second = client_of(cast.pedagogue).send(at(survey, cast, "/words"), {"words": "Vi synger.", "version": "0"})
    assert second.status_code == 409
    assert "Vi leger." in second.text
    assert "Vi synger." in second.text
