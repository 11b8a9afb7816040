"""Passwords: the same on every keyboard, refused where somebody who guesses would begin, and old hashes still open."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.sign_in import passwords, services
from portal.accounts.sign_in.strength import LISTS, check_strength
from portal.database import db
from portal.errors import RuleViolation
from tests import factories as make
from tests.accounts.sign_in.test_sign_in import _link, sign_in
from tests.conftest import IsolatedClient

ClientOf = Callable[[User], IsolatedClient]
COMPOSED, APART = (unicodedata.normalize(form, "blåbærgrød på ål") for form in ("NFC", "NFD"))


def hash_as_typed(password: str) -> str:
    """A hash as it was made before passwords were prepared."""
    return passwords._hasher.hash(password)


def address_of_link(user: User) -> str:
    """Where a new letter leads."""
    return _link(user)[1]


def stored(user: User) -> str:
    db.session.refresh(user)
    assert user.password_hash is not None
    return user.password_hash


def test_a_password_is_prepared_as_rfc_8265_says() -> None:
    assert APART != COMPOSED
    assert passwords.prepared(APART) == COMPOSED
    assert passwords.prepared("tre\u00a0ord\u2003her") == "tre ord her"
    assert passwords.prepared("Tre ORD, x² ﬁn ＡＢ") == "Tre ORD, x² ﬁn ＡＢ", "case, width and look-alikes are meant"


@pytest.mark.parametrize("typed", [COMPOSED, APART, COMPOSED.replace(" ", "\u00a0")], ids=ascii)
@pytest.mark.parametrize("chosen", [COMPOSED, APART], ids=["composed", "apart"])
def test_the_same_password_on_another_keyboard_signs_in(
    client: IsolatedClient, app: Flask, chosen: str, typed: str
) -> None:
    user = make.make_user("Nadia", user_name="nadia.b")
    assert client.send(address_of_link(user), {"password": chosen}).status_code == 303
    assert sign_in(client, "nadia.b", typed).status_code == 303
    assert passwords.renewed_hash(typed, stored(user)) is None


@pytest.mark.both
@pytest.mark.parametrize("typed", [COMPOSED, APART], ids=["composed", "apart"])
def test_a_hash_from_before_still_opens_and_is_made_anew(
    client: IsolatedClient, app: Flask, database: str, typed: str
) -> None:
    old = hash_as_typed(APART)
    user = make.make_user("Nadia", user_name="nadia.b", password_hash=old)
    assert sign_in(client, "nadia.b", "blåbærgrød på is").status_code == 422
    assert stored(user) == old
    assert sign_in(client, "nadia.b", typed).status_code == 303
    renewed = stored(user)
    assert renewed != old
    assert passwords._hasher.verify(COMPOSED, renewed)
    assert sign_in(client, "nadia.b", COMPOSED).status_code == 303
    assert stored(user) == renewed, "once is enough"


def test_a_hash_is_not_renewed_over_a_password_that_was_changed_meanwhile(app: Flask) -> None:
    user = make.make_user("Nadia", password_hash="changed a moment ago")
    services.renew_hash(user.id, "the old one, renewed", instead_of="the old one")
    assert stored(user) == "changed a moment ago"


@pytest.mark.parametrize("chosen", [COMPOSED, APART], ids=["composed", "apart"])
def test_the_current_password_is_known_in_any_spelling_when_it_is_changed(client_of: ClientOf, chosen: str) -> None:
    user = make.make_user("Nadia", password_hash=hash_as_typed(chosen))
    form = {"current": APART, "password": "fire helt andre ord"}
    assert client_of(user).send("/accounts/password", form).status_code == 303


def test_letters_that_come_apart_count_once(client_of: ClientOf) -> None:
    user = make.make_user("Nadia", password_hash=hash_as_typed(COMPOSED))
    long = unicodedata.normalize("NFD", "åéöüàñêÿ" * 16)
    assert len(long) == 256
    assert client_of(user).send("/accounts/password", {"current": COMPOSED, "password": long}).status_code == 303


NAMES = {"user_name": "mette.holm", "names": ("Mette Sofie", "Ærø-Holm", ""), "school_name": "Alslev Skole"}


@pytest.mark.parametrize(
    "bad",
    [
        "justinbieber",
        "1Q2W3E4R5T6Y",
        "Password2026",
        "!!password!!",
        "passwordpassword",
        "123456789012",
        "987654321098",
        "abcdefghijklm",
        "qwertyuiop12",
        "Adgangskode1",
        "kodeord12345",
        "København1!!",
        "Sommer2026!!",
        "hejhejhejhej",
        "AlslevSkole2026",
        "alslev skole",
        "trivselsportalen",
        "Trivselsportalen1!",
        "mette.holm er mig",
        "MetteSofieHolm",
        "MetteHolm123456",
        "ærø holm mette",
        "mettemettemette",
        "blå",
        "å" * 12,
    ],
)
def test_what_somebody_who_guesses_tries_first_is_refused(bad: str) -> None:
    for spelling in (bad, unicodedata.normalize("NFD", bad)):
        with pytest.raises(RuleViolation):
            check_strength(spelling, **NAMES)


@pytest.mark.parametrize(
    "good",
    [
        "tre ord der ikke rimer",
        "mette elsker æbler",
        "alslev regner hver mandag",
        "blå elefant i skolen",
        "correct horse battery staple",
        "839204756102",
        "🦊🌳🏠🚲🎈⚽🍎🎨🐟🌞🎵🧩",
    ],
)
def test_a_name_among_enough_other_words_is_fine(good: str) -> None:
    check_strength(good, **NAMES)


def test_a_child_with_a_short_name_is_not_refused_every_word_that_holds_it() -> None:
    check_strength("bogreol og stolelampe", user_name="bo", names=("Bo",), school_name="Alslev Skole")


def test_the_kept_list_is_the_ten_thousand_most_used_and_small() -> None:
    words = LISTS[0].read_text(encoding="utf-8").splitlines()
    assert len(set(words)) == len(words) == 10_000
    assert words == sorted(words)
    assert LISTS[0].stat().st_size < 100_000


@pytest.mark.parametrize("bad", ["Password2026", "holmnadia2026", "AlslevSkole2026"])
def test_the_rule_holds_past_both_pages(client: IsolatedClient, client_of: ClientOf, bad: str) -> None:
    user = make.make_user("Nadia", user_name="nadia.b")
    assert client.send(address_of_link(user), {"password": bad}).status_code == 422
    user.password_hash = old = hash_as_typed(COMPOSED)
    assert client_of(user).send("/accounts/password", {"current": COMPOSED, "password": bad}).status_code == 422
    assert stored(user) == old
