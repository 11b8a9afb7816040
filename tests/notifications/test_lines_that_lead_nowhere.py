"""A line whose page answers 404 is neither listed nor counted: at home, under the bell, in the list, by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from portal.accounts.models import RoleGrant, User
from portal.acts.models import Act, ActKind, WaitingAct
from portal.agreements.models import AgreementKind
from portal.agreements.queries import list_versions
from portal.council.meetings.models import MeetingState
from portal.council.models import Facilitator
from portal.database import db
from portal.notifications.worker import Worker
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, TeamMember
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.notifications.post_office import Inbox, tell, unread_of, work


def yesterday() -> date:
    return clock.today() - timedelta(days=1)


def tell_of(worker: Worker, kind: ActKind, subject_id: int) -> None:
    act = Act(kind=kind, subject_id=subject_id, at=clock.now())
    db.session.add(WaitingAct(act=act, try_at=clock.now()))
    tell(worker)


def lines_of(client_of: ClientOf, user: User) -> int:
    return client_of(user).get("/notifications/").text.count("/opened")


def told_everything(cast: Cast, worker: Worker) -> None:
    """One line of each room for the guardian, the team, a helper and a council."""
    update = make.make_update(cast.third, cast.class_teacher, "Ugens nyt")
    event = make.make_event(cast.third, cast.guardian_of_two)
    rules = make.make_agreement(cast.third, cast.class_teacher, AgreementKind.RULES)
    meeting = make.make_meeting(cast.council, MeetingState.PLANNED)
    playdate = make.make_playdate(cast.third, cast.guardian_of_two)
    for kind, subject_id in (
        (ActKind.UPDATE_PUBLISHED, update.id),
        (ActKind.EVENT_CREATED, event.id),
        (ActKind.PLAYDATE_OFFERED, playdate.id),
        (ActKind.CLASS_RULES_WRITTEN, list_versions(rules.id)[0].id),
        (ActKind.COUNCIL_MEETING_PLANNED, meeting.id),
    ):
        tell_of(worker, kind, subject_id)


def end_enrolment(cast: Cast) -> None:
    db.session.query(Enrolment).filter_by(pupil_id=cast.alma.id).one().ends_on = yesterday()


def end_custody(cast: Cast) -> None:
    db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one().ends_on = yesterday()


def close(cast: Cast) -> None:
    make.close_access(cast.guardian, cast.alma, cast.leader)


@pytest.mark.both
@pytest.mark.parametrize("end", [end_enrolment, end_custody, close], ids=lambda end: end.__name__)
def test_a_guardian_without_the_child_has_no_lines_of_its_class(
    homes: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    database: str,
    end: Callable[[Cast], None],
) -> None:
    told_everything(homes, worker)
    assert unread_of(homes.guardian) == 4
    assert lines_of(client_of, homes.guardian) == 4
    end(homes)
    db.session.commit()
    home = client_of(homes.guardian)
    assert unread_of(homes.guardian) == lines_of(client_of, homes.guardian) == 0
    assert '<span class="count">' not in home.get("/help").text
    assert "nye beskeder" not in home.get("/").text
    assert "Her er roligt" in home.get("/notifications/").text
    work(worker)
    assert "guardian@hjem.example" not in inbox.addresses
    assert unread_of(homes.foster_parent) == 4, "the others keep theirs"


def test_who_is_only_a_helper_now_keeps_the_events_alone(cast: Cast, worker: Worker, client_of: ClientOf) -> None:
    told_everything(cast, worker)
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.other_home.id).one()
    tie.kind, tie.invited_by_id = GuardianshipKind.HELPER, cast.guardian.id
    db.session.commit()
    assert unread_of(cast.other_home) == lines_of(client_of, cast.other_home) == 1


@pytest.mark.both
def test_who_has_left_a_council_has_no_lines_of_it(
    cast: Cast, worker: Worker, client_of: ClientOf, database: str
) -> None:
    told_everything(cast, worker)
    other = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(other, cast.facilitator)
    tell_of(worker, ActKind.COUNCIL_MEETING_PLANNED, make.make_meeting(other, MeetingState.PLANNED).id)
    assert unread_of(cast.facilitator) == lines_of(client_of, cast.facilitator) == 2
    db.session.query(Facilitator).filter_by(council_id=cast.council.id).one().ends_on = yesterday()
    db.session.commit()
    assert unread_of(cast.facilitator) == lines_of(client_of, cast.facilitator) == 1
    assert unread_of(cast.council_member) == 1, "the others keep theirs"


def test_a_leader_reads_approved_minutes_as_long_as_they_lead(cast: Cast, worker: Worker, client_of: ClientOf) -> None:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    tell_of(worker, ActKind.MINUTES_APPROVED, meeting.id)
    assert unread_of(cast.leader) == lines_of(client_of, cast.leader) == 1
    db.session.query(RoleGrant).filter_by(user_id=cast.leader.id).one().ends_on = yesterday()
    db.session.commit()
    assert unread_of(cast.leader) == lines_of(client_of, cast.leader) == 0


def test_a_draft_that_was_given_back_and_thrown_away_leaves_the_team_s_list(
    cast: Cast, worker: Worker, client_of: ClientOf
) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, "Kladde", published_at=None)
    tell_of(worker, ActKind.UPDATE_HELD, draft.id)
    teacher = client_of(cast.class_teacher)
    assert unread_of(cast.class_teacher) == lines_of(client_of, cast.class_teacher) == 1
    assert teacher.send(f"/updates/{draft.id}/discard").status_code == 303
    assert unread_of(cast.class_teacher) == lines_of(client_of, cast.class_teacher) == 0
    assert unread_of(cast.pedagogue) == 0


def test_a_colleague_who_has_left_the_team_has_none_of_its_lines(
    cast: Cast, worker: Worker, client_of: ClientOf
) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, "Kladde", published_at=None)
    tell_of(worker, ActKind.UPDATE_HELD, draft.id)
    db.session.query(TeamMember).filter_by(user_id=cast.pedagogue.id).one().ends_on = yesterday()
    db.session.commit()
    assert unread_of(cast.pedagogue) == lines_of(client_of, cast.pedagogue) == 0


def test_a_page_of_the_list_is_full_although_lines_are_left_out(
    cast: Cast, worker: Worker, client_of: ClientOf, wall_clock: Move
) -> None:
    """Amina's Ella is still in 6.A, and the forty newest lines are of Otto's class."""
    for school_class, count in ((cast.sixth, 3), (cast.third, 40)):
        teacher = cast.class_teacher if school_class is cast.third else cast.teacher_elsewhere
        for _ in range(count):
            update = make.make_update(school_class, teacher, "Nyt")
            tell_of(worker, ActKind.UPDATE_PUBLISHED, update.id)
    db.session.query(Enrolment).filter_by(pupil_id=cast.otto.id).one().ends_on = yesterday()
    db.session.commit()
    assert unread_of(cast.guardian_of_two) == lines_of(client_of, cast.guardian_of_two) == 3
