"""What initiatives give to the application."""

from portal.initiatives import views
from portal.initiatives.chores import CHORES
from portal.initiatives.measures import MEASURES
from portal.initiatives.notices import NOTICES
from portal.initiatives.proofs import PROOFS
from portal.initiatives.waiting import WAITING
from portal.room import Room

ROOM = Room(
    "initiatives",
    pages=(views.bp,),
    notices=NOTICES,
    chores=CHORES,
    measures=MEASURES,
    proofs=PROOFS,
    waiting=WAITING,
)
