"""An end is handed on: what became a part of another suggestion does not end with it."""

from __future__ import annotations

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.strategy.amendments import services
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentState
from portal.text import clock
from tests import factories as make


@pytest.fixture
def host(cast) -> Amendment:
    edition = make.make_edition()
    host = make.make_amendment(cast.council, cast.council_member, edition, title="Alle med")
    make.make_amendment(cast.council, cast.council_chair, edition, state=AmendmentState.MERGED, merged_into_id=host.id)
    db.session.commit()
    return host


def part() -> Amendment:
    db.session.expire_all()
    return db.session.query(Amendment).order_by(Amendment.id.desc()).first()


def parted() -> int:
    return db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_PARTED, subject_id=part().id).count()


@pytest.mark.both
def test_taking_the_host_back_gives_its_parts_back_to_the_council(cast, host, client_of):
    client_of(cast.council_member).send(f"/strategy/amendments/{host.id}/withdraw", {"note": ""})
    assert (part().state, part().merged_into_id, parted()) == (AmendmentState.IN_COUNCIL, None, 1)


@pytest.mark.parametrize(
    ("result", "hands", "state"),
    [
        (AmendmentState.NOT_ADOPTED, services.Hands(no=2, present=2), AmendmentState.IN_COUNCIL),
        (AmendmentState.ADOPTED, services.Hands(yes=2, present=2), AmendmentState.MERGED),
        (AmendmentState.POSTPONED, services.Hands(present=2), AmendmentState.MERGED),
    ],
)
def test_only_a_no_of_the_council_gives_them_back(cast, host, result, hands, state):
    facilitator = cast.people["facilitator"]
    services.decide_amendment(host, result, hands, revision=1, actor=facilitator, now=clock.now())
    db.session.commit()
    assert part().state is state


@pytest.mark.both
def test_the_contact_teacher_parts_them_again_once(cast, host, client_of):
    path = f"/strategy/amendments/{part().id}/merge/end"
    assert "Del dem igen" in client_of(cast.facilitator).get(f"/strategy/amendments/{part().id}").text
    assert client_of(cast.council_chair).send(path, {}).status_code == 403
    assert client_of(cast.guardian).send(path, {}).status_code == 404
    assert client_of(cast.facilitator).send(path, {}).status_code == 303
    assert client_of(cast.facilitator).send(path, {}, key="another" + "k" * 25).status_code == 409
    assert (part().state, parted()) == (AmendmentState.IN_COUNCIL, 1)
