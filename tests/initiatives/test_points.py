"""The points an initiative is about: five at most with those it keeps, and none of them lost without a word."""

from __future__ import annotations

from sqlalchemy import select

from portal.database import db
from portal.initiatives.models import InitiativeClause
from portal.strategy.kinds import ClauseKind
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.initiatives.test_initiatives import typed


def test_those_it_keeps_count_and_stand_in_the_form(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition({"": [f"Punkt {number}." for number in range(5)]})
    keys = [clause.key for clause in edition.sections[0].clauses]
    initiative = make.make_initiative(cast.class_teacher, cast.third, keys=(keys[0], "k77"))
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}/edit"
    assert "Et punkt fra en tidligere strategi" in team.get(path).text
    values = typed(starts_on=initiative.starts_on.isoformat(), version=1)
    refused = team.send(path, values | {"keys": keys})
    assert refused.status_code == 422
    assert "højst 5" in refused.text
    assert team.send(path, values | {"keys": keys[:4]}).status_code == 303
    assert set(db.session.scalars(select(InitiativeClause.clause_key))) == {*keys[:4], "k77"}


def test_a_point_that_became_a_heading_stays(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition({"": ["Vi hilser.", "Vi leger."]})
    heading, promise = edition.sections[0].clauses
    heading.kind = ClauseKind.SUBHEADING
    initiative = make.make_initiative(cast.class_teacher, cast.third, keys=(heading.key, promise.key))
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}/edit"
    form = team.get(path).text
    assert "Vi hilser." in form
    assert f'value="{heading.key}"' not in form
    values = typed(starts_on=initiative.starts_on.isoformat(), version=1, keys=[promise.key])
    assert team.send(path, values).status_code == 303
    assert set(db.session.scalars(select(InitiativeClause.clause_key))) == {heading.key, promise.key}
