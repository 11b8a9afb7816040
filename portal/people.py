"""Who somebody is: the signed-in human, or a recipient, as a light object made from one statement.

Rules read a `Person` and nothing else of the people tables (docs/style.md).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from portal.accounts.models import Protection, Role, RoleGrant, User, UserSession
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database.prepared import fetch
from portal.database.types import UTCDateTime
from portal.notifications.models import UNOPENED, Delivery
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    Pupil,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.names import is_name_of, label_in
from portal.school.ties import holds
from portal.text import clock


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class as lists and menus show it: its id, this year's label and its hue (1 to 12)."""

    id: int
    label: str
    hue: int


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a guardian, with the class of today (None between classes) and the kind of tie."""

    pupil_id: int
    name: str
    school_class: ClassRef | None
    kind: GuardianshipKind


@dataclass(frozen=True, slots=True)
class Person:
    """A human as rules and pages see them: roles, classes, children and council seats that hold today.

    `session_id` is 0 for somebody who is not signed in just now, such as a recipient of mail. `councils` are those a
    pupil sits in, as member or substitute; `speaks_in` are those as a member.
    """

    id: int
    name: str
    first_name: str
    language: str | None
    session_id: int = 0
    roles: frozenset[Role] = frozenset()
    teams: Mapping[int, ClassRef] = field(default_factory=dict)
    teaches: frozenset[int] = frozenset()
    represents: frozenset[int] = frozenset()
    children: tuple[Child, ...] = ()
    own_class: ClassRef | None = None
    pupil_id: int = 0
    councils: frozenset[int] = frozenset()
    speaks_in: frozenset[int] = frozenset()
    chairs: frozenset[int] = frozenset()
    facilitates: frozenset[int] = frozenset()
    unread_count: int = 0
    council_names: Mapping[int, str] = field(default_factory=dict)

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def guardian_classes(self) -> dict[int, ClassRef]:
        """The classes of the children this person has custody of or fosters: whom a class team's news is for."""
        return {
            child.school_class.id: child.school_class
            for child in self.children
            if child.school_class and child.kind != GuardianshipKind.HELPER
        }

    @property
    def classes(self) -> dict[int, ClassRef]:
        """Every class this person belongs to, as guardian, team or pupil."""
        own = {self.own_class.id: self.own_class} if self.own_class else {}
        return {**self.teams, **self.guardian_classes, **own}

    @property
    def event_classes(self) -> dict[int, ClassRef]:
        """The classes whose events concern this person: their own, and those of children they only help with."""
        helped = {child.school_class.id: child.school_class for child in self.children if child.school_class}
        return {**helped, **self.classes}

    @property
    def is_pupil(self) -> bool:
        """Whether this is a child's own account."""
        return self.pupil_id != 0

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of the school-wide roles today."""
        return not self.roles.isdisjoint(roles)


_TODAY: BindParameter[date] = bindparam("today", type_=Date())
_YEAR: ColumnElement[int] = bindparam("school_year", type_=Integer())


def _shown(entity: type[User] | type[Pupil], name: Any) -> ColumnElement[str]:
    return case((entity.protection == _constant(Protection.NAME.value), entity.alias), else_=name)


def people(who: Select[*tuple[Any, ...]]) -> CompoundSelect[*tuple[Any, ...]]:
    """Rows that describe persons, from a select of (user_id, session_id); needs `today` and `school_year`.

    One portable statement, for the signed-in one (by session digest) and for many recipients (by id) alike.
    """
    w = who.cte("who")
    parts = (_person, _roles, _teams, _represents, _children, _pupil, _council_seats, _facilitates, _unread)
    return union_all(*(part(w) for part in parts))


def _row(
    w: CTE, tag: str, *, a: Any = 0, b: Any = 0, c: Any = 0, text: Any = "", more: Any = "", extra: Any = ""
) -> Select[*tuple[Any, ...]]:
    columns = {"tag": tag, "a": a, "b": b, "c": c, "text": text, "more": more, "extra": extra}
    return select(
        w.c.user_id, *((_constant(v) if isinstance(v, int | str) else v).label(k) for k, v in columns.items())
    )


def _constant(value: int | str) -> ColumnElement[Any]:
    """A value of ours that stands in the statement itself: dozens of parameters would cost more than the query."""
    return literal_column(
        f"'{value}'" if isinstance(value, str) else str(value), String() if isinstance(value, str) else Integer()
    )


def _person(w: CTE) -> Select[*tuple[Any, ...]]:
    whole = func.trim(User.first_name + _constant(" ") + User.last_name)
    return (
        _row(
            w,
            "person",
            a=w.c.session_id,
            text=_shown(User, whole),
            more=func.coalesce(User.language, _constant("")),
            extra=_shown(User, User.first_name),
        )
        .join(User, User.id == w.c.user_id)
        .where(User.deactivated_at.is_(None))
    )


def _roles(w: CTE) -> Select[*tuple[Any, ...]]:
    return (
        _row(w, "role", more=type_coerce(RoleGrant.role, String))
        .join(RoleGrant, RoleGrant.user_id == w.c.user_id)
        .where(holds(RoleGrant, _TODAY))
    )


def _labelled(statement: Select[*tuple[Any, ...]], class_id: Any) -> Select[*tuple[Any, ...]]:
    return statement.join(SchoolClass, SchoolClass.id == class_id).join(ClassYear, is_name_of(_YEAR))


def _teams(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _row(
        w,
        "team",
        a=TeamMember.class_id,
        b=SchoolClass.hue,
        text=label_in(_YEAR),
        more=type_coerce(TeamMember.function, String),
    )
    return _labelled(row.join(TeamMember, TeamMember.user_id == w.c.user_id), TeamMember.class_id).where(
        holds(TeamMember, _TODAY)
    )


def _represents(w: CTE) -> Select[*tuple[Any, ...]]:
    return (
        _row(w, "represents", a=Representative.class_id)
        .join(Representative, Representative.user_id == w.c.user_id)
        .where(holds(Representative, _TODAY))
    )


def _in_a_class(row: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With the class of today, if any: outer joins, since a child may be between two classes."""
    return (
        row.outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & holds(Enrolment, _TODAY))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(ClassYear, is_name_of(_YEAR))
    )


