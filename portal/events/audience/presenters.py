"""Whom an event is for, in words: some classes by their names, a year, or the whole school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.events.audience.queries import list_class_refs
from portal.events.models import AnyEvent, Audience
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.text import clock
from portal.web.language import gettext, ngettext


@dataclass(frozen=True, slots=True)
class WhoFor:
    """Whom an event is for, as its pages show it.

    `badges` are labels with a hue each; `labels` are all of them in a row, "" for the school; `own` is the reader's own
    class in it, to lead back to.
    """

    badges: tuple[tuple[str, int], ...]
    whole: str
    labels: str
    hue: int
    own: ClassRef | None


def who_for(event: AnyEvent, reader: Person, *, today: date) -> WhoFor:
    """Whom an event is for, as this reader sees it."""
    is_for_school = event.audience == Audience.SCHOOL
    refs = tuple(reader.classes.values()) if is_for_school else list_class_refs(event, today=today)
    own = next((ref for ref in refs if can(reader, Action.CLASS_VIEW, ref)), None)
    hue = (own or refs[0]).hue if refs else 1
    named = tuple((ref.label, ref.hue) for ref in refs)
    if is_for_school:
        return WhoFor(((gettext("The whole school"), hue),), gettext("for the whole school"), "", hue, own)
    if event.audience == Audience.YEAR_GROUP:
        name = year_in_words(clock.school_year(today) - (event.year_group or 0))
        return WhoFor(((name, hue),), gettext("for the whole year"), name, hue, own)
    whole = gettext("for the whole class") if len(refs) == 1 else gettext("for everybody in the classes")
    return WhoFor(named, whole, classes_in_words([ref.label for ref in refs]), hue, own)


def year_in_words(grade: int) -> str:
    """A year as the school says it: "3. årgang"."""
    return gettext("The %(grade)s. grade", grade=grade)


def shared_with(audience: Audience, grade: int, class_count: int) -> str:
    """What a list says of an event that is for more than the reader's own class; "" for the class's own."""
    if audience == Audience.SCHOOL:
        return gettext("The whole school")
    if audience == Audience.YEAR_GROUP:
        return year_in_words(grade)
    return ngettext("%(num)s class together", "%(num)s classes together", class_count) if class_count > 1 else ""


def classes_in_words(labels: Sequence[str]) -> str:
    """Some classes in a row, as one says them: "3.A, 3.B and 3.C"."""
    *others, last = labels or [""]
    return gettext("%(others)s and %(last)s", others=", ".join(others), last=last) if others else last


def is_invited(audience: Audience, labels: str, children: int) -> str:
    """Whom an event is for, in words and numbers: these classes, all of a year, or all of the school."""
    if audience == Audience.SCHOOL:
        return ngettext(
            "Everybody at the school is invited: %(num)s child and the home",
            "Everybody at the school is invited: %(num)s children and their homes",
            children,
        )
    if audience == Audience.YEAR_GROUP:
        return ngettext(
            "The whole year is invited, %(name)s: %(num)s child and the home",
            "The whole year is invited, %(name)s: %(num)s children and their homes",
            children,
            name=labels,
        )
    return ngettext(
        "Everybody in %(labels)s is invited: %(num)s child and the home",
        "Everybody in %(labels)s is invited: %(num)s children and their homes",
        children,
        labels=labels,
    )


def will_be_invited(audience: Audience, labels: str, children: int) -> str:
    """Whom an event will be for, as long as it is not sent."""
    if audience == Audience.SCHOOL:
        return ngettext(
            "Everybody at the school will be invited: %(num)s child and the home",
            "Everybody at the school will be invited: %(num)s children and their homes",
            children,
        )
    if audience == Audience.YEAR_GROUP:
        return ngettext(
            "The whole year will be invited, %(name)s: %(num)s child and the home",
            "The whole year will be invited, %(name)s: %(num)s children and their homes",
            children,
            name=labels,
        )
    return ngettext(
        "Everybody in %(labels)s will be invited: %(num)s child and the home",
        "Everybody in %(labels)s will be invited: %(num)s children and their homes",
        children,
        labels=labels,
    )
