"""No list ends silently: what was acknowledged is found on one of its pages, and every cut in the code is known."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council.meetings.models import MeetingState
from portal.database import db
from portal.people import BY_ITSELF
from portal.settings import ROOT
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from portal.text import clock
from portal.updates import queries as updates
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient

ClientOf = Callable[[User], IsolatedClient]
MANY = 130

#: Where the code takes a part of what there is, each with how the rest is found.
CUTS = {
    "portal/accounts/queries.py:_faults": "the page says how many there are",
    "portal/accounts/sign_in/queries.py:find_credentials": "whether there is more than one",
    "portal/accounts/users/queries.py:_by_name": "goes on",
    "portal/acts/keeping.py:end_of": "a portion of what is over",
    "portal/acts/keeping.py:forget": "a portion of what is over",
    "portal/acts/queries.py:_acts": "goes on",
    "portal/council/meetings/queries.py:_held": "goes on",
    "portal/council/meetings/queries.py:get_going_on": "one",
    "portal/council/meetings/queries.py:next_to_come": "one",
    "portal/year_wheel/queries.py:_last_act": "one",
    "portal/updates/queries.py:_unread": "the front page, which leads to all news",
    "portal/council/meetings/ahead.py:_next_ones": "the front page; a council's page has all that are coming",
    "portal/council/queries.py:_council_of_class": "one",
    "portal/events/queries.py:_next_events": "goes on",
    "portal/notifications/queries.py:_portion": "goes on",
    "portal/notifications/queries.py:_sent_mail": "the newest of the demo's mailbox",
    "portal/notifications/queries.py:list_waiting_acts": "a portion of a queue",
    "portal/notifications/services.py:_due_now": "a portion of a queue",
    "portal/notifications/services.py:_gather": "a portion of a queue",
    "portal/parent_meetings/material/queries.py:_current": "one",
    "portal/parent_meetings/material/queries.py:_out_by": "one",
    "portal/playdates/queries.py:_coming": "goes on",
    "portal/school/helpers/queries.py:_last_report": "one",
    "portal/strategy/amendments/queries.py:_last_vote": "one",
    "portal/strategy/amendments/queries.py:_newest": "the front page; the list of suggestions has all",
    "portal/strategy/amendments/queries.py:_page": "goes on",
    "portal/strategy/comments/queries.py:_comments": "goes on",
    "portal/strategy/replies/queries.py:_origins": "one: the last class",
    "portal/updates/queries.py:_top": "goes on",
    "portal/updates/queries.py:_with_details": "goes on",
    "portal/year_wheel/queries.py:_first_act": "one",
}


def cuts() -> set[str]:
    """Every function that calls `.limit()`, but for those of the demo."""
    found = set()
    for file in sorted(Path(ROOT / "portal").rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        if place.startswith(("portal/demo/", "portal/database/migrations/")):
            continue
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "limit"
                for call in ast.walk(function)
            ):
                found.add(f"{place}:{function.name}")
    return found


@pytest.mark.check
def test_every_cut_is_known_and_says_where_the_rest_is() -> None:
    assert cuts() == set(CUTS)


def _edition() -> Edition:
    """The strategy, once."""
    return db.session.query(Edition).first() or make.make_edition({"": ["Sådan er vi sammen."]})


def _say(cast: Cast, number: int) -> str:
    clause = _edition().sections[0].clauses[0]
    make.make_comment(cast.council, cast.council_member, clause, f"Ord {number:03}")
    return f"Ord {number:03}"


def _report(cast: Cast, number: int) -> str:
    clause = _edition().sections[0].clauses[0]
    comment = make.make_comment(cast.council, cast.council_member, clause, f"Ord {number:03}")
    comment.reported_at = clock.now()
    return f"Ord {number:03}"


def _suggest(cast: Cast, number: int) -> str:
    amendment = make.make_amendment(cast.council, cast.council_member, _edition(), state=AmendmentState.IN_COUNCIL)
    amendment.heading, amendment.changed_at = f"Ord {number:03}", clock.now() + timedelta(minutes=number)
    return f"Ord {number:03}"


def _meet(cast: Cast, number: int) -> str:
    starts_at = clock.now() - timedelta(days=MANY - number + 1)
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT, starts_at=starts_at)
    return f"/council/meetings/{meeting.id}/minutes"


def _approve(cast: Cast, number: int) -> str:
    starts_at = clock.now() - timedelta(days=MANY - number + 1)
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED, starts_at=starts_at)
    return f"/council/meetings/{meeting.id}/minutes"


def _plan(cast: Cast, number: int) -> str:
    make.make_event(cast.third, cast.guardian, f"Ord {number:03}", starts_at=clock.now() + timedelta(days=number + 1))
    return f"Ord {number:03}"


def _tell(cast: Cast, number: int) -> str:
    published_at = clock.now() - timedelta(hours=MANY - number)
    make.make_update(cast.third, cast.class_teacher, f"Ord {number:03}", published_at=published_at)
    return f"Ord {number:03}"


def _do(cast: Cast, number: int) -> str:
    made = make.make_user(f"Ord {number:03}", "")
    acts.note(BY_ITSELF, ActKind.ACCOUNT_OPENED, made, now=clock.now(), about=made)
    return f"Ord {number:03}"


LISTS: dict[str, tuple[str, Callable[[Cast, int], str], bool]] = {
    "/strategy/clauses/k1": ("facilitator", _say, True),
    "/strategy/comments/reported": ("facilitator", _report, True),
    "/strategy/amendments/": ("facilitator", _suggest, True),
    "/council/1": ("facilitator", _meet, True),
    "/council/": ("leader", _approve, True),
    "/events/": ("guardian", _plan, False),
    "/events/?class_id=1": ("leader", _plan, False),
    "/acts/": ("leader", _do, True),
    "/acts/?kind=accounts&person=ord": ("office", _do, True),
    "/updates/": ("guardian", _tell, True),
    "/updates/classes/1": ("leader", _tell, True),
}


@pytest.mark.parametrize("address", LISTS)
def test_the_newest_stands_first_and_the_list_goes_on_to_the_last(
    app: Flask, cast: Cast, client_of: ClientOf, address: str
) -> None:
    reader, add, is_newest_first = LISTS[address]
    _edition()
    marks = [add(cast, number) for number in range(MANY)]
    browser = client_of(cast.users[reader])
    pages, here = [], address
    while here:
        text = html.unescape(browser.get(here).text)
        pages.append([mark for mark in marks if mark in text])
        following = re.search(r'<nav class="pager".*?href="([^"#]+)', text, re.DOTALL)
        here = following[1] if following else ""
        assert len(pages) < MANY, "it goes round"
    assert (marks[-1] if is_newest_first else marks[0]) in pages[0]
    assert len(pages) > 1
    assert sorted(mark for page in pages for mark in page) == sorted(marks), "each once, and none is missing"


@pytest.mark.parametrize("text", ["0", "-1", "x", "9" * 30, "²", "4711"])
@pytest.mark.parametrize("address", LISTS)
def test_a_place_that_is_none_begins_at_the_beginning(cast: Cast, client_of: ClientOf, address: str, text: str) -> None:
    _edition()
    browser = client_of(cast.users[LISTS[address][0]])
    mark = "&" if "?" in address else "?"
    for name in ("before", "after"):
        assert browser.get(f"{address}{mark}{name}={text}").status_code == 200


def test_the_201st_comment_is_there_and_can_be_hidden(cast: Cast, client_of: ClientOf) -> None:
    for number in range(200):
        _say(cast, number)
    member = client_of(cast.council_member)
    assert member.send("/strategy/clauses/k1/comments/new", {"text": "Nummer 201"}).status_code == 303
    page = client_of(cast.facilitator).get("/strategy/clauses/k1").text
    assert "Nummer 201" in page
    hide = re.findall(r'formaction="(/strategy/comments/\d+/hide)"', page)[-1]
    assert client_of(cast.facilitator).send(hide).status_code == 303
    assert "Nummer 201" not in member.get("/strategy/clauses/k1").text


def test_somebody_in_more_classes_than_one_statement_takes_reads_the_news_of_all(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "CLASSES_AT_ONCE", 2)
    classes = [make.make_class(f"{number}.X", number) for number in range(5)]
    told = [
        make.make_update(each, cast.class_teacher, published_at=clock.now() - timedelta(hours=place)).id
        for place, each in enumerate(classes)
    ]
    db.session.commit()
    read = partial(updates.list_news, [each.id for each in classes], cast.class_teacher.id)
    assert [row.id for row in read()] == told
    assert [row.id for row in read(limit=3)] == told[:3]
    third = updates.Cursor(read()[2].published_at, told[2])
    assert [row.id for row in read(after=third)] == told[3:]
