"""A class's parent meeting: who is called, what it shows, what is noted afterwards, and everybody who is not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts.models import Act
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.notifications.worker.chores import do
from portal.parent_meetings.chores import CALL_OFF
from portal.parent_meetings.models import ParentMeeting
from portal.parent_meetings.queries import list_everywhere
from portal.school.models import Enrolment, SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, HOMES, SCHOOL_WIDE, TEAM, Cast
from tests.conftest import ClientOf, Move, at_once

SEES = TEAM | HOMES | SCHOOL_WIDE


def new(cast: Cast) -> str:
    return f"/parent-meetings/classes/{cast.third.id}/new"


def plan(day: str = "2026-12-03", **values: Any) -> dict[str, Any]:
    return {"day": day, "begins": "17:00", "ends": "19:00", "place": "I klassen", "items": "- Lejrskole", **values}


def at(meeting: ParentMeeting, page: str = "") -> str:
    return f"/parent-meetings/{meeting.id}{page}"


def the_meeting() -> ParentMeeting:
    db.session.expire_all()
    return db.session.scalars(select(ParentMeeting)).one()


def told(kind: str) -> set[int]:
    of_kind = select(Delivery.user_id).join(Act, Act.id == Delivery.act_id).where(Act.kind == kind)
    return set(db.session.scalars(of_kind.where(Delivery.channel == Channel.PORTAL)))


def tell(app: Flask) -> None:
    while Worker(app).tell_some():
        pass


@pytest.mark.both
def test_every_home_of_the_class_is_called_and_helpers_are_not(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    answer = client_of(cast.class_teacher).send(new(cast), plan())
    meeting = the_meeting()
    assert answer.location == at(meeting)
    tell(app)
    assert told("parent_meeting_called") == {cast.users[name].id for name in HOMES}
    home = client_of(cast.guardian)
    assert at(meeting) in home.get("/").text, "what comes next"
    assert at(meeting) in home.get(f"/classes/{cast.third.id}").text
    assert at(meeting) not in client_of(cast.helper).get("/").text
    assert at(meeting) not in client_of(cast.guardian_elsewhere).get("/").text


def test_exactly_those_of_the_class_see_it(cast: Cast, client_of: ClientOf) -> None:
    meeting = make.make_parent_meeting(cast.third)
    db.session.commit()
    for name in EVERYBODY:
        for page in ("", "/screen"):
            status = client_of(cast.users[name]).get(at(meeting, page)).status_code
            assert status == (200 if name in SEES else 404), (name, page)


@pytest.mark.parametrize("name", sorted(EVERYBODY - TEAM))
def test_nobody_but_the_team_calls_changes_or_notes_it(cast: Cast, client_of: ClientOf, name: str) -> None:
    meeting = make.make_parent_meeting(cast.third, in_days=-2)
    make.make_material(cast.leader)
    db.session.commit()
    browser = client_of(cast.users[name])
    for path, form in (
        (new(cast), plan()),
        (at(meeting, "/edit"), plan(version=1)),
        (at(meeting, "/cancel"), {}),
        (at(meeting, "/shown"), {}),
        (at(meeting, "/not-shown"), {}),
    ):
        assert browser.send(path, form).status_code in (403, 404), path
    assert the_meeting().shown_on is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"day": "2026-11-22"}, "er gået"),
        ({"day": "2026-11-23", "begins": "07:00", "ends": "08:00"}, "er gået"),
        ({"day": "2028-02-29"}, "mere end et år"),
        ({"day": "2027-02-29"}, ""),
        ({"begins": "19:00", "ends": "17:00"}, "slutter, før"),
        ({"begins": "", "ends": ""}, ""),
        ({"day": "2027-03-28", "begins": "02:30", "ends": "04:00"}, "findes ikke"),
        ({"place": " "}, ""),
        ({"items": "- Alma har det svært"}, "Alma"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    cast: Cast, client_of: ClientOf, values: dict[str, str], said: str
) -> None:
    answer = client_of(cast.class_teacher).send(new(cast), plan(**values))
    assert answer.status_code == 422
    assert said in answer.text
    assert values.get("items", "Lejrskole") in answer.text
    assert db.session.scalars(select(ParentMeeting)).first() is None


def test_a_name_is_sent_when_the_team_has_agreed_to_it(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.class_teacher).send(new(cast), plan(items="- Alma og Otto fortæller", agreed=["Alma", "Otto"]))
    assert the_meeting().items == "- Alma og Otto fortæller"


def test_a_name_in_the_place_is_agreed_to_first(cast: Cast, client_of: ClientOf) -> None:
    team, form = client_of(cast.class_teacher), plan(place="Hjemme hos Alma", items="")
    refused = team.send(new(cast), form)
    assert refused.status_code == 422
    assert 'value="Alma"' in refused.text
    assert team.send(new(cast), {**form, "agreed": "Alma"}).status_code == 303


def test_a_class_without_children_calls_nobody(cast: Cast, client_of: ClientOf) -> None:
    merged = make.make_class("3.B", 3)
    make.put_in_team(cast.class_teacher, merged)
    db.session.commit()
    answer = client_of(cast.class_teacher).send(f"/parent-meetings/classes/{merged.id}/new", plan())
    assert answer.status_code == 422
    assert "ingen børn" in answer.text


@pytest.mark.both
def test_of_two_who_call_the_class_on_one_day_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.class_teacher), client_of(cast.pedagogue)] * 2
    answers = at_once(*(partial(browser.send, new(cast), plan()) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    the_meeting()


def test_a_move_is_told_once_and_an_agenda_is_not(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    team = client_of(cast.class_teacher)
    team.send(new(cast), plan())
    meeting = the_meeting()
    tell(app)
    team.send(at(meeting, "/edit"), plan(items="- Lejrskole\n- Klassekasse", version=1))
    wall_clock(timedelta(minutes=10))
    tell(app)
    assert told("parent_meeting_moved") == set()
    team.send(at(meeting, "/edit"), plan(day="2026-12-04", version=2))
    team.send(at(meeting, "/edit"), plan(day="2026-12-07", version=3))
    wall_clock(timedelta(minutes=10))
    tell(app)
    assert told("parent_meeting_moved") == {cast.users[name].id for name in HOMES}


def test_the_second_of_two_who_edit_it_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    meeting = make.make_parent_meeting(cast.third)
    db.session.commit()
    team = client_of(cast.class_teacher)
    assert team.send(at(meeting, "/edit"), plan(items="- Den første", version=1)).status_code == 303
    answer = team.send(at(meeting, "/edit"), plan(items="- Den anden", version=1))
    assert answer.status_code == 409
    assert "Den første" in answer.text
    assert "Den anden" in answer.text


def test_a_meeting_that_is_called_off_stays_in_sight_and_is_told(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    meeting = make.make_parent_meeting(cast.third)
    db.session.commit()
    team = client_of(cast.class_teacher)
    team.send(at(meeting, "/cancel"))
    tell(app)
    assert told("parent_meeting_cancelled") == {cast.users[name].id for name in HOMES}
    assert "aflyst" in client_of(cast.guardian).get(at(meeting)).text
    assert team.send(at(meeting, "/cancel")).status_code == 422, "twice"
    assert team.send(at(meeting, "/edit"), plan(version=2)).status_code == 422
    assert team.send(new(cast), plan((clock.today() + timedelta(days=9)).isoformat())).status_code == 303


def go_over(cast: Cast, to: SchoolClass) -> None:
    """As the office's file does it: yesterday was the last day in the old class."""
    for pupil in (cast.alma, cast.noah, cast.otto):
        place = db.session.scalars(select(Enrolment).filter_by(pupil_id=pupil.id, ends_on=None)).one()
        place.ends_on = clock.today() - timedelta(days=1)
        make.enrol(pupil, to, starts_on=clock.today())
    db.session.commit()


