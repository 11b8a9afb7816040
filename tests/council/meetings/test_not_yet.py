"""What cannot be done yet is not offered: writing down before a meeting begins, approving while classes wait."""

from __future__ import annotations

from functools import partial

import pytest

from portal.council.meetings.models import CouncilMeeting, ItemState, MeetingState
from portal.database import db
from portal.strategy.amendments.models import Amendment
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

PLAN = {"day": "2026-12-09", "time": "10:00", "place": "Biblioteket"}


def test_before_a_meeting_has_begun_nothing_is_written_down_and_that_is_said(
    cast: Cast, lars: IsolatedClient, amendment: Amendment
) -> None:
    meeting = make.make_meeting(cast.council)
    item = make.make_item(meeting, amendment)
    db.session.commit()
    hands = {"yes": 1, "no": 0, "abstain": 0, "result": "adopted", "revision": 1}
    for path, form in (
        (f"/council/meetings/{meeting.id}/attendance", {"seen": "-"}),
        (f"/council/items/{item.id}/result", hands),
    ):
        page = lars.get(path).text
        assert "The meeting has not begun" in page
        assert f'method="post" action="{path}"' not in page
        answer = lars.send(path, form)
        assert answer.status_code == 409
        assert "The meeting has moved on" not in answer.text
        assert "has not begun" in answer.text


def test_minutes_are_approved_where_they_can_be_and_what_is_missing_leads_there(
    cast: Cast, lars: IsolatedClient
) -> None:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    item = make.make_item(meeting, title="Bolde", state=ItemState.DONE)
    entry = make.make_class_input(cast.council, cast.sixth, cast.class_teacher, item_id=item.id)
    db.session.commit()
    page, approve = f"/council/meetings/{meeting.id}/minutes", f"/council/meetings/{meeting.id}/approve"
    shown = lars.get(page).text
    assert approve not in shown
    assert "1 line from a class needs its answer" in shown
    assert f'href="/council/{cast.council.id}/class-inputs"' in shown
    entry.item_id = None
    db.session.commit()
    assert approve in lars.get(page).text


def test_a_council_meets_once_at_a_time(cast: Cast, client_of: ClientOf) -> None:
    path = f"/council/{cast.council.id}/meetings/new"
    windows = [client_of(cast.facilitator) for _ in range(3)]
    answers = at_once(*(partial(window.send, path, PLAN) for window in windows))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]
    assert all("planned for that time already" in a.text for a in answers if a.status_code == 422)
    assert db.session.query(CouncilMeeting).count() == 1
