"""What playgroups prove of the year wheel: that the groups of a round have met."""

from __future__ import annotations

from sqlalchemy import exists, select

from portal.errors import N_
from portal.playgroups.models import Playgroup, PlaygroupRound
from portal.proofs import Per, Proof

_HAVE_MET = exists().where(Playgroup.round_id == PlaygroupRound.id, Playgroup.took_place.is_not(False))
_ROUNDS = select(PlaygroupRound.class_id, PlaygroupRound.ends_on).where(
    PlaygroupRound.published_at.is_not(None), _HAVE_MET
)

PROOFS = (Proof("playgroups", N_("The class's playgroups met"), Per.CLASS, _ROUNDS),)
