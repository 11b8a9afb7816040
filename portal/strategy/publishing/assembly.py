"""Making the next edition's text out of today's and of what was decided: pure functions over texts and keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from portal.strategy.changes import Text
from portal.strategy.kinds import AmendmentKind, ClauseKind
from portal.strategy.matching import KeyedText
from portal.strategy.queries import section_titles


class About(Protocol):
    """Where an amendment stands in the text."""

    @property
    def kind(self) -> AmendmentKind:
        """What it does."""

    @property
    def clause_key(self) -> str | None:
        """The clause it changes."""

    @property
    def after_key(self) -> str | None:
        """The clause it stands behind, when it is new."""

    @property
    def heading(self) -> str:
        """What its section was called."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One decided change: other words for a clause, none for one that goes, or something new with a key of its own.

    With `is_summary` it is about the short words of the section that holds the clause.
    """

    key: str
    text: str
    is_new: bool = False
    is_summary: bool = False
    after_key: str | None = None
    heading: str = ""


def has_place(text: Text, amendment: About) -> bool:
    """Whether what an amendment is about still stands in a text: its clause, or a place for something new."""
    if amendment.kind is AmendmentKind.ADD:
        return _section_for(text, amendment.after_key, amendment.heading) is not None
    return any(clause.key == amendment.clause_key for clause in text.clauses)


def assemble(text: Text, edits: Sequence[Edit]) -> Text:
    """The text with these changes made; of two for one clause the last counts. What is new stands behind its clause.

    The order of all that stays is as it was. Raises KeyError for an edit that has no place.
    """
    words = {edit.key: edit.text for edit in edits if not edit.is_new and not edit.is_summary}
    places = {clause.key: clause.place for clause in text.clauses}
    if missing := {edit.key for edit in edits if not edit.is_new} - places.keys():
        raise KeyError(*sorted(missing))
    summaries = {places[edit.key]: edit.text for edit in edits if edit.is_summary}
    behind, last = _new_ones(text, [edit for edit in edits if edit.is_new])
    clauses: list[KeyedText] = []
    for place, section in enumerate(text.sections):
        for clause in (each for each in text.clauses if each.place == place):
            if new_text := words.get(clause.key, clause.text):
                clauses.append(replace(clause, text=new_text))
            clauses += [_new(edit, place, section[0]) for edit in behind[clause.key]]
        clauses += [_new(edit, place, section[0]) for edit in last[place]]
    sections = ((heading, summaries.get(place, short)) for place, (heading, short) in enumerate(text.sections))
    return Text(text.title, tuple(sections), tuple(clauses))


def _new_ones(text: Text, edits: Iterable[Edit]) -> tuple[dict[str, list[Edit]], dict[int, list[Edit]]]:
    """What is new behind each clause, and at the end of each section."""
    places = {clause.key: clause.place for clause in text.clauses}
    behind, last = defaultdict[str, list[Edit]](list), defaultdict[int, list[Edit]](list)
    for edit in edits:
        section = _section_for(text, edit.after_key, edit.heading)
        if section is None:
            raise KeyError(edit.key)
        if edit.after_key in places:
            behind[str(edit.after_key)].append(edit)
        else:
            last[section].append(edit)
    return behind, last


def _section_for(text: Text, after_key: str | None, heading: str) -> int | None:
    """The section something new stands in: that of the clause it was written behind, else the one of its heading."""
    for clause in text.clauses:
        if clause.key == after_key:
            return clause.place
    headings = {place: section[0] for place, section in enumerate(text.sections)}
    titles = section_titles({place: words for place, words in headings.items() if words})
    return next((place for place, words in headings.items() if heading in (titles.get(place, ""), words)), None)


def _new(edit: Edit, place: int, heading: str) -> KeyedText:
    return KeyedText(heading, ClauseKind.BULLET, edit.text, edit.key, place=place)


def sections_of(text: Text) -> Iterator[tuple[str, str, list[KeyedText]]]:
    """Each section's heading and short words with its clauses, in order."""
    for place, (heading, summary) in enumerate(text.sections):
        yield heading, summary, [clause for clause in text.clauses if clause.place == place]
