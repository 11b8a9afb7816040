"""A child answers with a slip: once, in its hour, with no cookie, and nothing tells what it was."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from portal.accounts.models import IdempotencyKey, SignInThrottle
from portal.acts.models import Act
from portal.database import db
from portal.notifications.worker.chores import do
from portal.surveys.answer.throttling import MOST_WRONG
from portal.surveys.chores import CHORES
from portal.surveys.models import ClassSurvey, SurveySlip
from portal.surveys.queries import list_asked
from portal.text import clock
from portal.text.lix import read_over
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient, Move, at_once
from tests.reading import read
from tests.test_lix import EASY, own_words

CODES = ("BCDFGH", "JKLMNP", "QRSTVX")


@pytest.fixture
def small(cast: Cast) -> ClassSurvey:
    """3.A in its hour, with a slip for each of three children."""
    part = make.open_survey(make.make_survey(None, cast.leader), cast.third, CODES)
    db.session.commit()
    return part


def wordings(part: ClassSurvey) -> list[int]:
    return [row.id for row in list_asked(part.survey_id) if row.band is part.band]


def answers(part: ClassSurvey, answer: str = "yes") -> dict[str, str]:
    return {f"answer_{wording}": answer for wording in wordings(part)}


def send(client: IsolatedClient, part: ClassSurvey, code: str, answer: str = "yes") -> str | None:
    sent = client.post("/surveys/answer/submit", data={"code": code, **answers(part, answer)})
    assert sent.status_code == 303
    return sent.location


def hidden_fields(page: str) -> dict[str, str]:
    """What the page's form would send along by itself, without its place."""
    return dict(re.findall(r'<input type="hidden" name="((?!at")\w+)" value="([^"]*)">', page))


def now_is(part: ClassSurvey) -> ClassSurvey:
    db.session.expire_all()
    found = db.session.get(ClassSurvey, part.id)
    assert found is not None
    return found


def test_a_small_child_answers_one_question_after_the_other(client: IsolatedClient, small: ClassSurvey) -> None:
    assert "BCDFGH" in client.get("/surveys/answer/BCDFGH").text
    page = client.post("/surveys/answer/start", data={"code": "bcd fgh"})
    assert "Spørgsmål 1 af 3" in page.text
    first, second, third = wordings(small)
    carried = {"code": "BCDFGH"}
    for at, (wording, answer) in enumerate([(first, "yes"), (second, "skip"), (third, "no")]):
        page = client.post("/surveys/answer/ask", data={**carried, "at": str(at), "answer": answer})
        carried[f"answer_{wording}"] = answer
    assert "Er du færdig?" in page.text
    assert now_is(small).answer_count == 0, "nothing is stored before the last press"
    back = client.post("/surveys/answer/ask", data={**carried, "at": "3", "back": "1"})
    assert "Spørgsmål 3 af 3" in back.text
    assert client.post("/surveys/answer/submit", data=carried).location == "/surveys/answer/thanks"
    told = now_is(small)
    assert told.answer_count == 1
    assert [told.counts[str(w)][a] for w, a in ((first, "yes"), (second, "skip"), (third, "no"))] == [1, 1, 1]
    assert sum(sum(sums.values()) for sums in told.counts.values()) == 3


def test_a_bigger_child_answers_with_words_on_one_page(cast: Cast, client: IsolatedClient) -> None:
    part = make.open_survey(make.make_survey(None, cast.leader), cast.sixth, CODES)
    db.session.commit()
    page = client.post("/surveys/answer/start", data={"code": CODES[0]})
    assert page.text.count("<fieldset") == 3
    assert "Altid" in page.text
    assert "Aldrig" in page.text
    half = client.post("/surveys/answer/submit", data={"code": CODES[0], f"answer_{wordings(part)[0]}": "often"})
    assert half.status_code == 422
    assert half.text.count(" checked") == 1, "what was chosen stays"
    assert now_is(part).answer_count == 0
    assert send(client, part, CODES[0], "often") == "/surveys/answer/thanks"


@pytest.mark.parametrize("answer", ["always", "", "maybe", "yes' OR 1=1"])
def test_an_answer_of_another_kind_is_none(client: IsolatedClient, small: ClassSurvey, answer: str) -> None:
    sent = client.post("/surveys/answer/submit", data={"code": CODES[0], **answers(small, answer)})
    assert sent.status_code == 422
    assert now_is(small).answer_count == 0


@pytest.mark.parametrize("at", ["-4", "99", "x", "2147483648"])
def test_a_page_that_is_none_is_the_nearest_one(client: IsolatedClient, small: ClassSurvey, at: str) -> None:
    assert client.post("/surveys/answer/ask", data={"code": CODES[0], "at": at}).status_code == 200


