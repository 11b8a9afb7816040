"""What was done together is found again, and done again: everything but the answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from portal.database import db
from portal.events.models import Answer, Audience, ClassEvent, EventState, Rsvp
from portal.school.models import Enrolment
from portal.school.year_groups.queries import get_year_group
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import NOON, ClientOf, IsolatedClient, Move

A_YEAR_AGO = datetime(2025, 11, 28, 16, 30, tzinfo=UTC)


def main_of(browser: IsolatedClient, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, path
    found = re.search(r"<main.*?</main>", page.text, re.S)
    assert found is not None
    return found[0]


@pytest.fixture
def last_year(cast: Cast) -> ClassEvent:
    """A soup of last school year in the class, to which Alma came with two adults."""
    event = make.make_event(
        cast.third, cast.guardian_of_two, "Suppe og lygter", starts_at=A_YEAR_AGO, rsvp_deadline=None, cost_per_child=40
    )
    make.answer(event, cast.alma, cast.guardian)
    make.answer(event, cast.noah, cast.foster_parent, Answer.DECLINED)
    make.bring(event, cast.guardian, 2)
    return event


@pytest.mark.both
def test_what_was_is_found_by_school_year(
    cast: Cast, last_year: ClassEvent, client_of: ClientOf, database: str
) -> None:
    make.make_event(cast.third, cast.guardian, "I dag", starts_at=clock.now() - timedelta(hours=5))
    make.make_event(cast.third, cast.guardian, "Senere")
    cancelled = make.make_event(cast.third, cast.guardian, "Aflyst", starts_at=clock.now() - timedelta(days=9))
    cancelled.state = EventState.CANCELLED
    make.make_event(cast.sixth, cast.guardian_elsewhere, "Ikke vores", starts_at=clock.now() - timedelta(days=9))
    mette = client_of(cast.guardian)
    now = main_of(mette, "/events/past/")
    assert "I dag" in now
    assert not any(title in now for title in ("Suppe og lygter", "Senere", "Aflyst", "Ikke vores"))
    assert "2025/26" in now
    before = main_of(mette, "/events/past/?year=2025")
    assert "Suppe og lygter" in before
    assert "1 barn sagde ja" in before
    assert main_of(mette, "/events/past/?year=1999") == now
    assert "Det har vi lavet sammen" in main_of(mette, "/events/")


@pytest.mark.parametrize("name", ["guardian_elsewhere", "teacher_elsewhere", "former_guardian", "newcomer", "office"])
def test_another_class_finds_nothing_of_it(cast: Cast, last_year: ClassEvent, client_of: ClientOf, name: str) -> None:
    assert "Suppe og lygter" not in main_of(client_of(cast.users[name]), "/events/past/?year=2025")


def test_do_it_again_copies_all_but_the_answers(cast: Cast, last_year: ClassEvent, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    assert f"/events/classes/{cast.third.id}/new?again={last_year.id}" in main_of(mette, f"/events/{last_year.id}")
    form = main_of(mette, f"/events/classes/{cast.third.id}/new?again={last_year.id}")
    for value in ("Suppe og lygter", "2026-11-27", "17:30", "20:00", "Skolekøkkenet", "40"):
        assert f'value="{value}"' in form, value
    assert "Vi laver mad **sammen**." in form
    assert "Sidst havde 1 barn og 2 voksne sagt ja." in form
    assert db.session.query(ClassEvent).count() == 1, "looking makes none"
    sent = {
        "title": "Suppe og lygter",
        "kind": "dinner",
        "day": "2026-11-27",
        "begins": "17:30",
        "ends": "20:00",
        "place": "Skolekøkkenet",
    }
    assert mette.send(f"/events/classes/{cast.third.id}/new?again={last_year.id}", sent).status_code == 303
    again = db.session.query(ClassEvent).order_by(ClassEvent.id.desc()).first()
    assert again is not None
    assert again.organiser_ids == {cast.guardian.id}, "whoever makes it looks after it"
    assert db.session.query(Rsvp).filter_by(event_id=again.id).count() == 0


def test_a_copy_of_long_ago_is_in_the_future_and_on_the_same_weekday(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    leap = clock.at_school(datetime(2024, 2, 29, tzinfo=UTC).date(), time(15))
    event = make.make_event(cast.third, cast.guardian, starts_at=leap, rsvp_deadline=None)
    form = main_of(client_of(cast.guardian), f"/events/classes/{cast.third.id}/new?again={event.id}")
    assert 'value="2027-02-25"' in form, "29 February 2024 was a Thursday, and so is 25 February 2027"


def test_an_event_of_a_class_one_has_left_is_not_copied(cast: Cast, last_year: ClassEvent, client_of: ClientOf) -> None:
    db.session.query(Enrolment).filter_by(pupil_id=cast.alma.id).update({"class_id": cast.sixth.id})
    mette = client_of(cast.guardian)
    assert mette.get(f"/events/classes/{cast.third.id}/new?again={last_year.id}").status_code == 404
    form = main_of(mette, f"/events/classes/{cast.sixth.id}/new?again={last_year.id}")
    assert "Suppe og lygter" not in form


def test_who_may_not_plan_is_offered_no_copy(cast: Cast, last_year: ClassEvent, client_of: ClientOf) -> None:
    page = main_of(client_of(cast.helper), "/events/past/?year=2025")
    assert "Suppe og lygter" in page
    assert "again=" not in page


@pytest.mark.parametrize(
    ("name", "status"),
    [("guardian_of_two", 200), ("class_teacher", 200), ("guardian", 403), ("helper", 403), ("guardian_elsewhere", 404)],
)
def test_attendance_on_paper_is_for_organisers_and_team_and_names_only_those_who_come(
    cast: Cast, last_year: ClassEvent, client_of: ClientOf, name: str, status: int
) -> None:
    page = client_of(cast.users[name]).get(f"/events/{last_year.id}/attendance")
    assert page.status_code == status
    if status == 200:
        assert "Alma" in page.text
        assert "2 voksne" in page.text
        assert "Noah" not in page.text, "who said no is on no paper"
        assert "Otto" not in page.text, "and neither is who has not answered"


def test_the_text_for_aula_leads_to_the_answer(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian)
    page = client_of(cast.guardian).get(f"/events/{event.id}/aula-text").text
    (text,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert text.startswith("Suppe for hele klassen\n\nFredag 4. december")
    assert "Vi laver mad sammen." in text
    assert text.rstrip().endswith(f"/events/{event.id}")
    assert client_of(cast.other_home).get(f"/events/{event.id}/aula-text").status_code == 403


def test_what_to_bring_and_a_map_stand_on_the_page_and_in_the_copy(cast: Cast, client_of: ClientOf) -> None:
    amina = client_of(cast.guardian_of_two)
    sent = {
        "title": "Bål",
        "kind": "outing",
        "day": "2026-12-04",
        "begins": "15:00",
        "ends": "17:00",
        "place": "Bålpladsen",
        "bring": "Snobrødspind & tørt tøj",
        "map_url": "https://www.openstreetmap.org/#map=17/55.7/12.1",
    }
    assert amina.send(f"/events/classes/{cast.third.id}/new", sent).status_code == 303
    event = db.session.query(ClassEvent).one()
    page = main_of(amina, f"/events/{event.id}")
    assert "Snobrødspind &amp; tørt tøj" in page
    assert '<a href="https://www.openstreetmap.org/#map=17/55.7/12.1" rel="noopener noreferrer">' in page
    assert "Medbring: Snobrødspind" in amina.get(f"/events/{event.id}/aula-text").text
    copy = main_of(amina, f"/events/classes/{cast.third.id}/new?again={event.id}")
    assert 'value="Snobrødspind &amp; tørt tøj"' in copy


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://x.dk/%0aalert(1)",
        "http://kort.example.dk",
        "//kort.example.dk",
        "https://",
        "https://kort",
        "https://mig:kode@kort.example.dk",
        "https://kort.example.dk/ to",
        "https://[kort",
        "data:text/html,x",
        "https://kort.example.dk/" + "x" * 10_000,
    ],
)
def test_a_map_is_a_page_on_the_web_and_nothing_else(cast: Cast, client_of: ClientOf, url: str) -> None:
    sent = {
        "title": "Bål",
        "kind": "outing",
        "day": "2026-12-04",
        "begins": "15:00",
        "ends": "17:00",
        "place": "Bålpladsen",
        "map_url": url,
    }
    answer = client_of(cast.guardian).send(f"/events/classes/{cast.third.id}/new", sent)
    assert answer.status_code == 422
    assert "Bålpladsen" in answer.text
    assert db.session.query(ClassEvent).count() == 0


def test_each_year_is_looked_up_once_for_however_many_of_its_events(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (3, 4, 5):
        starts_at = clock.now() - timedelta(days=days)
        make.make_event(
            None,
            cast.guardian,
            audience=Audience.YEAR_GROUP,
            year_group=clock.school_year(clock.today()) - 3,
            starts_at=starts_at,
            rsvp_deadline=None,
        )
    db.session.commit()
    asked: list[int] = []

    def find(year_group: int) -> object:
        asked.append(year_group)
        return get_year_group(year_group)

    monkeypatch.setattr("portal.events.past.views.get_year_group", find)
    assert client_of(cast.guardian_of_two).get("/events/past/").text.count("Suppe for hele klassen") >= 3
    assert len(asked) == 1


def test_whoever_plans_is_proposed_what_the_class_did_at_this_time_last_year(
    cast: Cast, client_of: ClientOf, last_year: ClassEvent
) -> None:
    """Until it is planned again; nothing of another season, of another class, of what was cancelled or is not out."""
    for months_ago, title in ((6, "Sommerfest"), (18, "Forrige sommer")):
        make.make_event(cast.third, cast.guardian, title, starts_at=NOON - timedelta(days=30 * months_ago))
    make.make_event(cast.sixth, cast.guardian_of_two, "Den anden klasses", starts_at=A_YEAR_AGO)
    make.make_event(cast.third, cast.guardian, "Aflyst", starts_at=A_YEAR_AGO, state=EventState.CANCELLED)
    new = f"/events/classes/{cast.third.id}/new"
    page = main_of(client_of(cast.guardian_of_two), new)
    assert f"{new}?again={last_year.id}" in page
    assert page.count("?again=") == 1
    assert "?again=" not in main_of(client_of(cast.guardian_of_two), f"{new}?again={last_year.id}")
    make.make_event(cast.third, cast.guardian, "suppe og lygter")
    assert "?again=" not in main_of(client_of(cast.guardian_of_two), new)


def test_of_what_is_done_again_the_rest_is_folded_away_and_opens_with_a_fault(
    cast: Cast, client_of: ClientOf, last_year: ClassEvent
) -> None:
    """What is folded away is sent as it was, and a refusal shows the whole form."""
    path = f"/events/classes/{cast.third.id}/new?again={last_year.id}"
    browser = client_of(cast.guardian_of_two)
    page = main_of(browser, path)
    assert (
        page.index("<summary") < page.index('name="kind"') < page.index('name="description"') < page.index("</details>")
    )
    form = {
        "title": "Suppe",
        "kind": "dinner",
        "place": "Køkkenet",
        "day": "2026-12-04",
        "begins": "20:00",
        "ends": "17:00",
    }
    refused = browser.post(path, data=form | {"description": "Tag en ske med."})
    assert refused.status_code == 422
    assert refused.text.index('name="kind"') < refused.text.index('name="place"') < refused.text.index("<summary")
    assert "Tag en ske med." in refused.text
