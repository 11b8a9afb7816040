"""Who somebody is: the signed-in human, or a recipient, as a light object made from one statement.

Rules read a `Person` and nothing else of the people tables (docs/style.md).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Select, String, and_, case, cast, exists, func, or_, select, type_coerce, union_all

from portal.accounts.models import Role, RoleGrant, User, UserSession
from portal.accounts.protection import shown_name_of
from portal.acts.models import Act, ActKind
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database.prepared import AnySelect, Prepared, param, params, prepared
from portal.database.tagged import Part, constant
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
from portal.school.names import ids_of_year_group, is_name_of, is_of_year_group, label_in
from portal.school.ties import holds, joined_on
from portal.school.year_groups.models import YearGroupParent
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class as lists and menus show it: its id, this year's label and its hue (1 to 12)."""

    id: int
    label: str
    hue: int


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a guardian, with the class of today (None between classes) and the kind of tie.

    `joined_on` is the day since when both have held: the child in that class, and the adult's tie to the child.
    """

    pupil_id: int
    name: str
    school_class: ClassRef | None
    kind: GuardianshipKind
    joined_on: date = date.min


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """An unopened notification: its kind and the class or council it is about, 0 for none."""

    kind: ActKind
    class_id: int
    council_id: int


@dataclass(frozen=True, slots=True)
class Person:
    """A human as rules and pages see them: roles, classes, children and council seats that hold today.

    `session_id` is 0 for somebody who is not signed in just now, such as a recipient of mail. `councils` are those a
    pupil sits in, as member or substitute; `speaks_in` those as a member. `year_groups` are those one is a parent of,
    each with all its classes. `unread` is what they have not opened, readable or not.
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
    year_groups: Mapping[int, frozenset[int]] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    own_class: ClassRef | None = None
    pupil_id: int = 0
    councils: frozenset[int] = frozenset()
    speaks_in: frozenset[int] = frozenset()
    chairs: frozenset[int] = frozenset()
    facilitates: frozenset[int] = frozenset()
    unread: tuple[UnreadLine, ...] = ()
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
    def joined_on(self) -> dict[int, date]:
        """Since when the person has been a guardian in each of `guardian_classes`: what is older was not for them."""
        days: dict[int, date] = {}
        for child in self.children:
            if (ref := child.school_class) and child.kind != GuardianshipKind.HELPER:
                days[ref.id] = min(child.joined_on, days.get(ref.id, date.max))
        return days

    @property
    def classes(self) -> dict[int, ClassRef]:
        """Every class this person belongs to, as guardian, team or pupil, by label."""
        own = {self.own_class.id: self.own_class} if self.own_class else {}
        return _by_label({**self.teams, **self.guardian_classes, **own})

    @property
    def event_classes(self) -> dict[int, ClassRef]:
        """The classes whose events concern this person, by label: their own, and those of children they help with."""
        helped = {child.school_class.id: child.school_class for child in self.children if child.school_class}
        return _by_label({**helped, **self.classes})

    def children_in(self, class_ids: Container[int]) -> list[Child]:
        """The person's own children in these classes, also those they only help with."""
        return [child for child in self.children if child.school_class and child.school_class.id in class_ids]

    @property
    def is_pupil(self) -> bool:
        """Whether this is a child's own account."""
        return self.pupil_id != 0

    @property
    def is_staff(self) -> bool:
        """Whether the person works here today: in a role, in a class team, or with a council."""
        return bool(self.roles or self.teams or self.facilitates)

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of the school-wide roles today."""
        return not self.roles.isdisjoint(roles)


def _by_label(classes: dict[int, ClassRef]) -> dict[int, ClassRef]:
    return dict(sorted(classes.items(), key=lambda one: (sort_key(one[1].label), one[0])))


#: Whoever does something: somebody, or the portal, when a command, a chore or a link that is opened does it.
Actor = Person | None
BY_ITSELF: Actor = None

_TODAY = param("today", date)
_YEAR = param("school_year", int)


def people(who: Select[*tuple[Any, ...]]) -> AnySelect:
    """Rows that describe persons, from a select of (user_id, session_id); needs `today` and `school_year`.

    One portable statement, for the signed-in one (by session digest) and for many recipients (by id) alike.
    """
    w = who.cte("who")
    parts = (
        _person,
        _roles,
        _teams,
        _represents,
        _year_groups,
        _children,
        _pupil,
        _council_seats,
        _facilitates,
        _unread,
    )
    return union_all(*(part(w) for part in parts))


_WHO = Part("person", "session_id", "name first_name language")
_ROLE = Part("role", "", "role")
_TEAM = Part("team", "class_id hue", "label function")
_REPRESENTS = Part("represents", "class_id")
_YEAR_GROUP = Part("year_group", "year_group class_id")
_CHILD = Part("child", "pupil_id class_id hue", "name label kind joined_on")
_PUPIL = Part("pupil", "pupil_id class_id hue", "label")
_SEAT = Part("council", "council_id is_chair is_substitute", "name")
_FACILITATES = Part("facilitates", "council_id", "name")
_UNREAD = Part("unread", "class_id council_id", "kind")
_PARTS = (_WHO, _ROLE, _TEAM, _REPRESENTS, _YEAR_GROUP, _CHILD, _PUPIL, _SEAT, _FACILITATES, _UNREAD)
_READ = {part.tag: part.read for part in _PARTS}


def _person(w: CTE) -> Select[*tuple[Any, ...]]:
    return (
        _WHO.select(
            w,
            session_id=w.c.session_id,
            name=shown_name_of(User),
            first_name=shown_name_of(User, User.first_name),
            language=func.coalesce(User.language, constant("")),
        )
        .join(User, User.id == w.c.user_id)
        .where(User.deactivated_at.is_(None))
    )


def _roles(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _ROLE.select(w, role=type_coerce(RoleGrant.role, String))
    return row.join(RoleGrant, RoleGrant.user_id == w.c.user_id).where(holds(RoleGrant, _TODAY))


def _teams(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _TEAM.select(
        w,
        class_id=TeamMember.class_id,
        hue=SchoolClass.hue,
        label=label_in(_YEAR),
        function=type_coerce(TeamMember.function, String),
    )
    tied = row.join(TeamMember, TeamMember.user_id == w.c.user_id).where(holds(TeamMember, _TODAY))
    return tied.join(SchoolClass, SchoolClass.id == TeamMember.class_id).join(ClassYear, is_name_of(_YEAR))


def _represents(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _REPRESENTS.select(w, class_id=Representative.class_id)
    return row.join(Representative, Representative.user_id == w.c.user_id).where(holds(Representative, _TODAY))


def _year_groups(w: CTE) -> Select[*tuple[Any, ...]]:
    """All classes of the years somebody is entered as a parent of."""
    row = _YEAR_GROUP.select(w, year_group=YearGroupParent.year_group, class_id=SchoolClass.id)
    chosen = row.join(YearGroupParent, (YearGroupParent.user_id == w.c.user_id) & holds(YearGroupParent, _TODAY))
    tied = chosen.join(SchoolClass, SchoolClass.id.in_(ids_of_year_group(YearGroupParent.year_group)))
    return tied.join(ClassYear, is_name_of(_YEAR)).where(is_of_year_group(YearGroupParent.year_group))


def _in_a_class(row: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With the class of today, if any: outer joins, since a child may be between two classes."""
    return (
        row.outerjoin(Enrolment, (Enrolment.pupil_id == Pupil.id) & holds(Enrolment, _TODAY))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(ClassYear, is_name_of(_YEAR))
    )


