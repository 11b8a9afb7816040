"""A text is kept while it is being written, by several of a team, and nothing anybody wrote is lost."""

from __future__ import annotations

import re
from functools import partial

import pytest

from portal.database import db
from portal.school.text_templates.models import TemplateKind
from portal.text.richtext import excerpt
from portal.updates.headings import HEADINGS, under_headings, without_unfilled
from portal.updates.models import WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once


def test_the_first_pause_makes_the_draft_and_the_next_ones_keep_it(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    line = team.send(f"/updates/classes/{cast.third.id}/save", {"title": "", "body": "Vi"}, follow_redirects=True)
    draft = db.session.query(WellbeingUpdate).one()
    assert line.headers["HX-Replace-Url"] == f"/updates/{draft.id}/edit"
    assert f'data-hx-post="/updates/{draft.id}/save"' in line.text
    assert 'name="version" value="1"' in line.text
    data = {"title": "Vi leger", "body": "Vi leger alle", "version": 1}
    line = team.send(f"/updates/{draft.id}/save", data, follow_redirects=True)
    assert 'name="version" value="2"' in line.text
    assert db.session.query(WellbeingUpdate).one().body == "Vi leger alle"


@pytest.mark.parametrize("body", ["", "   ", under_headings(HEADINGS)])
def test_an_untouched_page_makes_no_draft(cast: Cast, client_of: ClientOf, body: str) -> None:
    answer = client_of(cast.class_teacher).send(f"/updates/classes/{cast.third.id}/save", {"title": "", "body": body})
    assert answer.status_code == 200
    assert db.session.query(WellbeingUpdate).count() == 0


@pytest.mark.both
def test_what_keeps_itself_never_goes_over_a_colleagues_words(cast: Cast, client_of: ClientOf, database: str) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    pair = (client_of(cast.class_teacher), client_of(cast.pedagogue))
    data = [{"title": name, "body": f"{name} skrev dette.", "version": 1} for name in ("Karen", "Peter")]
    answers = at_once(
        *(partial(browser.send, f"/updates/{draft.id}/save", each) for browser, each in zip(pair, data, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    lost = next(each for each, answer in zip(data, answers, strict=True) if answer.status_code == 409)
    refused = pair[data.index(lost)].send(f"/updates/{draft.id}/edit", lost)
    assert refused.status_code == 409
    assert all(each["body"] in refused.text for each in data)


def test_a_line_is_no_page_of_a_home(cast: Cast, client_of: ClientOf) -> None:
    draft = make.make_update(cast.third, cast.class_teacher)
    assert client_of(cast.guardian).get(f"/updates/{draft.id}/saved").status_code == 403
    assert (
        client_of(cast.class_teacher).send(f"/updates/{draft.id}/save", {"body": "x", "version": 1}).status_code == 409
    )


@pytest.mark.parametrize("data", [{"title": "x" * 121}, {"body": "x" * 20_001}])
def test_too_much_is_not_kept_and_says_so(cast: Cast, client_of: ClientOf, data: dict[str, str]) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    team = client_of(cast.class_teacher)
    assert team.send(f"/updates/{draft.id}/save", {"version": 1, **data}).status_code == 422
    assert team.send(f"/updates/classes/{cast.third.id}/save", data).status_code == 422


def test_the_page_begins_under_the_headings_with_a_template_or_empty(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    assert '<label for="doing">Sådan har klassen det</label>' in team.get(f"/updates/classes/{cast.third.id}/new").text
    template = make.make_template(TemplateKind.UPDATE, "Kort nyt", "### Ugens ord\n\n")
    assert "### Ugens ord" in team.get(f"/updates/classes/{cast.third.id}/new?start={template.id}").text
    for nothing in ("empty", "999999", "x", "1e9"):
        page = team.get(f"/updates/classes/{cast.third.id}/new?start={nothing}").text
        assert ('<label for="doing">Sådan har klassen det</label>' in page) == (nothing != "empty")


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("### A\n\n### B\n\nOrd.\n\n### C\n", "### B\n\nOrd."),
        ("# A\n\n## B\n\nOrd.", "# A\n\n## B\n\nOrd."),
        ("## B\n\n# A\n\nOrd.", "# A\n\nOrd."),
        ("Ord.\n\n### A", "Ord."),
        ("#tag\n\nOrd.", "#tag\n\nOrd."),
        ("", ""),
    ],
)
def test_headings_without_words_are_left_out(body: str, kept: str) -> None:
    assert without_unfilled(body) == kept
    assert without_unfilled(kept) == kept


def test_under_its_headings_a_text_is_empty() -> None:
    assert without_unfilled(under_headings(HEADINGS)) == ""
    assert not excerpt("")


def test_a_sent_text_holds_no_empty_headings(cast: Cast, client_of: ClientOf) -> None:
    body = under_headings(HEADINGS).replace(f"### {HEADINGS[1]}\n", f"### {HEADINGS[1]}\n\nVi øver os.\n")
    draft = make.make_update(cast.third, cast.class_teacher, "Nyt", body=body, published_at=None)
    client_of(cast.class_teacher).send(f"/updates/{draft.id}/publish", {"version": 1})
    page = client_of(cast.guardian).get(f"/updates/{draft.id}").text
    assert re.findall(r"<h2>(.*?)</h2>", page) == [HEADINGS[1]]
