"""What a notification says: the same line in the portal's list and in the mail's subject."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.people import Child, ClassRef, Person
from portal.school.models import GuardianshipKind
from portal.web.language import gettext, listed


@dataclass(frozen=True, slots=True)
class Named:
    """The classes that something names to a person, as they know them, and which of their children are meant there."""

    classes: tuple[ClassRef, ...] = ()
    children: tuple[Child, ...] = ()

    @property
    def in_words(self) -> dict[str, str]:
        """What a notice's text is filled with; empty words for what is not the person's."""
        labels, names = [ref.label for ref in self.classes], [child.name for child in self.children]
        return {"label": listed(labels), "children": listed(names)}


def named(person: Person, class_id: int | None, children: Collection[Child] = ()) -> Named:
    """The line's class and the person's children in it, or these very children with their classes.

    No class for one that is not theirs, and no child they only help with where there is one of their own.
    """
    meant = _own(children or (person.children_in([class_id]) if class_id else ()))
    class_ids = {child.school_class.id for child in meant if child.school_class} if children else {class_id}
    classes = tuple(ref for ref in person.event_classes.values() if ref.id in class_ids)
    there = tuple(child for child in meant if child.school_class in classes)
    return Named(classes, there)


def _own(children: Collection[Child]) -> list[Child]:
    own = [child for child in children if child.kind != GuardianshipKind.HELPER]
    return own or list(children)


def topic_in_words(topic: Topic) -> str:
    """What mail is about, as one chooses it; a topic that no mail is about has no words."""
    words = {
        Topic.NEWS: N_("News from the class team"),
        Topic.EVENTS: N_("What the class does together"),
        Topic.AGREEMENTS: N_("Rules and agreements"),
        Topic.STRATEGY: N_("The school's strategy"),
        Topic.COUNCIL: N_("The student council"),
        Topic.WORK: N_("My work in the portal"),
    }
    return gettext(words[topic])


def subject_line(notice: Notice, names: dict[str, Any]) -> str:
    """The notice in one line."""
    return subject_and_paragraphs(notice.template, names)[0]


def subject_and_paragraphs(template: str, names: dict[str, Any]) -> tuple[str, list[str]]:
    """The notice in one line, and what a mail says of it line by line, as plain text."""
    in_one_line = {key: " ".join(name.split()) for key, name in names.items()}
    subject, _, text = current_app.jinja_env.get_template(template).render(in_one_line).partition("\n")
    return subject, [line for line in text.splitlines() if line]
