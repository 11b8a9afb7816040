"""A class, a council or the school begins something for a time, changes it, and says how it went."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.initiatives import queries
from portal.initiatives.chores import CHORES
from portal.initiatives.models import Initiative, InitiativeClause, is_fresh
from portal.initiatives.services import MOST_AT_ONCE
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.notifications.worker.chores import do
from portal.school.models import Enrolment
from portal.strategy.kinds import EditionState
from portal.text import clock
from tests import factories as make
from tests.cast import AT_SCHOOL, EVERYBODY, HOMES, SCHOOL_WIDE, TEAM, Cast
from tests.conftest import ClientOf, Move, at_once

TITLE = "Alle er med i det store frikvarter"


def typed(**values: Any) -> dict[str, Any]:
    """What is typed to begin one today, for three weeks."""
    today = clock.today()
    plan = {"title": TITLE, "details": "Vi leger tre lege sammen.", "starts_on": today.isoformat()}
    return plan | {"ends_on": (today + timedelta(days=21)).isoformat()} | values


def closing(**values: Any) -> dict[str, Any]:
    return {"outcome": "Flere leger sammen nu.", "version": 1, "closed_on": clock.today().isoformat(), **values}


def start_of(cast: Cast) -> str:
    return f"/initiatives/classes/{cast.third.id}/new"


def the_only_one() -> Initiative:
    db.session.expire_all()
    return db.session.scalars(select(Initiative)).one()


def told(kind: ActKind) -> set[int]:
    of_kind = select(Delivery.user_id).join(Act, Act.id == Delivery.act_id).where(Act.kind == kind)
    return set(db.session.scalars(of_kind.where(Delivery.channel == Channel.PORTAL, Delivery.is_opened.is_(False))))


def tell(app: Flask, wall_clock: Move) -> None:
    wall_clock(timedelta(minutes=4))  # what may still be taken back rests for three minutes
    while Worker(app).tell_some():
        pass


def homes_of(cast: Cast) -> set[int]:
    return {cast.users[name].id for name in HOMES}


@pytest.mark.both
def test_a_class_begins_something_and_says_how_it_went(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    team, home = client_of(cast.class_teacher), client_of(cast.guardian)
    assert team.send(start_of(cast), typed()).status_code == 303
    tell(app, wall_clock)
    assert told(ActKind.INITIATIVE_STARTED) == homes_of(cast)
    path = f"/initiatives/{the_only_one().id}"
    assert TITLE in home.get(f"/initiatives/classes/{cast.third.id}").text
    assert "Vi leger tre lege sammen." in home.get(path).text
    assert path + "/close" not in home.get(path).text
    wall_clock(timedelta(days=14))
    team, home = client_of(cast.class_teacher), client_of(cast.guardian)  # silence signs staff out
    assert team.send(path + "/close", closing()).status_code == 303
    tell(app, wall_clock)
    assert told(ActKind.INITIATIVE_STARTED) == set(), "the newest word alone is new"
    assert told(ActKind.INITIATIVE_CLOSED) == homes_of(cast)
    assert "Flere leger sammen nu." in home.get(path).text
    assert "Flere leger sammen nu." in home.get(f"/initiatives/classes/{cast.third.id}").text


def test_what_is_taken_back_at_once_is_told_to_nobody(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    team = client_of(cast.class_teacher)
    team.send(start_of(cast), typed())
    path = f"/initiatives/{the_only_one().id}"
    assert team.send(path + "/withdraw", {"version": 1}).status_code == 303
    tell(app, wall_clock)
    assert told(ActKind.INITIATIVE_STARTED) == set()
    assert client_of(cast.guardian).get(path).status_code == 404
    assert team.send(path + "/withdraw", {"version": 1}).status_code == 404


def test_one_is_taken_back_on_its_first_day_or_before_it_begins(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    team = client_of(cast.class_teacher)
    coming = (clock.today() + timedelta(days=10)).isoformat()
    team.send(start_of(cast), typed())
    team.send(start_of(cast), typed(title="Vi hilser", starts_on=coming))
    running, planned = db.session.scalars(select(Initiative).order_by(Initiative.id))
    wall_clock(timedelta(days=1))
    team = client_of(cast.class_teacher)  # silence signs staff out
    late = team.send(f"/initiatives/{running.id}/withdraw", {"version": 1})
    assert late.status_code == 422
    assert "samme dag" in late.text
    early = team.send(f"/initiatives/{planned.id}/close", closing())
    assert early.status_code == 422
    assert "ikke begyndt endnu" in early.text
    assert team.send(f"/initiatives/{planned.id}/withdraw", {"version": 1}).status_code == 303


def test_one_closed_by_mistake_is_opened_again_that_day(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    team.send(path + "/close", closing())
    assert team.send(path + "/reopen", {"version": 2}).status_code == 303
    assert the_only_one().closed_on is None
    assert team.send(path + "/reopen", {"version": 3}).status_code == 409, "it is open"
    team.send(path + "/close", closing(version=3))
    wall_clock(timedelta(days=1))
    team = client_of(cast.class_teacher)  # silence signs staff out
    late = team.send(path + "/reopen", {"version": 4})
    assert late.status_code == 422
    assert path + "/reopen" not in team.get(path).text


def test_whoever_closes_it_second_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    path = f"/initiatives/{initiative.id}/close"
    client_of(cast.class_teacher).send(path, closing(outcome="Roligere pauser."))
    second = client_of(cast.pedagogue).send(path, closing(outcome="Nye legekammerater."))
    assert second.status_code == 409
    assert "Roligere pauser." in second.text
    assert "Nye legekammerater." in second.text
    assert the_only_one().outcome == "Roligere pauser."


@pytest.mark.both
def test_of_two_who_close_it_at_once_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    path = f"/initiatives/{initiative.id}/close"
    answers = at_once(
        partial(client_of(cast.class_teacher).send, path, closing()),
        partial(client_of(cast.pedagogue).send, path, closing(outcome="Nye legekammerater.")),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(db.session.scalars(select(Act).where(Act.kind == ActKind.INITIATIVE_CLOSED)).all()) == 1


@pytest.mark.both
def test_of_a_withdrawal_and_a_change_at_once_nothing_is_half_done(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third, starts_on=clock.today())
    db.session.commit()
    path = f"/initiatives/{initiative.id}"
    answers = at_once(
        partial(client_of(cast.class_teacher).send, path + "/withdraw", {"version": 1}),
        partial(client_of(cast.pedagogue).send, path + "/edit", typed(title="Nyt navn", version=1)),
    )
    withdrawn, changed = (answer.status_code for answer in answers)
    db.session.expire_all()
    stands = db.session.scalars(select(Initiative)).first()
    if withdrawn == 303:
        assert changed in (404, 409)
        assert stands is None
    else:
        assert (withdrawn, changed) == (409, 303)
        assert stands is not None
        assert stands.title == "Nyt navn"


@pytest.mark.both
def test_a_class_has_five_at_once_and_none_twice(cast: Cast, client_of: ClientOf, database: str) -> None:
    for number in range(MOST_AT_ONCE - 1):
        make.make_initiative(cast.class_teacher, cast.third, title=f"Nummer {number}")
    db.session.commit()
    people = (cast.class_teacher, cast.pedagogue, cast.substitute)
    answers = at_once(*(partial(client_of(one).send, start_of(cast), typed()) for one in people))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]
    full = client_of(cast.class_teacher).send(start_of(cast), typed(title="Et til"))
    assert full.status_code == 422
    assert "allerede 5 tiltag" in full.text
    assert 'value="Et til"' in full.text


def test_two_do_not_go_by_one_name(cast: Cast, client_of: ClientOf) -> None:
    make.make_initiative(cast.class_teacher, cast.third, title=TITLE)
    make.make_initiative(cast.teacher_elsewhere, cast.sixth, title="Vi hilser")
    db.session.commit()
    again = client_of(cast.pedagogue).send(start_of(cast), typed(title=TITLE.upper()))
    assert again.status_code == 422
    assert "med det navn" in again.text
    assert client_of(cast.pedagogue).send(start_of(cast), typed(title="Vi hilser")).status_code == 303


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"starts_on": "2026-07-31"}, "skoleåret 2026/27"),
        ({"ends_on": "2027-08-01"}, "skoleåret 2026/27"),
        ({"starts_on": "2026-12-10", "ends_on": "2026-12-01"}, "før det begynder"),
        ({"starts_on": "2026-08-20", "ends_on": "2026-09-20"}, "allerede overstået"),
        ({"title": "Vi hjælper Alma"}, "uden børns navne"),
        ({"details": "Ella fra 6.A er med"}, "uden børns navne"),
        ({"keys": ["k1", "nope"]}, "står ikke i strategien"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_what_was_typed_stays(
    cast: Cast, client_of: ClientOf, values: dict[str, Any], words: str
) -> None:
    make.make_edition({"": ["Sådan er vi sammen."]})
    db.session.commit()
    refused = client_of(cast.class_teacher).send(start_of(cast), typed(**values))
    assert refused.status_code == 422
    assert words in refused.text
    assert "Vi leger tre lege sammen." in refused.text or "details" in values
    assert db.session.scalars(select(Initiative)).first() is None


def test_how_it_went_names_no_child_and_has_a_day_within_its_time(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}/close"
    tomorrow, before = clock.today() + timedelta(days=1), initiative.starts_on - timedelta(days=1)
    for values, words in (
        ({"outcome": "Noah er glad nu"}, "uden børns navne"),
        ({"closed_on": tomorrow.isoformat()}, "ikke kommet endnu"),
        ({"closed_on": before.isoformat()}, "før tiltaget gik i gang"),
        ({"outcome": ""}, "ikke udfyldt"),
    ):
        assert words in team.send(path, closing(**values)).text, values
    wall_clock(timedelta(days=300))
    team = client_of(cast.class_teacher)  # silence signs staff out
    assert clock.school_year(clock.today()) == 2027
    late = team.send(path, closing())
    assert "i det skoleår" in late.text
    assert team.send(path, closing(closed_on="2027-06-20")).status_code == 303


def test_of_two_who_change_it_the_second_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    db.session.commit()
    path = f"/initiatives/{initiative.id}/edit"
    values = typed(starts_on=initiative.starts_on.isoformat(), version=1)
    assert client_of(cast.class_teacher).send(path, values | {"details": "Hver tirsdag"}).status_code == 303
    second = client_of(cast.pedagogue).send(path, values | {"details": "Hver torsdag"})
    assert second.status_code == 409
    assert "Hver tirsdag" in second.text
    assert "Hver torsdag" in second.text
    assert 'name="version" type="hidden" value="2"' in second.text


def test_what_is_closed_is_put_right_this_school_year_and_otherwise_stays(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    initiative = make.make_initiative(cast.class_teacher, cast.third)
    make.close_initiative(initiative, cast.class_teacher)
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    assert "kun rette, hvordan det gik" in team.send(path + "/edit", typed(version=1)).text
    right = {"outcome": "Flere leger sammen ude.", "version": 1}
    assert team.send(path + "/outcome", right).status_code == 303
    assert the_only_one().outcome == "Flere leger sammen ude."
    assert team.send(path + "/outcome", right | {"outcome": "Igen"}).status_code == 409
    wall_clock(timedelta(days=300))
    team = client_of(cast.class_teacher)  # silence signs staff out
    assert "Det skoleår er slut" in team.send(path + "/outcome", {"outcome": "Igen", "version": 2}).text
    assert path + "/outcome" not in team.get(path).text


def test_a_class_without_children_begins_nothing_and_what_it_does_is_closed(cast: Cast, client_of: ClientOf) -> None:
    running = make.make_initiative(cast.class_teacher, cast.third)
    planned = make.make_initiative(cast.class_teacher, cast.third, starts_on=clock.today() + timedelta(days=5))
    elsewhere = make.make_initiative(cast.teacher_elsewhere, cast.sixth)
    for place in db.session.scalars(select(Enrolment).where(Enrolment.class_id == cast.third.id)):
        place.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    refused = client_of(cast.class_teacher).send(start_of(cast), typed())
    assert refused.status_code == 422
    assert "ingen børn i klassen" in refused.text
    assert do(CHORES[0], clock.now())
    db.session.expire_all()
    left = {one.id: one for one in db.session.scalars(select(Initiative))}
    assert left.keys() == {running.id, elsewhere.id}, f"{planned.id} had not begun"
    assert left[running.id].closed_on == clock.today()
    assert left[running.id].closed_by_id is None
    assert left[elsewhere.id].closed_on is None
    assert "da der ikke længere gik børn i klassen" in client_of(cast.leader).get(f"/initiatives/{running.id}").text
    assert list(CHORES[0].find(clock.now())) == []


def test_a_point_that_has_gone_from_the_strategy_says_so_and_stays(cast: Cast, client_of: ClientOf) -> None:
    make.make_edition({"": ["Vi hilser.", "Vi leger."]}, state=EditionState.SUPERSEDED)
    edition = make.make_edition({"": ["Vi hilser."]}, number=2)
    here = edition.sections[0].clauses[0].key
    initiative = make.make_initiative(cast.class_teacher, cast.third, keys=(here, "k77"))
    db.session.commit()
    team, path = client_of(cast.class_teacher), f"/initiatives/{initiative.id}"
    page = team.get(path).text
    assert "Vi hilser." in page
    assert "Et punkt fra en tidligere strategi" in page
    values = typed(starts_on=initiative.starts_on.isoformat(), version=1, keys=[here])
    assert team.send(path + "/edit", values).status_code == 303
    assert set(db.session.scalars(select(InitiativeClause.clause_key))) == {here, "k77"}


def test_akt_hears_that_it_is_in_one_and_homes_do_not_see_it(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    team, akt, home = client_of(cast.class_teacher), client_of(cast.akt), client_of(cast.guardian)
    team.send(start_of(cast), typed(with_akt="y"))
    tell(app, wall_clock)
    assert told(ActKind.INITIATIVE_WITH_AKT) == {cast.akt.id}
    path = f"/initiatives/{the_only_one().id}"
    assert "AKT hjælper" in akt.get("/akt/").text
    assert "AKT hjælper" in akt.get(path).text
    for page in (path, f"/initiatives/classes/{cast.third.id}"):
        assert "AKT hjælper" not in home.get(page).text
        assert "AKT hjælper" in team.get(page).text
    assert akt.send(path + "/close", closing()).status_code == 303, "AKT is in it, so it may say how it went"


def test_a_councils_and_the_schools_are_told_to_nobody_and_read_by_everybody_there(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    council = f"/initiatives/councils/{cast.council.id}/new"
    assert client_of(cast.facilitator).send(council, typed(title="Bolde til alle")).status_code == 303
    assert client_of(cast.leader).send("/initiatives/school/new", typed(title="Morgensang")).status_code == 303
    tell(app, wall_clock)
    assert told(ActKind.INITIATIVE_STARTED) == set()
    for name in EVERYBODY:
        answer = client_of(cast.users[name]).get("/initiatives/")
        assert (answer.status_code == 200) == (name in AT_SCHOOL), name
        if name in AT_SCHOOL:
            assert "Bolde til alle" in answer.text
            assert "Morgensang" in answer.text
    assert "Bolde til alle" in client_of(cast.council_member).get(f"/council/{cast.council.id}").text
    year = client_of(cast.guardian).get(f"/council/{cast.council.id}/years/2026").text
    assert "Bolde til alle" in year
    assert "Morgensang" in year


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_who_may_begin_and_close(cast: Cast, client_of: ClientOf, name: str) -> None:
    of_class = make.make_initiative(cast.class_teacher, cast.third)
    of_council = make.make_initiative(cast.facilitator, council=cast.council)
    of_school = make.make_initiative(cast.leader)
    db.session.commit()
    browser = client_of(cast.users[name])
    council = f"/initiatives/councils/{cast.council.id}/new"
    for path, who in (
        (start_of(cast), TEAM),
        (council, {"facilitator"}),
        ("/initiatives/school/new", SCHOOL_WIDE),
    ):
        assert (browser.send(path, typed(title="Noget nyt")).status_code == 303) == (name in who), path
    for initiative, who in ((of_class, TEAM), (of_council, {"facilitator"}), (of_school, SCHOOL_WIDE)):
        for end, values in (("edit", typed(version=1)), ("close", closing()), ("reopen", {}), ("outcome", closing())):
            status = browser.send(f"/initiatives/{initiative.id}/{end}", values).status_code
            assert (status not in (403, 404)) == (name in who), end


def test_the_strategy_says_when_and_how_often_and_never_who(cast: Cast, client_of: ClientOf, client: Any) -> None:
    edition = make.make_edition({"": ["Vi hilser."]})
    key = edition.sections[0].clauses[0].key
    for days_ago in (3, 3, 40, 500):
        starts_on = clock.today() - timedelta(days=days_ago)
        make.make_initiative(cast.class_teacher, cast.third, title="Hemmeligt", keys=(key,), starts_on=starts_on)
    make.make_initiative(cast.class_teacher, cast.third, keys=(key,), starts_on=clock.today() + timedelta(days=3))
    db.session.commit()
    page = client.get(f"/strategy/clauses/{key}").text
    assert re.search(
        r"Der blev sidst sat et tiltag i gang om dette punkt i [a-zæøå]+\. Det er sket 2 gange det seneste år\.", page
    )
    assert "Hemmeligt" not in page
    assert "3.A" not in page


def test_leadership_and_akt_see_what_every_class_does_and_what_waits(cast: Cast, client_of: ClientOf) -> None:
    long_ago = clock.today() - timedelta(days=60)
    make.make_initiative(cast.class_teacher, cast.third, title="Venter på ord", starts_on=long_ago)
    closed = make.make_initiative(cast.teacher_elsewhere, cast.sixth, title="Slut nu")
    make.close_initiative(closed, cast.teacher_elsewhere, "Det gik godt")
    db.session.commit()
    for name in SCHOOL_WIDE:
        page = client_of(cast.users[name]).get("/initiatives/classes").text
        assert page.index("Venter på ord") < page.index("Hvordan gik det?") < page.index("Slut nu")
        assert "Det gik godt" in page
        assert "Venter på ord" in client_of(cast.users[name]).get("/akt/").text
    home = client_of(cast.guardian).get(f"/initiatives/classes/{cast.third.id}").text
    assert "Venter på ord" in home
    assert "Hvordan gik det?" not in home, "a home is not asked"


def test_titles_are_those_of_ones_own_classes(cast: Cast) -> None:
    third = make.make_initiative(cast.class_teacher, cast.third)
    sixth = make.make_initiative(cast.teacher_elsewhere, cast.sixth)
    db.session.commit()
    ids = [third.id, sixth.id]
    for name, seen in (
        ("guardian", {third.id}),
        ("guardian_of_two", set(ids)),
        ("leader", set(ids)),
        ("helper", set()),
    ):
        assert queries.titles_of(ids, cast.people[name]).keys() == seen, name


def test_one_that_lasts_into_another_year_belongs_to_its_own(cast: Cast) -> None:
    late = Initiative(starts_on=date(2027, 6, 1), started_at=clock.now())
    assert late.school_year == 2026
    assert is_fresh(late, date(2027, 5, 31))
