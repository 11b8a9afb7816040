"""What events prove of the year wheel: that a whole class did something together."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.events.models import Audience, ClassEvent, EventClass, EventState
from portal.proofs import Per, Proof
from portal.school.models import ClassYear, SchoolClass
from portal.school.names import is_of_year_group

_WORDS = N_("The class did something together")
_HELD = (ClassEvent.state == EventState.PUBLISHED, ClassEvent.out_at <= ClassEvent.starts_at)
_OF_CLASSES = select(EventClass.class_id, ClassEvent.starts_at).join(ClassEvent, ClassEvent.id == EventClass.event_id)
_OF_A_YEAR = (  # a class's years all name the same year group, so the newest of them is not sought
    select(SchoolClass.id, ClassEvent.starts_at)
    .select_from(ClassEvent)
    .join(ClassYear, is_of_year_group(ClassEvent.year_group))
    .join(SchoolClass, SchoolClass.id == ClassYear.class_id)
    .distinct()
)
_OF_ALL = select(cast(null(), Integer).label("whose"), ClassEvent.starts_at)

PROOFS = (
    Proof("event", _WORDS, Per.CLASS, _OF_CLASSES.where(*_HELD, ClassEvent.audience == Audience.CLASSES)),
    Proof("event", _WORDS, Per.CLASS, _OF_A_YEAR.where(*_HELD, ClassEvent.audience == Audience.YEAR_GROUP)),
    Proof("event", _WORDS, Per.CLASS, _OF_ALL.where(*_HELD, ClassEvent.audience == Audience.SCHOOL)),
)
