"""A school year by the clock, August to June, through every room that proves a duty or waits for somebody.

Week by week something is done, by the pages where they are what it is about. Each Monday somebody looks at the wheel
and at six people's desks: every duty passes its states in order, every line comes in its time and goes when it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.services import Known
from portal.akt.models import AktRequest
from portal.council.meetings.models import CouncilMeeting, ItemState, MeetingState
from portal.council.models import CouncilMember
from portal.database import db
from portal.initiatives.models import Initiative
from portal.notifications.worker import Worker
from portal.parent_meetings.models import ParentMeeting
from portal.people import BY_ITSELF, load_people
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.models import TeamFunction, TeamMember
from portal.strategy.kinds import EditionState
from portal.strategy.models import Edition
from portal.surveys.models import Survey
from portal.text import clock
from portal.year_wheel import wheel as wheels
from portal.year_wheel.glance import lines_of, whole_wheel
from portal.year_wheel.states import State
from portal.year_wheel.wheel import Seen
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.home.test_desk import found_by
from tests.play_patrol.test_play_patrol import plan
from tests.year_wheel.test_year_wheel import note

BEGINS, IS_OVER = date(2026, 8, 10), date(2027, 8, 2)
A_WEEK = timedelta(weeks=1)
HOLIDAYS = {
    "Sommer": (date(2026, 8, 1), date(2026, 8, 9)),
    "Efterår": (date(2026, 10, 10), date(2026, 10, 18)),
    "Jul": (date(2026, 12, 21), date(2027, 1, 3)),
    "Vinter": (date(2027, 2, 13), date(2027, 2, 21)),
    "Sommerferie": (date(2027, 6, 26), date(2027, 8, 8)),
}
DESKS = ("leader", "office", "class_teacher", "facilitator", "akt", "board_secretary")
#: In which order a duty stands: it may leave some out, and go back from "done" where one more time is asked for.
ORDER = (State.LATER, State.SOON, State.OPEN, State.LATE, State.DONE, State.NOT_NOTED)
Desk = dict[str, set[str]]


@pytest.fixture(autouse=True)
def _in_august(wall_clock: Move) -> None:
    wall_clock(datetime.combine(BEGINS, datetime.min.time(), tzinfo=clock.now().tzinfo) + timedelta(hours=6))


class Year:
    """The school year, a Monday after the other: what each duty looked like, and what stood on each desk."""

    def __init__(self, app: Flask, cast: Cast, client_of: ClientOf, move: Move) -> None:
        self.app, self.cast, self.client_of, self.move = app, cast, client_of, move
        self.states: dict[str, list[tuple[date, State]]] = {}
        self.desks: dict[str, list[tuple[date, set[str]]]] = {name: [] for name in DESKS}
        self.worker = Worker(app)

    def as_(self, name: str) -> IsolatedClient:
        """Somebody at a browser this week: silence signs staff out."""
        return self.client_of(self.cast.users[name])

    def send(self, name: str, path: str, form: dict[str, Any] | None = None) -> Any:
        answer = self.as_(name).send(path, form)
        assert answer.status_code == 303, (name, path, answer.status_code)
        return answer

    def look(self) -> None:
        """What the wheel and the desks say now."""
        db.session.commit()
        today, now = clock.today(), clock.now()
        with self.app.test_request_context():
            wheel = wheels.look_at(2026, self.app.extensions["portal.proofs"], every_weeks=6, seen=Seen(), now=now)
            for one in wheel.duties:
                self.states.setdefault(one.duty.key, []).append((today, one.state))
            if clock.school_year(today) == 2026:
                for name in DESKS:
                    self.desks[name].append((today, self._desk(name)))
        db.session.rollback()

    def _desk(self, name: str) -> set[str]:
        (person,) = load_people([self.cast.users[name].id], today=clock.today())
        of_wheel = {
            "wheel late" if line.is_late else "wheel" for line in lines_of(whole_wheel(now=clock.now()), person)
        }
        return found_by(self.app, person).keys() | of_wheel

    def weeks_of(self, name: str, kind: str) -> list[date]:
        """On which Mondays a kind of line stood on somebody's desk."""
        return [day for day, kinds in self.desks[name] if kind in kinds]

    def state(self, key: str, day: date) -> State:
        """How a duty stood on the last Monday until a day."""
        return [state for on, state in self.states[key] if on <= day][-1]


def first(kind: type[Any]) -> Any:
    return db.session.query(kind).order_by(kind.id.desc()).first()


def approve_minutes() -> None:
    meeting = first(CouncilMeeting)
    meeting.state, meeting.approved_at = MeetingState.MINUTES_APPROVED, clock.now()


