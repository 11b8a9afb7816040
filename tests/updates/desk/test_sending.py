"""Sending a class team's news: the names in it, more classes in one go, an hour to go out at, and who sends then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.database.transactions import writing
from portal.name_guard.guard import look_for_names
from portal.notifications.worker import Worker
from portal.school.models import TeamMember
from portal.text import clock
from portal.updates import chores
from portal.updates.desk import queries as writing_queries
from portal.updates.models import NameConfirmation, UpdateRevision, UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

NAMED = "I dag var det Almas tur til at vælge."


def draft(cast: Cast, body: str = "Alle leger med alle.", title: str = "Vi leger") -> WellbeingUpdate:
    return make.make_update(cast.third, cast.class_teacher, title, body=body, published_at=None)


def kinds() -> list[ActKind]:
    return list(db.session.scalars(select(Act.kind).order_by(Act.id)))


def send(browser: IsolatedClient, update: WellbeingUpdate, how: str = "publish", **data: Any) -> Any:
    return browser.send(f"/updates/{update.id}/{how}", {"version": update.version, **data})


# ---------------------------------------------------------------------------------------------- names


@pytest.mark.both
def test_a_text_that_names_a_child_is_held_until_somebody_agrees(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    update, team = draft(cast, NAMED), client_of(cast.class_teacher)
    preview = team.get(f"/updates/{update.id}/preview").text
    assert 'value="Almas"' in preview
    refused = send(team, update)
    assert refused.status_code == 422
    assert "Almas" in refused.text
    assert update.state == UpdateState.DRAFT
    assert kinds() == []
    assert send(team, update, agreed=["Noah"]).status_code == 422, "another name's tick"
    assert send(team, update, agreed=["Almas"]).status_code == 303
    assert db.session.get_one(WellbeingUpdate, update.id).state == UpdateState.PUBLISHED
    assert kinds() == [ActKind.NAMES_CONFIRMED, ActKind.UPDATE_PUBLISHED]
    kept = db.session.query(NameConfirmation).one()
    assert (kept.words, kept.revision, kept.confirmed_by_id) == (["Almas"], 1, cast.class_teacher.id)


def test_what_was_agreed_holds_for_one_wording(cast: Cast, client_of: ClientOf) -> None:
    update, team = draft(cast, NAMED), client_of(cast.class_teacher)
    hour = {"day": "2026-11-24", "wall_time": "14:00"}
    assert send(team, update, "schedule", agreed=["Almas"], **hour).status_code == 303
    update = db.session.get_one(WellbeingUpdate, update.id)
    team.send(f"/updates/{update.id}/edit", {"title": "x", "body": NAMED + " Og så Noah.", "version": update.version})
    update = db.session.get_one(WellbeingUpdate, update.id)
    assert update.state == UpdateState.SCHEDULED, "a slip of the pen takes no hour away"
    assert "It will not go out" in _in_english(team, cast, f"/updates/{update.id}/preview")
    assert send(team, update).status_code == 422
    assert send(team, update, agreed=["Noah"]).status_code == 422, "Alma is asked about again"


def _in_english(browser: IsolatedClient, cast: Cast, path: str) -> str:
    cast.class_teacher.language = "en"
    return browser.get(path).text


@pytest.mark.parametrize("name", ["Bo", "Storm"])
def test_a_word_that_is_a_name_as_well_only_warns(cast: Cast, client_of: ClientOf, name: str) -> None:
    make.make_pupil(cast.third, name, "Vestergaard")
    update, team = draft(cast, f"Der var {name.lower()} i klassen, og {name} hedder en bog."), client_of(cast.pedagogue)
    assert name.lower() in team.get(f"/updates/{update.id}/preview").text.lower()
    assert send(team, update).status_code == 303


def test_the_heading_is_read_too(cast: Cast, client_of: ClientOf) -> None:
    update = draft(cast, title="Tillykke til Alma")
    assert send(client_of(cast.class_teacher), update).status_code == 422


def test_a_protected_child_is_guarded_by_its_real_name(cast: Cast, client_of: ClientOf) -> None:
    cast.noah.protection, cast.noah.alias = Protection.NAME, "Fritjof"
    team = client_of(cast.class_teacher)
    for body in ("Noah har tabt en tand.", "Fritjof har tabt en tand."):
        assert send(team, draft(cast, body)).status_code == 422


def test_a_child_of_another_class_is_nobodys_name_here(cast: Cast, client_of: ClientOf) -> None:
    assert send(client_of(cast.class_teacher), draft(cast, "Viggo fra 6.A læste højt.")).status_code == 303


# ---------------------------------------------------------------------------------------------- more classes


def _parallel_class(cast: Cast) -> Any:
    parallel = make.make_class("3.B", 3, hue=3)
    make.put_in_team(cast.class_teacher, parallel)
    make.make_guardian(make.make_pupil(parallel, "Storm", "Birk"))
    return parallel


@pytest.mark.both
def test_one_text_goes_to_two_classes_of_a_year_in_one_go(cast: Cast, client_of: ClientOf, database: str) -> None:
    parallel, update = _parallel_class(cast), draft(cast)
    team = client_of(cast.class_teacher)
    assert "3.B" in team.get(f"/updates/{update.id}/preview").text
    assert send(team, update, also=[parallel.id]).status_code == 303
    sent = {row.class_id: row for row in db.session.query(WellbeingUpdate)}
    assert sent.keys() == {cast.third.id, parallel.id}
    assert {row.state for row in sent.values()} == {UpdateState.PUBLISHED}
    assert sent[parallel.id].sent_with_id == update.id
    assert kinds() == [ActKind.UPDATE_PUBLISHED] * 2
    assert "3.B" in team.get(f"/updates/{update.id}").text
    assert "3.B" not in client_of(cast.pedagogue).get(f"/updates/{update.id}").text, "not her team"


def test_another_year_or_another_team_is_no_choice(cast: Cast, client_of: ClientOf) -> None:
    stranger, older = make.make_class("3.C", 3), cast.sixth
    make.put_in_team(cast.class_teacher, older)
    update, team = draft(cast), client_of(cast.class_teacher)
    for class_id in (stranger.id, older.id, 999_999, cast.third.id):
        assert send(team, update, also=[class_id]).status_code == 422, class_id
    assert db.session.query(WellbeingUpdate).count() == 1


def test_the_names_of_every_chosen_class_are_guarded(cast: Cast, client_of: ClientOf) -> None:
    parallel, update = _parallel_class(cast), draft(cast, "Storm Birk har lavet en sang.")
    team = client_of(cast.class_teacher)
    refused = send(team, update, also=[parallel.id])
    assert refused.status_code == 422
    assert 'value="Storm Birk"' in refused.text
    assert send(team, update, also=[parallel.id], agreed=["Storm Birk"]).status_code == 303


def test_a_copy_keeps_only_the_names_of_its_own_class(cast: Cast, client_of: ClientOf) -> None:
    parallel, update = _parallel_class(cast), draft(cast, "Alma og Storm Birk har lavet en sang.")
    team = client_of(cast.class_teacher)
    assert send(team, update, also=[parallel.id], agreed=["Alma"]).status_code == 422
    assert send(team, update, also=[parallel.id], agreed=["Alma", "Storm Birk"]).status_code == 303
    sent = {row.id: row.class_id for row in db.session.query(WellbeingUpdate)}
    kept = {sent[row.update_id]: sorted(row.words) for row in db.session.query(NameConfirmation)}
    assert kept == {cast.third.id: ["Alma", "Storm Birk"], parallel.id: ["Storm Birk"]}
    assert kinds() == [ActKind.NAMES_CONFIRMED] * 2 + [ActKind.UPDATE_PUBLISHED] * 2


def test_names_are_looked_for_once_and_before_anything_is_locked(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    parallel, update = _parallel_class(cast), draft(cast, "Alma og Storm Birk har lavet en sang.")
    team, looked = client_of(cast.class_teacher), []

    def look(*args: Any, **kwargs: Any) -> Any:
        looked.append(writing.get())
        return look_for_names(*args, **kwargs)

    monkeypatch.setattr("portal.updates.desk.sending.look_for_names", look)
    assert send(team, update, also=[parallel.id], agreed=["Alma", "Storm Birk"]).status_code == 303
    assert looked == [False]


def test_a_team_place_that_ended_yesterday_sends_to_no_second_class(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    parallel = _parallel_class(cast)
    place = db.session.query(TeamMember).filter_by(class_id=parallel.id).one()
    place.ends_on = clock.today() - timedelta(days=1)
    assert send(client_of(cast.class_teacher), draft(cast), also=[parallel.id]).status_code == 422


# ---------------------------------------------------------------------------------------------- an hour to go out at


def _sender(app: Flask) -> Worker:
    """A worker that reminds nobody."""
    worker = Worker(app)
    worker.chores = [chores.SEND]
    return worker


def work(app: Flask) -> None:
    """One round of the worker, committed first."""
    db.session.commit()
    _sender(app).round()
    db.session.expire_all()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at_school(day, time(hour, minute))


@pytest.mark.both
def test_it_goes_out_by_itself_at_its_hour_and_once(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    update = draft(cast)
    answer = send(client_of(cast.class_teacher), update, "schedule", day="2026-11-24", wall_time="15.30")
    assert answer.location == f"/updates/{update.id}/preview"
    work(app)
    assert update.state == UpdateState.SCHEDULED
    assert client_of(cast.guardian).get(f"/updates/{update.id}").status_code == 404
    wall_clock(at(date(2026, 11, 24), 15, 30))
    work(app)
    work(app)
    assert (update.state, update.published_at, update.publish_at) == (UpdateState.PUBLISHED, clock.now(), None)
    assert kinds() == [ActKind.UPDATE_SCHEDULED, ActKind.UPDATE_PUBLISHED]
    assert client_of(cast.guardian).get(f"/updates/{update.id}").status_code == 200


@pytest.mark.both
def test_four_workers_at_its_hour_send_it_once(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    update = draft(cast)
    send(client_of(cast.class_teacher), update, "schedule", day="2026-11-24", wall_time="08:00")
    wall_clock(timedelta(days=1))
    workers = [_sender(app) for _ in range(4)]

    def do_chores(worker: Worker) -> None:
        with app.app_context():
            worker.do_chores()

    at_once(*(partial(do_chores, worker) for worker in workers))
    db.session.expire_all()
    assert kinds().count(ActKind.UPDATE_PUBLISHED) == 1
    assert db.session.query(UpdateRevision).count() == 1


@pytest.mark.parametrize(
    ("day", "wall_time"),
    [
        ("2026-11-22", "12:00"),
        ("2026-11-23", "11:59"),
        ("2026-11-23", "12:00"),
        ("2027-03-28", "02:30"),
        ("2028-11-23", "12:00"),
        ("9999-12-31", "23:59"),
        ("2027-02-29", "12:00"),
        ("", "12:00"),
        ("2026-11-24", ""),
        ("x", "25:00"),
        ("-1", "-1"),
    ],
)
def test_an_hour_that_is_none_is_refused_and_nothing_is_lost(
    cast: Cast, client_of: ClientOf, day: str, wall_time: str
) -> None:
    update = draft(cast)
    refused = send(client_of(cast.class_teacher), update, "schedule", day=day, wall_time=wall_time)
    assert refused.status_code == 422
    assert db.session.get_one(WellbeingUpdate, update.id).state == UpdateState.DRAFT
    assert "Alle leger med alle." in refused.text


def test_the_hour_that_comes_twice_in_october_is_its_first(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    wall_clock(at(date(2026, 10, 20), 12))
    update = draft(cast)
    assert (
        send(client_of(cast.class_teacher), update, "schedule", day="2026-10-25", wall_time="02:30").status_code == 303
    )
    assert db.session.get_one(WellbeingUpdate, update.id).publish_at == datetime.fromisoformat("2026-10-25T00:30Z")


def test_its_hour_can_be_taken_away_until_it_has_gone(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    update, team = draft(cast), client_of(cast.class_teacher)
    send(team, update, "schedule", day="2026-11-24", wall_time="08:00")
    assert client_of(cast.pedagogue).send(f"/updates/{update.id}/schedule/cancel").status_code == 303
    wall_clock(timedelta(days=2))
    work(app)
    assert update.state == UpdateState.DRAFT
    team = client_of(cast.class_teacher)
    send(team, update)
    assert team.send(f"/updates/{update.id}/schedule/cancel").status_code == 409


def test_a_newcomers_name_holds_back_what_was_agreed_before(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    update = draft(cast, "Vi har sunget for Alma og Filippa.")
    send(client_of(cast.class_teacher), update, "schedule", agreed=["Alma"], day="2026-11-24", wall_time="08:00")
    make.make_pupil(cast.third, "Filippa", "Storgaard")
    wall_clock(timedelta(days=1))
    work(app)
    assert update.state == UpdateState.DRAFT
    assert update.publish_at is None
    assert kinds()[-1] == ActKind.UPDATE_HELD
    page = client_of(cast.pedagogue).get("/notifications/").text
    assert "3.A" in page, "the team is told"
    assert db.session.query(WaitingAct).count() == 0


@pytest.mark.both
@pytest.mark.parametrize(
    ("late", "state"), [(timedelta(days=1), UpdateState.PUBLISHED), (timedelta(days=1, seconds=1), UpdateState.DRAFT)]
)
def test_what_is_more_than_a_day_late_goes_back_to_the_team_and_not_out(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str, late: timedelta, state: UpdateState
) -> None:
    update = draft(cast, "I morgen er der fotograf.")
    send(client_of(cast.class_teacher), update, "schedule", day="2026-11-24", wall_time="08:00")
    wall_clock(at(date(2026, 11, 24), 8) + late)
    work(app)
    assert (update.state, update.publish_at) == (state, None)
    is_back = state == UpdateState.DRAFT
    assert kinds()[-1] == (ActKind.UPDATE_HELD if is_back else ActKind.UPDATE_PUBLISHED)
    assert client_of(cast.guardian).get(f"/updates/{update.id}").status_code == (404 if is_back else 200)
    assert ("venter på jer" in client_of(cast.pedagogue).get("/notifications/").text) == is_back, (
        "the whole team is told"
    )


def test_a_leavers_scheduled_text_goes_out_for_the_team(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    update = draft(cast)
    send(client_of(cast.substitute), update, "schedule", day="2026-11-25", wall_time="08:00")
    wall_clock(timedelta(days=2))
    work(app)
    assert update.state == UpdateState.PUBLISHED


def test_scheduled_for_two_classes_goes_out_to_both(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    parallel, update = _parallel_class(cast), draft(cast)
    send(client_of(cast.class_teacher), update, "schedule", day="2026-11-24", wall_time="08:00", also=[parallel.id])
    wall_clock(timedelta(days=1))
    work(app)
    assert {row.state for row in db.session.query(WellbeingUpdate)} == {UpdateState.PUBLISHED}


@pytest.mark.both
def test_readiness_says_when_nothing_goes_out(cast: Cast, client_of: ClientOf, wall_clock: Move, database: str) -> None:
    send(client_of(cast.class_teacher), draft(cast), "schedule", day="2026-11-24", wall_time="08:00")
    assert not writing_queries.is_publishing_late(now=clock.now())
    db.session.query(WaitingAct).delete()
    wall_clock(timedelta(days=1))
    assert client_of(cast.guardian).get("/readyz").status_code == 503


def test_sending_needs_a_heading_and_words(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    for title, body in (("", "Tekst"), ("Titel", ""), ("Titel", "### Kun\n\n### Overskrifter\n\n")):
        assert send(team, draft(cast, body, title)).status_code == 422


# ---------------------------------------------------------------------------------------------- what goes wrong between


@pytest.mark.both
def test_what_was_emptied_after_its_hour_was_set_is_held_and_not_sent(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    update, team = draft(cast), client_of(cast.class_teacher)
    send(team, update, "schedule", day="2026-11-24", wall_time="08:00")
    update = db.session.get_one(WellbeingUpdate, update.id)
    kept = {"title": "", "body": "### Kun overskrift", "version": update.version}
    line = team.send(f"/updates/{update.id}/save", kept)
    assert line.status_code == 200
    assert db.session.get_one(WellbeingUpdate, update.id).title == "Vi leger", "a pause is no text to be sent"
    update.title, update.body = "", "### Kun overskrift"
    wall_clock(timedelta(days=1))
    work(app)
    assert (update.state, kinds()[-1]) == (UpdateState.DRAFT, ActKind.UPDATE_HELD)


def test_empty_headings_are_left_out_when_it_goes_out_by_itself(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    update, team = draft(cast), client_of(cast.class_teacher)
    send(team, update, "schedule", day="2026-11-24", wall_time="08:00")
    update = db.session.get_one(WellbeingUpdate, update.id)
    team.send(f"/updates/{update.id}/edit", {"title": "x", "body": "### A\n\nOrd.\n\n### B", "version": update.version})
    wall_clock(timedelta(days=1))
    work(app)
    assert (update.state, update.body) == (UpdateState.PUBLISHED, "### A\n\nOrd.")


def test_a_class_never_gets_the_same_text_twice(cast: Cast, client_of: ClientOf) -> None:
    parallel, update = _parallel_class(cast), draft(cast)
    team = client_of(cast.class_teacher)
    send(team, update, "schedule", day="2026-11-24", wall_time="08:00", also=[parallel.id])
    update = db.session.get_one(WellbeingUpdate, update.id)
    assert send(team, update, also=[parallel.id]).status_code == 422
    assert db.session.query(WellbeingUpdate).count() == 2


def test_taking_the_hour_away_holds_the_copies_of_ones_own_teams_too(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    parallel, update = _parallel_class(cast), draft(cast)
    team = client_of(cast.class_teacher)
    send(team, update, "schedule", day="2026-11-24", wall_time="08:00", also=[parallel.id])
    assert "3.B" in team.get(f"/updates/{update.id}/preview").text
    team.send(f"/updates/{update.id}/schedule/cancel")
    wall_clock(timedelta(days=1))
    work(app)
    assert {row.state for row in db.session.query(WellbeingUpdate)} == {UpdateState.DRAFT}


def test_a_text_that_cannot_be_sent_stands_in_no_others_way(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = draft(cast), draft(cast)
    team = client_of(cast.class_teacher)
    for update in (first, second):
        send(team, update, "schedule", day="2026-11-24", wall_time="08:00")
    wall_clock(timedelta(days=1))
    worker, bad_id = _sender(app), first.id

    def do(row_id: int, now: datetime) -> None:
        if row_id == bad_id:
            raise RuntimeError
        chores.SEND.do(row_id, now)

    worker.chores = [replace(chores.SEND, do=do)]
    db.session.commit()
    worker.round()
    db.session.expire_all()
    assert (first.state, second.state) == (UpdateState.SCHEDULED, UpdateState.PUBLISHED)


@pytest.mark.parametrize("body", ["[Hvordan har klassen det?]", "### A\n\n- [En ting]\n\nOrd."])
def test_what_a_template_asks_is_never_sent(cast: Cast, client_of: ClientOf, body: str) -> None:
    team = client_of(cast.class_teacher)
    refused = send(team, draft(cast, body))
    assert refused.status_code == 422
    assert "Skabelonen spørger" in refused.text
    sent = make.make_update(cast.third, cast.class_teacher)
    assert team.send(f"/updates/{sent.id}/correct", {"title": "x", "body": body, "version": 1}).status_code == 422


def test_a_thrown_away_drafts_number_is_never_used_again(cast: Cast, client_of: ClientOf) -> None:
    update = draft(cast)
    number = update.id
    client_of(cast.class_teacher).send(f"/updates/{number}/discard")
    assert draft(cast).id > number


def test_what_is_not_sent_is_not_copied_to_aula(cast: Cast, client_of: ClientOf) -> None:
    update = draft(cast, NAMED)
    answer = client_of(cast.class_teacher).get(f"/updates/{update.id}/aula-text")
    assert (answer.status_code, answer.location) == (303, f"/updates/{update.id}/preview")


@pytest.mark.both
@pytest.mark.parametrize("how", ["publish", "schedule"])
def test_a_class_that_was_not_offered_tells_nothing_of_its_names(
    cast: Cast, client_of: ClientOf, database: str, how: str
) -> None:
    cast.viggo.protection, cast.viggo.alias = Protection.NAME, "Elev 9"
    update, team = draft(cast, "Viggo Ella Peter Freja"), client_of(cast.class_teacher)
    for class_id in (str(cast.sixth.id), "99999999999", "9" * 20, "x"):
        refused = send(team, update, how, also=[class_id], day="2026-11-24", wall_time="08:00")
        assert refused.status_code == 422
        assert 'value="Viggo"' not in refused.text
        assert 'value="Ella"' not in refused.text


def test_what_was_changed_meanwhile_is_looked_at_and_agreed_to_anew(cast: Cast, client_of: ClientOf) -> None:
    update, team = draft(cast, NAMED), client_of(cast.class_teacher)
    data = {"title": "Ny", "body": NAMED + " Og Noah.", "version": 1}
    client_of(cast.pedagogue).send(f"/updates/{update.id}/edit", data)
    refused = team.send(f"/updates/{update.id}/publish", {"version": 1, "agreed": ["Almas", "Noah"]})
    assert refused.status_code == 409
    assert 'name="version" type="hidden" value="2"' in refused.text
    assert "checked" not in refused.text


@pytest.mark.parametrize(
    "body", ["Al*m*a er god.", "[Al](/x)ma er god.", "Vi savner Alma.Nu skal vi videre.", "Alma\u02bcs leg"]
)
def test_signs_inside_a_word_hide_no_name(cast: Cast, client_of: ClientOf, body: str) -> None:
    assert send(client_of(cast.class_teacher), draft(cast, body)).status_code == 422
