"""A class team's news from draft to reach, and everybody who must not come near it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.school.models import GuardianshipKind
from portal.text import clock
from portal.updates import queries, services
from portal.updates import reach as reach_queries
from portal.updates.models import UpdateReceipt, UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

POSTS = ("/publish", "/discard", "/save", "/schedule", "/schedule/cancel", "/withdraw", "/reopen")
TEXT = {"title": "Vi leger sammen", "body": "Alle har leget med en ny."}
OUTSIDERS = (
    "former_substitute",
    "teacher_elsewhere",
    "facilitator",
    "office",
    "board_secretary",
    "helper",
    "guardian_elsewhere",
    "former_guardian",
    "council_member",
    "council_chair",
    "newcomer",
)


def only_update() -> WellbeingUpdate:
    return db.session.query(WellbeingUpdate).one()


def test_from_draft_to_the_homes(cast: Cast, client_of: ClientOf) -> None:
    team, home = client_of(cast.class_teacher), client_of(cast.guardian)
    page = team.get(f"/updates/classes/{cast.third.id}/new")
    assert "4" in page.text
    answer = team.send(f"/updates/classes/{cast.third.id}/new", TEXT)
    update = only_update()
    assert answer.location == f"/updates/{update.id}/preview"
    assert update.state == UpdateState.DRAFT
    assert home.get(f"/updates/{update.id}").status_code == 404, "a draft is the team's"

    team.send(f"/updates/{update.id}/publish", {"version": update.version})
    assert only_update().published_at == clock.now()
    assert [act.kind for act in db.session.query(Act)] == [ActKind.UPDATE_PUBLISHED]
    for address in (
        "/",
        f"/classes/{cast.third.id}",
        "/updates/",
        f"/updates/classes/{cast.third.id}",
        f"/children/{cast.alma.id}",
    ):
        page = home.get(address).text
        assert "Vi leger sammen" in page, address
        assert 'class="new"' in page, address
    assert "Alle har leget med en ny." in home.get(f"/updates/{update.id}").text
    assert 'class="new"' not in home.get("/updates/").text


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize("published", [True, False], ids=["published", "draft"])
def test_outsiders_get_the_same_404_as_for_nothing(cast: Cast, client_of: ClientOf, name: str, published: bool) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=clock.now() if published else None)
    browser = client_of(cast.users[name])
    for address in (
        "",
        "/edit",
        "/reach",
        "/preview",
        "/print",
        "/revisions",
        "/correct",
        "/clauses",
        "/aula-text",
        "/saved",
    ):
        assert browser.get(f"/updates/{update.id}{address}").status_code == 404
    for address in (*POSTS, "/thank", "/edit", "/correct", "/clauses"):
        assert browser.send(f"/updates/{update.id}{address}", {**TEXT, "version": 1}).status_code == 404, address
    assert browser.send(f"/updates/classes/{cast.third.id}/save", TEXT).status_code in (403, 404)
    assert browser.get(f"/updates/classes/{cast.third.id}").status_code in (403, 404)
    assert "Vi øver os" not in browser.get("/updates/").text
    assert only_update().title == update.title
    assert db.session.query(UpdateReceipt).count() == 0


@pytest.mark.parametrize("name", ["guardian", "leader", "akt"])
def test_readers_do_not_write(cast: Cast, client_of: ClientOf, name: str) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    browser = client_of(cast.users[name])
    assert browser.get(f"/updates/{update.id}").status_code == 200
    assert browser.get(f"/updates/{update.id}/edit").status_code == 403
    assert browser.get(f"/updates/{update.id}/reach").status_code == 403
    for address in (*POSTS, "/edit", "/correct", "/clauses"):
        if (name, address) != ("leader", "/withdraw"):
            assert browser.send(f"/updates/{update.id}{address}", {**TEXT, "version": 1}).status_code == 403, address
    assert browser.send(f"/updates/classes/{cast.third.id}/new", TEXT).status_code == 403


def test_a_team_does_not_write_to_another_class(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.class_teacher)
    assert browser.send(f"/updates/classes/{cast.sixth.id}/new", TEXT).status_code == 404
    assert db.session.query(WellbeingUpdate).count() == 0


def test_a_substitute_may_today_and_not_tomorrow_and_the_draft_stays_with_the_team(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    substitute, colleague = client_of(cast.substitute), client_of(cast.pedagogue)
    substitute.send(f"/updates/classes/{cast.third.id}/new", TEXT)
    update = only_update()
    wall_clock(timedelta(days=1))
    substitute = client_of(cast.substitute)
    assert substitute.get(f"/updates/{update.id}").status_code == 404
    assert client_of(cast.pedagogue).send(f"/updates/{update.id}/publish", {"version": 1}).status_code == 303
    assert colleague is not None


def test_the_second_of_two_editors_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    first, second = client_of(cast.class_teacher), client_of(cast.pedagogue)
    path = f"/updates/{update.id}/edit"
    assert first.send(path, {"title": "Første", "body": "Den førstes tekst.", "version": 1}).status_code == 303
    refused = second.send(path, {"title": "Anden", "body": "Den andens tekst.", "version": 1})
    assert refused.status_code == 409
    assert "Den førstes tekst." in refused.text
    assert "Den andens tekst." in refused.text
    assert only_update().body == "Den førstes tekst."
    assert re.search(r'<input[^>]*name="version"[^>]*value="2"', refused.text), "the next save is on top of the first"
    assert second.send(path, {"title": "Begge", "body": "Begges tekst.", "version": 2}).status_code == 303
    assert only_update().body == "Begges tekst."


def test_what_was_not_seen_is_not_sent(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    client_of(cast.pedagogue).send(f"/updates/{update.id}/edit", {"title": "Ny", "body": "Ny tekst.", "version": 1})
    answer = client_of(cast.class_teacher).send(f"/updates/{update.id}/publish", {"version": 1})
    assert answer.status_code == 409
    assert only_update().state == UpdateState.DRAFT


def test_publishing_twice_sends_once(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    team = client_of(cast.class_teacher)
    path, data = f"/updates/{update.id}/publish", {"version": 1}
    double_click = [team.send(path, data, key="k").status_code for _ in range(2)]
    assert double_click == [303, 303]
    assert client_of(cast.pedagogue).send(path, data).status_code == 409
    assert db.session.query(Act).count() == 1


@pytest.mark.both
def test_ten_who_publish_at_the_same_moment_send_once(cast: Cast, client_of: ClientOf, database: str) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    path = f"/updates/{update.id}/publish"
    browsers = [client_of(cast.class_teacher) for _ in range(10)]
    answers = at_once(*(partial(browser.send, path, {"version": 1}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    assert db.session.query(Act).count() == 1


def test_a_published_text_is_not_edited_or_thrown_away(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    team = client_of(cast.class_teacher)
    assert team.send(f"/updates/{update.id}/edit", {**TEXT, "version": 1}).status_code == 409
    assert team.send(f"/updates/{update.id}/discard").status_code == 409
    assert only_update().title == update.title


def test_a_draft_can_be_thrown_away(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    assert client_of(cast.pedagogue).send(f"/updates/{update.id}/discard").status_code == 303
    assert db.session.query(WellbeingUpdate).count() == 0


@pytest.mark.both
def test_reach_counts_children_and_not_parents(cast: Cast, client_of: ClientOf, database: str) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    for reader in (cast.guardian, cast.other_home, cast.leader, cast.class_teacher):
        assert client_of(reader).get(f"/updates/{update.id}").status_code == 200
    assert db.session.query(UpdateReceipt).count() == 2, "only the homes are counted"
    reach = {child.name: child.is_reached for child in reach_queries.list_reach(update, today=clock.today())}
    assert reach == {"Alma Holm": True, "Noah Holm": False, "Otto Holm": False}


def test_a_helper_and_a_former_guardian_reach_no_child(cast: Cast) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    for reader in (cast.helper, cast.former_guardian):
        db.session.add(UpdateReceipt(update_id=update.id, user_id=reader.id))
    db.session.flush()
    assert not any(child.is_reached for child in reach_queries.list_reach(update, today=clock.today()))


def test_names_of_unreached_children_wait_three_days(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    client_of(cast.guardian).get(f"/updates/{update.id}")
    team = client_of(cast.class_teacher)
    early = team.get(f"/updates/{update.id}/reach").text
    assert "Noah" not in early
    wall_clock(timedelta(days=3))
    late = client_of(cast.class_teacher).get(f"/updates/{update.id}/reach").text
    assert "Noah" in late
    assert "Otto" in late
    assert "Alma" not in late
    assert "Mette" not in late, "never a parent's name"


def test_a_protected_child_is_named_by_alias(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    cast.noah.protection, cast.noah.alias = "name", "Elev 7"
    db.session.flush()
    wall_clock(timedelta(days=4))
    page = client_of(cast.class_teacher).get(f"/updates/{update.id}/reach").text
    assert "Elev 7" in page
    assert "Noah" not in page


def test_a_newcomer_reads_what_was_sent_before(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    child = make.make_pupil(None, "Nina")
    make.enrol(child, cast.third, starts_on=clock.today())
    make.tie(cast.newcomer, child, GuardianshipKind.CUSTODY)
    assert client_of(cast.newcomer).get(f"/updates/{update.id}").status_code == 200


@pytest.mark.both
@pytest.mark.parametrize(
    "data",
    [
        {"title": "", "body": "x"},
        {"title": "x", "body": ""},
        {"title": "x" * 121, "body": "x"},
        {"title": "x", "body": "x" * 20_001},
        {"title": "x", "body": "x [" * 350_000},
        {"title": "   ", "body": "\n\n"},
        {},
    ],
    ids=["no title", "no body", "long title", "long body", "a megabyte", "blank", "nothing"],
)
def test_a_refused_text_keeps_what_was_typed(
    cast: Cast, client_of: ClientOf, database: str, data: dict[str, str]
) -> None:
    answer = client_of(cast.class_teacher).send(f"/updates/classes/{cast.third.id}/new", data)
    assert answer.status_code == 422
    assert data.get("body", "").strip() in answer.text
    assert db.session.query(WellbeingUpdate).count() == 0


@pytest.mark.both
@pytest.mark.parametrize(
    "odd", ["\x00", "a\u202eb", "👩‍👩‍👧", "\ud7ff", "<script>alert(1)</script>", "%(x)s", "{{ 7 * 7 }}"]
)
def test_odd_text_is_text(cast: Cast, client_of: ClientOf, database: str, odd: str) -> None:
    answer = client_of(cast.class_teacher).send(
        f"/updates/classes/{cast.third.id}/new", {"title": f"Overskrift {odd}", "body": f"Tekst {odd}"}
    )
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        page = client_of(cast.class_teacher).get(answer.location)
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "Tekst 49" not in page.text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1.0", "１"])
def test_a_version_that_is_none_publishes_nothing(cast: Cast, client_of: ClientOf, version: str) -> None:
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    assert client_of(cast.class_teacher).send(f"/updates/{update.id}/publish", {"version": version}).status_code == 409


@pytest.mark.both
def test_paging_shows_every_update_once(cast: Cast, database: str) -> None:
    made = [
        make.make_update(cast.third, cast.class_teacher, f"Nr. {i}", published_at=clock.now() - timedelta(hours=i // 3))
        for i in range(50)
    ]
    seen: list[int] = []
    after = None
    while page := queries.list_news([cast.third.id, cast.sixth.id], cast.guardian.id, limit=7, after=after):
        seen += [row.id for row in page]
        after = queries.Cursor.read(str(queries.Cursor(page[-1].published_at, page[-1].id)))
    assert sorted(seen) == sorted(update.id for update in made)
    assert len(seen) == len(set(seen))
    everywhere = queries.list_news_everywhere(cast.leader.id, limit=50)
    assert [row.id for row in everywhere] == seen


@pytest.mark.parametrize(
    "after", ["", "x", "_", "1_x", "9" * 40 + "_1", "1_" + "9" * 40, "-1_-1", "0_0", "\x00", "æ_ø"]
)
def test_a_cursor_of_somebody_elses_making_is_the_beginning(cast: Cast, client_of: ClientOf, after: str) -> None:
    make.make_update(cast.third, cast.class_teacher)
    answer = client_of(cast.guardian).get("/updates/", query_string={"after": after})
    assert answer.status_code in (200, 400)


def test_a_receipt_that_cannot_be_stored_costs_nobody_the_page(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(services, "mark_opened", locked)
    update = make.make_update(cast.third, cast.class_teacher)
    assert client_of(cast.guardian).get(f"/updates/{update.id}").status_code == 200
    assert db.session.query(UpdateReceipt).count() == 0
