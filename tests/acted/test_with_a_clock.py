"""Three who are in a hurry: a mother offers Thursday's forest, a father answers a mail, last year's event is copied.

What is asserted exactly is what a page can cost: presses, fields and screens. Seconds come of them and of the words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.topics import Rhythm
from portal.database import db
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.settings import Settings
from portal.text import clock
from tests import factories as make
from tests.acted.acting import Acting
from tests.cast import Cast
from tests.conftest import Move
from tests.notifications.conftest import inbox, port, worker  # noqa: F401 - fixtures
from tests.notifications.post_office import Inbox, want_mail, work

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]
FIVE_O_CLOCK = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_class_in_november(cast: Cast) -> None:
    """A class whose page is as long as pages are: news, something to come, an offer."""
    for title in ("Morgensang og nye makkere", "Vores aftaler om mobilen", "Velkommen til et nyt skoleår"):
        body = "Vi synger sammen hver mandag, og klassen har valgt en ny sang. " * 6
        make.make_update(cast.third, cast.class_teacher, title, body=body)
    for title in ("Fællesspisning for hele klassen", "Tur i skoven"):
        make.make_event(cast.third, cast.foster_parent, title, rsvp_deadline=None)
    db.session.commit()


def offer_thursday(mother: Acting, page: Page) -> None:
    mother.press(page.get_by_role("link", name="Sig ”kom og leg” til klassen"))
    mother.type(page.get_by_label("Hvad og hvor?"), "Vi er i skoven, kom og leg")
    mother.choose(page.get_by_label("Hvilken dag?"), "2026-11-26")
    mother.press(page.get_by_role("button", name="Vis det til klassen"))
    mother.read(page.get_by_role("status"))


def test_thursday_s_forest_is_offered_within_forty_seconds(cast: Cast, as_user: AsUser) -> None:
    page = as_user(cast.foster_parent)
    page.goto("/")
    mother = Acting(page)
    mother.press(page.get_by_role("navigation").get_by_role("link", name="Klassen"))
    offer_thursday(mother, page)
    assert mother.counted == (6, 2, 0)
    assert mother.seconds <= 40


def test_with_children_in_two_classes_it_is_one_press_more(cast: Cast, as_user: AsUser) -> None:
    page = as_user(cast.guardian_of_two)
    page.goto("/")
    mother = Acting(page)
    mother.press(page.get_by_role("navigation").get_by_role("link", name="Klasserne"))
    mother.press(page.get_by_role("link", name="3.A"))
    offer_thursday(mother, page)
    assert mother.counted == (7, 2, 0)
    assert mother.seconds <= 40


def test_an_answer_from_the_day_s_mail_takes_twenty_seconds(
    cast: Cast,
    as_user: AsUser,
    wall_clock: Move,
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    (organiser,) = load_people([cast.guardian_of_two.id], today=clock.today())
    acts.record(organiser, ActKind.EVENT_CREATED, event, now=clock.now())
    cast.guardian.email = "mette@hjem.example"
    want_mail(cast.guardian, Rhythm.DAILY)
    work(worker)
    wall_clock(FIVE_O_CLOCK)
    work(worker)
    (mail,) = inbox.mails
    settings: Settings = worker.app.extensions["portal.settings"]
    page = as_user(cast.guardian)
    page.goto("/strategy/")  # so that the mail stands in a window of the same browser
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content().replace(settings.linked_url, page.evaluate("location.origin"))
    page.evaluate("html => { document.open(); document.write(html); document.close(); }", html)
    father = Acting(page)
    father.press(page.get_by_role("link", name="Svar"), reads=True)
    father.press(page.get_by_role("button", name="Ja, vi kommer"))
    father.read(page.get_by_role("status"))
    assert father.counted == (2, 0, 0)
    assert father.seconds <= 20


def test_last_year_s_event_is_copied_within_a_minute(cast: Cast, as_user: AsUser) -> None:
    """By way of the page on which one plans: it proposes what the class did at this time last year."""
    lanterns = make.make_event(
        cast.third, cast.guardian, "Lygter", starts_at=datetime(2025, 12, 5, 15, 30, tzinfo=UTC), rsvp_deadline=None
    )
    make.answer(lanterns, cast.alma, cast.guardian)
    db.session.commit()
    page = as_user(cast.guardian_of_two)
    page.goto("/")
    representative = Acting(page)
    representative.press(page.get_by_role("navigation").get_by_role("link", name="Klasserne"))
    representative.press(page.get_by_role("link", name="3.A"))
    representative.press(page.get_by_role("link", name="Planlæg noget for hele klassen"))
    representative.press(page.get_by_role("link", name="Lav det igen Lygter"), reads=True)
    representative.press(page.get_by_role("button", name="Se det, før det sendes"))
    representative.press(page.get_by_role("button", name="Send det til hele klassen"), reads=True)
    representative.read(page.get_by_role("status"))
    assert representative.counted == (6, 0, 1)
    assert representative.seconds <= 60
