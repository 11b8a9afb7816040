"""What parent meetings prove of the year wheel: that a class's parents were shown the school's material."""

from __future__ import annotations

from sqlalchemy import select

from portal.errors import N_
from portal.parent_meetings.models import ParentMeeting
from portal.proofs import Per, Proof

_SHOWN = select(ParentMeeting.class_id, ParentMeeting.shown_on).where(ParentMeeting.shown_on.is_not(None))

PROOFS = (Proof("parent_meeting", N_("A parent meeting was shown the school's material"), Per.CLASS, _SHOWN),)
