"""Publishing the school's material for parent meetings, and what a file of it may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, RuleViolation
from portal.parent_meetings.material import queries
from portal.parent_meetings.material.models import FileKind, MaterialFile, MaterialYear, MeetingMaterial
from portal.people import Person
from portal.school.terms import open_years
from portal.text import clock
from portal.text.addresses import is_web_address

#: What fits on a slow line in a classroom, and a school's slides do.
LARGEST_FILE = 5 * 1024 * 1024
LONGEST_NAME = 80
MOST_LINKS = 10
#: The first bytes of each kind, and the end that its name is given.
_BEGINS = {
    FileKind.PDF: (b"%PDF-", ".pdf"),
    FileKind.PNG: (b"\x89PNG\r\n\x1a\n", ".png"),
    FileKind.JPEG: (b"\xff\xd8\xff", ".jpg"),
}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed: the text, a link a line, a new file, or the one of the version before."""

    body: str
    links: str
    file: NewFile | None
    keeps_file: bool


def publish_material(
    year: MaterialYear, draft: Draft, *, version: int, actor: Person, now: datetime
) -> MeetingMaterial:
    """Put a new version in the place of version `version` (0 when there was none): every meeting to come shows it.

    Meetings that have shown an earlier one keep it. Raises Conflict when somebody has published since, and
    RuleViolation for a school year that is not open, the same thing again, lines that are no links, and a file that is
    too large or something else than a PDF, a PNG or a JPEG.
    """
    wait_for_turn_at(f"the material of {year.school_year}")
    if year.school_year not in open_years(clock.day_of(now)):
        raise RuleViolation(N_("That school year is over. Its meetings keep what they have shown."))
    newest = queries.list_versions(year.school_year)
    check_unchanged(newest[0].number if newest else 0, version)
    links = _read_links(draft.links)
    before = queries.get_material(year.school_year, version) if version else None
    written = MeetingMaterial(
        school_year=year.school_year,
        number=version + 1,
        body=draft.body,
        links=links,
        file_id=None,
        file_name="",
        file_kind=None,
        published_at=now,
        published_by_id=actor.id,
    )
    if draft.file is not None:
        kind = kind_of(draft.file.content)
        file = MaterialFile(content=draft.file.content)
        db.session.add(file)
        db.session.flush()
        written.file_id, written.file_name, written.file_kind = file.id, file_name(draft.file.name, kind), kind
    elif draft.keeps_file and before is not None:
        written.file_id, written.file_name, written.file_kind = before.file_id, before.file_name, before.file_kind
    if before is not None and _says(before) == _says(written):
        raise RuleViolation(N_("This is word for word what already holds."))
    db.session.add(written)
    acts.note(actor, ActKind.MEETING_MATERIAL_PUBLISHED, written, now=now)
    return written


def _says(material: MeetingMaterial) -> tuple[object, ...]:
    return material.body, material.links, material.file_id


def kind_of(content: bytes) -> FileKind:
    """What a file is, by its first bytes. Raises RuleViolation for any other kind, and a large one."""
    if len(content) > LARGEST_FILE:
        raise RuleViolation(N_("The file is larger than %(most)s MB. Make it smaller first."), most=LARGEST_FILE >> 20)
    for kind, (begins, _) in _BEGINS.items():
        if content.startswith(begins):
            return kind
    raise RuleViolation(N_("Choose a PDF, a PNG or a JPEG. From a presentation you can save a PDF."))


def file_name(name: str, kind: FileKind) -> str:
    """A file's name as it is offered again: one line, no folders, and the ending of what it is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    kept = "".join(c for c in stem if c.isalnum() or c in " -_()").strip()[:LONGEST_NAME]
    return (kept or "materiale") + _BEGINS[kind][1]


def _read_links(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        raise RuleViolation(N_("Choose %(most)s links at most."), most=MOST_LINKS)
    for line in lines:
        if not is_web_address(line.partition(" ")[0]):
            raise RuleViolation(
                N_("“%(line)s” is no link. Begin each line with the address: https://… and then what it is called."),
                line=line,
            )
    return "\n".join(lines)
