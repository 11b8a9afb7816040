"""Acts in plain words: one sentence each. Children of a council, and helpers where they are not known, have no name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from portal.accounts.models import Role
from portal.accounts.users.forms import ROLE_NAMES
from portal.acts.queries import list_children, list_labels
from portal.acts.words import OF_A_DAY, OF_CHILD, OF_CLASS, WORDS
from portal.text import clock
from portal.web.dates import near_date, sentence_case, when
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class Line:
    """One act: what was done in one sentence, and when in words."""

    sentence: str
    when: str


def act_lines(rows: Sequence[Row[*tuple[Any, ...]]], *, knows_helpers: bool, today: date) -> list[Line]:
    """The acts as a page says them; only who `knows_helpers` reads their names."""
    labels = list_labels({row.subject_id for row in rows if row.kind in OF_CLASS}, today=today)
    children = list_children({row.subject_id for row in rows if row.kind in OF_CHILD})
    return [Line(_sentence(row, labels, children, knows_helpers), _when(row)) for row in rows]


def _when(row: Row[*tuple[Any, ...]]) -> str:
    return near_date(clock.day_of(row.at)) if row.kind in OF_A_DAY else when(row.at)


def _sentence(
    row: Row[*tuple[Any, ...]], labels: Mapping[int, str], children: Mapping[int, str], knows_helpers: bool
) -> str:
    words: dict[str, str] = {
        "who": _name(row.actor_id, row.actor_name, row.actor_is_pupil, row.actor_is_helper and not knows_helpers)
        or gettext("The portal"),
        "whom": _name(row.about_id, row.about_name, row.about_is_pupil, row.about_is_helper and not knows_helpers)
        or gettext("somebody"),
        "label": labels.get(row.subject_id) or gettext("a class"),
        "child": children.get(row.subject_id) or gettext("a child"),
        "role": _role(row.detail),
    }
    return sentence_case(gettext(WORDS[row.kind].sentence, **words))


def _name(user_id: int | None, name: str, is_pupil: bool, is_unknown_helper: bool) -> str:
    if user_id is None:
        return ""
    if is_pupil:
        return gettext("a pupil of a student council")
    return gettext("a helper") if is_unknown_helper else name


def _role(detail: str) -> str:
    return gettext(ROLE_NAMES[Role(detail)]) if detail in set(Role) else gettext("a role")
