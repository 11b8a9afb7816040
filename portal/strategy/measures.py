"""How a feature shows that a promise of the strategy is kept, without the strategy knowing the feature (design 3.9).

Each feature lists its measures in its own `measures.py`; `create_app` collects them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of thing that keeps a promise alive.

    `last_done(clause_key)` is the day it last happened, or None; a day is all that is shown, to everybody who may read
    the strategy. `words` say it, with a place for `%(day)s`.
    """

    words: str
    last_done: Callable[[str], date | None]
