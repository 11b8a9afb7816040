"""What waits for whoever helps a council stands on their front page, and on nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.council.meetings.ahead import list_next
from portal.council.meetings.models import MeetingState
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.mark.both
def test_classes_and_minutes_wait_for_the_contact_teacher(cast: Cast, client_of: ClientOf, database: str) -> None:
    lars = client_of(cast.facilitator)
    before = lars.get("/").text
    assert "waits for an answer" not in before
    assert "not approved" not in before
    make.make_class_input(cast.council, cast.sixth, cast.council_member)
    for _ in range(2):
        make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    after = lars.get("/").text
    assert "1 word from a class waits for an answer." in after
    assert "The minutes of 2 meetings are not approved." in after
    for user in (cast.council_member, cast.leader, cast.office, cast.teacher_elsewhere):
        text = client_of(user).get("/").text
        assert "waits for an answer" not in text
        assert "not approved" not in text


@pytest.mark.both
def test_the_meetings_that_come_stand_in_their_order(cast: Cast, database: str) -> None:
    now = clock.now()
    late, soon, going = (
        make.make_meeting(cast.council, state, starts_at=now + away)
        for state, away in (
            (MeetingState.PLANNED, timedelta(days=9)),
            (MeetingState.PLANNED, timedelta(days=-0.5)),
            (MeetingState.IN_PROGRESS, timedelta(days=-3)),
        )
    )
    make.make_meeting(cast.council, starts_at=now - timedelta(days=2))
    ids = [meeting.id for meeting in list_next([cast.council.id], now=now)]
    assert ids == [going.id, soon.id, late.id]


def test_the_office_that_helps_a_council_finds_it_in_the_menu(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    here = f'href="/council/{cast.council.id}"'
    assert here not in office.get("/").text
    make.make_facilitator(cast.council, cast.office)
    page = office.get("/").text
    menu = page[page.index('<nav class="menu"') :]
    assert here in menu[: menu.index("</nav>")]
