"""What rooms tell about a promise: each in its own words, and all of them asked in one statement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.services import Known
from portal.database import db
from portal.initiatives.models import InitiativeClause
from portal.measures import signs_of
from portal.people import BY_ITSELF
from portal.text import clock
from portal.updates.models import UpdateClause
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.test_pages import statements

WORDS = "Vi har samværsregler i klassen."
A_YEAR = timedelta(days=365)


def keep_it(cast: Cast) -> None:
    """A promise of which four rooms know something: news, an initiative, a fixed day and what proves a duty."""
    update = make.make_update(cast.third, cast.class_teacher)
    db.session.add(UpdateClause(update_id=update.id, clause_key="k1", published_at=update.published_at))
    initiative = make.make_initiative(cast.class_teacher, cast.third, title="Alle hilser")
    db.session.add(InitiativeClause(initiative_id=initiative.id, clause_key="k1"))
    make.make_fixed_day("Motionsdag", date(2026, 11, 18), points=("k1",))
    make.make_fixed_day("Morgensang", date(2026, 11, 6), date(2026, 11, 13), points=("k1", "k2"))
    make.make_agreement(cast.third, cast.class_teacher)


@pytest.mark.both
def test_each_room_says_it_in_its_words_and_all_are_asked_at_once(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    make.make_edition({"Hver dag": [WORDS, "Vi hilser."]})
    keep_it(cast)
    db.session.commit()
    measures = app.extensions["portal.measures"]
    with app.test_request_context(), statements() as asked:
        signs = signs_of(measures, "k1", WORDS, now=clock.now())
    assert len(asked) == 2, "the wheel's duties, and one for all rooms"
    words = " ".join(sign.text for sign in signs)
    for said in ("skrev sidst hjem", "sat et tiltag i gang", "Morgensang: senest", "Motionsdag: senest", "2 gange på"):
        assert said in words, words
    assert words.index("Morgensang") < words.index("Motionsdag")
    assert "Klassens regler: senest" in words.split("Motionsdag")[1], "the year wheel's own"
    assert "Alle hilser" not in words
    page = client_of(cast.guardian).get("/strategy/clauses/k1").text
    assert all(sign.text in page for sign in signs)
    with app.test_request_context():
        (other,) = signs_of(measures, "k2", "Vi hilser.", now=clock.now())
    assert other.text.startswith("Morgensang")


@pytest.mark.both
@pytest.mark.parametrize(("days", "is_seen"), [(270, True), (271, False)])
def test_what_is_a_year_ago_is_seen_and_what_is_older_is_missing(
    app: Flask, cast: Cast, wall_clock: Move, days: int, is_seen: bool, database: str
) -> None:
    make.make_edition({"Hver dag": [WORDS]})
    acts.note(BY_ITSELF, ActKind.CALENDAR_CHANGED, Known(1), now=clock.now() - timedelta(days=200))
    keep_it(cast)
    db.session.commit()
    wall_clock(clock.now() + timedelta(days=days))
    with app.test_request_context():
        signs = signs_of(app.extensions["portal.measures"], "k1", WORDS, now=clock.now())
    assert {sign.is_alive for sign in signs if "Klassens regler" in sign.text} == {is_seen}, "noted on 20 August"
    assert any("skrev sidst hjem" in sign.text for sign in signs), "news is told of however old"


def test_a_promise_that_no_room_knows_says_nothing(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        assert signs_of(app.extensions["portal.measures"], "k9", "Noget andet.", now=clock.now()) == []
        assert signs_of((), "k9", "Noget andet.", now=clock.now()) == []
