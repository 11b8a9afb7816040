"""What ties to a class's children mean to others: a foster parent is told, and nobody else."""

from __future__ import annotations

from portal.accounts.notices import personal
from portal.acts.models import ActKind
from portal.school.access.notices import NOTICES as ABOUT_ACCESS
from portal.school.helpers.notices import NOTICES as ABOUT_HELPERS
from portal.school.homes.notices import NOTICES as ABOUT_HOMES

NOTICES = (
    *ABOUT_ACCESS,
    *ABOUT_HELPERS,
    *ABOUT_HOMES,
    personal(ActKind.FOSTER_PARENT_TIED),
    personal(ActKind.FOSTER_PARENT_ENDED),
)
