"""Looking after the school's templates."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_version
from portal.people import Person
from portal.school.text_templates.models import TemplateKind, TextTemplate


def add_template(kind: TemplateKind, *, title: str, body: str, actor: Person, now: datetime) -> TextTemplate:
    """A new template, which teams and representatives can begin from at once."""
    template = TextTemplate(kind=kind, title=title, body=body)
    db.session.add(template)
    acts.record(actor, ActKind.TEMPLATE_CHANGED, template, now=now)
    return template


def edit_template(template: TextTemplate, *, title: str, body: str, version: int, actor: Person, now: datetime) -> None:
    """Change a template; what was written from it stays as it is. Raises Conflict when it was saved since `version`."""
    check_version(template, version)
    template.title, template.body = title, body
    acts.record(actor, ActKind.TEMPLATE_CHANGED, template, now=now)


def delete_template(template: TextTemplate, *, version: int, actor: Person, now: datetime) -> None:
    """Take a template away. Raises Conflict when a colleague has changed it since `version`."""
    check_version(template, version)
    acts.record(actor, ActKind.TEMPLATE_CHANGED, template, now=now)
    db.session.delete(template)
