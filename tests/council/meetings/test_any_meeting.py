"""Random meetings: whatever is done in whatever order, seats, hands and states always hold together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.council.meetings import agenda, attendance, queries, results, services
from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, ItemKind, ItemState, MeetingState
from portal.council.models import CouncilMember
from portal.council.screen.queries import stamp_of
from portal.database import db, stamps
from portal.errors import RuleViolation
from portal.people import Person, load_people
from portal.strategy.amendments.models import Vote
from portal.strategy.amendments.services import Hands
from portal.strategy.kinds import AmendmentState
from portal.text import clock
from tests import factories as make
from tests.cast import Cast

#: A step is what is done, and three numbers that choose whom or what with.
STEPS = (
    *("plan", "start", "undo", "here", "leave", "back", "count", "count", "right", "right", "take", "put_off", "notes"),
    *("add", "close", "approve", "cancel", "later"),
)
A_STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.integers(0, 3), st.integers(0, 3))
RESULTS = (AmendmentState.ADOPTED, AmendmentState.NOT_ADOPTED, AmendmentState.POSTPONED)
#: Hands that fit each result, whoever is here.
FITTING = {
    AmendmentState.ADOPTED: Hands(yes=1),
    AmendmentState.NOT_ADOPTED: Hands(no=1),
    AmendmentState.POSTPONED: Hands(),
}


class Council:
    """The council and what can be done to it; every number chooses among what is there."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, clock.now()
        self.lars: Person = load_people([cast.facilitator.id], today=clock.today())[0]
        self.seats = [
            *db.session.scalars(select(CouncilMember).where(CouncilMember.council_id == cast.council.id)),
            make.seat(cast.council, make.make_pupil(cast.sixth, "Nils"), cast.sixth, is_substitute=True),
            make.seat(cast.council, make.make_pupil(cast.sixth, "Asta"), cast.sixth, is_substitute=True),
        ]
        edition = make.make_edition()
        self.amendments = [make.make_amendment(cast.council, cast.council_member, edition) for _ in range(3)]
        self.approved: dict[int, Any] = {}

    def pick(self, rows: list[Any], number: int) -> Any:
        return rows[number % len(rows)] if rows else None

    def meetings(self, *states: MeetingState) -> list[CouncilMeeting]:
        statement = select(CouncilMeeting).order_by(CouncilMeeting.id)
        return list(db.session.scalars(statement.where(CouncilMeeting.state.in_(states)) if states else statement))

    def items(self, meeting: CouncilMeeting) -> list[AgendaItem]:
        statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
        return list(db.session.scalars(statement.order_by(AgendaItem.position, AgendaItem.id)))

    def step(self, what: str, which: int, one: int, other: int) -> None:
        meeting = self.pick(self.meetings(), which)
        item = self.pick(self.items(meeting), one) if meeting else None
        seat = self.seats[one % len(self.seats)]
        result = RESULTS[other % 3]
        hands = Hands(one, other, which % 3) if which > 5 else FITTING[result]
        open_items = [i for m in self.meetings(MeetingState.IN_PROGRESS) for i in self.items(m) if i.amendment_id]
        decided = [i for m in self.meetings() for i in self.items(m) if i.vote_id]
        if what in {"count", "right"} and which < 7:
            item = self.pick(open_items if what == "count" else decided, one) or item
        needs_meeting: dict[str, Callable[[], Any]] = {
            "start": lambda: services.start_meeting(meeting, now=self.now),
            "undo": lambda: services.undo_start(meeting),
            "here": lambda: attendance.note_attendance(
                meeting,
                [s.id for s in self.seats[: one + 1]][other // 2 :],
                seen=stamps.stamp_of(row.member_id for row in queries.attendance_of(meeting.id)),
            ),
            "leave": lambda: attendance.leave_early(meeting, seat.id, now=self.now),
            "back": lambda: attendance.come_back(meeting, seat.id),
            "close": lambda: services.close_meeting(meeting, now=self.now),
            "approve": lambda: services.approve_minutes(
                meeting, seen=stamp_of(meeting.id), actor=self.lars, now=self.now
            ),
            "cancel": lambda: services.cancel_meeting(meeting, actor=self.lars, now=self.now),
            "add": lambda: agenda.add_item(
                meeting,
                ItemKind.DECIDE if other else ItemKind.DISCUSS,
                actor=self.lars,
                title="" if other else "Boldene",
                amendment=self.amendments[one % 3] if other else None,
            ),
        }
        needs_item: dict[str, Callable[[], Any]] = {
            "count": lambda: results.record_result(item, result, hands, revision=1, actor=self.lars, now=self.now),
            "right": lambda: results.put_right(item, result, hands, seen=item.vote_id, actor=self.lars, now=self.now),
            "take": lambda: agenda.take_item(item),
            "put_off": lambda: agenda.put_off(item),
            "notes": lambda: agenda.write_notes(item, notes="Vi talte.", version=item.version),
        }
        self.now += timedelta(minutes=1)
        if what == "plan":
            starts_at = self.now + timedelta(days=1 + which)
            services.plan_meeting(self.cast.council, starts_at=starts_at, place="", actor=self.lars, now=self.now)
        elif what == "later":
            self.now += timedelta(days=which)
        elif meeting and what in needs_meeting:
            needs_meeting[what]()
        elif item and what in needs_item:
            needs_item[what]()


def record_of(meeting: CouncilMeeting, items: list[AgendaItem]) -> Any:
    """What the minutes are made of."""
    return (
        meeting.held_on,
        meeting.kept_name,
        [
            (item.id, item.title, item.notes, item.told, item.state, item.vote_id, item.kept_new_text, item.kept_state)
            for item in items
        ],
    )


def check(council: Council) -> None:
    """Everything that always holds."""
    assert len(council.meetings(MeetingState.IN_PROGRESS)) <= 1
    deciding: set[int] = set()
    for meeting in council.meetings():
        items = council.items(meeting)
        here = Counter(
            db.session.scalars(
                select(CouncilMember.class_id)
                .join(Attendance, Attendance.member_id == CouncilMember.id)
                .where(Attendance.meeting_id == meeting.id, Attendance.left_at.is_(None))
            )
        )
        assert all(many <= 2 for many in here.values()), "no more hands than places"
        assert sum(item.state is ItemState.CURRENT for item in items) <= (meeting.state is MeetingState.IN_PROGRESS)
        has_begun = meeting.state not in {MeetingState.PLANNED, MeetingState.CANCELLED}
        assert (meeting.held_on is not None) is has_begun
        assert has_begun or not any(item.vote_id or item.notes for item in items)
        about = [item.amendment_id for item in items if item.amendment_id]
        assert len(about) == len(set(about)), "nothing stands on one agenda twice"
        if meeting.state is MeetingState.IN_PROGRESS:
            deciding = {i.amendment_id for i in items if i.amendment_id and i.kind is ItemKind.DECIDE and not i.vote_id}
        if meeting.state is MeetingState.MINUTES_APPROVED:
            stands = council.approved.setdefault(meeting.id, record_of(meeting, items))
            assert record_of(meeting, items) == stands, "approved minutes do not change"
    for amendment in council.amendments:
        votes = list(db.session.scalars(select(Vote).where(Vote.amendment_id == amendment.id).order_by(Vote.id)))
        assert not amendment.has_open_vote or amendment.id in deciding, "words rest only while a meeting decides"
        if amendment.state in {AmendmentState.ADOPTED, AmendmentState.NOT_ADOPTED, AmendmentState.POSTPONED}:
            assert votes[-1].result is amendment.state, "the suggestion is where its last result says"
        for vote in votes:
            assert vote.yes_count + vote.no_count + vote.abstain_count <= vote.present_count <= 2
            if vote.result is not AmendmentState.POSTPONED:
                assert vote.is_agreed or (vote.yes_count > vote.no_count) is (vote.result is AmendmentState.ADOPTED)
    copies = Counter(
        db.session.scalars(select(AgendaItem.carried_from_id).where(AgendaItem.carried_from_id.is_not(None)))
    )
    assert all(many == 1 for many in copies.values()), "what is carried on goes to one agenda"
    replaced = select(Vote.replaces_id).where(Vote.replaces_id.is_not(None))
    current = select(func.count()).select_from(Vote).where(Vote.id.not_in(replaced))
    on_items = select(func.count()).select_from(AgendaItem).where(AgendaItem.vote_id.is_not(None))
    assert db.session.scalar(current) == db.session.scalar(on_items), "each result stands on one item, its trace below"


def check_nothing_is_lost(council: Council) -> None:
    """Whatever still is before the council and stood on an agenda comes up at the next meeting that is planned."""
    with suppress(RuleViolation):
        for meeting in council.meetings(MeetingState.IN_PROGRESS):
            services.close_meeting(meeting, now=council.now)
    for meeting in council.meetings(MeetingState.PLANNED):
        services.cancel_meeting(meeting, actor=council.lars, now=council.now)
    stood = {item.amendment_id for m in council.meetings() for item in council.items(m) if item.state != ItemState.DONE}
    starts_at: datetime = council.now + timedelta(days=1)
    last = services.plan_meeting(
        council.cast.council, starts_at=starts_at, place="", actor=council.lars, now=council.now
    )
    db.session.flush()
    waiting = {a.id for a in council.amendments if a.state is AmendmentState.POSTPONED}
    assert waiting <= {item.amendment_id for item in council.items(last)}, "what is postponed comes up again"
    assert waiting <= stood


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(A_STEP, min_size=5, max_size=25))
def test_seats_hands_and_states_hold_in_any_meeting(cast: Cast, steps: list[tuple[str, int, int, int]]) -> None:
    outer = db.session.begin_nested()
    try:
        council = Council(cast)
        council.step("plan", 0, 0, 0)
        for amendment in (0, 1):
            council.step("add", 0, amendment, 1)
        council.step("start", 0, 0, 0)
        council.step("here", 0, 1, 0)
        for step in steps:
            with suppress(RuleViolation), db.session.begin_nested():
                council.step(*step)
            check(council)
        check_nothing_is_lost(council)
    finally:
        outer.rollback()
        db.session.expire_all()
