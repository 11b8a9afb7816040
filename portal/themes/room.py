"""What themes of the strategy give to the application."""

from portal.room import Room
from portal.themes import views

ROOM = Room("themes", pages=(views.bp,))
