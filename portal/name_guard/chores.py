"""What comes due when a child's name becomes protected: each room covers it in the texts that live on with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from portal.acts import services as acts
from portal.acts.chores import Chore
from portal.acts.models import ActKind
from portal.name_guard import queries
from portal.name_guard.cover import Cover, cover_one
from portal.name_guard.presenters import child_in_words
from portal.people import BY_ITSELF
from portal.school.services import wait_for_turn

CoverClass = Callable[[int, Cover, datetime], None]


def cover_in(room: str, cover_class: CoverClass) -> Chore:
    """A room's chore: `cover_class(class_id, cover, now)` puts the texts of a class right, once for each name.

    A text of the class that can still be changed is changed, unlike a record, so that every list and mail is right.
    """
    return Chore(
        f"cover names in {room}", partial(_find, room), partial(_do, room, cover_class), every=timedelta(minutes=1)
    )


def _find(room: str, now: datetime) -> Collection[int]:
    return queries.list_to_cover(room)


def _do(room: str, cover_class: CoverClass, former_id: int, now: datetime) -> None:
    former = queries.get_former_name(former_id)
    if former is None:
        return
    wait_for_turn(former.pupil)
    if former_id not in queries.list_to_cover(room):
        return
    for class_id in queries.list_classes_that_knew(former):
        cover_class(class_id, cover_one(former_id, class_id, child_in_words()), now)
    acts.note(BY_ITSELF, ActKind.NAME_COVERED, former, now=now, detail=room)
