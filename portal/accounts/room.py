"""What accounts give to the application."""

from datetime import timedelta

from portal.accounts import views
from portal.accounts.models import IdempotencyKey, SignInLink, SignInThrottle, UserSession
from portal.accounts.notices import NOTICES
from portal.accounts.proof import views as proof
from portal.accounts.sign_in import views as sign_in
from portal.accounts.users import views as users
from portal.accounts.waiting import WAITING
from portal.acts.keeping import Keep
from portal.room import Room, with_rooms

_A_MONTH = timedelta(days=30)

ROOM = Room(
    "accounts",
    pages=(with_rooms(views.bp, sign_in.bp, users.bp, proof.bp),),
    notices=NOTICES,
    waiting=WAITING,
    keeping=(
        Keep(UserSession, UserSession.expires_at, _A_MONTH),
        Keep(SignInLink, SignInLink.expires_at, _A_MONTH),
        Keep(SignInThrottle, SignInThrottle.counted_from, _A_MONTH),
        Keep(IdempotencyKey, IdempotencyKey.at, _A_MONTH),
    ),
)
