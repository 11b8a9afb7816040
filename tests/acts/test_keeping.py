"""For how long rows about persons are kept: every room says it of its own, and what is older goes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Date, func, select

from portal import ROOMS
from portal.accounts.models import IdempotencyKey, LinkPurpose, SignInLink, SignInThrottle, UserSession
from portal.acts.keeping import Keep, end_of
from portal.database import Model, db
from portal.notifications.worker import Worker
from portal.play_patrol.models import PatrolTurn
from portal.school.roster.models import RosterFile, RosterUpload
from portal.settings import ROOT
from portal.text import clock
from tests.cast import Cast
from tests.conftest import NOON, Move

KEEPS = [keep for room in ROOMS for keep in room.keeping]
LONG = timedelta(days=400)

#: How a row of each kind that a room keeps for a time is made, with the moment it is counted from.
MADE: dict[type[Model], Callable[[Cast, datetime], Model]] = {
    UserSession: lambda cast, at: UserSession(
        user_id=cast.guardian.id, token_digest=f"d{at}", device="Firefox", created_at=at, expires_at=at
    ),
    SignInLink: lambda cast, at: SignInLink(
        user_id=cast.guardian.id, purpose=LinkPurpose.RESET, nonce="n", created_at=at, expires_at=at
    ),
    SignInThrottle: lambda cast, at: SignInThrottle(subject=f"d{at}", failures=1, counted_from=at),
    IdempotencyKey: lambda cast, at: IdempotencyKey(key=f"k{at}", person_id=cast.guardian.id, location="/", at=at),
    RosterUpload: lambda cast, at: RosterUpload(
        uploaded_by_id=cast.office.id, uploaded_at=at, files={"users.csv": RosterFile(name="users.csv", content=b"x")}
    ),
    PatrolTurn: lambda cast, at: PatrolTurn(week_on=clock.day_of(at), place="Boldbanen", pupil_id=cast.ella.id),
}

#: Tables that name a person and are emptied by a chore of their room, since more than a row goes with them.
BY_A_CHORE = {
    "forget playdates": {"playdate", "playdate_guest"},
    "forget plans of playgroups": {
        "playgroup",
        "playgroup_member",
        "playgroup_plan",
        "parted_pair",
        "playgroup_home",
        "playgroup_abstention",
    },
    "forget who was heard about playgroups": {"playgroup_heard"},
}

#: Tables that name a person and stay, with the reason.
STAYS = {
    "who they are at the school; it ends with a last day, and the register's files say when": {
        "access_closure",
        "council_member",
        "enrolment",
        "facilitator",
        "former_name",
        "guardianship",
        "pupil",
        "representative",
        "role_grant",
        "team_member",
        "year_group_parent",
    },
    "what somebody has chosen or asked for, until they choose otherwise": {
        "contact_choice",
        "guardian_phone",
        "left_home",
        "mail_choice",
        "mail_fault",
        "shared_home",
    },
    "the record of who did what, and who was told of it": {"act", "delivery"},
    "what was held and is over: past events stay, with how many came (domain 3.6)": {
        "event_newcomer",
        "event_organiser",
        "event_question",
        "home_count",
        "organiser_invitation",
        "rsvp",
    },
    "the class's own text, with who wrote it and whom it reached": {
        "agreement_renewal",
        "agreement_version",
        "name_confirmation",
        "told_elsewhere",
        "update_receipt",
        "update_revision",
        "update_thanks",
        "wellbeing_update",
    },
    "the way of a suggestion, and the minutes: they show how the strategy came to be": {
        "agenda_item",
        "amendment",
        "class_input",
        "comment",
        "decision",
        "earlier_decision",
        "forwarding",
        "leadership_word",
        "phase_move",
        "reply_sheet",
        "settlement",
        "statement",
    },
    "who of the school wrote down what it did": {
        "akt_note",
        "akt_request",
        "initiative",
        "meeting_material",
        "noted_proof",
        "survey",
    },
}


def name_persons() -> set[str]:
    """The tables with a column that is somebody's id."""
    tables = db.metadata.tables.values()
    return {
        table.name for table in tables if any(key.column.table.name in ("user", "pupil") for key in table.foreign_keys)
    }


def test_every_table_that_names_a_person_says_how_long_it_does(app: Flask) -> None:
    kept = {keep.table.__tablename__ for keep in KEEPS}
    by_chore = set[str]().union(*BY_A_CHORE.values())
    stays = [name for names in STAYS.values() for name in names]
    assert len(stays) == len(set(stays))
    assert not set(stays) & by_chore
    assert not (kept | by_chore) & set(stays), "it stays, or it goes"
    assert name_persons() == (kept | by_chore | set(stays)) & name_persons()
    assert by_chore | set(stays) <= name_persons(), "they are tables, and they name persons"
    assert set(BY_A_CHORE) <= {chore.name for room in ROOMS for chore in room.chores}


def count(keep: Keep) -> int:
    db.session.commit()
    return db.session.scalar(select(func.count()).select_from(keep.table)) or 0


def left_of(keep: Keep) -> int:
    """How many rows still say what goes."""
    db.session.commit()
    said = select(func.count()).select_from(keep.table)
    return db.session.scalar(said.where(*(column.is_not(None) for column in keep.forgets))) or 0


@pytest.mark.both
@pytest.mark.parametrize("keep", KEEPS, ids=[keep.words for keep in KEEPS])
def test_what_is_past_its_term_goes_and_nothing_else(app: Flask, cast: Cast, keep: Keep, wall_clock: Move) -> None:
    begun, worker = left_of(keep), Worker(app)
    a_moment = timedelta(days=1) if isinstance(keep.since.type, Date) else timedelta(seconds=1)
    db.session.add(MADE[keep.table](cast, NOON))
    assert left_of(keep) == begun + 1
    wall_clock(NOON + keep.lasts)
    worker.do_chores()
    assert left_of(keep) == begun + 1, "it has its whole term"
    wall_clock(NOON + keep.lasts + max(a_moment, timedelta(hours=1)))
    rows = count(keep)
    worker.do_chores()
    assert left_of(keep) == begun
    assert count(keep) == (rows if keep.forgets else begun), "what is emptied stays as a row"


def test_many_go_portion_by_portion(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.acts.keeping.AT_A_TIME", 2)
    keep = next(keep for keep in KEEPS if keep.table is IdempotencyKey)
    chore, now = end_of(keep), NOON + LONG
    db.session.add_all(MADE[IdempotencyKey](cast, NOON + timedelta(seconds=each)) for each in range(5))
    db.session.flush()
    assert list(chore.find(now)) == [0, 1, 2]
    for portion in (0, 1, 2):
        chore.do(portion, now)
    assert not list(chore.find(now))


def test_the_play_patrol_was_on_and_nobody_knows_who(app: Flask, cast: Cast, wall_clock: Move) -> None:
    db.session.add_all(MADE[PatrolTurn](cast, NOON - timedelta(days=days)) for days in (0, 400))
    db.session.commit()
    Worker(app).do_chores()
    db.session.expire_all()
    turns = db.session.scalars(select(PatrolTurn).order_by(PatrolTurn.week_on)).all()
    assert [turn.pupil_id for turn in turns] == [None, cast.ella.id]
    assert turns[0].week_on == date(2025, 10, 19)


def test_operations_says_what_goes_and_when() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    said = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    for keep in KEEPS:
        assert f"{keep.lasts.days} days" in said[keep.table.__tablename__], keep.words
