"""Reading initiatives: of a class, of a council, of the school, and of every class for those who look after all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from portal.accounts.models import Role, RoleGrant
from portal.acts.models import Act, ActKind, WaitingAct
from portal.council.models import Council
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.initiatives.models import CouncilRef, Initiative, InitiativeClause, InitiativeToRead, Whose
from portal.name_guard.guard import protected_names_of_school
from portal.notifications.models import Delivery, DeliveryState
from portal.people import Person
from portal.school.models import ClassYear, SchoolClass, TeamFunction
from portal.school.names import is_name_of, label_in
from portal.school.queries import list_guardian_ids, list_team
from portal.school.ties import has_nobody_left, holds
from portal.strategy.kinds import ClauseKind, EditionState
from portal.strategy.models import Clause, Edition, Section
from portal.text import clock, richtext

_YEAR = param("school_year", int)
_COLUMNS = (
    Initiative.id,
    Initiative.class_id,
    Initiative.council_id,
    Initiative.title,
    Initiative.details,
    Initiative.starts_on,
    Initiative.ends_on,
    Initiative.with_akt,
    Initiative.closed_on,
    Initiative.closed_by_id,
    Initiative.outcome,
)
_NEWEST_FIRST = (Initiative.starts_on.desc(), Initiative.id.desc())


def get_initiative(initiative_id: int) -> Initiative | None:
    """An initiative, to be changed."""
    return by_id(Initiative, initiative_id)


def get_initiative_to_read(initiative_id: int) -> InitiativeToRead | None:
    """An initiative with what its class is called today, or its council: one statement."""
    row = _to_read.row(initiative_id=initiative_id, school_year=clock.school_year(clock.today()))
    return InitiativeToRead(*row) if row else None


@prepared
def _to_read() -> AnySelect:
    return (
        select(
            Initiative.id,
            Initiative.class_id,
            Initiative.council_id,
            Initiative.title,
            Initiative.details,
            Initiative.starts_on,
            Initiative.ends_on,
            Initiative.with_akt,
            Initiative.started_at,
            Initiative.closed_on,
            Initiative.closed_at,
            Initiative.closed_by_id,
            Initiative.outcome,
            Initiative.version,
            func.coalesce(label_in(_YEAR), "").label("label"),
            func.coalesce(SchoolClass.hue, 0).label("hue"),
            func.coalesce(Council.name, "").label("council_name"),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Initiative.class_id)
        .outerjoin(ClassYear, is_name_of(_YEAR))
        .outerjoin(Council, Council.id == Initiative.council_id)
        .where(Initiative.id == param("initiative_id", int))
    )


def get_council_ref(council_id: int) -> CouncilRef | None:
    """A council by its name."""
    row = _council.row(council_id=council_id)
    return CouncilRef(*row) if row else None


@prepared
def _council() -> AnySelect:
    return select(Council.id, Council.name).where(Council.id == param("council_id", int))


def list_of_class(class_id: int) -> Sequence[Any]:
    """What a class does and has done, the latest begun first."""
    return _of_class.rows(class_id=class_id)


@prepared
def _of_class() -> AnySelect:
    return select(*_COLUMNS).where(Initiative.class_id == param("class_id", int)).order_by(*_NEWEST_FIRST)


def list_of_all() -> Sequence[Any]:
    """What the school and its councils do and have done: the school first, then the councils from the youngest on.

    Of each the latest begun stands first, with its council's name, or "" where it is the school's.
    """
    return _of_all.rows()


@prepared
def _of_all() -> AnySelect:
    return _of_councils().order_by(func.coalesce(Council.lowest_grade, -1), Initiative.council_id, *_NEWEST_FIRST)


def _of_councils() -> Select[*tuple[Any, ...]]:
    named = select(*_COLUMNS, func.coalesce(Council.name, "").label("council_name"))
    return named.outerjoin(Council, Council.id == Initiative.council_id).where(Initiative.class_id.is_(None))


def list_running_of_council(council_id: int) -> Sequence[Any]:
    """What a council has begun and not closed, the latest begun first."""
    return _running_of_council.rows(council_id=council_id)


@prepared
def _running_of_council() -> AnySelect:
    own = and_(Initiative.council_id == param("council_id", int), Initiative.closed_on.is_(None))
    return select(*_COLUMNS).where(own).order_by(*_NEWEST_FIRST)


def list_in_year(council_id: int, first: date, last: date) -> Sequence[Any]:
    """What a council and the whole school began from one day to another, the first begun first."""
    return _in_year.rows(council_id=council_id, first=first, last=last)


@prepared
def _in_year() -> AnySelect:
    is_told = or_(Initiative.council_id == param("council_id", int), Initiative.council_id.is_(None))
    within = Initiative.starts_on.between(param("first", date), param("last", date))
    return _of_councils().where(is_told, within).order_by(Initiative.starts_on, Initiative.id)


def list_running_in_classes(*, today: date) -> Sequence[Any]:
    """What classes have begun and not closed, by the day on which it is to end, with each class as it is called."""
    return _running_in_classes.rows(school_year=clock.school_year(today))


@prepared
def _running_in_classes() -> AnySelect:
    return _in_classes().where(Initiative.closed_on.is_(None)).order_by(Initiative.ends_on, Initiative.id)


def list_closed_in_classes(*, today: date) -> Sequence[Any]:
    """What classes have closed that they began in the school year of a day, the latest closed first."""
    year = clock.school_year(today)
    return _closed_in_classes.rows(school_year=year, first=clock.first_day(year), last=clock.last_day(year))


@prepared
def _closed_in_classes() -> AnySelect:
    within = Initiative.starts_on.between(param("first", date), param("last", date))
    closed = _in_classes().where(Initiative.closed_on.is_not(None), within)
    return closed.order_by(Initiative.closed_on.desc(), Initiative.id.desc())


def _in_classes() -> Select[*tuple[Any, ...]]:
    named = select(*_COLUMNS, label_in(_YEAR).label("label"), SchoolClass.hue)
    joined = named.join(SchoolClass, SchoolClass.id == Initiative.class_id)
    return joined.join(ClassYear, is_name_of(_YEAR))


def list_points(initiative_id: int) -> Sequence[Any]:
    """The promises an initiative is about as today's strategy words them, in its order; no words where one is gone."""
    return _points.rows(initiative_id=initiative_id)