def lose_a_teacher(cast: Cast) -> None:
    db.session.execute(
        update(TeamMember)
        .where(TeamMember.user_id == cast.teacher_elsewhere.id)
        .values(ends_on=clock.today() - timedelta(days=1))
    )


def new_edition() -> None:
    db.session.execute(update(Edition).values(state=EditionState.SUPERSEDED))
    make.make_edition({"": ["Vi har samværsregler."]}, number=2)


def steps(year: Year) -> dict[date, Callable[[], object]]:
    """What is done in the week of a Monday."""
    cast, third, sixth = year.cast, year.cast.third, year.cast.sixth

    def meet_in_council() -> None:
        meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
        make.make_item(meeting, heading="Vores mål", state=ItemState.DONE)

    def answer_and_call_to_a_meeting() -> None:
        for one in (third, sixth):
            make.hold_survey(first(Survey), one, words="Vi øver os i at lytte", words_at=clock.now())
        make.make_material(cast.leader)
        make.make_parent_meeting(third, in_days=2)

    def close_and_show() -> None:
        year.send("class_teacher", f"/initiatives/{first(Initiative).id}/close", closing)
        year.send("class_teacher", f"/parent-meetings/{first(ParentMeeting).id}/shown")

    def ask_all_classes(*classes: Any) -> None:
        survey = make.make_survey(None, cast.leader)
        for one in classes:
            make.hold_survey(survey, one, words="Vi øver os i at lytte", words_at=clock.now())

    def choose_again() -> None:
        chosen = {"title": "Skærme", "words": "skærm", "version": "1", "edition": "2"}
        keys = {f"place_{clause.key}": "" for clause in first(Edition).sections[0].clauses}
        keys[next(iter(keys))] = "at_home"
        year.send("leader", "/themes/own1/edit", chosen | keys)

    song = {"title": "Morgensang", "weekday": "4", "every_weeks": "1", "starts_on": "2026-08-17", "points": ["k1"]}
    song |= {"ends_on": "2027-06-18", "lowest_grade": "0", "highest_grade": "10"}
    initiative = {"title": "Alle hilser", "details": "", "starts_on": "2026-09-07", "ends_on": "2026-10-02"}
    closing = {"outcome": "Vi hilser nu.", "closed_on": "2026-10-02", "version": "1"}
    return {
        date(2026, 8, 17): lambda: year.send("leader", "/fixed-days/new", song),
        date(2026, 8, 24): lambda: year.send("akt", "/play-patrol/new", plan(cast, "2026-08-31", weeks=3)),
        date(2026, 8, 31): lambda: year.send("class_teacher", *note("team_contract", third.id, day="2026-08-31")),
        date(2026, 9, 7): lambda: year.send("class_teacher", f"/initiatives/classes/{third.id}/new", initiative),
        date(2026, 9, 14): meet_in_council,
        date(2026, 9, 21): lambda: make.make_survey(None, cast.leader),
        date(2026, 9, 28): answer_and_call_to_a_meeting,
        date(2026, 10, 19): close_and_show,
        date(2026, 10, 26): approve_minutes,
        date(2026, 11, 2): lambda: year.send("teacher_elsewhere", *note("team_contract", sixth.id, day="2026-11-02")),
        date(2026, 11, 9): lambda: year.send("class_teacher", f"/akt/classes/{third.id}/ask", {"line": "Der er uro"}),
        date(2026, 11, 23): lambda: year.send("akt", f"/akt/requests/{first(AktRequest).id}/answer", {"reply": ""}),
        date(2026, 11, 30): lambda: year.send("leader", *note("staff_meeting", day="2026-11-30")),
        date(2027, 1, 18): lambda: lose_a_teacher(cast),
        date(2027, 2, 8): lambda: make.put_in_team(
            cast.teacher_elsewhere, sixth, TeamFunction.CLASS_TEACHER, starts_on=clock.today()
        ),
        date(2027, 3, 1): lambda: ask_all_classes(third, sixth),
        date(2027, 4, 5): new_edition,
        date(2027, 4, 19): choose_again,
        date(2027, 5, 24): lambda: year.send("board_secretary", *note("board", day="2027-05-24")),
        date(2027, 6, 7): lambda: year.send("leader", *note("med", day="2027-06-07")),
    }


