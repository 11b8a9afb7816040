"""What children write names nobody before anybody sees it, and what is reported shows under its own council."""

from __future__ import annotations

import pytest

from portal.accounts.protection import Protection
from portal.council.meetings.models import AgendaItem
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.text import clock
from tests import factories as make

NAMING = "Alma driller altid de andre."


@pytest.fixture
def amendment(cast):
    edition = make.make_edition({"Vores mål": ["Vi hilser, og Otto siger hej."]})
    made = make.make_amendment(cast.council, cast.council_chair, edition, base_text="Vi hilser, og Otto siger hej.")
    db.session.commit()
    return made


def places(amendment) -> dict[str, dict[str, object]]:
    own = f"/strategy/amendments/{amendment.id}"
    return {
        f"{own}/comments/new": {"text": NAMING},
        "/strategy/clauses/k1/comments/new": {"text": NAMING},
        "/strategy/clauses/k1/amendments/new": {"new_text": NAMING},
        "/strategy/clauses/k1/amendments/new?kind=remove": {"reason": NAMING},
        f"{own}/edit": {"new_text": NAMING, "version": amendment.version},
        f"{own}/reason": {"reason": NAMING, "version": amendment.version},
        f"{own}/title": {"title": NAMING, "version": amendment.version},
        f"{own}/withdraw": {"note": NAMING},
    }


def rows() -> tuple[int, list[tuple[str, str, str]]]:
    db.session.expire_all()
    texts = [(one.new_text, one.reason, one.title) for one in db.session.query(Amendment).order_by(Amendment.id)]
    return db.session.query(Comment).count(), texts


@pytest.mark.both
def test_nothing_a_child_writes_is_seen_while_it_names_a_child_and_the_text_stays(client_of, cast, amendment):
    browser = client_of(cast.council_chair)
    before = rows()
    for path, sent in places(amendment).items():
        answer = browser.send(path, sent)
        assert answer.status_code == 422, path
        assert "Her står et navn: Alma." in answer.text
        assert NAMING in answer.text
    assert rows() == before


def test_the_chair_names_nobody_on_an_agenda(client_of, cast, amendment):
    meeting = make.make_meeting(cast.council)
    db.session.commit()
    path = f"/council/meetings/{meeting.id}/items/new"
    sent = {"about": "", "title": NAMING, "kind": "discuss"}
    assert client_of(cast.council_chair).send(path, sent).status_code == 422
    assert db.session.query(AgendaItem).count() == 0
    assert client_of(cast.council_chair).send(path, sent | {"title": "Nogen driller."}).status_code == 303


def test_a_child_of_any_class_is_known_and_a_word_is_not_held_back(client_of, cast, amendment):
    browser = client_of(cast.council_chair)
    make.make_pupil(make.make_class("1.B", 1), "Storm", "Lund")
    db.session.commit()
    path = f"/strategy/amendments/{amendment.id}/comments/new"
    assert browser.send(path, {"text": "Viggos bold er væk."}).status_code == 422
    assert browser.send(path, {"text": "Det var en storm i går."}).status_code == 303


def test_words_that_stood_there_before_are_not_the_childs(client_of, cast, amendment):
    browser = client_of(cast.council_chair)
    path = f"/strategy/amendments/{amendment.id}/edit"
    kept = browser.send(path, {"new_text": "Vi hilser, og Otto siger godmorgen.", "version": amendment.version})
    assert kept.status_code == 303


def test_a_protected_name_is_answered_like_a_name_that_nobody_bears(client_of, cast, amendment):
    cast.noah.protection, cast.noah.alias = Protection.NAME, "Kaj"
    db.session.commit()
    browser = client_of(cast.council_chair)
    path = f"/strategy/amendments/{amendment.id}/comments/new"
    assert browser.send(path, {"text": "Noah er sød."}).status_code == 303
    assert browser.send(path, {"text": "Rasmus er sød."}).status_code == 303
    assert browser.send(path, {"text": "Kaj er sød."}).status_code == 422


def test_the_contact_teacher_may_write_what_is_no_childs_name(client_of, cast, amendment):
    path = f"/strategy/amendments/{amendment.id}/comments/new"
    assert client_of(cast.facilitator).send(path, {"text": "Alma er også navnet på bogen."}).status_code == 303


def test_what_is_reported_shows_under_its_own_council_alone(client_of, cast, amendment):
    small = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(small, cast.facilitator)
    comment = make.make_comment(cast.council, cast.council_member, amendment, "Noget grimt.")
    comment.reported_at = clock.now()
    db.session.commit()
    browser = client_of(cast.facilitator)
    home = browser.get("/").text
    assert f"/strategy/comments/reported?council={cast.council.id}" in home
    assert f"/strategy/comments/reported?council={small.id}" not in home
    assert "Noget grimt." in browser.get(f"/strategy/comments/reported?council={cast.council.id}").text
    assert "Noget grimt." not in browser.get(f"/strategy/comments/reported?council={small.id}").text
    everything = browser.get("/strategy/comments/reported").text
    assert "Noget grimt." in everything
    assert "Det store elevråd" in everything
    assert "Noget grimt." not in browser.get("/strategy/comments/reported?council=999").text
