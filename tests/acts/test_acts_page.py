"""What was done, as office and leadership read it: who reads which act, whose names stand there, what is missing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role, User
from portal.accounts.protection import Protection
from portal.accounts.sign_in import passwords
from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.words import UNSAID, WORDS
from portal.database import db
from portal.events.models import EventOrganiser
from portal.events.sending.services import MINUTES_TO_UNDO
from portal.people import BY_ITSELF, load_people
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.house.source import MODULES

ADDRESS = "/acts/"


def sentences(reader: IsolatedClient, **wanted: str) -> list[str]:
    page = reader.get(ADDRESS, query_string=wanted)
    assert page.status_code == 200
    return [html.unescape(found) for found in re.findall(r'<div class="grow"><span>(.*?)</span>', page.text)]


def do(kind: ActKind, by: User | None = None, to: User | None = None, subject: object = None, detail: str = "") -> None:
    actor = load_people([by.id], today=clock.today())[0] if by else BY_ITSELF
    acts.note(actor, kind, subject or to or by, now=clock.now(), about=to, detail=detail)  # type: ignore[arg-type]
    db.session.commit()


@pytest.mark.check
def test_every_kind_is_said_or_it_is_known_why_not() -> None:
    assert WORDS.keys().isdisjoint(UNSAID)
    assert set(ActKind) - set(WORDS) - set(UNSAID) == set(), "say it in portal/acts/words.py, or there why not"


@pytest.mark.check
def test_what_is_only_noted_is_told_to_nobody(app: Flask) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in MODULES.values())
    noted = set(re.findall(r"acts\.note\([^)]*?ActKind\.(\w+)", code))
    told = {kind.name for kind in app.extensions["portal.notices"]}
    assert {"CONTACTS_CHOSEN", "SESSION_ENDED", "UPDATE_DISCARDED"} <= noted
    assert noted & told == set()


def test_one_sentence_says_who_what_and_whom(cast: Cast, client_of: ClientOf) -> None:
    do(ActKind.ROLE_GRANTED, cast.office, cast.pedagogue, detail=Role.AKT)
    do(ActKind.FOSTER_PARENT_TIED, cast.office, cast.foster_parent, cast.noah)
    do(ActKind.TEAM_CHANGED, cast.office, cast.substitute, cast.third)
    do(ActKind.ROSTER_APPLIED, None, None, cast.third)
    assert sentences(client_of(cast.leader)) == [
        "Portalen hentede skolens filer ind.",
        "Inge Holm ændrede klasseteamet i 3.A: Sara Holm.",
        "Inge Holm gjorde Ole Holm til plejeforælder for Noah Holm.",
        "Inge Holm gav Peter Holm en rolle: AKT-team.",
    ]


def test_closed_access_is_read_by_the_leadership_alone_and_never_by_an_adult_of_the_child(
    cast: Cast, client_of: ClientOf
) -> None:
    make.grant(cast.other_home, Role.LEADERSHIP)
    closure = make.close_access(cast.guardian, cast.alma, cast.leader)
    do(ActKind.ACCESS_CLOSED, cast.leader, cast.guardian, closure)
    said = "Hanne Holm lukkede adgangen til et barn for Mette Holm."
    assert sentences(client_of(cast.leader)) == [said]
    for user in (cast.office, cast.other_home):
        for kind in ("", "access"):
            assert sentences(client_of(user), kind=kind, person="Mette") == []
    make.tie(cast.office, cast.otto)
    make.grant(cast.office, Role.LEADERSHIP)
    assert sentences(client_of(cast.office), kind="access") == [said], "a leader of other children does"


def test_who_helps_with_a_child_is_known_to_the_office_alone(cast: Cast, client_of: ClientOf) -> None:
    cast.helper.external_id = None
    do(ActKind.HELPER_INVITED, cast.guardian, cast.helper)
    do(ActKind.ACCOUNT_OPENED, cast.guardian, cast.helper)
    office, leader = client_of(cast.office), client_of(cast.leader)
    assert sentences(office)[1] == "Mette Holm lod Bodil Holm hjælpe med et barn."
    assert sentences(leader) == ["Mette Holm oprettede en konto til en hjælper."]
    assert sentences(leader, person="Bodil") == []
    assert sentences(leader, kind="helpers") == []
    assert len(sentences(office, person="bodil")) == 2


def test_a_child_of_a_council_has_no_name_here(cast: Cast, client_of: ClientOf) -> None:
    do(ActKind.LINK_MADE, cast.class_teacher, cast.council_member)
    for user in (cast.office, cast.leader):
        assert sentences(client_of(user)) == ["Karen Holm lavede et brev med login til en elev i et elevråd."]
        assert sentences(client_of(user), person="Ella") == []


def test_what_is_a_councils_own_or_a_homes_stands_on_no_page(cast: Cast, client_of: ClientOf) -> None:
    for kind in UNSAID:
        do(kind, cast.council_member, cast.guardian)
    for user in (cast.office, cast.leader):
        assert sentences(client_of(user)) == []


def test_a_protected_name_is_the_alias_and_found_by_it_alone(cast: Cast, client_of: ClientOf) -> None:
    cast.guardian.protection, cast.guardian.alias = Protection.NAME, "Solveig"
    do(ActKind.PASSWORD_SET, None, cast.guardian)
    office = client_of(cast.office)
    assert sentences(office) == ["Der blev valgt en ny adgangskode for Solveig."]
    assert sentences(office, person="solv") == sentences(office)
    assert sentences(office, person="Mette") == []


def test_it_is_looked_through_by_person_kind_and_day(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    do(ActKind.ACCOUNT_CLOSED, cast.office, cast.pedagogue)
    wall_clock(timedelta(days=1))
    do(ActKind.HELP_CHANGED, cast.office, None, cast.third)
    reader = client_of(cast.leader)
    closed, changed = "Inge Holm lukkede kontoen for Peter Holm.", "Inge Holm ændrede siden Få hjælp."
    assert sentences(reader) == [changed, closed]
    assert sentences(reader, person="pet holm") == [closed]
    assert sentences(reader, person="inge") == [changed, closed]
    assert sentences(reader, kind="school") == [changed]
    assert sentences(reader, until="2026-11-23") == [closed]
    assert sentences(reader, since="2026-11-24") == [changed]
    assert sentences(reader, since="2026-11-24", until="2026-11-23") == []
    for nonsense in ({"kind": "x"}, {"since": "x", "until": "9999-99-99"}, {"before": "x"}):
        assert sentences(reader, **nonsense) == [changed, closed]
    assert sentences(reader, person="%") == []


def test_signing_in_is_looked_for_by_itself(cast: Cast, client_of: ClientOf, client: IsolatedClient) -> None:
    cast.guardian.password_hash = passwords.hash_password("tre ord der ikke rimer")
    login = {"login": cast.guardian.user_name, "password": "tre ord der ikke rimer"}
    assert client.send("/accounts/sign-in", login).status_code == 303
    assert client.send("/accounts/sign-out").status_code == 303
    reader = client_of(cast.leader)
    assert sentences(reader) == []
    assert sentences(reader, kind="signing_in") == ["Mette Holm loggede ud på en enhed.", "Mette Holm loggede ind."]
    assert db.session.query(WaitingAct).count() == 0, "nobody is told, so no worker is woken"


@pytest.mark.both
def test_many_wrong_passwords_are_one_line_an_hour(
    cast: Cast,
    client: IsolatedClient,
    client_of: ClientOf,
    wall_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> None:
    monkeypatch.setattr(passwords, "is_right", lambda password, stored: False)
    cast.guardian.password_hash, cast.guardian.email = "chosen", "mette@hjem.example"
    for name in (cast.guardian.user_name, "mette@hjem.example", "nobody.here") * 4:
        client.send("/accounts/sign-in", {"login": name, "password": "hemmelig tekst"})
    failed = db.session.query(Act).filter_by(kind=ActKind.SIGN_IN_FAILED)
    assert [(act.about_id, act.subject_id, act.detail) for act in failed] == [(cast.guardian.id, cast.guardian.id, "")]
    wall_clock(timedelta(minutes=61))
    client.send("/accounts/sign-in", {"login": cast.guardian.user_name, "password": "hemmelig tekst"})
    assert failed.count() == 2
    assert len(sentences(client_of(cast.leader), kind="signing_in", person="mette")) == 2


def _choose(cast: Cast, client_of: ClientOf) -> None:
    path = f"/school/classes/{cast.third.id}/contacts/edit"
    client_of(cast.guardian).send(path, {"shown": ["phone"], "phone": "12 34 56 78"})


def _discard(cast: Cast, client_of: ClientOf) -> None:
    draft = make.make_update(cast.third, cast.pedagogue, published_at=None)
    client_of(cast.class_teacher).send(f"/updates/{draft.id}/discard", {"version": draft.version})


def _unschedule(cast: Cast, client_of: ClientOf) -> None:
    draft = make.make_update(cast.third, cast.pedagogue, published_at=None)
    draft.state, draft.publish_at = "scheduled", clock.now() + timedelta(days=1)
    client_of(cast.class_teacher).send(f"/updates/{draft.id}/schedule/cancel")


@pytest.mark.parametrize(
    ("press", "said"),
    [
        (_choose, "Mette Holm valgte, hvad klasselisten i 3.A må vise."),
        (_discard, "Karen Holm smed en kladde til nyt for en klasse ud."),
        (_unschedule, "Karen Holm tog tidspunktet fra nyt, der skulle sendes til en klasse."),
    ],
)
def test_what_used_to_leave_no_trace_leaves_one(
    cast: Cast, client_of: ClientOf, press: Callable[[Cast, ClientOf], None], said: str
) -> None:
    press(cast, client_of)
    assert sentences(client_of(cast.leader)) == [said]


@pytest.mark.both
def test_of_an_event_that_is_not_out_nobody_but_its_organisers_reads(
    cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    """Not that it was made, changed or taken back, whoever asks and however; and not of a draft that is deleted."""
    event = make.make_event(cast.third, cast.guardian, out_at=None)
    db.session.add(EventOrganiser(event_id=event.id, user_id=cast.office.id))
    db.session.commit()
    mette, event_id = client_of(cast.guardian), event.id
    office, leader = client_of(cast.office), client_of(cast.leader)

    def press(act: str, version: int) -> None:
        assert mette.send(f"/events/sending/{event_id}/{act}", {"version": version}).status_code == 303

    def read(reader: IsolatedClient) -> list[str]:
        return [said for said in sentences(reader) + sentences(reader, kind="events") if "arrangement" in said]

    press("publish", 1)
    assert read(leader) == []
    assert len(read(office)) == 2, "who organises it knows"
    press("withdraw", 2)
    assert read(leader) == []
    press("publish", 3)
    wall_clock(MINUTES_TO_UNDO - timedelta(seconds=1))
    assert read(leader) == []
    wall_clock(timedelta(seconds=1))
    assert len(read(leader)) == 6, "it is out: made, taken back, made again"


def test_what_became_of_a_deleted_draft_is_nobodys(cast: Cast, client_of: ClientOf) -> None:
    event = make.make_event(cast.third, cast.guardian, out_at=None)
    mette, event_id = client_of(cast.guardian), event.id
    for act, version in (("publish", 1), ("withdraw", 2), ("discard", 3)):
        assert mette.send(f"/events/sending/{event_id}/{act}", {"version": version}).status_code == 303
    assert [said for said in sentences(client_of(cast.leader)) if "arrangement" in said] == []