@pytest.fixture(name="year")
def _year(app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move) -> Year:
    """The year, gone through."""
    for name, (first_day, last_day) in HOLIDAYS.items():
        db.session.add(CalendarPeriod(name=name, kind=PeriodKind.HOLIDAY, starts_on=first_day, ends_on=last_day))
    acts.note(BY_ITSELF, ActKind.CALENDAR_CHANGED, Known(1), now=clock.now() - timedelta(days=400))
    db.session.execute(update(CouncilMember).values(starts_on=date(2026, 8, 11)))
    make.make_edition({"": ["Vi synger morgensang."]}, number=1)
    make.make_theme(key="own1", title="Skærme", at_home=("k1",), edition=1)
    db.session.commit()
    year = Year(app, cast, client_of, wall_clock)
    to_do = steps(year)
    while clock.today() <= IS_OVER:
        year.look()
        if step := to_do.pop(clock.today(), None):
            step()
            db.session.commit()
        year.worker.do_chores()
        wall_clock(A_WEEK)
    assert not to_do, "each is done in its week"
    return year


def test_a_school_year_by_the_clock(year: Year) -> None:
    _every_duty_passes_its_states(year)
    _proofs_come_by_themselves(year)
    _each_desk_has_its_lines_in_their_time(year)


def _every_duty_passes_its_states(year: Year) -> None:
    seen: set[State] = set()
    for key, states in year.states.items():
        in_order = [state for _, state in states]
        seen.update(in_order)
        changes = [(one, other) for one, other in pairwise(in_order) if one is not other]
        for one, other in changes:
            is_on = ORDER.index(other) > ORDER.index(one)
            is_holiday = (one, other) == (State.LATE, State.OPEN)  # nothing is late without school
            assert is_on or is_holiday or key == "news", (key, one, other)
        assert in_order[-1] in (State.DONE, State.NOT_NOTED), key
    assert seen == set(State)
    for first_day, last_day in HOLIDAYS.values():
        in_it = [
            state
            for states in year.states.values()
            for day, state in states
            if first_day <= day <= last_day and day + timedelta(days=4) <= last_day
        ]
        assert State.LATE not in in_it


def _proofs_come_by_themselves(year: Year) -> None:
    def turned(key: str, into: State) -> date:
        return next(day for day, state in year.states[key] if state is into)

    assert turned("morning_song", State.DONE) == date(2026, 8, 24), "the Friday before"
    assert turned("play_patrol", State.DONE) == date(2026, 8, 31)
    assert turned("council_election", State.DONE) == date(2026, 8, 17)
    assert turned("council_strategy", State.DONE) == date(2026, 9, 21)
    assert turned("survey_second", State.SOON) < turned("survey_second", State.OPEN)
    assert turned("survey_first", State.DONE) == date(2026, 10, 5)
    assert turned("survey_second", State.DONE) == date(2027, 3, 8)
    assert turned("parent_meeting", State.LATE) == date(2027, 1, 4), "one class has had none"
    assert turned("staff_meeting", State.DONE) == date(2026, 12, 7)
    assert turned("team_contract", State.LATE) == date(2026, 10, 5), "one class has none"
    assert turned("team_contract", State.DONE) == date(2026, 11, 9)
    assert turned("board", State.DONE) == date(2027, 5, 31)
    assert turned("med", State.OPEN) == date(2027, 5, 3)
    assert turned("breaks", State.LATE) == date(2027, 5, 3)
    assert year.state("breaks", IS_OVER) is State.NOT_NOTED, "no reproach"


def _each_desk_has_its_lines_in_their_time(year: Year) -> None:
    autumn = [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)]
    assert year.weeks_of("class_teacher", "class_initiatives") == autumn
    assert year.weeks_of("akt", "akt_requests") == [date(2026, 11, 16), date(2026, 11, 23)]
    assert year.weeks_of("leader", "akt_requests") == [date(2026, 11, 16), date(2026, 11, 23)]
    assert year.weeks_of("office", "without_teacher") == [date(2027, 1, 25) + number * A_WEEK for number in range(3)]
    assert year.weeks_of("leader", "themes") == [date(2027, 4, 12), date(2027, 4, 19)]
    assert year.weeks_of("class_teacher", "meeting_material") == autumn
    assert year.weeks_of("class_teacher", "surveys_to_hold") == [date(2026, 9, 28)]
    assert year.weeks_of("facilitator", "surveys_to_hold") == [date(2026, 9, 28)]
    assert year.weeks_of("facilitator", "minutes") == [date(2026, 9, 21) + number * A_WEEK for number in range(6)]
    assert "letters" in year.desks["office"][0][1]
    assert year.weeks_of("akt", "wheel")[:4] == [*(BEGINS + number * A_WEEK for number in range(3)), date(2027, 5, 3)]
    assert year.weeks_of("board_secretary", "wheel") == [date(2027, 5, 3) + number * A_WEEK for number in range(4)]
    assert not year.weeks_of("leader", "wheel"), "the leadership has the figures instead"
    late = year.weeks_of("class_teacher", "wheel late")
    assert (late[0], late[-1]) == (date(2026, 9, 28), date(2027, 6, 21))
