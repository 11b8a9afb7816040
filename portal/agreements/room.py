"""What class rules and parent agreements give to the application."""

from portal.agreements import views
from portal.agreements.notices import NOTICES
from portal.agreements.proofs import PROOFS
from portal.room import Room

ROOM = Room("agreements", pages=(views.bp,), notices=NOTICES, proofs=PROOFS)
