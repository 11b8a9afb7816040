"""To whoever may not see a thing, its address answers as one of a thing that is not there: by pages and by forms."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.cast import Cast
from tests.conftest import ClientOf
from tests.leaks.school import School, make_school
from tests.leaks.test_leaks import KINDS

#: Those who have no tie to the school today: of everything with an id they may see what is everybody's alone.
NO_TIE = ("newcomer", "former_guardian", "former_leader", "closed_guardian", "future_teacher")
FEW, MANY = (1, 2), tuple(range(1, 8))
NONE = 999_999
#: Addresses of what everybody may know is there, and of what is one's own.
EVERYBODYS = {
    "accounts.end_session": "one's own browsers, the one that asks among them",
    "fixed_days.delete_fixed_day": "the school's fixed days are everybody's, and changed by a few",
    "fixed_days.edit_fixed_day": "the school's fixed days are everybody's, and changed by a few",
    "school.days_off.delete_period": "the school's days off are everybody's, and changed by a few",
    "school.days_off.edit_period": "the school's days off are everybody's, and changed by a few",
}
#: Secrets, keys and words of the page itself, which differ from one answer to the next.
CHANGING = re.compile(r'[\w.-]{30,}|(?<=[/"=])\d+(?=[/"&?])')


@pytest.fixture
def school(cast: Cast) -> School:
    return make_school(cast)


def _addresses(app: Flask, rule: Rule, ids: tuple[int, ...]) -> list[tuple[str, str]]:
    """Each address of a rule with ids that may be there, and the same with one that is not."""
    names = sorted(rule.arguments)
    choices = [ids if name.endswith("_id") else KINDS.get(name, ("x",))[-1:] for name in names]
    adapter = app.url_map.bind("")
    found = []
    for values in product(*choices):
        there = dict(zip(names, values, strict=True))
        gone = {name: NONE if name.endswith("_id") else value for name, value in there.items()}
        found.append((adapter.build(rule.endpoint, there), adapter.build(rule.endpoint, gone)))
    return found


def _told_apart(
    app: Flask, school: School, client_of: ClientOf, ids: tuple[int, ...], names: tuple[str, ...] = NO_TIE
) -> list[str]:
    found = []
    for name in names:
        browser = client_of(school.people[name])
        for rule in app.url_map.iter_rules():
            if not any(argument.endswith("_id") for argument in rule.arguments) or rule.endpoint in EVERYBODYS:
                continue
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                for there, gone in _addresses(app, rule, ids):
                    answers = [browser.open(path, method=method) for path in (there, gone)]
                    said = [(one.status_code, CHANGING.sub("", one.text)) for one in answers]
                    if said[0] != said[1]:
                        found.append(f"{name} {method} {there}: {said[0][0]}, and {said[1][0]} for what is not there")
    return sorted(set(found))


def test_short_what_one_may_not_see_answers_as_what_is_not_there(
    app: Flask, school: School, client_of: ClientOf
) -> None:
    found = _told_apart(app, school, client_of, FEW, ("newcomer", "closed_guardian"))
    assert found == [], "\n".join(found)


@pytest.mark.attack
def test_what_one_may_not_see_answers_as_what_is_not_there_for_every_id(
    app: Flask, school: School, client_of: ClientOf
) -> None:
    found = _told_apart(app, school, client_of, MANY)
    assert found == [], "\n".join(found)
