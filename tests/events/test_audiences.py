"""Several classes, a year, the school: who is invited, who may plan it, and that each pupil of it sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.attendance import list_answers, list_company
from portal.events.audience.queries import list_class_refs
from portal.events.models import Answer, Audience, ClassEvent, Rsvp
from portal.events.newcomers import list_with_newcomers, tell_newcomers
from portal.events.queries import get_event
from portal.events.recipients import list_invited_adults, list_to_remind, list_unanswered_guardians
from portal.events.sending.services import MINUTES_TO_UNDO
from portal.school.models import SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.events.test_events import TYPED, only_event


@pytest.fixture
def parallel(cast: Cast) -> SchoolClass:
    """3.B, the other class of the year, with Bjørn and his mother (who is `newcomer`)."""
    other = make.make_class("3.B", 3, hue=9)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    db.session.commit()
    return other


def of_year(cast: Cast, **values: object) -> ClassEvent:
    return make.make_event(
        None, cast.guardian, audience=Audience.YEAR_GROUP, year_group=make.year_of(cast.third), **values
    )


def of_school(cast: Cast, **values: object) -> ClassEvent:
    return make.make_event(None, cast.leader, audience=Audience.SCHOOL, **values)


def names(event: ClassEvent) -> list[str]:
    return [child.name for child in list_answers(event, today=clock.today())]


@pytest.mark.both
def test_everybody_of_the_audience_is_invited_and_nobody_else(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf, database: str
) -> None:
    year, school = of_year(cast), of_school(cast)
    both = make.make_event(cast.third, cast.guardian, also=[cast.sixth])
    assert names(year) == ["Alma", "Bjørn", "Noah", "Otto"]
    assert names(school) == ["Alma", "Bjørn", "Ella", "Noah", "Otto", "Viggo"]
    assert names(both) == ["Alma", "Ella", "Noah", "Otto", "Viggo"]
    assert {ref.label for ref in list_class_refs(year, today=clock.today())} == {"3.A", "3.B"}
    today = clock.today()
    adults = {user.id for user in (cast.guardian, cast.other_home, cast.helper, cast.guardian_of_two)}
    adults |= {cast.foster_parent.id}
    assert list_invited_adults(year, today) == adults | {cast.newcomer.id}
    assert list_invited_adults(both, today) == adults | {cast.guardian_elsewhere.id}
    assert list_invited_adults(school, today) == adults | {cast.newcomer.id, cast.guardian_elsewhere.id}
    seen = {
        cast.newcomer: {year, school},
        cast.guardian_elsewhere: {school, both},
        cast.council_member: {school, both},
        cast.helper: {year, school, both},
        cast.office: set(),
        cast.former_guardian: set(),
    }
    for user, events in seen.items():
        browser = client_of(user)
        listed = browser.get("/events/").text
        for event in (year, school, both):
            assert browser.get(f"/events/{event.id}").status_code == (200 if event in events else 404)
            assert (f"/events/{event.id}" in listed) == (event in events)


@pytest.mark.both
def test_a_class_opened_later_is_in_at_once_and_one_that_moved_up_stays(
    cast: Cast, parallel: SchoolClass, wall_clock: Move, database: str
) -> None:
    event = of_year(cast, starts_at=clock.now() + timedelta(days=330), rsvp_deadline=None)
    later = make.make_class("3.C", 3, hue=4)
    make.make_pupil(later, "Cara")
    younger = make.make_class("2.A", 2, hue=5)
    make.make_pupil(younger, "Dagny")
    assert "Cara" in names(event)
    assert "Dagny" not in names(event)
    wall_clock(clock.now() + timedelta(days=300))  # after 1 August: the same children are in 4th grade now
    assert clock.school_year(clock.today()) == make.year_of(cast.third) + 4
    again = get_event(event.id)
    assert again is not None
    assert names(again) == ["Alma", "Bjørn", "Cara", "Noah", "Otto"]


def test_siblings_in_two_invited_classes_are_answered_each_and_their_home_counts_once(
    cast: Cast, client_of: ClientOf
) -> None:
    event = make.make_event(cast.third, cast.guardian, also=[cast.sixth])
    amina = client_of(cast.guardian_of_two)
    page = amina.get(f"/events/{event.id}").text
    assert "Kommer Otto?" in page
    assert "Kommer Ella?" in page
    for pupil in (cast.otto, cast.ella):
        amina.send(f"/events/{event.id}/answers/choose", {"pupil_id": pupil.id, "answer": "ACCEPTED"})
    amina.send(f"/events/{event.id}/company", {"adults": 2, "siblings": 0})
    counted = [home for home in list_company(event, today=clock.today()) if home.is_counted]
    assert [home.adults for home in counted] == [2]
    assert db.session.query(Rsvp).count() == 2


@pytest.mark.parametrize("audience", list(Audience))
def test_nobody_answers_for_anothers_child_in_any_audience(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf, audience: Audience
) -> None:
    event = make.make_event(
        cast.third if audience == Audience.CLASSES else None,
        cast.guardian,
        audience=audience,
        year_group=make.year_of(cast.third) if audience == Audience.YEAR_GROUP else None,
        also=[parallel] if audience == Audience.CLASSES else [],
    )
    for user in (cast.newcomer, cast.class_teacher, cast.guardian_elsewhere, cast.leader):
        answered = client_of(user).send(
            f"/events/{event.id}/answers/choose", {"pupil_id": cast.alma.id, "answer": "DECLINED"}
        )
        assert answered.status_code in {403, 404, 422}
    assert db.session.query(Rsvp).count() == 0


def test_a_team_sees_who_has_not_answered_in_its_own_class_alone(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf
) -> None:
    event = make.make_event(cast.third, cast.guardian, also=[cast.sixth])
    third, sixth = client_of(cast.class_teacher), client_of(cast.teacher_elsewhere)
    assert "Viggo" not in third.get(f"/events/{event.id}/answers").text
    assert "Alma" not in sixth.get(f"/events/{event.id}/answers").text
    assert "Viggo" in sixth.get(f"/events/{event.id}/answers").text
    entered = third.send(f"/events/{event.id}/answers/change", {"pupil_id": cast.viggo.id, "answer": "ACCEPTED"})
    assert entered.status_code == 422
    assert db.session.query(Rsvp).count() == 0


def test_the_children_of_other_classes_are_a_number(cast: Cast, parallel: SchoolClass, client_of: ClientOf) -> None:
    event = of_year(cast)
    bjorn = next(child for child in list_answers(event, today=clock.today()) if child.name == "Bjørn")
    make.answer(event, cast.alma, cast.guardian)
    db.session.add(
        Rsvp(
            event_id=event.id,
            pupil_id=bjorn.pupil_id,
            answered_by_id=cast.newcomer.id,
            answer=Answer.ACCEPTED,
            answered_at=clock.now(),
            is_by_team=False,
        )
    )
    db.session.commit()
    page = client_of(cast.other_home).get(f"/events/{event.id}").text
    assert "Bjørn" not in page
    assert "Og 1 barn fra en anden klasse." in page
    assert "3. årgang" in page
    paper = client_of(cast.guardian).get(f"/events/{event.id}/attendance").text
    assert "Bjørn" in paper
    assert "3.B" in paper


@pytest.mark.both
def test_reminders_and_newcomers_follow_the_audience(cast: Cast, parallel: SchoolClass, database: str) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    year = of_year(cast, rsvp_deadline=tomorrow)
    school = of_school(cast, rsvp_deadline=tomorrow)
    assert {event.id for event, _ in list_to_remind(now=clock.now())} == {year.id, school.id}
    assert cast.newcomer.id in list_unanswered_guardians(year, clock.today())
    assert cast.guardian_elsewhere.id not in list_unanswered_guardians(year, clock.today())
    child = make.make_pupil(None, "Nina")
    make.enrol(child, parallel, starts_on=clock.today())
    stranger = make.make_user("Nadja")
    make.tie(stranger, child)
    assert list_with_newcomers(clock.now()) == [year.id, school.id]
    tell_newcomers(year, now=clock.now())
    tell_newcomers(school, now=clock.now())
    told = db.session.query(Act).filter_by(kind=ActKind.EVENTS_TO_COME).count()
    assert told == 1


def test_a_years_parent_plans_for_its_year_and_for_no_other(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf
) -> None:
    path = f"/events/audience/year-groups/{make.year_of(cast.third)}/new"
    home = client_of(cast.guardian)
    assert home.get(path).status_code == 403
    assert home.send(path, TYPED).status_code == 403
    make.make_year_parent(cast.guardian, cast.third)
    make.make_year_parent(cast.guardian_elsewhere, cast.third)  # without a child in the year
    assert "Hele 3. årgang (3.A, 3.B) bliver inviteret: 4 børn" in home.get(path).text
    assert client_of(cast.guardian_elsewhere).get(path).status_code == 404
    assert home.get(f"/events/audience/year-groups/{make.year_of(cast.sixth)}/new").status_code == 404
    assert home.get("/events/audience/school/new").status_code == 403
    assert home.send("/events/audience/school/new", TYPED).status_code == 403
    assert home.send(path, {**TYPED, "also": str(cast.sixth.id)}).status_code == 422
    assert home.send(path, {**TYPED, "year_group": "1999", "audience": "classes"}).status_code == 303
    event = only_event()
    assert (event.audience, event.year_group, event.classes) == (Audience.YEAR_GROUP, make.year_of(cast.third), {})


def test_a_years_parent_is_none_after_31_october_or_without_a_child_there(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    path = f"/events/audience/year-groups/{make.year_of(cast.third)}/new"
    make.make_year_parent(cast.guardian, cast.third, ends_on=clock.today())
    home = client_of(cast.guardian)
    assert home.get(path).status_code == 200
    wall_clock(clock.now() + timedelta(days=1))
    assert client_of(cast.guardian).get(path).status_code == 403


def test_other_classes_are_those_one_may_invite(cast: Cast, parallel: SchoolClass, client_of: ClientOf) -> None:
    path = f"/events/classes/{cast.third.id}/new"
    amina, mette = client_of(cast.guardian_of_two), client_of(cast.guardian)
    assert mette.send(path, {**TYPED, "also": str(cast.sixth.id)}).status_code == 422
    assert mette.send(path, {**TYPED, "also": str(parallel.id)}).status_code == 422
    assert db.session.query(ClassEvent).count() == 0
    assert amina.send(path, {**TYPED, "also": str(cast.sixth.id)}).status_code == 303
    assert only_event().class_ids == {cast.third.id, cast.sixth.id}
    db.session.delete(only_event().classes[cast.third.id])
    make.make_year_parent(cast.guardian, cast.third)
    assert "3.B" in mette.get(path).text
    assert mette.send(path, {**TYPED, "also": str(parallel.id)}).status_code == 303


def test_the_leadership_invites_the_school(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf, wall_clock: Move
) -> None:
    leader = client_of(cast.leader)
    assert "Planlæg noget for hele skolen" in leader.get("/events/").text
    assert "Alle på skolen bliver inviteret: 6 børn" in leader.get("/events/audience/school/new").text
    leader.send("/events/audience/school/new", TYPED)
    event = only_event()
    assert "Det når ud til 6 børn i" in leader.get(f"/events/{event.id}").text
    assert client_of(cast.akt).get(f"/events/{event.id}").status_code == 404
    assert leader.send(f"/events/sending/{event.id}/publish", {"version": "1"}).status_code == 303
    wall_clock(MINUTES_TO_UNDO)
    assert event.audience == Audience.SCHOOL
    assert event.title in leader.get("/events/").text
    assert leader.get(f"/events/{event.id}/edit").status_code == 200
    teacher = client_of(cast.class_teacher)
    assert "Hele skolen" in teacher.get(f"/events/{event.id}").text
    assert teacher.send(f"/events/{event.id}/cancel", {}).status_code == 403
    for name in ("class_teacher", "guardian", "office", "council_member", "newcomer"):
        assert client_of(cast.users[name]).send("/events/audience/school/new", TYPED).status_code == 403


def test_done_again_it_keeps_its_audience(
    cast: Cast, parallel: SchoolClass, client_of: ClientOf, wall_clock: Move
) -> None:
    make.make_year_parent(cast.guardian, cast.third)
    past = {"starts_at": clock.now() - timedelta(days=20), "rsvp_deadline": None}
    year, school = of_year(cast, **past), of_school(cast, title="Skolefest", **past)
    both = make.make_event(cast.third, cast.guardian_of_two, "Tur", also=[cast.sixth], **past)
    home = client_of(cast.guardian)
    page = home.get("/events/past/").text
    assert f"/events/audience/year-groups/{make.year_of(cast.third)}/new?again={year.id}" in page
    assert f"/events/classes/{cast.third.id}/new?again={school.id}" in page  # what the school did, for one's own class
    assert "3. årgang" in page
    leaders = client_of(cast.leader)
    assert f"/events/audience/school/new?again={school.id}" in leaders.get("/events/past/").text
    ticked = client_of(cast.guardian_of_two).get(f"/events/classes/{cast.third.id}/new?again={both.id}").text
    assert "checked" in ticked[ticked.index(f'value="{cast.sixth.id}"') :][:60]
    assert "/events/past/" not in client_of(cast.office).get("/").text
    assert school.title not in client_of(cast.office).get("/events/past/").text


def test_a_class_without_children_is_not_invited(cast: Cast, client_of: ClientOf) -> None:
    gone = make.make_class("9.B", 9, hue=3)
    make.put_in_team(cast.class_teacher, gone)
    db.session.commit()
    answer = client_of(cast.class_teacher).send(f"/events/classes/{gone.id}/new", TYPED)
    assert answer.status_code == 422
    assert "ingen børn i klassen mere" in answer.text
    assert db.session.query(ClassEvent).count() == 0


def test_a_class_that_was_merged_after_the_draft_was_written_is_not_invited(cast: Cast, client_of: ClientOf) -> None:
    gone = make.make_class("9.B", 9, hue=3)
    make.put_in_team(cast.class_teacher, gone)
    event = make.make_event(gone, cast.class_teacher, out_at=None)
    answer = client_of(cast.class_teacher).send(f"/events/sending/{event.id}/publish", {"version": "1"})
    assert answer.status_code == 422
    assert "ingen børn i klassen mere" in answer.text
    assert only_event().out_at is None
