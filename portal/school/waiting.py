"""What waits for the office and the leadership: classes without a teacher, letters, closed accesses that end soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func

from portal.accounts.models import SignInLink, User
from portal.database.prepared import param
from portal.people import Person
from portal.policy import Action, can
from portal.school.access.models import AccessClosure
from portal.school.access.queries import list_closed
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.names import is_at_school, is_name_of
from portal.school.ties import holds, is_closed
from portal.waiting import Line, Waiting, waits
from portal.web.language import ngettext
from portal.web.urls import url_for

_TODAY, _YEAR = param("today", date), param("school_year", int)


def _without_teacher(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    (row,) = rows
    text = ngettext("%(num)s class has no class teacher.", "%(num)s classes have no class teacher.", row.many)
    return [Line(text, url_for("school.show_school"))]


def _letters(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    (row,) = rows
    text = ngettext(
        "%(num)s guardian has neither a password nor a letter.",
        "%(num)s guardians have neither a password nor a letter.",
        row.many,
    )
    return [Line(text, url_for("school.show_school"))]


def _ending(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """Those that end soon, without those about the reader's own children, which somebody else decides."""
    closed = list_closed(today=today)
    many = sum(one.is_ending(today) and can(person, Action.ACCESS_CLOSE, one) for one in closed)
    if not many:
        return []
    text = ngettext("%(num)s closed access ends soon.", "%(num)s closed accesses end soon.", many)
    return [Line(text, url_for("school.access.list_closed"))]


_has_a_child_here = exists().where(
    Guardianship.guardian_id == User.id,
    Guardianship.kind != GuardianshipKind.HELPER,
    holds(Guardianship, _TODAY),
    Enrolment.pupil_id == Guardianship.pupil_id,
    holds(Enrolment, _TODAY),
)
_has_no_letter = ~exists().where(
    SignInLink.user_id == User.id, SignInLink.used_at.is_(None), SignInLink.expires_at > param("now", datetime)
)

WAITING = (
    Waiting(
        "without_teacher",
        asks=lambda person: can(person, Action.SCHOOL_MANAGE),
        found=waits("without_teacher", many=func.count())
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(_YEAR))
        .where(
            is_at_school(_YEAR),
            exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, _TODAY)),
            ~exists().where(
                TeamMember.class_id == SchoolClass.id,
                TeamMember.function == TeamFunction.CLASS_TEACHER,
                holds(TeamMember, _TODAY),
            ),
        ),
        lines=_without_teacher,
    ),
    Waiting(
        "letters",
        asks=lambda person: can(person, Action.LINK_PRINT),
        found=waits("letters", many=func.count())
        .select_from(User)
        .where(User.password_hash.is_(None), User.deactivated_at.is_(None), _has_a_child_here, _has_no_letter),
        lines=_letters,
    ),
    Waiting(
        "ending",
        asks=lambda person: can(person, Action.ACCESS_CLOSE),
        found=waits("ending", many=func.count()).where(
            is_closed(AccessClosure, _TODAY), AccessClosure.ends_on <= param("within_a_month", date)
        ),
        lines=_ending,
    ),
)
