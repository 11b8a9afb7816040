"""Letters, known devices and remembered browsers end with what makes them doubtful, and not with anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role, RoleGrant, SignInLink, User, UserSession
from portal.accounts.sign_in import queries, services, tokens
from portal.accounts.sign_in.passwords import hash_password
from portal.database import db
from portal.school.models import Guardianship, GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.accounts.sign_in.test_sign_in import PASSWORD
from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.school.roster.register import GUARDIANS, STAFF, without
from tests.school.roster.test_roster_apply import account, take_in

ClientOf = Callable[[User], IsolatedClient]
Move = Callable[[timedelta], None]
NEW = "fire helt andre ord"


@dataclass(frozen=True)
class Trusted:
    """What an account was trusted with at one moment: a letter, a remembered browser, the devices it is known on."""

    user_id: int
    link_id: int
    session_id: int
    version: int

    @staticmethod
    def of(user: User) -> Trusted:
        link = services.make_link(user, actor=None, now=clock.now())
        token = services.start_session(user.id, device="", remember=True, now=clock.now())
        session = db.session.query(UserSession).filter_by(token_digest=tokens.digest(token)).one()
        db.session.commit()
        return Trusted(user.id, link.id, session.id, user.secrets_version)

    @property
    def still(self) -> tuple[bool, bool, bool]:
        """Whether the letter opens, the browser is signed in, and the devices are known."""
        db.session.expire_all()
        return (
            queries.get_open_link(self.link_id, now=clock.now()) is not None,
            db.session.get_one(UserSession, self.session_id).ended_at is None,
            db.session.get_one(User, self.user_id).secrets_version == self.version,
        )


ALL, NOTHING = (True, True, True), (False, False, False)


def post(browser: IsolatedClient, path: str, **data: str | int) -> None:
    assert browser.send(path, data).status_code == 303


def change_the_password(cast: Cast, client_of: ClientOf) -> None:
    post(client_of(cast.guardian), "/accounts/password", current=PASSWORD, password=NEW)


def sign_out_elsewhere(cast: Cast, client_of: ClientOf) -> None:
    post(client_of(cast.guardian), "/accounts/sessions/end-others")


def office_signs_out(cast: Cast, client_of: ClientOf) -> None:
    post(client_of(cast.office), f"/accounts/users/{cast.guardian.id}/sessions/end")


def give_a_role(cast: Cast, client_of: ClientOf) -> None:
    post(client_of(cast.office), f"/accounts/users/{cast.guardian.id}/roles", role="akt")


def end_a_role(cast: Cast, client_of: ClientOf) -> None:
    grant = db.session.query(RoleGrant).filter_by(user_id=cast.guardian.id).one()
    post(client_of(cast.office), f"/accounts/users/{cast.guardian.id}/roles/end", grant=grant.id)


def close_and_reopen(cast: Cast, client_of: ClientOf) -> None:
    post(client_of(cast.office), f"/accounts/users/{cast.guardian.id}/close")
    post(client_of(cast.office), f"/accounts/users/{cast.guardian.id}/reopen")


def end_fostering(cast: Cast, client_of: ClientOf) -> None:
    tie = db.session.query(Guardianship).filter_by(kind=GuardianshipKind.FOSTER, guardian_id=cast.guardian.id).one()
    post(client_of(cast.office), f"/school/classes/{cast.third.id}/foster-parents/end", tie=tie.id)


def end_helping(cast: Cast, client_of: ClientOf) -> None:
    tie = db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER, guardian_id=cast.guardian.id).one()
    post(client_of(cast.office), f"/school/helpers/{tie.id}/end")


@pytest.mark.both
@pytest.mark.parametrize(
    "event",
    [
        change_the_password,
        sign_out_elsewhere,
        office_signs_out,
        give_a_role,
        end_a_role,
        close_and_reopen,
        end_fostering,
        end_helping,
    ],
)
def test_what_makes_them_doubtful_ends_all_of_them(
    cast: Cast, client_of: ClientOf, database: str, event: Callable[[Cast, ClientOf], None]
) -> None:
    cast.guardian.password_hash = hash_password(PASSWORD)
    make.grant(cast.guardian, Role.BOARD_SECRETARY)
    make.tie(cast.guardian, cast.noah, GuardianshipKind.FOSTER)
    make.tie(cast.guardian, cast.otto, GuardianshipKind.HELPER, invited_by=cast.guardian_of_two)
    trusted, untouched = Trusted.of(cast.guardian), Trusted.of(cast.other_home)
    event(cast, client_of)
    assert trusted.still == NOTHING
    assert untouched.still == ALL


def test_a_letter_that_was_made_before_does_not_survive_the_other_letter_either(
    cast: Cast, app: Flask, client: IsolatedClient
) -> None:
    before = Trusted.of(cast.guardian)
    link = services.make_link(cast.guardian, actor=None, now=clock.now())
    post(client, f"/accounts/links/{tokens.link_token(link.id, link.nonce, app.config['SECRET_KEY'])}", password=NEW)
    assert before.still == NOTHING


def test_whoever_changes_the_password_stays_signed_in_where_they_did(cast: Cast, client_of: ClientOf) -> None:
    cast.guardian.password_hash = hash_password(PASSWORD)
    here = client_of(cast.guardian)
    session = db.session.query(UserSession).filter_by(user_id=cast.guardian.id).one()
    session.expires_at = session.created_at + services.REMEMBERED_SESSION_LASTS
    post(here, "/accounts/password", current=PASSWORD, password=NEW)
    assert here.get("/accounts/me").status_code == 200


def test_the_office_gives_itself_a_role_and_goes_on_working(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    session = db.session.query(UserSession).filter_by(user_id=cast.office.id).one()
    session.expires_at = session.created_at + services.REMEMBERED_SESSION_LASTS
    post(office, f"/accounts/users/{cast.office.id}/roles", role="akt")
    assert office.get("/accounts/users").status_code == 200


@pytest.mark.both
@pytest.mark.parametrize(
    ("texts", "whose"),
    [
        ({"guardians": GUARDIANS.replace("mette@example.org", "mette.ny@example.org")}, {"mette"}),
        ({"guardians": without(GUARDIANS, "sofie;ella")}, {"sofie"}),
        ({"guardians": GUARDIANS.replace("sofie;ella;custody", "sofie;ella;foster")}, {"sofie"}),
        (
            {
                "staff": STAFF.replace("function\n", "function;roles\n")
                .replace("teacher\n", "teacher;\n")
                .replace("teacher;", "teacher;akt", 1)
            },
            {"karen"},
        ),
        ({"staff": STAFF.replace("k6;class_teacher", "k6;teacher")}, set()),
        ({"guardians": GUARDIANS.replace("Holm", "Bach")}, set()),
    ],
    ids=["an e-mail", "custody ended", "custody became foster care", "a role", "another function", "another name"],
)
def test_an_import_ends_them_for_those_whom_it_makes_doubtful(
    app: Flask, database: str, texts: dict[str, str], whose: set[str]
) -> None:
    take_in()
    trusted = {name: Trusted.of(account(name)) for name in ("mette", "jonas", "sofie", "karen", "lars")}
    take_in(**texts)
    assert {name for name, was in trusted.items() if was.still == NOTHING} == whose
    assert {name for name, was in trusted.items() if was.still == ALL} == trusted.keys() - whose


@pytest.mark.both
@pytest.mark.parametrize("what", ["custody", "a role"])
def test_what_ends_by_its_date_ends_the_letters_from_before(
    cast: Cast, database: str, wall_clock: Move, what: str
) -> None:
    last_day = clock.today() + timedelta(days=2)
    if what == "custody":
        db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one().ends_on = last_day
    else:
        make.grant(cast.guardian, Role.AKT, ends_on=last_day)
    before = Trusted.of(cast.guardian)
    wall_clock(timedelta(days=2))
    assert before.still[0], "it is the last day"
    wall_clock(timedelta(days=1))
    assert not before.still[0]
    assert queries.get_link_to_print(cast.guardian.id) is None
    after = services.make_link(cast.guardian, actor=None, now=clock.now())
    assert queries.get_open_link(after.id, now=clock.now()) == after


def helper_letter(cast: Cast) -> str:
    tie = db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER, guardian_id=cast.helper.id).one()
    return f"/school/helpers/{tie.id}/letter"


@pytest.mark.both
@pytest.mark.parametrize("more", ["a password", "a role", "a team", "custody", "another home's helper"])
def test_whoever_invited_a_helper_prints_no_letter_for_an_account_that_is_more(
    cast: Cast, client_of: ClientOf, database: str, more: str
) -> None:
    services.make_link(cast.helper, actor=None, now=clock.now())
    browser, path = client_of(cast.guardian), helper_letter(cast)
    assert browser.get(path).status_code == 200
    child = f"/children/{cast.alma.id}"
    assert path in browser.get(child).text
    match more:
        case "a password":
            cast.helper.password_hash = "x"
            services.make_link(cast.helper, actor=None, now=clock.now())
        case "a role":
            make.grant(cast.helper, Role.AKT)
        case "a team":
            make.put_in_team(cast.helper, cast.sixth)
        case "custody":
            make.tie(cast.helper, cast.viggo)
        case _:
            make.tie(cast.helper, cast.otto, GuardianshipKind.HELPER, invited_by=cast.guardian_of_two)
    assert db.session.query(SignInLink).filter_by(user_id=cast.helper.id, used_at=None).count() == 1
    assert browser.get(path).status_code == 404
    assert path not in browser.get(child).text, "and no line leads there"
    assert client_of(cast.office).get(f"/accounts/users/{cast.helper.id}/letter").status_code == 200


def test_two_children_of_one_inviter_are_one_helpers_letter_still(cast: Cast, client_of: ClientOf) -> None:
    services.make_link(cast.helper, actor=None, now=clock.now())
    second = make.make_pupil(cast.third, "Storebror")
    make.tie(cast.guardian, second)
    make.tie(cast.helper, second, GuardianshipKind.HELPER, invited_by=cast.guardian)
    first = db.session.query(Guardianship).filter_by(guardian_id=cast.helper.id, pupil_id=cast.alma.id).one()
    assert client_of(cast.guardian).get(f"/school/helpers/{first.id}/letter").status_code == 200


def test_nobody_else_prints_a_helpers_letter(cast: Cast, client_of: ClientOf) -> None:
    services.make_link(cast.helper, actor=None, now=clock.now())
    for name in ("other_home", "helper", "class_teacher", "guardian_elsewhere", "former_guardian"):
        assert client_of(cast.users[name]).get(helper_letter(cast)).status_code == 404, name
