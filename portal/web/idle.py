"""An end for whoever works here and has gone away: a session that was silent for hours goes on for nobody.

Whole classes are open in such a session, so a forgotten screen must not be. When it was last heard of stands in its own
signed cookie, since a GET writes nothing to the database. Homes and pupils keep to their session's own end.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app, flash, request, session

from portal.people import Person
from portal.settings import Settings
from portal.text import clock
from portal.web.language import ngettext

SEEN_AT = "seen_at"
#: The cookie is written anew once in so long, and not by every request.
WRITTEN_EVERY = timedelta(minutes=5)

#: The header by which a page says that it asks by itself: a screen that nobody looks at is silent.
BY_ITSELF = "Portal-By-Itself"


def note_sign_in() -> None:
    """Count the silence of this browser from now on."""
    session[SEEN_AT] = int(clock.now().timestamp())


def goes_on(person: Person) -> bool:
    """Whether a session may go on; one of staff that was silent too long is over, and says so on the next page.

    A cookie from before there was such an end is counted from its next request.
    """
    if not person.is_staff:
        return True
    settings: Settings = current_app.extensions["portal.settings"]
    now, stamp = clock.now(), session.get(SEEN_AT)
    silent_for = now - datetime.fromtimestamp(stamp, UTC) if stamp is not None else WRITTEN_EVERY
    if silent_for >= timedelta(hours=settings.staff_idle_hours):
        session.pop("_user_id")
        flash(_why(settings.staff_idle_hours))
        return False
    if silent_for >= WRITTEN_EVERY and BY_ITSELF not in request.headers:
        note_sign_in()
    return True


def _why(hours: int) -> str:
    return ngettext(
        "You were away for more than %(num)s hour, so you have been signed out. Just sign in again.",
        "You were away for more than %(num)s hours, so you have been signed out. Just sign in again.",
        hours,
    )
