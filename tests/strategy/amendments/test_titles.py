"""What a suggestion is called, and suggestions for other short words."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.strategy.amendments import queries, services
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.presenters import stale_text
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentKind, AmendmentState, EditionState
from portal.strategy.queries import list_wordings
from tests import factories as make

LONG = "Hver klasse har samværsregler, som eleverne skriver sammen med klasseteamet inden efterårsferien hvert skoleår."


@pytest.fixture
def edition(app):
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi leger."]})


def only() -> Amendment:
    return db.session.query(Amendment).one()


@pytest.mark.both
def test_a_child_writes_the_words_then_why_then_a_name(client_of, cast, edition):
    browser = client_of(cast.council_member)
    first = browser.send("/strategy/clauses/k2/amendments/new", {"new_text": "Vi leger alle sammen."})
    assert first.headers["Location"].endswith("/reason")
    second = browser.send(first.headers["Location"], {"reason": "Så er ingen alene.", "version": only().version})
    assert second.headers["Location"].endswith("/title")
    db.session.expire_all()
    browser.send(second.headers["Location"], {"title": "Alle med i legen", "version": only().version})
    db.session.expire_all()
    assert only().title == "Alle med i legen"
    assert "<h1>Alle med i legen</h1>" in browser.get(f"/strategy/amendments/{only().id}").text


def test_until_then_it_is_called_as_its_words_begin_and_lists_show_one_line(client_of, cast, edition):
    amendment = make.make_amendment(cast.council, cast.council_chair, edition, new_text=LONG)
    title = title_of(amendment)
    assert title == "Hver klasse har samværsregler, som eleverne skriver sammen …"
    db.session.commit()
    page = client_of(cast.council_member).get("/strategy/amendments/").text
    assert title in page
    assert LONG not in page
    assert LONG not in client_of(cast.council_member).get("/strategy/clauses/k2").text


@pytest.mark.parametrize("title", ["", "   ", "x" * 61])
def test_a_name_is_short_and_not_empty_and_what_was_typed_is_kept(client_of, cast, edition, title):
    amendment = make.make_amendment(cast.council, cast.council_member, edition, title="Alle med")
    db.session.commit()
    answer = client_of(cast.council_member).send(
        f"/strategy/amendments/{amendment.id}/title", {"title": title, "version": amendment.version}
    )
    assert answer.status_code == 422
    assert title.strip() in answer.text
    assert only().title == "Alle med"


def test_who_may_not_change_the_words_does_not_change_the_name(client_of, cast, edition):
    amendment = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    db.session.commit()
    sent = {"title": "Mit", "version": amendment.version}
    path = f"/strategy/amendments/{amendment.id}/title"
    assert client_of(cast.guardian).send(path, sent).status_code == 403
    assert client_of(cast.council_chair).send(path, sent).status_code == 403
    late = client_of(cast.council_member).send(path, sent)
    assert (late.status_code, "Mit" in late.text) == (409, True)
    assert only().title == ""


def test_the_second_of_two_who_name_it_sees_both_names(client_of, cast, edition):
    amendment = make.make_amendment(cast.council, cast.council_member, edition, title="Alle med")
    db.session.commit()
    path, seen = f"/strategy/amendments/{amendment.id}/title", amendment.version
    assert client_of(cast.facilitator).send(path, {"title": "Alle", "version": seen}).status_code == 303
    late = client_of(cast.council_member).send(path, {"title": "Med", "version": seen})
    assert late.status_code == 409
    assert "Alle" in late.text
    assert 'value="Med"' in late.text


# --- other short words


def summary_of(cast, edition, **values) -> Amendment:
    values = {"base_text": "Vi siger hej.", "new_text": "Vi siger godmorgen.", "clause_key": "k1"} | values
    return make.make_amendment(cast.council, cast.council_member, edition, kind=AmendmentKind.SUMMARY, **values)


@pytest.mark.both
def test_the_council_suggests_other_short_words_for_a_section(client_of, cast, edition):
    edition.sections[0].plain_summary = "Vi siger hej."
    db.session.commit()
    browser = client_of(cast.council_member)
    assert "kind=summary" in browser.get("/strategy/in-short").text
    assert "Vi siger hej." in browser.get("/strategy/clauses/k2/amendments/new?kind=summary").text
    browser.send("/strategy/clauses/k2/amendments/new?kind=summary", {"new_text": "Vi siger godmorgen."})
    made = only()
    assert (made.kind, made.clause_key, made.base_text) == (AmendmentKind.SUMMARY, "k1", "Vi siger hej.")
    assert "<del>" in browser.get(f"/strategy/amendments/{made.id}").text


def test_the_same_short_words_are_no_suggestion(client_of, cast, edition):
    edition.sections[0].plain_summary = "Vi siger hej."
    db.session.commit()
    same = client_of(cast.council_member).send(
        "/strategy/clauses/k1/amendments/new?kind=summary", {"new_text": "Vi siger hej."}
    )
    assert same.status_code == 422
    assert db.session.query(Amendment).count() == 0


def test_short_words_and_the_clause_itself_are_no_rivals(cast, edition):
    member = cast.people["council_member"]
    summary, other_summary = summary_of(cast, edition), summary_of(cast, edition)
    clause = make.make_amendment(cast.council, cast.council_member, edition, clause_key="k1", base_text="Vi hilser.")
    assert [row.id for row in queries.list_related(member, summary).rivals] == [other_summary.id]
    assert queries.list_related(member, clause).rivals == []
    assert [row.id for row in queries.list_on_clause(member, "k1")] == [clause.id]


def test_short_words_are_stale_when_the_section_says_something_else_in_short(cast, edition):
    summary = summary_of(cast, edition)
    edition.sections[0].plain_summary = "Vi siger hej."
    db.session.flush()
    assert stale_text(summary, list_wordings("k1", None)) is None
    edition.sections[0].plain_summary = "Vi siger farvel."
    db.session.flush()
    assert stale_text(summary, list_wordings("k1", None)) == "Vi siger farvel."


def test_closing_lets_short_words_start_from_those_of_today(cast, edition):
    summary = summary_of(cast, edition)
    edition.state = EditionState.SUPERSEDED
    db.session.flush()
    make.make_edition({"Vores mål": ["Vi hilser igen.", "Vi leger."]}, number=2).sections[
        0
    ].plain_summary = "Hej, alle."
    db.session.flush()
    services.carry_over()
    assert (summary.base_text, summary.base_edition.number) == ("Hej, alle.", 2)
