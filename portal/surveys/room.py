"""What surveys give to the application."""

from portal.room import Room, with_rooms
from portal.surveys import views
from portal.surveys.answer import views as answer
from portal.surveys.bank import views as bank
from portal.surveys.chores import CHORES
from portal.surveys.hour import views as hour
from portal.surveys.national import views as national
from portal.surveys.notices import NOTICES
from portal.surveys.proofs import PROOFS
from portal.surveys.waiting import WAITING

ROOM = Room(
    "surveys",
    pages=(with_rooms(views.bp, bank.bp, hour.bp, answer.bp, national.bp),),
    notices=NOTICES,
    chores=CHORES,
    proofs=PROOFS,
    waiting=WAITING,
)
