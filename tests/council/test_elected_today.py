"""A seat that began today and that something is written of already: its child is at a meeting that goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.accounts.services import end_at_once
from portal.council.meetings.models import Attendance, CouncilMeeting, MeetingState
from portal.council.meetings.queries import list_present
from portal.council.models import CouncilMember
from portal.council.queries import hold_seats, list_class_seats
from portal.database import db
from portal.database.transactions import is_referred_to
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.council.seen import seen_at

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

YESTERDAY = date(2026, 11, 22)


@pytest.fixture
def teacher(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.teacher_elsewhere)


def elect(browser: IsolatedClient, cast: Cast, member: int, **more: Any) -> int:
    path = f"/council/classes/{cast.sixth.id}/members"
    nobody = dict.fromkeys(("second_member", "substitute", "second_substitute"), 0)
    form = {"member": member, **nobody, **more, "seen": seen_at(browser, path)}
    return browser.send(path, form).status_code


def seats(cast: Cast) -> list[int]:
    db.session.expire_all()
    return [seat.pupil_id for seat in list_class_seats(cast.sixth.id, today=clock.today())]


def be_there(cast: Cast, meeting: CouncilMeeting) -> list[int]:
    """Everybody of the class is here; gives their seats."""
    here = [seat.id for seat in list_class_seats(cast.sixth.id, today=clock.today())]
    db.session.add_all(Attendance(meeting_id=meeting.id, member_id=seat_id) for seat_id in here)
    db.session.commit()
    return here


def test_whoever_was_chosen_today_and_is_at_a_meeting_can_be_replaced_today(
    cast: Cast, teacher: IsolatedClient, client_of: ClientOf
) -> None:
    noah = make.make_pupil(cast.sixth, "Ny", "Elev")
    db.session.commit()
    assert elect(teacher, cast, noah.id) == 303
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    (sat,) = be_there(cast, meeting)
    assert elect(teacher, cast, cast.ella.id) == 303
    assert seats(cast) == [cast.ella.id]
    kept = db.session.get_one(CouncilMember, sat)
    assert (kept.starts_on, kept.ends_on) == (YESTERDAY, YESTERDAY), "it gives no right on any day to come"
    assert [one.member_id for one in list_present(meeting)] == [sat], "who was there stays in the minutes"
    lars, path = client_of(cast.facilitator), f"/council/meetings/{meeting.id}/attendance"
    assert lars.send(path, {"present": [sat], "seen": seen_at(lars, path)}).status_code == 303
    assert [one.member_id for one in list_present(meeting)] == [sat]


def test_a_second_member_chosen_today_can_be_taken_back_today(cast: Cast, teacher: IsolatedClient) -> None:
    assert elect(teacher, cast, cast.ella.id, second_member=cast.viggo.id) == 303
    for seat in list_class_seats(cast.sixth.id, today=clock.today()):
        seat.starts_on = clock.today()
    be_there(cast, make.make_meeting(cast.council, MeetingState.IN_PROGRESS))
    assert elect(teacher, cast, cast.ella.id) == 303
    assert seats(cast) == [cast.ella.id]


@pytest.mark.both
def test_a_place_that_began_today_goes_unless_something_refers_to_it(cast: Cast) -> None:
    today = clock.today()
    first, second = (make.make_pupil(cast.sixth, name, "Elev") for name in ("Ene", "Anden"))
    kept, gone = (make.seat(cast.council, pupil, cast.sixth, is_substitute=True) for pupil in (first, second))
    kept.starts_on = gone.starts_on = today
    db.session.add(
        Attendance(meeting_id=make.make_meeting(cast.council, MeetingState.IN_PROGRESS).id, member_id=kept.id)
    )
    db.session.commit()
    assert (is_referred_to(kept), is_referred_to(gone)) == (True, False)
    ids = sorted([kept.id, gone.id])
    assert hold_seats(ids) == ids
    for seat in (kept, gone):
        end_at_once(seat, today=today)
    db.session.commit()
    assert hold_seats(ids) == [kept.id]
