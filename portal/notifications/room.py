"""What notifications give to the application."""

from portal.notifications import views
from portal.notifications.choices import views as choices
from portal.room import Room, with_rooms

ROOM = Room("notifications", pages=(with_rooms(views.bp, choices.bp),))
