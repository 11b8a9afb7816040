"""What waits for the leadership about themes: a new edition may have brought points that belong to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from portal.people import Person
from portal.policy import Action, can
from portal.strategy.kinds import EditionState
from portal.strategy.models import Edition
from portal.themes.models import Theme
from portal.waiting import Line, Waiting, waits
from portal.web.language import ngettext
from portal.web.urls import url_for


def _to_look_through(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    (row,) = rows
    text = ngettext(
        "The strategy has a new edition. Does %(num)s theme still have its points?",
        "The strategy has a new edition. Do %(num)s themes still have their points?",
        row.many,
    )
    return [Line(text, url_for("themes.list_themes"))]


WAITING = (
    Waiting(
        "themes",
        asks=lambda person: can(person, Action.THEME_EDIT),
        found=waits("themes", many=func.count())
        .select_from(Theme)
        .join(Edition, Edition.number > Theme.edition)
        .where(Edition.state == EditionState.APPROVED),
        lines=_to_look_through,
    ),
)
