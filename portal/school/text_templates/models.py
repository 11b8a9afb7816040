"""The school's templates: texts to begin from."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class TemplateKind(StrEnum):
    """Which texts a template is a beginning for."""

    UPDATE = "update"
    RULES = "rules"
    PARENTS = "parents"


class TextTemplate(Model):
    """A text to begin from (skabelon), the same for the whole school: headings and a few words, in Markdown.

    What is written from it is a text of its own: changing the template changes nobody's text.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind] = mapped_column(by_value(TemplateKind), index=True)
    title: Mapped[str]
    body: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
