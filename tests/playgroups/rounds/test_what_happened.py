"""What happened counts: held or not, who was missing, by one press; and the next plan goes by it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal.acts.services import REST
from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playgroups.models import Playgroup, PlaygroupMember, PlaygroupPlan
from portal.playgroups.planner.reach import met_pairs
from portal.playgroups.queries import list_class_rounds
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.playgroups.draft.test_publishing import again, round_of
from tests.playgroups.test_planning import seated


@pytest.fixture
def plan(cast: Cast) -> PlaygroupPlan:
    """Alma, Noah and Bo at Mette's; Otto, Ask and Liv at the school; then two drafts."""
    bo, ask, liv = (make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv"))
    first = [[cast.alma, cast.noah, bo], [cast.otto, ask, liv]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, first, first, first)
    make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    db.session.commit()
    return plan


def record(browser: IsolatedClient, group: Playgroup, *absent: int, **form: str) -> int:
    path = f"/playgroups/rounds/groups/{group.id}/record"
    return browser.send(path, {"absent": [str(pupil_id) for pupil_id in absent]} | form).status_code


def met(cast: Cast) -> set[frozenset[int]]:
    rounds = list_class_rounds(cast.third.id, today=clock.today())
    return {frozenset(pair) for pair in met_pairs(rounds, clock.today())}


def test_one_press_says_that_all_were_there(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(timedelta(days=14))
    mette, group = client_of(cast.guardian), make.groups_of(plan, 1)[0]
    assert "Ja, vi var sammen" in mette.get(f"/playgroups/rounds/classes/{cast.third.id}").text
    assert record(mette, group) == 303
    assert frozenset({cast.alma.id, cast.noah.id}) in met(cast)
    assert "Ja, vi var sammen" not in mette.get(f"/playgroups/rounds/classes/{cast.third.id}").text


def test_one_press_is_not_offered_where_a_home_has_said_no(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    """A child whose home has said no is not made present by a press that names nobody."""
    group = make.groups_of(plan, 1)[0]
    client_of(cast.foster_parent).send(
        f"/playgroups/rounds/groups/{group.id}/coming/unmark", {"version": group.version}
    )
    wall_clock(timedelta(days=14))
    mette = client_of(cast.guardian)
    page = mette.get(f"/playgroups/rounds/classes/{cast.third.id}").text
    assert "Ja, vi var sammen" not in page
    assert "Sig, hvem der var med" in page
    form = mette.get(f"/playgroups/rounds/groups/{group.id}/record").text
    checked = re.findall(r"<input[^>]*checked[^>]*>", form)
    assert [f'value="{cast.noah.id}"' in one for one in checked] == [True]


def test_who_was_not_there_has_not_met(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    group = make.groups_of(plan, 1)[0]
    assert record(client_of(cast.guardian), group, cast.noah.id) == 303
    assert [pair for pair in met(cast) if cast.noah.id in pair] == []
    assert len(met(cast)) == 1
    assert record(client_of(cast.class_teacher), group, not_held="1") == 303  # the later word counts
    assert met(cast) == set()


def test_what_nobody_has_said_counts_as_planned_without_those_who_could_not(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    group = make.groups_of(plan, 1)[0]
    client_of(cast.foster_parent).send(
        f"/playgroups/rounds/groups/{group.id}/coming/unmark", {"version": group.version}
    )
    assert met(cast) == set()  # not over yet
    wall_clock(timedelta(days=14))
    assert len(met(cast)) == 1 + 3
    assert [pair for pair in met(cast) if cast.noah.id in pair] == []


def test_only_the_host_and_the_team_say_it(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    at_home, at_school = make.groups_of(plan, 1)
    for name in ("other_home", "foster_parent", "guardian_of_two", "helper", "leader", "guardian_elsewhere"):
        assert record(client_of(cast.users[name]), at_home) in {403, 404}, name
    assert db.session.get_one(Playgroup, at_home.id).took_place is None
    assert record(client_of(cast.guardian_of_two), at_school) == 422  # one home would end it for all
    wall_clock(timedelta(days=14))
    assert record(client_of(cast.guardian_of_two), at_school) == 303  # nobody hosts: any home of the group
    assert record(client_of(cast.pedagogue), at_home) == 303


def test_it_is_not_said_before_its_day(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan) -> None:
    group = make.groups_of(plan, 1)[0]
    group.starts_at = clock.now() + timedelta(days=2)
    group.ends_at = group.starts_at + timedelta(hours=2)
    assert record(client_of(cast.guardian), group) == 422
    assert record(client_of(cast.guardian), group, cast.otto.id) == 422  # and not of a child of another group
    assert record(client_of(cast.guardian), make.groups_of(plan, 2)[0]) == 404


def test_after_an_absence_the_new_plan_brings_those_together_first_who_have_not_met(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan
) -> None:
    """Otto was ill: he and the two he missed are unmet, and the next two rounds can bring everybody together."""
    at_school = make.groups_of(plan, 1)[1]
    ask, liv = (
        row.pupil_id
        for row in db.session.query(PlaygroupMember).filter_by(group_id=at_school.id)
        if row.pupil_id != cast.otto.id
    )
    teacher = client_of(cast.class_teacher)
    assert record(teacher, at_school, cast.otto.id) == 303
    before = seated()
    assert again(teacher, plan) == 303
    after = seated()
    assert after[1] == before[1]  # what was stays
    missed = {frozenset({cast.otto.id, other}) for other in (ask, liv)}
    together = {
        frozenset((one, other)) for number in (2, 3) for group in after[number] for one in group for other in group
    }
    assert missed & together
    assert not round_of(plan, 2).is_published


def test_a_newcomer_joins_a_published_round_and_the_group_is_told(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    ida = make.make_pupil(cast.third, "Ida")
    iben = make.make_guardian(ida, "Iben")
    teacher, group = client_of(cast.class_teacher), make.groups_of(plan, 1)[0]
    before = seated()
    assert "ikke med i alle kommende runder: Ida" in teacher.get(f"/playgroups/classes/{cast.third.id}").text
    page = teacher.get(f"/playgroups/draft/rounds/{round_of(plan, 1).id}?child={ida.id}").text
    assert "Flyt hertil: 3 par flere" in page
    form = {
        "child": ida.id,
        "group": group.id,
        "swap": 0,
        "version": db.session.get_one(PlaygroupPlan, plan.id).version,
    }
    move = f"/playgroups/draft/rounds/{round_of(plan, 1).id}/children/move"
    assert teacher.send(move, form).status_code == 303
    after = seated()
    assert [one - {ida.id} for one in after[1]] == before[1]
    wall_clock(REST + timedelta(minutes=1))
    db.session.commit()
    Worker(app).tell_some()
    lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
    told = {cast.guardian.id, cast.other_home.id, cast.foster_parent.id, iben.id}
    assert {line.user_id for line in lines} == told
    assert again(teacher, plan, keeps_groups="1") == 303
    assert all(ida.id in {pupil for group in groups for pupil in group} for groups in seated().values())
