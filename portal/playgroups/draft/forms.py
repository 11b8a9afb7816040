"""The shape of what the class team does with a draft."""

from __future__ import annotations

from wtforms import BooleanField

from portal.playgroups.forms import PlanVersionForm


class MakeDraftForm(PlanVersionForm):
    """Plan anew; `keeps_groups` leaves everybody where they are who does not have to move."""

    keeps_groups = BooleanField()
