"""What the student councils prove of the year wheel: their elections, and meetings about the strategy."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState
from portal.council.models import CouncilMember
from portal.errors import N_
from portal.proofs import Per, Proof

_ABOUT_THE_STRATEGY = exists().where(
    AgendaItem.meeting_id == CouncilMeeting.id,
    AgendaItem.state == ItemState.DONE,
    or_(AgendaItem.clause_key.is_not(None), AgendaItem.amendment_id.is_not(None), AgendaItem.heading != ""),
)
_MEETINGS = select(CouncilMeeting.council_id, CouncilMeeting.held_on).where(
    CouncilMeeting.state.in_((MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED)), _ABOUT_THE_STRATEGY
)

PROOFS = (
    Proof(
        "council_elected",
        N_("The classes chose their council members"),
        Per.COUNCIL,
        select(CouncilMember.council_id, CouncilMember.starts_on),
    ),
    Proof("council_meeting", N_("The student council talked about the strategy"), Per.COUNCIL, _MEETINGS),
)
