"""What accounts give to the application."""

from portal.accounts import views
from portal.accounts.notices import NOTICES
from portal.accounts.proof import views as proof
from portal.accounts.sign_in import views as sign_in
from portal.accounts.users import views as users
from portal.accounts.waiting import WAITING
from portal.room import Room, with_rooms

ROOM = Room("accounts", pages=(with_rooms(views.bp, sign_in.bp, users.bp, proof.bp),), notices=NOTICES, waiting=WAITING)
