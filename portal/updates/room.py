"""What the class teams' news give to the application."""

from portal.room import Room, with_rooms
from portal.updates import views
from portal.updates.cadence import views as cadence
from portal.updates.chores import CHORES
from portal.updates.desk import views as desk
from portal.updates.desk.waiting import WAITING
from portal.updates.measures import MEASURES
from portal.updates.notices import NOTICES
from portal.updates.proofs import PROOFS

ROOM = Room(
    "updates",
    pages=(with_rooms(views.bp, desk.bp, cadence.bp),),
    notices=NOTICES,
    chores=CHORES,
    measures=MEASURES,
    proofs=PROOFS,
    waiting=WAITING,
)
