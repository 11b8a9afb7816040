"""What was told in Aula or at a meeting: the team writes it down, it counts, and it can be taken away again."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock
from portal.updates.cadence.models import ToldChannel, ToldElsewhere
from portal.updates.cadence.presenters import cadence_lines
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

IN_AULA = {"channel": "aula", "told_on": "2026-11-20", "note": "Ugebrev"}
OUTSIDERS = (
    "former_substitute",
    "teacher_elsewhere",
    "board_secretary",
    "helper",
    "guardian_elsewhere",
    "former_guardian",
    "council_member",
    "newcomer",
)
READERS = ("guardian", "leader", "akt", "office")


def page_of(cast: Cast) -> str:
    return f"/updates/classes/{cast.third.id}/told-elsewhere/new"


def stored() -> list[tuple[date, ToldChannel]]:
    return [(told.told_on, told.channel) for told in db.session.query(ToldElsewhere).order_by(ToldElsewhere.id)]


def sentence(app: Flask, cast: Cast) -> str:
    with app.test_request_context():
        return cadence_lines([cast.third.id], today=clock.today())[cast.third.id].text


def test_told_at_a_meeting_it_counts_until_it_is_taken_away(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    before = sentence(app, cast)
    assert "Hjemmene venter på at høre fra jer" in before
    team = client_of(cast.pedagogue)
    assert before in team.get(page_of(cast)).text
    meeting = {"channel": "parent_meeting", "told_on": "16.11.2026", "note": ""}
    assert team.send(page_of(cast), meeting).location == page_of(cast)
    assert sentence(app, cast) == "Næste nyt til hjemmene: senest mandag 11. januar 2027."
    page = client_of(cast.class_teacher).get(page_of(cast)).text
    assert "Mandag 16. november" in page
    assert "På et forældremøde" in page
    (told,) = db.session.query(ToldElsewhere)
    assert client_of(cast.class_teacher).send(f"/updates/told-elsewhere/{told.id}/remove").status_code == 303
    assert stored() == []
    assert sentence(app, cast) == before
    kinds = [act.kind for act in db.session.query(Act).filter(Act.kind != ActKind.ROSTER_APPLIED)]
    assert kinds == [ActKind.TOLD_ELSEWHERE_REGISTERED, ActKind.TOLD_ELSEWHERE_REMOVED]


@pytest.mark.parametrize("name", OUTSIDERS + READERS)
def test_only_the_team_writes_it_down_or_takes_it_away(cast: Cast, client_of: ClientOf, name: str) -> None:
    told = make.make_told_elsewhere(cast.third, cast.class_teacher)
    browser = client_of(cast.users[name])
    expected = 403 if name in READERS else 404
    assert browser.get(page_of(cast)).status_code == expected
    assert browser.send(page_of(cast), IN_AULA).status_code == expected
    assert browser.send(f"/updates/told-elsewhere/{told.id}/remove").status_code == 404
    assert len(stored()) == 1


def test_a_team_does_not_write_down_for_another_class(cast: Cast, client_of: ClientOf) -> None:
    told = make.make_told_elsewhere(cast.third, cast.class_teacher)
    stranger = client_of(cast.teacher_elsewhere)
    assert stranger.send(f"/updates/told-elsewhere/{told.id}/remove").status_code == 404
    assert stranger.send("/updates/told-elsewhere/999999/remove").status_code == 404
    assert len(stored()) == 1


@pytest.mark.both
@pytest.mark.parametrize(
    "change",
    [
        {"told_on": "2026-11-24"},
        {"told_on": "2026-07-31"},
        {"told_on": "0001-01-01"},
        {"told_on": "9999-12-31"},
        {"told_on": "2026-02-30"},
        {"told_on": ""},
        {"told_on": "i går"},
        {"channel": "facebook"},
        {"channel": ""},
        {"note": "x" * 201},
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, client_of: ClientOf, database: str, change: dict[str, Any]) -> None:
    answer = client_of(cast.class_teacher).send(page_of(cast), {**IN_AULA, **change})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert stored() == []
    if "note" not in change:
        assert 'value="Ugebrev"' in answer.text


@pytest.mark.parametrize("day", ["2026-08-01", "2026-11-23"])
def test_the_first_and_the_last_day_that_can_be_chosen(cast: Cast, client_of: ClientOf, day: str) -> None:
    assert client_of(cast.class_teacher).send(page_of(cast), {**IN_AULA, "told_on": day}).status_code == 303


@pytest.mark.parametrize("note", ["👩‍👩‍👧", "<script>alert(1)</script>", "%(x)s {{ 7 * 7 }}", "a\u202eb"])
def test_an_odd_note_is_a_note(cast: Cast, client_of: ClientOf, note: str) -> None:
    team = client_of(cast.class_teacher)
    assert team.send(page_of(cast), {**IN_AULA, "note": note}).status_code == 303
    page = team.get(page_of(cast))
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "49" not in page.text


def test_the_same_day_and_place_stands_there_once(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.class_teacher).send(page_of(cast), IN_AULA).status_code == 303
    assert client_of(cast.pedagogue).send(page_of(cast), IN_AULA).status_code == 422
    assert client_of(cast.pedagogue).send(page_of(cast), {**IN_AULA, "channel": "other"}).status_code == 303
    assert len(stored()) == 2


@pytest.mark.both
def test_colleagues_who_write_it_down_at_the_same_moment_do_so_once(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    browsers = [client_of(user) for user in (cast.class_teacher, cast.pedagogue, cast.substitute) for _ in range(2)]
    answers = at_once(*(partial(browser.send, page_of(cast), IN_AULA) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 5
    assert len(stored()) == 1


@pytest.mark.both
def test_removed_by_two_at_the_same_moment_it_is_removed_once(cast: Cast, client_of: ClientOf, database: str) -> None:
    told = make.make_told_elsewhere(cast.third, cast.class_teacher)
    path = f"/updates/told-elsewhere/{told.id}/remove"
    answers = at_once(*(partial(client_of(user).send, path) for user in (cast.class_teacher, cast.pedagogue)))
    assert sorted(answer.status_code for answer in answers) in ([303, 404], [303, 409])
    assert [act.kind for act in db.session.query(Act).filter(Act.kind != ActKind.ROSTER_APPLIED)] == [
        ActKind.TOLD_ELSEWHERE_REMOVED
    ]


def test_last_years_stays_out_of_the_list(cast: Cast, client_of: ClientOf) -> None:
    make.make_told_elsewhere(
        cast.third, cast.class_teacher, told_on=clock.today() - timedelta(days=300), note="Gammelt"
    )
    assert "Gammelt" not in client_of(cast.class_teacher).get(page_of(cast)).text
