"""The way back in a real browser, on a phone and on a laptop: answers are read aloud, and a child finds her idea."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.replies.models import ReplySheet
from tests import factories as make
from tests.acting import CHILD, GROWN_UP, Voice
from tests.cast import Cast

pytestmark = pytest.mark.browser

ANSWER = (
    "Tak for jeres idé. Vi siger nej til legetøj hver fredag, for så bliver noget væk. "
    "Men den sidste dag før hver ferie må alle tage et stykke legetøj med."
)
SIZES = pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "laptop"])


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@SIZES
def test_a_class_teacher_ticks_two_answers_in_a_minute(
    cast: Cast, as_user: Callable[..., Page], size: tuple[int, int]
) -> None:
    edition = make.make_edition()
    for title in ("Flere bolde", "Alle er med"):
        asked = make.make_amendment(
            cast.council, cast.council_member, edition, state=AmendmentState.REJECTED, title=title
        )
        decision = make.make_decision(asked, cast.board_secretary, outcome=AmendmentState.REJECTED, child_reply=ANSWER)
        make.make_reply(decision, cast.council, cast.ella, cast.sixth, title=title)
    db.session.commit()
    page = as_user(cast.teacher_elsewhere, viewport={"width": size[0], "height": size[1]})
    page.goto("/")
    tine = Voice(page, words_a_minute=GROWN_UP)
    tine.opens(page.get_by_role("link", name="Læs svaret op i klassen: Flere bolde"))
    expect(page.get_by_role("main")).to_contain_text(ANSWER)
    assert fits(page)
    tine.opens(page.get_by_role("button", name="Jeg har læst det op"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Alle er med")  # the next one, without a way round
    assert fits(page)
    tine.opens(page.get_by_role("button", name="Jeg har læst det op"))
    expect(page.get_by_role("link", name="Læs svaret op i klassen")).to_have_count(0)
    db.session.expire_all()
    assert [one.read_by_id for one in db.session.query(ReplySheet)] == [cast.teacher_elsewhere.id] * 2
    assert (tine.presses, tine.fields, tine.signs) == (3, 0, 0)
    assert tine.words <= 200
    assert tine.seconds <= 60


@SIZES
@pytest.mark.parametrize(
    "state", [AmendmentState.DRAFT, AmendmentState.IN_COUNCIL, AmendmentState.FORWARDED, AmendmentState.REJECTED]
)
def test_a_child_of_ten_finds_where_her_idea_is_in_one_press(
    cast: Cast, as_user: Callable[..., Page], size: tuple[int, int], state: AmendmentState
) -> None:
    edition = make.make_edition()
    make.make_cycle(edition, Phase.BOARD)
    make.make_meeting(cast.council)
    for title, own_state in (("Flere bolde", state), ("Alle må være med", AmendmentState.DRAFT)):
        make.make_amendment(cast.council, cast.council_member, edition, state=own_state, title=title)
    db.session.commit()
    page = as_user(cast.council_member, viewport={"width": size[0], "height": size[1]})
    page.goto("/")
    assert fits(page)
    ella = Voice(page, words_a_minute=CHILD)
    ella.opens(page.get_by_role("link", name="Flere bolde"))
    where = page.locator(".where")
    expect(where.locator("h2")).to_be_visible()
    ella.reads_to(where)
    assert fits(page)
    assert (ella.presses, ella.fields, ella.signs) == (1, 0, 0)
    assert ella.words <= 80
    assert ella.seconds <= 60
