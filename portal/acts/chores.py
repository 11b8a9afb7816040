"""What comes due by itself, when the clock says so: each feature lists its chores, `create_app` collects them.

The worker does them. So something happens at its hour whether or not anybody opens a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Chore:
    """One kind of thing that comes due: which ones are, and what is then done to each.

    `find` only reads. `do` gets one of the ids it found, in a transaction of its own, and looks again: another worker
    may have done it meanwhile. `every` is how often one looks.
    """

    name: str
    find: Callable[[datetime], Collection[int]]
    do: Callable[[int, datetime], None]
    every: timedelta = timedelta(0)
