"""What two do to initiatives at once or after each other: five at once, none twice, and nothing lost in silence."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from portal.database import db
from portal.initiatives.models import Initiative
from portal.initiatives.services import MOST_AT_ONCE
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once
from tests.initiatives.test_initiatives import closing, start_of, the_only_one, typed


def running() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Initiative.title).where(Initiative.closed_on.is_(None))))


@pytest.mark.both
def test_the_last_place_is_given_once_whatever_they_are_called(cast: Cast, client_of: ClientOf, database: str) -> None:
    for number in range(MOST_AT_ONCE - 1):
        make.make_initiative(cast.class_teacher, cast.third, title=f"Nummer {number}")
    db.session.commit()
    people = {cast.class_teacher: "Vi hilser", cast.pedagogue: "Vi leger", cast.substitute: "Vi spiser sammen"}
    answers = at_once(*(partial(client_of(one).send, start_of(cast), typed(title=it)) for one, it in people.items()))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]
    assert len(running()) == MOST_AT_ONCE


@pytest.mark.both
def test_two_that_are_called_anew_at_once_do_not_go_by_one_name(cast: Cast, client_of: ClientOf, database: str) -> None:
    ones = [make.make_initiative(cast.class_teacher, cast.third, title=title) for title in ("Et", "To")]
    db.session.commit()
    values = typed(title="Vi hilser", version=1, starts_on=ones[0].starts_on.isoformat())
    paths = [f"/initiatives/{one.id}/edit" for one in ones]
    answers = at_once(
        partial(client_of(cast.class_teacher).send, paths[0], values),
        partial(client_of(cast.pedagogue).send, paths[1], values | {"title": "VI HILSER"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len({title.casefold() for title in running()}) == 2


@pytest.mark.both
def test_what_is_opened_again_takes_a_place_too(cast: Cast, client_of: ClientOf, database: str) -> None:
    closed = make.make_initiative(cast.class_teacher, cast.third, title="Lukket")
    make.close_initiative(closed, cast.class_teacher)
    for number in range(MOST_AT_ONCE - 1):
        make.make_initiative(cast.class_teacher, cast.third, title=f"Nummer {number}")
    db.session.commit()
    answers = at_once(
        partial(client_of(cast.class_teacher).send, f"/initiatives/{closed.id}/reopen", {"version": 1}),
        partial(client_of(cast.pedagogue).send, start_of(cast), typed(title="Et nyt")),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len(running()) == MOST_AT_ONCE


def test_what_is_opened_again_does_not_share_its_name(cast: Cast, client_of: ClientOf) -> None:
    closed = make.make_initiative(cast.class_teacher, cast.third, title="Vi hilser")
    make.close_initiative(closed, cast.class_teacher)
    make.make_initiative(cast.class_teacher, cast.third, title="vi hilser")
    db.session.commit()
    refused = client_of(cast.class_teacher).send(f"/initiatives/{closed.id}/reopen", {"version": 1})
    assert refused.status_code == 422
    assert "med det navn" in refused.text


def test_a_page_from_before_it_was_opened_again_writes_over_nothing(cast: Cast, client_of: ClientOf) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    team, other, path = client_of(cast.class_teacher), client_of(cast.pedagogue), f"/initiatives/{initiative.id}"
    team.send(path + "/close", closing(outcome="Først."))
    seen = the_only_one().version
    other.send(path + "/reopen", {"version": seen})
    assert "Først." in other.get(path + "/close").text, "what stood is there to go on from"
    assert "Først." not in client_of(cast.guardian).get(path).text
    assert "Først." not in client_of(cast.guardian).get(f"/initiatives/classes/{cast.third.id}").text
    late = team.send(path + "/close", closing(outcome="Endnu en gang.", version=1))
    assert late.status_code == 409
    assert "Endnu en gang." in late.text, "what was typed stays in its field"
    assert "Først." in late.text, "and what stands beside it"
    assert the_only_one().outcome == "Først."
    assert re.search(r'name="version"[^>]* value="3"', late.text), "the next save is on top of it"
    other.send(path + "/close", closing(outcome="Kollegaens ord.", version=3))
    stale = team.send(path + "/outcome", {"outcome": "Igen", "version": seen})
    assert stale.status_code == 409
    assert "Kollegaens ord." in stale.text
    assert team.send(path + "/reopen", {"version": seen}).status_code == 409
    assert the_only_one().outcome == "Kollegaens ord."


def test_it_is_not_taken_back_over_words_that_nobody_saw(cast: Cast, client_of: ClientOf) -> None:
    team, other = client_of(cast.class_teacher), client_of(cast.pedagogue)
    team.send(start_of(cast), typed())
    path = f"/initiatives/{the_only_one().id}"
    assert 'name="version" value="1"' in team.get(path).text
    assert other.send(path + "/edit", typed(details="Kollegaens ord.", version=1)).status_code == 303
    for seen in ({}, {"version": 1}):
        stale = team.send(path + "/withdraw", seen)
        assert stale.status_code == 409
        assert "Kollegaens ord." in stale.text
    assert the_only_one().details == "Kollegaens ord."
    assert team.send(path + "/withdraw", {"version": 2}).status_code == 303


def test_a_correction_is_seen_before_it_is_opened_again(cast: Cast, client_of: ClientOf) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    make.close_initiative(initiative, cast.class_teacher)
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    assert 'name="version" value="1"' in team.get(path).text
    client_of(cast.pedagogue).send(path + "/outcome", {"outcome": "Rettet.", "version": 1})
    late = team.send(path + "/reopen", {"version": 1})
    assert late.status_code == 409
    assert the_only_one().closed_on is not None


def test_the_second_editor_sees_days_points_and_akt_too(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition({"": ["Vi hilser på alle.", "Vi leger."]})
    key = edition.sections[0].clauses[0].key
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    path = f"/initiatives/{initiative.id}/edit"
    first = initiative.starts_on.isoformat()
    values = typed(starts_on=first, version=1, ends_on=(clock.today() + timedelta(days=21)).isoformat())
    client_of(cast.class_teacher).send(path, values | {"keys": [key], "with_akt": "y"})
    second = client_of(cast.pedagogue).send(path, values | {"ends_on": clock.today().isoformat()})
    assert second.status_code == 409
    card = second.text.split("<h2>", 1)[1].split("</section>", 1)[0]
    assert "AKT hjælper" in card
    assert "Vi hilser på alle." in card
    last = clock.today() + timedelta(days=21)
    assert f"{last.day}. december" in card
