"""What the phases of the year's review are called."""

from __future__ import annotations

from portal.errors import N_
from portal.strategy.kinds import Phase

PHASE_NAMES: dict[Phase, str] = {
    Phase.COUNCIL: N_("The councils write and decide"),
    Phase.HEARING: N_("Leadership and MED committee answer"),
    Phase.BOARD: N_("The school board decides"),
    Phase.CLOSED: N_("The review is over"),
}
