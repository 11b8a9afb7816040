"""What the play patrol gives to the application."""

from portal.play_patrol import views
from portal.play_patrol.proofs import PROOFS
from portal.room import Room

ROOM = Room("play_patrol", pages=(views.bp,), proofs=PROOFS)
