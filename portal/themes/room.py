"""What themes of the strategy give to the application."""

from portal.room import Room
from portal.themes import views
from portal.themes.waiting import WAITING

ROOM = Room("themes", pages=(views.bp,), waiting=WAITING)
