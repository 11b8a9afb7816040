"""Who has been with whom: the square and the table say the same, of what has really been."""

from __future__ import annotations

import re
from datetime import timedelta

from portal.playgroups.models import PlaygroupPlan
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move


def two_rounds(cast: Cast) -> PlaygroupPlan:
    """Alma with Noah in a round that is published, and with Otto in a draft; Bo is always with another one."""
    bo = make.make_pupil(cast.third, "Bo")
    first, second = [[cast.alma, cast.noah], [cast.otto, bo]], [[cast.alma, cast.otto], [cast.noah, bo]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, first, second)
    make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    return plan


def table(browser: IsolatedClient, cast: Cast) -> dict[str, list[str]]:
    page = browser.get(f"/playgroups/classes/{cast.third.id}/matrix").text
    rows = re.findall(r"<tr><th[^>]*>(.*?)</th>(.*?)</tr>", page, re.S)
    return {name: re.findall(r"<td[^>]*>(.*?)</td>", cells) for name, cells in rows}


def strengths(browser: IsolatedClient, cast: Cast) -> dict[str, int]:
    page = browser.get(f"/playgroups/classes/{cast.third.id}/matrix").text
    found = re.findall(r'fill-opacity="([^"]+)"', page)
    return {strength: found.count(strength) for strength in sorted(set(found))}


def test_what_has_been_and_what_is_planned_are_told_apart(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    two_rounds(cast)
    teacher = client_of(cast.class_teacher)
    assert table(teacher, cast)["Alma"] == ["0", "2", "1", "Bo"]
    assert strengths(teacher, cast) == {"0.07": 4, "0.35": 8}
    wall_clock(timedelta(days=14))
    teacher = client_of(cast.class_teacher)
    assert table(teacher, cast)["Alma"] == ["1", "2", "1", "Bo"]
    assert strengths(teacher, cast) == {"0.07": 4, "0.35": 4, "1": 4}


def test_the_least_met_are_named(cast: Cast, client_of: ClientOf) -> None:
    plan, teacher = two_rounds(cast), client_of(cast.class_teacher)
    (with_alma, with_bo) = make.groups_of(plan, 1)
    for group, form in ((with_alma, {"absent": [str(cast.noah.id)]}), (with_bo, {})):
        assert teacher.send(f"/playgroups/rounds/groups/{group.id}/record", form).status_code == 303
    page = teacher.get(f"/playgroups/classes/{cast.third.id}/matrix").text
    assert "Færrest indtil nu: Alma, Noah (0 af 3)." in page


def test_no_home_sees_it(cast: Cast, client_of: ClientOf) -> None:
    two_rounds(cast)
    for name in sorted(cast.users.keys() - {"class_teacher", "pedagogue", "substitute"}):
        assert client_of(cast.users[name]).get(f"/playgroups/classes/{cast.third.id}/matrix").status_code in {403, 404}
