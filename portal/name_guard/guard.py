"""The name guard: which children of the class a text names, and whether the team has agreed to that (domain 3.5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.errors import N_, RuleViolation
from portal.name_guard import queries
from portal.name_guard.finder import Certainty, find_names
from portal.text import richtext

_SIGNS_INSIDE_WORDS = re.compile(r"(?<=[^\W_])[*_]+(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What in a text is a child's name, as it stands there: what must be agreed to, and what is a word as well."""

    must_agree: tuple[str, ...]
    may_be: tuple[str, ...]

    def beyond(self, agreed: Collection[str]) -> tuple[str, ...]:
        """The names that nobody has agreed to."""
        return tuple(words for words in self.must_agree if words not in agreed)


def look_for_names(title: str, body: str, class_ids: Sequence[int], *, today: date) -> NamesFound:
    """The names of the children who are in these classes today, protected ones by their real name too.

    The text is looked at as it was typed and as it will be read: a sign or a link inside a word hides no name.
    """
    pupils = queries.list_pupil_names(class_ids, today=today)
    typed = find_names(f"{title}\n\n{body}", pupils)
    known = {each.words for each in typed}
    read = _SIGNS_INSIDE_WORDS.sub("", richtext.plain(body))
    found = typed + [each for each in find_names(read, pupils) if each.words not in known]
    return NamesFound(
        must_agree=tuple(each.words for each in found if each.certainty == Certainty.NAMES),
        may_be=tuple(each.words for each in found if each.certainty == Certainty.MAY_NAME),
    )


def check_agreed(found: NamesFound, agreed: Collection[str]) -> None:
    """Hold a text back that names a child nobody has agreed to; raises RuleViolation with the names."""
    if missing := found.beyond(agreed):
        raise RuleViolation(
            N_("The text names %(names)s. Take the names out, or say that the team has agreed to them."),
            names=", ".join(missing),
        )
