"""Many at the same moment: nobody meets a lock, a form sent fifty times is one act, the last place is given once."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.accounts.models import IdempotencyKey
from portal.events.models import ClassEvent, Rsvp
from portal.school.helpers.services import MOST_HELPERS
from portal.school.models import Guardianship, GuardianshipKind
from portal.updates.models import WellbeingUpdate
from tests.faults.serving import Portal
from tests.faults.visitor import Answer, Form, Visitor, published

WRITERS = 50
#: More than the portal answers at once by default, so that more meet in the database.
THREADS = 16

pytestmark = pytest.mark.both


def send_at_once(by: Visitor, forms: Sequence[Form]) -> list[Answer]:
    """Each form from a window of its own, all at the same moment."""
    start = Barrier(len(forms))

    def run(form: Form) -> Answer:
        window = by.another()
        start.wait()
        return window.send(form)

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(run, forms))


def event_form(class_id: int, title: str) -> Form:
    day = (date.today() + timedelta(days=20)).isoformat()
    return Form.of(
        f"/events/classes/{class_id}/new",
        title=title,
        kind="outing",
        day=day,
        begins="10:00",
        ends="12:00",
        place="Skoven",
    )


def invite(by: Visitor, portal: Portal, title: str) -> str:
    """Prepare an event, send it and let it go out; returns where it is."""
    event = by.send(event_form(portal.class_id(), title)).location
    assert by.send(published(event)).status == 303
    portal.let_out()
    return event


@pytest.mark.parametrize(
    "seconds", [pytest.param(4, id="short"), pytest.param(60, id="long", marks=pytest.mark.faults)]
)
def test_fifty_who_write_never_meet_a_lock_or_a_fault(portal: Portal, database: str, seconds: int) -> None:
    portal.start()
    class_id, pupil_id = portal.class_id(), portal.pupil_id()
    teacher, home = Visitor(portal.port).sign_in("class_teacher"), Visitor(portal.port).sign_in("guardian")
    event = invite(home, portal, "Fælles tur")
    end = time.monotonic() + seconds
    slowest: list[float] = []

    def draft(by: Visitor, turn: int) -> Answer:
        return by.send(Form.of(f"/updates/classes/{class_id}/new", title=f"Skrevet {turn}", body="Alle er med."))

    def prepare(by: Visitor, turn: int) -> Answer:
        return by.send(event_form(class_id, f"Tur {turn}"))

    def answer(by: Visitor, turn: int) -> Answer:
        given = ("ACCEPTED", "DECLINED", "TENTATIVE")[turn % 3]
        return by.send(Form.of(f"{event}/answers/choose", pupil_id=pupil_id, answer=given))

    def go_on(writer: int) -> Counter[int]:
        act, who = ((draft, teacher), (prepare, teacher), (answer, home))[writer % 3]
        by, statuses, turn = who.another(), Counter[int](), 0
        while time.monotonic() < end:
            began = time.monotonic()
            statuses[act(by, turn).status] += 1
            slowest.append(time.monotonic() - began)
            turn += 1
        return statuses

    with ThreadPoolExecutor(WRITERS) as pool:
        statuses = sum(pool.map(go_on, range(WRITERS)), Counter[int]())
    log = portal.log.read_text()
    assert set(statuses) == {303}, (statuses, log[-2000:])
    assert "database is locked" not in log
    assert "ERROR" not in log, log
    kept = portal.value(select(func.count()).select_from(IdempotencyKey))
    assert kept == statuses.total() + 2, "each acknowledged form has its key"
    portal.check_whole()
    slowest.sort()
    print(
        f"{database}: {WRITERS} writers, {seconds} s, {statuses.total()} writes, all acknowledged, "
        f"99 of 100 within {slowest[len(slowest) * 99 // 100] * 1000:.0f} ms"
    )


def test_one_form_sent_fifty_times_is_one_row_and_one_location(portal: Portal, database: str) -> None:
    portal.threads = THREADS
    portal.start()
    teacher, home = Visitor(portal.port).sign_in("class_teacher"), Visitor(portal.port).sign_in("guardian")
    text = Form.of(f"/updates/classes/{portal.class_id()}/new", title="En gang", body="Alle er med.")
    event = event_form(portal.class_id(), "En gang")
    for by, form, model in ((teacher, text, WellbeingUpdate), (home, event, ClassEvent)):
        answers = send_at_once(by, [form] * WRITERS)
        assert {answer.status for answer in answers} == {303}
        (row,) = portal.rows(select(model.id).where(model.title == "En gang"))
        assert {re.findall(r"\d+", answer.location)[0] for answer in answers} == {str(row.id)}
        assert portal.value(select(func.count()).where(IdempotencyKey.key == form.kept_key)) == 1


def test_fifty_answers_for_one_child_are_one_answer(portal: Portal, database: str) -> None:
    portal.threads = THREADS
    portal.start()
    home = Visitor(portal.port).sign_in("guardian")
    event, pupil_id = invite(home, portal, "Tur"), portal.pupil_id()
    before = portal.value(select(func.count()).select_from(Rsvp))
    forms = [Form.of(f"{event}/answers/choose", pupil_id=pupil_id, answer="ACCEPTED") for _ in range(WRITERS)]
    answers = send_at_once(home, forms)
    assert {answer.status for answer in answers} == {303}
    assert portal.value(select(func.count()).select_from(Rsvp)) == before + 1


def test_a_hundred_who_want_the_last_place_get_it_once(portal: Portal, database: str) -> None:
    portal.threads = THREADS
    portal.start()
    home, pupil_id = Visitor(portal.port).sign_in("guardian"), portal.pupil_id()
    path = f"/school/pupils/{pupil_id}/helpers/new"
    helpers = select(func.count()).where(
        Guardianship.pupil_id == pupil_id, Guardianship.kind == GuardianshipKind.HELPER
    )
    there = portal.value(helpers)

    def invitation(number: int) -> Form:
        return Form.of(path, first_name=f"Mormor {number}", last_name="Holm", email="")

    for number in range(MOST_HELPERS - 1 - there):
        assert home.send(invitation(number)).status == 303
    assert portal.value(helpers) == MOST_HELPERS - 1
    forms = [invitation(number) for number in range(100, 200)]
    answers = send_at_once(home, forms)
    assert Counter(answer.status for answer in answers) == {303: 1, 422: 99}
    assert portal.value(helpers) == MOST_HELPERS
    print(f"{database}: the last place wanted by {len(forms)} at once, given once")
