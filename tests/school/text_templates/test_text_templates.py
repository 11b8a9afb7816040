"""The school's templates: leadership and office look after them, and nobody else comes near."""

from __future__ import annotations

import re
from functools import partial

import pytest

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.school.text_templates.models import TemplateKind, TextTemplate
from portal.school.text_templates.queries import list_templates
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

NEW = {"kind": "rules", "title": "Fem regler", "body": "- Sådan siger vi goddag: …"}
NOT_THEIRS = [
    "class_teacher",
    "pedagogue",
    "akt",
    "board_secretary",
    "guardian",
    "guardian_of_two",
    "helper",
    "council_member",
    "newcomer",
]


def only() -> TextTemplate:
    return db.session.query(TextTemplate).one()


@pytest.mark.parametrize("name", ["leader", "office"])
def test_a_template_is_made_changed_and_taken_away(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser = client_of(cast.users[name])
    assert browser.send("/school/text-templates/new", NEW).location == "/school/text-templates"
    template = only()
    assert (template.kind, template.title, template.version) == (TemplateKind.RULES, "Fem regler", 1)
    assert "Fem regler" in browser.get("/school/text-templates").text
    path = f"/school/text-templates/{template.id}"
    assert "- Sådan siger vi goddag: …" in browser.get(f"{path}/edit").text
    changed = {"title": "Tre regler", "body": "- Kort", "version": 1}
    assert browser.send(f"{path}/edit", changed).status_code == 303
    assert (only().title, only().body, only().version) == ("Tre regler", "- Kort", 2)
    assert browser.send(f"{path}/delete", {"version": 2}).status_code == 303
    assert db.session.query(TextTemplate).count() == 0
    assert {act.kind for act in db.session.query(Act)} == {ActKind.TEMPLATE_CHANGED}
    assert db.session.query(Act).count() == 3


def test_each_kind_has_its_own(cast: Cast) -> None:
    made = {kind: make.make_template(kind, kind.value) for kind in TemplateKind}
    for kind, template in made.items():
        assert list(list_templates(kind)) == [template]
    assert list(list_templates()) == list(made.values())


@pytest.mark.parametrize("name", NOT_THEIRS)
def test_it_is_nobody_elses(cast: Cast, client_of: ClientOf, name: str) -> None:
    template, browser = make.make_template(), client_of(cast.users[name])
    assert browser.get("/school/text-templates").status_code == 403
    assert browser.get("/school/text-templates/new").status_code == 403
    assert browser.send("/school/text-templates/new", NEW).status_code == 403
    assert browser.get(f"/school/text-templates/{template.id}/edit").status_code == 404
    for verb in ("edit", "delete"):
        assert browser.send(f"/school/text-templates/{template.id}/{verb}", {**NEW, "version": 1}).status_code == 404
    assert only().version == 1


def test_the_second_of_two_editors_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    template = make.make_template()
    first, second, path = client_of(cast.leader), client_of(cast.office), f"/school/text-templates/{template.id}"
    assert first.send(f"{path}/edit", {"title": "Første", "body": "Den første.", "version": 1}).status_code == 303
    refused = second.send(f"{path}/edit", {"title": "Anden", "body": "Den anden.", "version": 1})
    assert refused.status_code == 409
    assert "Den første." in refused.text
    assert "Den anden." in refused.text
    assert re.search(r'<input[^>]*name="version"[^>]*value="2"', refused.text)
    assert second.send(f"{path}/delete", {"version": 1}).status_code == 409, "what was not seen is not deleted"
    assert only().title == "Første"


@pytest.mark.both
def test_of_ten_who_save_at_the_same_moment_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    template = make.make_template()
    browsers = [client_of(cast.leader if n % 2 else cast.office) for n in range(10)]
    path = f"/school/text-templates/{template.id}/edit"
    answers = at_once(
        *(partial(b.send, path, {"title": f"Nr. {n}", "body": "x", "version": 1}) for n, b in enumerate(browsers))
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    db.session.expire_all()
    assert only().version == 2
    assert db.session.query(Act).count() == 1
    refused = [answer.text for answer in answers if answer.status_code == 409]
    assert all(only().title in text for text in refused), "each of them gets both texts"


@pytest.mark.both
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 81},
        {"title": "\x00"},
        {"body": ""},
        {"body": "x" * 10_001},
        {"kind": ""},
        {"kind": "RULES"},
        {"kind": "0"},
        {"kind": "other"},
    ],
    ids=str,
)
def test_bad_input_makes_no_template(cast: Cast, client_of: ClientOf, database: str, wrong: dict[str, str]) -> None:
    answer = client_of(cast.leader).send("/school/text-templates/new", {**NEW, **wrong})
    assert answer.status_code in (400, 422)
    assert db.session.query(TextTemplate).count() == 0


@pytest.mark.parametrize("odd", ["b\u202ea", "👩‍👩‍👧", "<script>alert(1)</script>", "%(x)s", "{{ 7 * 7 }}"])
def test_odd_text_is_text(cast: Cast, client_of: ClientOf, odd: str) -> None:
    browser = client_of(cast.leader)
    assert (
        browser.send("/school/text-templates/new", {**NEW, "title": f"A {odd}", "body": f"B {odd}"}).status_code == 303
    )
    for path in ("/school/text-templates", f"/school/text-templates/{only().id}/edit"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>" not in page.text


def test_the_kind_in_the_address_is_only_a_beginning(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.leader)
    assert re.search(r'value="parents" checked', browser.get("/school/text-templates/new?kind=parents").text)
    for nonsense in ("", "x", "PARENTS", "%00", "a" * 500):
        assert browser.get(f"/school/text-templates/new?kind={nonsense}").status_code in (200, 400)


def test_changing_or_deleting_a_template_changes_no_text(cast: Cast, client_of: ClientOf) -> None:
    template = make.make_template()
    agreement = make.make_agreement(cast.third, cast.class_teacher, bodies=(template.body,))
    client_of(cast.leader).send(f"/school/text-templates/{template.id}/delete", {"version": 1})
    page = client_of(cast.class_teacher).get(f"/agreements/classes/{agreement.class_id}/rules")
    assert "Sådan siger vi goddag" in page.text
