"""Everybody's desk: what waits in all rooms as one short list, each line for those who can do it and nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import literal, select

from portal.accounts.models import MailFault
from portal.council.meetings.models import MeetingState
from portal.database import db
from portal.home import desk
from portal.home.views import MOST_WAITING
from portal.people import Person, load_people
from portal.playgroups.models import PlaygroupRound
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.kinds import AmendmentState, Phase
from portal.text import clock
from portal.themes.models import Theme
from portal.waiting import Line, Waiting, on_the_desk, waits
from portal.web.language import catalogue_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.pages import World
from tests.test_pages import statements

said = catalogue_of("da").gettext
A_DAY = timedelta(days=1)

#: Who finds a thing of each kind on their desk, where everything waits.
FINDERS = {
    "undelivered": {"office"},
    "without_teacher": {"office"},
    "letters": {"office"},
    "ending": {"leader"},
    "to_answer": {"leader"},
    "no_advice": {"leader", "akt", "board_secretary"},
    "no_statement": {"leader", "board_secretary"},
    "to_read": {"class_teacher"},
    "reported": {"facilitator"},
    "to_hear": {"facilitator"},
    "class_inputs": {"facilitator"},
    "minutes": {"facilitator"},
    "drafts": {"class_teacher", "pedagogue", "substitute"},
    "event_drafts": {"guardian"},
    "event_questions": {"guardian"},
    "playgroup_homes": {"guardian_of_two", "foster_parent", "guardian_elsewhere"},
    "playgroup_meetings": {"guardian"},
    "playgroup_rounds": {"teacher_elsewhere", "facilitator"},
    "meeting_material": {"class_teacher", "pedagogue", "substitute"},
    "akt_requests": {"leader", "akt"},
    "class_initiatives": {"class_teacher", "pedagogue", "substitute"},
    "council_initiatives": {"facilitator"},
    "school_initiatives": {"leader", "akt"},
    "surveys_to_hold": {"class_teacher", "pedagogue", "substitute", "teacher_elsewhere", "facilitator"},
    "themes": {"leader"},
    "survey_words": {"teacher_elsewhere", "facilitator"},
}
#: Those that wait in another phase of the review.
IN_THE_COUNCIL = {"suggestions": {"facilitator"}, "to_forward": {"facilitator"}}
AT_THE_BOARD = {"for_board": {"board_secretary"}, "all_decided": {"board_secretary"}}


@pytest.fixture
def busy(world: World) -> World:
    """A world where everything that can wait, waits."""
    cast = world.cast
    today, now = clock.today(), clock.now()
    db.session.query(Forwarding).update({"forwarded_at": now - 28 * A_DAY})
    cast.newcomer.email = "ny@example.dk"
    db.session.add(MailFault(user_id=cast.newcomer.id, email="ny@example.dk", failed_at=now, why="SMTP 550"))
    make.make_guardian(make.make_pupil(make.make_class("7.A", 7, hue=3), "Sofie"), "Nora")
    make.close_access(cast.other_home, cast.alma, cast.leader, starts_on=today - 30 * A_DAY, ends_on=today + 3 * A_DAY)
    make.make_amendment(cast.council, cast.council_chair, world.edition, state=AmendmentState.ADOPTED)
    world.comment.reported_at = now
    make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    make.make_event(cast.third, cast.guardian, "Fastelavn", out_at=None)
    over = make.make_playgroups(cast.sixth, cast.teacher_elsewhere, [[cast.ella, cast.viggo]], is_meal=True)
    gone_by = {"starts_on": today - 14 * A_DAY, "ends_on": today - A_DAY}
    db.session.query(PlaygroupRound).filter_by(plan_id=over.id).update(gone_by)
    make.make_parent_meeting(cast.third, in_days=-2)
    db.session.query(Theme).update({"edition": 0})
    for by, whose in ((cast.class_teacher, {"school_class": cast.third}), (cast.leader, {})):
        make.make_initiative(by, title="Fælles leg", starts_on=today - 60 * A_DAY, **whose)
    db.session.commit()
    return world


def found_by(app: Flask, person: Person) -> dict[str, list[Line]]:
    """What waits for the person, by its kind, in the words of the page."""
    kinds = tuple(kind for kind in app.extensions["portal.waiting"] if kind.asks(person))
    rows = desk._rows(kinds, person, clock.now()) if kinds else {}
    found = {kind.kind: list(kind.lines(rows[kind.kind], person, clock.today())) for kind in kinds if kind.kind in rows}
    return {kind: lines for kind, lines in found.items() if lines}


def finders(app: Flask, cast: Cast) -> dict[str, set[str]]:
    """Who finds something of each kind."""
    found: dict[str, set[str]] = {}
    with app.test_request_context():
        for name, user in cast.users.items():
            for person in load_people([user.id], today=clock.today()):
                for kind in found_by(app, person):
                    found.setdefault(kind, set()).add(name)
    return found


@pytest.mark.both
def test_each_thing_waits_for_those_who_can_do_it_and_for_nobody_else(app: Flask, busy: World, database: str) -> None:
    assert finders(app, busy.cast) == FINDERS
    assert {
        kind.kind for kind in app.extensions["portal.waiting"]
    } == FINDERS.keys() | IN_THE_COUNCIL.keys() | AT_THE_BOARD.keys()
    db.session.query(RevisionCycle).update({"phase": Phase.COUNCIL})
    found = finders(app, busy.cast)
    assert {kind: found[kind] for kind in IN_THE_COUNCIL} == IN_THE_COUNCIL
    db.session.query(RevisionCycle).update({"phase": Phase.BOARD})
    assert finders(app, busy.cast)["for_board"] == AT_THE_BOARD["for_board"]
    db.session.query(Amendment).filter_by(state=AmendmentState.FORWARDED).update({"state": AmendmentState.REJECTED})
    assert finders(app, busy.cast)["all_decided"] == AT_THE_BOARD["all_decided"]


@pytest.mark.parametrize("phase", [Phase.HEARING, Phase.BOARD])
def test_every_line_leads_to_a_page_that_its_reader_may_open(busy: World, client_of: ClientOf, phase: Phase) -> None:
    db.session.query(RevisionCycle).update({"phase": phase})
    followed = 0
    for name, user in busy.cast.users.items():
        browser = client_of(user)
        page = browser.get("/waiting").text
        for address in re.findall(r'<li>.*?<a href="([^"]+)"', page[page.index("<h1") :].split("</main>")[0]):
            assert browser.get(address).status_code == 200, (name, address)
            followed += 1
    assert followed >= len(FINDERS)


def test_nobody_has_more_than_five_things_in_front_of_them_and_the_rest_is_one_press_away(
    busy: World, client_of: ClientOf
) -> None:
    lars = client_of(busy.cast.facilitator)
    front, whole = lars.get("/").text, lars.get("/waiting").text
    shown, every = (len(_lines(page)) for page in (front, whole))
    assert shown == MOST_WAITING < every
    assert 'href="/waiting"' in front
    assert f"{every} ting venter på dig" in front
    assert set(_lines(front)) <= set(_lines(whole))


def _lines(page: str) -> list[str]:
    card = page.split('id="waits"')[1].split("</section>")[0] if 'id="waits"' in page else ""
    return re.findall(r'<a href="[^"]+">([^<]+)</a>', card)


def test_whoever_has_nothing_to_do_is_thanked(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.guardian).get("/waiting").text
    assert said("Nothing waits for you") in page
    assert _lines(client_of(cast.guardian).get("/").text) == []


def test_what_is_late_comes_first_and_many_of_one_kind_keep_no_other_out_of_sight() -> None:
    many, one, late = [Line(f"a{n}", "/") for n in range(3)], [Line("b", "/")], [Line("c", "/", is_late=True)]
    assert [line.text for line in on_the_desk([many, one, late])] == ["c", "a0", "b", "a1", "a2"]


def test_a_kind_that_says_something_else_is_refused() -> None:
    found = select(literal(1).label("many"))
    with pytest.raises(ValueError, match="what waits as songs has other columns"):
        Waiting("songs", asks=lambda person: True, found=found, lines=lambda rows, person, today: [])
    assert Waiting("songs", asks=bool, found=waits("songs"), lines=lambda rows, person, today: []).kind == "songs"


@pytest.mark.both
def test_all_rooms_are_asked_at_once(app: Flask, busy: World, database: str) -> None:
    with app.test_request_context():
        for user in busy.cast.users.values():
            for person in load_people([user.id], today=clock.today()):
                desk.list_waiting(person, None, now=clock.now())
                with statements() as seen:
                    desk.list_waiting(person, None, now=clock.now())
                assert len(seen) <= 1 + len(ASK_MORE & found_by(app, person).keys()) * 2, seen


#: What asks more once there is something: the calendar, whose child it is, who lives with whom.
ASK_MORE = {"to_answer", "ending", "playgroup_homes"}


class TestOneHome:
    def test_two_under_one_roof_are_asked_once(self, app: Flask, busy: World) -> None:
        cast = busy.cast
        make.tie(cast.newcomer, cast.noah)
        with app.test_request_context():
            (newcomer,) = load_people([cast.newcomer.id], today=clock.today())
            assert "playgroup_homes" in found_by(app, newcomer)
            make.can_host(cast.guardian_of_two, cast.third)
            assert "playgroup_homes" in found_by(app, newcomer), "another home has said something"
            make.tie(cast.guardian_of_two, cast.noah)
            make.live_together(cast.newcomer, cast.guardian_of_two, agreed_on=clock.today())
            assert "playgroup_homes" not in found_by(app, newcomer)


class TestTheWheel:
    def test_its_figures_stand_on_the_leader_s_front_page_and_a_tick_changes_them_at_once(
        self, cast: Cast, client_of: ClientOf
    ) -> None:
        leader = client_of(cast.leader)
        note = {"done_on": clock.today().isoformat(), "note": ""}
        assert leader.send("/year-wheel/duties/class_time/record", note | {"whose": cast.third.id}).status_code == 303
        before = _figures(leader.get("/").text)
        of_all = {"whose": [cast.third.id, cast.sixth.id]}
        assert leader.send("/year-wheel/duties/team_contract/record", note | of_all).status_code == 303
        after = _figures(leader.get("/").text)
        assert after[0] == before[0] + 1

    def test_time_changes_them_within_ten_minutes(self, cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
        leader = client_of(cast.leader)
        before = _figures(leader.get("/").text)
        wall_clock(clock.at_school(clock.last_day(2026) - 2 * A_DAY, clock.now().time()))
        assert _figures(leader.get("/").text) != before

    def test_a_class_team_finds_its_own_alone(self, cast: Cast, client_of: ClientOf) -> None:
        words = "i årshjulet"
        assert any(words in line for line in _lines(client_of(cast.class_teacher).get("/").text))
        assert not any(words in line for line in _lines(client_of(cast.guardian).get("/").text))

    def test_a_front_page_costs_one_statement_of_it(self, cast: Cast, client_of: ClientOf) -> None:
        leader = client_of(cast.leader)
        leader.get("/")
        with statements() as seen:
            leader.get("/")
        assert sum("FROM act" in one for one in seen) == 1
        assert not any("noted_proof" in one for one in seen)


def _figures(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<span class="big">(\d+)</span>', page)]


class TestNews:
    def test_a_home_finds_three_that_it_has_not_read_and_the_way_to_the_rest(
        self, cast: Cast, client_of: ClientOf
    ) -> None:
        news = [make.make_update(cast.third, cast.class_teacher, f"Nyt {n}") for n in range(5)]
        mother = client_of(cast.guardian)
        assert mother.get("/").text.count('class="new"') == 3
        for update in news:
            mother.get(f"/updates/{update.id}")
        page = mother.get("/").text
        assert said("Nothing new just now. When the class team writes, you will find it here.") in page
        assert "Nyt 4" not in page
        assert said("Older news") in page
