"""What the days of initiatives ask: when homes are told, what may be moved or taken back, what a new year leaves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.accounts.models import RoleGrant
from portal.acts.models import ActKind
from portal.database import db
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.initiatives.test_initiatives import closing, homes_of, start_of, tell, the_only_one, told, typed

STARTED, CLOSED, WITH_AKT = ActKind.INITIATIVE_STARTED, ActKind.INITIATIVE_CLOSED, ActKind.INITIATIVE_WITH_AKT


def reopen(client_of: ClientOf, cast: Cast) -> int:
    one = the_only_one()
    return client_of(cast.class_teacher).send(f"/initiatives/{one.id}/reopen", {"version": one.version}).status_code


@pytest.mark.parametrize("told_between", [(), ("begun",), ("closed",), ("begun", "closed")])
def test_one_closed_by_mistake_and_opened_again_is_told_as_begun(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, told_between: tuple[str, ...]
) -> None:
    client_of(cast.class_teacher).send(start_of(cast), typed(with_akt="y"))
    if "begun" in told_between:
        tell(app, wall_clock)
    client_of(cast.class_teacher).send(f"/initiatives/{the_only_one().id}/close", closing())
    if "closed" in told_between:
        tell(app, wall_clock)
        assert (told(STARTED), told(CLOSED)) == (set(), homes_of(cast))
    assert reopen(client_of, cast) == 303
    tell(app, wall_clock)
    assert (told(STARTED), told(CLOSED)) == (homes_of(cast), set())
    assert told(WITH_AKT) == {cast.akt.id}


def test_what_begins_later_is_said_to_and_told_on_its_first_day(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    coming = clock.today() + timedelta(days=5)
    team = client_of(cast.class_teacher)
    answer = team.send(start_of(cast), typed(starts_on=coming.isoformat()))
    said = team.get(answer.location or "").text
    assert "Tiltaget begynder" in said
    assert "Tiltaget er i gang" not in said
    listed = team.get(f"/initiatives/classes/{cast.third.id}").text
    assert "Snart" in listed
    assert "I gang nu" not in listed
    tell(app, wall_clock)
    assert told(STARTED) == set()
    wall_clock(timedelta(days=5))
    tell(app, wall_clock)
    assert told(STARTED) == homes_of(cast)
    assert "I gang nu" in client_of(cast.guardian).get(f"/initiatives/classes/{cast.third.id}").text


def test_what_is_put_off_is_told_on_the_day_that_holds(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    first, then = (clock.today() + timedelta(days=days) for days in (3, 6))
    team = client_of(cast.class_teacher)
    team.send(start_of(cast), typed(starts_on=first.isoformat()))
    path = f"/initiatives/{the_only_one().id}/edit"
    assert team.send(path, typed(starts_on=then.isoformat(), version=1)).status_code == 303
    wall_clock(timedelta(days=4))
    tell(app, wall_clock)
    assert told(STARTED) == set()
    wall_clock(timedelta(days=2))
    tell(app, wall_clock)
    assert told(STARTED) == homes_of(cast)


def test_a_councils_and_the_schools_that_begin_later_stand_under_soon(cast: Cast, client_of: ClientOf) -> None:
    coming = clock.today() + timedelta(days=5)
    make.make_initiative(cast.facilitator, council=cast.council, title="Bolde til alle", starts_on=coming)
    db.session.commit()
    for path in ("/initiatives/", f"/council/{cast.council.id}"):
        page = client_of(cast.facilitator).get(path).text
        assert page.index("Snart") < page.index("Bolde til alle"), path


def test_what_has_run_is_not_put_off_to_be_taken_back(cast: Cast, client_of: ClientOf) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    tomorrow = clock.today() + timedelta(days=1)
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    refused = team.send(path + "/edit", typed(starts_on=tomorrow.isoformat(), version=1))
    assert refused.status_code == 422
    assert "allerede i gang" in refused.text
    assert team.send(path + "/withdraw", {"version": 1}).status_code == 422
    yesterday = clock.today() - timedelta(days=1)
    assert team.send(path + "/edit", typed(starts_on=yesterday.isoformat(), version=1)).status_code == 303


def test_what_was_written_today_may_be_put_off(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    team.send(start_of(cast), typed())
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert team.send(f"/initiatives/{the_only_one().id}/edit", typed(starts_on=tomorrow, version=1)).status_code == 303


def test_after_the_summer_a_page_offers_what_can_be_done(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    wall_clock(timedelta(days=300))
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    due = team.get(path).text
    assert "senere slutdag" not in due
    assert path + "/edit" not in due
    assert team.send(path + "/close", closing(closed_on="2027-06-20")).status_code == 303
    page = team.get(path).text
    assert path + "/reopen" in page
    assert path + "/outcome" in page
    right = {"outcome": "Rettet samme dag.", "version": the_only_one().version}
    assert team.send(path + "/outcome", right).status_code == 303
    assert reopen(client_of, cast) == 303


def test_a_council_that_only_did_something_has_its_year(cast: Cast, client_of: ClientOf) -> None:
    begun = date(2025, 10, 1)
    make.make_initiative(cast.facilitator, council=cast.council, title="Bolde til alle", starts_on=begun)
    db.session.commit()
    guardian = client_of(cast.guardian)
    assert "Bolde til alle" in guardian.get(f"/council/{cast.council.id}/years/2025").text
    assert guardian.get(f"/council/{cast.council.id}/years/2024").status_code == 404
    assert f"/council/{cast.council.id}/years/2025" in guardian.get("/council/years").text


def test_where_nobody_is_akt_the_leadership_is_told_and_no_tick_no_line(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    db.session.query(RoleGrant).filter_by(user_id=cast.akt.id).delete()
    db.session.commit()
    team = client_of(cast.class_teacher)
    team.send(start_of(cast), typed(with_akt="y"))
    tell(app, wall_clock)
    assert told(WITH_AKT) == {cast.leader.id}
    assert team.send(f"/initiatives/{the_only_one().id}/edit", typed(version=1)).status_code == 303
    assert told(WITH_AKT) == set()
