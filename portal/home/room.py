"""What the front pages give to the application."""

from portal.home import views
from portal.room import Room

ROOM = Room("home", pages=(views.bp,))
