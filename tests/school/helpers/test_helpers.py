"""A helper's right is derived from custody: it ends with it, by whichever road; and what each home may know of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.queries import get_event
from portal.events.recipients import list_invited_adults
from portal.notifications.models import Delivery
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.school.helpers import queries
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient, at_once

ClientOf = Callable[[User], IsolatedClient]
Move = Callable[[datetime | timedelta], None]
TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)


@pytest.fixture(autouse=True)
def everybody_reads_english(cast: Cast) -> None:
    for user in cast.users.values():
        user.language = "en"
    db.session.commit()


def tie_of(user: User, pupil: Pupil) -> Guardianship:
    return db.session.query(Guardianship).filter_by(guardian_id=user.id, pupil_id=pupil.id).one()


def children_of(user: User, day: date = TODAY) -> list[str]:
    return [child.name for person in load_people([user.id], today=day) for child in person.children]


def lose_custody(cast: Cast, how: str) -> None:
    custody = tie_of(cast.guardian, cast.alma)
    if how == "ends":
        custody.ends_on = YESTERDAY
    elif how == "becomes foster":
        custody.kind = GuardianshipKind.FOSTER
    elif how == "begins anew":
        custody.ends_on = YESTERDAY
        make.tie(cast.guardian, cast.alma).starts_on = TODAY
    else:
        db.session.delete(custody)
    db.session.commit()


HOWS = pytest.mark.parametrize("how", ["ends", "becomes foster", "begins anew", "is taken out"])


@pytest.mark.both
@HOWS
def test_the_helper_of_somebody_who_loses_custody_is_out_at_the_next_request(
    cast: Cast, client_of: ClientOf, database: str, how: str
) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    db.session.commit()
    phone, page = client_of(cast.helper), f"/events/{event.id}"
    assert phone.get(page).status_code == 200
    lose_custody(cast, how)
    assert phone.get(page).status_code == 404
    answer = {"answer": "ACCEPTED", "pupil": cast.alma.id}
    assert phone.send(f"{page}/answers", answer).status_code in (404, 405)
    assert "Alma" not in phone.get("/").text
    assert "Alma" not in phone.get("/accounts/me").text
    assert children_of(cast.helper) == []


@pytest.mark.both
@HOWS
def test_news_of_events_reaches_no_helper_whose_source_is_gone(cast: Cast, database: str, how: str) -> None:
    event = get_event(make.make_event(cast.third, cast.guardian_of_two).id)
    assert event is not None
    assert cast.helper.id in list_invited_adults(event, TODAY)
    lose_custody(cast, how)
    assert cast.helper.id not in list_invited_adults(event, TODAY)
    assert queries.count_helpers(cast.alma.id, cast.guardian.id, today=TODAY) == 0
    assert not queries.is_helped_by_others(cast.alma.id, cast.other_home.id, today=TODAY)


@pytest.mark.both
def test_a_helper_holds_until_the_last_day_of_the_custody_and_not_a_day_longer(cast: Cast, database: str) -> None:
    tie_of(cast.guardian, cast.alma).ends_on = TODAY
    db.session.flush()
    assert children_of(cast.helper) == ["Alma"]
    assert children_of(cast.helper, TODAY + timedelta(days=1)) == []


def test_custody_of_another_child_or_of_somebody_else_keeps_no_helper(cast: Cast) -> None:
    make.tie(cast.guardian, cast.otto)
    lose_custody(cast, "ends")
    assert children_of(cast.guardian) == ["Otto"]
    assert children_of(cast.other_home) == ["Alma"]
    assert children_of(cast.helper) == []


def test_company_of_a_helper_whose_source_is_gone_is_not_counted(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    make.answer(event, cast.alma, cast.other_home)
    make.bring(event, cast.helper, 2, 1)
    db.session.commit()
    browser, page = client_of(cast.class_teacher), f"/events/{event.id}"
    before = browser.get(page).text
    lose_custody(cast, "ends")
    assert browser.get(page).text != before


# What the other home knows


def report(browser: IsolatedClient, pupil: Pupil, **more: Any) -> Any:
    return browser.send(f"/school/pupils/{pupil.id}/helpers/report", **more)


def test_the_other_home_sees_that_there_is_a_helper_and_no_name(cast: Cast, client_of: ClientOf) -> None:
    browser, page = client_of(cast.other_home), f"/children/{cast.alma.id}"
    mark = "has let an adult help as well"
    text = browser.get(page).text
    assert mark in text
    assert not [word for word in ("Bodil", "Mette", "1 ") if word in text.split(mark)[0].split("Those who help us")[1]]
    assert mark not in client_of(cast.guardian).get(page).text, "one's own helper is no other's"
    lose_custody(cast, "ends")
    assert mark not in browser.get(page).text


@pytest.mark.both
def test_a_question_reaches_the_office_with_a_way_to_the_helper(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    browser = client_of(cast.other_home)
    assert report(browser, cast.alma).status_code == 303
    worker = Worker(app)
    while worker.round():
        pass
    act = db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).one()
    assert (act.actor_id, act.subject_id) == (cast.other_home.id, cast.alma.id)
    assert [row.user_id for row in db.session.query(Delivery).filter_by(act_id=act.id)] == [cast.office.id]
    office = client_of(cast.office)
    line = office.get("/notifications/").text
    assert "A guardian asks about a helper" in line
    assert not [name for name in ("Alma", "Bodil", "Jonas", "Mette") if name in line]
    page = office.get(f"/school/pupils/{cast.alma.id}/helpers").text
    assert "Bodil Holm" in page
    assert "Invited by Mette Holm" in page
    assert "Jonas Holm asked on 23 November" in page
    end = f"/school/helpers/{tie_of(cast.helper, cast.alma).id}/end"
    assert end in page
    assert office.send(end).status_code == 303
    assert "Nobody helps just now" in office.get(f"/school/pupils/{cast.alma.id}/helpers").text
    assert "has let an adult help as well" not in browser.get(f"/children/{cast.alma.id}").text


def test_the_office_is_asked_once_and_again_after_two_weeks(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    browser, page = client_of(cast.other_home), f"/children/{cast.alma.id}"
    for _ in range(3):
        assert report(browser, cast.alma).location == page
    assert db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).count() == 1
    text = browser.get(page).text
    assert "You asked the office about it on 23 November" in text
    assert "/helpers/report" not in text
    wall_clock(timedelta(days=14))
    browser = client_of(cast.other_home)
    assert "/helpers/report" in browser.get(page).text
    report(browser, cast.alma)
    assert db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).count() == 2


@pytest.mark.both
def test_eight_presses_at_the_same_moment_are_one_question(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.other_home) for _ in range(8)]
    at_once(*(lambda browser=browser: report(browser, cast.alma) for browser in browsers))
    assert db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).count() == 1


@pytest.mark.parametrize(
    "name", ["helper", "former_guardian", "guardian_of_two", "class_teacher", "office", "leader", "newcomer"]
)
def test_nobody_without_custody_asks(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert report(client_of(getattr(cast, name)), cast.alma).status_code == 404
    assert db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).count() == 0


def test_a_question_about_no_helper_is_refused_and_tells_nobody(cast: Cast, client_of: ClientOf) -> None:
    assert report(client_of(cast.guardian), cast.alma).status_code == 303, "the only helper is their own"
    assert report(client_of(cast.guardian_of_two), cast.otto).status_code == 303
    assert report(client_of(cast.foster_parent), cast.noah).status_code == 403
    assert db.session.query(Act).filter_by(kind=ActKind.HELPER_REPORTED).count() == 0


@pytest.mark.parametrize("name", ["leader", "akt", "class_teacher", "guardian", "other_home", "helper", "newcomer"])
def test_only_the_office_sees_who_helps_a_child(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(getattr(cast, name)).get(f"/school/pupils/{cast.alma.id}/helpers").status_code == 404


# One account for several children


def new_helper(pupil: Pupil) -> str:
    return f"/school/pupils/{pupil.id}/helpers/new"


@pytest.fixture
def sibling(cast: Cast) -> Pupil:
    """Alma's brother, with the same two homes."""
    karl = make.make_pupil(cast.sixth, "Karl")
    make.tie(cast.guardian, karl)
    make.tie(cast.other_home, karl)
    db.session.commit()
    return karl


