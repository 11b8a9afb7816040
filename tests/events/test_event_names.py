"""Whose name somebody reads at an event: of those who look after it, and of those who ask them."""

from __future__ import annotations

import pytest

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.database import db
from portal.events.models import Audience, ClassEvent
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf

#: Who may ask, and whom no list names to another home: the organiser learns what is asked, and not by whom.
WITHOUT_A_NAME = ("helper", "foster_parent", "guardian_elsewhere")
NAMED = ("other_home", "guardian_of_two", "class_teacher", "pedagogue")


@pytest.fixture
def event(cast: Cast) -> ClassEvent:
    """Mette organises soup for 3.A and 6.A."""
    found = make.make_event(cast.third, cast.guardian, also=[cast.sixth])
    db.session.commit()
    return found


def read_by(client_of: ClientOf, reader: User, event: ClassEvent, *, page: str = "questions") -> str:
    path = f"/events/questions/of/{event.id}" if page == "questions" else f"/events/{event.id}/organisers"
    answer = client_of(reader).get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("name", WITHOUT_A_NAME)
def test_who_asks_has_no_name_that_no_class_list_gives(
    cast: Cast, event: ClassEvent, client_of: ClientOf, name: str
) -> None:
    asker = cast.users[name]
    sent = client_of(asker).send(f"/events/questions/of/{event.id}/ask", {"question": "Er der mad til alle?"})
    assert sent.status_code == 303
    page = read_by(client_of, cast.guardian, event)
    assert "Er der mad til alle?" in page
    assert "En forælder" in page
    assert asker.first_name not in page


@pytest.mark.parametrize("name", NAMED)
def test_who_asks_is_named_where_the_class_list_names_them_or_they_teach(
    cast: Cast, event: ClassEvent, client_of: ClientOf, name: str
) -> None:
    make.ask(event, cast.users[name])
    db.session.commit()
    assert cast.users[name].name in read_by(client_of, cast.guardian, event)


@pytest.mark.parametrize("page", ["questions", "organisers"])
def test_a_foster_parent_has_a_name_once_they_have_chosen_to_stand_on_the_list(
    cast: Cast, event: ClassEvent, client_of: ClientOf, page: str
) -> None:
    make.ask(event, cast.foster_parent)
    make.organise(event, cast.foster_parent)
    db.session.commit()
    assert cast.foster_parent.first_name not in read_by(client_of, cast.guardian, event, page=page)
    make.show_contacts(cast.foster_parent, cast.third, phone="11 22 33 44")
    db.session.commit()
    assert cast.foster_parent.name in read_by(client_of, cast.guardian, event, page=page)


@pytest.mark.parametrize("protection", [one for one in Protection if one != Protection.NONE])
def test_a_protected_home_has_no_name_at_an_event(
    cast: Cast, event: ClassEvent, client_of: ClientOf, protection: Protection
) -> None:
    make.ask(event, cast.guardian_of_two)
    make.organise(event, cast.guardian_of_two, shows_phone=True)
    make.show_contacts(cast.guardian_of_two, cast.third, phone="11 22 33 44")
    cast.otto.protection, cast.otto.alias = protection, "Et barn"
    db.session.commit()
    pages = [
        read_by(client_of, cast.guardian, event),
        read_by(client_of, cast.guardian, event, page="organisers"),
        *(
            client_of(reader).get(f"/events/{event.id}").text
            for reader in (cast.other_home, cast.class_teacher, cast.helper, cast.council_member)
        ),
    ]
    for page in pages:
        assert "En forælder" in page
        assert cast.guardian_of_two.first_name not in page
        assert "11 22 33 44" not in page


def test_a_foster_parent_who_organises_has_no_name_to_the_class(
    cast: Cast, event: ClassEvent, client_of: ClientOf
) -> None:
    make.organise(event, cast.foster_parent)
    db.session.commit()

    def sees(user: User) -> bool:
        return cast.foster_parent.first_name in client_of(user).get(f"/events/{event.id}").text

    assert not any(sees(user) for user in (cast.guardian, cast.other_home, cast.class_teacher, cast.helper))
    assert all(sees(user) for user in (cast.leader, cast.akt))


def test_the_homes_of_one_class_read_no_name_of_the_other(cast: Cast, event: ClassEvent, client_of: ClientOf) -> None:
    assert cast.guardian.name in client_of(cast.other_home).get(f"/events/{event.id}").text
    assert cast.guardian.name not in client_of(cast.guardian_elsewhere).get(f"/events/{event.id}").text


def test_who_reads_no_class_list_reads_no_organisers_name(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(None, cast.other_home, audience=Audience.SCHOOL)
    db.session.commit()

    def sees(user: User) -> bool:
        return cast.other_home.name in client_of(user).get(f"/events/{event.id}").text

    assert all(sees(user) for user in (cast.guardian, cast.class_teacher, cast.leader, cast.guardian_of_two))
    assert not any(sees(user) for user in (cast.helper, cast.guardian_elsewhere, cast.council_member))
    assert "En forælder" in client_of(cast.helper).get(f"/events/{event.id}").text
