"""What the school's fixed days give to the application."""

from portal.fixed_days import views
from portal.fixed_days.measures import MEASURES
from portal.fixed_days.proofs import PROOFS
from portal.room import Room

ROOM = Room("fixed_days", pages=(views.bp,), measures=MEASURES, proofs=PROOFS)
