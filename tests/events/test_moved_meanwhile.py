"""A yes from a page that stood open while the day was moved is no yes to the new day: events, playdates, playgroups."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import partial

import pytest

from portal.database import db
from portal.events.models import Answer, ClassEvent, Rsvp
from portal.playdates.models import PlaydateGuest
from portal.playgroups.models import Playgroup, PlaygroupMember
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

TYPED = {
    "title": "Suppe",
    "kind": "dinner",
    "day": "2026-12-04",
    "begins": "17:30",
    "ends": "20:00",
    "place": "Skolekøkkenet",
    "cost_per_child": "25",
    "siblings_welcome": "y",
}
SEEN = re.compile(r'name="seen"[^>]* value="([^"]*)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    starts_at = clock.at_school(date(2026, 12, 4), time(17, 30))
    return make.make_event(
        cast.third, cast.guardian_of_two, "Suppe", starts_at=starts_at, cost_per_child=25, place="Skolekøkkenet"
    )


def move(browser: IsolatedClient, event: ClassEvent, **changes: str) -> int:
    sent = {**TYPED, "day": "2026-12-05", "version": str(event.version), **changes}
    return browser.send(f"/events/{event.id}/edit", sent).status_code


def seen_on(browser: IsolatedClient, path: str) -> str:
    found = SEEN.search(browser.get(path).text)
    assert found is not None
    return found[1]


def answers() -> list[Answer]:
    return [row.answer for row in db.session.query(Rsvp)]


@pytest.mark.both
@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE"])
@pytest.mark.parametrize("came_from", ["event", "home"])
def test_an_answer_from_before_a_move_is_refused_with_the_new_day(
    cast: Cast, event: ClassEvent, client_of: ClientOf, wall_clock: Move, database: str, answer: str, came_from: str
) -> None:
    mette, path = client_of(cast.guardian), f"/events/{event.id}"
    seen = seen_on(mette, path if came_from == "event" else "/")
    sent = {"pupil_id": cast.alma.id, "answer": answer, "seen": seen, "from": came_from}
    wall_clock(timedelta(minutes=1))
    assert move(client_of(cast.guardian_of_two), event) == 303
    refused = mette.send(f"{path}/answers/choose", sent)
    assert refused.status_code == 409
    assert "Nu er det lørdag 5. december kl. 17.30" in refused.text
    assert "Kommer Alma?" in refused.text, "and the question stands there anew"
    assert answers() == []
    sent["seen"] = SEEN.search(refused.text)[1]  # type: ignore[index]
    assert mette.send(f"{path}/answers/choose", sent).status_code == 303
    assert answers() == [Answer(answer)]


@pytest.mark.parametrize("missing", [{}, {"seen": ""}, {"seen": "æ"}, {"seen": "2026-11-23T12:00:00+00:00' --"}])
def test_who_says_nothing_of_what_was_seen_has_not_seen_a_move(
    cast: Cast, event: ClassEvent, client_of: ClientOf, missing: dict[str, str]
) -> None:
    assert move(client_of(cast.guardian_of_two), event) == 303
    sent = {"pupil_id": cast.alma.id, "answer": "ACCEPTED", **missing}
    assert client_of(cast.guardian).send(f"/events/{event.id}/answers/choose", sent).status_code == 409
    assert answers() == []


@pytest.mark.parametrize("change", [{"cost_per_child": "90"}, {"siblings_welcome": ""}, {"place": "Hallen"}])
def test_a_yes_to_a_lower_price_is_no_yes_to_a_higher_one(
    cast: Cast, event: ClassEvent, client_of: ClientOf, change: dict[str, str]
) -> None:
    mette = client_of(cast.guardian)
    seen = seen_on(mette, f"/events/{event.id}")
    assert move(client_of(cast.guardian_of_two), event, day="2026-12-04", **change) == 303
    sent = {"pupil_id": cast.alma.id, "answer": "ACCEPTED", "seen": seen}
    assert mette.send(f"/events/{event.id}/answers/choose", sent).status_code == 409


def test_a_comma_put_right_asks_nobody_again(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    seen = seen_on(mette, f"/events/{event.id}")
    assert move(client_of(cast.guardian_of_two), event, day="2026-12-04", title="Suppe og brød") == 303
    sent = {"pupil_id": cast.alma.id, "answer": "ACCEPTED", "seen": seen}
    assert mette.send(f"/events/{event.id}/answers/choose", sent).status_code == 303


def test_what_a_home_told_the_team_before_a_move_is_not_entered_after_it(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    team, path = client_of(cast.class_teacher), f"/events/{event.id}/answers"
    seen = seen_on(team, path)
    assert move(client_of(cast.guardian_of_two), event) == 303
    sent = {"pupil_id": str(cast.alma.id), "answer": "ACCEPTED", "seen": seen}
    unseen = {name: value for name, value in sent.items() if name != "seen"}
    assert team.send(f"{path}/change", unseen).status_code == 409, "a form without it has seen nothing"
    refused = team.send(f"{path}/change", sent)
    assert refused.status_code == 409
    assert "lørdag 5. december" in refused.text
    assert f'<option selected value="{cast.alma.id}">' in refused.text, "what was chosen stays"
    assert answers() == []
    sent["seen"] = SEEN.search(refused.text)[1]  # type: ignore[index]
    assert team.send(f"{path}/change", sent).status_code == 303


@pytest.mark.both
def test_of_a_move_and_a_yes_at_once_the_yes_is_refused_or_asked_anew(
    cast: Cast, event: ClassEvent, client_of: ClientOf, database: str
) -> None:
    """Whichever comes first, and though both read the clock before either had its turn."""
    sent = {"pupil_id": cast.alma.id, "answer": "ACCEPTED", "seen": event.asked_anew}
    homes = [client_of(cast.guardian), client_of(cast.other_home)]
    yes = [partial(home.send, f"/events/{event.id}/answers/choose", sent) for home in homes]
    organiser = client_of(cast.guardian_of_two)
    *statuses, moved = at_once(*yes, partial(move, organiser, event))
    assert moved == 303
    assert {answer.status_code for answer in statuses} <= {303, 409}
    assert "Kommer Alma?" in homes[0].get("/").text, "nobody has said yes to the new day"


@pytest.mark.both
@pytest.mark.parametrize("change", [{"day": "2026-11-27"}, {"begins": "14:00"}, {"what": "Vi er i skoven"}])
def test_we_come_to_an_offer_as_it_was_seen(
    cast: Cast, client_of: ClientOf, database: str, change: dict[str, str]
) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    home, path = client_of(cast.guardian), f"/playdates/{playdate.id}"
    version = VERSION.search(home.get(path).text)[1]  # type: ignore[index]
    form = {"what": playdate.what, "day": "2026-11-26", "begins": "15:00", "ends": "17:00", "version": version}
    assert client_of(cast.guardian_of_two).send(f"{path}/edit", form | change).status_code == 303
    for stale in ({"version": version}, {}, {"version": "-1"}):
        refused = home.send(f"{path}/coming/mark", stale)
        assert refused.status_code == 409
    day = "fredag 27. november" if "day" in change else "torsdag 26. november"
    assert f"Nu er det {day} kl. {'14' if 'begins' in change else '15'}" in refused.text
    assert db.session.query(PlaydateGuest).count() == 0
    now_seen = VERSION.search(refused.text)[1]  # type: ignore[index]
    assert home.send(f"{path}/coming/mark", {"version": now_seen}).status_code == 303


@pytest.mark.both
@pytest.mark.parametrize("press", ["mark", "unmark"])
def test_a_group_is_answered_for_the_day_that_was_seen(
    cast: Cast, client_of: ClientOf, database: str, press: str
) -> None:
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]])
    group = make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    ole, host = client_of(cast.foster_parent), client_of(cast.guardian)
    path = f"/playgroups/rounds/groups/{group.id}"
    version = VERSION.search(ole.get(f"/playgroups/rounds/classes/{cast.third.id}").text)[1]  # type: ignore[index]
    form = {"day": "2026-11-26", "begins": "15:00", "ends": "17:00", "place": "home", "address": "Skolevej 3"}
    assert host.send(f"{path}/meeting", {**form, "version": version}).status_code == 303
    refused = ole.send(f"{path}/coming/{press}", {"version": version})
    assert refused.status_code == 409
    assert "Nu er det torsdag 26. november kl. 15" in refused.text
    comes = db.session.query(PlaygroupMember).filter_by(group_id=group.id, pupil_id=cast.noah.id).one().comes
    assert comes is None
    now_seen = db.session.get_one(Playgroup, group.id).version
    assert ole.send(f"{path}/coming/{press}", {"version": now_seen}).status_code == 303
