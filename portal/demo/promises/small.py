"""The demo school's play patrol and fixed days, and what its AKT team is asked for and has noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from portal.akt import services as akt
from portal.akt.models import NoteKind
from portal.fixed_days.services import FixedPlan, add_fixed_day
from portal.people import Person, load_people
from portal.play_patrol import services as patrol
from portal.play_patrol.queries import list_players
from portal.play_patrol.services import RotaPlan
from portal.school import queries as school
from portal.school.days_off.queries import school_days
from portal.school.models import SchoolClass
from portal.strategy.queries import get_current, list_text
from portal.text import clock

PLACES = ("Boldbanen", "Sandkassen")
WEEKS, AT_A_PLACE = 8, 2
FRIDAY, SPORTS_WEEK, FRIENDS_WEEK = 4, 41, 10


def keep_small_promises(classes: Mapping[str, SchoolClass], leader: Person, now: datetime) -> None:
    """Plan the play patrol, enter what is fixed, note a meeting and a look at the breaks, and let 6.A ask for help."""
    today = clock.day_of(now)
    _enter_fixed_days(leader, now)
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


def _enter_fixed_days(leader: Person, now: datetime) -> None:
    """Morning song on Fridays, a day of sports before the autumn holidays, and a week of friends for the small."""
    year = clock.school_year(clock.day_of(now))
    first, days = date(year, 8, 1), school_days(clock.day_of(now))
    sports = date.fromisocalendar(year, SPORTS_WEEK, FRIDAY + 1)
    friends = days.first_from(date.fromisocalendar(year + 1, FRIENDS_WEEK, 1))
    edition = get_current()
    clauses = [(row.key or "", row.text.casefold()) for row in list_text(edition.id)] if edition else []
    for title, starts_on, ends_on, weekday, highest, word in (
        ("Morgensang", first, date(year + 1, 6, 20), FRIDAY, 9, "synger"),
        ("Motionsdag", sports, sports, None, 9, "små og store ting"),
        ("Venskabsuge for de mindste", friends, friends + timedelta(days=4), None, 3, "små og store ting"),
    ):
        points = tuple(key for key, text in clauses if word in text)
        plan = FixedPlan(title, starts_on, ends_on, weekday, 1, 0, highest, points)
        add_fixed_day(plan, actor=leader, now=now)
