"""What homes are told of their class's events, and what they are not: by the pages, through the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.services import REST
from portal.database import db
from portal.events.models import ClassEvent, EventClass, Rsvp
from portal.events.sending.services import MINUTES_TO_UNDO
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.school.models import Guardianship, GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.notifications.post_office import Inbox, tell, told_of, unread_of, whole_text, work
from tests.test_pages import statements

TYPED = {
    "title": "Hemmelig suppe",
    "kind": "dinner",
    "day": "2026-12-04",
    "begins": "17:30",
    "ends": "20:00",
    "place": "Det hemmelige køkken",
    "description": "Tag en kniv med.",
    "cost_per_child": "25",
    "rsvp_deadline": "2026-12-01",
    "siblings_welcome": "y",
}
INVITED = {"guardian", "other_home", "guardian_of_two", "foster_parent", "helper"}


def create(browser: IsolatedClient, cast: Cast, wall_clock: Move) -> ClassEvent:
    """Prepare and send it, and let it go out."""
    assert browser.invite(cast.third.id, TYPED).status_code == 303
    wall_clock(MINUTES_TO_UNDO)
    return db.session.query(ClassEvent).order_by(ClassEvent.id.desc()).limit(1).one()


def edit(browser: IsolatedClient, event: ClassEvent, **changes: str) -> None:
    sent = {**TYPED, "version": str(event.version), **changes}
    assert browser.send(f"/events/{event.id}/edit", sent).status_code == 303
    db.session.refresh(event)
    db.session.commit()


def cancel(browser: IsolatedClient, event: ClassEvent) -> None:
    assert browser.send(f"/events/{event.id}/cancel").status_code == 303


def choose(browser: IsolatedClient, event: ClassEvent, pupil_id: int, answer: str) -> None:
    sent = {"pupil_id": pupil_id, "answer": answer, "seen": event.asked_anew}
    assert browser.send(f"/events/{event.id}/answers/choose", sent).status_code == 303


def lines(user: User) -> list[ActKind]:
    """The kinds of a person's lines that can be seen, in order."""
    listed = select(Act.kind).join(Delivery, Delivery.act_id == Act.id).order_by(Delivery.id)
    kinds = listed.where(Delivery.user_id == user.id, Delivery.channel == Channel.PORTAL, Delivery.state == "sent")
    found = list(db.session.scalars(kinds))
    db.session.commit()
    return found


