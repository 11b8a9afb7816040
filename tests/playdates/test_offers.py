"""An offer to come and play is for the whole class: made in three fields, changed, taken back and forgotten."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.acts.services import REST
from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playdates.models import Playdate, PlaydateGuest
from portal.school.models import Enrolment
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move

THURSDAY = "2026-11-26"


def typed(**changes: str) -> dict[str, str]:
    return {
        "what": "Vi er i skoven ved den røde bom",
        "day": THURSDAY,
        "begins": "15:00",
        "ends": "17:00",
        "places": "",
    } | changes


def offer(browser: IsolatedClient, class_id: int, **changes: str) -> int:
    return browser.send(f"/playdates/classes/{class_id}/new", typed(**changes)).status_code


def only_playdate() -> Playdate:
    return db.session.query(Playdate).one()


def main_of(browser: IsolatedClient, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, path
    found = re.search(r"<main.*?</main>", page.text, re.S)
    assert found is not None
    return found[0]


def told(app: Flask) -> set[int]:
    """Whom the portal's lists tell something that is not taken back."""
    db.session.commit()
    Worker(app).tell_some()
    lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
    return {line.user_id for line in lines}


@pytest.mark.both
def test_an_offer_takes_three_fields_and_the_whole_class_sees_it(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    amina = client_of(cast.guardian_of_two)
    form = main_of(amina, f"/playdates/classes/{cast.third.id}/new")
    assert re.search(r'<option selected value="2026-11-24">I morgen, tirsdag 24. november', form), "it is noon"
    assert offer(amina, cast.third.id) == 303
    playdate = only_playdate()
    assert clock.local(playdate.starts_at).isoformat()[:16] == "2026-11-26T15:00"
    assert told(app) == set(), "it may be taken back at once"
    wall_clock(REST)
    assert told(app) == {cast.guardian.id, cast.other_home.id, cast.foster_parent.id}, "and not whoever offers it"
    for reader in (cast.guardian, cast.other_home, cast.foster_parent, cast.class_teacher, cast.guardian_of_two):
        for path in (f"/classes/{cast.third.id}", f"/playdates/{playdate.id}", "/playdates/"):
            page = main_of(client_of(reader), path)
            assert "Vi er i skoven ved den røde bom" in page
            assert "Otto og Amina er der" in page
    assert "Vi er i skoven" in main_of(client_of(cast.guardian), "/")


@pytest.mark.parametrize("name", ["class_teacher", "leader", "akt", "office"])
def test_only_a_guardian_of_the_class_offers(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert offer(client_of(cast.users[name]), cast.third.id) == 403
    assert db.session.query(Playdate).count() == 0


@pytest.mark.parametrize("name", ["guardian_elsewhere", "teacher_elsewhere", "helper", "former_guardian", "newcomer"])
def test_another_class_does_not_learn_of_it(cast: Cast, client_of: ClientOf, name: str) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    browser = client_of(cast.users[name])
    assert offer(browser, cast.third.id) == 404
    for path in ("", "/edit", "/aula-text"):
        assert browser.get(f"/playdates/{playdate.id}{path}").status_code == 404
    for act in ("withdraw", "coming/mark", "coming/unmark", "edit"):
        assert browser.send(f"/playdates/{playdate.id}/{act}", typed()).status_code == 404
    assert "Vi er i skoven" not in browser.get("/playdates/").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begins": "17:00", "ends": "15:00"}, "slutter, før det begynder"),
        ({"begins": "15:00", "ends": "15:00"}, "slutter, før det begynder"),
        ({"day": "2026-11-22"}, "Den dag er gået"),
        ({"day": "2026-11-23", "begins": "11:00"}, "Det tidspunkt er gået"),
        ({"day": "2026-12-31"}, "mere end tre uger"),
        ({"day": "2027-02-29"}, ""),
        ({"day": "torsdag"}, ""),
        ({"day": ""}, ""),
        ({"begins": "15:00+02:00"}, ""),
        ({"begins": "25:00"}, ""),
        ({"what": ""}, ""),
        ({"what": "x" * 10_000}, ""),
        ({"places": "4"}, "mindst fem"),
        ({"places": "0"}, "mindst fem"),
        ({"places": "-5"}, "mindst fem"),
        ({"places": "x"}, ""),
        ({"places": "9" * 30}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(
    cast: Cast, client_of: ClientOf, changes: dict[str, str], said: str
) -> None:
    amina = client_of(cast.guardian_of_two)
    page = amina.send(f"/playdates/classes/{cast.third.id}/new", typed(**changes))
    assert page.status_code == 422
    assert said.casefold() in page.text.casefold()
    assert changes.get("what") == "" or changes.get("what", "Vi er i skoven ved den røde bom") in page.text
    assert db.session.query(Playdate).count() == 0


@pytest.mark.both
def test_the_database_itself_holds_room_for_five(cast: Cast, database: str) -> None:
    with pytest.raises(IntegrityError):
        make.make_playdate(cast.third, cast.guardian, places=4)
    db.session.rollback()


def test_nothing_in_the_database_can_leave_a_child_out(app: Flask) -> None:
    columns = {
        table: {column["name"] for column in inspect(db.engine).get_columns(table)}
        for table in ("playdate", "playdate_guest")
    }
    assert columns["playdate_guest"] == {"playdate_id", "pupil_id", "guardian_id", "said_at"}, "those who come alone"
    assert not {name for name in columns["playdate"] if "invit" in name or "pupil" in name or "child" in name}


@pytest.mark.parametrize(
    ("now", "day", "begins", "status"),
    [
        (datetime(2027, 3, 27, 9, tzinfo=UTC), "2027-03-28", "02:30", 422),  # the hour that does not exist
        (datetime(2027, 10, 30, 9, tzinfo=UTC), "2027-10-31", "02:30", 303),  # the one that exists twice
        (datetime(2028, 2, 28, 9, tzinfo=UTC), "2028-02-29", "15:00", 303),
    ],
)
def test_odd_days_and_hours(
    cast: Cast, client_of: ClientOf, wall_clock: Move, now: datetime, day: str, begins: str, status: int
) -> None:
    wall_clock(now)
    db.session.query(Enrolment).update({"ends_on": None})
    place = make.make_class("2.C", 2)
    pupil = make.make_pupil(place, "Ib")
    jens = make.make_guardian(pupil, "Jens")
    assert offer(client_of(jens), place.id, day=day, begins=begins) == status
    if status == 303 and day == "2028-02-29":
        wall_clock(timedelta(days=3))
        again = client_of(jens).get(f"/playdates/classes/{place.id}/new?again={only_playdate().id}").text
        assert re.search(r'<option selected value="2028-03-07">', again), "the next Tuesday"


def test_a_class_of_other_grades_is_told_so_kindly(cast: Cast, client_of: ClientOf) -> None:
    amina = client_of(cast.guardian_of_two)
    page = main_of(amina, f"/playdates/classes/{cast.sixth.id}/new")
    assert "Legeaftaler er for de yngste" in page
    assert "<form" not in page
    assert offer(amina, cast.sixth.id) == 422
    viktor = client_of(cast.guardian_elsewhere)
    assert "0. til 3. klasse" in main_of(viktor, "/playdates/")
    assert "kom og leg" not in main_of(viktor, f"/classes/{cast.sixth.id}").casefold()


def test_a_mixed_class_with_a_younger_grade_is_in(cast: Cast, client_of: ClientOf) -> None:
    mixed = make.make_class("3.-4.", 3)
    mixed.years[0].highest_grade = 4
    jens = make.make_guardian(make.make_pupil(mixed, "Ib"), "Jens")
    assert offer(client_of(jens), mixed.id) == 303


@pytest.mark.parametrize("who", ["adult", "child"])
def test_a_protected_home_is_asked_about_the_place_once_before_it_goes_out(
    cast: Cast, client_of: ClientOf, who: str
) -> None:
    (cast.guardian if who == "adult" else cast.alma).protection = Protection.ADDRESS
    mette = client_of(cast.guardian)
    path = f"/playdates/classes/{cast.third.id}/new"
    assert "uden for jeres hjem" not in mette.get(path).text, "not before a place is written"
    asked = mette.send(path, typed(what="Vi er hjemme i haven"))
    assert asked.status_code == 422
    assert "uden for hjemmet?" in asked.text
    assert "Vi er hjemme i haven" in asked.text
    assert db.session.query(Playdate).count() == 0
    assert offer(mette, cast.third.id, what="Legepladsen bag skolen", elsewhere="y") == 303
    playdate = only_playdate()
    plain = mette.get(f"/playdates/{playdate.id}/aula-text").text
    text = re.findall(r"<textarea[^>]*>(.*?)</textarea>", plain, re.S)[0]
    assert "Legepladsen" not in text
    assert "Mette" not in text
    assert "torsdag 26. november" in text.casefold()
    assert f"/playdates/{playdate.id}" in text


def test_nobody_else_is_asked_about_the_place(cast: Cast, client_of: ClientOf) -> None:
    cast.guardian.protection = Protection.ADDRESS
    amina = client_of(cast.guardian_of_two)
    assert "uden for hjemmet?" not in amina.send(f"/playdates/classes/{cast.third.id}/new", typed(what="")).text
    assert offer(amina, cast.third.id) == 303
    plain = amina.get(f"/playdates/{only_playdate().id}/aula-text").text
    assert "Vi er i skoven ved den røde bom" in plain
    assert "Otto og Amina er der." in plain


def test_a_protected_name_is_an_alias_here_too(cast: Cast, client_of: ClientOf) -> None:
    cast.otto.protection, cast.otto.alias = Protection.NAME, "Mille"
    cast.guardian_of_two.protection, cast.guardian_of_two.alias = Protection.NAME, "Berit"
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    page = main_of(client_of(cast.guardian), f"/playdates/{playdate.id}")
    assert "Mille og Berit er der" in page
    assert "Otto" not in page
    assert "Amina" not in page


def test_do_it_again_fills_the_form_with_the_same_on_the_next_such_day(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    amina = client_of(cast.guardian_of_two)
    offer(amina, cast.third.id, what="Vi bager snobrød", begins="15:30", places="6")
    playdate = only_playdate()
    page = main_of(amina, f"/playdates/{playdate.id}")
    assert "Lav den igen på torsdag" in page
    wall_clock(timedelta(days=4))
    amina = client_of(cast.guardian_of_two)
    form = main_of(amina, f"/playdates/classes/{cast.third.id}/new?again={playdate.id}")
    assert 'value="Vi bager snobrød"' in form
    assert re.search(r'<option selected value="2026-12-03">', form)
    assert re.search(r'<option selected value="15:30">', form)
    assert 'value="6"' in form
    others = main_of(client_of(cast.guardian), f"/playdates/classes/{cast.third.id}/new?again={playdate.id}")
    assert "snobrød" not in others, "one's own alone"


def test_only_whoever_offers_it_changes_it_and_those_who_come_are_told(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    make.come_to(playdate, cast.alma, cast.guardian)
    for name in ("guardian", "class_teacher"):
        browser = client_of(cast.users[name])
        assert browser.get(f"/playdates/{playdate.id}/edit").status_code == 403
        assert browser.send(f"/playdates/{playdate.id}/edit", typed(version="1")).status_code == 403
    amina = client_of(cast.guardian_of_two)
    assert amina.send(f"/playdates/{playdate.id}/edit", typed(version="1", begins="16:00")).status_code == 303
    assert told(app) == set(), "it may be changed once more"
    wall_clock(REST)
    assert told(app) == {cast.guardian.id}
    assert amina.send(f"/playdates/{playdate.id}/edit", typed(version="1", begins="16:30")).status_code == 409
    again = amina.send(f"/playdates/{playdate.id}/edit", typed(version="2", begins="16:00", places="8"))
    assert again.status_code == 303
    assert db.session.query(Act).filter_by(kind=ActKind.PLAYDATE_CHANGED).count() == 1, "more room is no news"


def test_room_is_not_made_smaller_than_those_who_come(cast: Cast, client_of: ClientOf) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    for number in range(6):
        pupil = make.make_pupil(cast.third, f"Barn {number}")
        make.come_to(playdate, pupil, make.make_guardian(pupil))
    amina = client_of(cast.guardian_of_two)
    assert amina.send(f"/playdates/{playdate.id}/edit", typed(version="1", places="5")).status_code == 422
    assert amina.send(f"/playdates/{playdate.id}/edit", typed(version="1", places="6")).status_code == 303


def test_an_offer_taken_back_within_minutes_is_told_to_nobody(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    amina = client_of(cast.guardian_of_two)
    offer(amina, cast.third.id)
    assert amina.send(f"/playdates/{only_playdate().id}/withdraw").status_code == 303
    wall_clock(REST)
    assert told(app) == set()


@pytest.mark.both
@pytest.mark.parametrize("name", ["guardian_of_two", "class_teacher"])
def test_an_offer_taken_back_leaves_the_lists_and_those_who_come_are_told(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, name: str, database: str
) -> None:
    offer(client_of(cast.guardian_of_two), cast.third.id)
    playdate = only_playdate()
    make.come_to(playdate, cast.alma, cast.guardian)
    wall_clock(REST)
    assert cast.foster_parent.id in told(app)
    assert client_of(cast.foster_parent).send(f"/playdates/{playdate.id}/withdraw").status_code == 403
    browser = client_of(cast.users[name])
    assert browser.send(f"/playdates/{playdate.id}/withdraw").status_code == 303
    assert told(app) == {cast.guardian.id}
    assert "Vi er i skoven" not in client_of(cast.foster_parent).get(f"/classes/{cast.third.id}").text
    assert "er taget tilbage" in client_of(cast.guardian).get(f"/playdates/{playdate.id}").text
    assert browser.send(f"/playdates/{playdate.id}/withdraw").status_code == 422
    assert (
        client_of(cast.other_home)
        .send(f"/playdates/{playdate.id}/coming/mark", {"version": playdate.version})
        .status_code
        == 422
    )


def test_an_offer_ends_with_the_place_of_whoever_made_it(cast: Cast, client_of: ClientOf) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    mette = client_of(cast.guardian)
    assert mette.get(f"/playdates/{playdate.id}").status_code == 200
    closed = make.close_access(cast.guardian_of_two, cast.otto, cast.leader)
    assert mette.get(f"/playdates/{playdate.id}").status_code == 404
    assert "Vi er i skoven" not in mette.get("/").text
    closed.lifted_at = clock.now()
    assert mette.get(f"/playdates/{playdate.id}").status_code == 200
    db.session.query(Enrolment).filter_by(pupil_id=cast.otto.id).update({"class_id": cast.sixth.id})
    assert mette.get(f"/playdates/{playdate.id}").status_code == 404, "the child is in another class by now"


def test_a_class_that_was_merged_sees_no_offer_of_before(cast: Cast, client_of: ClientOf) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    merged = make.make_class("3.B", 3)
    db.session.query(Enrolment).filter_by(class_id=cast.third.id).update({"class_id": merged.id})
    assert client_of(cast.guardian).get(f"/playdates/{playdate.id}").status_code == 404
    assert offer(client_of(cast.guardian_of_two), cast.third.id) == 404
    assert offer(client_of(cast.guardian_of_two), merged.id) == 303


@pytest.mark.both
def test_it_is_forgotten_thirty_days_after(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    offer(client_of(cast.guardian_of_two), cast.third.id)
    make.come_to(only_playdate(), cast.alma, cast.guardian)
    db.session.commit()
    Worker(app).tell_some()
    worker = Worker(app)
    wall_clock(timedelta(days=33))
    worker.do_chores()
    assert db.session.query(Playdate).count() == 1, "not yet"
    wall_clock(timedelta(hours=5, minutes=1))
    worker.do_chores()
    assert db.session.query(Playdate).count() == db.session.query(PlaydateGuest).count() == 0
    assert told(app) == set(), "and so are the lines of it"


@pytest.mark.both
def test_an_id_is_never_given_twice(cast: Cast, database: str) -> None:
    first = make.make_playdate(cast.third, cast.guardian)
    used = first.id
    db.session.delete(first)
    db.session.flush()
    assert make.make_playdate(cast.third, cast.guardian).id > used


def test_a_double_click_is_one_offer(cast: Cast, client_of: ClientOf) -> None:
    amina = client_of(cast.guardian_of_two)
    path = f"/playdates/classes/{cast.third.id}/new"
    assert [amina.send(path, typed(), key="k").status_code for _ in range(2)] == [303, 303]
    assert db.session.query(Playdate).count() == 1