@prepared
def _points() -> AnySelect:
    # its id as a value, or SQLite reads the whole strategy
    approved = select(Edition.id).where(Edition.state == EditionState.APPROVED).scalar_subquery()
    today = and_(Clause.key == InitiativeClause.clause_key, Clause.edition_id == approved)
    return (
        select(InitiativeClause.clause_key, Clause.kind, Clause.text)
        .select_from(InitiativeClause)
        .outerjoin(Clause, today)
        .outerjoin(Section, Section.id == Clause.section_id)
        .where(InitiativeClause.initiative_id == param("initiative_id", int))
        .order_by(Clause.id.is_(None), Section.position, Clause.position, InitiativeClause.clause_key)
    )


def list_kept_points(initiative_id: int) -> Sequence[Any]:
    """Those of its points that can be chosen no more, which it keeps: gone from the strategy, or no promise by now."""
    return [row for row in list_points(initiative_id) if not _is_promise(row)]


def _is_promise(row: Any) -> bool:
    return row.text is not None and row.kind is not ClauseKind.SUBHEADING and not richtext.is_external(row.text)


def list_keys_of_today() -> set[str]:
    """The keys of the promises that stand in the strategy of today."""
    return {row.key for row in _keys_of_today.rows()}


@prepared
def _keys_of_today() -> AnySelect:
    in_text = select(Clause.key).join(Edition, Edition.id == Clause.edition_id)
    return in_text.where(Edition.state == EditionState.APPROVED)


def list_begun_about(first: date, last: date) -> set[str]:
    """The keys of all promises about which anybody began something between two days. One statement."""
    return {row.clause_key for row in _begun_about.rows(first=first, last=last)}


@prepared
def _begun_about() -> AnySelect:
    within = Initiative.starts_on.between(param("first", date), param("last", date))
    about = InitiativeClause.initiative_id == Initiative.id
    return select(InitiativeClause.clause_key).join(Initiative, about).where(within).distinct()


