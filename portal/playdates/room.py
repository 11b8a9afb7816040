"""What playdates give to the application."""

from portal.playdates import views
from portal.playdates.chores import CHORES
from portal.playdates.notices import NOTICES
from portal.room import Room

ROOM = Room("playdates", pages=(views.bp,), notices=NOTICES, chores=CHORES)
