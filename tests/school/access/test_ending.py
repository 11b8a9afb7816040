"""A closed access that ends is told to the leadership in good time: once, and to those alone who decide about it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import writing
from portal.notifications.worker import Worker
from portal.notifications.worker.chores import do
from portal.school.access import services
from portal.school.access.chores import CHORES
from portal.school.access.models import AccessClosure
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, Cast
from tests.conftest import ClientOf, Move, at_once
from tests.leaks.test_leaks import Basket
from tests.notifications.post_office import told_of, want_mail, whole_text, work

TODAY = date(2026, 11, 23)
SECRET = "Krisecenter"
LIST = "/school/access"


def at(day: date, hour: int = 9) -> datetime:
    return clock.at_school(day, time(hour))


def remind(now: datetime) -> list[int]:
    """Do what has come due, and say of which decisions the leadership has been told until now."""
    (chore,) = CHORES
    assert do(chore, now)
    told = db.session.query(Act).filter_by(kind=ActKind.ACCESS_ENDS_SOON).order_by(Act.id)
    found = [act.subject_id for act in told]
    db.session.commit()
    return found


def worker_of(app: Flask, basket: Basket) -> Worker:
    """A worker that reminds of ends, tells of acts, and lays its mail in a basket."""
    worker = Worker(app, basket)
    worker.chores = CHORES
    return worker


def close(cast: Cast, days: int, **values: object) -> AccessClosure:
    closure: AccessClosure = make.close_access(
        cast.guardian, cast.alma, cast.leader, ends_on=TODAY + timedelta(days=days), **values
    )
    db.session.commit()
    return closure


@pytest.fixture(autouse=True)
def english(everybody_reads_english: None) -> None:
    """These tests read what a page says."""


@pytest.mark.both
@pytest.mark.parametrize(("days", "before"), [(180, 14), (30, 14), (28, 14), (27, 13), (10, 5), (3, 1), (2, 1)])
def test_two_weeks_before_the_end_or_halfway_and_once(
    cast: Cast, wall_clock: Move, database: str, days: int, before: int
) -> None:
    closure = close(cast, days)
    due = closure.ends_on - timedelta(days=before)
    for moment, told in (
        (at(due - timedelta(days=1), 15), []),
        (at(due, 7), []),
        (at(due, 8), [closure.id]),
        (at(due, 12), [closure.id]),
        (at(closure.ends_on), [closure.id]),
        (at(closure.ends_on + timedelta(days=1)), [closure.id]),
    ):
        wall_clock(moment)
        assert remind(moment) == told, moment


def test_a_worker_that_was_away_tells_late_and_not_after_the_end(cast: Cast, wall_clock: Move) -> None:
    closure = close(cast, 30)
    for moment, told in ((at(closure.ends_on + timedelta(days=1)), []), (at(closure.ends_on), [closure.id])):
        wall_clock(moment)
        assert remind(moment) == told


@pytest.mark.parametrize("days", [0, 1])
def test_whoever_decides_for_a_day_or_two_knows_when_it_ends(cast: Cast, wall_clock: Move, days: int) -> None:
    closure = close(cast, days)
    for moment in (at(TODAY), at(closure.ends_on)):
        wall_clock(moment)
        assert remind(moment) == []


def test_what_was_lifted_or_gives_no_right_any_more_is_not_told(cast: Cast, wall_clock: Move) -> None:
    close(cast, 10, lifted_at=clock.now())
    make.close_access(cast.former_guardian, cast.alma, cast.leader, ends_on=TODAY + timedelta(days=10))
    db.session.commit()
    moment = at(TODAY + timedelta(days=9))
    wall_clock(moment)
    assert remind(moment) == []


@pytest.mark.both
def test_only_the_decision_that_lasts_longest_is_told_and_a_longer_one_takes_the_word_back(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    first = close(cast, 20)
    moment = at(TODAY + timedelta(days=12))
    wall_clock(moment)
    assert remind(moment) == [first.id]
    work(worker_of(app, Basket()))
    leader = client_of(cast.leader)
    assert "A closed access ends soon" in leader.get("/notifications/").text
    until = TODAY + timedelta(days=100)
    path = f"/school/pupils/{cast.alma.id}/guardians/{cast.guardian.id}/access"
    assert leader.send(path, {"until": until.isoformat(), "reason": "Fortsat"}).status_code == 303
    assert "A closed access ends soon" not in leader.get("/notifications/").text
    assert remind(moment) == [first.id]
    wall_clock(at(until - timedelta(days=14)))
    assert len(remind(clock.now())) == 2


def test_lifting_takes_the_word_back(app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    close(cast, 20)
    moment = at(TODAY + timedelta(days=15))
    wall_clock(moment)
    remind(moment)
    work(worker_of(app, Basket()))
    leader = client_of(cast.leader)
    leader.send(f"/school/pupils/{cast.alma.id}/guardians/{cast.guardian.id}/access/end")
    assert "A closed access ends soon" not in leader.get("/notifications/").text
    assert remind(moment + timedelta(days=1))[1:] == []


@pytest.mark.both
def test_eight_workers_at_once_tell_once(cast: Cast, wall_clock: Move, app: Flask, database: str) -> None:
    closure = close(cast, 20)
    moment = at(TODAY + timedelta(days=15))
    wall_clock(moment)

    def one() -> None:
        with app.app_context():
            writing.set(True)
            services.remind_of_end(closure_id, now=moment)
            db.session.commit()

    closure_id = closure.id
    at_once(*[one] * 8)
    assert db.session.query(Act).filter_by(kind=ActKind.ACCESS_ENDS_SOON).count() == 1


@pytest.mark.both
def test_the_leadership_alone_is_told_without_the_adults_of_the_child_and_no_mail_names_anybody(
    app: Flask, cast: Cast, wall_clock: Move, database: str
) -> None:
    make.grant(cast.akt, Role.LEADERSHIP)
    make.tie(cast.akt, cast.alma)
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    for name, user in cast.users.items():
        user.email = f"{name.replace('_', '-')}@hjem.example"
        want_mail(user)
    close(cast, 20)
    moment = at(TODAY + timedelta(days=15))
    wall_clock(moment)
    basket = Basket()
    work(worker_of(app, basket))
    assert told_of(cast, ActKind.ACCESS_ENDS_SOON) == {"leader"}
    assert [address for address, _ in basket.mails] == ["leader@hjem.example"]
    text = whole_text(basket.mails[0][1])
    assert "A closed access ends soon" in text
    assert [word for word in (SECRET, "Alma", "Stjerne", "Mette", "3.A") if word in text] == []


def test_the_pages_show_what_ends_and_only_to_who_decides(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    close(cast, 20)
    make.close_access(cast.foster_parent, cast.noah, cast.leader, ends_on=TODAY + timedelta(days=90))
    make.tie(cast.leader, cast.ella)
    make.close_access(cast.guardian_of_two, cast.ella, cast.akt, ends_on=TODAY + timedelta(days=5))
    wall_clock(at(TODAY + timedelta(days=15)))
    leader = client_of(cast.leader)
    listed, home = leader.get(LIST).text, leader.get("/").text
    assert listed.index("Alma") < listed.index("Noah")
    assert listed.count("ends soon") == 1
    assert "Ella" not in listed
    assert "1 closed access ends soon." in home
    assert LIST in leader.get("/school/").text
    wall_clock(at(TODAY + timedelta(days=21)))
    leader = client_of(cast.leader)
    assert "is open now" in leader.get(LIST).text
    assert "closed access" not in leader.get("/").text
    wall_clock(at(TODAY + timedelta(days=51)))
    assert "Alma" not in client_of(cast.leader).get(LIST).text
    for name in sorted(EVERYBODY - {"leader"}):
        browser = client_of(cast.users[name])
        assert browser.get(LIST).status_code == 403, name
        assert "closed access" not in browser.get("/").text, name
