"""What the play patrol gives to the application."""

from datetime import timedelta

from portal.acts.keeping import Keep
from portal.play_patrol import views
from portal.play_patrol.models import PatrolTurn
from portal.play_patrol.proofs import PROOFS
from portal.room import Room

ROOM = Room(
    "play_patrol",
    pages=(views.bp,),
    proofs=PROOFS,
    # that the patrol was on stays, who was in it is nobody's business a year later
    keeping=(Keep(PatrolTurn, PatrolTurn.week_on, timedelta(days=366), forgets=(PatrolTurn.pupil_id,)),),
)
