"""A class's plan: what is shown before it is chosen, what comes out, who may, and what is said when there is none."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.protection import Protection
from portal.database import db
from portal.playgroups import views
from portal.playgroups.drafting import Past, Wish, draft_rounds, slots_of
from portal.playgroups.homes.queries import Roll, get_roll
from portal.playgroups.models import (
    Manner,
    MeetingPlace,
    Playgroup,
    PlaygroupAbstention,
    PlaygroupMember,
    PlaygroupPlan,
    PlaygroupRound,
)
from portal.playgroups.windows import Window, beginnings, windows
from portal.school.days_off.queries import school_days
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move

MONDAY = "2026-11-30"


def fill(school_class: SchoolClass, children: int) -> list[Pupil]:
    """So many children besides the cast's, each with a guardian."""
    pupils = [make.make_pupil(school_class, f"Barn{number:02}") for number in range(children)]
    for pupil in pupils:
        make.make_guardian(pupil)
    return pupils


def plan_for(
    browser: IsolatedClient, school_class: SchoolClass, plan: str = "mixing-2", sizes: str = "3-5", **more: str
):
    form = {"plan": plan, "first_on": MONDAY, "weeks_apart": "2"} | more
    return browser.send(f"/playgroups/classes/{school_class.id}/new?sizes={sizes}", form)


def only_plan() -> PlaygroupPlan:
    return db.session.query(PlaygroupPlan).one()


def seated() -> dict[int, list[set[int]]]:
    """The groups of each round, by its number."""
    rows = db.session.execute(
        select(PlaygroupRound.number, Playgroup.id, PlaygroupMember.pupil_id)
        .join(Playgroup, Playgroup.round_id == PlaygroupRound.id)
        .join(PlaygroupMember, PlaygroupMember.group_id == Playgroup.id)
        .order_by(PlaygroupRound.number, Playgroup.number)
    )
    groups: dict[int, dict[int, set[int]]] = {}
    for number, group_id, pupil_id in rows:
        groups.setdefault(number, {}).setdefault(group_id, set()).add(pupil_id)
    return {number: list(of_round.values()) for number, of_round in groups.items()}


def pupils_of(school_class: SchoolClass) -> set[int]:
    return set(db.session.scalars(select(Enrolment.pupil_id).where(Enrolment.class_id == school_class.id)))


def test_what_each_plan_reaches_is_said_before_it_is_chosen(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 21)  # 24 with the three of the cast
    page = client_of(cast.class_teacher).get(f"/playgroups/classes/{cast.third.id}/new").text
    said = re.findall(r'value="(\w+-\d+)".*?<small>(.*?)</small>', page)
    assert dict(said)["mixing-3"] == "Alle har været sammen med mindst 11 af de 23 andre."
    assert dict(said)["mixing-6"] == "Alle har været sammen med alle."
    assert "mixing-7" not in dict(said)  # nothing is left to reach
    assert dict(said)["visiting-5"] == "Alle har været sammen med mindst 3 af de 23 andre."
    assert db.session.query(PlaygroupPlan).count() == 0


def test_a_plan_is_a_draft_in_which_everybody_sits_once_each_round(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 20)
    teacher = client_of(cast.class_teacher)
    assert plan_for(teacher, cast.third, "mixing-6").status_code == 303
    rounds = seated()
    assert len(rounds) == 6
    for groups in rounds.values():
        assert sorted(pupil for group in groups for pupil in group) == sorted(pupils_of(cast.third))
        assert {len(group) for group in groups} <= {3, 4, 5}
    page = teacher.get(f"/playgroups/classes/{cast.third.id}").text
    assert "Alle har været sammen med alle." in page
    assert "253 par. Flere kan det ikke blive." in page
    assert db.session.query(PlaygroupRound).filter(PlaygroupRound.published_at.is_not(None)).count() == 0


