"""What initiatives prove of the year wheel: that one was begun, and that somebody said how one went."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.initiatives.models import Initiative
from portal.proofs import Per, Proof

_BY_SOMEBODY = Initiative.closed_by_id.is_not(None)
_OF_SCHOOL = Initiative.class_id.is_(None), Initiative.council_id.is_(None)
_NOBODYS = cast(null(), Integer).label("whose")
_BEGUN = select(Initiative.class_id, Initiative.starts_on)
_CLOSED = select(Initiative.class_id, Initiative.closed_on).where(_BY_SOMEBODY)
_COUNCIL_BEGUN = select(Initiative.council_id, Initiative.starts_on)
_COUNCIL_CLOSED = select(Initiative.council_id, Initiative.closed_on).where(_BY_SOMEBODY)
_SCHOOL_BEGUN = select(_NOBODYS, Initiative.starts_on).where(*_OF_SCHOOL)
_SCHOOL_CLOSED = select(_NOBODYS, Initiative.closed_on).where(*_OF_SCHOOL, _BY_SOMEBODY)

PROOFS = (
    Proof(
        "class_initiative",
        N_("The class began an initiative"),
        Per.CLASS,
        _BEGUN.where(Initiative.class_id.is_not(None)),
    ),
    Proof(
        "class_initiative_closed",
        N_("The class said how an initiative went"),
        Per.CLASS,
        _CLOSED.where(Initiative.class_id.is_not(None)),
    ),
    Proof(
        "council_initiative",
        N_("The student council began an initiative"),
        Per.COUNCIL,
        _COUNCIL_BEGUN.where(Initiative.council_id.is_not(None)),
    ),
    Proof(
        "council_initiative_closed",
        N_("The student council said how an initiative went"),
        Per.COUNCIL,
        _COUNCIL_CLOSED.where(Initiative.council_id.is_not(None)),
    ),
    Proof("school_initiative", N_("The school began an initiative"), Per.SCHOOL, _SCHOOL_BEGUN),
    Proof("school_initiative_closed", N_("The school said how an initiative went"), Per.SCHOOL, _SCHOOL_CLOSED),
)
