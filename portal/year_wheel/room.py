"""What the year wheel gives to the application."""

from portal.room import Room
from portal.year_wheel import views

ROOM = Room("year_wheel", pages=(views.bp,))
