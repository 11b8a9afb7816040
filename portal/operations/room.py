"""What running the portal gives to the application: how it is doing, and the commands."""

from portal.operations import views
from portal.operations.commands import COMMANDS
from portal.room import Room

ROOM = Room("operations", pages=(views.bp,), commands=COMMANDS)
