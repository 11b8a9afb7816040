"""Children who are kept apart: in every plan, with three other pairs unmet, and no home can tell."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations

import pytest
from flask import Flask

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.playgroups.models import PlaygroupPlan
from portal.playgroups.parted.models import PartedPair
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.notifications.post_office import Inbox, free_port, mail_server, post_to, want_mail, whole_text, work
from tests.playgroups.draft.test_publishing import publish, round_of
from tests.playgroups.test_planning import fill, plan_for, pupils_of, seated
from tests.test_pages import statements


def part(browser: IsolatedClient, cast: Cast, one: int, other: int, until: str = "2027-03-01") -> int:
    form = {"one": one, "other": other, "until": until}
    return browser.send(f"/playgroups/parted/classes/{cast.third.id}", form).status_code


@pytest.mark.parametrize("plan", ["mixing-6", "mixing-3", "visiting-10"])
def test_they_never_meet_and_three_other_pairs_do_not_either(cast: Cast, client_of: ClientOf, plan: str) -> None:
    fill(cast.third, 20)
    teacher = client_of(cast.class_teacher)
    assert part(teacher, cast, cast.noah.id, cast.alma.id) == 303
    assert plan_for(teacher, cast.third, plan).status_code == 303
    met = {frozenset(pair) for groups in seated().values() for group in groups for pair in combinations(group, 2)}
    unmet = {frozenset(pair) for pair in combinations(pupils_of(cast.third), 2)} - met
    assert frozenset({cast.alma.id, cast.noah.id}) in unmet
    assert len(unmet) >= 4


def test_only_the_team_sees_keeps_and_lifts(cast: Cast, client_of: ClientOf) -> None:
    assert part(client_of(cast.class_teacher), cast, cast.noah.id, cast.alma.id) == 303
    pair = db.session.query(PartedPair).one()
    for name in sorted(cast.users.keys() - {"class_teacher", "pedagogue", "substitute"}):
        browser = client_of(cast.users[name])
        assert browser.get(f"/playgroups/parted/classes/{cast.third.id}").status_code in {403, 404}, name
        assert part(browser, cast, cast.noah.id, cast.otto.id) in {403, 404}, name
        assert browser.send(f"/playgroups/parted/{pair.id}/end").status_code == 404, name
    pedagogue = client_of(cast.pedagogue)
    assert "Alma · Noah" in pedagogue.get(f"/playgroups/parted/classes/{cast.third.id}").text
    assert pedagogue.send(f"/playgroups/parted/{pair.id}/end").status_code == 303
    assert db.session.query(PartedPair).count() == 0


def test_what_is_said_must_make_sense(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    assert part(teacher, cast, cast.alma.id, cast.alma.id) == 422
    assert part(teacher, cast, cast.alma.id, cast.viggo.id) == 422
    assert part(teacher, cast, cast.alma.id, cast.noah.id, "2026-11-22") == 422
    assert part(teacher, cast, cast.alma.id, cast.noah.id, "2028-01-01") == 422
    assert part(teacher, cast, cast.alma.id, cast.noah.id, "x") == 422
    assert part(teacher, cast, cast.alma.id, cast.noah.id) == 303
    assert part(teacher, cast, cast.noah.id, cast.alma.id, "2027-02-01") == 303  # the same pair
    assert db.session.query(PartedPair).one().until.isoformat() == "2027-02-01"


def shown(text: str) -> str:
    """A page without what is another one at every request."""
    return re.sub(r'value="[^"]{20,}"', "", text)


def test_pages_lists_and_mails_of_homes_are_equal_with_and_without_a_pair(
    app: Flask, cast: Cast, client_of: ClientOf
) -> None:
    """Everybody but the team, all that leads to playgroups, before and after two others are parted."""
    children = [cast.alma, cast.noah, cast.otto]
    plan = make.make_playgroups(cast.third, cast.class_teacher, [children], [children], published=0)
    teacher, group = client_of(cast.class_teacher), make.groups_of(plan, 1)[0]
    assert teacher.send(f"/playgroups/classes/{cast.third.id}/makers/choose", {"is_let": "1"}).status_code == 303
    assert publish(teacher, plan, 1) == 303
    readers = sorted(cast.users.keys() - {"class_teacher", "pedagogue", "substitute"})
    browsers = {name: client_of(cast.users[name]) for name in readers}
    paths = [
        "/",
        f"/classes/{cast.third.id}",
        f"/playgroups/classes/{cast.third.id}",
        f"/playgroups/classes/{cast.third.id}/new",
        f"/playgroups/homes/classes/{cast.third.id}",
        f"/playgroups/rounds/classes/{cast.third.id}",
        f"/playgroups/rounds/groups/{group.id}/meeting",
        f"/playgroups/rounds/groups/{group.id}/aula-text",
        f"/playgroups/parted/classes/{cast.third.id}",
        "/notifications/",
        "/acts",
    ]

    for name in readers:
        cast.users[name].email = f"{name}@hjem.example"
        want_mail(cast.users[name])
    inbox, free = Inbox(), free_port()

    def everything() -> dict[tuple[str, str], tuple[int, str]]:
        worker = Worker(app, post_to(free))
        worker.chores = []
        with mail_server(inbox, free):
            work(worker)
            worker.post.close()
        answers = {(name, path): browser.get(path) for name, browser in browsers.items() for path in paths}
        pages = {place: (answer.status_code, shown(answer.text)) for place, answer in answers.items()}
        return pages | {("mails", mail["To"]): (number, whole_text(mail)) for number, mail in enumerate(inbox.mails)}

    before = everything()
    assert "En ny gruppe til Alma" in before["guardian", "/notifications/"][1]
    assert "Alma" in before["mails", cast.guardian.email][1]
    # a representative who is let reads what can be planned
    assert before["guardian_of_two", f"/playgroups/classes/{cast.third.id}/new"][0] == 200
    assert part(teacher, cast, cast.noah.id, cast.otto.id) == 303
    after = everything()
    assert [place for place in before | after if before.get(place) != after.get(place)] == []


def test_the_team_is_asked_each_half_year_and_the_pair_goes_on_its_day(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    assert part(client_of(cast.class_teacher), cast, cast.noah.id, cast.alma.id, "2027-11-01") == 303
    worker = Worker(app)

    def asked() -> set[int]:
        worker.do_chores()
        worker.tell_some()
        lines = db.session.query(Delivery).filter_by(channel="portal", state=DeliveryState.SENT)
        lines = lines.join(Act, Act.id == Delivery.act_id).filter(Act.kind == ActKind.PLAYGROUP_PARTED_DUE)
        return {line.user_id for line in lines}

    wall_clock(timedelta(days=181))
    assert asked() == set()
    wall_clock(timedelta(days=2))
    assert asked() == {cast.class_teacher.id, cast.pedagogue.id}
    wall_clock(timedelta(days=200))
    worker.do_chores()
    assert db.session.query(PartedPair).count() == 0


def test_a_pair_goes_with_the_plans_of_its_class(app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    assert part(client_of(cast.class_teacher), cast, cast.noah.id, cast.alma.id, "2027-11-01") == 303
    make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.otto], [cast.noah]])
    db.session.commit()
    wall_clock(timedelta(days=260))
    Worker(app).do_chores()
    assert db.session.query(PlaygroupPlan).count() == 0
    assert db.session.query(PartedPair).count() == 0


def test_a_class_too_small_to_hide_a_pair_is_told_so(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    assert part(teacher, cast, cast.noah.id, cast.alma.id) == 303
    said = plan_for(teacher, cast.third)
    assert said.status_code == 422
    assert "Der er ingen plan, hvor alle de par er hver for sig" in said.text


def test_many_pairs_are_read_at_once(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    page = f"/playgroups/parted/classes/{cast.third.id}"
    children = [cast.alma, cast.noah, cast.otto]
    sent = []
    for one, other in combinations(children, 2):
        assert part(teacher, cast, one.id, other.id) == 303
        teacher.get(page)  # what is said once after a press
        db.session.expire_all()
        with statements() as seen:
            assert teacher.get(page).status_code == 200
        sent.append(len(seen))
    assert sent[0] == sent[2]


def test_what_is_left_to_do_is_said_as_it_is(cast: Cast, client_of: ClientOf) -> None:
    teacher = client_of(cast.class_teacher)
    page = f"/playgroups/parted/classes/{cast.third.id}"
    assert part(teacher, cast, cast.noah.id, cast.alma.id) == 303
    assert "I den næste plan kommer de ikke i gruppe sammen" in teacher.get(page).text
    children = [cast.alma, cast.noah, cast.otto]
    plan = make.make_playgroups(cast.third, cast.class_teacher, [children], published=0)
    assert part(teacher, cast, cast.noah.id, cast.alma.id) == 303
    assert "Planlæg resten på ny" in teacher.get(page).text
    round_of(plan, 1).published_at = clock.now()
    assert part(teacher, cast, cast.noah.id, cast.alma.id) == 303
    assert "en runde, som hjemmene kender" in teacher.get(page).text
