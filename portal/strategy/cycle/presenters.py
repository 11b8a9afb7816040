"""What the phases of the year's review are called, when each usually ends, and what still waits in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from portal.errors import N_
from portal.strategy.cycle.models import OpenEnd
from portal.strategy.cycle.queries import OpenRow
from portal.strategy.kinds import Phase
from portal.text import clock
from portal.web.dates import long_date
from portal.web.language import gettext, ngettext

PHASE_NAMES: dict[Phase, str] = {
    Phase.COUNCIL: N_("The councils write and decide"),
    Phase.HEARING: N_("Leadership and MED committee answer"),
    Phase.BOARD: N_("The school board decides"),
    Phase.CLOSED: N_("The review is over"),
}

#: The last month and day of each phase in a usual year, in the spring of the school year.
USUALLY_UNTIL: dict[Phase, tuple[int, int]] = {Phase.COUNCIL: (3, 31), Phase.HEARING: (5, 15), Phase.BOARD: (6, 30)}


def usual_end(phase: Phase, school_year: int) -> date:
    """The day on which a phase usually ends."""
    month, day = USUALLY_UNTIL[phase]
    return date(school_year + 1, month, day)


@dataclass(frozen=True, slots=True)
class YearStep:
    """One phase of the year by date: "until 31 March 2027"."""

    name: str
    when: str
    is_now: bool
    is_over: bool


def year_steps(school_year: int, phase: Phase | None) -> list[YearStep]:
    """The year's review by date, and which phase it is in."""
    phases = list(USUALLY_UNTIL)
    place = phases.index(phase) if phase in phases else -1
    return [
        YearStep(
            name=gettext(PHASE_NAMES[each]),
            when=gettext("until %(day)s", day=long_date(usual_end(each, school_year))),
            is_now=number == place,
            is_over=number < place,
        )
        for number, each in enumerate(phases)
    ]


def next_beginning(today: date, *, is_reviewed: bool) -> str:
    """When the next review can begin, for a page on which none is open."""
    year = clock.school_year(today)
    if is_reviewed:
        return gettext(
            "This year's review is over. The next one can begin on %(day)s.", day=long_date(clock.first_day(year + 1))
        )
    return gettext(
        "No review is open. The councils usually have until %(day)s. Pupils can write drafts already.",
        day=long_date(usual_end(Phase.COUNCIL, year)),
    )


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Something that waits: a sentence, and the suggestion it leads to for those who may read it."""

    text: str
    amendment_id: int = 0


def open_lines(rows: Iterable[OpenRow], council_names: Mapping[int, str], titles: Mapping[int, str]) -> list[OpenLine]:
    """What waits, in sentences. Before a suggestion has left its council nobody outside learns more than a number."""
    lines: list[OpenLine] = []
    for (what, council_id), those in groupby(rows, key=lambda row: (row.what, row.council_id)):
        found = list(those)
        name = council_names.get(council_id or 0, "")
        if what is OpenEnd.NO_EDITION:
            lines.append(OpenLine(gettext("No new edition is published. What was not answered waits for next year.")))
        elif what in _COUNTED:
            lines.append(OpenLine(_COUNTED[what](name, len(found))))
        else:
            lines += [
                OpenLine(_NAMED[what](titles.get(row.amendment_id or 0, ""), name), row.amendment_id or 0)
                for row in found
            ]
    return lines


_COUNTED = {
    OpenEnd.TO_DECIDE: lambda name, many: ngettext(
        "%(name)s: %(num)s suggestion waits for a meeting.",
        "%(name)s: %(num)s suggestions wait for a meeting.",
        many,
        name=name,
    ),
    OpenEnd.TO_FORWARD: lambda name, many: ngettext(
        "%(name)s: %(num)s suggestion is adopted and not sent on.",
        "%(name)s: %(num)s suggestions are adopted and not sent on.",
        many,
        name=name,
    ),
    OpenEnd.SENT_BACK: lambda name, many: ngettext(
        "%(name)s: %(num)s suggestion was sent back with a question and is not answered.",
        "%(name)s: %(num)s suggestions were sent back with a question and are not answered.",
        many,
        name=name,
    ),
}
_NAMED = {
    OpenEnd.NO_ADVICE: lambda title, name: gettext("The leadership has not said anything yet: %(title)s", title=title),
    OpenEnd.NO_STATEMENT: lambda title, name: gettext(
        "The MED committee has not said anything yet: %(title)s", title=title
    ),
    OpenEnd.NO_COUNCIL_WORD: lambda title, name: gettext(
        "%(name)s has not said anything yet: %(title)s", name=name, title=title
    ),
}
