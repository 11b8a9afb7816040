"""What the year wheel gives to the application."""

from portal.room import Room
from portal.year_wheel import views
from portal.year_wheel.measures import MEASURES

ROOM = Room("year_wheel", pages=(views.bp,), measures=MEASURES)
