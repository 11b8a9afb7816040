"""What a change of an event asks of those who had answered: a move asks everybody anew, harder terms tell who comes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from portal.acts.models import ActKind
from portal.acts.services import REST
from portal.database import db
from portal.events.chores import CHORES
from portal.events.models import Answer, ClassEvent
from portal.notifications.worker import Worker
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.notifications.post_office import tell, told_of

TYPED = {
    "title": "Suppe",
    "kind": "dinner",
    "day": "2026-12-04",
    "begins": "17:30",
    "ends": "20:00",
    "place": "Skolekøkkenet",
    "cost_per_child": "25",
    "rsvp_deadline": "2026-12-01",
    "siblings_welcome": "y",
}


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    return make.make_event(
        cast.third,
        cast.guardian_of_two,
        "Suppe",
        starts_at=clock.at_school(date(2026, 12, 4), time(17, 30)),
        cost_per_child=25,
        rsvp_deadline=date(2026, 12, 1),
    )


@pytest.fixture
def worker(app: object) -> Worker:
    worker = Worker(app)  # type: ignore[arg-type]
    worker.chores = CHORES
    return worker


def change(browser: IsolatedClient, event: ClassEvent, **changes: str) -> None:
    sent = {**TYPED, "version": str(event.version), **changes}
    assert browser.send(f"/events/{event.id}/edit", sent).status_code == 303
    db.session.refresh(event)
    db.session.commit()


def press(browser: IsolatedClient, event: ClassEvent, pupil_id: int, answer: str = "ACCEPTED") -> None:
    db.session.refresh(event)
    sent = {"pupil_id": pupil_id, "answer": answer, "seen": event.asked_anew}
    assert browser.send(f"/events/{event.id}/answers/choose", sent).status_code == 303


@pytest.mark.both
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Answer.ACCEPTED, "Alma svarede ja, før det blev flyttet. Passer det stadig?"),
        (Answer.DECLINED, "Alma svarede nej, før det blev flyttet. Passer det bedre nu?"),
        (Answer.TENTATIVE, "Alma svarede måske, før det blev flyttet. Ved I det nu?"),
    ],
)
def test_a_move_asks_everybody_anew_and_any_answer_ends_the_question(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move, database: str, given: Answer, words: str
) -> None:
    make.answer(event, cast.alma, cast.other_home, given)
    home = client_of(cast.guardian)
    assert "Kommer Alma?" not in home.get("/").text
    wall_clock(timedelta(hours=1))
    change(client_of(cast.guardian_of_two), event, day="2026-12-05")
    for page in (home.get("/").text, home.get(f"/events/{event.id}").text):
        assert "Kommer Alma?" in page
        assert words in page
    assert "Hej Mette. Én ting venter på dig." in home.get("/").text
    assert "Venter på dit svar" in home.get("/events/").text

    press(home, event, cast.alma.id, given.value)
    for page in (home.get("/").text, client_of(cast.other_home).get("/").text):
        assert "Kommer Alma?" not in page
        assert "før det blev flyttet" not in page


def test_a_new_title_asks_nobody_anew(cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move) -> None:
    make.answer(event, cast.alma, cast.guardian)
    wall_clock(timedelta(hours=1))
    change(client_of(cast.guardian_of_two), event, title="Suppe og brød")
    assert "Kommer Alma?" not in client_of(cast.guardian).get("/").text


@pytest.mark.both
def test_the_figures_say_how_many_answered_before_the_move(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    make.answer(event, cast.noah, cast.foster_parent, Answer.DECLINED)
    wall_clock(timedelta(hours=1))
    change(client_of(cast.guardian_of_two), event, place="Hallen")
    team, organiser = client_of(cast.class_teacher), client_of(cast.guardian_of_two)
    figures = "2 af 3 børn har svaret, 2 af dem før flytningen"
    for browser, address in (
        (team, "/"),
        (team, f"/events/{event.id}"),
        (team, f"/events/{event.id}/answers"),
        (organiser, f"/events/{event.id}"),
        (organiser, "/"),
    ):
        assert figures in browser.get(address).text, address
    answers = team.get(f"/events/{event.id}/answers").text
    assert answers.count("Svarede før flytningen") == 2

    press(client_of(cast.guardian), event, cast.alma.id)
    assert "2 af 3 børn har svaret, 1 af dem før flytningen" in team.get(f"/events/{event.id}").text
    press(client_of(cast.foster_parent), event, cast.noah.id)
    assert "2 af 3 børn har svaret<" in team.get(f"/events/{event.id}").text
    assert "før flytningen" not in team.get(f"/events/{event.id}/answers").text


@pytest.mark.both
def test_reminders_after_a_move_go_to_those_who_have_not_answered_since(
    cast: Cast, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move, database: str
) -> None:
    for pupil, guardian in ((cast.alma, cast.guardian), (cast.noah, cast.foster_parent)):
        make.answer(event, pupil, guardian)
    make.answer(event, cast.otto, cast.guardian_of_two)
    for day in (date(2026, 11, 28), date(2026, 11, 30)):
        wall_clock(clock.at_school(day, time(9)))
        db.session.commit()
        worker.round()
        assert told_of(cast, ActKind.EVENT_REMINDER) == set(), "everybody had answered"
    change(client_of(cast.guardian_of_two), event, day="2026-12-11", rsvp_deadline="2026-12-08")
    wall_clock(timedelta(hours=1))
    press(client_of(cast.other_home), event, cast.alma.id)
    for day in (date(2026, 12, 5), date(2026, 12, 7)):
        wall_clock(clock.at_school(day, time(9)))
        db.session.commit()
        worker.round()
        assert told_of(cast, ActKind.EVENT_REMINDER) == {"guardian_of_two", "foster_parent"}


def test_who_was_reminded_twice_is_reminded_of_the_new_day_as_well(
    cast: Cast, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move
) -> None:
    for day in (date(2026, 11, 28), date(2026, 11, 30)):
        wall_clock(clock.at_school(day, time(9)))
        db.session.commit()
        worker.round()
    change(client_of(cast.guardian_of_two), event, day="2026-12-11", rsvp_deadline="2026-12-08")
    tell(worker)
    assert told_of(cast, ActKind.EVENT_REMINDER) == set()
    wall_clock(clock.at_school(date(2026, 12, 5), time(9)))
    db.session.commit()
    worker.round()
    assert "guardian" in told_of(cast, ActKind.EVENT_REMINDER)


@pytest.mark.both
@pytest.mark.parametrize(
    "changes",
    [{"cost_per_child": "26"}, {"siblings_welcome": ""}, {"rsvp_deadline": "2026-11-30"}],
    ids=lambda changes: next(iter(changes)),
)
def test_harder_terms_are_told_to_those_who_said_yes(
    cast: Cast,
    event: ClassEvent,
    client_of: ClientOf,
    worker: Worker,
    wall_clock: Move,
    database: str,
    changes: dict[str, str],
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    make.answer(event, cast.noah, cast.foster_parent, Answer.TENTATIVE)
    wall_clock(timedelta(hours=1))
    change(client_of(cast.class_teacher), event, **changes)
    wall_clock(REST)
    tell(worker)
    assert told_of(cast, ActKind.EVENT_TERMS_CHANGED) == {"guardian", "other_home", "helper"}
    words = "Prisen, søskende eller svarfristen er ændret siden da. Passer det stadig?"
    home = client_of(cast.other_home)
    assert "Ændret: et fællesarrangement i 3.A (Alma)" in home.get("/notifications/").text
    assert words in home.get(f"/events/{event.id}").text
    assert "Kommer Alma?" not in home.get("/").text, "the answer stands"
    assert words not in client_of(cast.foster_parent).get(f"/events/{event.id}").text
    press(home, event, cast.alma.id)
    assert words not in home.get(f"/events/{event.id}").text
    assert "en ny besked" not in home.get("/").text


@pytest.mark.parametrize(
    "changes",
    [
        {"cost_per_child": "24"},
        {"rsvp_deadline": "2026-12-02"},
        {"rsvp_deadline": ""},
        {"description": "Tag en ske med."},
    ],
    ids=["cheaper", "later", "no day", "another word"],
)
def test_what_asks_no_more_is_told_to_nobody(
    cast: Cast, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move, changes: dict[str, str]
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    change(client_of(cast.guardian_of_two), event, **changes)
    wall_clock(REST)
    tell(worker)
    assert told_of(cast, ActKind.EVENT_TERMS_CHANGED) == set()
    assert event.terms_changed_at is None


@pytest.mark.parametrize("before", ["", "2026-12-01"])
def test_a_first_day_for_answers_is_nearer_than_none(
    cast: Cast, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move, before: str
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    organiser = client_of(cast.guardian_of_two)
    change(organiser, event, rsvp_deadline=before)
    change(organiser, event, rsvp_deadline="2026-12-01")
    wall_clock(REST)
    tell(worker)
    assert bool(told_of(cast, ActKind.EVENT_TERMS_CHANGED)) is (before == "")


def test_a_move_that_makes_it_dearer_too_is_told_once(
    cast: Cast, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move
) -> None:
    make.answer(event, cast.alma, cast.guardian)
    organiser = client_of(cast.guardian_of_two)
    change(organiser, event, cost_per_child="30")
    wall_clock(REST)
    tell(worker)
    wall_clock(timedelta(hours=1))
    change(organiser, event, cost_per_child="35", place="Hallen")
    wall_clock(REST)
    tell(worker)
    assert told_of(cast, ActKind.EVENT_TERMS_CHANGED) == set(), "the newest only"
    assert told_of(cast, ActKind.EVENT_MOVED) >= {"guardian", "other_home", "foster_parent"}
