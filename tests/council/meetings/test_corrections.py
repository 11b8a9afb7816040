"""Putting approved minutes right: below them, with the date, and never by changing them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.acts.models import Act, ActKind
from portal.council.meetings.forms import LONGEST_CORRECTION
from portal.council.meetings.models import CouncilMeeting, MeetingState, MinutesCorrection
from portal.database import db
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.council.seen import approve

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def meeting(cast: Cast) -> CouncilMeeting:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    make.make_item(meeting, notes="Vi talte om bolde.")
    return meeting


def page(meeting: CouncilMeeting) -> str:
    return f"/council/meetings/{meeting.id}"


def seen_in(browser: IsolatedClient, meeting: CouncilMeeting) -> str:
    """What the press that approves sends along."""
    return re.findall(r'name="seen" value="([^"]+)"', browser.get(f"{page(meeting)}/minutes").text)[0]


def correct(browser: IsolatedClient, meeting: CouncilMeeting, text: str = "Det var seks bolde.") -> int:
    return browser.send(f"{page(meeting)}/corrections/new", {"text": text}).status_code


def test_a_correction_stands_below_the_minutes_with_its_date_on_the_page_and_on_paper(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting, wall_clock: Move
) -> None:
    assert "Put right afterwards" not in lars.get(f"{page(meeting)}/minutes").text
    wall_clock(timedelta(days=2))
    assert correct(client_of(cast.facilitator), meeting) == 303
    wall_clock(timedelta(days=1))
    assert correct(client_of(cast.facilitator), meeting, "Og fem mål.") == 303
    for name, path in (
        ("council_member", "minutes"),
        ("council_chair", "print"),
        ("leader", "minutes"),
        ("office", "print"),
        ("facilitator", "minutes"),
    ):
        text = client_of(cast.users[name]).get(f"{page(meeting)}/{path}").text
        assert "Vi talte om bolde." in text
        assert text.index("25 November") < text.index("Det var seks bolde.") < text.index("26 November")
        assert text.index("26 November") < text.index("Og fem mål.")
    acts = db.session.query(Act).filter_by(kind=ActKind.MINUTES_CORRECTED).all()
    assert [(act.actor_id, act.subject_id) for act in acts] == [(cast.facilitator.id, meeting.id)] * 2


@pytest.mark.both
@pytest.mark.parametrize("state", [state for state in MeetingState if state is not MeetingState.MINUTES_APPROVED])
def test_only_approved_minutes_are_corrected(
    cast: Cast, lars: IsolatedClient, state: MeetingState, database: str
) -> None:
    meeting = make.make_meeting(cast.council, state)
    assert "Put something right" not in lars.get(f"{page(meeting)}/minutes").text
    assert lars.get(f"{page(meeting)}/corrections/new").status_code == 200
    assert correct(lars, meeting) == 409
    assert db.session.query(MinutesCorrection).count() == 0


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("council_member", 403),
        ("council_chair", 403),
        ("leader", 403),
        ("office", 403),
        ("guardian", 404),
        ("class_teacher", 404),
        ("newcomer", 404),
    ],
)
def test_only_the_facilitator_corrects(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, name: str, status: int
) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(f"{page(meeting)}/corrections/new").status_code == status
    assert correct(browser, meeting) == status
    assert db.session.query(MinutesCorrection).count() == 0
    assert "Put something right" not in browser.get(f"{page(meeting)}/minutes").text


@pytest.mark.parametrize("text", ["", "   ", "\u200b\n".strip("\u200b"), "x" * (LONGEST_CORRECTION + 1)])
def test_what_cannot_be_a_correction_is_none(lars: IsolatedClient, meeting: CouncilMeeting, text: str) -> None:
    assert correct(lars, meeting, text) == 422
    assert db.session.query(MinutesCorrection).count() == 0


@pytest.mark.parametrize("odd", ["a\u202eb", "👩‍👩‍👧", "<script>alert(1)</script>", "%(x)s", "{{ 7 * 7 }}"])
def test_odd_text_is_text(lars: IsolatedClient, meeting: CouncilMeeting, odd: str) -> None:
    assert correct(lars, meeting, odd) == 303
    for path in ("minutes", "print"):
        text = lars.get(f"{page(meeting)}/{path}").text
        assert "<script>" not in text
        assert ">49<" not in text


def test_a_double_click_is_one_correction(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    path = f"{page(meeting)}/corrections/new"
    answers = [lars.send(path, {"text": "Det var seks bolde."}, key="k") for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert db.session.query(MinutesCorrection).count() == 1


@pytest.mark.both
def test_minutes_are_approved_as_they_were_seen(cast: Cast, lars: IsolatedClient, database: str) -> None:
    """What a colleague has written while the page stood open is read before it stays for good."""
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    item = make.make_item(meeting, notes="Vi talte om boldene.")
    seen = seen_in(lars, meeting)
    lars.send(f"/council/items/{item.id}/notes", {"notes": "Vi talte om bolde og mål.", "version": item.version})
    assert lars.send(f"{page(meeting)}/approve", {"seen": seen}).status_code == 409
    assert meeting.state is MeetingState.MINUTES_DRAFT
    seen = seen_in(lars, meeting)
    assert lars.send(f"{page(meeting)}/approve", {"seen": seen}).status_code == 303


def test_the_minutes_themselves_stay_locked(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    correct(lars, meeting)
    notes = {"notes": "Andre ord.", "version": 1}
    item = make.make_item(meeting, notes="Mere.")
    assert lars.send(f"/council/items/{item.id}/notes", notes).status_code == 409
    assert approve(lars, page(meeting)).status_code == 409
