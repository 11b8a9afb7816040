"""What whole-class events give to the application."""

from portal.events import views
from portal.events.audience import views as audience
from portal.events.audience.proofs import PROOFS
from portal.events.chores import CHORES
from portal.events.notices import NOTICES
from portal.events.organisers import views as organisers
from portal.events.organisers.waiting import WAITING
from portal.events.past import views as past
from portal.events.questions import views as questions
from portal.events.sending import views as sending
from portal.events.year import views as year
from portal.room import Room, with_rooms

ROOM = Room(
    "events",
    pages=(with_rooms(views.bp, past.bp, audience.bp, organisers.bp, questions.bp, sending.bp, year.bp),),
    notices=NOTICES,
    chores=CHORES,
    proofs=PROOFS,
    waiting=WAITING,
)
