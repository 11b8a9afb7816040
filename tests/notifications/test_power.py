"""Power over another person tells that person, and of the strongest roles the leadership."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.accounts.models import Role
from portal.acts.models import ActKind, WaitingAct
from portal.council.models import Facilitator
from portal.database import db
from portal.notifications.worker import Worker
from portal.school.models import Guardianship, GuardianshipKind
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.notifications.post_office import Inbox, told_of, whole_text, work

Press = Callable[[Cast, IsolatedClient], object]


def _letter(cast: Cast, office: IsolatedClient) -> object:
    cast.pedagogue.password_hash = "chosen"
    return office.send(f"/accounts/users/{cast.pedagogue.id}/link")


def _role(cast: Cast, office: IsolatedClient) -> object:
    return office.send(f"/accounts/users/{cast.pedagogue.id}/roles", {"role": Role.AKT})


def _role_ended(cast: Cast, office: IsolatedClient) -> object:
    given = make.grant(cast.pedagogue, Role.AKT)
    return office.send(f"/accounts/users/{cast.pedagogue.id}/roles/end", {"grant": given.id})


def _facilitator(cast: Cast, office: IsolatedClient) -> object:
    return office.send(f"/council/{cast.council.id}/facilitators", {"user": cast.pedagogue.id})


def _facilitator_ended(cast: Cast, office: IsolatedClient) -> object:
    named: Facilitator = make.make_facilitator(cast.council, cast.pedagogue)
    return office.send(f"/council/facilitators/{named.id}/end")


def _foster_parent(cast: Cast, office: IsolatedClient) -> object:
    data = {"pupil": cast.alma.id, "login": cast.pedagogue.user_name}
    return office.send(f"/school/classes/{cast.third.id}/foster-parents", data)


def _foster_parent_ended(cast: Cast, office: IsolatedClient) -> object:
    tie: Guardianship = make.tie(cast.pedagogue, cast.alma, GuardianshipKind.FOSTER)
    return office.send(f"/school/classes/{cast.third.id}/foster-parents/end", {"tie": tie.id})


def _signed_out(cast: Cast, office: IsolatedClient) -> object:
    return office.send(f"/accounts/users/{cast.pedagogue.id}/sessions/end")


def _reopened(cast: Cast, office: IsolatedClient) -> object:
    office.send(f"/accounts/users/{cast.pedagogue.id}/close")
    return office.send(f"/accounts/users/{cast.pedagogue.id}/reopen")


PRESSES: dict[ActKind, Press] = {
    ActKind.LINK_MADE: _letter,
    ActKind.ROLE_GRANTED: _role,
    ActKind.ROLE_ENDED: _role_ended,
    ActKind.FACILITATOR_NAMED: _facilitator,
    ActKind.FACILITATOR_ENDED: _facilitator_ended,
    ActKind.FOSTER_PARENT_TIED: _foster_parent,
    ActKind.FOSTER_PARENT_ENDED: _foster_parent_ended,
    ActKind.SIGNED_OUT_EVERYWHERE: _signed_out,
    ActKind.ACCOUNT_REOPENED: _reopened,
}


@pytest.mark.parametrize("kind", PRESSES, ids=str)
def test_it_is_told_to_the_person_alone_in_the_portal_and_by_mail(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, kind: ActKind
) -> None:
    PRESSES[kind](addressed, client_of(addressed.office))
    work(worker)
    assert told_of(addressed, kind) == {"pedagogue"}
    assert inbox.addresses == ["pedagogue@hjem.example"]
    assert "Alma" not in whole_text(inbox.mails[0])
    line = inbox.mails[0]["Subject"]
    reader = client_of(addressed.pedagogue)
    page = reader.get("/notifications/").text
    assert line in page
    opened = page.split("/opened")[0].rpartition("/notifications/")[2]
    answer = reader.send(f"/notifications/{opened}/opened")
    assert reader.get(answer.location).status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADERSHIP])
def test_the_leadership_hears_of_the_strongest_roles(
    addressed: Cast, worker: Worker, client_of: ClientOf, role: Role
) -> None:
    office = client_of(addressed.office)
    office.send(f"/accounts/users/{addressed.pedagogue.id}/roles", {"role": role})
    work(worker)
    assert told_of(addressed, ActKind.ROLE_GRANTED) == {"pedagogue"}
    assert told_of(addressed, ActKind.POWER_CHANGED) == {"leader"}
    leader = client_of(addressed.leader)
    assert "Inge Holm gav Peter Holm en rolle" in leader.get("/acts/").text


def test_the_leadership_hears_when_an_account_that_leads_is_closed(
    addressed: Cast, worker: Worker, client_of: ClientOf
) -> None:
    make.grant(addressed.pedagogue, Role.LEADERSHIP)
    client_of(addressed.office).send(f"/accounts/users/{addressed.pedagogue.id}/close")
    work(worker)
    assert told_of(addressed, ActKind.POWER_CHANGED) == {"leader"}
    assert told_of(addressed, ActKind.ACCOUNT_CLOSED) == set(), "a closed account has no list and no mail"


def test_a_first_letter_tells_nobody_and_waits_in_no_outbox(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    client_of(addressed.office).send(f"/accounts/users/{addressed.pedagogue.id}/link")
    assert db.session.query(WaitingAct).count() == 0
    work(worker)
    assert inbox.mails == []


def test_whoever_does_it_to_themselves_is_not_told(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    client_of(addressed.office).send(f"/accounts/users/{addressed.office.id}/roles", {"role": Role.AKT})
    work(worker)
    assert inbox.mails == []


def test_closed_access_tells_that_guardian_nothing(
    addressed: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    leader = client_of(addressed.leader)
    path = f"/school/pupils/{addressed.alma.id}/guardians/{addressed.guardian.id}/access"
    assert leader.send(path, {"until": "2026-12-24", "reason": "Krisecenter"}).status_code == 303
    assert leader.send(f"{path}/end").status_code == 303
    work(worker)
    assert inbox.mails == []
    assert db.session.query(WaitingAct).count() == 0
