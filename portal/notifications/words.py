"""What a notification says: the same line in the portal's list and in the mail's subject."""

from __future__ import annotations

from typing import Any

from babel.lists import format_list
from flask import current_app

from portal.acts.notices import Notice
from portal.people import Person
from portal.school.models import GuardianshipKind
from portal.web.language import current_language


def named(person: Person, class_id: int | None) -> dict[str, Any]:
    """The class as the person knows it, and their children in it; empty for a class that is not theirs."""
    ref = person.classes.get(class_id) if class_id else None
    children = [
        child.name
        for child in person.children
        if ref and child.school_class and child.school_class.id == ref.id and child.kind != GuardianshipKind.HELPER
    ]
    return {
        "label": ref.label if ref else "",
        "children": format_list(children, locale=current_language()) if children else "",
    }


def subject_line(notice: Notice, names: dict[str, Any]) -> str:
    """The notice in one line."""
    return " ".join(current_app.jinja_env.get_template(notice.subject_template).render(names).split())
