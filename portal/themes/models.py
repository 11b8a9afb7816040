"""What belongs to a theme of the strategy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import Keys


class Place(StrEnum):
    """Where a point of a theme is needed; each is the name of the columns that hold such points."""

    AT_HOME = "at_home"
    IF_IT_HAPPENS = "if_it_happens"
    IN_CLASS = "in_class"
    GOOD_TO_KNOW = "good_to_know"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme as pages and rules read it, the school's own or as it was delivered: then it has no `id` and no `title`.

    What its columns mean stands at `Theme`.
    """

    key: str
    title: str
    words: str
    at_home: tuple[str, ...] = ()
    if_it_happens: tuple[str, ...] = ()
    in_class: tuple[str, ...] = ()
    good_to_know: tuple[str, ...] = ()
    edition: int = 0
    id: int = 0
    version: int = 0

    def points(self, place: Place) -> tuple[str, ...]:
        """The keys of the clauses that are needed there."""
        return tuple(getattr(self, place))

    @property
    def places(self) -> dict[str, Place]:
        """Each of its clauses by key, with its place."""
        return {key: place for place in Place for key in self.points(place)}

    def is_older_than(self, edition: int) -> bool:
        """Whether somebody looked the school's own choice through for an earlier edition, and not for this one."""
        return bool(self.id) and self.edition < edition


class Theme(Model):
    """A theme of the strategy (emne): the keys of its clauses, by where they are needed.

    Keys outlive editions, so a new one is read by the same choice; `edition` is the number of the one that somebody
    last looked through for it. `words`, with commas between, tell whether what a class has agreed on is about it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    at_home: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    if_it_happens: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    in_class: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    good_to_know: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    edition: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
