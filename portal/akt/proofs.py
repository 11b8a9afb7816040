"""What AKT's page proves of the year wheel: meetings with the leadership, and looks at the breaks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, cast, null, select

from portal.akt.models import AktNote, NoteKind
from portal.errors import N_
from portal.proofs import Per, Proof


def _noted(kind: NoteKind) -> Select[*tuple[Any, ...]]:
    return select(cast(null(), Integer).label("whose"), AktNote.done_on).where(AktNote.kind == kind)


PROOFS = (
    Proof("akt_meeting", N_("AKT and the leadership met"), Per.SCHOOL, _noted(NoteKind.MEETING)),
    Proof("breaks", N_("Somebody looked at the supervision in the breaks"), Per.SCHOOL, _noted(NoteKind.BREAKS)),
)
