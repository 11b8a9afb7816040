"""Forms sent by whom they are not for, with ids of others, and at random: nothing changes, and nothing breaks."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flask import Flask

from tests.attack.forms import Found, addresses_shown, changes, forms_of
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.leaks.school import School, make_school
from tests.leaks.test_leaks import browsers

#: One of each kind of people who have little right, and those whose forms are taken.
WRONG = (
    *("public", "newcomer", "helper", "closed_guardian", "former_guardian", "guardian", "guardian_elsewhere"),
    *("council_member", "member_elsewhere", "teacher_elsewhere", "board_secretary", "former_leader"),
)
RIGHT = ("class_teacher", "facilitator", "office", "leader", "guardian_of_two", "council_chair")
#: What changes nothing but what is the sender's own, whichever page showed it to whom.
ONES_OWN = (
    *("/accounts/sign-in", "/accounts/language", "/demo/", "/accounts/links/", "/accounts/proof", "/accounts/me"),
    *("/accounts/sessions/end-others", "/notifications/choices/", "/school/homes/mine"),
)
#: Rights that no page of this school shows to those who have them, and why.
UNSHOWN = {("facilitator", "/strategy/comments/", "/report"): "anybody in the talk reports (domain 3.4)"}
TAKES_BACK = {"mark": "unmark", "unmark": "mark"}
NASTY = ("", "x" * 3000, "æøå\u202e", "<script>", "-1", "9" * 12, "2026-02-30", "\x00", "'; --", "[Hvem?]", "25:61")


@pytest.fixture
def school(cast: Cast) -> School:
    return make_school(cast)


def _may_not(forms: dict[str, Found], readers: dict[str, Any]) -> list[str]:
    """Which forms changed something for somebody whom no page showed such a form."""
    shown, found = addresses_shown(forms.values()), []
    for form in forms.values():
        address = form.action.split("?")[0]
        if form.action.startswith(ONES_OWN):
            continue
        for name, browser in readers.items():
            if name in shown[address] | shown.get(_turned(address), set()) or _is_unshown(name, address):
                continue
            status, lasting = changes(browser, form)
            assert status < 500, (name, form.action)
            if lasting:
                found.append(f"{name} sends {form.action}: {status} {lasting[0][:70]}")
    return found


def _turned(address: str) -> str:
    """The form that takes back what this one does: a page shows one of the two, and who may press it may press both."""
    start, _, press = address.rpartition("/")
    return f"{start}/{TAKES_BACK.get(press, press)}"


def _is_unshown(name: str, address: str) -> bool:
    return any(who == name and address.startswith(start) and address.endswith(end) for who, start, end in UNSHOWN)


def test_short_a_form_that_nobody_was_shown_changes_nothing(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient
) -> None:
    readers = browsers(school, (*WRONG, *RIGHT), client_of, client)
    forms = forms_of(app, school, readers)
    assert len(forms) > 90
    found = _may_not(forms, {name: readers[name] for name in WRONG})
    assert found == [], "\n".join(found)


@pytest.mark.attack
@pytest.mark.both
def test_no_form_changes_anything_for_whom_it_is_not(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient, database: str
) -> None:
    """On PostgreSQL sent by those who have little right: a form takes three times as long there."""
    everybody = ("public", *school.people)
    readers = browsers(school, everybody if database == "sqlite" else (*WRONG, *RIGHT), client_of, client)
    forms = forms_of(app, school, readers)
    senders = readers if database == "sqlite" else {name: readers[name] for name in WRONG}
    print(f"{database}: {len(forms)} forms, {len(senders)} people")
    found = _may_not(forms, senders)
    assert found == [], "\n".join(found)


def test_short_an_id_that_was_not_offered_is_refused(app: Flask, school: School, client_of: ClientOf) -> None:
    readers = {name: client_of(school.people[name]) for name in RIGHT}
    found = []
    for form in forms_of(app, school, readers).values():
        reader = sorted(form.shown_to)[0]
        for name, offered in form.offers.items():
            if not any(value.isdigit() for value in offered):
                continue
            for other in sorted({str(number) for number in (1, 2, 3, 7, 40, 999_999)} - offered):
                status, lasting = changes(readers[reader], form, {**form.data, name: [other]})
                assert status < 500, (form.action, name)
                if lasting:
                    found.append(f"{reader} sends {form.action} with {name}={other}: {lasting[0][:70]}")
    assert found == [], "\n".join(found)


def _at_random(app: Flask, school: School, readers: dict[str, Any], count: int) -> None:
    """Anything from anybody: no server error, and the portal's pages are there afterwards."""
    chance = random.Random(20261127)  # noqa: S311 - the same attack every time
    forms = [form for form in forms_of(app, school, readers).values() if "/sign-out" not in form.action]
    for number in range(count):
        form, name = chance.choice(forms), chance.choice(sorted(readers))
        data = {key: chance.choice([values[0], *NASTY]) for key, values in form.data.items() if chance.random() < 0.9}
        assert readers[name].post(form.action, data=data).status_code < 500, (number, name, form.action, data)
        if number % 10 == 0:
            for path in ("/", "/notifications/", f"/classes/{school.world.cast.third.id}", "/strategy/"):
                assert readers[name].get(path).status_code < 500, (number, name, path)


def test_short_random_forms_break_nothing(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient
) -> None:
    _at_random(app, school, browsers(school, ("public", "helper", *RIGHT), client_of, client), 300)


@pytest.mark.attack
@pytest.mark.both
def test_many_random_forms_break_nothing(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient, database: str
) -> None:
    count = 8_000 if database == "sqlite" else 2_000
    _at_random(app, school, browsers(school, ("public", *school.people), client_of, client), count)
