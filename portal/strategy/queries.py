"""Finding editions of the strategy, their text, the history of a clause, and the links marked as dead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ScalarSelect,
    Select,
    func,
    select,
)
from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Role
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.people import Person
from portal.strategy.changes import Text
from portal.strategy.document import Block, Document
from portal.strategy.document import Section as DocumentSection
from portal.strategy.kinds import ClauseKind, EditionState
from portal.strategy.matching import KeyedText
from portal.strategy.models import Clause, DeadLink, Edition, Section

LONGEST_KEY = 32


class TextRow(NamedTuple):
    """One clause with its section, in the order of the text; a section without clauses has one row without a key."""

    section: int
    heading: str
    plain_summary: str
    key: str | None
    kind: ClauseKind
    text: str


class Wording(NamedTuple):
    """A clause as one edition has it, and its section in short; `section` and `clause` are its number (2.1), or 0."""

    key: str
    kind: ClauseKind
    text: str
    heading: str
    plain_summary: str
    position: int
    section: int
    clause: int
    edition: int
    state: EditionState
    approved_on: date | None
    language: str


def get_current() -> Edition | None:
    """The edition that holds now."""
    found: Edition | None = _in_state.of(EditionState.APPROVED).entity()
    return found


def get_draft() -> Edition | None:
    """The edition being prepared."""
    found: Edition | None = _in_state.of(EditionState.DRAFT).entity()
    return found


def get_readable_draft(person: Person | None) -> Edition | None:
    """The edition being prepared, for whoever may read it: nobody else's page asks for it."""
    return get_draft() if _reads_drafts(person) else None


def _reads_drafts(person: Person | None) -> bool:
    return person is not None and person.has(Role.OFFICE, Role.LEADERSHIP, Role.BOARD_SECRETARY)


@prepared
def _in_state(state: EditionState) -> AnySelect:
    return select(Edition).where(Edition.state == state)


def get_edition(number: int) -> Edition | None:
    """An edition by its number."""
    edition: Edition | None = _numbered.entity(number=number)
    return edition


@prepared
def _numbered() -> AnySelect:
    return select(Edition).where(Edition.number == param("number", int))


def _editions(reads_drafts: bool) -> Select[Edition]:
    everything = select(Edition)
    return everything if reads_drafts else everything.where(Edition.state != EditionState.DRAFT)


def list_editions(person: Person | None) -> Sequence[Edition]:
    """The editions the person may read, newest first."""
    return _newest_first.of(_reads_drafts(person)).entities()


@prepared
def _newest_first(reads_drafts: bool) -> AnySelect:
    return _editions(reads_drafts).order_by(Edition.number.desc())


def list_text(edition_id: int) -> list[TextRow]:
    """A whole edition in order: one statement."""
    return [TextRow(*row) for row in _text.rows(edition_id=edition_id)]


@prepared
def _text() -> AnySelect:
    return (
        select(
            Section.position,
            Section.heading,
            Section.plain_summary,
            Clause.key,
            func.coalesce(Clause.kind, ClauseKind.PARAGRAPH),
            func.coalesce(Clause.text, ""),
        )
        .outerjoin(Clause, Clause.section_id == Section.id)
        .where(Section.edition_id == param("edition_id", int))
        .order_by(Section.position, Clause.position)
    )


def get_text(edition: Edition) -> Text:
    """An edition as it is compared with another."""
    sections: list[tuple[str, str]] = []
    clauses: list[KeyedText] = []
    for place, ((_, heading, summary), rows) in enumerate(groupby(list_text(edition.id), key=_section_of)):
        sections.append((heading, summary))
        clauses += [KeyedText(heading, row.kind, row.text, row.key, place=place) for row in rows if row.key is not None]
    return Text(edition.title, tuple(sections), tuple(clauses))


def get_document(edition: Edition) -> Document:
    """An edition as a file holds it."""
    sections = groupby(list_text(edition.id), key=_section_of)
    return Document(
        title=edition.title,
        sections=tuple(
            DocumentSection(heading, tuple(Block(row.kind, row.text) for row in rows if row.key is not None), summary)
            for (_, heading, summary), rows in sections
        ),
        approved_on=edition.approved_on,
        revised_on=edition.revised_on,
        approved_by=edition.approved_by,
        language=edition.language,
    )


