"""What waits for whoever helps a council: classes, minutes, and what the staff suggest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists

from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.models import Council
from portal.database.prepared import params
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.waiting import in_councils, of_councils
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.hearing.models import Body, Statement
from portal.strategy.kinds import AmendmentSource, AmendmentState, Phase
from portal.waiting import Waiting
from portal.web.language import ngettext
from portal.web.urls import url_for

_HELPED = params("facilitates", int)


def _inputs(row: Any) -> str:
    return ngettext(
        "%(num)s word from a class waits for an answer.", "%(num)s words from classes wait for an answer.", row.many
    )


def _minutes(row: Any) -> str:
    return ngettext(
        "The minutes of %(num)s meeting are not approved.",
        "The minutes of %(num)s meetings are not approved.",
        row.many,
    )


def _to_hear(row: Any) -> str:
    return ngettext(
        "The grown-ups ask what the council thinks of %(num)s suggestion.",
        "The grown-ups ask what the council thinks of %(num)s suggestions.",
        row.many,
    )


_is_asked = exists().where(RevisionCycle.is_open, RevisionCycle.phase.in_((Phase.HEARING, Phase.BOARD)))
_has_said = exists().where(
    Statement.amendment_id == Amendment.id, Statement.body == Body.COUNCIL, Statement.council_id == Council.id
)

WAITING = (
    Waiting(
        "class_inputs",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "class_inputs", ClassInput.council_id, ClassInput.council_id.in_(_HELPED), ClassInput.ending.is_(None)
        ),
        lines=of_councils(_inputs, lambda row: url_for("council.class_inputs.list_inputs", council_id=row.place_id)),
    ),
    Waiting(
        "minutes",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "minutes",
            CouncilMeeting.council_id,
            CouncilMeeting.council_id.in_(_HELPED),
            CouncilMeeting.state == MeetingState.MINUTES_DRAFT,
        ),
        lines=of_councils(_minutes, lambda row: url_for("council.show_council", council_id=row.place_id)),
    ),
    Waiting(
        "to_hear",
        asks=lambda person: person.facilitates,
        found=in_councils(
            "to_hear",
            Council.id,
            Council.id.in_(_HELPED),
            Amendment.source == AmendmentSource.STAFF,
            Amendment.state == AmendmentState.FORWARDED,
            _is_asked,
            ~_has_said,
        ),
        lines=of_councils(_to_hear, lambda row: url_for("strategy.hearing.list_hearing")),
    ),
)
