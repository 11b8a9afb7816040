"""Two sections with one heading are two: in comparisons, in what they say in short, on agendas and in suggestions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from portal.accounts.models import User
from portal.council.meetings.models import AgendaItem
from portal.database import db
from portal.strategy import presenters as reading
from portal.strategy import queries, services
from portal.strategy.amendments.models import Amendment
from portal.strategy.document import read_document, write_document
from portal.strategy.models import Edition
from portal.strategy.services import Outcome
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient

TEXT = """# Vores strategi

## Det gør vi

> Klassen hjælper hinanden.

- Alle er med i legen
- Vi hilser om morgenen

## Det gør vi

> De voksne hjælper.

- En voksen er altid tæt på
- Vi ringer hjem

## Opfølgning

- Vi spørger børnene
"""
FIRST, SECOND, THIRD = (f"## {part}" for part in TEXT.split("## ")[1:])
TITLE = "# Vores strategi\n\n"


def bring_in(text: str = TEXT, approved_on: date | None = None) -> Edition | None:
    edition = services.import_strategy(read_document(text), actor=None, now=clock.now(), approved_on=approved_on)
    db.session.commit()
    return edition


@pytest.fixture
def edition(app: object) -> Edition:
    edition = bring_in(approved_on=date(2026, 6, 1))
    assert edition is not None
    return edition


def keys_of(edition: Edition) -> dict[str, str]:
    return {row.text: row.key or "" for row in queries.list_text(edition.id)}


@pytest.mark.both
def test_the_same_text_again_changes_nothing(edition: Edition) -> None:
    assert bring_in() is None
    assert bring_in(write_document(queries.get_document(edition))) is None


@pytest.mark.both
def test_a_clause_that_goes_from_one_to_the_other_has_moved(edition: Edition) -> None:
    moved = TEXT.replace("- Vi hilser om morgenen\n", "").replace("- En voksen", "- Vi hilser om morgenen\n- En voksen")
    plan = services.plan_import(read_document(moved))
    assert plan.outcome is Outcome.NEW_DRAFT
    assert [change.placed.text for change in plan.comparison.changes if change.is_moved] == ["Vi hilser om morgenen"]
    draft = bring_in(moved)
    assert draft is not None
    assert keys_of(draft) == keys_of(edition)


@pytest.mark.both
def test_sections_that_change_places_keep_their_clauses_and_what_they_say_in_short(edition: Edition) -> None:
    without_summaries = "\n".join(line for line in (TITLE + SECOND + FIRST + THIRD).split("\n") if line[:1] != ">")
    plan = services.plan_import(read_document(without_summaries))
    assert [section.plain_summary for section in plan.document.sections] == [
        "De voksne hjælper.",
        "Klassen hjælper hinanden.",
        "",
    ]
    assert (plan.comparison.new_headings, plan.comparison.gone_headings) == ((), ())
    assert (plan.comparison.added, plan.comparison.removed, plan.comparison.reworded) == (0, 0, 0)


def test_a_change_is_listed_in_its_own_section(edition: Edition) -> None:
    changed = TEXT.replace("Vi ringer hjem", "Vi ringer hjem samme dag").replace("De voksne hjælper.", "De er der.")
    comparison = services.plan_import(read_document(changed)).comparison
    [section] = comparison.by_section
    assert section.summaries == ("De voksne hjælper.", "De er der.")
    assert [change.placed.text for change in section.changes] == ["Vi ringer hjem samme dag"]
    [(heading, items)] = reading.list_changes(comparison)
    assert (heading, len(items)) == ("Det gør vi", 2)


def test_one_of_them_taken_out_is_a_heading_that_is_gone(edition: Edition) -> None:
    comparison = services.plan_import(read_document(TITLE + SECOND + THIRD)).comparison
    assert (comparison.new_headings, comparison.gone_headings) == ((), ("Det gør vi",))
    assert comparison.removed == 2
    assert [section.summaries for section in comparison.by_section] == [("Klassen hjælper hinanden.", "")]
    assert comparison.unchanged == 3


def test_a_section_that_only_the_draft_has_twice_keeps_its_promises(edition: Edition) -> None:
    more = TEXT + "\n## Opfølgning\n\n- Vi skriver hjem hver måned\n"
    draft = bring_in(more)
    assert draft is not None
    key = keys_of(draft)["Vi skriver hjem hver måned"]
    again = bring_in(more.replace("hver måned", "hver eneste måned"))
    assert again is not None
    assert keys_of(again)["Vi skriver hjem hver eneste måned"] == key


ClientOf = Callable[[User], IsolatedClient]


def test_on_an_agenda_each_is_chosen_by_its_number(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    meeting = make.make_meeting(cast.council)
    lars, path = client_of(cast.facilitator), f"/council/meetings/{meeting.id}"
    page = lars.get(f"{path}/items/new").text
    for place, name in enumerate(("1. Det gør vi", "2. Det gør vi", "Opfølgning"), start=1):
        assert f'<option value="{place}">{name}</option>' in page
        opened = lars.get(f"{path}/items/new?section={place}").text
        assert [one for one in range(1, 4) if f'value="section {one}"' in opened] == [place]
    assert lars.send(f"{path}/items/new", {"about": "section 2", "kind": "discuss"}).status_code == 303
    assert lars.send(f"{path}/items/new", {"about": "section Det gør vi", "kind": "discuss"}).status_code == 422
    assert db.session.query(AgendaItem).one().heading == "2. Det gør vi"
    assert "2. Det gør vi" in lars.get(path).text


def test_a_suggestion_for_one_of_them_says_which(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    key = keys_of(edition)["Vi ringer hjem"]
    ella = client_of(cast.council_member)
    ella.send(f"/strategy/clauses/{key}/amendments/new?kind=add", {"new_text": "2. klasse hjælper 0. klasse."})
    amendment = db.session.query(Amendment).one()
    assert amendment.heading == "2. Det gør vi"
    page = ella.get(f"/strategy/amendments/{amendment.id}").text
    assert "2. Det gør vi" in page
    assert "2. klasse hjælper 0. klasse." in page
