"""About an event that was called off people may still ask, for a time; and of two who take one over, one does."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.models import ASKED_AFTER_CANCELLING, ClassEvent, EventState
from portal.events.organisers.queries import list_organisers
from portal.events.questions.models import EventQuestion
from portal.home.desk import THREE_WEEKS
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once
from tests.events.test_organisers import answer, ask, event, left_alone  # noqa: F401 - fixtures
from tests.events.test_organisers import organisers as organisers_of


@pytest.fixture
def called_off(event: ClassEvent) -> ClassEvent:  # noqa: F811
    event.state = EventState.CANCELLED
    db.session.commit()
    return event


def test_about_what_was_called_off_a_home_asks_and_is_answered(
    cast: Cast, called_off: ClassEvent, client_of: ClientOf
) -> None:
    amina, mette = client_of(cast.guardian_of_two), client_of(cast.guardian)
    assert "Spørg arrangørerne" in amina.get(f"/events/{called_off.id}").text
    assert ask(amina, called_off, "Bliver der en ny dag?") == 303
    question = db.session.query(EventQuestion).one()
    assert "1 spørgsmål om" in mette.get("/").text
    assert answer(mette, question) == 303
    assert "1 spørgsmål om" not in mette.get("/").text
    assert "Ja, det er der." in amina.get(f"/events/{called_off.id}").text


@pytest.mark.parametrize("second", [-1, 0])
def test_it_is_asked_about_until_some_weeks_after_its_day(
    cast: Cast, called_off: ClassEvent, client_of: ClientOf, wall_clock: Move, second: int
) -> None:
    """The page, the press and the organiser's desk agree on the last second."""
    make.ask(called_off, cast.other_home)
    ends_at = called_off.ends_at
    wall_clock(ends_at + ASKED_AFTER_CANCELLING + timedelta(seconds=second))
    amina, is_open = client_of(cast.guardian_of_two), second < 0
    assert ("Spørg arrangørerne" in amina.get(f"/events/{called_off.id}").text) is is_open
    assert ("1 spørgsmål om" in client_of(cast.guardian).get("/").text) is is_open
    assert ask(amina, called_off) == (303 if is_open else 422)
    assert ASKED_AFTER_CANCELLING == THREE_WEEKS


def test_what_is_over_and_was_held_is_not_asked_about(
    cast: Cast,
    event: ClassEvent,  # noqa: F811
    client_of: ClientOf,
    wall_clock: Move,
) -> None:
    wall_clock(event.ends_at)
    assert ask(client_of(cast.guardian_of_two), event) == 422


@pytest.mark.parametrize(
    ("name", "status"), [("guardian_elsewhere", 404), ("office", 404), ("council_member", 404), ("helper", 303)]
)
def test_nobody_else_asks_than_before_it_was_called_off(
    cast: Cast, called_off: ClassEvent, client_of: ClientOf, name: str, status: int
) -> None:
    assert ask(client_of(cast.users[name]), called_off) == status


def test_where_nobody_is_left_who_called_it_off_the_page_leads_to_no_question_and_the_press_says_why(
    cast: Cast,
    left_alone: ClassEvent,  # noqa: F811
    client_of: ClientOf,
) -> None:
    left_alone.state = EventState.CANCELLED
    db.session.commit()
    amina = client_of(cast.guardian_of_two)
    assert "Spørg" not in amina.get(f"/events/{left_alone.id}").text
    refused = amina.send(f"/events/questions/of/{left_alone.id}/ask", {"question": "Bliver der en ny dag?"})
    assert refused.status_code == 422
    assert "Spørg klasseteamet" in refused.text
    assert "Bliver der en ny dag?" in refused.text
    assert db.session.query(Act).filter_by(kind=ActKind.EVENT_LEFT_ALONE).count() == 0


@pytest.mark.both
def test_of_those_who_take_an_event_over_at_once_one_does_and_the_others_are_told(
    cast: Cast,
    left_alone: ClassEvent,  # noqa: F811
    client_of: ClientOf,
    database: str,
) -> None:
    team = (cast.class_teacher, cast.pedagogue, cast.substitute, cast.leader)
    path = f"/events/{left_alone.id}/organisers/take-over"
    answers = at_once(*(partial(client_of(one).send, path) for one in team))
    assert sorted(one.status_code for one in answers) == [303, 422, 422, 422]
    for late in (one for one in answers if one.status_code == 422):
        assert "En anden står for det nu." in late.text
        assert "Jeg tager over" not in late.text
    (taker,) = list_organisers(left_alone, today=clock.today())
    assert organisers_of(left_alone) == {cast.guardian.id, taker.user_id}
    assert db.session.query(Act).filter_by(kind=ActKind.ORGANISER_JOINED).one().actor_id == taker.user_id
