"""Whoever is told of one thing may be thousands: what that costs grows with the persons and with nothing else."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.events.models import Audience, ClassEvent, EventClass
from portal.events.notices import NOTICES
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF, Person, load_people
from portal.policy import Action, can
from portal.text import clock
from tests import factories as make
from tests.cast import HOMES, Cast
from tests.notifications.post_office import tell, told_of
from tests.test_pages import statements

(CREATED,) = (notice for notice in NOTICES if notice.kind == ActKind.EVENT_CREATED)


@pytest.mark.both
def test_however_many_are_told_their_rows_are_one_statement_for_each_way(
    addressed: Cast, worker: Worker, database: str
) -> None:
    soup = make.make_event(addressed.third, addressed.class_teacher)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, soup, now=clock.now())
    with statements() as asked:
        tell(worker)
    assert len([one for one in asked if one.startswith("INSERT INTO delivery")]) == 2
    assert told_of(addressed, ActKind.EVENT_CREATED) >= HOMES


def test_what_is_asked_for_each_reader_of_an_event_does_not_grow_with_its_classes(cast: Cast) -> None:
    """750 classes once cost each of 33,000 guardians 750 steps three times over."""
    (guardian,) = load_people([cast.guardian.id], today=clock.today())
    of_one, of_many = (
        ClassEvent(
            audience=Audience.CLASSES,
            out_at=clock.now(),
            classes={class_id: EventClass(class_id=class_id) for class_id in (cast.third.id, *others)},
        )
        for others in ((), range(1_000, 1_750))
    )
    assert _steps(guardian, of_many) == _steps(guardian, of_one) > 0


def _steps(reader: Person, event: ClassEvent) -> int:
    """How many calls it takes to say whether somebody may see an event, and which class is named to them."""
    calls = [0]

    def count(frame: FrameType, what: str, _: object) -> None:
        calls[0] += what in {"call", "c_call"}

    sys.setprofile(count)
    try:
        may, class_id = can(reader, Action.EVENT_VIEW, event), CREATED.class_of(event, reader)
    finally:
        sys.setprofile(None)
    assert (may, class_id) == (True, min(reader.guardian_classes))
    return calls[0]
