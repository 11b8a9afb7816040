"""The name guard: which children of the class a text names, and whether the team has agreed to that (domain 3.5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.errors import N_, RuleViolation
from portal.name_guard import queries
from portal.name_guard.finder import Certainty, Found, PupilName, find_names
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.text import richtext

_SIGNS_INSIDE_WORDS = re.compile(r"(?<=[^\W_])[*_]+(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What in a text is a child's name, as it stands there: what must be agreed to, and what is a word as well.

    `classes` says of each name that must be agreed to in which of the classes there is such a child.
    """

    must_agree: tuple[str, ...]
    may_be: tuple[str, ...]
    classes: Mapping[str, frozenset[int]]

    def beyond(self, agreed: Collection[str]) -> tuple[str, ...]:
        """The names that nobody has agreed to."""
        return tuple(words for words in self.must_agree if words not in agreed)

    def of_class(self, class_id: int) -> NamesFound:
        """What of this must be agreed to for one of the classes."""
        own = {words: classes for words, classes in self.classes.items() if class_id in classes}
        return NamesFound(must_agree=tuple(own), may_be=(), classes=own)


#: A text in which nobody is named, or of whose names its writer is not asked.
NO_NAMES = NamesFound((), (), {})


def look_for_names(
    title: str, body: str, class_ids: Sequence[int], *, reader: Person | None, today: date
) -> NamesFound:
    """The names of the children who are in these classes today, as far as `reader`, who is answered, may know them.

    A protected child's real name is found only for those who know it; anybody else gets the answer of a name that
    nobody bears, so no names can be tried out here. No reader is a text of the class team, who know them all.
    The text is looked at as it was typed and as it will be read: a sign or a link inside a word hides no name.
    """
    known = [class_id for class_id in class_ids if reader is None or knows_names(reader, class_id)]
    unknown = [class_id for class_id in class_ids if class_id not in known]
    pupils = queries.list_pupil_names(known, today=today) if known else []
    found = _find(title, body, pupils + (queries.list_shown_names(unknown, today=today) if unknown else []))
    named = [each for each in found if each.certainty == Certainty.NAMES]
    return NamesFound(
        must_agree=tuple(each.words for each in named),
        may_be=tuple(each.words for each in found if each.certainty == Certainty.MAY_NAME),
        classes=_classes_of(named, class_ids, today),
    )


def protected_names(body: str, class_id: int, *, today: date) -> tuple[str, ...]:
    """What in a text is the real name of a child of the class who lives under an alias, for those who know it.

    Whoever wrote it without knowing was told nothing, so it is shown to the team afterwards. A name that another child
    of the class openly bears is no secret.
    """
    hidden = _find("", body, queries.list_protected_names([class_id], today=today))
    named = [each.words for each in hidden if each.certainty == Certainty.NAMES]
    if not named:
        return ()
    shown = {each.words for each in _find("", body, queries.list_shown_names([class_id], today=today))}
    return tuple(words for words in named if words not in shown)


def protected_names_of_school(text: str, *, today: date) -> dict[str, frozenset[int]]:
    """What in a text is the real name of any of the school's children who live under an alias, with their classes.

    For texts that are about more than one class. A name that another child openly bears is no secret.
    """
    if not text:
        return {}
    protected = queries.list_all_protected_names(today=today)
    hidden = [each for each in _find("", text, [name for name, _ in protected]) if each.certainty == Certainty.NAMES]
    if not hidden:
        return {}
    shown = {each.words for each in _find("", text, queries.list_all_shown_names(today=today))}
    return {
        each.words: frozenset(class_id for name, class_id in protected if name.id in each.pupil_ids)
        for each in hidden
        if each.words not in shown
    }


def check_names_no_child(text: str, writer: Person, *, besides: str = "", today: date) -> None:
    """Hold back what a child writes for others while it names a child of the school (domain 3.4).

    It knows shown names alone, so nobody learns a protected one by trying. A name that stands in the words `besides`,
    which the text goes on from, is not the writer's. Grown-ups are not held back. Raises RuleViolation with the names.
    """
    if not writer.is_pupil or not text:
        return
    pupils = queries.list_all_shown_names(today=today)
    stood = {each.words for each in _find("", besides, pupils)} if besides else set()
    named = [each.words for each in _find("", text, pupils) if each.certainty == Certainty.NAMES]
    if new := [words for words in named if words not in stood]:
        raise RuleViolation(
            N_(
                "Here stands a name: %(names)s. Write it without names, for example “somebody in my class”. Is it no "
                "child at school? Then ask your contact teacher to write it."
            ),
            names=", ".join(new),
        )


def names_of_children(
    text: str, writer: Person, *, besides: str = "", among: Collection[int] | None = None, today: date
) -> tuple[str, ...]:
    """What in a text names a child of the school, or of the classes `among`, as far as the writer may know (3.5).

    A name that stands in the words `besides`, which the text takes the place of, is not asked about again.
    """
    if not text:
        return ()
    class_ids = sorted(among) if among is not None else queries.list_class_ids(today=today)
    named = look_for_names("", text, class_ids, reader=writer, today=today).must_agree
    stood = look_for_names("", besides, class_ids, reader=writer, today=today).must_agree if named and besides else ()
    return tuple(words for words in named if words not in stood)


def check_meant(named: Sequence[str], meant: Collection[str]) -> None:
    """Hold a text back that names a child while its writer has not said that it is meant; raises RuleViolation."""
    if missing := [words for words in named if words not in meant]:
        raise RuleViolation(
            N_("Here stands a child's name: %(names)s. Take it out, or tick below that it is meant."),
            names=", ".join(missing),
        )


def knows_names(reader: Person, class_id: int) -> bool:
    """Whether the reader may know the real names of a class's children who live under an alias."""
    return can(reader, Action.NAME_KNOW, ClassRef(class_id, "", 0))


def as_read(body: str) -> str:
    """A Markdown text as it is read: no sign and no link stands inside a word."""
    return _SIGNS_INSIDE_WORDS.sub("", richtext.plain(body))


def _find(title: str, body: str, pupils: list[PupilName]) -> list[Found]:
    typed = find_names(f"{title}\n\n{body}", pupils)
    known = {each.words for each in typed}
    read = as_read(body)
    return typed + [each for each in find_names(read, pupils) if each.words not in known]


def _classes_of(named: Sequence[Found], class_ids: Sequence[int], today: date) -> dict[str, frozenset[int]]:
    if not named or len(class_ids) == 1:
        return {each.words: frozenset(class_ids) for each in named}
    pupil_ids = {pupil_id for each in named for pupil_id in each.pupil_ids}
    places = queries.list_classes_of(pupil_ids, class_ids, today=today)
    return {
        each.words: frozenset(class_id for pupil_id, class_id in places if pupil_id in each.pupil_ids) for each in named
    }


def check_names_nobody(found: NamesFound) -> None:
    """Hold back what names a child, from a writer who is not of the team, which alone agrees to that (domain 3.5).

    What stood in a text already was agreed to then: the caller looks in the rest. Raises RuleViolation with the names.
    """
    if found.must_agree:
        raise RuleViolation(
            N_(
                "Here stands a child's name: %(names)s. Write it without names: only the class team can agree that a "
                "child is named."
            ),
            names=", ".join(found.must_agree),
        )


def check_agreed(found: NamesFound, agreed: Collection[str]) -> None:
    """Hold a text back that names a child nobody has agreed to; raises RuleViolation with the names."""
    if missing := found.beyond(agreed):
        raise RuleViolation(
            N_("The text names %(names)s. Take the names out, or say that the team has agreed to them."),
            names=", ".join(missing),
        )