@pytest.mark.both
def test_a_helper_is_picked_for_one_more_child_and_keeps_the_account(
    cast: Cast, client_of: ClientOf, sibling: Pupil, database: str
) -> None:
    browser, people = client_of(cast.guardian), db.session.query(User).count()
    assert f'value="{cast.helper.id}"' in browser.get(new_helper(sibling)).text
    answer = browser.send(new_helper(sibling), {"helper": cast.helper.id}, key="s" * 20)
    assert browser.send(new_helper(sibling), {"helper": cast.helper.id}, key="s" * 20).location == answer.location
    assert answer.location == f"/children/{sibling.id}"
    assert "Bodil Holm" in browser.get(answer.location).text
    assert children_of(cast.helper) == ["Alma", "Karl"]
    assert db.session.query(User).count() == people
    assert f'value="{cast.helper.id}"' not in browser.get(new_helper(sibling)).text, "nobody is picked twice"
    tie = tie_of(cast.helper, sibling)
    assert browser.send(f"/school/helpers/{tie.id}/end").status_code == 303
    assert children_of(cast.helper) == ["Alma"], "ending one leaves the other, and the account"
    assert cast.helper.is_active


@pytest.mark.both
def test_two_quick_thumbs_pick_a_helper_once(cast: Cast, client_of: ClientOf, sibling: Pupil, database: str) -> None:
    one, two = client_of(cast.guardian), client_of(cast.guardian)
    answers = at_once(*(lambda b=b: b.send(new_helper(sibling), {"helper": cast.helper.id}) for b in (one, two)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert db.session.query(Guardianship).filter_by(guardian_id=cast.helper.id, pupil_id=sibling.id).count() == 1


def test_nobody_picks_anothers_helper_nor_anybody_else(cast: Cast, client_of: ClientOf, sibling: Pupil) -> None:
    others = {"the other home": cast.other_home, "oneself": cast.guardian, "a teacher": cast.class_teacher}
    browser = client_of(cast.guardian)
    for who, user in others.items():
        assert browser.send(new_helper(sibling), {"helper": user.id}).status_code == 422, who
    other = client_of(cast.other_home)
    assert "Bodil" not in other.get(new_helper(sibling)).text
    assert other.send(new_helper(sibling), {"helper": cast.helper.id}).status_code == 422
    for nonsense in ("-1", "9" * 30, "x", ""):
        assert browser.send(new_helper(sibling), {"helper": nonsense}).status_code == 422
    assert children_of(cast.helper) == ["Alma"]


def test_a_helper_is_never_found_by_an_address(cast: Cast, client_of: ClientOf, sibling: Pupil) -> None:
    cast.helper.email = "bodil@example.org"
    db.session.commit()
    form = {"helper": "0", "first_name": "Bodil", "last_name": "Holm", "email": "bodil@example.org"}
    assert client_of(cast.guardian).send(new_helper(sibling), form).status_code == 303
    assert children_of(cast.helper) == ["Alma"]
    assert db.session.query(User).filter_by(email="bodil@example.org").count() == 2


def test_a_helper_whose_account_or_tie_is_over_is_not_offered(cast: Cast, client_of: ClientOf, sibling: Pupil) -> None:
    browser = client_of(cast.guardian)
    cast.helper.deactivated_at = clock.now()
    db.session.commit()
    assert browser.send(new_helper(sibling), {"helper": cast.helper.id}).status_code == 422
    cast.helper.deactivated_at = None
    lose_custody(cast, "ends")
    assert client_of(cast.guardian).send(new_helper(sibling), {"helper": cast.helper.id}).status_code == 422


@pytest.mark.both
def test_a_helper_can_be_invited_anew_when_custody_came_back(
    cast: Cast, client_of: ClientOf, sibling: Pupil, database: str
) -> None:
    """The old tie was never ended by anybody: it stands there, gives no right, and is no hindrance."""
    make.tie(cast.helper, sibling, GuardianshipKind.HELPER, invited_by=cast.guardian)
    lose_custody(cast, "begins anew")
    assert children_of(cast.helper) == ["Karl"]
    assert client_of(cast.guardian).send(new_helper(cast.alma), {"helper": cast.helper.id}).status_code == 303
    assert children_of(cast.helper) == ["Alma", "Karl"]


def test_six_are_the_most_also_of_those_who_are_picked(cast: Cast, client_of: ClientOf, sibling: Pupil) -> None:
    for number in range(6):
        helper = make.make_user(f"Hjælper {number}", external_id=None)
        make.tie(helper, sibling, GuardianshipKind.HELPER, invited_by=cast.guardian)
    db.session.commit()
    answer = client_of(cast.guardian).send(new_helper(sibling), {"helper": cast.helper.id})
    assert answer.status_code == 422
    assert "Karl has 6 helpers" in answer.text


def test_a_picked_helper_whose_child_leaves_the_class_sees_that_class_no_more(
    cast: Cast, client_of: ClientOf, sibling: Pupil
) -> None:
    client_of(cast.guardian).send(new_helper(sibling), {"helper": cast.helper.id})
    event = make.make_event(cast.sixth, cast.guardian_elsewhere)
    db.session.commit()
    assert client_of(cast.helper).get(f"/events/{event.id}").status_code == 200
    for enrolment in db.session.query(Enrolment).filter_by(pupil_id=sibling.id):
        enrolment.ends_on = YESTERDAY
    db.session.commit()
    assert client_of(cast.helper).get(f"/events/{event.id}").status_code == 404
