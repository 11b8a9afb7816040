"""A class asks AKT for help, AKT answers, and AKT and leadership note what they have done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Role, RoleGrant
from portal.acts.models import Act
from portal.akt.models import AktNote, AktRequest
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, SCHOOL_WIDE, TEAM, Cast
from tests.conftest import ClientOf, at_once

LINE = "Der er uro efter frikvarteret"


def page(cast: Cast, end: str = "") -> str:
    return f"/akt/classes/{cast.third.id}{end}"


def note(day: str = "2026-11-20", **values: Any) -> dict[str, Any]:
    return {"kind": "meeting", "done_on": day, "line": "Vi talte om overgange", **values}


def the_request() -> AktRequest:
    db.session.expire_all()
    return db.session.scalars(select(AktRequest)).one()


def told(kind: str) -> set[int]:
    of_kind = select(Delivery.user_id).join(Act, Act.id == Delivery.act_id).where(Act.kind == kind)
    return set(db.session.scalars(of_kind.where(Delivery.channel == Channel.PORTAL)))


def tell(app: Flask) -> None:
    while Worker(app).tell_some():
        pass


@pytest.mark.both
def test_a_class_asks_and_is_answered(app: Flask, cast: Cast, client_of: ClientOf, database: str) -> None:
    team, akt = client_of(cast.class_teacher), client_of(cast.akt)
    assert team.send(page(cast, "/ask"), {"line": LINE}).status_code == 303
    tell(app)
    assert told("akt_asked") == {cast.akt.id}
    assert LINE in akt.get("/akt/").text
    assert page(cast) in akt.get(f"/classes/{cast.third.id}").text
    request = the_request()
    answer = akt.send(f"/akt/requests/{request.id}/answer", {"reply": "Vi kommer på tirsdag"})
    assert answer.status_code == 303
    tell(app)
    assert told("akt_answered") == {cast.users[name].id for name in TEAM}
    assert "Vi kommer på tirsdag" in team.get(page(cast)).text
    assert LINE not in akt.get("/akt/").text
    assert team.send(page(cast, "/ask"), {"line": "Igen"}).status_code == 303, "an answered class may ask again"


def test_where_nobody_is_akt_the_leadership_is_told_and_answers(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.AKT)):
        grant.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert client_of(cast.class_teacher).send(page(cast, "/ask"), {"line": LINE}).status_code == 303
    tell(app)
    assert told("akt_asked") == {cast.leader.id}
    path = f"/akt/requests/{the_request().id}/answer"
    assert client_of(cast.leader).send(path, {"reply": "Vi kommer på tirsdag"}).status_code == 303


def test_a_team_takes_its_request_back(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    team, akt = client_of(cast.class_teacher), client_of(cast.akt)
    team.send(page(cast, "/ask"), {"line": LINE})
    tell(app)
    path = f"/akt/requests/{the_request().id}"
    for name in ("teacher_elsewhere", "guardian", "akt", "leader"):
        assert client_of(cast.users[name]).send(path + "/withdraw").status_code in (403, 404), name
    assert team.send(path + "/withdraw").status_code == 303
    assert db.session.scalars(select(AktRequest)).first() is None
    assert LINE not in akt.get("/akt/").text
    assert not db.session.scalars(
        select(Delivery.id).where(Delivery.channel == Channel.PORTAL, Delivery.is_opened.is_(False))
    ).all()
    assert team.send(path + "/withdraw").status_code == 404
    assert akt.send(path + "/answer", {"reply": ""}).status_code == 404
    assert team.send(page(cast, "/ask"), {"line": LINE}).status_code == 303
    path = f"/akt/requests/{the_request().id}"
    akt.send(path + "/answer", {"reply": ""})
    assert team.send(path + "/withdraw").status_code == 409, "it has been answered"


@pytest.mark.both
def test_of_a_withdrawal_and_an_answer_at_once_one_counts(cast: Cast, client_of: ClientOf, database: str) -> None:
    request = make.make_akt_request(cast.third, cast.class_teacher)
    db.session.commit()
    path = f"/akt/requests/{request.id}"
    answers = at_once(
        partial(client_of(cast.class_teacher).send, path + "/withdraw"),
        partial(client_of(cast.akt).send, path + "/answer", {"reply": "Vi kommer"}),
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes in ([303, 404], [303, 409])


def test_what_comes_too_late_is_shown_with_its_words(cast: Cast, client_of: ClientOf) -> None:
    request = make.make_akt_request(cast.third, cast.class_teacher)
    db.session.commit()
    again = client_of(cast.class_teacher).send(page(cast, "/ask"), {"line": "Vi har brug for et råd"})
    assert again.status_code == 422
    assert 'value="Vi har brug for et råd"' in again.text
    assert "AKT har fået besked" in again.text
    path = f"/akt/requests/{request.id}/answer"
    client_of(cast.akt).send(path, {"reply": "Vi kommer"})
    late = client_of(cast.leader).send(path, {"reply": "Vi ringer på mandag"})
    assert late.status_code == 409
    assert 'value="Vi ringer på mandag"' in late.text


def test_a_note_names_no_child_and_is_taken_back(cast: Cast, client_of: ClientOf) -> None:
    akt = client_of(cast.akt)
    refused = akt.send("/akt/notes", note(line="Vi talte om Alma"))
    assert refused.status_code == 422
    assert "Vi talte om Alma" in refused.text
    akt.send("/akt/notes", note())
    (note_id,) = db.session.scalars(select(AktNote.id))
    path = f"/akt/notes/{note_id}/remove"
    assert path in akt.get("/akt/").text
    for name in ("class_teacher", "guardian", "office"):
        assert client_of(cast.users[name]).send(path).status_code in (403, 404), name
    assert client_of(cast.leader).send(path).status_code == 303
    assert db.session.scalars(select(AktNote)).first() is None
    assert akt.send(path).status_code == 404


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_team_akt_and_leadership_alone(cast: Cast, client_of: ClientOf, name: str) -> None:
    request = make.make_akt_request(cast.third, cast.class_teacher)
    db.session.commit()
    browser = client_of(cast.users[name])
    assert (browser.get(page(cast)).status_code == 200) == (name in TEAM | SCHOOL_WIDE)
    assert (browser.get("/akt/").status_code == 200) == (name in SCHOOL_WIDE)
    assert (browser.send("/akt/notes", note()).status_code == 303) == (name in SCHOOL_WIDE)
    answered = browser.send(f"/akt/requests/{request.id}/answer", {"reply": ""}).status_code == 303
    assert answered == (name in SCHOOL_WIDE)
    asked = browser.send(page(cast, "/ask"), {"line": LINE}).status_code
    assert asked == 422 if name in TEAM else asked in (403, 404)


def test_neither_line_names_a_child(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.class_teacher).send(page(cast, "/ask"), {"line": "Almas uro efter frikvarteret"})
    assert answer.status_code == 422
    assert "Almas uro" in answer.text, "what was typed stays"
    answer = client_of(cast.class_teacher).send(page(cast, "/ask"), {"line": "Uro efter Ellas fødselsdag"})
    assert answer.status_code == 422, "a child of another class"
    request = make.make_akt_request(cast.third, cast.class_teacher)
    db.session.commit()
    akt = client_of(cast.akt)
    assert akt.send(f"/akt/requests/{request.id}/answer", {"reply": "Vi taler med Otto"}).status_code == 422
    assert akt.send(f"/akt/requests/{request.id}/answer", {"reply": ""}).status_code == 303, "a press alone"


def test_a_class_without_children_does_not_ask(cast: Cast, client_of: ClientOf) -> None:
    merged = make.make_class("3.B", 3)
    make.put_in_team(cast.class_teacher, merged)
    db.session.commit()
    answer = client_of(cast.class_teacher).send(f"/akt/classes/{merged.id}/ask", {"line": LINE})
    assert answer.status_code == 422


@pytest.mark.both
def test_of_many_who_ask_at_once_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.class_teacher), client_of(cast.pedagogue)] * 2
    answers = at_once(*(partial(browser.send, page(cast, "/ask"), {"line": LINE}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    request = the_request()
    path = f"/akt/requests/{request.id}/answer"
    answers = at_once(*(partial(client_of(cast.akt).send, path, {"reply": f"Svar {n}"}) for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]


@pytest.mark.parametrize(
    "values",
    [{"done_on": "2026-11-24"}, {"done_on": "2025-02-28"}, {"done_on": "2027-02-29"}, {"line": " "}, {"kind": "party"}],
)
def test_what_cannot_have_been_is_not_noted(cast: Cast, client_of: ClientOf, values: dict[str, str]) -> None:
    assert client_of(cast.akt).send("/akt/notes", note(**values)).status_code == 422
    assert db.session.scalars(select(AktNote)).first() is None


@pytest.mark.both
def test_a_day_is_noted_once_for_each_thing(cast: Cast, client_of: ClientOf, database: str) -> None:
    answers = at_once(*(partial(client_of(cast.leader).send, "/akt/notes", note()) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert client_of(cast.akt).send("/akt/notes", note(kind="breaks")).status_code == 303
    assert "Vi talte om overgange" in client_of(cast.leader).get("/akt/").text
