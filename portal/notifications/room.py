"""What notifications give to the application."""

from portal.notifications import views
from portal.room import Room

ROOM = Room("notifications", pages=(views.bp,))
