"""What fixed days prove of the year wheel: that one was held, which needs no press."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.fixed_days.models import FixedDate
from portal.fixed_days.queries import is_no_day_off
from portal.proofs import Per, Proof

_HELD = select(cast(null(), Integer).label("whose"), FixedDate.held_on).where(is_no_day_off()).distinct()

PROOFS = (Proof("fixed_day", N_("One of the school's fixed days was held"), Per.SCHOOL, _HELD),)
