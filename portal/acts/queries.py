"""Finding what was done. Who may read which act is decided in the statement itself, and so are the names in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from portal.accounts.models import Role, User
from portal.accounts.protection import is_hidden_in, shown_name_of
from portal.acts.models import Act
from portal.acts.words import OF_EVENT, WORDS, ActGroup
from portal.database.prepared import AnySelect, param, params, prepared
from portal.events.models import ClassEvent, EventOrganiser
from portal.people import Person
from portal.school.access.models import AccessClosure
from portal.school.models import ClassYear, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.ties import lasts
from portal.text import clock
from portal.text.collation import folded

ACTS_PER_PAGE = 50
#: More words than this are in no name.
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts somebody looks for: a person by words of the name, one group, from one day to another."""

    person: str = ""
    group: ActGroup | None = None
    since: date | None = None
    until: date | None = None


def groups_of(person: Person) -> list[ActGroup]:
    """What the person may look through: closed access is the leadership's, who helps with a child the office's."""
    hidden = set() if person.has(Role.LEADERSHIP) else {ActGroup.ACCESS}
    hidden |= set() if person.has(Role.OFFICE) else {ActGroup.HELPERS}
    return [group for group in ActGroup if group not in hidden]


def list_acts(
    reader: Person, wanted: Wanted, *, before: int | None = None
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """A page of what was done, newest first, and the act to go on before, 0 at the end.

    Without a group everything but signing in, which would drown the rest.
    """
    words = folded(wanted.person).split()[:MOST_WORDS]
    if wanted.person.strip() and not words:
        return [], 0  # signs that are in no name
    groups = groups_of(reader)
    chosen = [wanted.group] if wanted.group else [group for group in groups if group != ActGroup.SIGNING_IN]
    kinds = sorted(kind for kind, said in WORDS.items() if said.group in chosen and said.group in groups)
    if not kinds:
        return [], 0
    values: dict[str, Any] = {f"word_{place}": _like(word) for place, word in enumerate(words)}
    bounds = {
        "before": before,
        "since": wanted.since and clock.at_school(wanted.since, time()),
        "until": wanted.until and clock.at_school(wanted.until + timedelta(days=1), time()),
    }
    given = {name: value for name, value in bounds.items() if value is not None}
    statement = _acts.of(len(words), frozenset(given), reader.has(Role.OFFICE))
    rows = statement.rows(kinds=kinds, reader=reader.id, now=clock.now(), today=clock.today(), **values, **given)
    shown = rows[:ACTS_PER_PAGE]
    return shown, shown[-1].id if len(rows) > len(shown) else 0


def _like(word: str) -> str:
    escaped = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"


@prepared
def _acts(word_count: int, given: frozenset[str], is_office: bool) -> AnySelect:
    actor, about = aliased(User), aliased(User)
    statement = (
        select(
            Act.id,
            Act.kind,
            Act.subject_id,
            Act.at,
            Act.detail,
            Act.actor_id,
            Act.about_id,
            *_named(actor, "actor"),
            *_named(about, "about"),
        )
        .outerjoin(actor, actor.id == Act.actor_id)
        .outerjoin(about, about.id == Act.about_id)
        .where(
            type_coerce(Act.kind, String).in_(params("kinds", str)),
            ~_is_kept_from(param("reader", int)),
            ~_is_not_out_for(param("reader", int)),
        )
        .order_by(Act.id.desc())
        .limit(ACTS_PER_PAGE + 1)
    )
    bounds: dict[str, ColumnElement[bool]] = {
        "before": Act.id < param("before", int),
        "since": Act.at >= param("since", datetime),
        "until": Act.at < param("until", datetime),
    }
    statement = statement.where(*(bound for name, bound in bounds.items() if name in given))
    if word_count:
        found = select(User.id).where(
            *(_is_named(place) for place in range(word_count)),
            ~_is_pupil(User),
            *([] if is_office else [~_is_helper(User)]),
        )
        statement = statement.where(or_(Act.actor_id.in_(found), Act.about_id.in_(found)))
    return statement


def _named(who: Any, name: str) -> tuple[Any, ...]:
    return (
        func.coalesce(shown_name_of(who), "").label(f"{name}_name"),
        _is_pupil(who).label(f"{name}_is_pupil"),
        _is_helper(who).label(f"{name}_is_helper"),
    )


def _is_pupil(who: Any) -> ColumnElement[bool]:
    return exists().where(Pupil.user_id == who.id)


def _is_helper(who: Any) -> ColumnElement[bool]:
    """Whether somebody was brought in to help with a child: the office alone knows who helps."""
    helps = exists().where(Guardianship.guardian_id == who.id, Guardianship.kind == GuardianshipKind.HELPER)
    return and_(who.external_id.is_(None), helps)


def _is_named(place: int) -> ColumnElement[bool]:
    """Whether a word stands in the name that others see: nobody is found here by a name they keep to themselves."""
    word: ColumnElement[str] = param(f"word_{place}", str)
    hidden = is_hidden_in(User)
    return or_(
        and_(~hidden, User.search_name.like(word, escape="/")),
        and_(hidden, func.lower(User.alias).like(word, escape="/")),
    )


def _is_kept_from(reader: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether an act is about access to a child of whom the reader is an adult (domain 3.1)."""
    return and_(
        type_coerce(Act.kind, String).in_(
            [kind.value for kind, said in WORDS.items() if said.group == ActGroup.ACCESS]
        ),
        exists().where(
            AccessClosure.id == Act.subject_id,
            Guardianship.pupil_id == AccessClosure.pupil_id,
            Guardianship.guardian_id == reader,
            lasts(Guardianship, param("today", date)),
        ),
    )


def _is_not_out_for(reader: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether an act is about an event that is not out, or never was, and that the reader does not organise."""
    organises = exists().where(EventOrganiser.event_id == ClassEvent.id, EventOrganiser.user_id == reader)
    is_known = or_(ClassEvent.out_at <= param("now", datetime), organises)
    return and_(
        type_coerce(Act.kind, String).in_([kind.value for kind in OF_EVENT]),
        ~exists().where(ClassEvent.id == Act.subject_id, is_known),
    )


def list_labels(class_ids: Collection[int], *, today: date) -> Mapping[int, str]:
    """What these classes are called today."""
    if not class_ids:
        return {}
    return {row.id: row.label for row in _labels.rows(ids=sorted(class_ids), school_year=clock.school_year(today))}


@prepared
def _labels() -> AnySelect:
    year = param("school_year", int)
    return (
        select(SchoolClass.id, label_in(year).label("label"))
        .join(ClassYear, is_name_of(year))
        .where(SchoolClass.id.in_(params("ids", int)))
    )


def list_children(pupil_ids: Collection[int]) -> Mapping[int, str]:
    """What others call these children."""
    return {row.id: row.name for row in _children.rows(ids=sorted(pupil_ids))} if pupil_ids else {}


@prepared
def _children() -> AnySelect:
    return select(Pupil.id, shown_name_of(Pupil).label("name")).where(Pupil.id.in_(params("ids", int)))
