"""Words on the screen that were chosen with care, and what is said once something is over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from portal.accounts.models import User
from portal.council.meetings.models import MeetingState
from portal.events.models import Answer
from portal.settings import ROOT
from portal.strategy.kinds import AmendmentKind
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient

ClientOf = Callable[[User], IsolatedClient]


@pytest.mark.check
def test_danish_has_danish_quotation_marks() -> None:
    """Two alike, ”so”: neither the English pair nor the straight ones of a typewriter."""
    catalogue = read_po(BytesIO((ROOT / "translations/da/LC_MESSAGES/messages.po").read_bytes()), locale="da")
    wrong = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wrong += [text for text in texts if message.id and (re.search('[“„"]', text) or text.count("”") % 2)]
    assert wrong == []


def test_a_stand_in_at_the_council_is_a_suppleant_and_no_vikar(cast: Cast, client_of: ClientOf) -> None:
    make.seat(cast.council, make.make_pupil(cast.sixth, "Asta"), cast.sixth, is_substitute=True)
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    for path in (f"/council/{cast.council.id}", f"/council/meetings/{meeting.id}/attendance"):
        page = client_of(cast.facilitator).get(path, follow_redirects=True).text
        assert "uppleant" in page, path
        assert "ikar" not in page, path


def test_an_event_invites_once_it_is_sent(cast: Cast, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    assert "Alle i 3.A bliver inviteret: 3 børn" in mette.get(f"/events/classes/{cast.third.id}/new").text
    event = make.make_event(cast.third, cast.guardian)
    assert "Alle i 3.A er inviteret: 3 børn" in mette.get(f"/events/{event.id}/edit").text


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        (Answer.ACCEPTED, "Alma kommer", "Alma svarede ja"),
        (Answer.DECLINED, "Alma kommer ikke", "Alma svarede nej"),
        (Answer.TENTATIVE, "Alma kommer måske", "Alma svarede måske"),
        (Answer.NEEDS_ACTION, "Kommer Alma?", "Intet svar for Alma"),
    ],
)
def test_after_an_event_nobody_is_still_coming(
    cast: Cast,
    client_of: ClientOf,
    wall_clock: Callable[[timedelta], None],
    answer: Answer,
    before: str,
    after: str,
) -> None:
    event = make.make_event(cast.third, cast.guardian)
    if answer != Answer.NEEDS_ACTION:
        make.answer(event, cast.alma, cast.guardian, answer)
    path = f"/events/{event.id}"
    assert f"<h2>{before}</h2>" in client_of(cast.guardian).get(path).text
    wall_clock(timedelta(days=60))
    page = client_of(cast.guardian).get(path).text
    assert f"<h2>{after}</h2>" in page
    assert "kommer måske" not in page


@pytest.mark.parametrize(
    ("kind", "title"),
    [(AmendmentKind.CHANGE, "Nye ord til punkt 1.1"), (AmendmentKind.REMOVE, "Tag punkt 1.1 væk")],
)
def test_a_suggestion_says_what_it_wants_below_its_name(
    cast: Cast, client_of: ClientOf, kind: AmendmentKind, title: str
) -> None:
    edition = make.make_edition({"Vores mål": ["Vi hilser."]})
    amendment = make.make_amendment(cast.council, cast.council_member, edition, kind=kind)
    page = client_of(cast.facilitator).get(f"/strategy/amendments/{amendment.id}").text
    assert f"<span>{title} · " in page[page.index("</h1>") :]


def test_news_is_opened_by_its_title_and_the_rest_is_read_more(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher, "Vi har været i skoven")
    page = client_of(cast.guardian).get("/updates/").text
    assert f'<a href="/updates/{update.id}">Vi har været i skoven</a>' in page
    assert "Læs mere" in page
    assert "Læs hele" not in page


@pytest.mark.parametrize(
    ("name", "path", "words"),
    [
        ("leader", "/updates/cadence", "Får hjemmene nyt til tiden?"),
        ("class_teacher", "/classes/{third}", "Fortalt et andet sted? Notér det"),
        ("class_teacher", "/classes/{third}", "Hvem er valgt til elevrådet?"),
        ("newcomer", "/", "Du er ikke i en klasse lige nu"),
        ("facilitator", "/council/items/{item}/result", "Hvor mange siger ”ved ikke”?"),
        ("facilitator", "/council/{council}/meetings/new", "Hvad klokken?"),
        ("guardian", "/events/{event}", "Kun klassens børn denne gang"),
        ("class_teacher", "/updates/{draft}/preview", "Vælg det punkt, I har arbejdet med."),
    ],
)
def test_pages_speak_as_one_does(cast: Cast, client_of: ClientOf, name: str, path: str, words: str) -> None:
    edition = make.make_edition({"Vores mål": ["Vi hilser."]})
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    item = make.make_item(meeting, make.make_amendment(cast.council, cast.council_member, edition))
    event = make.make_event(cast.third, cast.guardian, siblings_welcome=False)
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    ids = {"third": cast.third.id, "council": cast.council.id, "item": item.id, "event": event.id, "draft": draft.id}
    assert words in client_of(cast.users[name]).get(path.format(**ids), follow_redirects=True).text
