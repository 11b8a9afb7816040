"""What the review proves of the year wheel: suggestions answered, a review ended, an edition approved."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.proofs import Per, Proof
from portal.strategy.cycle.models import PhaseMove
from portal.strategy.decisions.models import Decision
from portal.strategy.forwarding.models import LeadershipWord
from portal.strategy.kinds import EditionState, Phase
from portal.strategy.models import Edition

_OF_ALL = cast(null(), Integer).label("whose")
_ANSWERED = N_("A suggestion of the student council was answered")

PROOFS = (
    Proof("suggestion_answered", _ANSWERED, Per.SCHOOL, select(_OF_ALL, LeadershipWord.written_at)),
    Proof("suggestion_answered", _ANSWERED, Per.SCHOOL, select(_OF_ALL, Decision.decided_on)),
    Proof(
        "review_closed",
        N_("The year's review was closed"),
        Per.SCHOOL,
        select(_OF_ALL, PhaseMove.moved_at).where(PhaseMove.new == Phase.CLOSED),
    ),
    Proof(
        "edition_approved",
        N_("The board approved an edition"),
        Per.SCHOOL,
        select(_OF_ALL, Edition.approved_on).where(Edition.state != EditionState.DRAFT),
    ),
)
