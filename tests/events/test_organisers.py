"""Several who look after an event, questions to them alone, and what others see of them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.accounts.protection import Protection
from portal.accounts.queries import list_leadership_ids
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.events.models import Audience, ClassEvent, EventOrganiser, EventState
from portal.events.notices import NOTICES
from portal.events.organisers.models import OrganiserInvitation
from portal.events.organisers.queries import list_organisers, list_to_take_over
from portal.events.questions.models import EventQuestion
from portal.events.questions.queries import list_asked
from portal.school.models import TeamMember
from portal.text import clock
from tests import factories as make
from tests.cast import TEAM, Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.strategy.test_pages import hidden_fields


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    """Mette organises soup for 3.A."""
    found = make.make_event(cast.third, cast.guardian)
    db.session.commit()
    return found


def organisers(event: ClassEvent) -> set[int]:
    return {row.user_id for row in db.session.query(EventOrganiser).filter_by(event_id=event.id)}


def same_for_all(page: str) -> str:
    """The page without what is new each time it is opened."""
    return re.sub(r'(nonce|value)="[^"]{20,}"', "", page)


def ask(browser: IsolatedClient, event: ClassEvent, text: str = "Er der mad til allergikere?") -> int:
    return browser.send(f"/events/questions/of/{event.id}/ask", {"question": text}).status_code


def answer(browser: IsolatedClient, question: EventQuestion, **more: str) -> int:
    db.session.refresh(question)
    form = {"reply": "Ja, det er der.", "version": str(question.version), **more}
    return browser.send(f"/events/questions/{question.id}/edit", form).status_code


def test_who_is_asked_says_yes_themselves(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    path = f"/events/{event.id}/organisers"
    assert "Jonas" in mette.get(path).text
    assert mette.send(f"{path}/invite", {"user_id": cast.other_home.id}).status_code == 303
    assert mette.send(f"{path}/invite", {"user_id": cast.other_home.id}).status_code == 422  # asked already
    assert organisers(event) == {cast.guardian.id}
    assert jonas.get(f"/events/{event.id}/edit").status_code == 403
    assert "Vil du stå for det sammen med de andre?" in jonas.get(f"/events/{event.id}").text
    assert jonas.send(f"{path}/choose", {"answer": "yes"}).status_code == 303
    assert organisers(event) == {cast.guardian.id, cast.other_home.id}
    assert jonas.get(f"/events/{event.id}/edit").status_code == 200
    kinds = [act.kind for act in db.session.query(Act)]
    assert kinds == [ActKind.ORGANISER_INVITED, ActKind.ORGANISER_JOINED]


def test_two_who_bear_one_name_are_told_apart_by_their_children(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    path = f"/events/{event.id}/organisers"
    assert "(Alma" not in client_of(cast.guardian).get(path).text
    namesake = make.make_user(cast.other_home.first_name, cast.other_home.last_name)
    make.tie(namesake, cast.otto)
    page = client_of(cast.guardian).get(path).text
    name = f"{cast.other_home.first_name} {cast.other_home.last_name}"
    assert f">{name} (Alma Holm)<" in page
    assert f">{name} (Otto Holm)<" in page


@pytest.mark.parametrize("is_over", [True, False], ids=["over", "cancelled"])
def test_nobody_comes_to_look_after_what_is_over_or_cancelled(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move, is_over: bool
) -> None:
    path = f"/events/{event.id}/organisers"
    client_of(cast.guardian).send(f"{path}/invite", {"user_id": cast.other_home.id})
    if is_over:
        wall_clock(event.ends_at + timedelta(minutes=1))
    else:
        event.state = EventState.CANCELLED
    jonas = client_of(cast.other_home)
    assert jonas.send(f"{path}/choose", {"answer": "yes"}).status_code in (404, 422)
    assert organisers(event) == {cast.guardian.id}
    assert db.session.query(Act).filter_by(kind=ActKind.ORGANISER_JOINED).count() == 0


def test_a_no_is_told_to_nobody_and_nobody_says_yes_unasked(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    path = f"/events/{event.id}/organisers"
    assert jonas.send(f"{path}/choose", {"answer": "yes"}).status_code == 422
    assert client_of(cast.helper).send(f"{path}/choose", {"answer": "yes"}).status_code == 422
    mette.send(f"{path}/invite", {"user_id": cast.other_home.id})
    assert client_of(cast.guardian_of_two).send(f"{path}/choose", {"answer": "yes"}).status_code == 422
    assert "Nu er det op til dem" in mette.get(path).text
    asked = same_for_all(mette.get(path).text)
    assert "1 er spurgt" in asked
    assert jonas.send(f"{path}/choose", {"answer": "no"}).status_code == 303
    assert organisers(event) == {cast.guardian.id}
    assert same_for_all(mette.get(path).text) == asked  # nothing on it tells a no from somebody who thinks about it
    assert mette.send(f"{path}/invite", {"user_id": cast.other_home.id}).status_code == 422  # nor are they asked again
    assert "Vil du stå for det sammen med de andre?" not in jonas.get(f"/events/{event.id}").text
    assert jonas.send(f"{path}/choose", {"answer": "yes"}).status_code == 422
    assert db.session.query(Act).filter_by(kind=ActKind.ORGANISER_INVITED).count() == 1
    assert db.session.query(Act).filter_by(kind=ActKind.ORGANISER_JOINED).count() == 0


@pytest.mark.parametrize(
    "name", ["helper", "guardian_elsewhere", "foster_parent", "former_guardian", "office", "class_teacher"]
)
def test_only_whom_the_class_list_names_can_be_asked(
    cast: Cast, event: ClassEvent, client_of: ClientOf, name: str
) -> None:
    sent = client_of(cast.guardian).send(f"/events/{event.id}/organisers/invite", {"user_id": cast.users[name].id})
    assert sent.status_code == 422
    assert db.session.query(OrganiserInvitation).count() == 0


@pytest.mark.parametrize("name", ["other_home", "class_teacher", "helper", "leader"])
def test_the_organisers_pages_are_theirs_alone(cast: Cast, event: ClassEvent, client_of: ClientOf, name: str) -> None:
    question = make.ask(event, cast.guardian_of_two, "Noget privat")
    db.session.commit()
    browser = client_of(cast.users[name])
    assert browser.get(f"/events/{event.id}/organisers").status_code == 403
    assert browser.get(f"/events/questions/of/{event.id}").status_code == 403
    assert browser.get(f"/events/questions/{question.id}/edit").status_code == 404
    assert answer(browser, question) == 404
    assert "Noget privat" not in browser.get(f"/events/{event.id}").text
    for press in ("invite", "phone", "end"):
        sent = browser.send(f"/events/{event.id}/organisers/{press}", {"user_id": cast.other_home.id})
        assert sent.status_code == 403
    assert client_of(cast.guardian_elsewhere).get(f"/events/{event.id}/organisers").status_code == 404


@pytest.mark.both
def test_who_left_the_class_organises_no_longer(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    make.organise(event, cast.guardian_of_two)
    db.session.commit()
    assert [one.name for one in list_organisers(event, today=clock.today())] == [
        *sorted([cast.guardian.name, cast.guardian_of_two.name])
    ]
    for enrolment in cast.otto.enrolments:
        enrolment.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert [one.user_id for one in list_organisers(event, today=clock.today())] == [cast.guardian.id]
    assert client_of(cast.guardian_of_two).get(f"/events/{event.id}").status_code == 404
    assert cast.guardian_of_two.name not in client_of(cast.other_home).get(f"/events/{event.id}").text
    question = make.ask(event, cast.other_home)
    assert list_asked(question, clock.today()) == {cast.guardian.id}


@pytest.fixture
def left_alone(cast: Cast, event: ClassEvent) -> ClassEvent:
    """The only one who organised it has left the class."""
    for enrolment in cast.alma.enrolments:
        enrolment.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    return event


@pytest.mark.both
def test_where_nobody_organises_any_more_the_team_is_asked_takes_over_and_answers(
    cast: Cast, left_alone: ClassEvent, client_of: ClientOf, database: str
) -> None:
    event, amina, teacher = left_alone, client_of(cast.guardian_of_two), client_of(cast.class_teacher)
    assert "Spørg skolen" in amina.get(f"/events/{event.id}").text
    assert "Jeg tager over" not in amina.get(f"/events/{event.id}").text
    assert ask(amina, event) == 303
    question = db.session.query(EventQuestion).one()
    assert db.session.query(Act).filter_by(kind=ActKind.EVENT_LEFT_ALONE).one().subject_id == event.id
    assert list_to_take_over(event, clock.today()) == {cast.users[name].id for name in TEAM}
    assert answer(teacher, question) == 404  # what is asked is read by those who organise it
    assert "Jeg tager over" in teacher.get(f"/events/{event.id}").text
    taken = teacher.send(f"/events/{event.id}/organisers/take-over")
    assert taken.status_code == 303
    assert "allergikere" in teacher.get(taken.location).text
    assert answer(teacher, question) == 303
    assert client_of(cast.pedagogue).send(f"/events/{event.id}/organisers/take-over").status_code == 422
    assert organisers(event) == {cast.guardian.id, cast.class_teacher.id}
    assert "Spørg arrangørerne" in amina.get(f"/events/{event.id}").text


@pytest.mark.parametrize(
    ("name", "status"),
    [("guardian_of_two", 403), ("helper", 404), ("office", 404), ("guardian_elsewhere", 404), ("leader", 303)],
)
def test_only_those_who_work_there_take_over_and_only_what_nobody_organises(
    cast: Cast, left_alone: ClassEvent, client_of: ClientOf, name: str, status: int
) -> None:
    looked_after = make.make_event(cast.third, cast.class_teacher)
    db.session.commit()
    browser = client_of(cast.users[name])
    assert browser.send(f"/events/{left_alone.id}/organisers/take-over").status_code == status
    refused = browser.send(f"/events/{looked_after.id}/organisers/take-over").status_code
    assert refused == (422 if status == 303 else status)


def test_where_a_class_has_no_team_the_leadership_is_told(cast: Cast, left_alone: ClassEvent) -> None:
    for member in db.session.query(TeamMember).filter_by(class_id=cast.third.id):
        member.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert list_to_take_over(left_alone, clock.today()) == list_leadership_ids(None, clock.today()) != set()


@pytest.mark.parametrize("ends_in", [timedelta(hours=1), timedelta(hours=-1), None], ids=["on", "over", "called off"])
def test_the_page_the_line_and_the_press_agree_on_what_can_be_taken_over(
    cast: Cast, left_alone: ClassEvent, client_of: ClientOf, ends_in: timedelta | None
) -> None:
    event = left_alone
    if ends_in is None:
        event.state = EventState.CANCELLED
    else:  # it has begun
        event.starts_at, event.ends_at = clock.now() - timedelta(hours=2), clock.now() + ends_in
    db.session.commit()
    is_on = ends_in is not None and ends_in > timedelta(0)
    line = next(one for one in NOTICES if one.kind is ActKind.EVENT_LEFT_ALONE)
    assert line.is_news(event, clock.now()) is is_on
    teacher, amina = client_of(cast.class_teacher), client_of(cast.guardian_of_two)
    assert ("Jeg tager over" in teacher.get(f"/events/{event.id}").text) is is_on
    assert ("Spørg skolen" in amina.get(f"/events/{event.id}").text) is is_on
    assert ask(amina, event) == (303 if is_on else 422)
    assert teacher.send(f"/events/{event.id}/organisers/take-over").status_code == (303 if is_on else 422)


def test_a_question_goes_to_the_organisers_and_its_answer_at_once_to_who_asked(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    mette, jonas, amina = client_of(cast.guardian), client_of(cast.other_home), client_of(cast.guardian_of_two)
    assert ask(jonas, event) == 303
    question = db.session.query(EventQuestion).one()
    assert "allergikere" in jonas.get(f"/events/{event.id}").text
    assert "allergikere" not in amina.get(f"/events/{event.id}").text
    assert "allergikere" in mette.get(f"/events/questions/of/{event.id}").text
    assert answer(mette, question) == 303
    told = db.session.query(Act).filter_by(kind=ActKind.EVENT_QUESTION_ANSWERED).one()
    assert db.session.get_one(WaitingAct, told.id).is_urgent
    assert "Ja, det er der." in jonas.get(f"/events/{event.id}").text
    assert "Ja, det er der." not in amina.get(f"/events/{event.id}").text
    shown = {"is_shown": "y", "shown_question": "Kan alle spise med?"}
    assert answer(mette, question, **shown) == 303
    page = amina.get(f"/events/{event.id}").text
    assert "Kan alle spise med?" in page
    assert "Ja, det er der." in page
    assert "allergikere" not in page
    assert db.session.query(Act).filter_by(kind=ActKind.EVENT_QUESTION_ANSWERED).count() == 1  # the same answer
    assert answer(mette, question) == 303
    assert "Ja, det er der." not in amina.get(f"/events/{event.id}").text


@pytest.mark.both
def test_of_two_who_answer_the_second_reads_what_the_first_said(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    make.organise(event, cast.other_home)
    question = make.ask(event, cast.guardian_of_two)
    db.session.commit()
    mette, jonas, path = client_of(cast.guardian), client_of(cast.other_home), f"/events/questions/{question.id}/edit"
    assert answer(mette, question, version="1") == 303
    late = jonas.send(path, {"reply": "Nej, slet ikke.", "version": "1"})
    assert late.status_code == 409
    assert "Ja, det er der." in late.text
    assert "Nej, slet ikke." in late.text
    db.session.refresh(question)
    assert question.answer == "Ja, det er der."
    seen = hidden_fields(late.text)["version"]
    assert answer(jonas, question, reply="Ja, der er. Sig, hvad det er.", version=seen) == 303
    db.session.refresh(question)
    assert question.answer == "Ja, der er. Sig, hvad det er."


def test_what_is_put_on_the_event_has_a_question_and_what_is_not_new_tells_nobody(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    question = make.ask(event, cast.other_home)
    db.session.commit()
    mette, path = client_of(cast.guardian), f"/events/questions/of/{event.id}"
    assert answer(mette, question, is_shown="y", shown_question="  ") == 422
    assert answer(mette, question) == 303
    assert "Svaret er sendt til den, der spurgte" in mette.get(path).text
    assert answer(mette, question, is_shown="y", shown_question="Kan alle spise med?") == 303
    assert "Svaret er sendt til den, der spurgte" not in mette.get(path).text


def test_what_is_asked_is_bounded(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    jonas = client_of(cast.other_home)
    assert ask(jonas, event, "") == 422
    assert ask(jonas, event, "a" * 10_000) == 422
    assert [ask(jonas, event, f"Spørgsmål {n}") for n in range(11)] == [303] * 10 + [422]
    assert ask(client_of(cast.guardian_elsewhere), event) == 404
    assert ask(client_of(cast.leader), event) == 403
    assert db.session.query(EventQuestion).count() == 10


def test_nobody_asks_about_what_is_over(cast: Cast, client_of: ClientOf) -> None:
    past = make.make_event(cast.third, cast.guardian, starts_at=clock.now() - timedelta(days=3), rsvp_deadline=None)
    db.session.commit()
    assert ask(client_of(cast.other_home), past) == 422


def test_a_phone_is_shown_only_by_choice_and_never_of_somebody_protected(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    make.show_contacts(cast.guardian, cast.third, phone="11 22 33 44")
    db.session.commit()
    mette, jonas = client_of(cast.guardian), client_of(cast.other_home)
    assert "11 22 33 44" not in jonas.get(f"/events/{event.id}").text
    mette.send(f"/events/{event.id}/organisers/phone", {"shows_phone": "y"})
    assert "11 22 33 44" in jonas.get(f"/events/{event.id}").text
    assert "11 22 33 44" not in client_of(cast.helper).get(f"/events/{event.id}").text
    cast.alma.protection = Protection.ADDRESS
    db.session.commit()
    assert "11 22 33 44" not in jonas.get(f"/events/{event.id}").text
    cast.alma.protection = Protection.NONE
    mette.send(f"/events/{event.id}/organisers/phone", {})
    assert "11 22 33 44" not in jonas.get(f"/events/{event.id}").text


def test_the_last_organiser_stays(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    assert mette.send(f"/events/{event.id}/organisers/end", {}).status_code == 422
    make.organise(event, cast.other_home)
    db.session.commit()
    assert mette.send(f"/events/{event.id}/organisers/end", {}).status_code == 303
    assert organisers(event) == {cast.other_home.id}
    assert mette.get(f"/events/{event.id}/edit").status_code == 403


def test_the_only_one_with_nobody_to_ask_is_told_what_they_can_do(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(None, cast.leader, audience=Audience.SCHOOL)
    db.session.commit()
    refused = client_of(cast.leader).send(f"/events/{event.id}/organisers/end", {})
    assert refused.status_code == 422
    assert "Du kan aflyse det." in refused.text
    assert "Spørg en anden" not in refused.text
