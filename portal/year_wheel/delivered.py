"""The wheel as it is delivered: what a strategy like this one obliges to, and what the law adds. No Flask, no database.

It holds until the leadership changes something; then it is written into the wheel of the edition that holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from portal.errors import N_
from portal.proofs import Per
from portal.year_wheel.models import BY_HAND, DutyLine, Owner

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = 8, 9, 10, 11, 12
JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = 1, 2, 3, 4, 5, 6


class Delivered(NamedTuple):
    """A duty as delivered: what it is called, and the words by which the points of a strategy speak of it."""

    duty: DutyLine
    title: str
    words: tuple[str, ...]


def _duty(
    key: str,
    title: str,
    owner: Owner,
    per: Per,
    months: tuple[int, int],
    *proofs: str,
    words: tuple[str, ...] = (),
    **more: int | bool,
) -> Delivered:
    line = DutyLine(key, "", owner, per, *months, proofs=proofs)
    return Delivered(replace(line, **more), title, words)  # type: ignore[arg-type]


_AKT_AND_LEADERSHIP = ("akt-teamet og ledelsen", "ledelsen og akt", "akt og ledelsen")
_TOGETHER = ("event", "playgroups")

DELIVERED = (
    _duty(
        "akt_before_staff_meeting",
        N_("AKT and leadership meet before the staff meeting"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, OCTOBER),
        "akt_meeting",
        words=_AKT_AND_LEADERSHIP,
    ),
    _duty(
        "team_contract",
        N_("Team contracts"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, SEPTEMBER),
        BY_HAND,
        words=("teamkontrakt", "team aftaler"),
    ),
    _duty(
        "class_time",
        N_("Hours for the class's own time"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, SEPTEMBER),
        BY_HAND,
        words=("timebank", "klassens tid"),
    ),
    _duty(
        "morning_song",
        N_("Morning song and other fixed days"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, SEPTEMBER),
        "fixed_day",
        BY_HAND,
        words=("synger", "morgensang"),
    ),
    _duty(
        "play_patrol",
        N_("The play patrol begins"),
        Owner.AKT,
        Per.SCHOOL,
        (AUGUST, OCTOBER),
        "play_patrol",
        words=("legepatrulje",),
    ),
    _duty(
        "class_rules",
        N_("The class's rules"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, OCTOBER),
        "class_rules",
        words=("samværsregler", "klasseregler"),
    ),
    _duty(
        "known_by_all",
        N_("Known by all: gone through in the class, sent to new homes and new staff"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, OCTOBER),
        BY_HAND,
        words=("kender strategien", "strategien er"),
    ),
    _duty(
        "council_election",
        N_("Election to the student council"),
        Owner.CONTACT_TEACHER,
        Per.COUNCIL,
        (AUGUST, OCTOBER),
        "council_elected",
        words=("elevråd",),
    ),
    _duty(
        "staff_meeting",
        N_("Staff meeting about the strategy"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, NOVEMBER),
        BY_HAND,
        words=("personalemøde", "alle ansatte"),
    ),
    _duty(
        "survey_first",
        N_("Wellbeing survey, the first time"),
        Owner.LEADERSHIP,
        Per.CLASS,
        (AUGUST, NOVEMBER),
        "survey",
        words=("spørger vi eleverne", "trivselsmåling", "undersøgelse"),
    ),
    _duty(
        "news",
        N_("News to the homes"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, JUNE),
        "news",
        words=("hjemmene", "orienterer"),
        is_by_weeks=True,
    ),
    _duty(
        "parent_meeting",
        N_("Parent meeting about wellbeing"),
        Owner.CLASS_TEAM,
        Per.CLASS,
        (AUGUST, DECEMBER),
        "parent_meeting",
        words=("forældremøde",),
    ),
    _duty(
        "parent_agreements",
        N_("The parents' agreements"),
        Owner.REPRESENTATIVES,
        Per.CLASS,
        (AUGUST, DECEMBER),
        "parent_agreements",
        words=("forældreaftaler", "aftaler med hinanden"),
    ),
    _duty(
        "together_first",
        N_("Together with the whole class, the first time"),
        Owner.REPRESENTATIVES,
        Per.CLASS,
        (AUGUST, JANUARY),
        *_TOGETHER,
        words=("legegrupper", "legeaftaler", "fødselsdag", "hele klassen"),
    ),
    _duty(
        "national_measurement",
        N_("The national wellbeing measurement, shown to class and parents"),
        Owner.LEADERSHIP,
        Per.CLASS,
        (JANUARY, MARCH),
        "national_measurement",
        words=("national", "trivselsmåling"),
    ),
    _duty(
        "breaks",
        N_("A look at supervision in the breaks"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, APRIL),
        "breaks",
        words=("frikvarter",),
    ),
    _duty(
        "akt_before_review",
        N_("AKT and leadership meet before the board and MED look at the strategy"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (MARCH, APRIL),
        "akt_meeting",
        words=_AKT_AND_LEADERSHIP,
        times=2,
    ),
    _duty(
        "council_strategy",
        N_("The student council talks about the strategy"),
        Owner.CONTACT_TEACHER,
        Per.COUNCIL,
        (AUGUST, MAY),
        "council_meeting",
        words=("elevråd",),
    ),
    _duty(
        "survey_second",
        N_("Wellbeing survey, the second time"),
        Owner.LEADERSHIP,
        Per.CLASS,
        (FEBRUARY, MAY),
        "survey",
        words=("spørger vi eleverne", "undersøgelse"),
        times=2,
    ),
    _duty(
        "pupils_meeting",
        N_("Meeting of all pupils"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, JUNE),
        BY_HAND,
    ),
    _duty(
        "suggestions",
        N_("The student council's suggestions get an answer"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, JUNE),
        "suggestion_answered",
        words=("elevrådets forslag", "elevråd"),
    ),
    _duty(
        "together_second",
        N_("Together with the whole class, the second time"),
        Owner.REPRESENTATIVES,
        Per.CLASS,
        (FEBRUARY, JUNE),
        *_TOGETHER,
        words=("legegrupper", "legeaftaler", "fødselsdag", "hele klassen"),
        times=2,
    ),
    _duty(
        "pupil_environment",
        N_("Survey of the pupils' environment, with its plan, together with the pupils' representatives"),
        Owner.LEADERSHIP,
        Per.SCHOOL,
        (AUGUST, JUNE),
        BY_HAND,
        words=("undervisningsmiljø",),
        holds_years=3,
    ),
    _duty(
        "cases",
        N_("A look at the year's action plans"),
        Owner.AKT,
        Per.SCHOOL,
        (MAY, JUNE),
        BY_HAND,
        words=("handleplan", "lægger de voksne en plan"),
    ),
    _duty(
        "med",
        N_("MED looks at the strategy"),
        Owner.MED,
        Per.SCHOOL,
        (MAY, JUNE),
        BY_HAND,
        words=("med-udvalg",),
    ),
    _duty(
        "board",
        N_("The board looks at the strategy, and decides"),
        Owner.BOARD_SECRETARY,
        Per.SCHOOL,
        (MAY, JUNE),
        "review_closed",
        "edition_approved",
        BY_HAND,
        words=("skolebestyrelse",),
    ),
)
#: What each of them is called, for the lines that still bear the delivered name.
TITLES = {each.duty.key: each.title for each in DELIVERED}


def delivered_wheel(clauses: Iterable[tuple[str, str]]) -> list[DutyLine]:
    """The delivered duties, each with those of these clauses, by key and text, that speak of it."""
    texts = [(key, text.casefold()) for key, text in clauses]
    return [
        replace(each.duty, points=tuple(key for key, text in texts if any(word in text for word in each.words)))
        for each in DELIVERED
    ]
