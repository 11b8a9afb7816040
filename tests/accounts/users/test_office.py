"""The office's pages about accounts: whom they find, what they open and close, and whom they are closed to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import queries
from portal.accounts.models import Role, RoleGrant, SignInLink, User, UserSession
from portal.accounts.protection import Protection
from portal.accounts.sign_in import tokens
from portal.accounts.users.queries import list_users
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.text import clock
from portal.text.collation import sort_key
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

EVERYBODY_ELSE = [
    "class_teacher",
    "substitute",
    "former_substitute",
    "facilitator",
    "leader",
    "akt",
    "board_secretary",
    "guardian",
    "other_home",
    "foster_parent",
    "helper",
    "council_member",
    "newcomer",
]


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.office)


def acts(kind: ActKind) -> list[Act]:
    return db.session.query(Act).filter_by(kind=kind).all()


def links_of(user: User) -> list[SignInLink]:
    return db.session.query(SignInLink).filter_by(user_id=user.id).order_by(SignInLink.id).all()


def address_of(link: SignInLink, app: Flask) -> str:
    return "/accounts/links/" + tokens.link_token(link.id, link.nonce, app.config["SECRET_KEY"])


@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_only_the_office_finds_people(name: str, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(getattr(cast, name))
    assert browser.get("/accounts/users").status_code == 403
    assert browser.get("/accounts/users/new").status_code == 403
    assert browser.send("/accounts/users/new", {"first_name": "A", "last_name": "B"}).status_code == 403
    assert browser.get(f"/accounts/users/{cast.office.id}").status_code == 404


@pytest.mark.parametrize("act", ["link", "roles", "roles/end", "sessions/end", "close", "reopen"])
@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_only_the_office_changes_an_account(act: str, name: str, cast: Cast, client_of: ClientOf) -> None:
    browser, acts_before = client_of(getattr(cast, name)), db.session.query(Act).count()
    assert browser.send(f"/accounts/users/{cast.pedagogue.id}/{act}", {"role": "office"}).status_code == 404
    own = browser.send(f"/accounts/users/{getattr(cast, name).id}/{act}", {"role": "office"})
    assert own.status_code == 403, "one's own account is no secret, but not one's own to change either"
    assert db.session.query(Act).count() == acts_before


def test_a_visitor_is_asked_to_sign_in(cast: Cast, client: IsolatedClient) -> None:
    assert "/accounts/sign-in" in client.get("/accounts/users").headers["Location"]
    assert client.send(f"/accounts/users/{cast.guardian.id}/link").status_code == 401


def test_people_are_found_by_a_part_of_name_user_name_or_e_mail(office: IsolatedClient) -> None:
    make.make_user("Åse", "Østergaard", user_name="aase.oe", email="aase@example.dk")
    for text in ("åse", "ÅSE", "østergaard", "ster", "aase.oe", "AASE@example", "åse østergaard", "aase østerg"):
        assert "Åse Østergaard" in office.get("/accounts/users", query_string={"q": text}).text, text
    assert "Nobody by that name" in office.get("/accounts/users?q=åse+holm").text


@pytest.mark.both
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anne-Åse", {"Anne-Åse Holm", "Anne Aase Bæk"}),
        ("anne-aase", {"Anne-Åse Holm", "Anne Aase Bæk"}),
        ("aase", {"Anne-Åse Holm", "Anne Aase Bæk", "AASE LUND", "Åse Juul"}),
        ("ÅSE", {"Anne-Åse Holm", "Anne Aase Bæk", "AASE LUND", "Åse Juul"}),
        ("bruun-ørsted", {"Ida Bruun-Ørsted", "Bo Bruun Ørsted"}),
        ("oersted", {"Ida Bruun-Ørsted", "Bo Bruun Ørsted"}),
        ("ÖRSTED", {"Ida Bruun-Ørsted", "Bo Bruun Ørsted"}),
        ("çağla", {"Çağla Yıldız"}),
        ("cagla yildiz", {"Çağla Yıldız"}),
        ("elise", {"Élise O’Neill"}),
        ("o'neill", {"Élise O’Neill"}),
        ("anne-marie@", {"Pia Krogh"}),
        ("anne-lund", set()),
        ("-", {"Pia Krogh"}),
    ],
)
def test_people_are_found_by_the_same_words_on_either_database(
    app: Flask, database: str, text: str, found: set[str]
) -> None:
    for name in ("Anne-Åse Holm", "Anne Aase|Bæk", "AASE LUND", "Åse Juul", "Ida Bruun-Ørsted", "Bo Bruun Ørsted"):
        make.make_user(*(name.split("|") if "|" in name else name.split(" ", 1)))
    make.make_user("Çağla", "Yıldız")
    make.make_user("Élise", "O’Neill")
    make.make_user("Pia", "Krogh", email="anne-marie@example.org")
    assert {user.name for user in list_users(text)} == found


@pytest.mark.both
def test_people_stand_in_danish_order_page_by_page_on_either_database(app: Flask, database: str) -> None:
    names = ["Anders", "Anne Ørsted", "Anneline", "Cagla", "Çağla", "Elise", "Élise", "Zoe", "Ærlig", "Ørsted", "Aage"]
    names += ["Åse"]
    for name in reversed(names):
        make.make_user(name, "Qvist")
    make.make_user("Aaron", "Qvist", alias="Bo Qvist", protection=Protection.NAME)
    seen: list[User] = []
    while found := list_users("qvist", after=seen[-1].id if seen else None, limit=5):
        seen += found
    shown = [user.name.removesuffix(" Qvist") for user in seen]
    assert shown == [*names[:3], "Bo", *names[3:]], "a place tells nothing of a protected name"


@pytest.mark.both
def test_a_name_that_changes_changes_its_place(app: Flask, database: str) -> None:
    user = make.make_user("Åse", "Holm")
    user.first_name = "Bente"
    db.session.flush()
    assert (user.sort_name, user.search_name) == (sort_key("Bente Holm"), "bente holm")
    user.alias, user.protection = "Øjvind", Protection.NAME
    db.session.flush()
    db.session.expire_all()
    assert (user.sort_name, user.search_name) == (sort_key("Øjvind"), "bente holm oejvind")


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "a" * 5000, "%s%n", "😀"])
def test_signs_in_a_search_are_letters_like_others(text: str, office: IsolatedClient) -> None:
    page = office.get("/accounts/users", query_string={"q": text, "after": text})
    assert page.status_code == 200
    if text in "%_\\'":
        assert "Mette Holm" not in page.text


def test_a_person_with_a_protected_name_is_shown_by_the_alias(office: IsolatedClient) -> None:
    hidden = make.make_user("Rigtig", "Navnesen", alias="Sol Skov", protection=Protection.NAME)
    for text in ("navnesen", "sol skov"):
        page = office.get("/accounts/users", query_string={"q": text}).text
        assert "Sol Skov" in page
        assert "Rigtig" not in page
    office.send(f"/accounts/users/{hidden.id}/link")
    for path in (f"/accounts/users/{hidden.id}", f"/accounts/users/{hidden.id}/letter"):
        page = office.get(path).text
        assert "Sol Skov" in page
        assert "Navnesen" not in page


def test_a_long_list_is_read_page_by_page_and_nobody_is_left_out(office: IsolatedClient) -> None:
    names = {f"Freja Nr{number:03}" for number in range(120)}
    for name in sorted(names):
        make.make_user(*name.split(" "))
    seen: list[str] = []
    address = "/accounts/users?q=freja"
    for _ in range(3):
        page = office.get(address).text
        seen += [name for name in sorted(names) if name in page]
        _, _, rest = page.partition('class="pager"')
        address = rest.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(seen) == sorted(names)
    assert address == ""


@pytest.mark.parametrize("after", ["0", "-1", "9" * 30, "abc", "99999999"])
def test_a_page_after_nobody_begins_at_the_beginning(after: str, office: IsolatedClient) -> None:
    assert "Amina Holm" in office.get(f"/accounts/users?after={after}").text


def test_an_account_says_what_somebody_is_today(cast: Cast, office: IsolatedClient) -> None:
    assert "Class team of 3.A" in office.get(f"/accounts/users/{cast.class_teacher.id}").text
    assert "No place at the school today" in office.get(f"/accounts/users/{cast.former_substitute.id}").text
    assert "Guardian of Otto, Ella" in office.get(f"/accounts/users/{cast.guardian_of_two.id}").text
    assert "Helper of Alma" in office.get(f"/accounts/users/{cast.helper.id}").text
    assert "in the student council" in office.get(f"/accounts/users/{cast.council_member.id}").text


def test_an_account_opened_by_hand_has_a_user_name_and_no_password(office: IsolatedClient) -> None:
    form = {"first_name": " Sanne ", "last_name": "Skov", "email": ""}
    first = office.send("/accounts/users/new", form, key="k" * 20)
    again = office.send("/accounts/users/new", form, key="k" * 20)
    assert first.location == again.location
    user = db.session.query(User).filter_by(first_name="Sanne").one()
    assert (user.user_name, user.password_hash, user.email) == ("sanne.skov", None, None)
    office.send("/accounts/users/new", form)
    assert {u.user_name for u in db.session.query(User).filter_by(first_name="Sanne")} == {"sanne.skov", "sanne.skov2"}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"first_name": "A"},
        {"first_name": "A", "last_name": "B" * 101},
        {"first_name": "A", "last_name": "B", "email": "no address"},
    ],
)
def test_an_account_without_a_proper_name_is_refused_and_the_text_kept(
    form: dict[str, str], office: IsolatedClient
) -> None:
    answer = office.send("/accounts/users/new", form)
    assert answer.status_code == 422
    assert all(text in answer.text for text in form.values())
    assert acts(ActKind.ACCOUNT_OPENED) == []


def test_the_letter_opens_the_account_once_and_holds_no_password(
    cast: Cast, app: Flask, office: IsolatedClient, client: IsolatedClient
) -> None:
    answer = office.send(f"/accounts/users/{cast.guardian.id}/link")
    assert answer.location == f"/accounts/users/{cast.guardian.id}/letter"
    (link,) = links_of(cast.guardian)
    letter = office.get(answer.location).text
    assert app.extensions["portal.settings"].base_url + address_of(link, app) in letter
    assert cast.guardian.user_name in letter
    assert "14 December 2026" in letter
    assert client.get(address_of(link, app)).status_code == 200
    client.send(address_of(link, app), {"password": "tre ord der ikke rimer"})
    assert office.get(answer.location).status_code == 404
    assert client.get(address_of(link, app)).status_code == 404


def test_a_new_letter_ends_the_one_before(
    cast: Cast, app: Flask, office: IsolatedClient, client: IsolatedClient
) -> None:
    office.send(f"/accounts/users/{cast.guardian.id}/link")
    office.send(f"/accounts/users/{cast.guardian.id}/link")
    old, new = links_of(cast.guardian)
    assert client.get(address_of(old, app)).status_code == 404
    assert client.get(address_of(new, app)).status_code == 200


def test_a_letter_whose_time_is_over_is_not_printed(
    cast: Cast, office: IsolatedClient, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    office.send(f"/accounts/users/{cast.guardian.id}/link")
    wall_clock(timedelta(days=22))
    assert client_of(cast.office).get(f"/accounts/users/{cast.guardian.id}/letter").status_code == 404


@pytest.mark.parametrize("name", [*EVERYBODY_ELSE, "guardian_elsewhere"])
def test_nobody_prints_a_letter_they_did_not_make(
    name: str, cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    office.send(f"/accounts/users/{cast.guardian.id}/link")
    assert client_of(getattr(cast, name)).get(f"/accounts/users/{cast.guardian.id}/letter").status_code == 404


def test_a_pupils_letter_is_in_a_childs_words(cast: Cast, office: IsolatedClient) -> None:
    for user, words in ((cast.council_member, "Hi Ella"), (cast.guardian, "Dear Mette")):
        office.send(f"/accounts/users/{user.id}/link")
        assert words in office.get(f"/accounts/users/{user.id}/letter").text


def test_a_role_holds_at_the_next_request_and_is_gone_at_the_one_after_its_end(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    browser = client_of(cast.newcomer)
    assert browser.get("/school/").status_code == 403
    assert office.send(f"/accounts/users/{cast.newcomer.id}/roles", {"role": "leadership"}).status_code == 303
    assert browser.get("/school/").status_code == 200
    grant = db.session.query(RoleGrant).filter_by(user_id=cast.newcomer.id).one()
    assert office.send(f"/accounts/users/{cast.newcomer.id}/roles/end", {"grant": grant.id}).status_code == 303
    assert browser.get("/school/").status_code == 403
    assert [len(acts(kind)) for kind in (ActKind.ROLE_GRANTED, ActKind.ROLE_ENDED)] == [1, 1]


def test_a_role_that_ends_keeps_its_history(cast: Cast, office: IsolatedClient) -> None:
    grant = db.session.query(RoleGrant).filter_by(user_id=cast.akt.id).one()
    office.send(f"/accounts/users/{cast.akt.id}/roles/end", {"grant": grant.id})
    db.session.refresh(grant)
    assert grant.ends_on == clock.today() - timedelta(days=1)


@pytest.mark.parametrize("role", ["", "king", "OFFICE", "office "])
def test_a_role_that_does_not_exist_is_refused(role: str, cast: Cast, office: IsolatedClient) -> None:
    assert office.send(f"/accounts/users/{cast.newcomer.id}/roles", {"role": role}).status_code == 422
    assert queries.list_roles(cast.newcomer.id, today=clock.today()) == []


def test_a_role_is_given_once(cast: Cast, office: IsolatedClient) -> None:
    answer = office.send(f"/accounts/users/{cast.akt.id}/roles", {"role": "akt"})
    assert answer.status_code == 422
    assert "has that role already" in answer.text


def test_a_pupil_never_has_a_role_of_the_school(cast: Cast, office: IsolatedClient) -> None:
    assert office.send(f"/accounts/users/{cast.council_member.id}/roles", {"role": "office"}).status_code == 422
    assert "roles" not in office.get(f"/accounts/users/{cast.council_member.id}").text.partition("<form")[2]
    assert queries.list_roles(cast.council_member.id, today=clock.today()) == []


def test_the_role_of_another_account_cannot_be_ended_through_this_one(cast: Cast, office: IsolatedClient) -> None:
    grant = db.session.query(RoleGrant).filter_by(user_id=cast.leader.id).one()
    for body in ({"grant": grant.id}, {"grant": "x"}, {}):
        assert office.send(f"/accounts/users/{cast.newcomer.id}/roles/end", body).status_code == 422
    db.session.refresh(grant)
    assert grant.ends_on is None


def test_the_school_is_never_without_an_office(cast: Cast, office: IsolatedClient) -> None:
    grant = db.session.query(RoleGrant).filter_by(role=Role.OFFICE).one()
    answer = office.send(f"/accounts/users/{cast.office.id}/roles/end", {"grant": grant.id})
    assert answer.status_code == 422
    assert "Somebody has to have the role of the office" in answer.text
    assert office.get("/accounts/users").status_code == 200


def test_ending_somebodys_sessions_signs_them_out_and_is_remembered(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    phone, laptop = client_of(cast.guardian), client_of(cast.guardian)
    office.send(f"/accounts/users/{cast.guardian.id}/sessions/end")
    for browser in (phone, laptop):
        assert "/accounts/sign-in" in browser.get("/accounts/me").headers["Location"]
    (act,) = acts(ActKind.SIGNED_OUT_EVERYWHERE)
    assert (act.actor_id, act.about_id) == (cast.office.id, cast.guardian.id)
    assert office.get("/accounts/me").status_code == 200


def test_a_closed_account_is_out_at_once_and_its_letter_dead(
    cast: Cast, app: Flask, office: IsolatedClient, client_of: ClientOf, client: IsolatedClient
) -> None:
    browser = client_of(cast.guardian)
    office.send(f"/accounts/users/{cast.guardian.id}/link")
    (link,) = links_of(cast.guardian)
    office.send(f"/accounts/users/{cast.guardian.id}/close")
    assert browser.get("/accounts/me").status_code == 303
    assert client.get(address_of(link, app)).status_code == 404
    assert office.send(f"/accounts/users/{cast.guardian.id}/link").status_code == 422
    page = office.get(f"/accounts/users/{cast.guardian.id}").text
    assert "Closed" in page
    assert "Make a" not in page
    office.send(f"/accounts/users/{cast.guardian.id}/reopen")
    assert db.session.query(UserSession).filter_by(user_id=cast.guardian.id, ended_at=None).count() == 0
    assert office.send(f"/accounts/users/{cast.guardian.id}/link").status_code == 303


def test_nobody_closes_their_own_account(cast: Cast, office: IsolatedClient) -> None:
    answer = office.send(f"/accounts/users/{cast.office.id}/close")
    assert answer.status_code == 422
    assert "Ask a colleague" in answer.text
