"""What the record of acts gives to the application: a page to read it."""

from portal.acts import views
from portal.room import Room

ROOM = Room("acts", pages=(views.bp,))