def _class_columns() -> dict[str, Any]:
    return {
        "b": func.coalesce(Enrolment.class_id, _constant(0)),
        "c": func.coalesce(SchoolClass.hue, _constant(0)),
        "extra": func.coalesce(label_in(_YEAR), _constant("")),
    }


def _children(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _row(
        w,
        "child",
        a=Pupil.id,
        text=_shown(Pupil, Pupil.first_name),
        more=type_coerce(Guardianship.kind, String),
        **_class_columns(),
    )
    tied = row.join(Guardianship, Guardianship.guardian_id == w.c.user_id).join(
        Pupil, Pupil.id == Guardianship.pupil_id
    )
    return _in_a_class(tied).where(holds(Guardianship, _TODAY))


def _pupil(w: CTE) -> Select[*tuple[Any, ...]]:
    return _in_a_class(_row(w, "pupil", a=Pupil.id, **_class_columns()).join(Pupil, Pupil.user_id == w.c.user_id))


def _council_seats(w: CTE) -> Select[*tuple[Any, ...]]:
    """Seats of pupils who are still in the class that chose them: leaving the class ends the seat by itself."""
    return (
        _row(
            w,
            "council",
            a=CouncilMember.council_id,
            b=case((CouncilMember.is_chair, _constant(1)), else_=_constant(0)),
            c=case((CouncilMember.is_substitute, _constant(1)), else_=_constant(0)),
            text=Council.name,
        )
        .join(Pupil, Pupil.user_id == w.c.user_id)
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .join(Council, Council.id == CouncilMember.council_id)
        .join(Enrolment, (Enrolment.pupil_id == Pupil.id) & (Enrolment.class_id == CouncilMember.class_id))
        .where(
            holds(CouncilMember, _TODAY),
            holds(Enrolment, _TODAY),
        )
    )


def _facilitates(w: CTE) -> Select[*tuple[Any, ...]]:
    """Councils of those who still work here: a leaver's other places end, and with them this one."""
    works_here = or_(
        exists().where(TeamMember.user_id == w.c.user_id, holds(TeamMember, _TODAY)),
        exists().where(RoleGrant.user_id == w.c.user_id, holds(RoleGrant, _TODAY)),
    )
    return (
        _row(w, "facilitates", a=Facilitator.council_id, text=Council.name)
        .join(Facilitator, Facilitator.user_id == w.c.user_id)
        .join(Council, Council.id == Facilitator.council_id)
        .where(holds(Facilitator, _TODAY), works_here)
    )


def _unread(w: CTE) -> Select[*tuple[Any, ...]]:
    """How many notifications are unopened. Every page shows it; an index of unopened rows alone answers it."""
    unopened = select(func.count()).where(Delivery.user_id == w.c.user_id, UNOPENED).correlate(w)
    return _row(w, "unread", a=unopened.scalar_subquery())


@cache
def _signed_in() -> CompoundSelect[*tuple[Any, ...]]:
    return people(
        select(UserSession.user_id, UserSession.id.label("session_id")).where(
            UserSession.token_digest == bindparam("digest"),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > bindparam("now", type_=UTCDateTime()),
        )
    )


@cache
def _by_id() -> CompoundSelect[*tuple[Any, ...]]:
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    return people(select(User.id.label("user_id"), _constant(0).label("session_id")).where(User.id.in_(ids)))


def load_signed_in(token_digest: str, *, now: datetime) -> Person | None:
    """The person behind a session's digest, or None when the session has ended: one statement."""
    today = clock.local(now).date()
    found = _read(_signed_in(), {"digest": token_digest, "now": now}, today)
    return found[0] if found else None


def load_people(ids: Iterable[int], *, today: date) -> list[Person]:
    """The persons with these ids, in order of id; closed accounts are left out."""
    wanted = sorted(set(ids))
    return _read(_by_id(), {"ids": wanted}, today) if wanted else []


def _read(statement: CompoundSelect[*tuple[Any, ...]], values: dict[str, Any], today: date) -> list[Person]:
    rows = fetch(statement, {**values, "today": today, "school_year": clock.school_year(today)})
    by_user: dict[int, dict[str, list[Any]]] = {}
    for row in rows:
        by_user.setdefault(row.user_id, {}).setdefault(row.tag, []).append(row)
    return [_made(by_tag) for _, by_tag in sorted(by_user.items()) if _may_be_here(by_tag)]


def _may_be_here(tags: Container[str]) -> bool:
    """Whether the account is open. A pupil's is open only while sitting in a council (domain 3.1)."""
    return "person" in tags and ("pupil" not in tags or "council" in tags)


def _class_ref(row: Any) -> ClassRef | None:
    return ClassRef(row.b, row.extra, row.c) if row.b else None


def _made(by_tag: Mapping[str, Sequence[Any]]) -> Person:
    def tagged(tag: str) -> Sequence[Any]:
        return by_tag.get(tag, ())

    who = tagged("person")[0]
    children = tuple(
        Child(row.a, row.text, _class_ref(row), GuardianshipKind(row.more))
        for row in sorted(tagged("child"), key=lambda row: (row.extra, row.text, row.a))
    )
    guardian_of = {c.school_class.id for c in children if c.school_class and c.kind != GuardianshipKind.HELPER}
    teams = sorted(tagged("team"), key=lambda row: row.text)
    pupil = next(iter(tagged("pupil")), None)
    council, facilitates = tagged("council"), tagged("facilitates")
    return Person(
        id=who.user_id,
        name=who.text,
        first_name=who.extra,
        language=who.more or None,
        session_id=who.a,
        roles=frozenset(Role(row.more) for row in tagged("role")),
        teams={row.a: ClassRef(row.a, row.text, row.b) for row in teams},
        teaches=frozenset(row.a for row in teams if row.more == TeamFunction.CLASS_TEACHER),
        represents=frozenset(row.a for row in tagged("represents")) & guardian_of,
        children=children,
        own_class=_class_ref(pupil) if pupil else None,
        pupil_id=pupil.a if pupil else 0,
        councils=frozenset(row.a for row in council),
        speaks_in=frozenset(row.a for row in council if not row.c),
        chairs=frozenset(row.a for row in council if row.b),
        facilitates=frozenset(row.a for row in facilitates),
        council_names={row.a: row.text for row in [*council, *facilitates]},
        unread_count=sum(row.a for row in tagged("unread")),
    )
