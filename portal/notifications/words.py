"""What a notification says: the same line in the portal's list and in the mail's subject."""

from __future__ import annotations

from typing import Any

from babel.lists import format_list
from flask import current_app

from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.people import Person
from portal.school.models import GuardianshipKind
from portal.web.language import current_language, gettext


def named(person: Person, class_id: int | None) -> dict[str, Any]:
    """The class as the person knows it, and their children in it; empty for a class that is not theirs."""
    ref = person.event_classes.get(class_id) if class_id else None
    children = own_children(person, ref.id) if ref else []
    return {
        "label": ref.label if ref else "",
        "children": format_list(children, locale=current_language()) if children else "",
    }


def own_children(person: Person, class_id: int) -> list[str]:
    """The names of somebody's children in a class; of one they only help with where they have none of their own."""
    there = person.children_in([class_id])
    own = [child for child in there if child.kind != GuardianshipKind.HELPER]
    return [child.name for child in own or there]


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
