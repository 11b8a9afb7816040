"""The agenda is the pupils' own: members put things up, look through the strategy, and the contact teacher orders."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import User
from portal.council.meetings.choosing import MOST_FOUND, find, is_link, read_choice, strategy_choices
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemKind, MeetingState
from portal.database import db
from portal.strategy.kinds import ClauseKind
from portal.strategy.models import Edition
from portal.strategy.queries import TextRow
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.reading import read

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def meeting(cast: Cast, edition: Edition) -> CouncilMeeting:
    return make.make_meeting(cast.council)


@pytest.fixture
def ella(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.council_member)


def page(meeting: CouncilMeeting) -> str:
    return f"/council/meetings/{meeting.id}"


def put_up(browser: IsolatedClient, meeting: CouncilMeeting, title: str = "Boldene", **data: Any) -> int:
    return browser.send(f"{page(meeting)}/items/new", {"title": title, "kind": "discuss", **data}).status_code


def titles(meeting: CouncilMeeting) -> list[str]:
    db.session.expire_all()
    rows = db.session.query(AgendaItem).filter_by(meeting_id=meeting.id)
    return [item.title for item in rows.order_by(AgendaItem.position, AgendaItem.id)]


def test_members_put_things_up_until_the_meeting_begins(
    cast: Cast, ella: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    assert put_up(ella, meeting) == 303
    assert put_up(client_of(cast.council_chair), meeting, "Maden") == 303
    nils = make.make_pupil(cast.sixth, "Nils")
    make.seat(cast.council, nils, cast.sixth, is_substitute=True)
    assert put_up(client_of(db.session.get_one(User, nils.user_id)), meeting) == 403, "a substitute reads"
    assert put_up(client_of(cast.guardian), meeting) == 404
    db.session.refresh(meeting)
    meeting.state = MeetingState.IN_PROGRESS
    assert put_up(ella, meeting) == 403
    assert titles(meeting) == ["Boldene", "Maden"]


def test_a_pupil_takes_off_their_own_the_chair_any(
    cast: Cast, ella: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    chair = client_of(cast.council_chair)
    for browser, title in ((ella, "Boldene"), (chair, "Maden")):
        put_up(browser, meeting, title)
    own, other = db.session.query(AgendaItem).order_by(AgendaItem.id)
    assert ella.get(page(meeting)).text.count("Take it off") == 1
    assert chair.get(page(meeting)).text.count("Take it off") == 2
    assert ella.send(f"/council/items/{other.id}/remove").status_code == 403
    assert ella.send(f"/council/items/{own.id}/remove").status_code == 303
    assert titles(meeting) == ["Maden"]


def test_nobody_fills_the_agenda_alone(cast: Cast, ella: IsolatedClient, client_of: ClientOf, meeting: Any) -> None:
    assert [put_up(ella, meeting, f"Ting {number}") for number in range(4)] == [303, 303, 303, 422]
    assert put_up(client_of(cast.council_chair), meeting, "Maden") == 303
    teacher = client_of(cast.facilitator)
    answers = [put_up(teacher, meeting, f"Punkt {number}") for number in range(28)]
    assert answers == [303] * 26 + [422] * 2, "thirty are an agenda, and twenty are fine"
    assert teacher.get(page(meeting)).status_code == 200


def test_what_a_pupil_puts_up_names_no_child(ella: IsolatedClient, meeting: CouncilMeeting) -> None:
    assert put_up(ella, meeting, "Alma driller") == 422
    assert titles(meeting) == []


def test_the_contact_teacher_orders_and_nobody_else(
    cast: Cast, ella: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    for title in ("A", "B", "C"):
        make.make_item(meeting, title=title, position=1)
    last = db.session.query(AgendaItem).order_by(AgendaItem.id.desc()).first()
    assert last is not None
    lars = client_of(cast.facilitator)
    for browser in (ella, client_of(cast.council_chair)):
        assert browser.send(f"/council/items/{last.id}/up").status_code == 403
    for expected in (["A", "C", "B"], ["C", "A", "B"], ["C", "A", "B"]):
        assert lars.send(f"/council/items/{last.id}/up").status_code == 303
        assert titles(meeting) == expected


# Looking for what it is about


def test_a_search_by_words_and_section_finds_points_and_no_links(
    ella: IsolatedClient, edition: Edition, meeting: CouncilMeeting
) -> None:
    new = f"{page(meeting)}/items/new"
    first = edition.sections[0]
    clause = first.clauses[0]
    word = clause.text.split()[-1].strip(".,")
    for query in (f"?q={word}", f"?section={first.position + 1}", f"?q={word.upper()}&section={first.position + 1}"):
        text = ella.get(f"{new}{query}").text
        assert f'value="clause {clause.key}"' in text, query
    assert f'value="clause {clause.key}"' not in ella.get(new).text, "nothing is listed before somebody looks"
    assert "Nothing found" in ella.get(f"{new}?q=zzzz").text
    for odd in ("?q=x&section=x", "?section=-1", f"?section={'9' * 40}", f"?q={'a' * 5000}", "?q=%F0%9F%91%A9"):
        assert ella.get(f"{new}{odd}").status_code == 200, odd
    assert put_up(ella, meeting, "", about=f"clause {clause.key}") == 303
    item = db.session.query(AgendaItem).one()
    assert (item.clause_key, item.kind) == (clause.key, ItemKind.DISCUSS)
    assert clause.text[:20] in item.heading


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://www.example.dk/trivsel", True),
        ("[Læs mere her](https://www.example.dk)", True),
        ("Læs mere: www.example.dk", True),
        ("<https://example.dk>", True),
        ("Vi hilser på hinanden.", False),
        ("Vi følger [reglerne](https://example.dk) hver eneste dag i alle klasser.", False),
        ("", False),
    ],
)
def test_a_link_is_no_point(text: str, is_one: bool) -> None:
    assert is_link(text) is is_one


def test_a_long_list_says_how_many_more_there_are() -> None:
    rows = [TextRow(1, "Mål", "", f"k{n}", ClauseKind.BULLET, f"Vi hilser, nummer {n}.") for n in range(40)]
    rows += [TextRow(2, "Links", "", "x1", ClauseKind.BULLET, "https://example.dk")]
    choices = strategy_choices(rows)
    search = find(choices, "hilser", 0)
    assert (len(search.found), search.more) == (MOST_FOUND, 10)
    assert [hit.value for hit in find(choices, "", 3).found] == ["section 3"]
    assert "<mark>" in find(choices, "nummer 7", 0).found[0].html
    assert read_choice("clause k7", choices).heading == "Vi hilser, nummer 7."
    assert read_choice("clause x1", choices).clause_key is None


def test_what_was_looked_for_can_be_put_up_without_a_script(
    ella: IsolatedClient, edition: Edition, meeting: Any
) -> None:
    tree = read(ella.get(f"{page(meeting)}/items/new?section={edition.sections[0].position + 1}").text)
    forms = [element for element in tree.walk() if element.tag == "form"]
    assert [form.attributes.get("method") for form in forms].count("get") == 1
    posts = [form for form in forms if form.attributes.get("method") == "post"]
    assert len(posts) > 2
    assert all(form.attributes.get("action", "").endswith("/items/new") for form in posts)
