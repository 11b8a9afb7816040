"""A title with a protected real name: no mail says staff's, and a home that tries names learns none (domain 3.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.protection import Protection
from portal.acts.topics import Rhythm
from portal.database import db
from portal.initiatives import notices
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
def test_a_home_that_tries_names_gets_the_very_mail_of_a_name_that_nobody_bears(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, what: str
) -> None:
    for user in addressed.users.values():
        want_mail(user)
    for name in (REAL, "Ingen"):
        if what == "event":
            sent = create(client_of(addressed.guardian), addressed, title=f"Fest med {name}")
        else:
            form = {"what": f"Fest med {name}", "day": "2026-11-27", "begins": "14:00", "ends": "16:00"}
            sent = client_of(addressed.guardian).send(f"/playdates/classes/{addressed.third.id}/new", form)
        assert sent.status_code == 303, sent.text
    said = mails_to(inbox, worker, wall_clock)
    counts = [sum(f"Fest med {name}" in mail for mail in said) for name in (REAL, "Ingen")]
    assert counts[0] == counts[1] > 0


def test_the_schools_names_are_looked_at_once_for_a_title_in_a_round(
    addressed: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    wall_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pupil = make.make_pupil(addressed.sixth, "Otto", "Lund")
    for number in range(3):
        reader = make.make_guardian(pupil, f"Ida{number}")
        reader.email = f"ida{number}@hjem.example"
        want_mail(reader)
    db.session.commit()
    path, title = f"/initiatives/classes/{addressed.sixth.id}/new", f"{REAL} er med"
    assert client_of(addressed.teacher_elsewhere).send(path, typed(title=title)).status_code == 303
    looked: list[str] = []
    look = notices.protected_names_of_school
    monkeypatch.setattr(
        notices, "protected_names_of_school", lambda text, **at: looked.append(text) or look(text, **at)
    )
    said = mails_to(inbox, worker, wall_clock)
    assert sum(address.startswith("ida") for address in inbox.addresses) == 3
    assert not [mail for mail in said if REAL in mail]
    assert looked.count(title) == 1, "not once for each reader"


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
