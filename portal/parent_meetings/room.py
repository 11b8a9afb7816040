"""What parent meetings give to the application."""

from portal.name_guard.chores import cover_in
from portal.parent_meetings import services, views
from portal.parent_meetings.material import views as material
from portal.parent_meetings.notices import NOTICES
from portal.parent_meetings.proofs import PROOFS
from portal.room import Room, with_rooms

COVER = cover_in("parent meetings", services.cover_names)
ROOM = Room(
    "parent_meetings",
    pages=(with_rooms(views.bp, material.bp),),
    notices=NOTICES,
    chores=(COVER,),
    proofs=PROOFS,
)