@pytest.mark.both
def test_a_new_event_is_told_to_every_home_and_helper_but_not_to_who_made_it(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    event = create(client_of(addressed.guardian), addressed, wall_clock)
    work(worker)
    assert told_of(addressed, ActKind.EVENT_CREATED) == INVITED - {"guardian"}
    assert set(inbox.addresses) == {f"{name.replace('_', '-')}@hjem.example" for name in INVITED - {"guardian"}}
    assert f"/events/{event.id}" in whole_text(inbox.mails[0])


@pytest.mark.parametrize(
    ("does", "subject"),
    [
        ("create", "Hele 3.A er inviteret (Alma)"),
        ("move", "Flyttet: et fællesarrangement i 3.A (Alma)"),
        ("cancel", "Aflyst: et fællesarrangement i 3.A (Alma)"),
    ],
)
@pytest.mark.parametrize("reader", ["other-home", "helper"])
def test_a_mail_names_class_child_title_and_hour_and_nothing_else_of_the_event(
    addressed: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    wall_clock: Move,
    does: str,
    subject: str,
    reader: str,
) -> None:
    home = client_of(addressed.guardian)
    event = create(home, addressed, wall_clock)
    if does == "move":
        edit(home, event, place="Et andet hemmeligt sted")
        wall_clock(REST)
    elif does == "cancel":
        cancel(home, event)
    work(worker)
    (mail,) = [m for m, a in zip(inbox.mails, inbox.addresses, strict=True) if a == f"{reader}@hjem.example"]
    assert mail["Subject"] == subject
    text = whole_text(mail)
    for word in ("3.A", "Alma", f"/events/{event.id}", "Hemmelig suppe", "Fredag 4. december"):
        assert word in text
    for secret in ("køkken", "andet hemmeligt", "kniv", "25", "1. december", "Mette", "None"):
        assert secret not in text
    assert "suppe" not in mail["Subject"], "which a telephone shows to whoever is near"


def test_the_child_of_another_class_is_not_named(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move
) -> None:
    create(client_of(addressed.guardian), addressed, wall_clock)
    work(worker)
    mail = inbox.mails[inbox.addresses.index("guardian-of-two@hjem.example")]
    assert mail["Subject"] == "Hele 3.A er inviteret (Otto)"


def test_an_event_for_two_classes_names_each_home_its_own(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    event = make.make_event(addressed.third, addressed.class_teacher)
    db.session.add(EventClass(event_id=event.id, class_id=addressed.sixth.id))
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    work(worker)
    subjects = dict(zip(inbox.addresses, (mail["Subject"] for mail in inbox.mails), strict=True))
    assert subjects["guardian@hjem.example"] == "Hele 3.A er inviteret (Alma)"
    assert subjects["guardian-elsewhere@hjem.example"] == "Hele 6.A er inviteret (Viggo)"


def test_what_changes_without_moving_is_told_to_nobody(
    addressed: Cast, worker: Worker, client_of: ClientOf, wall_clock: Move
) -> None:
    home = client_of(addressed.guardian)
    event = create(home, addressed, wall_clock)
    work(worker)
    edit(home, event, title="Et andet navn", cost_per_child="0")
    work(worker)
    assert told_of(addressed, ActKind.EVENT_CHANGED) == set()
    assert lines(addressed.helper) == [ActKind.EVENT_CREATED]
    assert db.session.query(WaitingAct).count() == 0


@pytest.mark.both
@pytest.mark.parametrize("when", ["untold", "told and not mailed"])
def test_an_event_that_is_cancelled_before_the_mail_is_told_as_cancelled_only(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, when: str, database: str
) -> None:
    home = client_of(addressed.guardian)
    event = create(home, addressed, wall_clock)
    if when != "untold":
        tell(worker)
    cancel(home, event)
    work(worker)
    assert {mail["Subject"].split(" (")[0] for mail in inbox.mails} == {"Aflyst: et fællesarrangement i 3.A"}
    assert len(inbox.mails) == len(INVITED) - 1
    assert lines(addressed.other_home) == [ActKind.EVENT_CANCELLED]
    assert unread_of(addressed.other_home) == 1


@pytest.mark.both
def test_an_event_that_moves_twice_tells_the_newest_only(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    home = client_of(addressed.guardian)
    event = create(home, addressed, wall_clock)
    tell(worker)
    edit(home, event, place="Hallen")
    wall_clock(REST)
    tell(worker)
    edit(home, event, place="Salen")
    wall_clock(REST)
    work(worker)
    assert len(inbox.mails) == len(INVITED) - 1
    assert lines(addressed.other_home) == [ActKind.EVENT_MOVED]


def test_two_moves_within_minutes_are_told_once(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move
) -> None:
    home = client_of(addressed.guardian)
    event = create(home, addressed, wall_clock)
    work(worker)
    inbox.mails.clear()
    for place in ("Hallen", "Salen"):
        edit(home, event, place=place)
        wall_clock(timedelta(minutes=2))
        work(worker)
        assert inbox.mails == [], "it may be moved once more"
    wall_clock(timedelta(minutes=1))
    work(worker)
    assert len(inbox.mails) == len(INVITED) - 1
    assert lines(addressed.other_home) == [ActKind.EVENT_MOVED]


@pytest.mark.parametrize("kind", [ActKind.EVENT_CREATED, ActKind.EVENT_MOVED, ActKind.EVENT_REMINDER])
@pytest.mark.parametrize("is_told_before", [False, True])
def test_an_event_that_has_begun_is_told_to_nobody_any_more(
    addressed: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, kind: ActKind, is_told_before: bool
) -> None:
    event = make.make_event(addressed.third, addressed.guardian, starts_at=clock.now() + timedelta(hours=1))
    acts.record(BY_ITSELF, kind, event, now=clock.now())
    if is_told_before:
        wall_clock(REST)
        tell(worker)
    wall_clock(timedelta(hours=1))
    work(worker)
    assert inbox.mails == []
    assert bool(told_of(addressed, kind)) is is_told_before


def test_a_newcomer_is_not_told_old_news_and_sees_the_event(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move
) -> None:
    event = create(client_of(addressed.guardian), addressed, wall_clock)
    work(worker)
    addressed.newcomer.email = "ny@hjem.example"
    make.tie(addressed.newcomer, make.make_pupil(addressed.third, "Sofie"))
    work(worker)
    assert "ny@hjem.example" not in inbox.addresses
    assert lines(addressed.newcomer) == []
    assert client_of(addressed.newcomer).get(f"/events/{event.id}").status_code == 200


def test_who_has_lost_the_child_before_the_mail_gets_none(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move
) -> None:
    create(client_of(addressed.guardian), addressed, wall_clock)
    tell(worker)
    db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER).one().ends_on = clock.today() - timedelta(1)
    work(worker)
    assert "helper@hjem.example" not in inbox.addresses
    assert len(inbox.mails) == len(INVITED) - 2


@pytest.mark.both
def test_answering_counts_as_having_seen_it_and_reading_the_page_writes_nothing(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    event = create(client_of(addressed.guardian), addressed, wall_clock)
    other = make.make_event(addressed.third, addressed.guardian)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, other, now=clock.now())
    tell(worker)
    jonas = client_of(addressed.other_home)
    jonas.get(f"/events/{event.id}")
    assert unread_of(addressed.other_home) == 2
    choose(jonas, event, addressed.alma.id, "ACCEPTED")
    assert unread_of(addressed.other_home) == 1, "the other event is not answered"
    assert unread_of(addressed.helper) == 2, "and nobody else has seen anything"
    work(worker)
    assert inbox.addresses.count("other-home@hjem.example") == 1
    line = client_of(addressed.helper).get("/notifications/").text
    assert line.count("Hele 3.A er inviteret (Alma)") == 2


@pytest.mark.both
def test_an_answer_that_is_turned_round_is_told_to_the_other_guardians(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    choose(client_of(addressed.guardian), event, addressed.alma.id, "ACCEPTED")
    work(worker)
    assert inbox.mails == [], "a first answer is nobody's surprise"
    choose(client_of(addressed.other_home), event, addressed.alma.id, "DECLINED")
    work(worker)
    assert told_of(addressed, ActKind.RSVP_CHANGED_BY_OTHER_HOME) == {"guardian"}
    (mail,) = inbox.mails
    assert mail["Subject"] == "Et svar i 3.A er ændret (Alma)"
    text = whole_text(mail)
    assert f"/events/{event.id}" in text
    assert event.title in text
    for secret in ("Jonas", "kommer", "nej", "None"):
        assert secret not in text
    assert "Jonas" not in client_of(addressed.guardian).get("/notifications/").text


def test_a_helper_s_answer_is_told_to_both_guardians_and_a_helper_is_told_of_none(
    addressed: Cast, worker: Worker, client_of: ClientOf
) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    choose(client_of(addressed.guardian), event, addressed.alma.id, "ACCEPTED")
    choose(client_of(addressed.helper), event, addressed.alma.id, "DECLINED")
    work(worker)
    assert told_of(addressed, ActKind.RSVP_CHANGED_BY_OTHER_HOME) == {"guardian", "other_home"}
    choose(client_of(addressed.guardian), event, addressed.alma.id, "ACCEPTED")
    work(worker)
    assert told_of(addressed, ActKind.RSVP_CHANGED_BY_OTHER_HOME) == {"other_home"}, "the newest only"
    assert unread_of(addressed.guardian) == 0
    assert unread_of(addressed.other_home) == 1


def test_an_answer_that_is_only_repeated_tells_nobody(addressed: Cast, worker: Worker, client_of: ClientOf) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    for user in (addressed.guardian, addressed.other_home):
        choose(client_of(user), event, addressed.alma.id, "ACCEPTED")
    work(worker)
    assert told_of(addressed, ActKind.RSVP_CHANGED_BY_OTHER_HOME) == set()


@pytest.mark.both
def test_what_the_team_enters_is_told_to_the_child_s_guardians(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    twin = make.make_pupil(addressed.third, "Bo")
    make.tie(addressed.guardian, twin)
    sent = {"pupil_id": addressed.alma.id, "answer": "DECLINED"}
    teacher = client_of(addressed.class_teacher)
    for _ in range(2):
        assert teacher.send(f"/events/{event.id}/answers/change", sent).status_code == 303
    work(worker)
    assert told_of(addressed, ActKind.RSVP_ENTERED_BY_TEAM) == {"guardian", "other_home"}
    assert lines(addressed.other_home) == [ActKind.RSVP_ENTERED_BY_TEAM], "twice is once"
    assert sorted(inbox.addresses) == ["guardian@hjem.example", "other-home@hjem.example"]
    assert "Karen" not in whole_text(inbox.mails[0])
    home = client_of(addressed.other_home)
    page = home.get("/notifications/").text
    assert "Klasseteamet i 3.A har svaret for jer (Alma)" in page
    (line,) = db.session.query(Delivery).filter_by(user_id=addressed.other_home.id, channel=Channel.PORTAL)
    rsvp = db.session.query(Rsvp).one()
    assert line.page_id == event.id
    assert home.send(f"/notifications/{line.id}/opened").location == f"/events/{event.id}", rsvp.id


def test_a_foster_parent_is_told_of_their_own_child_alone(addressed: Cast, worker: Worker, client_of: ClientOf) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    sent = {"pupil_id": addressed.noah.id, "answer": "ACCEPTED"}
    client_of(addressed.class_teacher).send(f"/events/{event.id}/answers/change", sent)
    work(worker)
    assert told_of(addressed, ActKind.RSVP_ENTERED_BY_TEAM) == {"foster_parent"}


@pytest.mark.parametrize("lose", ["cancelled", "tie ended"])
def test_a_changed_answer_that_is_no_news_any_more_is_not_mailed(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, lose: str
) -> None:
    event = make.make_event(addressed.third, addressed.guardian_of_two)
    choose(client_of(addressed.guardian), event, addressed.alma.id, "ACCEPTED")
    choose(client_of(addressed.other_home), event, addressed.alma.id, "DECLINED")
    tell(worker)
    if lose == "cancelled":
        cancel(client_of(addressed.class_teacher), event)
    else:
        tie = db.session.query(Guardianship).filter_by(guardian_id=addressed.guardian.id).one()
        tie.ends_on = clock.today() - timedelta(days=1)
    work(worker)
    assert not [mail for mail in inbox.mails if "svar" in mail["Subject"]]


@pytest.mark.both
def test_a_long_list_of_all_kinds_costs_no_more_statements_than_a_short_one(
    addressed: Cast, worker: Worker, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    home, counts = client_of(addressed.other_home), list[int]()
    event: Any = None
    for _ in range(2):
        for _ in range(4):
            event = create(client_of(addressed.guardian), addressed, wall_clock)
            choose(client_of(addressed.other_home), event, addressed.alma.id, "ACCEPTED")
            choose(client_of(addressed.guardian), event, addressed.alma.id, "DECLINED")
        work(worker)
        with statements() as asked:
            assert home.get("/notifications/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4, counts
