"""Publishing round by round: nobody is left out, homes are told once, and a new draft never shows by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playgroups.models import MeetingPlace, PlaygroupAbstention, PlaygroupPlan, PlaygroupRound
from portal.school.models import Enrolment
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.playgroups.test_planning import pupils_of, seated


@pytest.fixture
def plan(cast: Cast) -> PlaygroupPlan:
    """Three rounds of three and three, all of them drafts."""
    others = [make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv")]
    own = [cast.alma, cast.noah, cast.otto]
    mixed = [[cast.alma, cast.noah, others[0]], [cast.otto, *others[1:]]]
    return make.make_playgroups(cast.third, cast.class_teacher, [own, others], mixed, mixed, published=0)


def round_of(plan: PlaygroupPlan, number: int) -> PlaygroupRound:
    return db.session.query(PlaygroupRound).filter_by(plan_id=plan.id, number=number).one()


def publish(browser: IsolatedClient, plan: PlaygroupPlan, number: int) -> int:
    form = {"version": str(db.session.get_one(PlaygroupPlan, plan.id).version)}
    return browser.send(f"/playgroups/draft/rounds/{round_of(plan, number).id}/publish", form).status_code


def again(browser: IsolatedClient, plan: PlaygroupPlan, **more: str) -> int:
    form = {"version": str(db.session.get_one(PlaygroupPlan, plan.id).version)} | more
    return browser.send(f"/playgroups/draft/classes/{plan.class_id}/make", form).status_code


def test_rounds_are_published_in_their_order_and_once(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    teacher = client_of(cast.class_teacher)
    assert publish(teacher, plan, 2) == 422
    assert publish(teacher, plan, 1) == 303
    assert publish(teacher, plan, 1) == 422
    db.session.commit()
    Worker(app).tell_some()
    lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
    homes = ("guardian", "other_home", "guardian_of_two", "foster_parent")
    assert {line.user_id for line in lines} == {cast.users[name].id for name in homes}
    assert client_of(cast.guardian).get("/notifications/").text.count("En ny gruppe til Alma, 3.A") == 1
    assert publish(teacher, plan, 2) == 303


def test_only_the_team_publishes(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    for name in sorted(cast.users.keys() - {"class_teacher", "pedagogue", "substitute"}):
        assert publish(client_of(cast.users[name]), plan, 1) == 404, name
        assert again(client_of(cast.users[name]), plan) in {403, 404}, name
    assert not round_of(plan, 1).is_published


def test_a_round_without_somebody_of_the_class_is_not_published(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    teacher = client_of(cast.class_teacher)
    ida = make.make_pupil(cast.third, "Ida")
    assert publish(teacher, plan, 1) == 422
    assert "ikke med i alle kommende runder: Ida" in " ".join(
        teacher.get(f"/playgroups/classes/{cast.third.id}").text.split()
    )
    assert again(teacher, plan, keeps_groups="1") == 303
    assert publish(teacher, plan, 1) == 303
    assert ida.id in {pupil_id for group in seated()[1] for pupil_id in group}


def test_a_round_with_somebody_who_takes_no_part_is_not_published(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    db.session.add(PlaygroupAbstention(pupil_id=cast.alma.id, class_id=cast.third.id))
    assert publish(client_of(cast.class_teacher), plan, 1) == 422
    assert not round_of(plan, 1).is_published


def test_no_child_is_left_alone_by_one_who_leaves(cast: Cast, client_of: ClientOf) -> None:
    """Who has left is missing in the class and in the draft alike: the group that is left is too small."""
    bo, ask = (make.make_pupil(cast.third, name) for name in ("Bo", "Ask"))
    groups = [[cast.alma, cast.noah], [cast.otto, bo, ask]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, groups, groups, published=0)
    teacher = client_of(cast.class_teacher)
    db.session.query(Enrolment).filter_by(pupil_id=cast.noah.id).one().ends_on = clock.today() - timedelta(days=1)
    assert publish(teacher, plan, 1) == 422
    assert not round_of(plan, 1).is_published
    assert again(teacher, plan, keeps_groups="1") == 303
    assert publish(teacher, plan, 1) == 303
    assert {len(group) for group in seated()[1]} <= {2, 3, 4, 5}


def test_rounds_that_no_longer_fit_are_not_dropped_without_a_word(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(timedelta(days=165))  # May
    groups = [[cast.alma, cast.noah, cast.otto]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, *[groups] * 4, published=0)
    db.session.commit()
    wall_clock(timedelta(days=20))
    teacher = client_of(cast.class_teacher)
    form = {"version": str(plan.version)}
    said = teacher.send(f"/playgroups/draft/classes/{cast.third.id}/make", form)
    assert said.status_code == 422
    assert "af runderne når I før sommerferien" in said.text
    assert len(seated()) == 4


def test_a_round_whose_days_are_over_is_not_published(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(timedelta(days=15))
    teacher = client_of(cast.class_teacher)
    assert publish(teacher, plan, 1) == 422
    assert again(teacher, plan) == 303
    assert round_of(plan, 1).starts_on > clock.today()
    assert publish(teacher, plan, 1) == 303


def test_whoever_cannot_host_any_more_does_not(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    at_mettes, at_olines = make.groups_of(plan, 1)[0], make.groups_of(plan, 1)[1]
    make.host(at_mettes, cast.guardian, cast.alma)
    make.can_host(cast.guardian, cast.third, can_host=False)
    assert publish(client_of(cast.class_teacher), plan, 1) == 303
    first, _ = make.groups_of(plan, 1)
    assert (first.host_id, first.host_pupil_id, first.place) == (None, None, MeetingPlace.SCHOOL)
    assert at_olines.host_id is None


def test_a_new_plan_is_a_draft_and_leaves_what_homes_know(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    teacher = client_of(cast.class_teacher)
    publish(teacher, plan, 1)
    before = seated()
    assert again(teacher, plan) == 303
    after = seated()
    assert after[1] == before[1]
    assert [round_of(plan, number).is_published for number in (1, 2, 3)] == [True, False, False]
    for groups in after.values():
        assert sorted(pupil for group in groups for pupil in group) == sorted(pupils_of(cast.third))
    # those come first who have not been together: nobody sits with all of their first group again
    assert all(group not in before[1] for group in after[2])


def test_a_newcomer_joins_a_leaver_leaves_and_nobody_else_moves(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    teacher = client_of(cast.class_teacher)
    before = seated()
    ida = make.make_pupil(cast.third, "Ida")
    assert again(teacher, plan, keeps_groups="1") == 303
    after = seated()
    for number, groups in after.items():
        assert [group - {ida.id} for group in sorted(groups, key=min)] == sorted(before[number], key=min)
        assert sum(ida.id in group for group in groups) == 1


def test_of_two_who_plan_anew_at_once_the_second_is_told(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    teacher, seen = client_of(cast.class_teacher), str(plan.version)
    assert again(teacher, plan) == 303
    assert again(client_of(cast.pedagogue), plan, version=seen) == 409
    assert again(client_of(cast.pedagogue), plan, version="") == 409


def test_when_every_round_is_published_nothing_is_left_to_plan(cast: Cast, client_of: ClientOf) -> None:
    everybody = [cast.alma, cast.noah, cast.otto]
    plan = make.make_playgroups(cast.third, cast.class_teacher, [everybody])
    assert again(client_of(cast.class_teacher), plan) == 422
