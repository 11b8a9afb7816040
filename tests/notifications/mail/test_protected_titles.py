"""A title that holds a protected real name, from somebody who does not know it: no mail says it (domain 3.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.protection import Protection
from portal.acts.topics import Rhythm
from portal.database import db
from portal.notifications.worker import Worker
from portal.school.models import Pupil
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.events.test_events import create
from tests.initiatives.test_initiatives import typed
from tests.notifications.post_office import Inbox, want_mail, whole_text, work

REAL, ALIAS = "Freja", "Stjerne"


@pytest.fixture(name="child", autouse=True)
def _child(addressed: Cast) -> Pupil:
    child = make.make_pupil(addressed.third, REAL, "Hemming", alias=ALIAS, protection=Protection.NAME)
    db.session.commit()
    return child


def mails_to(inbox: Inbox, worker: Worker, wall_clock: Move) -> list[str]:
    wall_clock(timedelta(minutes=4))
    work(worker)
    return [whole_text(mail) for mail in inbox.mails]


@pytest.mark.both
@pytest.mark.parametrize("rhythm", [Rhythm.AT_ONCE, Rhythm.DAILY])
def test_no_mail_says_it_and_it_leads_to_the_page(
    addressed: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
    rhythm: Rhythm,
) -> None:
    reader = make.make_guardian(make.make_pupil(addressed.sixth, "Otto", "Lund"), "Ida")
    reader.email = "ida@hjem.example"
    want_mail(reader, rhythm)
    db.session.commit()
    for title in (f"{REAL} er med til det hele", "Alle er med"):
        path = f"/initiatives/classes/{addressed.sixth.id}/new"
        assert client_of(addressed.teacher_elsewhere).send(path, typed(title=title)).status_code == 303
    said = mails_to(inbox, worker, wall_clock)
    if rhythm is Rhythm.DAILY:
        said = mails_to(inbox, worker, lambda step: wall_clock(timedelta(hours=7)))
    assert sum(mail.count("Alle er med") > 0 for mail in said) >= 1
    assert any(mail.count("/initiatives/") >= 2 for mail in said)
    assert not [mail for mail in said if REAL in mail]


@pytest.mark.parametrize("what", ["event", "playdate"])
def test_of_what_homes_ask_to_a_mail_says_the_hours_alone(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, what: str
) -> None:
    for user in addressed.users.values():
        want_mail(user)
    if what == "event":
        sent = create(client_of(addressed.guardian), addressed, title=f"Fest med {REAL}")
    else:
        form = {"what": f"Kom hjem til {REAL}", "day": "2026-11-27", "begins": "14:00", "ends": "16:00"}
        sent = client_of(addressed.guardian).send(f"/playdates/classes/{addressed.third.id}/new", form)
    assert sent.status_code == 303, sent.text
    said = mails_to(inbox, worker, wall_clock)
    assert said
    assert not [mail for mail in said if REAL in mail]
    hours = "17.30" if what == "event" else "14"
    assert [mail for mail in said if hours in mail]


def test_once_the_name_is_out_the_title_is_in_the_mail(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, child: Pupil
) -> None:
    want_mail(addressed.guardian)
    initiative = make.make_initiative(addressed.class_teacher, addressed.third, title=f"Med {REAL}", with_akt=True)
    db.session.commit()
    values = typed(title="Alle sammen", starts_on=initiative.starts_on.isoformat(), version=1)
    path = f"/initiatives/{initiative.id}"
    assert client_of(addressed.class_teacher).send(path + "/edit", values).status_code == 303
    closing = {"outcome": "Det gik godt.", "closed_on": "2026-11-23", "version": 2}
    assert client_of(addressed.class_teacher).send(path + "/close", closing).status_code == 303
    said = mails_to(inbox, worker, wall_clock)
    assert [mail for mail in said if "Alle sammen" in mail]
    assert not [mail for mail in said if REAL in mail]