def list_running_titles(whose: Whose, *, but_id: int | None = None) -> list[str]:
    """What those that are not closed are called, of a class, a council or the school, without one of them."""
    rows = _running_titles.rows(class_id=whose.class_id, council_id=whose.council_id)
    return [row.title for row in rows if row.id != but_id]


@prepared
def _running_titles() -> AnySelect:
    own = (
        Initiative.class_id.is_not_distinct_from(param("class_id", int)),
        Initiative.council_id.is_not_distinct_from(param("council_id", int)),
    )
    return select(Initiative.id, Initiative.title).where(*own, Initiative.closed_on.is_(None))


def is_there(initiative_id: int) -> bool:
    """Whether nobody has taken it back."""
    return bool(_is_there.rows(initiative_id=initiative_id))


@prepared
def _is_there() -> AnySelect:
    return select(Initiative.id).where(Initiative.id == param("initiative_id", int))


def titles_of(initiative_ids: Collection[int], reader: Person) -> Mapping[int, str]:
    """What those of these initiatives of classes are called that the reader may see: one statement."""
    sees_all = reader.has(Role.LEADERSHIP, Role.AKT)
    classes = {} if sees_all else {"class_ids": [*reader.teams, *reader.guardian_classes]}
    return {row.id: row.title for row in _titles.of(sees_all).rows(ids=list(initiative_ids), **classes)}


@prepared
def _titles(of_all_classes: bool) -> AnySelect:
    wanted = select(Initiative.id, Initiative.title).where(Initiative.id.in_(params("ids", int)))
    return wanted if of_all_classes else wanted.where(Initiative.class_id.in_(params("class_ids", int)))


def list_recipients(initiative: Initiative, today: date) -> set[int]:
    """Who is told of a class's own: its custody and foster guardians, as of today. Of all others nobody is."""
    return list_guardian_ids(initiative.class_id, today=today) if initiative.class_id is not None else set()


def list_akt(initiative: Initiative, today: date) -> set[int]:
    """Those who are AKT today, and the leadership where nobody is."""
    return _having(Role.AKT, today) or _having(Role.LEADERSHIP, today)


def list_keepers_of_names(initiative: Initiative, today: date) -> set[int]:
    """Who is told that one holds a protected name: its class's teachers or team for a child of it, else the leadership.

    Of what is a council's, the school's or names a child of another class, those alone know the name and read the page.
    """
    classes = frozenset().union(*protected_names_of_school(initiative.text, today=today).values())
    keepers: set[int] = set()
    if initiative.class_id in classes:
        team = list_team(initiative.class_id, today=today)
        teachers = {one.user_id for one in team if one.function == TeamFunction.CLASS_TEACHER}
        keepers = teachers or {one.user_id for one in team}
    return keepers if keepers and classes == {initiative.class_id} else keepers | _having(Role.LEADERSHIP, today)


def _having(role: Role, today: date) -> set[int]:
    return set(db.session.scalars(select(RoleGrant.user_id).where(RoleGrant.role == role, holds(RoleGrant, today))))


def is_told(kind: ActKind, initiative_id: int) -> bool:
    """Whether people stand to be told of such an act of it, or were and have it in their lists."""
    acts = select(Act.id).where(Act.kind == kind, Act.subject_id == initiative_id)
    waits = exists().where(WaitingAct.act_id.in_(acts))
    stands = exists().where(Delivery.act_id.in_(acts), Delivery.state != DeliveryState.DROPPED)
    return bool(db.session.scalar(select(or_(waits, stands))))


def list_left_behind(today: date) -> list[int]:
    """Those not closed of classes in which no child is any more, nor will be."""
    return [row.id for row in _left_behind.rows(today=today)]


@prepared
def _left_behind() -> AnySelect:
    empty = has_nobody_left(Initiative.class_id, param("today", date))
    running = and_(Initiative.class_id.is_not(None), Initiative.closed_on.is_(None))
    return select(Initiative.id).where(running, empty).order_by(Initiative.id)
