"""A draft by hand: two presses without a script, what it costs is said first, and nothing that must hold is undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal.acts.services import REST
from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playgroups.models import Manner, MeetingPlace, PlaygroupMember, PlaygroupPlan
from portal.playgroups.parted.models import PartedPair
from portal.school.models import Enrolment, Pupil
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.playgroups.draft.test_publishing import again, publish, round_of
from tests.playgroups.test_planning import seated


@pytest.fixture
def others(cast: Cast) -> list[Pupil]:
    return [make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv", "Ida", "Kai")]


@pytest.fixture
def plan(cast: Cast, others: list[Pupil]) -> PlaygroupPlan:
    """Alma, Noah, Otto and Bo; Ask, Liv, Ida and Kai: the same groups in both rounds, all drafts."""
    first, second = [cast.alma, cast.noah, cast.otto, others[0]], others[1:]
    return make.make_playgroups(
        cast.third, cast.class_teacher, [first, second], [first, second], published=0, smallest=3
    )


def move(browser: IsolatedClient, plan: PlaygroupPlan, child: Pupil, group: int, swap: int = 0, **more: str) -> int:
    version = db.session.get_one(PlaygroupPlan, plan.id).version
    form = {"child": child.id, "group": group, "swap": swap, "version": str(version)} | more
    return browser.send(f"/playgroups/draft/rounds/{round_of(plan, 1).id}/children/move", form).status_code


def apart(cast: Cast, one: Pupil, other: Pupil) -> None:
    first, second = sorted((one.id, other.id))
    until = clock.today() + timedelta(days=90)
    db.session.add(
        PartedPair(class_id=cast.third.id, one_id=first, other_id=second, until=until, asked_on=clock.today())
    )
    db.session.flush()


def test_two_presses_move_a_child_and_the_cost_is_said_before(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    teacher, round_id = client_of(cast.class_teacher), round_of(plan, 1).id
    page = teacher.get(f"/playgroups/draft/rounds/{round_id}").text
    (link,) = re.findall(rf'href="([^"]+child={cast.alma.id}#in-hand)"', page)
    page = teacher.get(link).text
    # Alma beside four others she has not been with, and away from none for good: they meet in round two
    assert "Flyt hertil: 4 par flere" in page
    assert "Byt med Ask: 6 par flere" in page
    target = make.groups_of(plan, 1)[1]
    assert move(teacher, plan, cast.alma, target.id) == 303
    assert {cast.alma.id, *(other.id for other in others[1:])} in seated()[1]
    assert cast.alma.id not in next(group for group in seated()[1] if cast.noah.id in group)
    assert db.session.query(PlaygroupMember).filter_by(is_held=True).count() == 1


def test_two_change_places(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]) -> None:
    target = make.groups_of(plan, 1)[1]
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id, others[1].id) == 303
    assert {cast.noah.id, cast.otto.id, others[0].id, others[1].id} in seated()[1]


def test_what_is_held_stays_when_the_rest_is_planned_anew(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    teacher = client_of(cast.class_teacher)
    for child in (cast.alma, cast.noah):
        form = {
            "child": str(child.id),
            "is_held": "1",
            "version": str(db.session.get_one(PlaygroupPlan, plan.id).version),
        }
        assert teacher.send(f"/playgroups/draft/rounds/{round_of(plan, 1).id}/children/mark", form).status_code == 303
    for _ in range(3):
        assert again(teacher, plan) == 303
        assert any({cast.alma.id, cast.noah.id} <= group for group in seated()[1])
        held = {row.pupil_id for row in db.session.query(PlaygroupMember).filter_by(is_held=True)}
        assert held == {cast.alma.id, cast.noah.id}


def test_groups_keep_their_sizes(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    plan.largest = 4
    before = seated()
    assert move(client_of(cast.class_teacher), plan, cast.alma, make.groups_of(plan, 1)[1].id) == 422
    assert seated() == before


def test_a_move_names_what_is_there(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]) -> None:
    teacher, (own, target) = client_of(cast.class_teacher), make.groups_of(plan, 1)
    before = seated()
    assert move(teacher, plan, cast.viggo, target.id) == 422
    assert move(teacher, plan, cast.alma, own.id) == 409
    assert move(teacher, plan, cast.alma, make.groups_of(plan, 2)[1].id) == 422
    assert move(teacher, plan, cast.alma, target.id, cast.noah.id) == 409
    assert move(teacher, plan, cast.alma, target.id, version="0") == 409
    for name in sorted(cast.users.keys() - {"class_teacher", "pedagogue", "substitute"}):
        assert move(client_of(cast.users[name]), plan, cast.alma, target.id) == 404, name
    assert seated() == before


def test_in_a_visiting_plan_all_drafts_of_a_grouping_change(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    plan.manner = Manner.VISITING
    round_of(plan, 2).grouping = 1
    assert move(client_of(cast.class_teacher), plan, cast.alma, make.groups_of(plan, 1)[1].id) == 303
    assert seated()[1] == seated()[2]


def test_those_kept_apart_are_not_moved_together(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    apart(cast, cast.alma, others[1])
    teacher = client_of(cast.class_teacher)
    page = teacher.get(f"/playgroups/draft/rounds/{round_of(plan, 1).id}?child={cast.alma.id}").text
    assert "Flyt hertil" not in page
    assert "Byt med Ask" in page
    assert move(teacher, plan, cast.alma, make.groups_of(plan, 1)[1].id) == 422


def test_whose_host_moves_meets_elsewhere(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    own, target = make.groups_of(plan, 1)
    make.host(own, cast.guardian, cast.alma)
    own.address = "Skolevej 3"
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id) == 303
    left = make.groups_of(plan, 1)[0]
    assert (left.host_id, left.address) == (None, "")


def test_a_draft_whose_host_moves_finds_another_who_hosts_least(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    own, target = make.groups_of(plan, 1)
    make.host(own, cast.guardian, cast.alma)
    make.host(make.groups_of(plan, 2)[0], cast.guardian_of_two, cast.otto)
    for guardian in (cast.guardian, cast.guardian_of_two):
        make.can_host(guardian, cast.third)
    bos_mother = make.make_guardian(others[0])
    make.can_host(bos_mother, cast.third)
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id) == 303
    left, grown = make.groups_of(plan, 1)
    assert (left.host_id, left.host_pupil_id, left.place) == (bos_mother.id, others[0].id, MeetingPlace.HOME)
    assert grown.host_id == cast.guardian.id, "where they have come to, nobody hosted yet"


def test_a_home_that_has_not_the_room_for_one_more_hosts_no_longer(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    target = make.groups_of(plan, 1)[1]
    asks_father = make.make_guardian(others[1])
    make.can_host(asks_father, cast.third, 4)
    make.host(target, asks_father, others[1])
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id) == 303
    assert make.groups_of(plan, 1)[1].place == MeetingPlace.SCHOOL


def test_in_a_published_round_the_homes_say_where_they_meet(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    own, target = make.groups_of(plan, 1)
    make.host(own, cast.guardian, cast.alma)
    make.can_host(make.make_guardian(others[0]), cast.third)
    round_of(plan, 1).published_at = clock.now()
    db.session.commit()
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id) == 303
    assert make.groups_of(plan, 1)[0].host_id is None


@pytest.mark.parametrize("already", ["recorded", "by its hours"])
def test_a_group_that_has_met_is_not_changed_and_the_others_of_its_round_are(
    cast: Cast, client_of: ClientOf, others: list[Pupil], already: str
) -> None:
    bo, ask, liv, ida, kai = others
    plan = make.make_playgroups(
        cast.third, cast.class_teacher, [[cast.alma, cast.noah, bo], [cast.otto, ask], [liv, ida, kai]]
    )
    has_met, second, third = make.groups_of(plan, 1)
    if already == "recorded":
        has_met.took_place = True
    else:
        has_met.starts_at, has_met.ends_at = clock.now() - timedelta(hours=2), clock.now() - timedelta(minutes=1)
    teacher, before = client_of(cast.class_teacher), seated()[1]
    assert move(teacher, plan, cast.alma, second.id) == 422
    assert move(teacher, plan, liv, has_met.id) == 422
    assert move(teacher, plan, liv, has_met.id, cast.alma.id) == 422
    emil = make.make_pupil(cast.third, "Emil")
    assert move(teacher, plan, emil, has_met.id) == 422
    assert seated()[1] == before
    here = f"/playgroups/draft/rounds/{round_of(plan, 1).id}"
    page = teacher.get(f"{here}?child={liv.id}").text
    assert re.findall(r'name="group" value="(\d+)"', page).count(str(has_met.id)) == 0
    assert f"child={cast.alma.id}#" not in page
    assert "Hvor skal Alma hen?" not in teacher.get(f"{here}?child={cast.alma.id}").text
    assert move(teacher, plan, liv, second.id) == 303
    assert move(teacher, plan, emil, third.id) == 303


def test_a_visiting_plan_is_planned_anew_with_a_child_moved_by_hand(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, others: list[Pupil]
) -> None:
    """Its groups are known to the homes, and the team has since put a child into another of them."""
    plan.manner = Manner.VISITING
    round_of(plan, 2).grouping = 1
    teacher = client_of(cast.class_teacher)
    assert publish(teacher, plan, 1) == 303
    begun = seated()[1]
    moved = {"child": others[1].id, "group": make.groups_of(plan, 2)[0].id, "swap": 0}
    form = moved | {"version": str(db.session.get_one(PlaygroupPlan, plan.id).version)}
    assert teacher.send(f"/playgroups/draft/rounds/{round_of(plan, 2).id}/children/move", form).status_code == 303
    changed = [begun[0] | {others[1].id}, begun[1] - {others[1].id}]
    for more in ({}, {"keeps_groups": "1"}):
        assert again(teacher, plan, **more) == 303
        assert seated()[1] == begun
        assert sorted(seated()[2], key=len) == sorted(changed, key=len)
    assert {row.pupil_id for row in db.session.query(PlaygroupMember).filter_by(is_held=True)} == {others[1].id}


def test_a_visiting_plan_is_planned_anew_with_a_child_held_where_it_was(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    plan.manner = Manner.VISITING
    round_of(plan, 2).grouping = 1
    teacher = client_of(cast.class_teacher)
    assert publish(teacher, plan, 1) == 303
    form = {"child": cast.alma.id, "is_held": "1", "version": str(db.session.get_one(PlaygroupPlan, plan.id).version)}
    assert teacher.send(f"/playgroups/draft/rounds/{round_of(plan, 2).id}/children/mark", form).status_code == 303
    assert again(teacher, plan) == 303
    assert seated()[2] == seated()[1]


def test_what_earlier_plans_brought_together_counts_when_a_pair_is_hidden(
    cast: Cast, client_of: ClientOf, others: list[Pupil]
) -> None:
    """Four children: beside Alma and Noah five pairs, and an earlier plan has brought two of them together."""
    bo = others[0]
    for pupil in others[1:]:
        db.session.query(Enrolment).filter_by(pupil_id=pupil.id).one().ends_on = clock.today() - timedelta(days=1)
    earlier = make.make_playgroups(
        cast.third, cast.class_teacher, [[cast.alma, cast.otto], [cast.noah, bo]], ended_at=clock.now()
    )
    for group in make.groups_of(earlier, 1):
        group.took_place = True
        for row in db.session.query(PlaygroupMember).filter_by(group_id=group.id):
            row.was_there = True
    plan = make.make_playgroups(
        cast.third, cast.class_teacher, [[cast.alma, cast.otto], [cast.noah, bo]], published=0, largest=3
    )
    apart(cast, cast.alma, cast.noah)
    teacher = client_of(cast.class_teacher)
    # Otto and Bo, Alma and Bo, Noah and Otto are left: the last three that hide it
    round_id, (_, second) = round_of(plan, 1).id, make.groups_of(plan, 1)
    page = teacher.get(f"/playgroups/draft/rounds/{round_id}?child={cast.alma.id}").text
    assert re.findall(r'name="group" value="(\d+)"', page) == []
    assert move(teacher, plan, cast.alma, second.id, cast.noah.id) == 422
    assert move(teacher, plan, cast.alma, second.id, bo.id) == 422
    assert publish(teacher, plan, 1) == 303


def test_somebody_new_does_not_uncover_a_pair(cast: Cast, client_of: ClientOf) -> None:
    """Noah has been with Otto, and will be: beside the pair only Noah and Bo, Noah and Ida would be left."""
    ida, bo = make.make_pupil(cast.third, "Ida"), make.make_pupil(cast.third, "Bo")
    plan = make.make_playgroups(
        cast.third,
        cast.class_teacher,
        [[cast.alma, cast.otto, bo], [cast.noah]],
        [[cast.noah, cast.otto], [cast.alma, bo]],
        published=2,
    )
    apart(cast, cast.alma, cast.noah)
    teacher, (first, _) = client_of(cast.class_teacher), make.groups_of(plan, 1)
    page = teacher.get(f"/playgroups/draft/rounds/{round_of(plan, 1).id}?child={ida.id}").text
    before = seated()
    assert move(teacher, plan, ida, first.id) == 422
    assert str(first.id) not in re.findall(r'name="group" value="(\d+)"', page)
    assert seated() == before


def test_a_move_in_a_published_round_is_told_to_both_groups_and_to_no_third(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    bo, ask, liv = (make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv"))
    viola = make.make_guardian(liv, "Viola")
    plan = make.make_playgroups(
        cast.third,
        cast.class_teacher,
        [[cast.alma, bo, ask], [cast.otto, cast.noah], [liv, make.make_pupil(cast.third)]],
    )
    target = make.groups_of(plan, 1)[1]
    assert move(client_of(cast.class_teacher), plan, cast.alma, target.id) == 303
    wall_clock(REST + timedelta(minutes=1))
    db.session.commit()
    Worker(app).tell_some()
    lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
    told = {line.user_id for line in lines}
    assert told == {cast.users[name].id for name in ("guardian", "other_home", "guardian_of_two", "foster_parent")}
    assert viola.id not in told


def test_a_round_is_not_published_with_two_who_are_kept_apart(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    teacher = client_of(cast.class_teacher)
    apart(cast, cast.alma, cast.noah)
    assert publish(teacher, plan, 1) == 422
    assert again(teacher, plan) == 303
    for groups in seated().values():
        assert not any({cast.alma.id, cast.noah.id} <= group for group in groups)
    assert publish(teacher, plan, 1) == 303
