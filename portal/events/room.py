"""What whole-class events give to the application."""

from portal.events import views
from portal.events.chores import CHORES
from portal.events.notices import NOTICES
from portal.room import Room

ROOM = Room("events", pages=(views.bp,), notices=NOTICES, chores=CHORES)