def test_a_slip_is_good_once(client: IsolatedClient, small: ClassSurvey) -> None:
    assert send(client, small, CODES[0]) == "/surveys/answer/thanks"
    assert send(client, small, CODES[0], "no") == "/surveys/answer?again=1"
    assert now_is(small).answer_count == 1
    assert "kan ikke bruges nu" in client.get("/surveys/answer?again=1").text


@pytest.mark.parametrize("code", ["ZZZZZZ", "BCDFG", "", "BCDFGHJ", "AEIOUY", "'; --", "B" * 5000])
def test_a_guess_learns_no_more_than_whoever_comes_late(client: IsolatedClient, small: ClassSurvey, code: str) -> None:
    assert send(client, small, code) == "/surveys/answer?again=1"
    assert client.post("/surveys/answer/start", data={"code": code}).location == "/surveys/answer?again=1"
    assert now_is(small).answer_count == 0


def test_a_slip_is_good_in_its_hour_alone(client: IsolatedClient, small: ClassSurvey, wall_clock: Move) -> None:
    wall_clock(timedelta(minutes=59))
    assert client.post("/surveys/answer/start", data={"code": CODES[0]}).status_code == 200
    wall_clock(timedelta(minutes=1))
    assert send(client, small, CODES[0]) == "/surveys/answer?again=1"
    assert now_is(small).answer_count == 0


def test_an_hour_that_is_over_leaves_no_slip_and_no_time_of_day(
    client: IsolatedClient, small: ClassSurvey, wall_clock: Move
) -> None:
    send(client, small, CODES[0])
    wall_clock(timedelta(hours=2))
    assert all(do(chore, clock.now()) for chore in CHORES)
    db.session.expire_all()
    assert db.session.query(SurveySlip).count() == 0
    assert now_is(small).open_until is None
    assert now_is(small).held_on is not None


def test_a_survey_that_was_ended_meanwhile_takes_no_answer(
    cast: Cast, client: IsolatedClient, small: ClassSurvey
) -> None:
    assert client.post("/surveys/answer/start", data={"code": CODES[0]}).status_code == 200
    small.survey.ended_on = clock.today()
    db.session.commit()
    assert send(client, small, CODES[0]) == "/surveys/answer?again=1"


def test_no_more_can_answer_than_the_class_has_children(cast: Cast, client: IsolatedClient) -> None:
    part = make.open_survey(make.make_survey(None, cast.leader), cast.third, CODES, children=2)
    db.session.commit()
    sent = [send(client, part, code) for code in CODES]
    assert sent.count("/surveys/answer/thanks") == 2
    assert now_is(part).answer_count == 2


def test_the_device_forgets(client: IsolatedClient, small: ClassSurvey) -> None:
    pages = [
        client.get("/surveys/answer"),
        client.get(f"/surveys/answer/{CODES[0]}"),
        client.post("/surveys/answer/start", data={"code": CODES[0]}),
        client.post("/surveys/answer/ask", data={"code": CODES[0], "at": "0", "answer": "yes"}),
        client.post("/surveys/answer/submit", data={"code": CODES[0], **answers(small)}),
        client.get("/surveys/answer/thanks"),
        client.post("/surveys/answer/submit", data={"code": CODES[0], **answers(small)}),
        client.get("/surveys/answer?again=1"),
    ]
    for page in pages:
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
    assert pages[5].headers["Clear-Site-Data"] == '"cache"'
    for page in pages[4:]:
        assert CODES[0] not in page.text + (page.location or "")


def test_nothing_is_kept_of_who_answers_or_when(client: IsolatedClient, small: ClassSurvey) -> None:
    acts = db.session.query(Act).count()
    before = {column.name for column in ClassSurvey.__table__.columns}
    for code in CODES:
        send(client, small, code)
    assert (db.session.query(Act).count(), db.session.query(IdempotencyKey).count()) == (acts, 0)
    assert {name for name in before if name.endswith("_at")} == {"words_at"}, "that is the team's, afterwards"
    assert {column.name for column in SurveySlip.__table__.columns} == {"code", "class_survey_id"}
    assert db.session.query(SurveySlip).count() == 0


@pytest.mark.both
def test_the_order_of_answers_tells_nothing(cast: Cast, client: IsolatedClient, database: str) -> None:
    """Whoever answers first or last: what is stored is the same, sign by sign."""
    told = []
    for order in ((0, 1, 2), (2, 0, 1)):
        part = make.open_survey(make.make_survey(None, cast.leader), cast.third, CODES)
        db.session.commit()
        for place in order:
            send(client, part, CODES[place], ("yes", "so_so", "no")[place])
        stored = now_is(part)
        told.append([(w, list(sums.items())) for w, sums in stored.counts.items()])
    assert told[0] == told[1]


def test_many_wrong_slips_from_one_place_have_to_wait(
    app: Flask, client: IsolatedClient, small: ClassSurvey, wall_clock: Move
) -> None:
    client.post("/surveys/answer/start", data={"code": "ZZZZZZ"})
    row = db.session.query(SignInThrottle).one()
    assert "127" not in row.subject, "the place is not told"
    row.failures = MOST_WRONG
    db.session.commit()
    for code in CODES[:2]:
        shut = client.post("/surveys/answer/start", data={"code": code})
        assert shut.status_code == 429, "one that holds is no way to find out which do"
        assert "Vent ti minutter" in shut.text
        assert f'name="code" value="{code}"' in shut.text
    wall_clock(timedelta(minutes=11))
    assert client.post("/surveys/answer/start", data={"code": CODES[0]}).status_code == 200


def shut_out(client: IsolatedClient) -> None:
    client.post("/surveys/answer/start", data={"code": "ZZZZZZ"})
    db.session.query(SignInThrottle).one().failures = MOST_WRONG
    db.session.commit()


def test_a_child_who_has_begun_does_not_wait_for_what_others_have_tried(
    client: IsolatedClient, small: ClassSurvey
) -> None:
    carried = hidden_fields(client.post("/surveys/answer/start", data={"code": CODES[0]}).text)
    shut_out(client)
    page = client.post("/surveys/answer/ask", data={**carried, "at": "0", "answer": "yes"})
    assert "Spørgsmål 2 af 3" in page.text
    assert hidden_fields(page.text)["mark"] == carried["mark"]
    sent = {**carried, **answers(small)}
    assert client.post("/surveys/answer/submit", data=sent).location == "/surveys/answer/thanks"
    assert client.post("/surveys/answer/submit", data=sent).location == "/surveys/answer?again=1"
    assert db.session.query(SignInThrottle).one().failures == MOST_WRONG, "a second press is no guess"


@pytest.mark.parametrize("mark", ["", "x", "é", "0" * 64])
def test_a_mark_is_not_guessed_and_is_another_slip_s_never(
    client: IsolatedClient, small: ClassSurvey, mark: str
) -> None:
    other = hidden_fields(client.post("/surveys/answer/start", data={"code": CODES[1]}).text)["mark"]
    shut_out(client)
    for wrong in (mark, other):
        sent = client.post("/surveys/answer/submit", data={"code": CODES[0], "mark": wrong, **answers(small)})
        assert sent.status_code == 429
    assert now_is(small).answer_count == 0


def test_whoever_waits_loses_no_answer(client: IsolatedClient, small: ClassSurvey, wall_clock: Move) -> None:
    shut_out(client)
    first, second, _ = wordings(small)
    typed = {"code": CODES[0], f"answer_{first}": "yes", f"answer_{second}": "no", "answer_x": "yes", "answer": "no"}
    page = client.post("/surveys/answer/ask", data=typed)
    assert page.status_code == 429
    assert hidden_fields(page.text) == {"code": CODES[0], f"answer_{first}": "yes", f"answer_{second}": "no"}
    wall_clock(timedelta(minutes=11))
    assert "Spørgsmål 3 af 3" in client.post("/surveys/answer/start", data=hidden_fields(page.text)).text


def test_after_a_second_press_there_is_a_way_on_to_the_adults(client: IsolatedClient) -> None:
    assert 'href="/surveys/answer/thanks"' in client.get("/surveys/answer?again=1").text
    assert 'href="/surveys/answer/thanks"' not in client.get("/surveys/answer").text


@pytest.mark.both
def test_sixty_at_once_are_all_counted_and_each_once(app: Flask, cast: Cast, database: str) -> None:
    letters = "BCDFGHJKLM"
    codes = [f"{a}{b}ZZZZ" for a in letters[:6] for b in letters]
    part = make.open_survey(make.make_survey(None, cast.leader), cast.third, codes)
    db.session.commit()
    form = answers(part)
    sends = [partial(IsolatedClient(app).post, "/surveys/answer/submit", data={"code": code, **form}) for code in codes]
    found = [answer.location for answer in at_once(*sends)]
    told = now_is(part)
    assert found == ["/surveys/answer/thanks"] * 60
    assert told.answer_count == 60
    assert {sums["yes"] for sums in told.counts.values()} == {60}
    assert db.session.query(SurveySlip).count() == 0


def test_what_a_child_reads_is_easy(client: IsolatedClient, small: ClassSurvey) -> None:
    pages = [
        client.get("/surveys/answer").text,
        client.get("/surveys/answer?again=1").text,
        client.post("/surveys/answer/start", data={"code": CODES[0]}).text,
        client.get("/surveys/answer/thanks").text,
    ]
    words = "\n".join(own_words(read(page)) for page in pages)
    assert read_over(words).lix <= EASY, words
    for question in db.session.execute(db.text("SELECT text FROM survey_wording")).scalars():
        assert read_over(question).lix <= 42, question
