"""What the play patrol proves of the year wheel: that there is a rota."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.play_patrol.models import PatrolTurn
from portal.proofs import Per, Proof

_WEEKS = select(cast(null(), Integer).label("whose"), PatrolTurn.week_on).distinct()

PROOFS = (Proof("play_patrol", N_("The play patrol was on"), Per.SCHOOL, _WEEKS),)
