"""What the demo school's classes, its older pupils' council and the school itself do for a time, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.council.models import Council
from portal.database import db
from portal.initiatives import services as initiatives
from portal.initiatives.models import Whose
from portal.initiatives.services import InitiativePlan
from portal.people import Person, load_people
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.strategy.kinds import EditionState
from portal.strategy.models import Clause, Edition
from portal.text import clock


@dataclass(frozen=True)
class DemoInitiative:
    """So many days ago it was begun for so many days, about the point with these words; closed with an outcome."""

    title: str
    details: str
    days_ago: int
    lasts: int
    about: str
    outcome: str = ""
    with_akt: bool = False


IN_CLASSES = {
    "3.A": (
        DemoInitiative(
            "Vi siger godmorgen ved navn",
            "Alle bliver mødt ved døren, når de kommer om morgenen. Børnene skiftes til at stå der sammen med os.",
            days_ago=66,
            lasts=28,
            about="venlige over for",
            outcome="Det er blevet en vane. Flere siger nu også farvel, og vi bliver ved.",
        ),
        DemoInitiative(
            "Alle er med i det store frikvarter",
            "Vi lærer tre lege, som alle kender reglerne til. To voksne er med ude, og legen er altid åben.",
            days_ago=12,
            lasts=30,
            about="frikvarteret er der",
        ),
    ),
    "6.A": (
        DemoInitiative(
            "Rolig start efter pausen",
            "Ti minutter med højtlæsning eller tegning, før timen går i gang.",
            days_ago=33,
            lasts=26,
            about="frikvarteret er der",
            with_akt=True,
        ),
    ),
}
OF_COUNCIL = (
    DemoInitiative(
        "En kasse med lege i hver gård",
        "Vi samler sjippetove, bolde og kridt. Elevrådet ser kasserne efter hver fredag.",
        days_ago=19,
        lasts=60,
        about="frikvarteret er der",
    ),
)
OF_SCHOOL = (
    DemoInitiative(
        "Venskabsklasser",
        "De store klasser læser højt for en lille klasse hver anden uge.",
        days_ago=58,
        lasts=40,
        about="samler os",
        outcome="De små glæder sig, og de store har fået nye små venner. Vi gør det igen efter jul.",
    ),
)


def begin_initiatives(classes: Mapping[str, SchoolClass], leader: Person, facilitator: Person, now: datetime) -> None:
    """Let classes, the older pupils' council and the school have begun something, and closed what was over."""
    today = clock.day_of(now)
    for label, those in IN_CLASSES.items():
        if label in classes:
            team = school.list_team(classes[label].id, today=today)
            (author,) = load_people([team[0].user_id], today=today)
            for one in those:
                _begin(one, Whose(class_id=classes[label].id), author, now)
    council = db.session.scalars(select(Council.id).order_by(Council.highest_grade.desc())).first()
    for one in OF_COUNCIL:
        _begin(one, Whose(council_id=council), facilitator, now)
    for one in OF_SCHOOL:
        _begin(one, Whose(), leader, now)


def _begin(one: DemoInitiative, whose: Whose, author: Person, now: datetime) -> None:
    began = now - timedelta(days=one.days_ago)
    starts_on = clock.day_of(began)
    ends_on = starts_on + timedelta(days=one.lasts)
    year = clock.school_year(starts_on)
    if year != clock.school_year(clock.day_of(now)) or year != clock.school_year(ends_on):
        return  # in August and in June the demo does without
    plan = InitiativePlan(one.title, one.details, starts_on, ends_on, _points(one.about), with_akt=one.with_akt)
    initiative = initiatives.start_initiative(whose, plan, actor=author, now=began)
    db.session.flush()
    if one.outcome:
        initiatives.close_initiative(
            initiative, one.outcome, ends_on, version=1, actor=author, now=began + timedelta(days=one.lasts + 1)
        )


def _points(words: str) -> frozenset[str]:
    """The first point of the strategy that speaks of it."""
    about = select(Clause.key).join(Edition, Edition.id == Clause.edition_id).where(Clause.text.contains(words))
    approved = about.where(Edition.state == EditionState.APPROVED).order_by(Clause.id).limit(1)
    return frozenset(db.session.scalars(approved))
