"""What can still be done when the homes have it: correcting, taking back, working on it again; and thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.acts.models import Act, ActKind
from portal.acts.services import REST
from portal.database import db
from portal.database.transactions import writing
from portal.name_guard.guard import look_for_names
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.text import clock
from portal.updates.cadence.models import CadenceReminder
from portal.updates.cadence.rhythm import Stage
from portal.updates.models import UpdateClause, UpdateReceipt, UpdateState, UpdateThanks, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

NEW = {"title": "Vi leger ude", "body": "Alle har leget **ude** i dag."}


def published(cast: Cast, client_of: ClientOf) -> WellbeingUpdate:
    """Sent the way a team sends."""
    update = make.make_update(cast.third, cast.class_teacher, "Vi leger", body="Alle har leget.", published_at=None)
    client_of(cast.class_teacher).send(f"/updates/{update.id}/publish", {"version": update.version})
    return db.session.get_one(WellbeingUpdate, update.id)


def correct(browser: IsolatedClient, update: WellbeingUpdate, **data: Any) -> Any:
    return browser.send(f"/updates/{update.id}/correct", {**NEW, "version": update.version, **data})


def work(app: Flask) -> None:
    db.session.commit()
    worker = Worker(app)
    worker.chores = []
    while worker.round():
        pass
    db.session.expire_all()


@pytest.mark.both
def test_a_correction_is_marked_and_the_team_keeps_what_was(cast: Cast, client_of: ClientOf, database: str) -> None:
    update = published(cast, client_of)
    assert correct(client_of(cast.pedagogue), update).status_code == 303
    home = client_of(cast.guardian).get(f"/updates/{update.id}").text
    assert "<strong>ude</strong>" in home
    assert "Rettet" in home
    assert "Alle har leget.<" not in home
    kept = client_of(cast.class_teacher).get(f"/updates/{update.id}/revisions").text
    assert "Alle har leget" in kept
    assert "<ins" in kept
    assert client_of(cast.guardian).get(f"/updates/{update.id}/revisions").status_code == 403


def test_a_slip_of_the_pen_tells_nobody_and_news_does(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    update, team = published(cast, client_of), client_of(cast.class_teacher)
    work(app)
    home = client_of(cast.guardian)
    home.get(f"/updates/{update.id}")
    own = Delivery.user_id == cast.guardian.id
    told = select(func.count()).where(Delivery.channel == Channel.PORTAL, own)
    unread = told.where(Delivery.is_opened.is_(False))
    assert (db.session.scalar(told), db.session.scalar(unread)) == (1, 0)
    correct(team, update)
    work(app)
    assert db.session.scalar(told) == 1
    assert 'class="new"' not in home.get("/updates/").text
    update = db.session.get_one(WellbeingUpdate, update.id)
    correct(team, update, title="Vi leger ude og inde", tells_again="y")
    wall_clock(REST)
    work(app)
    assert (db.session.scalar(told), db.session.scalar(unread)) == (2, 1)
    assert 'class="new"' in home.get("/updates/").text, "to each home it is new again"
    home.get(f"/updates/{update.id}")
    assert db.session.scalar(unread) == 0


def test_the_second_of_two_who_correct_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    update = published(cast, client_of)
    first, second = client_of(cast.class_teacher), client_of(cast.pedagogue)
    correct(first, update)
    refused = second.send(f"/updates/{update.id}/correct", {"title": "Anden", "body": "Anden tekst", "version": 2})
    assert refused.status_code == 409
    assert "Alle har leget **ude** i dag." in refused.text
    assert "Anden tekst" in refused.text


def test_a_correction_that_names_a_child_needs_the_teams_word(cast: Cast, client_of: ClientOf) -> None:
    update, team = published(cast, client_of), client_of(cast.class_teacher)
    refused = correct(team, update, body="Otto fandt på legen.")
    assert refused.status_code == 422
    assert 'value="Otto"' in refused.text
    assert db.session.get_one(WellbeingUpdate, update.id).body == "Alle har leget."
    assert correct(team, update, body="Otto fandt på legen.", agreed=["Otto"]).status_code == 303


def test_a_refused_correction_is_looked_through_while_others_write(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, team, looked = published(cast, client_of), client_of(cast.class_teacher), []

    def look(*args: Any, **kwargs: Any) -> Any:
        looked.append(writing.get())
        return look_for_names(*args, **kwargs)

    monkeypatch.setattr("portal.updates.desk.sending.look_for_names", look)
    monkeypatch.setattr("portal.updates.desk.views.look_for_names", look)
    refused = correct(team, update, body="Otto fandt på legen.")
    assert (refused.status_code, looked) == (422, [False, False])
    assert correct(team, update, title="", body="Otto fandt på legen.").status_code == 422
    assert looked == [False] * 3, "also when the form itself says no"
    assert "Otto fandt på legen." in refused.text


def test_the_address_of_an_earlier_draft_leads_to_what_can_be_done_now(cast: Cast, client_of: ClientOf) -> None:
    update, team = published(cast, client_of), client_of(cast.class_teacher)
    assert team.get(f"/updates/{update.id}/edit").location == f"/updates/{update.id}/correct"
    team.send(f"/updates/{update.id}/withdraw")
    assert team.get(f"/updates/{update.id}/edit").location == f"/updates/{update.id}/preview"


def test_nothing_changed_is_no_correction(cast: Cast, client_of: ClientOf) -> None:
    update = published(cast, client_of)
    same = {"title": update.title, "body": update.body}
    assert correct(client_of(cast.class_teacher), update, **same).status_code == 422
    assert db.session.get_one(WellbeingUpdate, update.id).corrected_at is None


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_the_homes_do_not_have_is_not_corrected(cast: Cast, client_of: ClientOf, state: str) -> None:
    team = client_of(cast.class_teacher)
    if state == "draft":
        update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    else:
        update = published(cast, client_of)
        team.send(f"/updates/{update.id}/withdraw")
    update = db.session.get_one(WellbeingUpdate, update.id)
    assert correct(team, update).status_code == 409
    assert db.session.get_one(WellbeingUpdate, update.id).state == state


@pytest.mark.both
def test_what_is_taken_back_is_gone_at_once_everywhere(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    update, home = published(cast, client_of), client_of(cast.guardian)
    cast.guardian.email = "mette@hjem.example"
    with app.app_context():
        Worker(app).tell_some()
    assert home.get(f"/updates/{update.id}").status_code == 200
    client_of(cast.pedagogue).send(f"/updates/{update.id}/withdraw")
    assert home.get(f"/updates/{update.id}").status_code == 404
    for page in ("/", "/updates/", f"/classes/{cast.third.id}", f"/updates/classes/{cast.third.id}", "/notifications/"):
        assert "Vi leger" not in home.get(page).text, page
    work(app)
    states = set(db.session.scalars(select(Delivery.state).where(Delivery.user_id == cast.guardian.id)))
    assert states == {DeliveryState.DROPPED}, "no mail left, no line kept"
    assert client_of(cast.class_teacher).get(f"/updates/{update.id}", follow_redirects=True).status_code == 200
    assert client_of(cast.leader).get(f"/updates/{update.id}").status_code == 404


def test_leadership_can_take_back_and_not_write(cast: Cast, client_of: ClientOf) -> None:
    update = published(cast, client_of)
    assert client_of(cast.akt).send(f"/updates/{update.id}/withdraw").status_code == 403
    assert client_of(cast.leader).send(f"/updates/{update.id}/withdraw").location == "/updates/"
    assert db.session.get_one(WellbeingUpdate, update.id).state == UpdateState.WITHDRAWN


def test_taking_back_twice_and_a_draft_is_refused(cast: Cast, client_of: ClientOf) -> None:
    update, team = published(cast, client_of), client_of(cast.class_teacher)
    assert team.send(f"/updates/{update.id}/withdraw").status_code == 303
    assert team.send(f"/updates/{update.id}/withdraw").status_code == 409
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    assert team.send(f"/updates/{draft.id}/withdraw").status_code == 409


@pytest.mark.both
def test_correcting_while_it_is_taken_back_leaves_one_of_the_two(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    update = published(cast, client_of)
    team, colleague = client_of(cast.class_teacher), client_of(cast.pedagogue)
    data = {**NEW, "version": update.version}
    answers = at_once(
        partial(team.send, f"/updates/{update.id}/correct", data),
        partial(colleague.send, f"/updates/{update.id}/withdraw"),
    )
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {303, 409}
    assert 303 in statuses
    db.session.expire_all()
    update = db.session.get_one(WellbeingUpdate, update.id)
    if statuses[1] == 303:
        assert update.state == UpdateState.WITHDRAWN
    else:
        assert (update.state, update.title) == (UpdateState.PUBLISHED, NEW["title"])


def test_what_is_worked_on_again_is_new_to_everybody(cast: Cast, client_of: ClientOf) -> None:
    update, team, home = published(cast, client_of), client_of(cast.class_teacher), client_of(cast.guardian)
    home.get(f"/updates/{update.id}")
    home.send(f"/updates/{update.id}/thank")
    team.send(f"/updates/{update.id}/withdraw")
    assert team.send(f"/updates/{update.id}/reopen").location == f"/updates/{update.id}/edit"
    assert db.session.query(UpdateReceipt).count() == db.session.query(UpdateThanks).count() == 0
    assert team.send(f"/updates/{update.id}/discard").status_code == 409, "the homes have read it once"
    update = db.session.get_one(WellbeingUpdate, update.id)
    assert team.send(f"/updates/{update.id}/publish", {"version": update.version}).status_code == 303
    assert 'class="new"' in home.get("/updates/").text
    assert team.send(f"/updates/{update.id}/reopen").status_code == 409


@pytest.mark.both
def test_thank_you_is_a_number(cast: Cast, client_of: ClientOf, database: str) -> None:
    update = published(cast, client_of)
    home, other = client_of(cast.guardian), client_of(cast.other_home)
    at_once(*(partial(home.send, f"/updates/{update.id}/thank") for _ in range(5)))
    other.send(f"/updates/{update.id}/thank")
    assert db.session.query(UpdateThanks).count() == 2
    page = client_of(cast.class_teacher).get(f"/updates/{update.id}").text
    assert "2 har sagt tak" in page
    assert "Mette" not in page
    for name in ("class_teacher", "leader", "akt"):
        assert client_of(cast.users[name]).send(f"/updates/{update.id}/thank").status_code == 403


def test_what_it_is_about_shows_on_the_promise_by_day_alone(cast: Cast, client_of: ClientOf, client: Any) -> None:
    make.make_edition({"Vores mål": ["Vi hilser på alle.", "Vi leger med alle."]})
    update, team = published(cast, client_of), client_of(cast.class_teacher)
    key = "k2"
    assert "skrev sidst" not in client.get(f"/strategy/clauses/{key}").text
    assert team.send(f"/updates/{update.id}/clauses", {"keys": [key]}).status_code == 303
    page = client.get(f"/strategy/clauses/{key}").text
    assert "skrev sidst" in page
    assert "3.A" not in page
    assert "Vi leger<" not in page
    assert "/updates/" not in page
    assert f"/strategy/clauses/{key}" in client_of(cast.guardian).get(f"/updates/{update.id}").text
    team.send(f"/updates/{update.id}/withdraw")
    assert "skrev sidst" not in client.get(f"/strategy/clauses/{key}").text


@pytest.mark.parametrize("keys", [["nope"], ["k1", "k2", "k3", "k4", "k5", "k6"], ["\u202e"]])
def test_points_that_are_none_or_too_many_are_refused(cast: Cast, client_of: ClientOf, keys: list[str]) -> None:
    make.make_edition({"Vores mål": [f"Vi gør {number}." for number in range(6)]})
    update = make.make_update(cast.third, cast.class_teacher, published_at=None)
    assert client_of(cast.class_teacher).send(f"/updates/{update.id}/clauses", {"keys": keys}).status_code == 422
    assert db.session.query(UpdateClause).count() == 0


def test_the_text_for_aula_is_plain_and_leads_back(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, "Vi leger", body="**Alle** har\n\n- leget <b>")
    page = client_of(cast.class_teacher).get(f"/updates/{update.id}/aula-text").text
    assert "Alle har\n\n- leget &lt;b&gt;" in page
    assert f"http://127.0.0.1:8000/updates/{update.id}" in page


def test_dates_are_the_same_in_the_feed_on_the_page_and_in_the_text_for_aula(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    update = published(cast, client_of)
    correct(team, update, body="1. oktober: fotograf\n15. oktober: temadag\n24. oktober: FN-dag")
    page = f"/updates/{update.id}"
    assert "1. oktober: fotograf<br>\n15. oktober: temadag<br>\n24. oktober: FN-dag" in team.get(page).text
    assert "1. oktober: fotograf\n15. oktober: temadag\n24. oktober: FN-dag" in team.get(f"{page}/aula-text").text
    feed = client_of(cast.guardian).get("/updates/").text
    assert "1. oktober: fotograf, 15. oktober: temadag, 24. oktober: FN-dag" in feed


def test_acts_say_who_did_what(cast: Cast, client_of: ClientOf) -> None:
    update, team = published(cast, client_of), client_of(cast.pedagogue)
    correct(team, update)
    team.send(f"/updates/{update.id}/withdraw")
    team.send(f"/updates/{update.id}/reopen")
    acts = [(act.kind, act.actor_id) for act in db.session.query(Act).order_by(Act.id)]
    assert acts == [
        (ActKind.UPDATE_PUBLISHED, cast.class_teacher.id),
        (ActKind.UPDATE_CORRECTED, cast.pedagogue.id),
        (ActKind.UPDATE_WITHDRAWN, cast.pedagogue.id),
        (ActKind.UPDATE_REOPENED, cast.pedagogue.id),
    ]


def test_leadership_that_takes_back_tells_the_team(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    update = published(cast, client_of)
    client_of(cast.leader).send(f"/updates/{update.id}/withdraw")
    work(app)
    told = set(db.session.scalars(select(Delivery.user_id).where(Delivery.state != DeliveryState.DROPPED)))
    assert told == {cast.class_teacher.id, cast.pedagogue.id, cast.substitute.id}


def test_names_of_unreached_children_wait_again_after_a_correction(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    update = published(cast, client_of)
    wall_clock(timedelta(days=4))
    team = client_of(cast.class_teacher)
    assert "Noah" in team.get(f"/updates/{update.id}/reach").text
    correct(team, db.session.get_one(WellbeingUpdate, update.id), tells_again="y")
    assert "Noah" not in team.get(f"/updates/{update.id}/reach").text


def test_what_is_taken_back_lets_the_teacher_be_reminded_anew(cast: Cast, client_of: ClientOf) -> None:
    update = published(cast, client_of)
    db.session.add(
        CadenceReminder(class_id=cast.third.id, due_on=clock.today(), stage=Stage.DUE, reminded_at=clock.now())
    )
    client_of(cast.class_teacher).send(f"/updates/{update.id}/withdraw")
    assert db.session.query(CadenceReminder).count() == 0


@pytest.mark.parametrize(
    "data", [{"body": "### Kun en overskrift"}, {"title": "\u200b"}, {"body": "![](x)"}, {"body": "[Hvad nu?]"}]
)
def test_a_correction_leaves_a_text_to_be_read(cast: Cast, client_of: ClientOf, data: dict[str, str]) -> None:
    update = published(cast, client_of)
    assert correct(client_of(cast.class_teacher), update, **data).status_code == 422
    assert db.session.get_one(WellbeingUpdate, update.id).body == "Alle har leget."