def test_more_is_not_possible_is_said_only_where_it_is_so(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 20)
    everybody = [db.session.get_one(Pupil, pupil_id) for pupil_id in sorted(pupils_of(cast.third))]
    groups = [everybody[place : place + 5] for place in range(0, 15, 5)] + [everybody[15:19], everybody[19:]]
    make.make_playgroups(cast.third, cast.class_teacher, groups, groups, smallest=3)
    page = client_of(cast.class_teacher).get(f"/playgroups/classes/{cast.third.id}").text
    assert "42 af de 86 par, der er mulige." in page
    assert "Flere kan det ikke blive" not in page


def test_a_group_visits_all_of_its_homes_before_it_changes(cast: Cast, client_of: ClientOf) -> None:
    pupils = fill(cast.third, 9)
    for pupil in pupils:
        make.can_host(make.make_guardian(pupil), cast.third)
    assert plan_for(client_of(cast.class_teacher), cast.third, "visiting-8", "3-4").status_code == 303
    rounds = seated()
    assert [rounds[number] == rounds[1] for number in (2, 3, 4)] == [True] * 3
    assert rounds[5] != rounds[1]
    assert all(rounds[number] == rounds[5] for number in (6, 7, 8))
    first = db.session.query(Playgroup).join(PlaygroupRound).filter(PlaygroupRound.grouping == 1)
    hosts = [group.host_pupil_id for group in first if group.host_pupil_id]
    assert len(hosts) == len(set(hosts)) == len({pupil.id for pupil in pupils})


def test_who_may_make_a_plan(cast: Cast, client_of: ClientOf) -> None:
    statuses = {name: plan_for(client_of(user), cast.third).status_code for name, user in cast.users.items()}
    assert {name for name, status in statuses.items() if status in {303, 409}} == {
        "class_teacher",
        "pedagogue",
        "substitute",
    }
    assert (statuses["leader"], statuses["helper"]) == (403, 404)


def test_representatives_make_one_when_the_team_lets_them_and_see_no_draft(cast: Cast, client_of: ClientOf) -> None:
    teacher, amina = client_of(cast.class_teacher), client_of(cast.guardian_of_two)
    assert plan_for(amina, cast.third).status_code == 403
    teacher.send(f"/playgroups/classes/{cast.third.id}/makers/choose", {"is_let": "1"})
    assert amina.send(f"/playgroups/classes/{cast.third.id}/makers/choose", {}).status_code == 403
    rounds, door = f"/playgroups/rounds/classes/{cast.third.id}", f"/playgroups/classes/{cast.third.id}/new"
    assert door in amina.get(rounds).text
    assert door not in client_of(cast.guardian).get(rounds).text
    answer = plan_for(amina, cast.third)
    assert answer.headers["Location"].endswith(f"/playgroups/rounds/classes/{cast.third.id}")
    assert amina.get(f"/playgroups/classes/{cast.third.id}").status_code == 403
    assert door not in amina.get(rounds).text  # there is one now
    assert only_plan().made_by_id == cast.guardian_of_two.id
    teacher.send(f"/playgroups/classes/{cast.third.id}/makers/choose", {})
    assert plan_for(amina, cast.third).status_code == 403


def test_why_there_is_no_plan_is_not_said_to_a_representative(cast: Cast, client_of: ClientOf) -> None:
    """Three children could be planned; that two take no part is nobody's to know."""
    client_of(cast.class_teacher).send(f"/playgroups/classes/{cast.third.id}/makers/choose", {"is_let": "1"})
    for pupil in (cast.alma, cast.noah):
        db.session.add(PlaygroupAbstention(pupil_id=pupil.id, class_id=cast.third.id))
    said = plan_for(client_of(cast.guardian_of_two), cast.third)
    assert said.status_code == 422
    assert "Vælg en anden, eller spørg klasseteamet" in said.text
    assert "1 børn" not in said.text
    assert "Kun 1 er med, og en gruppe kræver 3" in plan_for(client_of(cast.class_teacher), cast.third).text


@pytest.mark.parametrize(
    ("children", "sizes", "said"),
    [
        (2, "3-5", "kan ikke deles i grupper på 3 til 5"),
        (7, "5-5", "Grupper på 5 til 7 går op"),
        (60, "3-5", "Alle har været sammen med"),
    ],
)
def test_a_class_of_any_size_gets_a_plan_or_the_reason(
    cast: Cast, client_of: ClientOf, children: int, sizes: str, said: str
) -> None:
    small = make.make_class("2.B", 2)
    make.put_in_team(cast.class_teacher, small)
    fill(small, children)
    assert said in client_of(cast.class_teacher).get(f"/playgroups/classes/{small.id}/new?sizes={sizes}").text


