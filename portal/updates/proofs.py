"""What class teams' news proves of the year wheel: that the homes were told how the class is doing."""

from __future__ import annotations

from sqlalchemy import select

from portal.errors import N_
from portal.proofs import Per, Proof
from portal.updates.cadence.models import ToldElsewhere
from portal.updates.models import UpdateState, WellbeingUpdate

_WORDS = N_("The homes were told how the class is doing")
_HERE = select(WellbeingUpdate.class_id, WellbeingUpdate.published_at).where(
    WellbeingUpdate.state == UpdateState.PUBLISHED
)

PROOFS = (
    Proof("news", _WORDS, Per.CLASS, _HERE),
    Proof("news", _WORDS, Per.CLASS, select(ToldElsewhere.class_id, ToldElsewhere.told_on)),
)
