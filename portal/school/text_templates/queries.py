"""Finding the school's templates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.database import db
from portal.database.prepared import by_id
from portal.school.text_templates.models import TemplateKind, TextTemplate


def get_template(template_id: int) -> TextTemplate | None:
    """A template."""
    return by_id(TextTemplate, template_id)


def list_templates(kind: TemplateKind | None = None) -> Sequence[TextTemplate]:
    """The templates of one kind, or all of them, in the order in which they were made."""
    found = select(TextTemplate).order_by(TextTemplate.id)
    return db.session.scalars(found.where(TextTemplate.kind == kind) if kind else found).all()