def _section_of(row: TextRow) -> tuple[int, str, str]:
    return row.section, row.heading, row.plain_summary


def get_clause(key: str) -> Clause | None:
    """A clause of the strategy that holds now, with its section and edition."""
    if not _may_be_key(key):
        return None
    clause: Clause | None = _clause.entity(key=key)
    return clause


@prepared
def _clause() -> AnySelect:
    return (
        select(Clause)
        .join(Clause.section)
        .join(Section.edition)
        .options(contains_eager(Clause.section).contains_eager(Section.edition))
        .where(Clause.key == param("key", str), Edition.state == EditionState.APPROVED)
    )


def title_of(section: Section) -> str:
    """A section's heading, with its number before it where another of the edition has the same one."""
    statement = select(Section.position, Section.heading).where(
        Section.edition_id == section.edition_id, Section.heading != ""
    )
    return section_titles({row[0]: row[1] for row in db.session.execute(statement.order_by(Section.position))}).get(
        section.position, ""
    )


def section_titles(headings: Mapping[int, str]) -> dict[int, str]:
    """What each section is called, by its position: its heading, with its number where two have the same one."""
    many = Counter(headings.values())
    return {
        position: f"{number}. {heading}" if many[heading] > 1 else heading
        for number, (position, heading) in enumerate(headings.items(), start=1)
    }


def list_wordings(key: str, person: Person | None) -> list[Wording]:
    """The clause in every edition the person may read, newest first."""
    if not _may_be_key(key):
        return []
    return [Wording(*row) for row in _wordings.of(_reads_drafts(person)).rows(key=key)]


@prepared
def _wordings(reads_drafts: bool) -> AnySelect:
    return (
        select(
            Clause.key,
            Clause.kind,
            Clause.text,
            Section.heading,
            Section.plain_summary,
            Section.position,
            _section_number(),
            _clause_number(),
            Edition.number,
            Edition.state,
            Edition.approved_on,
            Edition.language,
        )
        .join(Section, Section.id == Clause.section_id)
        .join(Edition, Edition.id == Section.edition_id)
        .where(
            Clause.key == param("key", str),
            Edition.id.in_(_editions(reads_drafts).with_only_columns(Edition.id)),
        )
        .order_by(Edition.number.desc())
    )


def _section_number() -> ScalarSelect[Any]:
    """The number of the clause's section: the introduction, which has no heading, has none."""
    other = aliased(Section)
    return (
        select(func.count())
        .where(
            other.edition_id == Section.edition_id,
            other.position <= Section.position,
            other.heading != "",
            Section.heading != "",
        )
        .correlate(Section)
        .scalar_subquery()
    )


def _clause_number() -> ScalarSelect[Any]:
    """The clause's number among the bullets of its section; 0 for what is no bullet."""
    other = aliased(Clause)
    return (
        select(func.count())
        .where(
            other.section_id == Clause.section_id,
            other.position <= Clause.position,
            other.kind == ClauseKind.BULLET,
            Clause.kind == ClauseKind.BULLET,
        )
        .correlate(Clause)
        .scalar_subquery()
    )


def latest_number() -> int:
    """The number of the newest edition, drafts included; 0 when there is none."""
    return db.session.scalar(select(func.max(Edition.number))) or 0


def list_keys() -> set[str]:
    """Every key that is in use in any edition."""
    return set(db.session.scalars(select(Clause.key).distinct()))


def list_dead_links() -> dict[str, DeadLink]:
    """The links the office has marked as dead, by address."""
    return {link.url: link for link in _dead_links.entities()}


@prepared
def _dead_links() -> AnySelect:
    return select(DeadLink).order_by(DeadLink.url)


def list_dead_notes() -> dict[str, str]:
    """What the office says about each link it has marked as dead, by address."""
    return {url: note for url, note in _dead_notes.rows()}


@prepared
def _dead_notes() -> AnySelect:
    return select(DeadLink.url, DeadLink.note).order_by(DeadLink.url)


def get_dead_link(link_id: int) -> DeadLink | None:
    """A link marked as dead."""
    return by_id(DeadLink, link_id)


def _may_be_key(key: str) -> bool:
    """Whether it is worth asking for: an address can hold characters that no database takes."""
    return key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY
