"""One answer for each child: from either home, the latest counts; what is missing is never a no."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events import queries
from portal.events.attendance import list_answers
from portal.events.models import Answer, ClassEvent, EventState, HomeCount, Rsvp
from portal.school.models import GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    return make.make_event(cast.third, cast.guardian_of_two)


def only_answer() -> Rsvp:
    return db.session.query(Rsvp).one()


def press(browser: IsolatedClient, event: ClassEvent, pupil_id: object, answer: str = "ACCEPTED", **more: str) -> int:
    sent = {"pupil_id": pupil_id, "answer": answer, **more}
    return browser.send(f"/events/{event.id}/answers/choose", sent).status_code


@pytest.mark.both
def test_one_answer_for_a_child_of_two_homes_and_the_latest_counts(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    for browser in (mette, jonas):
        assert "Kommer Alma?" in browser.get("/").text
    assert press(mette, event, cast.alma.id) == 303
    assert "Du svarede i dag" in mette.get(f"/events/{event.id}").text
    assert "Kommer Alma?" not in jonas.get("/").text, "it is one answer"
    assert "Mette svarede for Alma i dag" in jonas.get(f"/events/{event.id}").text

    wall_clock(timedelta(hours=1))
    assert press(jonas, event, cast.alma.id, "DECLINED") == 303
    assert only_answer().answer == Answer.DECLINED
    assert only_answer().answered_by_id == cast.other_home.id
    for browser in (mette, jonas):
        page = browser.get(f"/events/{event.id}").text
        assert "Alma kommer ikke" in page
        assert "user" not in re.sub(r"<[^>]*>", "", page), "no user name, no address, no number"
    assert "Jonas svarede for Alma" in mette.get(f"/events/{event.id}").text
    assert [act.kind for act in db.session.query(Act)] == [ActKind.RSVP_CHANGED_BY_OTHER_HOME]


def test_changing_ones_own_mind_is_nobody_elses_news(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    for answer in ("ACCEPTED", "TENTATIVE", "DECLINED"):
        press(mette, event, cast.alma.id, answer)
    press(client_of(cast.other_home), event, cast.alma.id, "DECLINED")
    assert db.session.query(Act).count() == 0
    assert only_answer().answered_by_id == cast.other_home.id


def test_who_helps_at_the_one_home_is_not_named_to_the_other(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    assert press(client_of(cast.helper), event, cast.alma.id) == 303
    page = client_of(cast.other_home).get(f"/events/{event.id}").text
    assert "Bodil" not in page
    assert "En anden af de voksne omkring Alma svarede" in page
    make.tie(cast.guardian_elsewhere, cast.noah, GuardianshipKind.HELPER, invited_by=cast.foster_parent)
    press(client_of(cast.foster_parent), event, cast.noah.id)
    page = client_of(cast.guardian_elsewhere).get(f"/events/{event.id}").text
    assert "Ole" not in page, "where a foster child lives is not told"


def test_no_home_but_their_own_is_named_to_a_helper_anywhere(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    press(client_of(cast.guardian), event, cast.alma.id)
    press(client_of(cast.other_home), event, cast.alma.id, "DECLINED")
    helper = client_of(cast.helper)
    page = helper.get(f"/events/{event.id}").text
    assert "En anden af de voksne omkring Alma svarede" in page
    for path in (
        "/",
        f"/events/{event.id}",
        "/events/",
        "/events/past/",
        "/notifications/",
        "/classes/",
        "/playdates/",
    ):
        answer = helper.get(path)
        assert answer.status_code in (200, 404), path
        assert not re.search(r"\b(Jonas|Mette)\b", answer.text), path
    for path in ("edit", "attendance", "aula-text", "answers"):
        assert helper.get(f"/events/{event.id}/{path}").status_code == 403


@pytest.mark.both
def test_twenty_answers_at_the_same_moment_are_one_row(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    homes = [client_of(cast.guardian if i % 2 else cast.other_home) for i in range(20)]
    answers = ["ACCEPTED", "DECLINED", "TENTATIVE"]
    statuses = at_once(*(partial(press, home, event, cast.alma.id, answers[i % 3]) for i, home in enumerate(homes)))
    assert statuses == [303] * 20
    assert only_answer().answer in answers


@pytest.mark.both
@pytest.mark.parametrize("many", [20, pytest.param(100, marks=pytest.mark.attack)])
def test_of_many_homes_that_answer_at_the_same_moment_none_is_lost(
    cast: Cast, event: ClassEvent, client_of: ClientOf, many: int, database: str
) -> None:
    children = [make.make_pupil(cast.third, f"Barn {number}") for number in range(many)]
    homes = [client_of(make.make_guardian(child)) for child in children]
    path, ids = f"/events/{event.id}/answers/choose", [child.id for child in children]
    sent = [{"pupil_id": pupil_id, "answer": "ACCEPTED"} for pupil_id in ids]
    answers = at_once(*(partial(home.send, path, form) for home, form in zip(homes, sent, strict=True)))
    assert [answer.status_code for answer in answers] == [303] * many
    assert {(row.pupil_id, row.answer) for row in db.session.query(Rsvp)} == {(one, Answer.ACCEPTED) for one in ids}


@pytest.mark.both
def test_an_answer_and_a_cancellation_at_the_same_moment_both_have_an_end(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    organiser = client_of(cast.guardian_of_two)
    homes = [client_of(cast.guardian) for _ in range(5)]
    cancelled, *pressed = at_once(
        lambda: organiser.send(f"/events/{event.id}/cancel").status_code,
        *(partial(press, home, event, cast.alma.id) for home in homes),
    )
    assert cancelled == 303
    assert set(pressed) <= {303, 422}
    assert press(client_of(cast.guardian), event, cast.alma.id, "DECLINED") == 422


def test_a_double_click_is_one_answer(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    home = client_of(cast.guardian)
    assert [press(home, event, cast.alma.id, key="k") for _ in range(2)] == [303, 303]
    assert only_answer().answer == Answer.ACCEPTED


@pytest.mark.parametrize("name", ["guardian", "other_home", "guardian_of_two", "helper"])
def test_nobody_answers_for_anothers_child(cast: Cast, event: ClassEvent, client_of: ClientOf, name: str) -> None:
    browser = client_of(cast.users[name])
    assert press(browser, event, cast.noah.id) == 422
    assert press(browser, event, cast.viggo.id) == 422
    assert db.session.query(Rsvp).count() == 0


def test_nobody_answers_for_a_sibling_in_another_class(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    amina = client_of(cast.guardian_of_two)
    assert press(amina, event, cast.ella.id) == 422, "Ella is not in 3.A"
    assert press(amina, event, cast.otto.id) == 303


@pytest.mark.parametrize("name", ["class_teacher", "leader", "akt"])
def test_who_sees_it_without_a_child_in_it_does_not_answer(
    cast: Cast, event: ClassEvent, client_of: ClientOf, name: str
) -> None:
    assert press(client_of(cast.users[name]), event, cast.alma.id) == 403


def test_a_former_guardian_does_not_answer(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    assert press(client_of(cast.former_guardian), event, cast.alma.id) == 404


@pytest.mark.parametrize("answer", ["", "NEEDS-ACTION", "yes", "accepted", "ACCEPTED\u200b", "1", "x" * 10_000])
def test_an_answer_is_one_of_three(cast: Cast, event: ClassEvent, client_of: ClientOf, answer: str) -> None:
    assert press(client_of(cast.guardian), event, cast.alma.id, answer) == 422
    assert db.session.query(Rsvp).count() == 0


@pytest.mark.parametrize("pupil_id", ["", "x", "-1", "0", "9" * 30, "9" * 5000, "1.0"])
def test_a_child_that_is_none_is_refused(cast: Cast, event: ClassEvent, client_of: ClientOf, pupil_id: str) -> None:
    assert press(client_of(cast.guardian), event, pupil_id) == 422
    assert db.session.query(Rsvp).count() == 0


def test_after_the_deadline_an_answer_is_welcome_and_after_the_start_it_is_too_late(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(timedelta(days=5))
    home = client_of(cast.guardian)
    assert "Du kan stadig svare" in home.get(f"/events/{event.id}").text
    assert press(home, event, cast.alma.id) == 303
    wall_clock(event.starts_at - timedelta(seconds=1))
    assert press(client_of(cast.guardian), event, cast.alma.id, "TENTATIVE") == 303
    wall_clock(event.starts_at)
    late = client_of(cast.guardian)
    assert press(late, event, cast.alma.id, "DECLINED") == 422
    assert only_answer().answer == Answer.TENTATIVE
    assert "Ændr svaret" not in late.get(f"/events/{event.id}").text


def test_a_cancelled_event_is_not_answered(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian, state=EventState.CANCELLED)
    home = client_of(cast.guardian)
    answer = home.send(f"/events/{event.id}/answers/choose", {"pupil_id": cast.alma.id, "answer": "ACCEPTED"})
    assert answer.status_code == 422
    assert "Arrangementet er aflyst" in answer.text
    assert home.send(f"/events/{event.id}/company", {"adults": 1, "siblings": 0}).status_code == 422
    assert db.session.query(Rsvp).count() == db.session.query(HomeCount).count() == 0


def test_the_class_sees_who_comes_and_only_the_team_who_does_not(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    lea, max_ = make.make_pupil(cast.third, "Lea"), make.make_pupil(cast.third, "Max")
    for pupil, answer in ((cast.otto, Answer.ACCEPTED), (lea, Answer.DECLINED), (max_, Answer.TENTATIVE)):
        make.answer(event, pupil, cast.guardian_of_two, answer)
    for user in (cast.foster_parent, cast.helper, cast.guardian_of_two, cast.leader):
        page = client_of(user).get(f"/events/{event.id}").text
        assert "Otto" in page
        assert "Lea" not in page
        assert "Max" not in page
        assert "3 af 5 børn har svaret" in page
        assert client_of(user).get(f"/events/{event.id}/answers").status_code == 403
    team = client_of(cast.class_teacher).get(f"/events/{event.id}/answers").text
    heads = re.split(r"<h2>", team)
    waiting = next(part for part in heads if part.startswith("Mangler svar"))
    assert "Alma Holm" in waiting
    assert "Noah Holm" in waiting
    assert "Lea" not in waiting, "a no is an answer"
    declined = next(part for part in heads if part.startswith("Kommer ikke"))
    assert "Lea Holm" in declined
    assert "Alma" not in declined, "no answer is never a no"


def test_no_answer_is_counted_nowhere_as_a_no(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    (coming,) = queries.list_coming([cast.third.id], [cast.alma.id], now=clock.now())
    assert (coming.progress.answered, coming.progress.children, coming.answers) == (0, 3, {})
    assert {child.answer for child in list_answers(event, today=clock.today())} == {Answer.NEEDS_ACTION}
    assert "Mangler svar for Alma" in client_of(cast.guardian).get("/").text


def test_the_team_enters_what_a_home_has_told_it(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    path = f"/events/{event.id}/answers/change"
    assert team.send(path, {"pupil_id": cast.noah.id, "answer": "ACCEPTED"}).status_code == 303
    assert (only_answer().pupil_id, only_answer().is_by_team) == (cast.noah.id, True)
    assert [act.kind for act in db.session.query(Act)] == [ActKind.RSVP_ENTERED_BY_TEAM]
    home = client_of(cast.foster_parent)
    assert "Klasseteamet skrev det ind" in home.get(f"/events/{event.id}").text
    assert press(home, event, cast.noah.id, "DECLINED") == 303
    assert not only_answer().is_by_team


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"answer": "ACCEPTED"},
        {"pupil_id": "viggo", "answer": "ACCEPTED"},
        {"pupil_id": "noah"},
        {"pupil_id": "noah", "answer": "NEEDS-ACTION"},
    ],
)
def test_the_team_enters_no_nonsense(cast: Cast, event: ClassEvent, client_of: ClientOf, sent: dict[str, str]) -> None:
    if "pupil_id" in sent:
        sent = {**sent, "pupil_id": str(getattr(cast, sent["pupil_id"]).id)}
    answer = client_of(cast.class_teacher).send(f"/events/{event.id}/answers/change", sent)
    assert answer.status_code == 422
    assert db.session.query(Rsvp).count() == 0


@pytest.mark.parametrize("name", ["guardian", "guardian_of_two", "helper", "leader"])
def test_only_the_team_enters_for_a_home(cast: Cast, event: ClassEvent, client_of: ClientOf, name: str) -> None:
    sent = {"pupil_id": cast.noah.id, "answer": "ACCEPTED"}
    assert client_of(cast.users[name]).send(f"/events/{event.id}/answers/change", sent).status_code == 403


@pytest.mark.both
def test_the_company_of_both_homes_is_added(cast: Cast, event: ClassEvent, client_of: ClientOf, database: str) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    path = f"/events/{event.id}/company"
    early = mette.send(path, {"adults": 2, "siblings": 1})
    assert early.status_code == 422, "first the child, then the company"
    press(mette, event, cast.alma.id)
    assert mette.send(path, {"adults": 2, "siblings": 1}).status_code == 303
    assert jonas.send(path, {"adults": 1, "siblings": 0}).status_code == 303
    assert jonas.send(path, {"adults": 1, "siblings": 2}).status_code == 303, "a home's latest number counts"
    assert _figures(mette, event) == ["1", "3", "3"]
    assert _figures(client_of(cast.foster_parent), event) == ["1", "3", "3"]
    press(jonas, event, cast.alma.id, "DECLINED")
    assert _figures(mette, event) == ["0", "0", "0"], "without the child nobody comes along"
    press(jonas, event, cast.alma.id)
    assert _figures(mette, event) == ["1", "3", "3"]


def _figures(browser: IsolatedClient, event: ClassEvent) -> list[str]:
    """Children, adults and siblings, as the class sees them."""
    return re.findall(r'class="big">(\d+)<', browser.get(f"/events/{event.id}").text)


def test_a_former_guardians_company_is_not_counted(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    make.answer(event, cast.alma, cast.guardian)
    make.bring(event, cast.former_guardian, 4, 4)
    assert _figures(client_of(cast.guardian), event) == ["1", "0", "0"]


def test_siblings_are_counted_where_they_are_welcome(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian, siblings_welcome=False)
    home = client_of(cast.guardian)
    press(home, event, cast.alma.id)
    assert 'name="siblings"' not in home.get(f"/events/{event.id}").text
    assert home.send(f"/events/{event.id}/company", {"adults": 1, "siblings": 5}).status_code == 303
    assert db.session.query(HomeCount).one().siblings == 0
    assert _figures(home, event) == ["1", "1"]


@pytest.mark.parametrize("number", ["-1", "11", "", "x", "9" * 30, "1.5"])
def test_company_is_a_small_number(cast: Cast, event: ClassEvent, client_of: ClientOf, number: str) -> None:
    home = client_of(cast.guardian)
    press(home, event, cast.alma.id)
    for sent in ({"adults": number, "siblings": "0"}, {"adults": "1", "siblings": number}):
        assert home.send(f"/events/{event.id}/company", sent).status_code == 422
    assert db.session.query(HomeCount).count() == 0


@pytest.mark.both
def test_ten_counts_of_one_home_at_the_same_moment_are_one_row(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    homes = [client_of(cast.guardian) for _ in range(10)]
    path = f"/events/{event.id}/company"
    answers = at_once(*(partial(home.send, path, {"adults": i, "siblings": 0}) for i, home in enumerate(homes)))
    assert [answer.status_code for answer in answers] == [303] * 10
    assert db.session.query(HomeCount).count() == 1


def test_from_the_front_page_a_no_leads_back_and_a_yes_to_the_company(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    home = client_of(cast.guardian)
    page = home.get("/").text
    assert "Én ting venter på dig" in page
    sent = {"pupil_id": cast.alma.id, "from": "home"}
    path = f"/events/{event.id}/answers/choose"
    assert home.send(path, {**sent, "answer": "DECLINED"}).location == "/"
    assert "Alma kommer ikke" in home.get("/").text
    yes = home.send(path, {**sent, "answer": "ACCEPTED"})
    assert yes.location == f"/events/{event.id}"
    assert "Hvem kommer med hjemmefra?" in home.get(yes.location).text
    assert home.send(path, {**sent, "answer": "DECLINED", "from": "https://evil.example"}).location == yes.location


def test_a_parent_of_twins_is_asked_for_each(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    twin = make.make_pupil(cast.third, "Asta")
    make.tie(cast.guardian, twin)
    home = client_of(cast.guardian)
    press(home, event, cast.alma.id)
    page = home.get("/").text
    assert "Kommer Asta?" in page
    assert "Kommer Alma?" not in page
    press(home, event, twin.id, "DECLINED")
    assert {row.pupil_id: row.answer for row in db.session.query(Rsvp)} == {
        cast.alma.id: Answer.ACCEPTED,
        twin.id: Answer.DECLINED,
    }


def test_a_page_asks_for_no_reason(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    press(client_of(cast.guardian), event, cast.alma.id, "DECLINED")
    page = client_of(cast.guardian).get(f"/events/{event.id}").text
    assert "<textarea" not in page
    assert set(re.findall(r'name="(\w+)"', page)) <= {
        "viewport",
        "csrf_token",
        "idempotency_key",
        "pupil_id",
        "answer",
        "seen",
    }


def test_which_child_is_asked_before_an_answer_is_entered(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    cast.class_teacher.language = "da"
    team = client_of(cast.class_teacher)
    assert '<option selected value="">Vælg et barn</option>' in team.get(f"/events/{event.id}/answers").text
    for sent in ({}, {"pupil_id": ""}, {"pupil_id": str(cast.viggo.id)}, {"pupil_id": "x"}):
        refused = team.send(f"/events/{event.id}/answers/change", {"answer": "ACCEPTED", **sent})
        assert refused.status_code == 422, sent
    assert db.session.query(Rsvp).count() == 0


def test_who_comes_is_named_without_a_circle(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.class_teacher)
    make.answer(event, cast.alma, cast.guardian)
    page = client_of(cast.guardian).get(f"/events/{event.id}").text
    assert "<li>Alma</li>" in page
    assert "avatar" not in page
