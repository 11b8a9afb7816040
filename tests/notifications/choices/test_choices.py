"""Choosing when mail comes: on a page of one's own, for what has not left yet as well."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.notices import Notices
from portal.acts.topics import Rhythm, Topic
from portal.agreements.models import AgreementVersion
from portal.database import db
from portal.notifications.choices.models import MailChoice
from portal.notifications.choices.presenters import topics_of
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.words import topic_in_words
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import NOON, ClientOf, Move, at_once
from tests.notifications.post_office import Inbox, mail_rows, tell, want_mail, whole_text, work

PAGE = "/notifications/choices/"
EVENING = clock.at_school(clock.day_of(NOON), time(17))


def chosen(cast: Cast, name: str = "guardian") -> dict[str, str]:
    rows = db.session.query(MailChoice).filter_by(user_id=cast.users[name].id)
    return {row.topic.value: row.rhythm.value for row in rows}


def publish(cast: Cast) -> None:
    update = make.make_update(cast.third, cast.class_teacher, "Uge 48")
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, update, now=clock.now())
    db.session.commit()


@pytest.fixture
def reached(cast: Cast) -> Cast:
    """The cast, with an address for two, who have chosen nothing."""
    for name in ("guardian", "class_teacher"):
        cast.users[name].email = f"{name.replace('_', '-')}@hjem.example"
    db.session.commit()
    return cast


def test_every_kind_of_notice_is_about_something_one_can_choose_or_that_is_settled(worker: Worker) -> None:
    notices: Notices = worker.notices
    assert {notice.topic for notice in notices.values()} == set(Topic) - {Topic.EVERYTHING}
    for topic in set(Topic) - {Topic.EVERYTHING, Topic.SAFETY}:
        assert topic_in_words(topic)


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("guardian", {"news", "events", "agreements", "strategy"}),
        ("foster_parent", {"news", "events", "agreements", "strategy"}),
        ("helper", {"events", "strategy"}),
        ("class_teacher", {"work", "strategy"}),
        ("facilitator", {"council", "work", "strategy"}),
        ("council_member", {"council", "strategy"}),
        ("leader", {"council", "strategy"}),
        ("board_secretary", {"council", "strategy"}),
        ("office", {"strategy"}),
        ("former_guardian", {"strategy"}),
    ],
)
def test_one_chooses_about_what_one_is_told_of(cast: Cast, client_of: ClientOf, name: str, topics: set[str]) -> None:
    found = {topic.value for topic in topics_of(cast.people[name])}
    assert found == topics
    cast.users[name].email = "en@hjem.example"
    page = client_of(cast.users[name]).get(PAGE).text
    assert {topic.value for topic in Topic if f'name="{topic.value}"' in page} == found
    assert 'name="safety"' not in page


@pytest.mark.both
def test_a_home_has_one_mail_a_day_until_it_chooses(reached: Cast, client_of: ClientOf, database: str) -> None:
    home = client_of(reached.guardian)
    assert home.get(PAGE).text.count('<option selected value="daily">') == 4
    sent = {"news": "weekly", "events": "at_once", "agreements": "off", "strategy": "off"}
    for _ in range(2):
        assert home.send(PAGE, sent).status_code == 303
    assert chosen(reached) == sent
    assert chosen(reached, "other_home") == {}
    page = home.get(PAGE).text
    for rhythm in sent.values():
        assert f'<option selected value="{rhythm}">' in page
    assert "guardian@hjem.example" in page
    statuses = at_once(*(lambda: home.send(PAGE, sent).status_code,) * 4)
    assert statuses == [303] * 4


@pytest.mark.parametrize("odd", ["", "hourly", "OFF", "\x00", "x" * 10_000, "1", "everything"])
def test_no_other_rhythm_can_be_sent(reached: Cast, client_of: ClientOf, odd: str) -> None:
    sent = {"news": "off", "events": odd, "agreements": "off", "strategy": "off"}
    assert client_of(reached.guardian).send(PAGE, sent).status_code in (400, 422)
    assert chosen(reached) == {}


def test_what_is_settled_or_somebody_else_s_cannot_be_chosen(reached: Cast, client_of: ClientOf) -> None:
    sent = {
        "news": "off",
        "events": "off",
        "agreements": "off",
        "strategy": "off",
        "safety": "off",
        "everything": "off",
    }
    other = {"work": "off", "user_id": reached.other_home.id, "council": "off"}
    assert client_of(reached.guardian).send(PAGE, {**sent, **other}).status_code == 303
    assert set(chosen(reached)) == {"news", "events", "agreements", "strategy"}
    assert chosen(reached, "other_home") == {}


@pytest.mark.both
def test_all_can_be_stopped_and_chosen_again(reached: Cast, client_of: ClientOf, database: str) -> None:
    home = client_of(reached.guardian)
    want_mail(reached.guardian, Rhythm.WEEKLY, Topic.NEWS)
    for _ in range(2):
        assert home.send(f"{PAGE}end").status_code == 303
    assert chosen(reached) == {"everything": "off"}
    assert home.get(PAGE).text.count('<option selected value="off">') == 4
    home.send(PAGE, {"news": "daily", "events": "off", "agreements": "off", "strategy": "off"})
    assert Topic.NEWS.rhythm({Topic(t): Rhythm(r) for t, r in chosen(reached).items()}) == Rhythm.DAILY


@pytest.mark.both
@pytest.mark.parametrize(
    ("rhythm", "leaves"),
    [
        ("at_once", timedelta(0)),
        ("daily", timedelta(hours=5)),
        ("weekly", timedelta(days=4, hours=5)),
        ("off", None),
    ],
)
def test_a_choice_holds_for_what_waits_already(
    reached: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    wall_clock: Move,
    rhythm: str,
    leaves: timedelta | None,
    database: str,
) -> None:
    publish(reached)
    tell(worker)
    sent = {"news": rhythm, "events": "daily", "agreements": "daily", "strategy": "daily"}
    assert client_of(reached.guardian).send(PAGE, sent).status_code == 303
    if leaves:
        wall_clock(NOON + leaves - timedelta(seconds=1))
        work(worker)
        assert inbox.mails == []
    wall_clock(NOON + leaves if leaves else EVENING)
    work(worker)
    assert len(inbox.mails) == (leaves is not None)
    assert {row.state for row in mail_rows()} == {DeliveryState.DROPPED if leaves is None else DeliveryState.SENT}


def test_what_is_on_its_way_is_not_moved_any_more(reached: Cast, worker: Worker, client_of: ClientOf) -> None:
    publish(reached)
    tell(worker)
    (row,) = mail_rows()
    db.session.query(Delivery).filter_by(id=row.id).update({"batch_id": row.id})
    sent = {"news": "weekly", "events": "daily", "agreements": "daily", "strategy": "daily"}
    assert client_of(reached.guardian).send(PAGE, sent).status_code == 303
    assert mail_rows()[0].due_at == EVENING


def test_safety_is_told_at_once_also_to_those_who_want_no_mail(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, client_of: ClientOf
) -> None:
    wall_clock(clock.at_school(date(2026, 11, 23), time(22)))
    client_of(reached.class_teacher).send(f"{PAGE}end")
    text = make.make_agreement(reached.third, reached.guardian_of_two)
    version = db.session.query(AgreementVersion).filter_by(agreement_id=text.id, number=text.version_count).one()
    acts.record(BY_ITSELF, ActKind.PROTECTED_NAME_WRITTEN, version, now=clock.now())
    work(worker)
    assert inbox.addresses == ["class-teacher@hjem.example"]
    assert inbox.mails[0]["List-Unsubscribe"] is None
    assert "/notifications/choices/" in whole_text(inbox.mails[0]), "where the page says so"
