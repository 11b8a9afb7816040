"""The office makes two councils of one, and a living suggestion follows its child into the right one."""

from __future__ import annotations

import pytest

from portal.acts.models import Act, ActKind
from portal.council.meetings.models import AgendaItem, ItemState, MeetingState
from portal.council.models import Council
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

State = AmendmentState


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.office)


@pytest.fixture
def fifth(cast: Cast, edition: Edition) -> dict[State, Amendment]:
    """What Ida of 5.A has in hand in the one council there is, beside Ella of 6.A."""
    school_class = make.make_class("5.A", 5, hue=4)
    ida = make.make_pupil(school_class, "Ida")
    make.seat(cast.council, ida, school_class)
    db.session.flush()
    author = ida.user
    states = (State.DRAFT, State.IN_COUNCIL, State.POSTPONED, State.ADOPTED, State.WITHDRAWN)
    found = {state: make.make_amendment(cast.council, author, edition, state=state, title=state) for state in states}
    db.session.commit()
    return found


def form(name: str, lowest_grade: int, highest_grade: int) -> dict[str, str]:
    return {"name": name, "lowest_grade": str(lowest_grade), "highest_grade": str(highest_grade), "signs_in": "y"}


def split(cast: Cast, office: IsolatedClient) -> int:
    """The office narrows the council to the oldest, and makes another for the fifth grade and below: its id."""
    assert office.send(f"/council/{cast.council.id}/edit", form(cast.council.name, 6, 9)).status_code == 303
    assert office.send("/council/new", form("Mellemrådet", 4, 5)).status_code == 303
    db.session.expire_all()
    return db.session.query(Council).filter_by(name="Mellemrådet").one().id


@pytest.mark.both
def test_what_is_not_decided_goes_where_its_child_is_and_the_rest_stays(
    cast: Cast, amendment: Amendment, fifth: dict[State, Amendment], office: IsolatedClient, client_of: ClientOf
) -> None:
    new = split(cast, office)
    came = (State.DRAFT, State.IN_COUNCIL, State.POSTPONED)
    assert {state: one.council_id == new for state, one in fifth.items()} == {state: state in came for state in fifth}
    assert amendment.council_id == cast.council.id, "Ella's class is still in its grades"
    assert fifth[State.POSTPONED].state is State.IN_COUNCIL, "the new council has put nothing off"
    told = db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_HANDED_OVER).order_by(Act.subject_id)
    assert [act.subject_id for act in told] == [fifth[state].id for state in came]

    make.make_facilitator(db.session.get_one(Council, new), cast.pedagogue)
    db.session.commit()
    helper, elsewhere = client_of(cast.pedagogue), client_of(cast.facilitator)
    page = f"/strategy/amendments/{fifth[State.IN_COUNCIL].id}"
    assert helper.get(page).status_code == 200
    assert page in helper.get(f"/council/{new}").text
    assert elsewhere.get(page).status_code == 404


def test_what_became_a_part_of_it_goes_along_whoever_wrote_it(
    cast: Cast, edition: Edition, fifth: dict[State, Amendment], office: IsolatedClient
) -> None:
    host = fifth[State.IN_COUNCIL]
    part, inner = (
        make.make_amendment(cast.council, cast.council_member, edition, state=State.MERGED, merged_into_id=host.id)
        for _ in range(2)
    )
    inner.merged_into_id = part.id
    db.session.commit()
    new = split(cast, office)
    assert {part.council_id, inner.council_id} == {new}


def test_it_is_taken_off_the_agenda_to_come_and_stays_in_the_minutes(
    cast: Cast, fifth: dict[State, Amendment], office: IsolatedClient, client_of: ClientOf
) -> None:
    put_off = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    kept = make.make_item(put_off, fifth[State.POSTPONED], state=ItemState.POSTPONED)
    to_come = make.make_meeting(cast.council)
    make.make_item(to_come)
    make.make_item(to_come, fifth[State.IN_COUNCIL])
    db.session.commit()
    split(cast, office)
    assert [item.title for item in db.session.query(AgendaItem).filter_by(meeting_id=to_come.id)] == ["Frikvarteret"]
    assert client_of(cast.facilitator).send(f"/council/meetings/{to_come.id}/start").status_code == 303
    assert db.session.query(AgendaItem).filter_by(amendment_id=fifth[State.POSTPONED].id).one().id == kept.id


def test_while_a_meeting_decides_about_it_the_councils_stay_as_they_are(
    cast: Cast, fifth: dict[State, Amendment], office: IsolatedClient
) -> None:
    fifth[State.IN_COUNCIL].has_open_vote = True
    db.session.commit()
    assert office.send(f"/council/{cast.council.id}/edit", form(cast.council.name, 6, 9)).status_code == 303
    answer = office.send("/council/new", form("Mellemrådet", 4, 5))
    assert answer.status_code == 409
    assert "Vent, til det er slut" in answer.text
    assert 'value="Mellemrådet"' in answer.text
    assert db.session.query(Council).count() == 1
    db.session.expire_all()
    assert fifth[State.DRAFT].council_id == cast.council.id


def test_another_name_alone_moves_nothing(cast: Cast, amendment: Amendment, office: IsolatedClient) -> None:
    oldest = make.make_council("De store", (6, 9))
    cast.council.highest_grade = 5  # Ella's class moved up in August, and what was before the council stays there
    db.session.commit()
    assert office.send(f"/council/{oldest.id}/edit", form("De ældste", 6, 9)).status_code == 303
    db.session.refresh(amendment)
    assert amendment.council_id == cast.council.id
