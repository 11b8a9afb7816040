"""A published round as homes meet it: their own child's group alone, its day, its place, and what is deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.protection import Protection
from portal.acts.services import REST
from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playgroups.models import MeetingPlace, Playgroup, PlaygroupMember, PlaygroupPlan
from portal.school.models import Enrolment, Guardianship
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move


@pytest.fixture
def plan(cast: Cast) -> PlaygroupPlan:
    """Alma, Noah and Bo at Mette's; Otto, Ask and Liv at the school. The second round is a draft."""
    bo, ask, liv = (make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv"))
    first = [[cast.alma, cast.noah, bo], [cast.otto, ask, liv]]
    second = [[cast.alma, cast.otto, ask], [cast.noah, bo, liv]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, first, second)
    make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    return plan


def meeting(group: Playgroup, **changes: str) -> dict[str, str]:
    usual = {"day": "2026-11-26", "begins": "15:00", "ends": "17:00", "place": "home", "address": "Skolevej 3"}
    return usual | {"version": str(group.version)} | changes


def arrange(browser: IsolatedClient, group: Playgroup, **changes: str) -> int:
    return browser.send(f"/playgroups/rounds/groups/{group.id}/meeting", meeting(group, **changes)).status_code


def own(browser: IsolatedClient, cast: Cast) -> str:
    page = browser.get(f"/playgroups/rounds/classes/{cast.third.id}")
    assert page.status_code == 200
    return page.text.split("<main")[1].split("</main>")[0]


def told(app: Flask) -> set[int]:
    db.session.commit()
    Worker(app).tell_some()
    lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
    return {line.user_id for line in lines}


def test_a_home_sees_its_own_childs_group_and_no_draft(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    mette, amina = own(client_of(cast.guardian), cast), own(client_of(cast.guardian_of_two), cast)
    assert "Alma er sammen med Bo, Noah" in mette
    assert "Hjemme hos jer" in mette
    assert "Ask" not in mette and "Liv" not in mette  # noqa: PT018 - one thing
    assert "Otto er sammen med Ask, Liv" in amina
    assert "Alma" not in amina
    assert "På skolen" in amina


def test_before_anything_is_published_the_plan_is_not_ready(cast: Cast, client_of: ClientOf) -> None:
    assert "Planen er ikke klar endnu" in own(client_of(cast.guardian), cast)
    make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.otto, cast.noah]], published=0)
    assert "Planen er ikke klar endnu" in own(client_of(cast.guardian), cast)