def _class_columns() -> dict[str, Any]:
    return {
        "class_id": func.coalesce(Enrolment.class_id, constant(0)),
        "hue": func.coalesce(SchoolClass.hue, constant(0)),
        "label": func.coalesce(label_in(_YEAR), constant("")),
    }


def _children(w: CTE) -> Select[*tuple[Any, ...]]:
    kind, since = type_coerce(Guardianship.kind, String), cast(joined_on(Enrolment, Guardianship), String)
    name = shown_name_of(Pupil, Pupil.first_name)
    row = _CHILD.select(w, pupil_id=Pupil.id, name=name, kind=kind, joined_on=since, **_class_columns())
    tied = row.join(Guardianship, Guardianship.guardian_id == w.c.user_id)
    return _in_a_class(tied.join(Pupil, Pupil.id == Guardianship.pupil_id)).where(holds(Guardianship, _TODAY))


def _pupil(w: CTE) -> Select[*tuple[Any, ...]]:
    row = _PUPIL.select(w, pupil_id=Pupil.id, **_class_columns())
    return _in_a_class(row.join(Pupil, Pupil.user_id == w.c.user_id))


def _council_seats(w: CTE) -> Select[*tuple[Any, ...]]:
    """Seats, where pupils sign in, of those still in the class that chose them: leaving it ends the seat by itself."""
    return (
        _SEAT.select(
            w,
            council_id=CouncilMember.council_id,
            is_chair=case((CouncilMember.is_chair, constant(1)), else_=constant(0)),
            is_substitute=case((CouncilMember.is_substitute, constant(1)), else_=constant(0)),
            name=Council.name,
        )
        .join(Pupil, Pupil.user_id == w.c.user_id)
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .join(Council, Council.id == CouncilMember.council_id)
        .join(Enrolment, (Enrolment.pupil_id == Pupil.id) & (Enrolment.class_id == CouncilMember.class_id))
        .where(Council.signs_in, holds(CouncilMember, _TODAY), holds(Enrolment, _TODAY))
    )


def _facilitates(w: CTE) -> Select[*tuple[Any, ...]]:
    """Councils of those who still work here: a leaver's other places end, and with them this one."""
    works_here = or_(
        exists().where(TeamMember.user_id == w.c.user_id, holds(TeamMember, _TODAY)),
        exists().where(RoleGrant.user_id == w.c.user_id, holds(RoleGrant, _TODAY)),
    )
    row = _FACILITATES.select(w, council_id=Facilitator.council_id, name=Council.name)
    tied = row.join(Facilitator, Facilitator.user_id == w.c.user_id)
    return tied.join(Council, Council.id == Facilitator.council_id).where(holds(Facilitator, _TODAY), works_here)


