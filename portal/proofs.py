"""What a room knows to have been done, and so nobody types again: each kind proves duties of the year wheel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select


class Per(StrEnum):
    """Whose a duty of the year wheel is: the school's once, or each class's or student council's own."""

    SCHOOL = "school"
    CLASS = "class"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind of thing that a room knows to have been done (domain 3.9).

    `done` is a SELECT of two columns: whose it was, a class's or a council's id or none for all of them, and the day or
    the moment. What lies ahead may stand in it and proves nothing yet. A kind may be given several times. `words` name
    it for whoever chooses what proves a duty. Raises ValueError for a select of anything else.
    """

    kind: str
    words: str
    per: Per
    done: Select[*tuple[Any, ...]]

    def __post_init__(self) -> None:
        """Hold the select against the two columns, since all of them are united."""
        if len(self.done.selected_columns) != len(("whose", "when")):
            raise ValueError(f"what proves {self.kind} says other things than whose it was, and when")
