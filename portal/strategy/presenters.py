"""The strategy as people read it: numbered and linked, dead links marked, and changes as with a red pencil."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from html import unescape
from itertools import groupby

from markupsafe import Markup

from portal.strategy.changes import Change, Comparison, SectionChanges
from portal.strategy.document import Block
from portal.strategy.kinds import ClauseKind, EditionState
from portal.strategy.models import Edition
from portal.strategy.queries import TextRow, Wording, section_titles
from portal.text import richtext
from portal.text.redline import redline_html
from portal.web.dates import long_date, month_and_year
from portal.web.language import gettext

# What richtext has rendered: only a link holds an unescaped "<a ", and its address always comes first.
_LINK = re.compile(r'<a href="([^"]*)"')
WORDS_A_MINUTE = 180
#: So much of a promise stands where promises are chosen.
CHOICE_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a clause up to the end of a link, which the page closes: it may say there that the link is dead."""

    html: Markup
    ends_link: bool = False
    is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One clause on the page; `number` is "2.1" for a bullet and empty for what stands between them."""

    key: str
    kind: ClauseKind
    number: str
    text: str
    dead_links: Mapping[str, str]

    @property
    def pieces(self) -> list[Piece]:
        """The words with their links, in pieces that end where a link does."""
        *linked, rest = clause_html(self.kind, self.text).split("</a>")
        return [
            *(Piece(html, ends_link=True, is_dead=_links(html)[-1] in self.dead_links) for html in linked),
            Piece(rest),
        ]

    @property
    def plain(self) -> str:
        """The words as they are printed, each address after them in brackets."""
        return richtext.plain(_markdown(self.kind, self.text))

    @property
    def notes(self) -> list[str]:
        """What the office says about the dead links in it."""
        return [note for _, note in self._dead_links() if note]

    @property
    def notices(self) -> list[str]:
        """The same for paper, where no mark stands beside a link."""
        says = gettext("This link no longer works:")  # not within an f-string, where nobody collects it
        return [f"{says} {url} {note}".rstrip() for url, note in self._dead_links()]

    def _dead_links(self) -> list[tuple[str, str]]:
        if not self.dead_links:
            return []
        return [(url, self.dead_links[url]) for url in links_in(self.kind, self.text) if url in self.dead_links]


@dataclass(frozen=True, slots=True)
class Run:
    """Clauses that follow each other: a list of bullets, or what stands alone."""

    is_list: bool
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page; the introduction has no number and no heading."""

    number: int
    heading: str
    summary: Markup | str
    summary_words: str
    runs: tuple[Run, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"section-{self.number}" if self.number else "introduction"

    @property
    def first_key(self) -> str:
        """The clause by which the section is known in every edition; empty for one without clauses."""
        return next((run.paragraphs[0].key for run in self.runs), "")

    @property
    def clause_count(self) -> int:
        """How many bullets it has."""
        return sum(len(run.paragraphs) for run in self.runs if run.is_list)

    @property
    def label(self) -> str:
        """Its heading as a list of contents shows it."""
        return f"{self.number}. {self.heading}" if self.number else gettext("Introduction")


@dataclass(frozen=True, eq=False)
class Reading:
    """A whole text, ready for the page; one object for each text, so that what is made of it can be remembered."""

    parts: tuple[Part, ...]
    word_count: int

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Each section with its place on the page."""
        return [(part.label, part.anchor) for part in self.parts if part.number]

    @cached_property
    def minutes(self) -> int:
        """How long an adult takes to read it."""
        return max(1, round(self.word_count / WORDS_A_MINUTE))


def read(rows: Sequence[TextRow], dead_notes: Mapping[str, str]) -> Reading:
    """The text as a page shows it, with what the office says about its dead links."""
    return _remembered(tuple(rows), tuple(dead_notes.items()))


@lru_cache(maxsize=16)
def _remembered(rows: tuple[TextRow, ...], dead_notes: tuple[tuple[str, str], ...]) -> Reading:
    """Cached by the words themselves, which are the same for every visitor: nothing to invalidate when they change."""
    dead_links = dict(dead_notes)
    parts: list[Part] = []
    number = 0
    for (_, heading, summary), group in groupby(rows, key=lambda row: (row.section, row.heading, row.plain_summary)):
        number += bool(heading)
        parts.append(
            Part(
                number=number if heading else 0,
                heading=heading_words(heading),
                summary=richtext.render(summary) if summary else "",
                summary_words=richtext.plain(summary),
                runs=_runs([row for row in group if row.key is not None], number, dead_links),
            )
        )
    return Reading(tuple(parts), sum(len(row.text.split()) for row in rows))


def _runs(rows: Sequence[TextRow], section: int, dead_links: Mapping[str, str]) -> tuple[Run, ...]:
    runs = []
    bullet = 0
    for is_list, group in groupby(rows, key=lambda row: row.kind is ClauseKind.BULLET):
        paragraphs = []
        for row in group:
            bullet += is_list
            number = _number(section, bullet) if is_list else ""
            paragraphs.append(Paragraph(row.key or "", row.kind, number, row.text, dead_links))
        runs.append(Run(is_list, tuple(paragraphs)))
    return tuple(runs)


def _number(section: int, clause: int) -> str:
    return f"{section}.{clause}" if section else str(clause)


_OF_ONE_BLOCK = re.compile("<(p|h[1-6])>")


def clause_html(kind: ClauseKind, text: str) -> Markup:
    """A clause's Markdown as safe HTML without the element around it: the page knows whether it is a heading."""
    html = richtext.render(_markdown(kind, text)).strip()
    return html[html.index(">") + 1 : html.rindex("</")] if _OF_ONE_BLOCK.match(html) else html


def _markdown(kind: ClauseKind, text: str) -> str:
    if kind is ClauseKind.SUBHEADING:
        return f"### {text}"
    is_bare_address = text.startswith(("http:", "https:")) and Block(kind, text).url == text
    return f"<{text}>" if is_bare_address else text


def heading_words(heading: str) -> str:
    """A heading without its Markdown."""
    return richtext.plain(f"## {heading}") if heading else ""


def links_in(kind: ClauseKind, text: str) -> list[str]:
    """The addresses outside the portal that a clause links to, as the page has them."""
    return [url for url in _links(clause_html(kind, text)) if richtext.is_external(url)]


def _links(html: Markup) -> list[str]:
    return [unescape(url) for url in _LINK.findall(html)]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the text and the clauses it stands in."""

    url: str
    places: tuple[Paragraph, ...]


def list_links(reading: Reading) -> list[Link]:
    """Every link of the text that leads out of the portal, in order."""
    found: dict[str, list[Paragraph]] = {}
    for part in reading.parts:
        for run in part.runs:
            for paragraph in run.paragraphs:
                for url in dict.fromkeys(links_in(paragraph.kind, paragraph.text)):
                    found.setdefault(url, []).append(paragraph)
    return [Link(url, tuple(places)) for url, places in found.items()]


def approval_words(edition: Edition) -> str:
    """When an edition was approved and by whom: the day, or the month where only that is known; empty for a draft.

    A file that says only the month is stored as its first day (see portal.strategy.document).
    """
    if edition.approved_on is None:
        return ""
    when = date_words(edition.approved_on)
    if not edition.approved_by:
        return gettext("approved %(when)s", when=when)
    return gettext("approved %(when)s by %(whom)s", when=when, whom=edition.approved_by)


def date_words(day: date) -> str:
    """A day in words; the first of a month stands for the month."""
    return month_and_year(day) if day.day == 1 else long_date(day)


def redline(before: str, after: str) -> Markup:
    """What changed between two wordings, for the eye and for the ear."""
    return redline_html(before, after, added=gettext("added: "), removed=gettext("removed: "))


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A changed clause or summary in a list of changes: its states as tags, and its words with the changes marked."""

    tags: tuple[tuple[str, str], ...]
    html: Markup


def list_changes(comparison: Comparison) -> list[tuple[str, list[ChangeItem]]]:
    """Every summary and clause that changed, by section."""
    return [
        (heading_words(section.heading), [*_summary_items(section), *map(_change_item, section.changes)])
        for section in comparison.by_section
    ]


def list_heading_changes(comparison: Comparison) -> list[tuple[str, str]]:
    """Another title and other headings: what happened, and the words."""
    old, new = comparison.titles
    title = [(gettext("Title"), gettext("“%(old)s” becomes “%(new)s”", old=old, new=new))] if old != new else []
    return [
        *title,
        *((gettext("New heading"), heading_words(heading)) for heading in comparison.new_headings if heading),
        *((gettext("Heading that is gone"), heading_words(heading)) for heading in comparison.gone_headings if heading),
    ]


def _summary_items(section: SectionChanges) -> list[ChangeItem]:
    if not section.is_summary_changed:
        return []
    return [ChangeItem(tags=((gettext("In short"), "warn"),), html=redline(*map(richtext.plain, section.summaries)))]


def _change_item(change: Change) -> ChangeItem:
    tags = [
        (change.is_added, gettext("new"), "good"),
        (change.is_removed, gettext("removed"), "problem"),
        (change.is_reworded, gettext("reworded"), "warn"),
        (change.is_moved, gettext("moved"), ""),
    ]
    return ChangeItem(
        tags=tuple((label, kind) for holds, label, kind in tags if holds),
        html=redline(
            *(plain_words(placed.kind, placed.text) if placed else "" for placed in (change.before, change.after))
        ),
    )


def plain_words(kind: ClauseKind, text: str) -> str:
    """A clause's words without their Markdown."""
    return richtext.plain(_markdown(kind, text))


def points_by_section(rows: Sequence[TextRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The promises to choose from, by section, each as its key and first words; no headings and no lone addresses."""
    return _to_choose_from(tuple(rows))


@lru_cache(maxsize=4)
def _to_choose_from(rows: tuple[TextRow, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Remembered by the words themselves, like a whole text."""
    titles = section_titles({row.section: row.heading for row in rows if row.heading})
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        words = point_words(row.kind, row.text)
        if row.key and row.kind is not ClauseKind.SUBHEADING and not richtext.is_external(words):
            found.setdefault(row.section, []).append((row.key, words))
    return [(titles.get(section, ""), points) for section, points in found.items()]


def point_words(kind: ClauseKind, text: str) -> str:
    """The first words of a promise, as lists of them show it."""
    return richtext.excerpt(plain_words(kind, text), CHOICE_LENGTH)


@dataclass(frozen=True, slots=True)
class EditionItem:
    """One edition in the list of them; `before` is the number of the one it followed, 0 for the first."""

    number: int
    title: str
    approved: str
    is_draft: bool
    is_current: bool
    before: int


def edition_items(editions: Sequence[Edition]) -> list[EditionItem]:
    """The list of editions, newest first."""
    return [
        EditionItem(
            number=edition.number,
            title=edition.title,
            approved=approval_words(edition),
            is_draft=edition.is_draft,
            is_current=edition.is_current,
            before=earlier.number if earlier else 0,
        )
        for edition, earlier in zip(editions, [*editions[1:], None], strict=False)
    ]


def clause_in_full(wording: Wording, dead_links: Mapping[str, str]) -> Paragraph:
    """A clause by itself, as its own page shows it."""
    return Paragraph(wording.key, wording.kind, wording_number(wording), wording.text, dead_links)


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A clause in one edition; `html` holds what changed since the edition before, and is empty when nothing did."""

    edition: int
    is_draft: bool
    approved: str
    is_first: bool
    html: Markup | str


def history(wordings: Sequence[Wording]) -> list[HistoryItem]:
    """How a clause's words have changed, the newest edition first."""
    items = []
    for wording, earlier in zip(wordings, [*wordings[1:], None], strict=True):
        words = plain_words(wording.kind, wording.text)
        before = plain_words(earlier.kind, earlier.text) if earlier else words
        items.append(
            HistoryItem(
                edition=wording.edition,
                is_draft=wording.state is EditionState.DRAFT,
                approved=date_words(wording.approved_on) if wording.approved_on else "",
                is_first=earlier is None,
                html=redline(before, words) if words != before else "",
            )
        )
    return items


def wording_number(wording: Wording) -> str:
    """The number a clause had in an edition, such as "2.1"; empty for what is no bullet."""
    return _number(wording.section, wording.clause) if wording.clause else ""


def wording_anchor(wording: Wording) -> str:
    """The place of a clause's section on the page."""
    return f"section-{wording.section}" if wording.section else "introduction"
