"""What parent meetings give to the application."""

from portal.parent_meetings import views
from portal.parent_meetings.chores import CHORES
from portal.parent_meetings.material import views as material
from portal.parent_meetings.notices import NOTICES
from portal.parent_meetings.proofs import PROOFS
from portal.parent_meetings.waiting import WAITING
from portal.room import Room, with_rooms

ROOM = Room(
    "parent_meetings",
    pages=(with_rooms(views.bp, material.bp),),
    notices=NOTICES,
    chores=CHORES,
    proofs=PROOFS,
    waiting=WAITING,
)
