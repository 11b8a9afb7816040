"""Before an event goes out: a preview, three minutes in which its organisers alone see it and may undo it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial

import pytest

from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.events import queries
from portal.events.chores import CHORES
from portal.events.models import ClassEvent, Rsvp
from portal.events.newcomers import list_with_newcomers
from portal.events.recipients import list_to_remind
from portal.events.reminders import due_reminder
from portal.events.sending.services import KEPT_FOR, MINUTES_TO_UNDO
from portal.notifications.models import Delivery
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.events.test_events import OUTSIDERS, TYPED
from tests.notifications.post_office import tell, told_of, work

TITLE = TYPED["title"]
#: Everybody who sees the event once it is out, but for whoever prepares it; and everybody who never does.
OTHERS = ("other_home", "guardian_of_two", "foster_parent", "helper", "class_teacher", "leader", "akt", *OUTSIDERS)
WHERE_IT_WOULD_STAND = (
    "/",
    "/events/",
    "/events/past/",
    "/notifications/",
    "/classes/{class_id}",
    "/events/?class_id={class_id}",
)
EVENTS_OF_CLASS = "/events/?class_id={class_id}"
PRESSES = ("publish", "withdraw", "discard")
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def worker(app: object) -> Worker:
    worker = Worker(app)  # type: ignore[arg-type]
    worker.chores = CHORES
    return worker


@pytest.fixture
def draft(cast: Cast) -> ClassEvent:
    return make.make_event(
        cast.third,
        cast.guardian,
        starts_at=clock.at_school(date(2026, 12, 4), time(17, 30)),
        cost_per_child=25,
        rsvp_deadline=date(2026, 11, 27),
        out_at=None,
    )


def address(event: ClassEvent, what: str) -> str:
    return f"/events/sending/{event.id}/{what}" if what in PRESSES else f"/events/{event.id}/{what}"


def press(browser: IsolatedClient, event: ClassEvent, what: str, **form: str) -> int:
    status = browser.send(address(event, what), form).status_code
    db.session.refresh(event)
    db.session.commit()
    return status


def send_out(browser: IsolatedClient, event: ClassEvent) -> None:
    assert press(browser, event, "publish", version=str(event.version)) == 303


def seen_by(browser: IsolatedClient, event: ClassEvent, class_id: int) -> set[str]:
    """Where somebody meets it: on its own page, and in lists."""
    pages = {path: browser.get(path.format(class_id=class_id)) for path in WHERE_IT_WOULD_STAND}
    found = {path for path, page in pages.items() if page.status_code == 200 and event.title in page.text}
    own = browser.get(f"/events/{event.id}")
    return found | ({"its page"} if own.status_code == 200 else set())


@pytest.mark.parametrize("state", ["draft", "sent a moment ago"])
def test_nobody_but_its_organiser_meets_it_before_it_is_out(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move, draft: ClassEvent, state: str
) -> None:
    if state != "draft":
        send_out(client_of(cast.guardian), draft)
        wall_clock(MINUTES_TO_UNDO - A_MOMENT)
    work(worker)
    assert db.session.query(Delivery).count() == 0
    for name in OTHERS:
        browser = client_of(cast.users[name])
        nothing = browser.get("/events/99999").text
        assert seen_by(browser, draft, cast.third.id) == set(), name
        for path in ("", "/edit", "/answers", "/attendance", "/aula-text"):
            answer = browser.get(f"/events/{draft.id}{path}")
            assert (answer.status_code, answer.text) == (404, nothing), (name, path)
        sent = {**TYPED, "version": str(draft.version), "pupil_id": cast.alma.id, "answer": "ACCEPTED", "adults": "1"}
        for path in (*PRESSES, "edit", "cancel", "answers/choose", "company", "answers/change"):
            assert browser.send(address(draft, path), sent).status_code == 404, (name, path)
        assert browser.get(f"/events/classes/{cast.third.id}/new?again={draft.id}").text.count("Vi laver mad") == 0
    assert db.session.query(Rsvp).count() == 0
    waits = {"/"} if state == "draft" else set()
    assert seen_by(client_of(cast.guardian), draft, cast.third.id) == {"/events/", EVENTS_OF_CLASS, "its page"} | waits


@pytest.mark.both
def test_it_is_out_by_itself_on_the_moment_though_no_worker_runs(
    cast: Cast, client_of: ClientOf, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    send_out(client_of(cast.guardian), draft)
    home, leader = client_of(cast.other_home), client_of(cast.leader)
    wall_clock(MINUTES_TO_UNDO - A_MOMENT)
    assert seen_by(home, draft, cast.third.id) == set()
    wall_clock(A_MOMENT)
    assert seen_by(home, draft, cast.third.id) == {
        "/",
        "/classes/{class_id}",
        "/events/",
        EVENTS_OF_CLASS,
        "its page",
    }
    assert "its page" in seen_by(leader, draft, cast.third.id)
    assert "Kommer Alma?" in home.get(f"/events/{draft.id}").text
    assert "Fortryd" not in client_of(cast.guardian).get(f"/events/{draft.id}").text


@pytest.mark.both
def test_people_are_told_when_it_is_out_and_not_before(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    send_out(client_of(cast.guardian), draft)
    wall_clock(MINUTES_TO_UNDO - A_MOMENT)
    tell(worker)
    assert told_of(cast, ActKind.EVENT_CREATED) == set()
    wall_clock(A_MOMENT)
    tell(worker)
    assert told_of(cast, ActKind.EVENT_CREATED) == {"other_home", "guardian_of_two", "foster_parent", "helper"}


@pytest.mark.both
def test_undone_it_is_a_draft_again_that_nobody_heard_of(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    page = mette.get(f"/events/{draft.id}").text
    assert "Det bliver sendt ud kl. 12.03" in page
    assert "Fortryd" in page
    wall_clock(MINUTES_TO_UNDO - A_MOMENT)
    assert press(mette, draft, "withdraw") == 303
    assert press(mette, draft, "withdraw") == 303, "twice is once"
    assert draft.out_at is None
    assert [act.kind for act in db.session.query(Act)] == [ActKind.EVENT_CREATED, ActKind.EVENT_UNDONE]
    wall_clock(timedelta(days=1))
    work(worker)
    assert db.session.query(Delivery).count() == 0
    assert db.session.query(WaitingAct).count() == 0
    assert seen_by(client_of(cast.other_home), draft, cast.third.id) == set()
    mette = client_of(cast.guardian)
    page = mette.get(f"/events/{draft.id}").text
    assert "Vi laver mad" in page, "what was typed stays"
    send_out(mette, draft)
    wall_clock(MINUTES_TO_UNDO)
    work(worker)
    assert "other_home" in told_of(cast, ActKind.EVENT_CREATED)


@pytest.mark.both
def test_what_is_out_is_undone_by_nobody(
    cast: Cast, client_of: ClientOf, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    wall_clock(MINUTES_TO_UNDO)
    for name, status in (("guardian", 422), ("class_teacher", 422), ("other_home", 403), ("newcomer", 404)):
        for what in PRESSES:
            assert press(client_of(cast.users[name]), draft, what, version=str(draft.version)) == status, (name, what)
    assert "Det er sendt ud, og hjemmene kan se det." in mette.send(f"/events/sending/{draft.id}/withdraw").text
    assert draft.is_out


@pytest.mark.both
def test_who_answered_while_somebody_undid_keeps_the_answer(
    cast: Cast, client_of: ClientOf, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    """The organiser pressed before the moment, and the press was kept waiting until after it."""
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    make.answer(draft, cast.otto, cast.guardian_of_two)
    assert press(mette, draft, "withdraw") == 422
    assert draft.out_at is not None


@pytest.mark.both
def test_undo_and_the_worker_at_the_same_moment_leave_one_of_the_two(
    cast: Cast, client_of: ClientOf, worker: Worker, draft: ClassEvent, wall_clock: Move, database: str
) -> None:
    """A worker whose clock is a little ahead tells of it while it is undone: then nothing of what it told is left."""
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    db.session.query(WaitingAct).update({"try_at": clock.now()})
    at_once(partial(mette.send, f"/events/sending/{draft.id}/withdraw"), *([worker.round] * 3))
    db.session.expire_all()
    assert draft.out_at is None
    assert told_of(cast, ActKind.EVENT_CREATED) == set()


def test_a_change_within_the_minutes_is_silent(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move, draft: ClassEvent
) -> None:
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    out_at = draft.out_at
    changes = {"day": "2026-12-05", "place": "Hallen", "cost_per_child": "50", "version": str(draft.version)}
    assert press(mette, draft, "edit", **{**TYPED, **changes}) == 303
    assert (draft.out_at, draft.moved_at, draft.terms_changed_at) == (out_at, None, None)
    wall_clock(timedelta(hours=1))
    work(worker)
    assert {act.kind for act in db.session.query(Act)} == {ActKind.EVENT_CREATED, ActKind.EVENT_CHANGED}
    page = client_of(cast.other_home).get(f"/events/{draft.id}").text
    assert "Hallen" in page
    assert "flyttet" not in page


def test_a_draft_is_changed_without_a_trace_and_its_day_may_be_over(
    cast: Cast, client_of: ClientOf, wall_clock: Move, draft: ClassEvent
) -> None:
    wall_clock(datetime.combine(date(2026, 12, 6), time(12), clock.SCHOOL_ZONE))
    mette = client_of(cast.guardian)
    refused = mette.send(f"/events/sending/{draft.id}/publish", {"version": "1"})
    assert refused.status_code == 422
    assert "Det tidspunkt er gået" in refused.text
    changes = {"day": "2026-12-18", "rsvp_deadline": "", "version": "1"}
    assert press(mette, draft, "edit", **{**TYPED, **changes}) == 303
    assert db.session.query(Act).count() == 0
    send_out(mette, draft)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"version": "0"}, 409),
        ({"version": ""}, 409),
        ({"version": "2"}, 409),
        ({}, 409),
        ({"version": "1"}, 303),
    ],
)
def test_only_what_was_looked_at_is_sent(
    cast: Cast, client_of: ClientOf, draft: ClassEvent, changes: dict[str, str], status: int
) -> None:
    assert press(client_of(cast.guardian), draft, "publish", **changes) == status
    assert (draft.out_at is not None) is (status == 303)


@pytest.mark.parametrize("what", ["dearer than the school allows", "answers due yesterday"])
def test_what_has_become_impossible_is_not_sent(
    cast: Cast, client_of: ClientOf, wall_clock: Move, draft: ClassEvent, what: str
) -> None:
    if what.startswith("dearer"):
        draft.cost_per_child = 101  # as if the school's setting were lower by now
        version = "2"
    else:
        wall_clock(timedelta(days=7))
        version = "1"
    assert press(client_of(cast.guardian), draft, "publish", version=version) == 422
    assert draft.out_at is None


def test_nothing_is_answered_or_called_off_before_it_is_out(cast: Cast, client_of: ClientOf, draft: ClassEvent) -> None:
    mette = client_of(cast.guardian)
    send_out(mette, draft)
    assert press(mette, draft, "answers/choose", pupil_id=str(cast.alma.id), answer="ACCEPTED") == 403
    assert press(mette, draft, "company", adults="1", siblings="0") == 403
    assert press(mette, draft, "cancel") == 422
    assert "Kommer Alma?" not in mette.get(f"/events/{draft.id}").text


def test_nobody_is_reminded_of_it_and_no_newcomer_told(
    cast: Cast, worker: Worker, wall_clock: Move, draft: ClassEvent
) -> None:
    wall_clock(clock.at_school(date(2026, 11, 26), time(10)))
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=clock.today()))
    draft.out_at = clock.now() + A_MOMENT
    db.session.flush()
    for _ in range(2):
        assert list_to_remind(now=clock.now()) == []
        assert due_reminder(draft, now=clock.now()) == 0
        assert list_with_newcomers(clock.now()) == []
        draft.out_at = None
        db.session.flush()
    draft.out_at = clock.now() - timedelta(days=1)
    db.session.flush()
    assert [row[0] for row in list_to_remind(now=clock.now())] == [draft]
    assert list_with_newcomers(clock.now()) == [draft.id]


@pytest.mark.both
def test_the_preview_says_how_many_it_reaches(
    cast: Cast, client_of: ClientOf, draft: ClassEvent, database: str
) -> None:
    mette = client_of(cast.guardian)
    page = mette.get(f"/events/{draft.id}").text
    assert "Det når ud til 3 børn i 4 hjem." in page, "Alma has two homes"
    make.live_together(cast.guardian, cast.other_home)
    assert "Det når ud til 3 børn i 3 hjem." in mette.get(f"/events/{draft.id}").text
    make.make_pupil(cast.third, "Sofie")
    assert "Det når ud til 4 børn i 3 hjem." in mette.get(f"/events/{draft.id}").text


@pytest.mark.both
def test_a_draft_is_thrown_away_by_hand_or_after_thirty_days(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move, draft: ClassEvent, database: str
) -> None:
    mette = client_of(cast.guardian)
    assert mette.send(f"/events/sending/{draft.id}/discard").status_code == 303
    assert db.session.query(ClassEvent).count() == 0
    left = make.make_event(cast.third, cast.guardian, out_at=None).id
    sent = make.make_event(cast.third, cast.guardian).id
    wall_clock(KEPT_FOR)
    work(worker)
    assert {row.id for row in db.session.query(ClassEvent.id)} == {left, sent}
    wall_clock(timedelta(hours=2))
    work(worker)
    assert {row.id for row in db.session.query(ClassEvent.id)} == {sent}
    assert client_of(cast.guardian).get(f"/events/{left}").status_code == 404


def test_a_draft_is_kept_from_when_somebody_last_took_it_up(
    cast: Cast, client_of: ClientOf, worker: Worker, wall_clock: Move
) -> None:
    """Written a month ago, sent and undone today: it is wanted, so it stays, and its page says until when."""
    starts_at = clock.now() + timedelta(days=100)
    draft = make.make_event(cast.third, cast.guardian, out_at=None, rsvp_deadline=None, starts_at=starts_at)
    db.session.commit()
    wall_clock(KEPT_FOR - timedelta(hours=2))
    send_out(client_of(cast.guardian), draft)
    assert press(client_of(cast.guardian), draft, "withdraw") == 303
    assert "slettes kladden" in client_of(cast.guardian).get(f"/events/{draft.id}").text
    wall_clock(timedelta(hours=5))
    work(worker)
    assert db.session.query(ClassEvent).count() == 1
    wall_clock(KEPT_FOR)
    work(worker)
    assert db.session.query(ClassEvent).count() == 0


def test_the_page_of_a_draft_says_that_nobody_is_invited_yet(
    cast: Cast, client_of: ClientOf, draft: ClassEvent
) -> None:
    mette = client_of(cast.guardian)
    assert "Alle i 3.A bliver inviteret" in mette.get(f"/events/{draft.id}/edit").text
    out = make.make_event(cast.third, cast.guardian)
    db.session.commit()
    assert "Alle i 3.A er inviteret" in mette.get(f"/events/{out.id}/edit").text


def test_whose_child_has_left_the_class_sees_their_draft_no_more(
    cast: Cast, client_of: ClientOf, draft: ClassEvent
) -> None:
    (almas,) = cast.alma.enrolments
    almas.ends_on = clock.today() - timedelta(days=1)
    mette = client_of(cast.guardian)
    assert seen_by(mette, draft, cast.third.id) == set()
    assert press(mette, draft, "publish", version="1") == 404


@pytest.mark.both
def test_a_list_of_drafts_is_its_maker_s_own(cast: Cast, draft: ClassEvent, database: str) -> None:
    make.make_event(cast.third, cast.class_teacher, "Teamets", out_at=clock.now() + MINUTES_TO_UNDO)
    make.make_event(cast.third, cast.guardian, "Ude")
    by_name = {"guardian": [TITLE], "class_teacher": ["Teamets"], "other_home": [], "leader": []}
    for name, titles in by_name.items():
        (person,) = load_people([cast.users[name].id], today=clock.today())
        assert [event.title for event in queries.list_unsent(person, now=clock.now())] == titles
