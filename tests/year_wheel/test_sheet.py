"""The board's sheet is one page of A4, also for a school of 25 classes with all duties, late ones by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock
from portal.year_wheel.delivered import DELIVERED
from tests import factories as make
from tests.cast import Cast
from tests.conftest import Move
from tests.pdfs import holds_up, lacks, page_count, tags

CLASSES = 25


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("month", [11, 5])
def test_a_full_wheel_prints_on_one_page_that_is_read_aloud_in_order(
    cast: Cast, as_user: Callable[..., Page], wall_clock: Move, month: int
) -> None:
    wall_clock(datetime(2026 if month > 7 else 2027, month, 27, 11, tzinfo=UTC))
    db.session.add(Act(actor_id=None, kind=ActKind.HELP_CHANGED, subject_id=1, at=clock.now() - timedelta(days=400)))
    for number in range(CLASSES):
        school_class = make.make_class(f"{number // 3}.{'BCD'[number % 3]}", number // 3)
        make.make_pupil(school_class)
    db.session.commit()
    page = as_user(cast.leader)
    page.goto("/year-wheel/sheet")
    assert page.locator("tbody tr").count() == len(DELIVERED)

    pdf = page.pdf(format="A4", prefer_css_page_size=True, tagged=True)
    assert pages_of(pdf) == 1
    assert b"/StructTreeRoot" in pdf

    answer = page.context.request.get("/year-wheel/sheet/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename=saadan-lever-strategien-2026-27.pdf"
    made = answer.body()
    assert page_count(made) == 1
    assert lacks(made, page.content()) == []
    holds_up(made, "Sådan lever strategien", "da")
    found = tags(made)
    assert [given.get("/Scope") for tag, given in found if tag == "TH"] == ["/Column"] * 4
    assert [tag for tag, _ in found].count("TR") == len(DELIVERED) + 1
    assert [tag for tag, _ in found].count("Table") == 1
