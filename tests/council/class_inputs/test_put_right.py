"""What a class says is put right by whoever wrote it down, until its meeting begins."""

from __future__ import annotations

from functools import partial

import pytest

from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, CouncilMeeting
from portal.database import db
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.council.class_inputs.test_class_inputs import end, only_input, write

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


# Put right by whoever wrote it


def edit(browser: IsolatedClient, entry: ClassInput, text: str = "Vi vil have seks bolde.", version: int = 0) -> int:
    values = {"text": text, "version": version or entry.version}
    return browser.send(f"/council/class-inputs/{entry.id}/edit", values).status_code


def test_its_writer_puts_it_right_until_the_meeting_about_it_begins(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    ella, path = client_of(cast.council_member), f"/council/classes/{cast.sixth.id}/class-inputs/new"
    assert write(ella, cast.sixth.id, about=f"item {item.id}") == 303
    entry = only_input()
    link = f'href="/council/class-inputs/{entry.id}/edit"'
    assert link in ella.get(path).text
    for other in (lars, client_of(cast.teacher_elsewhere)):
        assert link not in other.get(path).text
        assert edit(other, entry) == 403
    assert edit(client_of(cast.guardian), entry) == 404
    assert edit(ella, entry) == 303
    assert only_input().text == "Vi vil have seks bolde."
    assert edit(ella, entry, "Andet.", version=1) == 409
    for odd in ("", "x" * 601, "Alma driller os."):
        assert edit(ella, only_input(), odd) == 422, odd
    assert lars.send(f"/council/meetings/{meeting.id}/start").status_code == 303
    assert link not in ella.get(path).text
    assert edit(ella, only_input(), "For sent.") == 409
    assert only_input().text == "Vi vil have seks bolde."


def test_what_has_its_answer_stays_as_it_was_said(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    ella = client_of(cast.council_member)
    assert write(ella, cast.sixth.id) == 303
    assert end(lars, only_input()) == 303
    assert edit(ella, only_input(), "For sent.") == 409
    page = ella.get(f"/council/classes/{cast.sixth.id}/class-inputs/new").text
    assert "/edit" not in page
    assert "/remove" not in page


def test_only_who_can_take_it_back_is_shown_the_press(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    assert write(client_of(cast.council_member), cast.sixth.id) == 303
    press = f"/council/class-inputs/{only_input().id}/remove"
    path = f"/council/classes/{cast.sixth.id}/class-inputs/new"
    shown = {
        name
        for name in ("council_member", "facilitator", "teacher_elsewhere")
        if press in client_of(cast.users[name]).get(path).text
    }
    assert shown == {"council_member", "facilitator"}


def test_no_press_is_shown_on_words_that_another_council_has(cast: Cast, client_of: ClientOf) -> None:
    """What Ella wrote while her class sat elsewhere, and it may be taken back only where she sits."""
    elsewhere = make.make_council("Det lille elevråd", (0, 3))
    theirs = make.make_class_input(elsewhere, cast.sixth, cast.council_member, text="Flere gynger.")
    own = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    db.session.commit()
    ella = client_of(cast.council_member)
    page = ella.get(f"/council/classes/{cast.sixth.id}/class-inputs/new").text
    assert "Flere gynger." in page
    assert "What the class has said" in page
    for press in ("edit", "remove"):
        assert f"/council/class-inputs/{own.id}/{press}" in page
        assert f"/council/class-inputs/{theirs.id}/{press}" not in page
    assert edit(ella, theirs) in (403, 404)
    assert ella.send(f"/council/class-inputs/{theirs.id}/remove").status_code in (403, 404)


@pytest.mark.both
def test_a_change_and_the_start_of_the_meeting_are_one_after_the_other(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, item: AgendaItem, database: str
) -> None:
    ella = client_of(cast.council_member)
    assert write(ella, cast.sixth.id, about=f"item {item.id}") == 303
    entry = only_input()
    values = {"text": "Seks bolde.", "version": entry.version}
    changed, started = at_once(
        partial(ella.send, f"/council/class-inputs/{entry.id}/edit", values),
        partial(client_of(cast.facilitator).send, f"/council/meetings/{meeting.id}/start"),
    )
    assert started.status_code == 303
    assert (changed.status_code == 303) == (only_input().text == "Seks bolde.")
