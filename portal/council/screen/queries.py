"""What a big screen shows, and in one short statement whether it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, MeetingState
from portal.council.screen.models import Pulse
from portal.database.prepared import AnySelect, param, prepared
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import EditionState
from portal.strategy.models import Clause, Edition

_ID = param("meeting_id", int)


def get_pulse(meeting_id: int) -> Pulse | None:
    """A meeting's stamp: one statement."""
    rows: Sequence[Any] = _pulse.rows(meeting_id=meeting_id)
    for row in rows:
        stamp = "-".join(str(number or 0) for number in row[2:])
        return Pulse(meeting_id, row.council_id, MeetingState(row.state), stamp)
    return None


def stamp_of(meeting_id: int) -> str:
    """What tells a meeting as it stands now from the same one before or after anything about it was written."""
    pulse = get_pulse(meeting_id)
    return pulse.stamp if pulse is not None else ""


@prepared
def _pulse() -> AnySelect:
    here = AgendaItem.meeting_id == _ID
    items = select(func.count(), func.sum(AgendaItem.version)).where(here)
    words = select(func.sum(Amendment.version)).join(AgendaItem, AgendaItem.amendment_id == Amendment.id).where(here)
    said = select(func.sum(ClassInput.version)).join(AgendaItem, AgendaItem.id == ClassInput.item_id).where(here)
    present = select(func.count() + 1000 * func.count(Attendance.left_at)).where(Attendance.meeting_id == _ID)
    return select(
        CouncilMeeting.council_id,
        CouncilMeeting.state,
        CouncilMeeting.version,
        items.with_only_columns(func.count()).scalar_subquery().label("many"),
        items.with_only_columns(func.sum(AgendaItem.version)).scalar_subquery().label("items"),
        words.scalar_subquery().label("words"),
        said.scalar_subquery().label("said"),
        present.scalar_subquery().label("present"),
    ).where(CouncilMeeting.id == _ID)


def get_clause_text(key: str) -> str:
    """What a clause says in the strategy that holds now; nothing when it is gone."""
    rows = _clause.rows(key=key)
    return str(rows[0].text) if rows else ""


@prepared
def _clause() -> AnySelect:
    return (
        select(Clause.text)
        .join(Edition, Edition.id == Clause.edition_id)
        .where(Clause.key == param("key", str), Edition.state == EditionState.APPROVED)
    )
