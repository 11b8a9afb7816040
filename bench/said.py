"""What the people of the measured school have said: answers to an event, and a council's talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.council.models import CouncilMember
from portal.database import db
from portal.events.models import Answer, ClassEvent, HomeCount, Rsvp
from portal.school.models import Enrolment, Guardianship, Pupil
from portal.strategy.comments.models import Comment


def answer(event: ClassEvent, class_id: int, many: int, now: datetime) -> None:
    """So many homes have answered, and half of them say who comes along."""
    rows = db.session.execute(
        select(Enrolment.pupil_id, func.min(Guardianship.guardian_id))
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(Enrolment.class_id == class_id)
        .group_by(Enrolment.pupil_id)
        .order_by(Enrolment.pupil_id)
        .limit(many)
    )
    given = (Answer.ACCEPTED, Answer.DECLINED, Answer.ACCEPTED, Answer.TENTATIVE)
    for place, (pupil_id, guardian_id) in enumerate(rows):
        answered = {"answered_by_id": guardian_id, "answered_at": now, "is_by_team": False}
        db.session.add(Rsvp(event_id=event.id, pupil_id=pupil_id, answer=given[place % len(given)], **answered))
        if place % 2 == 0:
            key = {"event_id": event.id, "guardian_id": guardian_id}
            db.session.merge(HomeCount(**key, adults=1, siblings=0, counted_at=now))


@dataclass(frozen=True)
class Member:
    """A member of a council, and the class they speak for."""

    user_id: int
    class_id: int
    council_id: int


def council_member() -> Member:
    """A pupil with an account who sits in a council."""
    row = db.session.execute(
        select(Pupil.user_id, CouncilMember.class_id, CouncilMember.council_id)
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .where(Pupil.user_id.is_not(None), CouncilMember.is_substitute.is_(False))
        .order_by(CouncilMember.id)
    ).first()
    if row is None:
        raise RuntimeError("nobody sits in the demo school's councils")
    user_id, class_id, council_id = row
    assert user_id is not None
    return Member(user_id, class_id, council_id)


def talk(amendment_id: int, member: Member, many: int, now: datetime) -> None:
    """So many comments on a suggestion."""
    for number in range(many):
        db.session.add(
            Comment(
                council_id=member.council_id,
                amendment_id=amendment_id,
                author_id=member.user_id,
                text="Det er en god idé, for så husker alle det også i frikvarteret.",
                written_at=now - timedelta(hours=many - number),
            )
        )
