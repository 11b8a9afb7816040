"""The demo school's play patrol, and what its AKT team is asked for and has noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.akt import services as akt
from portal.akt.models import NoteKind
from portal.people import Person, load_people
from portal.play_patrol import services as patrol
from portal.play_patrol.queries import list_players
from portal.play_patrol.services import RotaPlan
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.text import clock

PLACES = ("Boldbanen", "Sandkassen")
WEEKS, AT_A_PLACE = 8, 2


def keep_small_promises(classes: Mapping[str, SchoolClass], leader: Person, now: datetime) -> None:
    """Plan the play patrol, note a meeting and a look at the breaks, and let 6.A ask for help."""
    today = clock.day_of(now)
    refs = frozenset(player.ref.id for player in list_players(today=today))
    next_week = today + timedelta(days=7)
    if clock.school_year(next_week) == clock.school_year(today) and today.month not in (6, 7):
        plan = RotaPlan(next_week, WEEKS, PLACES, AT_A_PLACE, refs)
        patrol.plan_rota(plan, actor=leader, now=now)
    for kind, days_ago, line in (
        (NoteKind.MEETING, 40, "Vi talte om overgange og om at komme tidligere ud i klasserne."),
        (NoteKind.BREAKS, 21, "Der mangler en voksen ved boldbanen i det store frikvarter."),
    ):
        akt.record_note(kind, today - timedelta(days=days_ago), line, actor=leader, now=now)
    if "6.A" in classes:
        team = school.list_team(classes["6.A"].id, today=today)
        (author,) = load_people([team[0].user_id], today=today)
        akt.ask_akt(classes["6.A"].id, "Der er uro efter frikvartererne.", actor=author, now=now - timedelta(days=12))
