"""Noting the figures of the national measurement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.services import Known
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.surveys.national.models import NationalMeasurement
from portal.text import clock


def note_figures(
    *,
    school_year: int | None,
    measured_on: date,
    shown_on: date | None,
    figures: Mapping[str, int | None],
    version: int,
    actor: Person,
    now: datetime,
) -> NationalMeasurement:
    """Note a school year's figures, in tenths, in the place of those in `version` (0 when none were noted).

    `school_year` is the one that its writer saw; None where none was noted yet, and the day says which it is. Raises
    RuleViolation for days that have not come, are in the wrong order or of another school year, and without any
    figure; Conflict when somebody has noted others since.
    """
    today = clock.day_of(now)
    if measured_on > today or (shown_on is not None and shown_on > today):
        raise RuleViolation(N_("That day has not come yet."))
    if shown_on is not None and shown_on < measured_on:
        raise RuleViolation(N_("It cannot have been shown before it was measured."))
    if not any(figures.values()):
        raise RuleViolation(N_("Write at least one figure."))
    year = clock.school_year(measured_on)
    if school_year is not None and year != school_year:
        raise RuleViolation(
            N_("That day is not in the school year %(year)s, whose figures these are."),
            year=clock.school_year_name(school_year),
        )
    wait_for_turn_at("national measurement")
    found = db.session.get(NationalMeasurement, year, populate_existing=True)
    if (found.version if found else 0) != version:
        raise Conflict(N_("There are figures of that school year already. Look at them first."))
    if found is None:
        found = NationalMeasurement(school_year=year, version=0)
        db.session.add(found)
    found.measured_on, found.shown_on, found.version = measured_on, shown_on, version + 1
    found.social, found.learning = figures["social"], figures["learning"]
    found.support, found.calm = figures["support"], figures["calm"]
    acts.note(actor, ActKind.NATIONAL_FIGURES_NOTED, Known(year), now=now)
    return found