@pytest.mark.both
def test_a_class_that_has_gone_over_has_its_meeting_called_off_and_those_who_went_hear_it(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    other = make.make_class("3.B", 3)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    meeting, over = make.make_parent_meeting(cast.third), make.make_parent_meeting(cast.third, in_days=-3)
    theirs = make.make_parent_meeting(other)
    db.session.commit()
    assert do(CALL_OFF, clock.now())
    db.session.expire_all()
    assert meeting.cancelled_at is None, "the class is there"
    go_over(cast, other)
    for _ in range(2):
        assert do(CALL_OFF, clock.now())
    db.session.expire_all()
    assert meeting.is_cancelled
    assert not over.is_cancelled
    assert not theirs.is_cancelled
    db.session.commit()
    tell(app)
    heard = told("parent_meeting_left_behind")
    assert {cast.guardian.id, cast.guardian_of_two.id, cast.foster_parent.id} <= heard
    assert cast.newcomer.id not in heard, "it was no meeting of theirs"
    assert told("parent_meeting_cancelled") == set()
    page = client_of(cast.guardian).get("/notifications/").text
    assert "forældremødet i den gamle klasse" in page
    assert db.session.query(Act).filter_by(kind="parent_meeting_left_behind").count() == 1


def test_a_child_that_left_long_before_the_class_did_is_told_nothing(app: Flask, cast: Cast) -> None:
    other = make.make_class("3.B", 3)
    early = make.make_pupil(other, "Bjørn")
    make.tie(cast.newcomer, early)
    ago = clock.today() - timedelta(days=60)
    make.enrol(early, cast.third, starts_on=ago - timedelta(days=30), ends_on=ago)
    make.make_parent_meeting(cast.third)
    go_over(cast, other)
    assert do(CALL_OFF, clock.now())
    db.session.commit()
    tell(app)
    assert cast.newcomer.id not in told("parent_meeting_left_behind") != set()


def held(cast: Cast, **values: Any) -> ParentMeeting:
    meeting = make.make_parent_meeting(cast.third, in_days=-3, **values)
    db.session.commit()
    return meeting


def test_one_press_notes_the_version_that_was_out_when_it_was_held(cast: Cast, client_of: ClientOf) -> None:
    make.make_material(cast.leader, "- Første")
    make.make_material(cast.leader, "- Sidste", number=2, published_at=clock.now() - timedelta(days=1))
    meeting = held(cast)
    team = client_of(cast.class_teacher)
    page = team.get(at(meeting)).text
    assert "Første" in page
    assert "Sidste" not in page, "it came after the meeting"
    for _ in range(2):
        assert team.send(at(meeting, "/shown")).status_code == 303
    meeting = the_meeting()
    assert (meeting.shown_on, meeting.material and meeting.material.number) == (date(2026, 11, 20), 1)
    assert meeting.version == 2, "twice is once"
    (third, sixth) = list_everywhere(2026, now=clock.now())
    assert (third.shown_number, third.shown_on, sixth.shown_number) == (1, date(2026, 11, 20), 0)
    team.send(at(meeting, "/not-shown"))
    assert the_meeting().shown_on is None


def test_nothing_is_noted_before_the_meeting_nor_without_material(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    meeting = held(cast)
    assert team.send(at(meeting, "/shown")).status_code == 422, "no material"
    make.make_material(cast.leader)
    meeting.starts_at += timedelta(days=9)
    meeting.ends_at += timedelta(days=9)
    db.session.commit()
    assert team.send(at(meeting, "/shown")).status_code == 422, "not yet"
    meeting.starts_at -= timedelta(days=9)
    meeting.ends_at -= timedelta(days=9)
    meeting.cancelled_at = clock.now()
    db.session.commit()
    assert team.send(at(meeting, "/shown")).status_code == 422, "called off"


def test_last_years_material_is_not_this_years(cast: Cast, client_of: ClientOf) -> None:
    make.make_material(cast.leader, school_year=2025, published_at=datetime(2025, 9, 1, 10, tzinfo=clock.SCHOOL_ZONE))
    meeting = held(cast)
    assert client_of(cast.class_teacher).send(at(meeting, "/shown")).status_code == 422


def test_the_leadership_sees_each_class_and_each_year(cast: Cast, client_of: ClientOf) -> None:
    make.make_material(cast.leader, school_year=2025)
    db.session.commit()
    leader = client_of(cast.leader)
    assert "2025/26" in leader.get("/parent-meetings/").text
    assert leader.get("/parent-meetings/?year=2025").status_code == 200
    assert leader.get("/parent-meetings/?year=99999").status_code == 200, "a year that never was is this one"


def test_a_parent_of_the_year_sees_when_another_class_has_something_and_not_what(
    cast: Cast, client_of: ClientOf
) -> None:
    other = make.make_class("3.B", 3)
    make.make_pupil(other, "Bo")
    make.make_year_parent(cast.guardian_of_two, cast.third)
    make.make_event(other, cast.class_teacher, title="Bos store fest")
    elsewhere = make.make_parent_meeting(other)
    db.session.commit()
    page = client_of(cast.guardian_of_two).get(f"/year-groups/{make.year_of(cast.third)}").text
    assert "3.B har noget for" in page
    assert "Bos store fest" not in page
    assert "Forældremøde i 3.B" in page
    assert at(elsewhere) not in page
    assert "Aflyst" not in page
    elsewhere.cancelled_at = clock.now()
    db.session.commit()
    off = client_of(cast.guardian_of_two).get(f"/year-groups/{make.year_of(cast.third)}").text
    assert "Aflyst" in off, "the day is free again"
    assert "Amina" in page, "the parents of the year"
    assert client_of(cast.guardian).get(f"/year-groups/{make.year_of(cast.third)}").status_code in (403, 404)
