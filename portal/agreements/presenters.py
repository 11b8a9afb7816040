"""A class's texts as its own page shows them: who may read which, their address, and their dates in words."""

from __future__ import annotations

from typing import NamedTuple

from portal.agreements import queries
from portal.agreements.models import AgreementKind, AgreementVersion
from portal.agreements.queries import Standing
from portal.errors import N_
from portal.name_guard.cover import cover_for
from portal.name_guard.presenters import child_in_words
from portal.people import Person
from portal.policy import Action, can
from portal.text import clock
from portal.web.dates import long_date
from portal.web.language import gettext
from portal.web.urls import url_for

KIND_NAMES = {AgreementKind.RULES: N_("Class rules"), AgreementKind.PARENTS: N_("Parent agreements")}


class _Text(NamedTuple):
    """A text of a class, written or not, as rules look at it."""

    class_id: int
    kind: AgreementKind


class AgreementCard(NamedTuple):
    """One of a class's two texts. `is_due` only for those who look after it: to anybody else it is no duty."""

    title: str
    url: str
    line: str
    is_written: bool
    is_due: bool


def class_agreements(person: Person, class_id: int) -> list[AgreementCard]:
    """The texts of a class that the person may read, and those they are to write: one statement."""
    subjects = [_Text(class_id, kind) for kind in AgreementKind]
    readable = [subject for subject in subjects if can(person, Action.AGREEMENT_VIEW, subject)]
    standings = queries.list_standings(class_id, today=clock.today()) if readable else {}
    cards = []
    for subject in readable:
        standing, writes = standings.get(subject.kind), can(person, Action.AGREEMENT_WRITE, subject)
        if standing is not None or writes:
            cards.append(
                AgreementCard(
                    title=gettext(KIND_NAMES[subject.kind]),
                    url=url_for("agreements.show_agreement", class_id=class_id, kind=subject.kind.value),
                    line=agreed_line(standing),
                    is_written=standing is not None,
                    is_due=writes and (standing is None or not standing.is_renewed),
                )
            )
    return cards


def agreed_line(standing: Standing | None) -> str:
    """When a text was agreed on and last talked about, in one line."""
    if standing is None:
        return gettext("Not written yet")
    agreed = gettext("Agreed on %(day)s", day=long_date(standing.agreed_on))
    if standing.talked_on == standing.agreed_on:
        return agreed
    return agreed + " · " + gettext("talked about again on %(day)s", day=long_date(standing.talked_on))


def readable(version: AgreementVersion, reader: Person) -> str:
    """A wording as the reader may read it: a child's name that was open then and is protected now is covered."""
    return cover_for(reader, version.class_id, child_in_words()).over(version.body, saved_at=version.saved_at)
