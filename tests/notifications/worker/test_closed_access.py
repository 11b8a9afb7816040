"""Mail that waits when an access is closed, or a custody ends that a helper's tie came from: it is dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.notifications.models import DeliveryState
from portal.notifications.worker import Worker
from portal.school.models import Guardianship
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.notifications.post_office import Inbox, mail_rows, tell, work

Publish = Callable[[], WellbeingUpdate]


@pytest.mark.both
def test_mail_that_waits_for_a_closed_guardian_is_dropped_and_nothing_new_is_told(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, database: str
) -> None:
    publish()
    tell(worker)
    make.close_access(homes.guardian, homes.alma, homes.leader)
    db.session.commit()
    work(worker)
    by_user = {row.user_id: row.state for row in mail_rows()}
    assert by_user[homes.guardian.id] == DeliveryState.DROPPED
    assert by_user[homes.other_home.id] == DeliveryState.SENT
    assert "guardian@hjem.example" not in str(inbox.__dict__)
    publish()
    work(worker)
    assert [row.user_id for row in mail_rows()].count(homes.guardian.id) == 1
    assert [row.user_id for row in mail_rows()].count(homes.other_home.id) == 2


@pytest.mark.parametrize("how", ["closed", "custody ended"])
def test_mail_that_waits_for_their_helper_is_dropped_too(worker: Worker, addressed: Cast, how: str) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    acts.record(None, ActKind.EVENT_CREATED, event, now=clock.now())
    db.session.commit()
    tell(worker)
    if how == "closed":
        make.close_access(addressed.guardian, addressed.alma, addressed.leader)
    else:
        db.session.query(Guardianship).filter_by(guardian_id=addressed.guardian.id).one().ends_on = date(2026, 11, 1)
    db.session.commit()
    work(worker)
    by_user = {row.user_id: row.state for row in mail_rows()}
    assert by_user[addressed.helper.id] == by_user[addressed.guardian.id] == DeliveryState.DROPPED
    assert by_user[addressed.other_home.id] == DeliveryState.SENT
