"""Finding the school's templates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.database.prepared import AnySelect, by_id, prepared
from portal.school.text_templates.models import TemplateKind, TextTemplate


def get_template(template_id: int) -> TextTemplate | None:
    """A template."""
    return by_id(TextTemplate, template_id)


def list_templates(kind: TemplateKind | None = None) -> Sequence[TextTemplate]:
    """The templates of one kind, or all of them, in the order in which they were made."""
    found: Sequence[TextTemplate] = _of_kind.of(kind).entities()
    return found


@prepared
def _of_kind(kind: TemplateKind | None) -> AnySelect:
    every = select(TextTemplate).order_by(TextTemplate.id)
    return every.where(TextTemplate.kind == kind) if kind else every
