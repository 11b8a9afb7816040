"""What AKT's page gives to the application."""

from portal.akt import views
from portal.akt.notices import NOTICES
from portal.akt.proofs import PROOFS
from portal.akt.waiting import WAITING
from portal.room import Room

ROOM = Room("akt", pages=(views.bp,), notices=NOTICES, proofs=PROOFS, waiting=WAITING)
