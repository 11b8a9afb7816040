"""What rooms know to have been done: each kind of theirs is found by its day, in its school year and not before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal import ROOMS
from portal.agreements.models import AgreementKind, AgreementRenewal, ClassAgreement
from portal.akt.models import AktNote, NoteKind
from portal.council.meetings.models import ItemState, MeetingState
from portal.council.models import CouncilMember
from portal.database import db
from portal.proofs import Per
from portal.strategy.cycle.models import PhaseMove
from portal.strategy.forwarding.models import LeadershipWord
from portal.strategy.kinds import Phase
from portal.surveys.national.models import NationalMeasurement
from portal.text import clock
from portal.year_wheel.delivered import DELIVERED
from portal.year_wheel.models import BY_HAND
from portal.year_wheel.queries import list_proven
from tests import factories as make
from tests.cast import Cast

ALL = tuple(proof for room in ROOMS for proof in room.proofs)
DAY, MOMENT = date(2026, 10, 6), datetime(2026, 10, 6, 9, tzinfo=UTC)


def _renewed(cast: Cast, kind: AgreementKind) -> int:
    agreement = ClassAgreement(class_id=cast.third.id, kind=kind, version_count=0)
    db.session.add(agreement)
    db.session.flush()
    by = {"recorded_at": clock.now(), "recorded_by_id": cast.class_teacher.id}
    db.session.add(AgreementRenewal(agreement_id=agreement.id, school_year=2026, renewed_on=DAY, **by))
    return cast.third.id


def _noted(cast: Cast, kind: NoteKind) -> None:
    by = {"noted_at": clock.now(), "noted_by_id": cast.leader.id}
    db.session.add(AktNote(kind=kind, done_on=DAY, line="Vi talte om overgange", **by))


def _news(cast: Cast) -> int:
    make.make_update(cast.third, cast.class_teacher, published_at=MOMENT)
    return cast.third.id


def _patrol(cast: Cast) -> None:
    make.make_turn(cast.ella, DAY)


def _survey(cast: Cast) -> int:
    survey = make.make_survey(None, cast.leader, opens_on=DAY, closes_on=DAY + timedelta(days=14))
    make.hold_survey(survey, cast.third)
    return cast.third.id


def _national(cast: Cast) -> None:
    db.session.add(NationalMeasurement(school_year=2026, measured_on=date(2026, 9, 1), shown_on=DAY, social=40))


def _parent_meeting(cast: Cast) -> int:
    material = make.make_material(cast.leader)
    make.make_parent_meeting(cast.third, starts_at=MOMENT, material_id=material.id, shown_on=DAY)
    return cast.third.id


def _elected(cast: Cast) -> int:
    db.session.execute(update(CouncilMember).values(starts_on=DAY))
    return cast.council.id


def _council_meeting(cast: Cast) -> int:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT, starts_at=MOMENT)
    make.make_item(meeting, heading="Vores mål", state=ItemState.DONE)
    return cast.council.id


def _event(cast: Cast) -> int:
    make.make_event(cast.third, cast.guardian, starts_at=MOMENT)
    return cast.third.id


def _playgroups(cast: Cast) -> int:
    plan = make.make_playgroups(cast.third, cast.guardian, [[cast.alma, cast.otto]])
    (of_plan,) = {group.round for group in make.groups_of(plan, 1)}
    of_plan.starts_on, of_plan.ends_on = DAY - timedelta(days=7), DAY
    return cast.third.id


def _suggestion(cast: Cast) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, make.make_edition())
    words = {"thinks": "Det er en god idé.", "happens": "Vi prøver det."}
    db.session.add(LeadershipWord(amendment_id=amendment.id, written_at=MOMENT, written_by_id=cast.leader.id, **words))


def _closed(cast: Cast) -> None:
    cycle = make.make_cycle(make.make_edition(), Phase.CLOSED)
    by = {"moved_at": MOMENT, "moved_by_id": cast.leader.id}
    db.session.add(PhaseMove(cycle_id=cycle.id, old=Phase.COUNCIL, new=Phase.CLOSED, **by))


def _approved(cast: Cast) -> None:
    make.make_edition().approved_on = DAY


def _initiative(cast: Cast, of: str, *, closed: bool = False) -> int | None:
    place = {"class": {"school_class": cast.third}, "council": {"council": cast.council}, "school": {}}[of]
    starts_on = date(2026, 9, 1) if closed else DAY
    initiative = make.make_initiative(cast.leader, starts_on=starts_on, **place)
    if closed:
        make.close_initiative(initiative, cast.leader, closed_on=DAY)
    return initiative.class_id or initiative.council_id


def _fixed_day(cast: Cast) -> None:
    make.make_fixed_day("Morgensang", DAY)


#: How each kind comes about; whose it then is.
DONE: dict[str, Callable[[Cast], int | None]] = {
    "news": _news,
    "class_rules": lambda cast: _renewed(cast, AgreementKind.RULES),
    "parent_agreements": lambda cast: _renewed(cast, AgreementKind.PARENTS),
    "akt_meeting": lambda cast: _noted(cast, NoteKind.MEETING),
    "breaks": lambda cast: _noted(cast, NoteKind.BREAKS),
    "play_patrol": _patrol,
    "class_initiative": lambda cast: _initiative(cast, "class"),
    "class_initiative_closed": lambda cast: _initiative(cast, "class", closed=True),
    "council_initiative": lambda cast: _initiative(cast, "council"),
    "council_initiative_closed": lambda cast: _initiative(cast, "council", closed=True),
    "school_initiative": lambda cast: _initiative(cast, "school"),
    "school_initiative_closed": lambda cast: _initiative(cast, "school", closed=True),
    "fixed_day": _fixed_day,
    "survey": _survey,
    "national_measurement": _national,
    "parent_meeting": _parent_meeting,
    "council_elected": _elected,
    "council_meeting": _council_meeting,
    "event": _event,
    "playgroups": _playgroups,
    "suggestion_answered": _suggestion,
    "review_closed": _closed,
    "edition_approved": _approved,
}


@pytest.mark.both
def test_every_room_can_be_asked_in_one_statement(app: Flask, database: str) -> None:
    """An empty school has done nothing, and of a year to come nothing is known."""
    year = clock.school_year(clock.today())
    assert list_proven(year, ALL, now=clock.now()) == []
    assert list_proven(year + 1, ALL, now=clock.now() + timedelta(days=400)) == []


def test_every_kind_of_the_rooms_is_tried_here_and_every_duty_asks_for_one_of_its_own() -> None:
    assert {proof.kind for proof in ALL} == set(DONE)
    of = {proof.kind: proof.per for proof in ALL}
    for duty in (each.duty for each in DELIVERED):
        assert {of[kind] for kind in duty.proofs if kind != BY_HAND} <= {duty.per}, duty.key
        assert not (duty.per is Per.CLASS and set(duty.proofs) > {BY_HAND}), "what a room sees nobody notes"


@pytest.mark.parametrize("kind", sorted(DONE))
def test_what_was_done_is_found_on_its_day_for_whom_it_was(app: Flask, cast: Cast, kind: str) -> None:
    whose = DONE[kind](cast)
    db.session.commit()
    day = date(2026, 10, 5) if kind == "play_patrol" else DAY  # a week of the patrol is its Monday
    known = tuple(proof for proof in ALL if proof.kind == kind)
    found = list_proven(2026, known, now=clock.now())
    assert {(one.kind, one.whose, one.done_on) for one in found} == {(kind, whose, day)}
    assert list_proven(2025, known, now=clock.now()) == []
    before = datetime(2026, 10, 4, 9, tzinfo=UTC)
    assert list_proven(2026, known, now=before) == [], "what lies ahead proves nothing"
