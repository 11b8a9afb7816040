"""Covering a child's name in what was written while it was open, for those who may not know it now (domain 3.5).

A record keeps what stood there, and whoever reads it reads it with the rights of today. A name is covered only where
everybody who wrote could know it: the child was in the class, by that name, when the text was saved. Anything else
stays as it is, since a name that becomes covered would tell whoever tried it out that it is somebody's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.name_guard import queries
from portal.name_guard.finder import Place, PupilName, find_places
from portal.name_guard.guard import as_read, knows_names
from portal.people import Person
from portal.text import clock


@dataclass(frozen=True, slots=True)
class Cover:
    """What is covered in the texts of one class: names that were open once, and those that others bear openly.

    `words` stand in a name's place: those for a child, and for what is a child's.
    """

    words: tuple[str, str] = ("", "")
    once_open: Sequence[queries.OnceOpen] = ()
    shown: Sequence[PupilName] = ()

    def over(self, text: str, *, saved_at: datetime) -> str:
        """The text as it may be read; `saved_at` is when it was written. One that names nobody is the very same."""
        day = clock.day_of(saved_at)
        names = [one.name for one in self.once_open if one.known_since <= day and saved_at <= one.open_until]
        if not names or not text:
            return text
        covered = self._cover(text, names)
        read = as_read(covered)  # a sign inside a word hides no name
        return covered if not self._secret(read, names)[1] else self._cover(read, names)

    def _cover(self, text: str, names: Sequence[PupilName]) -> str:
        shown, places = self._secret(text, names)
        if not places:
            return text
        pieces, done = [], 0
        for place in places:
            pieces += [shown[done : place.start], self.words[place.is_genitive]]
            done = place.end
        covered = "".join([*pieces, shown[done:]])
        return covered if shown == text else covered.replace("&", "&amp;").replace("<", "&lt;")

    def _secret(self, text: str, names: Sequence[PupilName]) -> tuple[str, list[Place]]:
        """The text with its entities written out, and where it says a name that nobody else in the class bears."""
        shown, places = find_places(text, names)
        open_words = {place.words for place in find_places(text, self.shown)[1]} if places else set()
        return shown, [place for place in places if place.words not in open_words]


def cover_one(former_id: int, class_id: int, words: tuple[str, str]) -> Cover:
    """What covers one name, and no other that has become protected before or since, in the texts of a class."""
    return _cover(class_id, [one for one in queries.list_once_open(class_id) if one.former_id == former_id], words)


def cover_for(reader: Person, class_id: int, words: tuple[str, str]) -> Cover:
    """What is covered for a reader in the texts of a class: nothing for those who know its names."""
    return _cover(class_id, [] if knows_names(reader, class_id) else queries.list_once_open(class_id), words)


def _cover(class_id: int, once_open: Sequence[queries.OnceOpen], words: tuple[str, str]) -> Cover:
    return Cover(words, once_open, queries.list_shown_names([class_id], today=clock.today()) if once_open else ())


def written_at(
    room: str, class_ids: Collection[int], stood: Iterable[str], *, stood_at: datetime, now: datetime
) -> datetime:
    """From when the words are that take the place of those that stood there: from now.

    So nobody tries out by an edit whose name has become protected. Unless a name stood there already that is protected
    by now and that the room has not covered yet: the words are as old as it, and it is covered all the same.
    """
    texts = [text for text in stood if text]
    for former_id in queries.list_to_cover(room):
        for class_id in class_ids:
            cover = cover_one(former_id, class_id, ("()", "()"))
            if any(cover.over(text, saved_at=stood_at) != text for text in texts):
                return stood_at
    return now
