"""Inviting a whole class: who may, what is refused, who sees it, and that nobody can be left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.attendance import list_answers
from portal.events.models import Answer, ClassEvent, EventKind, EventState, Rsvp
from portal.events.sending.services import MINUTES_TO_UNDO
from portal.school.models import GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

TYPED = {
    "title": "Suppe for hele klassen",
    "kind": "dinner",
    "day": "2026-12-04",
    "begins": "17:30",
    "ends": "20:00",
    "place": "Skolekøkkenet",
    "description": "Tag en **kniv** med.",
    "cost_per_child": "25",
    "rsvp_deadline": "2026-11-27",
    "siblings_welcome": "y",
}
OUTSIDERS = (
    "former_substitute",
    "teacher_elsewhere",
    "facilitator",
    "office",
    "board_secretary",
    "guardian_elsewhere",
    "former_guardian",
    "council_member",
    "council_chair",
    "newcomer",
)


def only_event() -> ClassEvent:
    return db.session.query(ClassEvent).one()


def prepare(browser: IsolatedClient, cast: Cast, **changes: str) -> Any:
    return browser.send(f"/events/classes/{cast.third.id}/new", {**TYPED, **changes})


def create(browser: IsolatedClient, cast: Cast, **changes: str) -> Any:
    return browser.invite(cast.third.id, {**TYPED, **changes})


def test_a_guardian_invites_the_whole_class(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    home = client_of(cast.guardian)
    page = home.get(f"/events/classes/{cast.third.id}/new")
    assert "Alle i 3.A bliver inviteret: 3 børn" in page.text
    answer = create(home, cast)
    event = only_event()
    assert answer.location == f"/events/{event.id}"
    assert event.starts_at == datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
    assert (event.kind, event.cost_per_child, event.siblings_welcome) == (EventKind.DINNER, 25, True)
    assert event.organiser_ids == {cast.guardian.id}
    assert [act.kind for act in db.session.query(Act)] == [ActKind.EVENT_PREPARED, ActKind.EVENT_CREATED]
    wall_clock(MINUTES_TO_UNDO)
    for user in (cast.other_home, cast.foster_parent, cast.helper, cast.class_teacher):
        browser = client_of(user)
        assert "Suppe for hele klassen" in browser.get("/").text
        assert "Suppe for hele klassen" in browser.get("/events/").text
        assert "<strong>kniv</strong>" in browser.get(f"/events/{event.id}").text
    assert "Suppe for hele klassen" in client_of(cast.leader).get(f"/classes/{cast.third.id}").text


@pytest.mark.parametrize("name", ["guardian_of_two", "foster_parent", "class_teacher", "substitute"])
def test_every_home_and_the_team_may_invite(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert create(client_of(cast.users[name]), cast).status_code == 303


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("helper", 404),
        ("leader", 403),
        ("office", 403),
        ("newcomer", 404),
        ("guardian_elsewhere", 404),
        ("former_guardian", 404),
        ("council_member", 404),
        ("teacher_elsewhere", 404),
    ],
)
def test_others_may_not_invite_it(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(f"/events/classes/{cast.third.id}/new").status_code == status
    assert create(browser, cast).status_code == status
    assert db.session.query(ClassEvent).count() == 0


def test_a_pupil_does_not_invite_the_class(cast: Cast, client_of: ClientOf) -> None:
    path = f"/events/classes/{cast.sixth.id}/new"
    assert client_of(cast.council_member).send(path, TYPED).status_code == 403


@pytest.mark.parametrize("name", OUTSIDERS)
def test_another_class_gets_the_same_404_as_for_nothing(cast: Cast, client_of: ClientOf, name: str) -> None:
    event = make.make_event(cast.third, cast.guardian)
    browser = client_of(cast.users[name])
    nothing = browser.get("/events/99999").text
    for address in ("", "/edit", "/answers"):
        answer = browser.get(f"/events/{event.id}{address}")
        assert answer.status_code == 404
        assert answer.text == nothing
    for address in ("/edit", "/cancel", "/answers/choose", "/company", "/answers/change"):
        sent = {**TYPED, "version": 1, "pupil_id": cast.alma.id, "answer": "ACCEPTED", "adults": 1, "siblings": 0}
        assert browser.send(f"/events/{event.id}{address}", sent).status_code == 404
    for address in ("/", "/events/"):
        assert event.title not in browser.get(address).text
    assert only_event().state == EventState.PUBLISHED
    assert db.session.query(Rsvp).count() == 0


def test_nothing_in_the_database_can_leave_a_child_out() -> None:
    """Events know classes; a child is tied to an event by its own answer only, and no column is a filter."""
    about_events = {
        table.name: sorted(column.name for column in table.columns)
        for table in db.metadata.sorted_tables
        if table.name == "class_event" or any(key.column.table.name == "class_event" for key in table.foreign_keys)
    }
    assert about_events == {
        "class_event": [
            "audience",
            "bring",
            "cost_per_child",
            "created_at",
            "description",
            "ends_at",
            "id",
            "kind",
            "map_url",
            "moved_at",
            "out_at",
            "place",
            "rsvp_deadline",
            "siblings_welcome",
            "starts_at",
            "state",
            "terms_changed_at",
            "title",
            "touched_at",
            "version",
            "written_at",
            "year_group",
        ],
        "event_class": ["class_id", "event_id"],
        "event_organiser": ["event_id", "shows_phone", "user_id"],
        "event_question": [
            *(
                "answer",
                "answered_at",
                "asked_at",
                "asked_by_id",
                "event_id",
                "id",
                "question",
                "shown_question",
                "version",
            ),
        ],
        "event_reminder": ["event_id", "number", "reminded_at"],
        "home_count": ["adults", "counted_at", "event_id", "guardian_id", "siblings"],
        "organiser_invitation": ["declined_at", "event_id", "id", "invited_at", "user_id"],
        "rsvp": ["answer", "answered_at", "answered_by_id", "event_id", "id", "is_by_team", "pupil_id"],
    }


def test_a_list_of_children_that_is_posted_is_not_read(cast: Cast, client_of: ClientOf) -> None:
    home = client_of(cast.guardian)
    page = home.get(f"/events/classes/{cast.third.id}/new").text
    assert "Otto" not in page
    assert "Noah" not in page
    narrowing = {
        "pupil_ids": str(cast.alma.id),
        "pupils": str(cast.alma.id),
        "invitees": "1",
        "capacity": "1",
        "classes": str(cast.sixth.id),
        "class_ids": str(cast.sixth.id),
        "audience": "girls",
        "limit": "2",
        "state": "draft",
    }
    create(home, cast, **narrowing)
    event = only_event()
    assert event.class_ids == {cast.third.id}
    assert event.state == EventState.PUBLISHED
    invited = {child.pupil_id for child in list_answers(event, today=clock.today())}
    assert invited == {cast.alma.id, cast.otto.id, cast.noah.id}
    home.send(f"/events/{event.id}/edit", {**TYPED, **narrowing, "version": "1"})
    assert only_event().class_ids == {cast.third.id}


@pytest.mark.both
def test_a_newcomer_is_invited_at_once_and_a_leaver_no_more(cast: Cast, client_of: ClientOf, database: str) -> None:
    event = make.make_event(cast.third, cast.guardian)
    make.answer(event, cast.noah, cast.foster_parent)
    make.bring(event, cast.foster_parent, 2)
    newcomer = client_of(cast.newcomer)
    assert newcomer.get(f"/events/{event.id}").status_code == 404
    child = make.make_pupil(None, "Nina")
    make.enrol(child, cast.third, starts_on=clock.today())
    make.tie(cast.newcomer, child)
    assert "Kommer Nina?" in newcomer.get("/").text
    assert "Kommer Nina?" in newcomer.get(f"/events/{event.id}").text
    assert "1 af 4 børn har svaret" in newcomer.get("/").text

    (noahs,) = cast.noah.enrolments
    noahs.ends_on = clock.today() - timedelta(days=1)
    assert "0 af 3 børn har svaret" in newcomer.get("/").text
    page = newcomer.get(f"/events/{event.id}").text
    assert "Noah" not in page
    assert re.search(r'class="big">0</span> voksne', page), "nor is who came along with the leaver"
    assert client_of(cast.foster_parent).get(f"/events/{event.id}").status_code == 404


def test_a_protected_child_is_shown_by_alias(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    cast.noah.protection, cast.noah.alias = "name", "Elev 7"
    make.answer(event, cast.noah, cast.foster_parent)
    page = client_of(cast.guardian).get(f"/events/{event.id}").text
    team = client_of(cast.class_teacher).get(f"/events/{event.id}/answers").text
    for text in (page, team):
        assert "Elev 7" in text
        assert "Noah" not in text


def test_two_of_one_name_get_a_letter_more(cast: Cast) -> None:
    event = make.make_event(cast.third, cast.guardian)
    make.make_pupil(cast.third, "Alma", "Berg")
    names = {child.name for child in list_answers(event, today=clock.today())}
    assert names == {"Alma H.", "Alma B.", "Noah", "Otto"}


REFUSED = {
    "yesterday": {"day": "2026-11-22"},
    "today, an hour ago": {"day": "2026-11-23", "begins": "11:00", "ends": "13:00", "rsvp_deadline": ""},
    "this very minute": {"day": "2026-11-23", "begins": "12:00", "ends": "13:00", "rsvp_deadline": ""},
    "in three years": {"day": "2029-12-04"},
    "in the year 9999": {"day": "9999-12-31", "ends_on": "9999-12-31"},
    "in the year 1": {"day": "0001-01-01"},
    "ends before it begins": {"begins": "20:00", "ends": "17:30"},
    "lasts no time": {"ends": "17:30"},
    "ends the day before": {"ends_on": "2026-12-03"},
    "lasts a month": {"ends_on": "2027-01-04"},
    "in the hour that is skipped": {"day": "2027-03-28", "begins": "02:30", "ends": "04:00"},
    "ends in the hour that is skipped": {"day": "2027-03-27", "ends_on": "2027-03-28", "ends": "02:30"},
    "29 February of a common year": {"day": "2027-02-29"},
    "31 November": {"day": "2026-11-31"},
    "no day": {"day": ""},
    "no time": {"begins": ""},
    "25 o'clock": {"begins": "25:00"},
    "a word for a time": {"ends": "aften"},
    "dearer than the school allows": {"cost_per_child": "101"},
    "negative": {"cost_per_child": "-1"},
    "a price of many digits": {"cost_per_child": "9" * 5000},
    "a price of some digits": {"cost_per_child": "9" * 400},
    "a price in halves": {"cost_per_child": "12,50"},
    "answers due after": {"rsvp_deadline": "2026-12-05"},
    "answers due yesterday": {"rsvp_deadline": "2026-11-22"},
    "no title": {"title": "   "},
    "a long title": {"title": "x" * 121},
    "no place": {"place": ""},
    "a long place": {"place": "x" * 121},
    "a long text": {"description": "x" * 10_000},
    "a kind of its own": {"kind": "private_party"},
    "no kind": {"kind": ""},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    cast: Cast, client_of: ClientOf, changes: dict[str, str]
) -> None:
    answer = create(client_of(cast.guardian), cast, **changes)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    for name, value in {**TYPED, **changes}.items():
        if name in {"day", "begins", "ends", "cost_per_child", "rsvp_deadline", "place"} and value.strip():
            assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}', answer.text), name
    assert db.session.query(ClassEvent).count() == 0


@pytest.mark.parametrize(
    ("changes", "starts_at"),
    [
        ({"day": "2028-02-29"}, datetime(2028, 2, 29, 16, 30, tzinfo=UTC)),
        ({"day": "2027-10-31", "begins": "02:30", "ends": "04:00"}, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ({"day": "04.12.2026", "begins": "17.30", "ends": "20.00"}, datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),
        ({"ends_on": "2026-12-05", "ends": "10:00"}, datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),
        ({"cost_per_child": "", "description": "", "rsvp_deadline": ""}, datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),
        ({"cost_per_child": "100"}, datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),
    ],
    ids=["29 February", "the first of two hours", "as Danes write it", "over night", "the least", "the most"],
)
def test_what_can_be_is_taken(cast: Cast, client_of: ClientOf, changes: dict[str, str], starts_at: datetime) -> None:
    answer = create(client_of(cast.guardian), cast, **changes)
    assert answer.status_code == 303, re.findall(r'role="alert".*?</div>', answer.text, re.DOTALL)
    assert only_event().starts_at == starts_at


@pytest.mark.both
@pytest.mark.parametrize("odd", ["\x00", "a‮b", "👩‍👩‍👧", "\ud7ff", "<script>alert(1)</script>", "%(x)s", "{{ 7 * 7 }}"])
def test_odd_text_is_text(cast: Cast, client_of: ClientOf, database: str, odd: str) -> None:
    home = client_of(cast.guardian)
    answer = create(home, cast, title=f"Fest {odd}", place=f"Her {odd}", description=f"Tekst {odd}")
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        for address in (answer.location, "/", "/events/", f"{answer.location}/edit", f"/classes/{cast.third.id}"):
            page = home.get(address)
            assert page.status_code == 200
            assert "<script>" not in page.text
            assert "Fest 49" not in page.text


def test_a_double_click_makes_one_event(cast: Cast, client_of: ClientOf) -> None:
    home = client_of(cast.guardian)
    path = f"/events/classes/{cast.third.id}/new"
    first, second = (home.send(path, TYPED, key="k") for _ in range(2))
    assert first.location == second.location
    assert db.session.query(ClassEvent).count() == 1
    press = first.location.replace("/events/", "/events/sending/") + "/publish"
    assert [home.send(press, {"version": "1"}, key="s").status_code for _ in range(2)] == [303, 303]
    assert [act.kind for act in db.session.query(Act)] == [ActKind.EVENT_PREPARED, ActKind.EVENT_CREATED]


@pytest.mark.parametrize(
    ("name", "status"),
    [("guardian", 303), ("class_teacher", 303), ("other_home", 403), ("helper", 403), ("leader", 403)],
)
def test_its_organiser_and_the_team_change_it(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    event = make.make_event(cast.third, cast.guardian)
    browser = client_of(cast.users[name])
    assert browser.get(f"/events/{event.id}/edit").status_code == (200 if status == 303 else status)
    path = f"/events/{event.id}/edit"
    assert browser.send(path, {**TYPED, "title": "Ny titel", "version": "1"}).status_code == status
    assert (only_event().title == "Ny titel") == (status == 303)
    assert browser.send(f"/events/{event.id}/cancel").status_code == status
    assert only_event().is_cancelled == (status == 303)


def test_an_organiser_whose_child_has_left_looks_after_nothing(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.foster_parent)
    (noahs,) = cast.noah.enrolments
    noahs.ends_on = clock.today() - timedelta(days=1)
    assert client_of(cast.foster_parent).send(f"/events/{event.id}/cancel").status_code == 404
    assert not only_event().is_cancelled


def test_moving_keeps_the_answers_and_asks_whether_it_still_fits(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    event = make.make_event(cast.third, cast.guardian, cost_per_child=25, rsvp_deadline=date(2026, 11, 27))
    make.answer(event, cast.alma, cast.other_home)
    home = client_of(cast.guardian)
    assert "Passer det stadig?" not in home.get(f"/events/{event.id}").text
    wall_clock(timedelta(hours=1))
    home.send(f"/events/{event.id}/edit", {**TYPED, "title": "Ny titel", "ends": "20:00", "version": "1"})
    assert [act.kind for act in db.session.query(Act)] == [ActKind.EVENT_CHANGED]
    home.send(f"/events/{event.id}/edit", {**TYPED, "day": "2026-12-05", "version": "2"})
    assert [act.kind for act in db.session.query(Act)][1:] == [ActKind.EVENT_MOVED]
    page = home.get(f"/events/{event.id}").text
    assert "Passer det stadig?" in page
    assert "Alma svarede ja, før det blev flyttet" in page
    assert db.session.query(Rsvp).one().answer == Answer.ACCEPTED
    wall_clock(timedelta(hours=1))
    db.session.refresh(event)
    seen = {"seen": event.asked_anew}
    home.send(f"/events/{event.id}/answers/choose", {"pupil_id": cast.alma.id, "answer": "ACCEPTED", **seen})
    assert "Passer det stadig?" not in home.get(f"/events/{event.id}").text


def test_the_second_of_two_editors_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    first, second = client_of(cast.guardian), client_of(cast.class_teacher)
    path = f"/events/{event.id}/edit"
    assert first.send(path, {**TYPED, "title": "Første", "version": "1"}).status_code == 303
    refused = second.send(path, {**TYPED, "title": "Anden", "version": "1"})
    assert refused.status_code == 409
    assert "Første" in refused.text
    assert "Anden" in refused.text
    assert re.search(r'<input[^>]*name="version"[^>]*value="2"', refused.text), "the next save is on top of the first"
    assert second.send(path, {**TYPED, "title": "Begge", "version": "2"}).status_code == 303


@pytest.mark.parametrize("changes", [{"day": "2026-11-22"}, {"cost_per_child": "101"}, {"title": ""}])
def test_a_refused_change_changes_nothing(cast: Cast, client_of: ClientOf, changes: dict[str, str]) -> None:
    event = make.make_event(cast.third, cast.guardian)
    answer = client_of(cast.guardian).send(f"/events/{event.id}/edit", {**TYPED, **changes, "version": "1"})
    assert answer.status_code == 422
    assert only_event().version == 1


def test_a_deadline_that_is_over_does_not_stop_a_small_change(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    event = make.make_event(cast.third, cast.guardian)
    wall_clock(timedelta(days=5))
    due = str(event.rsvp_deadline)
    sent = {**TYPED, "rsvp_deadline": due, "place": "Skolegården", "version": "1"}
    assert client_of(cast.guardian).send(f"/events/{event.id}/edit", sent).status_code == 303
    assert only_event().place == "Skolegården"


def test_a_cancelled_event_stays_in_sight_and_is_asked_about_no_more(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    client_of(cast.guardian).send(f"/events/{event.id}/cancel")
    assert [act.kind for act in db.session.query(Act)] == [ActKind.EVENT_CANCELLED]
    home = client_of(cast.foster_parent)
    assert "Kommer Noah?" not in home.get("/").text
    assert "Aflyst" in home.get("/").text
    assert "Aflyst" in home.get("/events/").text
    page = home.get(f"/events/{event.id}").text
    assert "Arrangementet er aflyst" in page
    assert "Kommer Noah?" not in page


@pytest.mark.parametrize("address", ["edit", "cancel"])
def test_what_is_cancelled_or_has_begun_is_not_changed(
    cast: Cast, client_of: ClientOf, wall_clock: Move, address: str
) -> None:
    cancelled = make.make_event(cast.third, cast.guardian, state=EventState.CANCELLED)
    begun = make.make_event(cast.third, cast.guardian)
    sent = {**TYPED, "day": "2027-01-08", "rsvp_deadline": "", "version": "1"}
    assert client_of(cast.guardian).send(f"/events/{cancelled.id}/{address}", sent).status_code == 422
    wall_clock(begun.starts_at)
    assert client_of(cast.guardian).send(f"/events/{begun.id}/{address}", sent).status_code == 422
    assert not begun.is_cancelled
    assert begun.version == 1


@pytest.mark.both
def test_ten_who_cancel_at_the_same_moment_cancel_once(cast: Cast, client_of: ClientOf, database: str) -> None:
    event = make.make_event(cast.third, cast.guardian)
    browsers = [client_of(cast.guardian) for _ in range(10)]
    answers = at_once(*(partial(browser.send, f"/events/{event.id}/cancel") for browser in browsers))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 303
    assert set(statuses[1:]) <= {409, 422}
    assert db.session.query(Act).count() == 1


def test_what_is_over_is_gone_from_the_lists_and_still_to_be_read(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    event = make.make_event(cast.third, cast.guardian)
    wall_clock(event.ends_at)
    home = client_of(cast.guardian)
    assert event.title not in home.get("/").text
    assert event.title not in home.get("/events/").text
    assert event.title in home.get(f"/events/{event.id}").text


def test_a_helper_sees_the_event_and_nothing_else_of_the_class(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    update = make.make_update(cast.third, cast.class_teacher)
    helper = client_of(cast.helper)
    page = helper.get(f"/events/{event.id}")
    assert page.status_code == 200
    assert "Kommer Alma?" in page.text
    assert 'href="/events/"' in helper.get("/").text, "the menu leads a helper there"
    for address in (
        f"/classes/{cast.third.id}",
        f"/children/{cast.alma.id}",
        f"/updates/{update.id}",
        f"/updates/classes/{cast.third.id}",
    ):
        assert helper.get(address).status_code == 404
        assert address not in page.text
    make.tie(cast.helper, cast.viggo, GuardianshipKind.HELPER, ends_on=date(2026, 11, 1))
    assert helper.get(f"/events/{make.make_event(cast.sixth, cast.guardian_elsewhere).id}").status_code == 404
