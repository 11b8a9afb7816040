"""What class teams' news tells about the promises of the strategy."""

from __future__ import annotations

from portal.errors import N_
from portal.room import Measure
from portal.updates.desk.queries import last_spoken_of

MEASURES = (Measure(N_("A class team last wrote home about this %(day)s."), last_spoken_of),)
