"""Paper says dates: "i tirsdags" is wrong from the day after it was printed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.council.meetings.models import MeetingState
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.house.source import TEMPLATES

#: What is said of a day as seen from today.
RELATIVE = re.compile(r"\|\s*(when|near_date)\b|\b(when|near_date)\(")
#: Templates of pages that are paper as a whole, and of what they draw in.
MADE_FOR_PAPER = re.compile(r"for_paper\(|_letter\.html|class=\"letters|page_class %}[^{]*printing")
#: Where the line itself is made.
COMPONENTS = "components/ui.html"
SAID = re.compile(r"\b(i dag|i går|i morgen|i (man|tirs|ons|tors|fre|lør|søn)dags)\b", re.IGNORECASE)


def sources() -> dict[str, str]:
    return {str(file.relative_to(TEMPLATES)): file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.html")}


@pytest.mark.check
def test_no_page_for_paper_says_a_day_as_seen_from_today() -> None:
    paper = {name: text for name, text in sources().items() if MADE_FOR_PAPER.search(text) and name != COMPONENTS}
    assert {"council/meetings/show_printed_minutes.html", "updates/show_print.html", "school/show_letters.html"} <= set(
        paper
    ), sorted(paper)
    assert {name: RELATIVE.findall(text) for name, text in paper.items() if RELATIVE.search(text)} == {}


@pytest.mark.check
def test_a_page_with_a_line_for_paper_keeps_such_days_off_it() -> None:
    wrong = [
        f"{name}: {line.strip()}"
        for name, text in sources().items()
        if "{{ print_head(" in text
        for line in text.splitlines()
        if RELATIVE.search(line) and "no-print" not in line
    ]
    assert wrong == []


def test_printed_minutes_and_news_say_their_dates(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    update = make.make_update(cast.third, cast.class_teacher, "Ugens nyt")
    event = make.make_event(cast.third, cast.guardian_of_two, rsvp_deadline=clock.today())
    make.answer(event, cast.alma, cast.guardian)
    wall_clock(timedelta(days=1))
    for user, address in (
        (cast.facilitator, f"/council/meetings/{meeting.id}/print"),
        (cast.guardian, f"/updates/{update.id}/print"),
        (cast.guardian, f"/updates/{update.id}"),
        (cast.guardian, f"/events/{event.id}"),
    ):
        page = client_of(user).get(address)
        assert page.status_code == 200, address
        text = re.sub(r"<(\w+) [^>]*no-print[^>]*>.*?</\1>", "", page.text, flags=re.DOTALL)
        assert not SAID.search(re.sub(r"<[^>]+>", " ", text)), address
    assert (
        "Godkendt 23. november 2026." in client_of(cast.facilitator).get(f"/council/meetings/{meeting.id}/print").text
    )