def _unread(w: CTE) -> Select[*tuple[Any, ...]]:
    """The unopened notifications: every page says how many, and an index of such rows finds them."""
    row = _UNREAD.select(
        w,
        class_id=func.coalesce(Delivery.class_id, constant(0)),
        council_id=func.coalesce(Delivery.council_id, constant(0)),
        kind=func.coalesce(type_coerce(Act.kind, String), constant("")),
    )
    # outer joins, since an inner one lets SQLite start at everybody's unopened rows
    of_person = and_(Delivery.user_id == w.c.user_id, UNOPENED)
    return row.outerjoin(Delivery, of_person).outerjoin(Act, Act.id == Delivery.act_id)


@prepared
def _signed_in() -> AnySelect:
    return people(
        select(UserSession.user_id, UserSession.id.label("session_id")).where(
            UserSession.token_digest == param("digest", str),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > param("now", datetime),
        )
    )


@prepared
def _by_id() -> AnySelect:
    wanted = User.id.in_(params("ids", int))
    return people(select(User.id.label("user_id"), constant(0).label("session_id")).where(wanted))


def load_signed_in(token_digest: str, *, now: datetime) -> Person | None:
    """The person behind a session's digest, or None when the session has ended: one statement."""
    found = _read(_signed_in, clock.day_of(now), digest=token_digest, now=now)
    return found[0] if found else None


def load_people(ids: Iterable[int], *, today: date) -> list[Person]:
    """The persons with these ids, in order of id; closed accounts are left out."""
    wanted = sorted(set(ids))
    return _read(_by_id, today, ids=wanted) if wanted else []


def _read(statement: Prepared[()], today: date, **values: Any) -> list[Person]:
    rows = statement.rows(**values, today=today, school_year=clock.school_year(today))
    by_user: dict[int, dict[str, list[Any]]] = {}
    for row in rows:
        by_user.setdefault(row.user_id, {}).setdefault(row.tag, []).append(_READ[row.tag](row))
    return [_made(by_tag) for _, by_tag in sorted(by_user.items()) if _may_be_here(by_tag)]


def _may_be_here(tags: Container[str]) -> bool:
    """Whether the account is open. A pupil's is open only while sitting in a council (domain 3.1)."""
    return _WHO.tag in tags and (_PUPIL.tag not in tags or _SEAT.tag in tags)


def _class_ref(row: Any) -> ClassRef | None:
    return ClassRef(row.class_id, row.label, row.hue) if row.class_id else None


def _made(by_tag: Mapping[str, Sequence[Any]]) -> Person:
    def rows(part: Part) -> Sequence[Any]:
        return by_tag.get(part.tag, ())

    (who,) = rows(_WHO)
    children = tuple(
        Child(row.pupil_id, row.name, _class_ref(row), GuardianshipKind(row.kind), date.fromisoformat(row.joined_on))
        for row in sorted(rows(_CHILD), key=lambda row: (sort_key(row.label), sort_key(row.name), row.pupil_id))
    )
    guardian_of = {c.school_class.id for c in children if c.school_class and c.kind != GuardianshipKind.HELPER}
    teams = sorted(rows(_TEAM), key=lambda row: sort_key(row.label))
    pupil = next(iter(rows(_PUPIL)), None)
    seats, facilitates, years = rows(_SEAT), rows(_FACILITATES), rows(_YEAR_GROUP)
    return Person(
        id=who.user_id,
        name=who.name,
        first_name=who.first_name,
        language=who.language or None,
        session_id=who.session_id,
        roles=frozenset(Role(row.role) for row in rows(_ROLE)),
        teams={row.class_id: ClassRef(row.class_id, row.label, row.hue) for row in teams},
        teaches=frozenset(row.class_id for row in teams if row.function == TeamFunction.CLASS_TEACHER),
        represents=frozenset(row.class_id for row in rows(_REPRESENTS)) & guardian_of,
        year_groups={
            row.year_group: frozenset(other.class_id for other in years if other.year_group == row.year_group)
            for row in years
            if row.class_id in guardian_of
        },
        children=children,
        own_class=_class_ref(pupil) if pupil else None,
        pupil_id=pupil.pupil_id if pupil else 0,
        councils=frozenset(row.council_id for row in seats),
        speaks_in=frozenset(row.council_id for row in seats if not row.is_substitute),
        chairs=frozenset(row.council_id for row in seats if row.is_chair),
        facilitates=frozenset(row.council_id for row in facilitates),
        council_names={row.council_id: row.name for row in [*seats, *facilitates]},
        unread=tuple(UnreadLine(ActKind(row.kind), row.class_id, row.council_id) for row in rows(_UNREAD) if row.kind),
    )
