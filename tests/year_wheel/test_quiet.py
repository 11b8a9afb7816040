"""The points of which nothing was seen for a year: for leadership and councils, with what would bring them to life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock
from portal.updates.models import UpdateClause
from tests import factories as make
from tests.cast import EVERYBODY, Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.test_pages import statements

QUIET = "/year-wheel/quiet"
SONG, SHEET = "Vi synger om morgenen.", "Hver klasse har en teamkontrakt."


@pytest.fixture(autouse=True)
def _strategy(cast: Cast) -> None:
    make.make_edition(
        {"Hver dag": [SONG, SHEET, "Vi er gode ved hinanden.", "Vi ser på elevernes undervisningsmiljø."]}
    )
    db.session.commit()


def a_year_goes_by(days: int = 366) -> None:
    db.session.add(Act(actor_id=None, kind=ActKind.HELP_CHANGED, subject_id=1, at=clock.now() - timedelta(days=days)))
    db.session.commit()


def page_of(client: IsolatedClient) -> str:
    answer = client.get(QUIET)
    assert answer.status_code == 200
    return answer.text


def test_no_point_is_quiet_while_the_portal_is_younger_than_a_year(cast: Cast, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    assert "Det er for tidligt at sige" in page_of(leader)
    a_year_goes_by(364)
    assert "Det er for tidligt at sige" in page_of(leader)


def test_leadership_and_councils_see_them_and_nobody_else(
    cast: Cast, client: IsolatedClient, client_of: ClientOf
) -> None:
    a_year_goes_by()
    for name in EVERYBODY:
        status = client_of(cast.users[name]).get(QUIET).status_code
        may = name in {"leader", "council_member", "council_chair", "facilitator"}
        assert status == (200 if may else 403), name
    assert client.get(QUIET).status_code == 303
    assert "Punkter, der er stille" not in client.get("/strategy/").text
    assert "Punkter, der er stille" not in client_of(cast.guardian).get("/strategy/").text
    assert QUIET in client_of(cast.council_member).get("/strategy/").text


def test_a_point_is_quiet_with_what_would_bring_it_to_life(cast: Cast, client_of: ClientOf) -> None:
    a_year_goes_by()
    page = page_of(client_of(cast.leader))
    assert SONG in page
    assert SHEET in page
    assert "Vi er gode ved hinanden." not in page, "no duty belongs to it"
    assert "undervisningsmilj" not in page, "it holds for three years"
    assert "/year-wheel/duties/morning_song" in page
    assert "En af skolens faste dage blev holdt" in page
    pupils = page_of(client_of(cast.council_member))
    assert "/year-wheel/duties/" not in pupils, "pupils see the point, not the wheel"
    assert "/strategy/clauses/k1" in pupils


@pytest.mark.parametrize("sign", ["held", "noted", "written"])
@pytest.mark.both
def test_a_sign_of_life_from_any_room_takes_it_off(cast: Cast, client_of: ClientOf, sign: str, database: str) -> None:
    a_year_goes_by()
    leader = client_of(cast.leader)
    if sign == "held":
        make.make_fixed_day("Morgensang", date(2026, 11, 20))
    elif sign == "noted":
        form: dict[str, Any] = {"done_on": "2026-11-20", "note": ""}
        assert leader.send("/year-wheel/duties/morning_song/record", form).status_code == 303
    else:
        update = make.make_update(cast.third, cast.class_teacher)
        row = UpdateClause(update_id=update.id, clause_key="k1", published_at=clock.now() - timedelta(days=300))
        db.session.add(row)
    db.session.commit()
    page = page_of(leader)
    assert SONG not in page
    assert SHEET in page


def test_what_was_seen_more_than_a_year_ago_is_no_sign_any_more(cast: Cast, client_of: ClientOf) -> None:
    a_year_goes_by(800)
    update = make.make_update(cast.third, cast.class_teacher)
    row = UpdateClause(update_id=update.id, clause_key="k1", published_at=clock.now() - timedelta(days=370))
    db.session.add(row)
    make.make_fixed_day("Morgensang", date(2025, 11, 14), points=("k1",))
    db.session.commit()
    assert SONG in page_of(client_of(cast.leader))


def test_it_asks_the_database_little_however_many_points_there_are(cast: Cast, client_of: ClientOf) -> None:
    a_year_goes_by()
    leader = client_of(cast.leader)
    page_of(leader)
    with statements() as sent:
        page_of(leader)
    assert len(sent) <= 8