def test_sizes_that_cannot_be_met_name_the_nearest_that_can(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 8)
    for number, pupil_id in enumerate(sorted(pupils_of(cast.third))):
        if number < 4:  # eleven can be planned in fives and sixes, the seven who take part cannot
            db.session.add(PlaygroupAbstention(pupil_id=pupil_id, class_id=cast.third.id))
    said = plan_for(client_of(cast.class_teacher), cast.third, "mixing-2", "5-6")
    assert said.status_code == 422
    assert "7 børn kan ikke deles i grupper på 5 til 6. Grupper på 5 til 7 går op: Vælg dem." in said.text


def test_rounds_that_do_not_fit_before_the_summer_are_refused_with_how_many_do(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(clock.now() + timedelta(days=180))  # 22 May
    first = beginnings(school_days(clock.today()), clock.today())[0]
    said = plan_for(client_of(cast.class_teacher), cast.third, "mixing-2", first_on=first.isoformat(), weeks_apart="6")
    assert said.status_code == 422
    assert "Så mange runder er der ikke plads til før sommerferien, kun 1." in said.text


def test_a_class_without_hosts_meets_at_the_school(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 9)
    plan_for(client_of(cast.class_teacher), cast.third)
    assert {group.place for group in db.session.query(Playgroup)} == {MeetingPlace.SCHOOL}


def test_one_home_hosts_once_a_round_at_most(cast: Cast, client_of: ClientOf) -> None:
    fill(cast.third, 9)
    make.can_host(cast.guardian, cast.third)
    plan_for(client_of(cast.class_teacher), cast.third, "mixing-3")
    hosted = [group for group in db.session.query(Playgroup) if group.host_id is not None]
    assert {group.host_pupil_id for group in hosted} == {cast.alma.id}
    assert len(hosted) == 3  # one in each round


def test_a_protected_home_never_hosts(cast: Cast, client_of: ClientOf) -> None:
    make.can_host(cast.guardian, cast.third)
    make.can_host(cast.foster_parent, cast.third)
    cast.foster_parent.protection = Protection.ADDRESS
    db.session.flush()
    roll = get_roll(cast.third.id, today=clock.today())
    assert [host.guardian_id for host in roll.hosts] == [cast.guardian.id]
    cast.alma.protection = Protection.ADDRESS
    db.session.flush()
    assert get_roll(cast.third.id, today=clock.today()).hosts == ()


def test_under_one_roof_the_last_word_counts(cast: Cast) -> None:
    make.live_together(cast.guardian, cast.other_home)
    make.can_host(cast.guardian, cast.third, 4)
    make.can_host(cast.other_home, cast.third, 6, said_at=clock.now() + timedelta(minutes=1))
    (host,) = get_roll(cast.third.id, today=clock.today()).hosts
    assert (host.guardian_id, host.room) == (cast.other_home.id, 6)


def test_older_classes_eat_together_and_the_oldest_have_no_groups(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.teacher_elsewhere)
    assert "Spisegrupper" in teacher.get(f"/playgroups/classes/{cast.sixth.id}").text
    assert "4 til 6 børn" in teacher.get(f"/playgroups/classes/{cast.sixth.id}/new").text
    db.session.query(ClassYear).filter_by(class_id=cast.sixth.id).update({"lowest_grade": 7, "highest_grade": 7})
    assert "Ikke i denne klasse" in teacher.get(f"/playgroups/classes/{cast.sixth.id}/new").text
    assert plan_for(teacher, cast.sixth, "mixing-2", "2-3").status_code == 200
    assert db.session.query(PlaygroupPlan).count() == 0


def test_a_class_has_one_plan_at_a_time_and_another_after_it_has_ended(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    assert plan_for(teacher, cast.third).status_code == 303
    assert plan_for(teacher, cast.third).status_code == 409
    plan = only_plan()
    end = f"/playgroups/classes/{cast.third.id}/end"
    assert teacher.send(end, {"version": str(plan.version + 1)}).status_code == 409
    assert teacher.send(end, {"version": str(plan.version)}).status_code == 303
    assert db.session.query(PlaygroupRound).count() == 0  # no draft is left behind
    assert teacher.send(end, {"version": str(plan.version)}).status_code == 422
    assert plan_for(teacher, cast.third).status_code == 303


def test_what_the_clock_stops_is_kept_as_it_is_and_says_so(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cast.third, 30)  # more than there is a stored plan for
    monkeypatch.setattr("portal.playgroups.drafting.MOST_SECONDS", -1.0)
    teacher = client_of(cast.class_teacher)
    assert plan_for(teacher, cast.third, "mixing-8", "3-4").status_code == 303
    assert only_plan().is_interrupted
    assert "Stoppet undervejs" in teacher.get(f"/playgroups/classes/{cast.third.id}").text
    for groups in seated().values():
        assert sorted(pupil for group in groups for pupil in group) == sorted(pupils_of(cast.third))


def test_the_planner_holds_nobody_up(cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it plans, somebody else writes: it reads, and only what comes out is kept under lock."""
    other, draft_rounds = client_of(cast.guardian), views.draft_rounds
    answered = []

    def plan_while_somebody_answers(*arguments, **values):
        form = {"can_host": "no", "room": "5", "takes_part": str(cast.alma.id)}
        answered.append(other.send(f"/playgroups/homes/classes/{cast.third.id}", form).status_code)
        return draft_rounds(*arguments, **values)

    monkeypatch.setattr(views, "draft_rounds", plan_while_somebody_answers)
    assert plan_for(client_of(cast.class_teacher), cast.third).status_code == 303
    assert answered == [303]


def test_what_is_chosen_is_one_of_what_is_offered(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    for wrong in (
        {"plan": "mixing-40"},
        {"plan": "mixing-x"},
        {"plan": ""},
        {"first_on": "2027-07-05"},
        {"first_on": "2026-11-24"},
        {"first_on": "x"},
        {"weeks_apart": "0"},
        {"weeks_apart": "99"},
    ):
        assert plan_for(teacher, cast.third, **wrong).status_code == 422, wrong
    for sizes in ("0-3", "9-1", "-", "3-99", "x", "1-9"):  # an address that says nothing has the usual ones
        assert plan_for(teacher, cast.third, "mixing-9", sizes).status_code == 422
    assert db.session.query(PlaygroupPlan).count() == 0


def test_a_helper_of_a_child_is_no_adult_who_hosts(cast: Cast) -> None:
    make.can_host(cast.helper, cast.third)
    assert get_roll(cast.third.id, today=clock.today()).hosts == ()


def _weeks() -> list[date]:
    return [date(2026, 8, 10) + timedelta(weeks=number) for number in range(44)]


@pytest.mark.parametrize("weeks_apart", [2, 3, 4, 5, 6])
def test_every_day_of_a_window_begins_with_school_and_ends_before_the_next(cast: Cast, weeks_apart: int) -> None:
    days = school_days(date(2026, 8, 10))
    for first in _weeks():
        found = windows(days, first, 8, weeks_apart)
        assert all(days.in_week(window.starts_on) for window in found)
        assert all(window.ends_on.weekday() == 6 for window in found)
        assert all(one.ends_on < other.starts_on for one, other in zip(found, found[1:], strict=False))
        assert all(window.ends_on <= date(2027, 7, 4) for window in found)


def test_a_busy_machine_stops_no_plan_of_a_tiny_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search may take is its own work, and not the hour that others keep it waiting."""
    hours = iter(range(0, 10**9, 3_600))
    monkeypatch.setattr("time.monotonic", lambda: float(next(hours)))
    roll = Roll({number: f"Barn {number}" for number in range(1, 7)}, frozenset(), (), 0)
    days = [Window(date(2026, 11, 30), date(2026, 12, 4))] * 3
    wish = Wish(Manner.MIXING, 3, 2, 3, 2)
    assert not draft_rounds(roll, wish, slots_of(wish, days), past=Past(), seed=1).is_interrupted
