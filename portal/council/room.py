"""What the student councils give to the application."""

from portal.council import views
from portal.council.class_inputs import views as class_inputs
from portal.council.meetings import views as meetings
from portal.council.notices import NOTICES
from portal.council.proofs import PROOFS
from portal.council.screen import views as screen
from portal.council.waiting import WAITING
from portal.council.years import views as years
from portal.room import Room, with_rooms

ROOM = Room(
    "council",
    pages=(with_rooms(views.bp, meetings.bp, class_inputs.bp, screen.bp, years.bp),),
    notices=NOTICES,
    proofs=PROOFS,
    waiting=WAITING,
)
