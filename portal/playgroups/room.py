"""What playgroups give to the application."""

from portal.playgroups import views
from portal.playgroups.chores import CHORES
from portal.playgroups.draft import views as draft
from portal.playgroups.homes import views as homes
from portal.playgroups.notices import NOTICES
from portal.playgroups.parted import views as parted
from portal.playgroups.rounds import views as rounds
from portal.playgroups.rounds.proofs import PROOFS
from portal.playgroups.rounds.waiting import WAITING
from portal.playgroups.voices import views as voices
from portal.room import Room, with_rooms

ROOM = Room(
    "playgroups",
    pages=(with_rooms(views.bp, homes.bp, draft.bp, parted.bp, rounds.bp, voices.bp),),
    notices=NOTICES,
    chores=CHORES,
    proofs=PROOFS,
    waiting=WAITING,
)
