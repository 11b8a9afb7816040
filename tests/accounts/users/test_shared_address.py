"""An address that two accounts share signs neither of them in, so nobody takes it from somebody without being asked."""

from __future__ import annotations

from functools import partial

import pytest

from portal.accounts.models import User
from portal.accounts.sign_in.queries import find_credentials
from portal.database import db
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

NEW = "/accounts/users/new"
SANNE = {"first_name": "Sanne", "last_name": "Skov", "email": "Mette.Holm@example.dk"}


def signs_in(login: str) -> bool:
    db.session.expire_all()
    return find_credentials(login) is not None


@pytest.mark.both
def test_an_address_that_somebody_has_is_asked_about_before_it_signs_nobody_in(cast: Cast, client_of: ClientOf) -> None:
    cast.class_teacher.email = "mette.holm@example.dk"
    db.session.commit()
    office = client_of(cast.office)
    assert 'name="shares"' not in office.get(NEW).text
    answer = office.send(NEW, SANNE)
    assert answer.status_code == 422
    assert cast.class_teacher.name in answer.text
    assert "both use their user names" in answer.text
    assert 'name="shares"' in answer.text
    assert signs_in("mette.holm@example.dk")
    assert office.send(NEW, {**SANNE, "shares": "y"}).status_code == 303
    assert not signs_in("mette.holm@example.dk")
    place = {"login": "mette.holm@example.dk", "function": "teacher", "starts_on": "2026-11-23"}
    refused = office.send(f"/school/classes/{cast.third.id}/team/new", place)
    assert refused.status_code == 422
    assert "Two people share that e-mail address" in refused.text


def test_an_address_of_a_closed_account_is_free(cast: Cast, client_of: ClientOf) -> None:
    cast.class_teacher.email = "mette.holm@example.dk"
    cast.class_teacher.deactivated_at = cast.class_teacher.created_at
    db.session.commit()
    assert client_of(cast.office).send(NEW, SANNE).status_code == 303


def test_three_windows_with_one_person_make_one_account(cast: Cast, client_of: ClientOf) -> None:
    windows = [client_of(cast.office) for _ in range(3)]
    answers = at_once(*(partial(window.send, NEW, SANNE) for window in windows))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]
    db.session.expire_all()
    assert db.session.query(User).filter_by(first_name="Sanne").count() == 1
