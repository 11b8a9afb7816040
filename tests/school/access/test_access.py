"""Leadership closes a guardian's access to a child: at once, for a time, for a reason nobody else sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.queries import get_event
from portal.events.recipients import list_guardians_of_child, list_invited_adults
from portal.notifications.queries import list_addresses
from portal.people import load_people
from portal.school.access.models import AccessClosure
from portal.school.access.services import last_day_possible
from portal.school.contacts.queries import list_contacts
from portal.school.models import Guardianship, GuardianshipKind, Pupil
from portal.school.queries import count_homes, list_guardian_ids
from portal.updates.reach import list_reach
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient, at_once

ClientOf = Callable[[User], IsolatedClient]
Move = Callable[[datetime | timedelta], None]
TODAY, YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 24)
LATEST = date(2027, 5, 23)
SECRET = "Moren bor på krisecenter"


@pytest.fixture(autouse=True)
def everybody_reads_english(cast: Cast) -> None:
    for user in cast.users.values():
        user.language = "en"
    db.session.commit()


def page_of(user: User, pupil: Pupil) -> str:
    return f"/school/pupils/{pupil.id}/guardians/{user.id}/access"


def close(
    browser: IsolatedClient, user: User, pupil: Pupil, until: date | str = LATEST, reason: str = SECRET, **more: Any
) -> Any:
    return browser.send(page_of(user, pupil), {"until": str(until), "reason": reason}, **more)


def children_of(user: User, day: date = TODAY) -> list[str]:
    return [child.name for person in load_people([user.id], today=day) for child in person.children]


def kinds() -> list[ActKind]:
    wanted = (ActKind.ACCESS_CLOSED, ActKind.ACCESS_CLOSED_LONGER, ActKind.ACCESS_OPENED)
    return [act.kind for act in db.session.query(Act).order_by(Act.id) if act.kind in wanted]


@pytest.fixture
def leader(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.leader)


@pytest.mark.both
def test_a_closed_guardian_is_out_at_the_next_request_and_their_helper_too(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf, database: str
) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    update = make.make_update(cast.third, cast.class_teacher)
    db.session.commit()
    before = {name: client_of(getattr(cast, name)) for name in ("guardian", "helper", "other_home")}
    assert close(leader, cast.guardian, cast.alma).status_code == 303
    assert kinds() == [ActKind.ACCESS_CLOSED]
    for name in ("guardian", "helper"):
        assert before[name].get("/accounts/me").status_code == 303, "signed out"
    for name in ("guardian", "helper"):
        browser = client_of(getattr(cast, name))
        for path in (f"/classes/{cast.third.id}", f"/children/{cast.alma.id}", f"/events/{event.id}"):
            assert browser.get(path).status_code == 404, (name, path)
        assert client_of(cast.guardian).get(f"/updates/{update.id}").status_code == 404
        for page in ("/", "/accounts/me", "/classes", "/events/", "/updates/"):
            assert not [word for word in ("Alma", "3.A") if word in browser.get(page).text], (name, page)
    assert before["other_home"].get(f"/children/{cast.alma.id}").status_code == 200, "everybody else goes on"
    assert children_of(cast.other_home) == ["Alma"]


def test_to_that_guardian_the_portal_looks_as_for_a_child_who_has_left(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf
) -> None:
    make.make_update(cast.third, cast.class_teacher)
    event = make.make_event(cast.third, cast.guardian)
    db.session.commit()
    paths = (
        *("/", "/accounts/me", "/classes", "/events/", "/updates/", "/notifications/", "/help", "/council/"),
        *(f"/classes/{cast.third.id}", f"/children/{cast.alma.id}", f"/events/{event.id}"),
        *(f"/school/classes/{cast.third.id}/contacts", f"/school/pupils/{cast.alma.id}/helpers/new"),
        *(f"/agreements/classes/{cast.third.id}/rules", f"/events/classes/{cast.third.id}/new"),
    )

    def seen() -> list[tuple[int, str]]:
        browser = client_of(cast.guardian)
        answers = [browser.get(path) for path in paths]
        return [(one.status_code, re.sub(r'value="[^"]{20,}"', "", one.text)) for one in answers]

    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one()
    tie.ends_on = YESTERDAY
    db.session.commit()
    left = seen()
    tie.ends_on = None
    db.session.commit()
    assert seen() != left
    close(leader, cast.guardian, cast.alma)
    assert seen() == left


@pytest.mark.both
def test_everything_that_counts_or_tells_homes_leaves_a_closed_one_out(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf, database: str
) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    rsvp = make.answer(event, cast.alma, cast.guardian)
    make.bring(event, cast.guardian, 2, 1)
    make.show_contacts(cast.guardian, cast.third)
    update = make.make_update(cast.third, cast.class_teacher)
    client_of(cast.guardian).get(f"/updates/{update.id}")
    found = get_event(event.id)
    assert found is not None
    homes = count_homes(cast.third.id, today=TODAY)
    close(leader, cast.guardian, cast.alma)
    assert cast.guardian.id not in list_guardian_ids(cast.third.id, today=TODAY)
    assert {cast.guardian.id, cast.helper.id}.isdisjoint(list_invited_adults(found, TODAY))
    assert list_guardians_of_child(rsvp, TODAY) == {cast.other_home.id}
    assert count_homes(cast.third.id, today=TODAY) == (homes[0] - 1, homes[1])
    names = [guardian.name for child in list_contacts(cast.third.id, today=TODAY) for guardian in child.guardians]
    assert "Mette Holm" not in names
    assert "Jonas Holm" in names
    assert not [one for one in list_reach(update, today=TODAY) if one.is_reached]
    page = client_of(cast.other_home).get(f"/events/{event.id}").text
    assert "Mette" not in page
    assert SECRET not in page


# Who decides, and who reads why


@pytest.mark.parametrize("name", sorted(set(Cast.__dataclass_fields__) - {"leader"}))
def test_nobody_but_the_leadership_closes_opens_or_reads(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf, name: str
) -> None:
    user = getattr(cast, name)
    if not isinstance(user, User):
        return
    close(leader, cast.former_guardian, cast.alma)
    close(leader, cast.other_home, cast.alma)
    browser, path = client_of(user), page_of(cast.other_home, cast.alma)
    assert browser.get(path).status_code == 404
    assert close(browser, cast.guardian, cast.alma).status_code == 404
    assert browser.send(f"{path}/end").status_code == 404
    assert browser.get(f"/school/classes/{cast.third.id}/access").status_code in (403, 404)
    assert children_of(cast.other_home) == []
    assert children_of(cast.guardian) == ["Alma"]
    for page in ("/", "/notifications/", f"/classes/{cast.third.id}", f"/accounts/users/{cast.other_home.id}"):
        text = browser.get(page).text
        assert SECRET not in text, page
        assert "closed up to" not in text, page
        assert "/access" not in text, page


def test_a_leader_who_is_an_adult_of_the_child_decides_nothing_about_it(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf
) -> None:
    make.tie(cast.leader, cast.noah)
    db.session.commit()
    assert close(leader, cast.foster_parent, cast.noah).status_code == 404
    assert close(leader, cast.leader, cast.noah).status_code == 404
    listed = leader.get(f"/school/classes/{cast.third.id}/access").text
    assert "Alma" in listed
    assert "Noah" not in listed
    make.close_access(cast.leader, cast.noah, cast.akt)
    db.session.commit()
    assert children_of(cast.leader) == []
    for path in (page_of(cast.leader, cast.noah), page_of(cast.foster_parent, cast.noah)):
        assert leader.get(path).status_code == 404
        assert leader.send(f"{path}/end").status_code == 404
    assert "Noah" not in leader.get(f"/school/classes/{cast.third.id}/access").text


def test_the_leadership_reads_every_decision_with_its_reason(cast: Cast, leader: IsolatedClient) -> None:
    path, listed = page_of(cast.guardian, cast.alma), f"/school/classes/{cast.third.id}/access"
    assert path in leader.get(listed).text
    assert listed in leader.get(f"/classes/{cast.third.id}").text
    assert "The access is open." in leader.get(path).text
    close(leader, cast.guardian, cast.alma, TOMORROW)
    close(leader, cast.guardian, cast.alma, LATEST, "Ny samtale med kommunen")
    page = leader.get(path).text
    for told in (SECRET, "Ny samtale med kommunen", "Hanne Holm", "23 May 2027", "Open the access"):
        assert told in page
    assert "closed up to and including 23 May 2027" in leader.get(listed).text


@pytest.mark.parametrize("who", ["helper", "former_guardian", "guardian_elsewhere", "class_teacher", "council_member"])
def test_only_guardians_of_the_child_stand_there(cast: Cast, leader: IsolatedClient, who: str) -> None:
    user = getattr(cast, who)
    assert close(leader, user, cast.alma).status_code == 404
    assert page_of(user, cast.alma) not in leader.get(f"/school/classes/{cast.third.id}/access").text
    assert db.session.query(AccessClosure).count() == 0


def test_protected_people_go_by_their_alias_here_too(cast: Cast, leader: IsolatedClient) -> None:
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    cast.guardian.protection, cast.guardian.alias = Protection.NAME, "M."
    db.session.commit()
    for path in (f"/school/classes/{cast.third.id}/access", page_of(cast.guardian, cast.alma)):
        text = leader.get(path).text
        assert "Stjerne" in text
        assert not [name for name in ("Alma", "Mette") if name in text]


# For how long


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        (date(2026, 11, 23), date(2027, 5, 23)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2027, 1, 1), date(2027, 7, 1)),
        (date(2027, 6, 30), date(2027, 12, 30)),
    ],
)
def test_six_months_are_the_most(day: date, latest: date) -> None:
    assert last_day_possible(day) == latest


@pytest.mark.parametrize("until", [YESTERDAY, LATEST + timedelta(days=1), "2036-01-01", "", "altid", "2027-02-30"])
def test_another_last_day_is_refused_and_the_reason_kept(cast: Cast, leader: IsolatedClient, until: Any) -> None:
    answer = close(leader, cast.guardian, cast.alma, until)
    assert answer.status_code == 422
    assert SECRET in answer.text
    assert children_of(cast.guardian) == ["Alma"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_nothing_is_closed_without_a_reason(cast: Cast, leader: IsolatedClient, reason: str) -> None:
    assert close(leader, cast.guardian, cast.alma, reason=reason).status_code == 422
    assert db.session.query(AccessClosure).count() == 0


@pytest.mark.both
def test_it_ends_by_itself_after_its_last_day(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    close(leader, cast.guardian, cast.alma, TOMORROW)
    for day, seen in ((TODAY, []), (TOMORROW, []), (TOMORROW + timedelta(days=1), ["Alma"])):
        assert children_of(cast.guardian, day) == seen
        assert children_of(cast.helper, day) == seen
    wall_clock(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert client_of(cast.guardian).get(f"/children/{cast.alma.id}").status_code == 200
    page = client_of(cast.leader).get(page_of(cast.guardian, cast.alma)).text
    assert "The access is open." in page
    assert SECRET in page, "what was decided stays"


@pytest.mark.both
def test_it_is_made_longer_only_and_each_time_with_a_reason(
    cast: Cast, leader: IsolatedClient, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    close(leader, cast.guardian, cast.alma, LATEST)
    for until in (LATEST, TOMORROW):
        answer = close(leader, cast.guardian, cast.alma, until)
        assert (answer.status_code, "Choose a later one" in answer.text) == (422, True)
    wall_clock(datetime(2027, 5, 20, 8, 0, tzinfo=UTC))
    leader = client_of(cast.leader)
    assert close(leader, cast.guardian, cast.alma, date(2027, 11, 20), "Fortsat").status_code == 303
    assert kinds() == [ActKind.ACCESS_CLOSED, ActKind.ACCESS_CLOSED_LONGER]
    assert [one.ends_on for one in db.session.query(AccessClosure)] == [LATEST, date(2027, 11, 20)]
    assert children_of(cast.guardian, date(2027, 11, 20)) == []
    assert children_of(cast.guardian, date(2027, 11, 21)) == ["Alma"]


@pytest.mark.both
def test_lifting_opens_at_once_all_that_is_in_force_and_once(cast: Cast, leader: IsolatedClient, database: str) -> None:
    close(leader, cast.guardian, cast.alma, TOMORROW)
    close(leader, cast.guardian, cast.alma, LATEST)
    path = page_of(cast.guardian, cast.alma)
    assert leader.send(f"{path}/end").location == path
    assert children_of(cast.guardian) == ["Alma"]
    assert children_of(cast.helper) == ["Alma"]
    assert leader.send(f"{path}/end").status_code == 303
    assert kinds() == [ActKind.ACCESS_CLOSED, ActKind.ACCESS_CLOSED_LONGER, ActKind.ACCESS_OPENED]
    assert close(leader, cast.guardian, cast.alma, TOMORROW).status_code == 303, "it can be closed anew"
    assert children_of(cast.guardian) == []


@pytest.mark.both
def test_eight_who_close_at_the_same_moment_close_once(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.leader) for _ in range(8)]
    answers = at_once(*(lambda b=b: close(b, cast.guardian, cast.alma).status_code for b in browsers))
    assert sorted(answers) == [303] + 7 * [422]
    assert db.session.query(AccessClosure).count() == 1
    path = page_of(cast.guardian, cast.alma)
    at_once(*(lambda b=b: b.send(f"{path}/end") for b in browsers))
    assert kinds() == [ActKind.ACCESS_CLOSED, ActKind.ACCESS_OPENED]


def test_a_double_click_is_one_closure(cast: Cast, leader: IsolatedClient) -> None:
    answers = [close(leader, cast.guardian, cast.alma, key="c" * 20) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert db.session.query(AccessClosure).count() == 1


# What does not open it, and what it does not close


def test_it_is_of_one_child(cast: Cast, leader: IsolatedClient) -> None:
    close(leader, cast.guardian_of_two, cast.otto)
    assert children_of(cast.guardian_of_two) == ["Ella"]
    page = leader.get(page_of(cast.guardian_of_two, cast.otto)).text
    assert page_of(cast.guardian_of_two, cast.ella) in page, "the other children are pointed at"
    assert cast.third.id not in load_people([cast.guardian_of_two.id], today=TODAY)[0].represents


@pytest.mark.both
def test_no_new_tie_opens_it(cast: Cast, leader: IsolatedClient, client_of: ClientOf, database: str) -> None:
    close(leader, cast.guardian, cast.alma)
    form = {"pupil": cast.alma.id, "login": cast.guardian.user_name}
    answer = client_of(cast.office).send(f"/school/classes/{cast.third.id}/foster-parents", form)
    assert (answer.status_code, "belongs to that child already" in answer.text) == (422, True)
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one()
    tie.ends_on = YESTERDAY
    db.session.flush()
    for kind in GuardianshipKind:
        again = make.tie(cast.guardian, cast.alma, kind, invited_by=cast.other_home)
        db.session.flush()
        assert children_of(cast.guardian) == [], kind
        db.session.delete(again)
        db.session.flush()


def test_what_is_careful_about_protection_stays_so_while_it_is_closed(cast: Cast) -> None:
    """A closed tie still says whose child lives under protection."""
    cast.alma.protection, cast.guardian.email = Protection.ADDRESS, "mette@example.org"
    make.close_access(cast.guardian, cast.alma, cast.leader)
    db.session.commit()
    assert list_addresses([cast.guardian.id], today=TODAY)[cast.guardian.id].is_protected
