"""The year wheel from the first press to the board's sheet, and everybody who must not come near it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.acts.models import Act, ActKind
from portal.agreements.models import AgreementKind, AgreementRenewal, ClassAgreement
from portal.database import db
from portal.proofs import Per, Proof
from portal.strategy.kinds import EditionState
from portal.text import clock
from portal.year_wheel import queries
from portal.year_wheel import wheel as wheels
from portal.year_wheel.delivered import DELIVERED
from portal.year_wheel.models import BY_HAND, Duty, NotedProof, Owner
from portal.year_wheel.states import State
from portal.year_wheel.wheel import Seen
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

WHEEL = "/year-wheel/"
TODAY = "2026-11-23"


def noted() -> list[tuple[str, int | None, date]]:
    rows = db.session.execute(select(NotedProof.key, NotedProof.class_id, NotedProof.done_on).order_by(NotedProof.id))
    return [(row.key, row.class_id, row.done_on) for row in rows]


def look(app: Flask, *, school_year: int = 2026, seen: Seen | None = None) -> dict[str, State]:
    proofs = app.extensions["portal.proofs"]
    wheel = wheels.look_at(school_year, proofs, every_weeks=6, seen=seen or Seen(), now=clock.now())
    return {one.duty.key: one.state for one in wheel.duties}


def note(key: str = "team_contract", *classes: int, day: str = TODAY, line: str = "") -> tuple[str, dict[str, Any]]:
    return f"{WHEEL}duties/{key}/record", {"done_on": day, "note": line, "whose": list(classes)}


def test_a_teacher_notes_for_their_own_classes_alone_and_the_leadership_for_all(
    cast: Cast, client_of: ClientOf
) -> None:
    teacher = client_of(cast.class_teacher)
    path, form = note("team_contract", cast.third.id, cast.sixth.id)
    assert teacher.send(path, form).status_code == 422, "another's class is no choice"
    assert noted() == []
    assert teacher.send(*note("team_contract", cast.third.id, line="Underskrevet")).status_code == 303
    leader = client_of(cast.leader)
    assert leader.send(*note("team_contract", cast.sixth.id)).status_code == 303
    assert noted() == [
        ("team_contract", cast.third.id, date(2026, 11, 23)),
        ("team_contract", cast.sixth.id, date(2026, 11, 23)),
    ]
    page = leader.get(WHEEL + "duties/team_contract").text
    assert "Underskrevet" in page
    assert cast.class_teacher.first_name not in page, "proof speaks of classes and days"
    assert db.session.scalar(select(func.count(Act.id)).where(Act.kind == ActKind.DUTY_NOTED)) == 2


@pytest.mark.parametrize("name", ["akt", "office", "board_secretary", "facilitator"])
def test_a_role_beside_a_team_notes_for_the_own_classes_alone(cast: Cast, client_of: ClientOf, name: str) -> None:
    person = cast.users[name]
    if name != "facilitator":
        make.put_in_team(person, cast.third)
    own, other = (cast.sixth, cast.third) if name == "facilitator" else (cast.third, cast.sixth)
    browser = client_of(person)
    page = browser.get(WHEEL + "duties/team_contract").text
    form = page[page.index('id="note"') : page.index("</form>", page.index('id="note"'))]
    assert f'value="{own.id}"' in form
    assert f'value="{other.id}"' not in form
    assert browser.send(*note("team_contract", own.id, other.id)).status_code == 422
    assert browser.send(*note("team_contract", other.id)).status_code == 422
    assert noted() == []
    assert browser.send(*note("team_contract", own.id)).status_code == 303


def test_a_role_notes_its_own_duty_in_every_class(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition({"": ["Vi har samværsregler."]}, number=1)
    usual = {"opens_in": 8, "closes_in": 6, "per": Per.CLASS, "proofs": (BY_HAND,)}
    db.session.add(Duty(edition_id=edition.id, key="visits", title="Besøg", owner=Owner.AKT, **usual))
    db.session.commit()
    akt = client_of(cast.akt)
    assert akt.send(*note("visits", cast.third.id, cast.sixth.id)).status_code == 303
    assert client_of(cast.office).send(*note("visits", cast.third.id)).status_code == 403
    assert len(noted()) == 2
    assert db.session.scalar(select(func.count(Act.id)).where(Act.kind == ActKind.DUTY_NOTED)) == 1, "one press"


def test_nothing_is_noted_before_its_window(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    leader = client_of(cast.leader)
    assert 'id="note"' not in leader.get(WHEEL + "duties/board").text
    assert leader.send(*note("board")).status_code == 422
    wall_clock(datetime(2027, 5, 3, 11, tzinfo=UTC))
    leader = client_of(cast.leader)
    assert 'id="note"' in leader.get(WHEEL + "duties/board").text
    answer = leader.send(*note("board", day="2027-04-30", line="Drøftet"))
    assert answer.status_code == 422
    assert "Drøftet" in answer.text
    assert "lørdag 1. maj" in answer.text
    assert leader.send(*note("board", day="2027-05-01")).status_code == 303


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [
        ("guardian", "team_contract", 404),
        ("council_member", "staff_meeting", 404),
        ("former_substitute", "staff_meeting", 404),
        ("class_teacher", "staff_meeting", 403),
        ("office", "staff_meeting", 403),
        ("akt", "cases", 422),
        ("leader", "play_patrol", 422),
        ("leader", "board", 422),
        ("leader", "staff_meeting", 303),
        ("leader", "class_rules", 422),
        ("leader", "no_such_duty", 404),
    ],
)
def test_who_may_note_what(cast: Cast, client_of: ClientOf, name: str, key: str, status: int) -> None:
    assert client_of(cast.users[name]).send(*note(key)).status_code == status
    assert len(noted()) == (status == 303)


def test_a_day_to_come_one_of_last_year_and_a_childs_name_are_refused(cast: Cast, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    for day, line in (("2026-11-24", ""), ("2026-07-31", ""), ("", ""), ("2026-02-30", ""), (TODAY, "Alma var med")):
        answer = leader.send(*note("staff_meeting", day=day, line=line))
        assert answer.status_code == 422, (day, line)
        assert not line or line in answer.text
    assert noted() == []
    assert leader.send(*note("staff_meeting", line="Aula & fælles kaffe")).status_code == 303


def test_two_proofs_for_one_duty_are_one_and_the_second_is_told(cast: Cast, client_of: ClientOf) -> None:
    teacher, leader = client_of(cast.class_teacher), client_of(cast.leader)
    assert teacher.send(*note("team_contract", cast.third.id)).status_code == 303
    assert teacher.send(*note("team_contract", cast.third.id)).status_code == 422
    assert leader.send(*note("team_contract", cast.third.id, cast.sixth.id)).status_code == 422, "one is no choice now"
    assert len(noted()) == 1


@pytest.mark.both
def test_twenty_who_note_at_once_leave_one_note(app: Flask, cast: Cast, client_of: ClientOf, database: str) -> None:
    clients = [client_of(cast.leader) for _ in range(5)]
    answers = at_once(*(lambda c=c: c.send(*note("staff_meeting")).status_code for c in clients))  # type: ignore[misc]
    assert sorted(answers) == [303, 409, 409, 409, 409]
    assert len(noted()) == 1


def test_a_note_is_taken_back_by_its_writer_or_the_leadership(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.class_teacher).send(*note("team_contract", cast.third.id))
    (noted_id,) = db.session.scalars(select(NotedProof.id))
    path = f"{WHEEL}proofs/{noted_id}/remove"
    assert client_of(cast.teacher_elsewhere).send(path).status_code == 403
    assert client_of(cast.guardian).send(path).status_code == 404
    assert client_of(cast.leader).send(path).status_code == 303
    assert noted() == []
    assert client_of(cast.leader).send(path).status_code == 404


def test_what_another_year_holds_is_taken_back_by_the_leadership_alone(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    client_of(cast.class_teacher).send(*note("team_contract", cast.third.id))
    (noted_id,) = db.session.scalars(select(NotedProof.id))
    path = f"{WHEEL}proofs/{noted_id}/remove"
    wall_clock(datetime(2027, 9, 1, 11, tzinfo=UTC))
    assert client_of(cast.class_teacher).send(path).status_code == 422
    assert len(noted()) == 1
    past, now = (client_of(cast.leader).get(WHEEL + f"years/{year}").text for year in (2026, 2027))
    link = f'href="{WHEEL}duties/team_contract"'
    assert link not in past
    assert link in now
    assert client_of(cast.leader).send(path).status_code == 303


def test_a_room_proves_by_itself_and_one_without_proof_marks_nothing(app: Flask, cast: Cast) -> None:
    """Rules that were talked about count by themselves; a kind that no duty asks for marks none."""
    agreement = ClassAgreement(class_id=cast.third.id, kind=AgreementKind.RULES, version_count=0)
    db.session.add(agreement)
    db.session.flush()
    renewed = AgreementRenewal(
        agreement_id=agreement.id,
        school_year=2026,
        renewed_on=date(2026, 9, 1),
        recorded_at=clock.now(),
        recorded_by_id=cast.class_teacher.id,
    )
    db.session.add(renewed)
    db.session.add(Act(actor_id=None, kind=ActKind.HELP_CHANGED, subject_id=1, at=clock.now() - timedelta(days=60)))
    db.session.commit()
    third = Seen(frozenset({cast.third.id}), frozenset())
    before = look(app, seen=third)
    assert before["class_rules"] is State.DONE
    unknown = Proof("singing", "They sang", Per.SCHOOL, select(Act.id, Act.at))
    known = app.extensions["portal.proofs"]
    app.extensions["portal.proofs"] = (*known, unknown)
    try:
        assert queries.list_proven(2026, (unknown,), now=clock.now())
        assert look(app, seen=third) == before
        app.extensions["portal.proofs"] = ()
        assert State.DONE not in look(app, seen=third).values()
    finally:
        app.extensions["portal.proofs"] = known


def test_news_and_events_count_for_their_class_once_they_have_been(app: Flask, cast: Cast) -> None:
    make.make_update(cast.third, cast.class_teacher, published_at=clock.now() - timedelta(days=3))
    event = make.make_event(cast.third, cast.guardian)
    event.starts_at, event.ends_at = clock.now() - timedelta(days=9), clock.now() - timedelta(days=9, hours=-2)
    event.out_at = event.starts_at - timedelta(days=20)
    make.make_event(cast.third, cast.guardian, "Først i morgen")
    db.session.commit()
    states = look(app, seen=Seen(frozenset({cast.third.id}), frozenset({cast.council.id})))
    assert states["news"] is State.DONE
    assert states["together_first"] is State.DONE
    assert states["together_second"] is not State.DONE, "what lies ahead proves nothing"


def test_the_leadership_changes_the_wheel_and_each_edition_keeps_its_own(
    app: Flask, cast: Cast, client_of: ClientOf
) -> None:
    leader = client_of(cast.leader)
    form = {
        "title": "Teamet skriver sin kontrakt",
        "owner": "class_team",
        "opens_in": "8",
        "closes_in": "10",
        "proofs": ["by_hand"],
        "points": ["k1"],
        "version": "0",
    }
    path = f"{WHEEL}duties/team_contract/edit"
    assert leader.send(path, form).status_code == 422, "there is no strategy yet"
    first = make.make_edition({"": ["Vi har samværsregler."]}, number=1)
    assert leader.send(path, {**form, "closes_in": "7", "opens_in": "9"}).status_code == 303
    assert db.session.scalar(select(func.count(Duty.id))) == len(DELIVERED)
    assert leader.send(path, form).status_code == 409, "made on what stood there before"
    assert leader.send(path, {**form, "version": "1", "opens_in": "6", "closes_in": "9"}).status_code == 422
    for proofs in (["nonsense"], [], ["breaks"], ["by_hand", "council_meeting"]):
        assert leader.send(path, {**form, "version": "1", "proofs": proofs}).status_code == 422, proofs
    first.state = EditionState.SUPERSEDED
    second = make.make_edition({"": ["Vi har samværsregler."]}, number=2)
    assert "Teamet skriver sin kontrakt" in leader.get(WHEEL + "duties").text, "the next edition goes on from it"
    assert leader.send(path, {**form, "version": "0"}).status_code == 409
    assert leader.send(path, {**form, "version": "1", "title": "Teamet skriver sin kontrakt igen"}).status_code == 303
    assert leader.send(path, {**form, "version": "1"}).status_code == 409, "somebody has changed it in this edition"
    assert leader.send(f"{WHEEL}duties/class_rules/edit", {**form, "title": "Regler"}).status_code == 303
    titles = select(Duty.title).where(Duty.key == "team_contract", Duty.edition_id == second.id)
    assert db.session.scalar(titles) == "Teamet skriver sin kontrakt igen"
    stale = leader.send(f"{WHEEL}duties/team_contract/remove", {"version": "1"})
    assert stale.status_code == 409
    assert "Teamet skriver sin kontrakt igen" in stale.text
    assert leader.send(f"{WHEEL}duties/team_contract/remove", {"version": "2"}).status_code == 303
    assert "Teamet skriver sin kontrakt" not in leader.get(WHEEL + "duties").text
    kept = db.session.scalars(select(Duty.edition_id).where(Duty.key == "team_contract")).all()
    assert kept == [first.id]
    new = {**form, "title": "Sommerfest", "per": "school", "points": []}
    for proofs in (["class_rules"], ["by_hand", "class_rules"], ["council_meeting"], []):
        assert leader.send(WHEEL + "duties/new", {**new, "proofs": proofs}).status_code == 422, proofs
    assert leader.send(WHEEL + "duties/new", new).status_code == 303
    assert "Sommerfest" in leader.get(WHEEL).text
    for name in ("office", "akt", "class_teacher", "guardian"):
        assert client_of(cast.users[name]).send(path, form).status_code in (403, 404), name


def test_a_window_moved_to_where_it_had_gone_by_makes_nobody_late(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    make.make_edition({"": ["Vi har samværsregler."]}, number=1)
    leader = client_of(cast.leader)
    form = {"title": "Regler", "owner": "class_team", "opens_in": "8", "closes_in": "9", "proofs": ["class_rules"]}
    assert leader.send(f"{WHEEL}duties/class_rules/edit", {**form, "version": "0"}).status_code == 303
    assert look(app)["class_rules"] is State.NOT_NOTED


def test_what_holds_for_three_years_holds_and_then_no_more(app: Flask, cast: Cast, wall_clock: Move) -> None:
    row = {"noted_by_id": cast.leader.id, "noted_at": clock.now(), "note": ""}
    db.session.add(NotedProof(key="pupil_environment", school_year=2024, done_on=date(2025, 3, 1), **row))
    db.session.add(NotedProof(key="staff_meeting", school_year=2025, done_on=date(2025, 9, 1), **row))
    db.session.commit()
    states = look(app)
    assert states["pupil_environment"] is State.DONE
    assert states["staff_meeting"] is not State.DONE
    assert look(app, school_year=2025)["staff_meeting"] is State.DONE
    wall_clock(datetime(2027, 11, 1, 11, tzinfo=UTC))
    assert look(app, school_year=2027)["pupil_environment"] is not State.DONE


def test_what_holds_for_three_years_is_no_news_in_the_second(cast: Cast, client_of: ClientOf) -> None:
    make.make_edition({"": ["Vi spørger om skolens undervisningsmiljø."]}, number=1)
    db.session.add(Act(actor_id=None, kind=ActKind.HELP_CHANGED, subject_id=1, at=clock.now() - timedelta(days=366)))
    page = client_of(cast.leader).get("/strategy/clauses/k1").text
    assert "undervisningsmiljø" in page
    assert "ikke set noget til i et år" not in page


@pytest.mark.both
def test_a_school_year_by_the_clock(app: Flask, cast: Cast, wall_clock: Move, database: str) -> None:
    """Begun without a calendar: every month the wheel can be read, and in the next year nothing is a reproach."""
    make.make_update(cast.third, cast.class_teacher, published_at=datetime(2026, 8, 20, 9, tzinfo=UTC))
    db.session.commit()
    seen: dict[str, set[State]] = {}
    for month in (*range(8, 13), *range(13, 20)):
        wall_clock(datetime(2026 + (month > 12), (month - 1) % 12 + 1, 15, 11, tzinfo=UTC))
        for key, state in look(app).items():
            seen.setdefault(key, set()).add(state)
    assert State.OPEN in seen["board"]
    assert State.SOON in seen["board"]
    assert State.LATER in seen["board"]
    wall_clock(datetime(2027, 9, 1, 11, tzinfo=UTC))
    past = look(app, school_year=2026)
    third = Seen(frozenset({cast.third.id}), frozenset())
    assert past["news"] is State.DONE, "one class was told, and those of which nothing is noted do not count"
    assert look(app, school_year=2026, seen=third)["news"] is State.DONE
    done = {"news", "council_election"}
    assert {key for key, state in past.items() if state is State.DONE} == done
    assert {state for key, state in past.items() if key not in done} == {State.NOT_NOTED}


def test_a_class_that_was_merged_in_january_is_left_out_and_keeps_its_history(app: Flask, cast: Cast) -> None:
    row = {"noted_by_id": cast.leader.id, "noted_at": clock.now(), "note": "", "school_year": 2026}
    gone = make.make_class("4.B")
    db.session.add(NotedProof(key="team_contract", class_id=gone.id, done_on=date(2026, 9, 1), **row))
    db.session.commit()
    wheel = wheels.look_at(2026, (), every_weeks=6, seen=Seen(), now=clock.now(), only="team_contract")
    assert gone.id not in [one.whose.id for one in wheel.duties[0].standings]
    assert noted() == [("team_contract", gone.id, date(2026, 9, 1))]


def test_a_teacher_sees_no_other_class_by_name_and_an_earlier_year_is_far_enough(
    cast: Cast, client_of: ClientOf
) -> None:
    teacher = client_of(cast.class_teacher)
    page = teacher.get(WHEEL + "duties/team_contract").text
    assert "3.A" in page
    assert "6.A" not in page
    assert teacher.get(WHEEL + "years/2025").status_code == 200
    for year in ("2027", "2000", "9999999999"):
        assert teacher.get(WHEEL + f"years/{year}").status_code == 404
    assert teacher.get(WHEEL + "sheet").status_code == 403
    assert client_of(cast.board_secretary).get(WHEEL + "sheet").status_code == 200


def test_a_clause_says_when_its_duty_was_last_done_and_only_leadership_and_council_that_it_was_not(
    cast: Cast, client_of: ClientOf, client: IsolatedClient
) -> None:
    make.make_edition({"": ["Hver klasse har samværsregler."]}, number=1)
    make.make_update(cast.third, cast.class_teacher, "Nyt om klassens hemmelige tur")
    quiet = "Det er der ikke set noget til i et år."
    assert quiet not in client_of(cast.leader).get("/strategy/clauses/k1").text, "the portal is younger than a year"
    db.session.add(Act(actor_id=None, kind=ActKind.HELP_CHANGED, subject_id=1, at=clock.now() - timedelta(days=366)))
    for user in (cast.leader, cast.council_member, cast.facilitator):
        assert quiet in client_of(user).get("/strategy/clauses/k1").text
    for reader in (client_of(cast.guardian), client_of(cast.class_teacher), client):
        assert quiet not in reader.get("/strategy/clauses/k1").text
    agreement = ClassAgreement(class_id=cast.third.id, kind=AgreementKind.RULES, version_count=0)
    db.session.add(agreement)
    db.session.flush()
    for year, day in ((2026, date(2026, 11, 20)), (2025, date(2025, 12, 1)), (2024, date(2024, 12, 1))):
        db.session.add(
            AgreementRenewal(
                agreement_id=agreement.id,
                school_year=year,
                renewed_on=day,
                recorded_at=clock.now(),
                recorded_by_id=cast.class_teacher.id,
            )
        )
    other = ClassAgreement(class_id=cast.sixth.id, kind=AgreementKind.RULES, version_count=0)
    db.session.add(other)
    db.session.flush()
    same_day = {"school_year": 2026, "renewed_on": date(2026, 11, 20), "recorded_at": clock.now()}
    db.session.add(AgreementRenewal(agreement_id=other.id, recorded_by_id=cast.class_teacher.id, **same_day))
    page = client.get("/strategy/clauses/k1").text
    assert "Klassens regler: senest i fredags, 2 gange på et år." in page
    assert "3.A" not in page
