"""A whole meeting in the room view: on the projector and on a phone, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.council.meetings.models import CouncilMeeting
from portal.database import db
from portal.text import clock
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser

PROJECTOR, PHONE = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}
#: The smallest words of the room view on the projector, in px: read from the last row.
SMALLEST = (
    "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.childNodes.length && [...e.childNodes]"
    ".some(n => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length && !e.closest('.hidden'))"
    ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
)


@pytest.fixture
def meeting(cast: Cast) -> CouncilMeeting:
    amendment = make.make_amendment(cast.council, cast.council_member, make.make_edition(), title="Alle med i legen")
    meeting = make.make_meeting(cast.council)
    item = make.make_item(meeting, amendment)
    make.make_class_input(
        cast.council, cast.sixth, cast.council_member, item_id=item.id, text="Ja, men højst fem regler."
    )
    make.make_item(meeting, title="Boldene i frikvarteret")
    make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=14))
    db.session.commit()
    return meeting


@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["on the projector", "on a phone"])
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_whole_meeting_on_the_big_screen(
    cast: Cast, as_user: Callable[..., Page], meeting: CouncilMeeting, size: dict[str, int], javascript: bool
) -> None:
    lars = as_user(cast.facilitator, javascript=javascript)
    lars.set_viewport_size(size)
    lars.goto(f"/council/meetings/{meeting.id}")
    lars.get_by_role("button", name="Start mødet").click()
    for name in ("Ella", "Viggo"):
        lars.get_by_label(name).check()
    lars.get_by_role("button", name="Gem", exact=True).click()
    lars.get_by_role("link", name="Storskærm").click()
    lars.get_by_role("button", name="Gå i gang").click()
    main = lars.get_by_role("main")
    expect(lars.get_by_role("heading", level=1)).to_contain_text("Alle med i legen")
    expect(main).to_contain_text("Ja, men højst fem regler.")
    expect(main).to_contain_text("Boldene i frikvarteret")

    ella = as_user(cast.council_member, javascript=javascript)
    ella.set_viewport_size(size)
    ella.goto(f"/council/meetings/{meeting.id}/screen")
    expect(ella.get_by_role("heading", level=1)).to_contain_text("Alle med i legen")

    lars.get_by_label("Ja", exact=True).fill("5")
    lars.get_by_role("button", name="Gem", exact=True).click()
    expect(lars.get_by_role("alert")).to_contain_text("5 hænder")
    expect(lars.get_by_label("Ja", exact=True)).to_have_value("5")
    lars.get_by_label("Ja", exact=True).fill("2")
    if size == PROJECTOR:
        foot = lars.locator("main > footer").bounding_box()
        assert foot is not None
        assert foot["y"] + foot["height"] <= 1081, "what comes next is in sight beside a count that was refused"
        assert lars.evaluate("document.documentElement.scrollWidth") <= 1920
        assert lars.evaluate(SMALLEST) >= 30 if javascript else True
    lars.get_by_role("button", name="Gem", exact=True).click()
    expect(main).to_contain_text("Elevrådet siger ja")
    if not javascript:
        ella.reload()
    expect(ella.get_by_role("main")).to_contain_text("Elevrådet siger ja", timeout=15_000)

    lars.get_by_role("button", name="Næste punkt").click()
    expect(lars.get_by_role("heading", level=1)).to_have_text("Boldene i frikvarteret")
    lars.locator("textarea").fill("Vi vil have fem bolde.")
    lars.get_by_role("button", name="Gem i referatet").click()
    expect(lars.get_by_role("heading", level=1)).to_have_text("Boldene i frikvarteret")
    expect(main).to_contain_text("Vi vil have fem bolde.")
    lars.reload()
    expect(main).to_contain_text("Vi vil have fem bolde.")
    lars.get_by_role("button", name="Færdig").click()
    lars.get_by_role("link", name="Tilbage til mødet").click()
    lars.get_by_role("button", name="Slut mødet").click()
    expect(lars.get_by_role("main")).to_contain_text("2 for, 0 imod")
    if javascript:
        assert lars.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_who_types_loses_nothing_when_a_colleague_writes_too(
    cast: Cast, as_user: Callable[..., Page], meeting: CouncilMeeting
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    db.session.commit()
    lars, mette = as_user(cast.facilitator), as_user(cast.class_teacher)
    lars.goto(f"/council/meetings/{meeting.id}")
    lars.get_by_role("button", name="Start mødet").click()
    lars.get_by_label("Ella").check()
    lars.get_by_role("button", name="Gem", exact=True).click()
    lars.goto(f"/council/meetings/{meeting.id}/screen")
    lars.get_by_role("button", name="Gå i gang").click()
    lars.get_by_label("Nej", exact=True).fill("1")
    mette.goto(f"/council/meetings/{meeting.id}/screen")
    mette.get_by_text("Skriv i referatet").click()
    mette.locator("textarea").fill("Vi talte.")
    mette.get_by_role("button", name="Gem i referatet").click()
    expect(lars.get_by_text("Nogen har skrevet noget")).to_be_visible(timeout=15_000)
    expect(lars.get_by_label("Nej", exact=True)).to_have_value("1")
    lars.get_by_role("button", name="Gem", exact=True).click()
    expect(lars.get_by_role("main")).to_contain_text("Elevrådet siger nej")
    expect(lars.get_by_role("main")).to_contain_text("Vi talte.")