def test_who_has_left_is_in_nobodys_group_any_more(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    yesterday = clock.today() - timedelta(days=1)
    db.session.query(Enrolment).filter_by(pupil_id=cast.noah.id).one().ends_on = yesterday
    assert "Alma er sammen med Bo" in own(client_of(cast.guardian), cast)
    assert "Noah" not in own(client_of(cast.guardian), cast)
    assert client_of(cast.foster_parent).get(f"/playgroups/rounds/classes/{cast.third.id}").status_code == 404


def test_a_hidden_name_is_shown_by_its_alias(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    cast.noah.protection, cast.noah.alias = Protection.NAME, "Ørn"
    mette = client_of(cast.guardian)
    assert "Alma er sammen med Bo, Ørn" in own(mette, cast)
    text = mette.get(f"/playgroups/rounds/groups/{make.groups_of(plan, 1)[0].id}/aula-text").text
    assert "Ørn" not in text.split("<textarea")[1]
    assert "Noah" not in text


def test_the_host_chooses_and_the_group_is_told(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    group = make.groups_of(plan, 1)[0]
    mette = client_of(cast.guardian)
    assert arrange(mette, group) == 303
    assert arrange(mette, group, begins="14:30") == 303
    wall_clock(REST + timedelta(minutes=1))
    assert told(app) == {cast.other_home.id, cast.foster_parent.id}  # once, and not those who did it
    ole = own(client_of(cast.foster_parent), cast)
    assert "Torsdag 26. november kl." in ole
    assert "Hjemme hos Alma: Skolevej 3" in ole
    assert "Skolevej" not in own(client_of(cast.guardian_of_two), cast)


def test_nobody_but_the_host_chooses_for_a_home(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    at_home, at_school = make.groups_of(plan, 1)
    assert arrange(client_of(cast.foster_parent), at_home) == 403
    assert arrange(client_of(cast.other_home), at_home) == 403  # the child's other home does not host
    for name in ("guardian_of_two", "class_teacher", "helper", "leader", "guardian_elsewhere"):
        assert arrange(client_of(cast.users[name]), at_home) in {403, 404}, name
    amina = client_of(cast.guardian_of_two)
    assert arrange(amina, at_school) == 422  # "home", and nobody hosts
    assert arrange(amina, at_school, place="playground", address="") == 303
    assert db.session.get_one(Playgroup, at_school.id).place == MeetingPlace.PLAYGROUND


def test_whoever_lives_with_the_host_chooses_as_well(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    make.live_together(cast.guardian, cast.other_home)
    assert arrange(client_of(cast.other_home), make.groups_of(plan, 1)[0]) == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-11-22"},
        {"day": "2026-12-07"},
        {"day": "x"},
        {"begins": "17:00"},
        {"ends": "14:00"},
        {"day": "2026-11-23", "begins": "08:00", "ends": "09:00"},
        {"place": "moon"},
        {"place": "school"},
        {"address": "x" * 121},
    ],
)
def test_a_day_outside_the_round_or_over_is_refused(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wrong: dict[str, str]
) -> None:
    group = make.groups_of(plan, 1)[0]
    assert arrange(client_of(cast.guardian), group, **wrong) == 422
    assert db.session.get_one(Playgroup, group.id).starts_at is None


def test_a_draft_is_no_group_yet(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    draft = make.groups_of(plan, 2)[0]
    assert arrange(client_of(cast.guardian), draft) == 404
    assert client_of(cast.guardian).get(f"/playgroups/rounds/groups/{draft.id}/aula-text").status_code == 404


def test_of_two_who_choose_the_second_sees_both(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    group = make.groups_of(plan, 1)[0]
    mette, seen = client_of(cast.guardian), str(group.version)
    assert arrange(mette, group) == 303
    assert arrange(mette, group, day="2026-11-27", version=seen) == 409


def test_homes_say_whether_they_come_and_another_day_asks_anew(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    group = make.groups_of(plan, 1)[0]
    mette, ole = client_of(cast.guardian), client_of(cast.foster_parent)
    arrange(mette, group)
    assert ole.send(f"/playgroups/rounds/groups/{group.id}/coming/mark", {"version": group.version}).status_code == 303
    assert "Kommer: Noah" in own(mette, cast)
    assert (
        ole.send(f"/playgroups/rounds/groups/{group.id}/coming/unmark", {"version": group.version}).status_code == 303
    )
    assert "Kan ikke: Noah" in own(mette, cast)
    arrange(mette, db.session.get_one(Playgroup, group.id), day="2026-11-27")
    said = {row.pupil_id: row.comes for row in db.session.query(PlaygroupMember).filter_by(group_id=group.id)}
    assert said[cast.noah.id] is None
    assert said[cast.alma.id] is True
    for name in ("guardian_of_two", "class_teacher", "helper"):
        answer = client_of(cast.users[name]).send(
            f"/playgroups/rounds/groups/{group.id}/coming/mark", {"version": group.version}
        )
        assert answer.status_code in {403, 404}, name


def test_an_address_is_shown_until_its_day_and_deleted_the_day_after(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    group = make.groups_of(plan, 1)[0]
    arrange(client_of(cast.guardian), group)
    wall_clock(timedelta(days=3, hours=10))  # that evening
    Worker(app).do_chores()
    assert db.session.get_one(Playgroup, group.id).address == "Skolevej 3"
    wall_clock(timedelta(hours=3))
    assert "Skolevej" not in own(client_of(cast.foster_parent), cast)
    Worker(app).do_chores()
    assert db.session.get_one(Playgroup, group.id).address == ""


def test_a_home_that_has_come_under_protection_hosts_no_more(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    group = make.groups_of(plan, 1)[0]
    mette = client_of(cast.guardian)
    arrange(mette, group)
    cast.guardian.protection = Protection.ADDRESS
    ole = own(client_of(cast.foster_parent), cast)
    assert "Skolevej" not in ole
    assert "Hjemme hos Alma" not in ole
    assert arrange(mette, db.session.get_one(Playgroup, group.id)) == 422


@pytest.mark.parametrize("gone", ["access", "custody", "place"])
def test_whoever_has_no_child_in_the_class_any_more_hosts_no_more(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, gone: str
) -> None:
    """What the group reads and what that home may do are one and the same condition."""
    group = make.groups_of(plan, 1)[0]
    arrange(client_of(cast.guardian), group)
    ole = client_of(cast.foster_parent)
    assert "Hjemme hos Alma: Skolevej 3" in own(ole, cast)
    yesterday = clock.today() - timedelta(days=1)
    if gone == "access":
        make.close_access(cast.guardian, cast.alma, cast.leader)
    elif gone == "custody":
        tie = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id, pupil_id=cast.alma.id).one()
        tie.ends_on = yesterday
    else:
        db.session.query(Enrolment).filter_by(pupil_id=cast.alma.id).one().ends_on = yesterday
    assert "Skolevej" not in own(ole, cast)
    assert "Hjemme hos" not in own(ole, cast)
    team = client_of(cast.class_teacher).get(f"/playgroups/classes/{cast.third.id}").text
    assert "Hjemme hos Alma" not in team.split("<main")[1]
    assert arrange(ole, db.session.get_one(Playgroup, group.id), place="school", address="") == 303


def test_the_text_for_aula_says_who_and_when_and_never_where(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    group = make.groups_of(plan, 1)[0]
    mette = client_of(cast.guardian)
    arrange(mette, group)
    text = mette.get(f"/playgroups/rounds/groups/{group.id}/aula-text").text.split("<textarea")[1]
    assert "Alma, Bo, Noah" in text
    assert "Torsdag 26. november" in text
    assert "Skolevej" not in text
    assert "Hvor det er, står i portalen" in text


def test_a_plan_is_forgotten_when_its_school_year_is_over(
    app: Flask, cast: Cast, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    db.session.commit()
    wall_clock(timedelta(days=200))
    Worker(app).do_chores()
    assert db.session.query(PlaygroupPlan).count() == 1
    wall_clock(timedelta(days=60))  # August
    Worker(app).do_chores()
    assert db.session.query(PlaygroupPlan).count() == 0
    assert db.session.query(Playgroup).count() == 0
    assert db.session.query(PlaygroupMember).count() == 0
