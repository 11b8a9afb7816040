"""What the year wheel gives to the application."""

from portal.room import Room
from portal.year_wheel import models

__all__ = ["ROOM", "models"]

ROOM = Room("year_wheel")
