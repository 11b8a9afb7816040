"""The strategy's pages: who reads what, what stands on them, and what the office can do there."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.people import BY_ITSELF
from portal.policy import Action, can
from portal.policy.predicates import is_public
from portal.strategy import queries, services
from portal.strategy.document import read_document
from portal.strategy.kinds import EditionState
from portal.strategy.models import DeadLink, Edition
from portal.text import clock
from tests import factories as make

DEAD = "https://example.org/lukket"
TEXT = f"""# Vores strategi

Vi vil have det godt.

## Mål

- Alle bliver set af en voksen hver dag
- Alle er *med* i legen, se [reglerne](https://example.org/regler)

## Hvad gør vi?

- Klassen skriver sine egne spilleregler hvert år
- <{DEAD}>

### Hjemmet

Vi laver legeaftaler.
"""
NEXT = TEXT.replace("hver dag", "hver time").replace("- Klassen skriver sine egne spilleregler hvert år\n", "")
DRAFT = NEXT + "- Vi synger sammen\n"
READS_DRAFTS = {"office", "leader", "board_secretary"}
PUBLIC_PAGES = (
    "/strategy/",
    "/strategy/print",
    "/strategy/editions",
    "/strategy/editions/1",
    "/strategy/editions/2",
    "/strategy/editions/2/markdown",
    "/strategy/editions/1/compare/2",
)
DRAFT_PAGES = ("/strategy/editions/3", "/strategy/editions/3/markdown", "/strategy/editions/2/compare/3")


def bring_in(text: str, approved_on: date | None = None) -> Edition:
    edition = services.import_strategy(read_document(text), actor=BY_ITSELF, now=clock.now(), approved_on=approved_on)
    db.session.commit()
    assert edition is not None
    return edition


@pytest.fixture
def client(client):
    """A browser that asks for English, the language of the code."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def client_of(client_of):
    """A browser of its own for each user, in English."""

    def sign_in(user):
        browser = client_of(user)
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return sign_in


@pytest.fixture
def editions(app) -> list[Edition]:
    """An old edition, the one that holds, and a draft."""
    return [bring_in(TEXT, date(2025, 6, 1)), bring_in(NEXT, date(2026, 6, 10)), bring_in(DRAFT)]


def key_of(words: str, edition: Edition) -> str:
    return next(row.key for row in queries.list_text(edition.id) if words in row.text and row.key)


def words_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def hidden_fields(page: str) -> dict[str, str]:
    """What the page's form would send along by itself."""
    found = re.findall(r'<input id="\w+" name="(\w+)" type="hidden" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


# --- who reads what


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_what_the_board_approved_is_public(client, editions, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", DRAFT_PAGES)
def test_a_draft_does_not_exist_for_who_may_not_read_it(client, client_of, cast, editions, path):
    allowed = {name for name, user in cast.users.items() if client_of(user).get(path).status_code == 200}
    assert allowed == READS_DRAFTS
    assert client.get(path).status_code == 404


def test_the_list_of_editions_agrees_with_the_rule(client, client_of, cast, editions):
    for name, person in cast.people.items():
        expected = {edition.number for edition in editions if can(person, Action.EDITION_VIEW, edition)}
        assert {edition.number for edition in queries.list_editions(person)} == expected
        assert ("Edition 3" in client_of(cast.users[name]).get("/strategy/editions").text) == (3 in expected)
    assert [edition.number for edition in queries.list_editions(None)] == [2, 1]
    assert [is_public(edition) for edition in editions] == [True, True, False]
    assert "Edition 3" not in client.get("/strategy/editions").text


def test_a_clause_of_the_draft_is_hidden_with_it(client, client_of, cast, editions):
    path = f"/strategy/clauses/{key_of('synger', editions[2])}"
    assert {name for name, user in cast.users.items() if client_of(user).get(path).status_code == 200} == READS_DRAFTS
    assert client.get(path).status_code == 404


def test_the_office_alone_imports_and_marks_links(client_of, cast, editions):
    for path in ("/strategy/import", "/strategy/links"):
        statuses = {name: client_of(user).get(path).status_code for name, user in cast.users.items()}
        assert {name for name, status in statuses.items() if status == 200} == {"office"}
        assert set(statuses.values()) == {200, 403}


def test_the_decision_is_recorded_by_the_office_and_the_boards_secretary(client_of, cast, editions):
    statuses = {
        name: client_of(user).get("/strategy/editions/3/approve").status_code for name, user in cast.users.items()
    }
    assert {name for name, status in statuses.items() if status == 200} == {"office", "board_secretary"}
    assert {name for name, status in statuses.items() if status == 403} == {"leader"}


def test_posting_past_the_pages_is_refused(client, client_of, cast, editions):
    acts = db.session.scalar(select(func.count()).select_from(Act))
    posts = (
        ("/strategy/import", {"text": TEXT}),
        ("/strategy/links", {"url": DEAD}),
        ("/strategy/editions/3/approve", {"approved_on": "2026-07-01", "stamp": editions[2].stamp}),
        ("/strategy/editions/3/discard", {}),
    )
    for path, data in posts:
        assert client.send(path, data).status_code == 401
        assert client_of(cast.guardian).send(path, data).status_code in (403, 404)
    assert db.session.scalar(select(func.count()).select_from(Act)) == acts
    assert queries.get_draft() is not None


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/strategy/clauses/{key}"])
def test_reading_pages_answer_head_and_refuse_post(client, editions, path):
    path = path.format(key=key_of("Alle bliver", editions[1]))
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/strategy/clauses/nothere",
        "/strategy/clauses/%00",
        "/strategy/clauses/%ff",
        "/strategy/clauses/%C3%A6%C3%B8%C3%A5",
        "/strategy/clauses/" + "x" * 5000,
        "/strategy/clauses/' OR 1=1 --",
        "/strategy/editions/0",
        "/strategy/editions/99",
        "/strategy/editions/99999999999999999999",
        "/strategy/editions/-1",
        "/strategy/editions/1/compare/99",
        "/strategy/editions/%00/markdown",
    ],
)
@pytest.mark.both
def test_odd_addresses_find_nothing(client, editions, path):
    assert client.get(path).status_code == (400 if "%00" in path else 404)  # no address of ours holds a NUL


# --- reading


def test_the_page_numbers_sections_and_bullets_and_nothing_else(client, editions):
    text = client.get("/strategy/").text
    page = words_of(text)
    assert "Edition 2 · approved 10 June 2026 · 1 minute to read" in page
    for words in ("1. Mål", "1.1 Alle bliver set af en voksen hver time", "1.2 Alle er med i legen", "2. Hvad gør vi?"):
        assert words in page
    assert "2.1 https://example.org/lukket" in page
    for unnumbered in ("<p>Vi vil have det godt.</p>", "<h3>Hjemmet</h3>", "<p>Vi laver legeaftaler.</p>"):
        assert unnumbered in text


def test_who_approved_an_edition_stands_beside_the_day(client):
    bring_in("---\ntitle: T\napproved: 2026-06\napproved_by: bestyrelsen\n---\n\n## A\n\n- b\n")
    for path in ("/strategy/", "/strategy/print", "/strategy/editions", "/strategy/editions/1"):
        assert "approved June 2026 by bestyrelsen" in words_of(client.get(path).text)


def test_the_demo_schools_whole_strategy_is_a_light_page(client_of, cast):
    text = (Path(services.__file__).parents[1] / "demo" / "strategy.md").read_text(encoding="utf-8")
    bring_in(text, date(2026, 6, 1))
    for user in (cast.guardian, cast.office):
        answer = client_of(user).get("/strategy/", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) < 8_100


def test_the_way_to_a_clause_says_in_words_where_it_leads(client, editions):
    page = client.get("/strategy/").text
    key = key_of("Alle bliver", editions[1])
    link = re.search(rf'<li id="{key}"><a href="/strategy/clauses/{key}">(.*?)</a>', page)[1]
    assert words_of(link) == "About clause 1.1"


def test_every_clause_has_its_place_and_its_own_page(client, editions):
    page = client.get("/strategy/").text
    for row in queries.list_text(editions[1].id):
        assert page.count(f'id="{row.key}"') == 1
        assert client.get(f"/strategy/clauses/{row.key}").status_code == 200
    assert f'href="/strategy/clauses/{key_of("Alle bliver", editions[1])}"' in page
    assert len(set(re.findall(r'\bid="([^"]*)"', page))) == len(re.findall(r'\bid="([^"]*)"', page))


def test_headings_come_one_level_at_a_time(client, editions):
    levels = [int(level) for level in re.findall(r"<h(\d)", client.get("/strategy/").text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))


def test_the_text_is_marked_with_its_own_language(client, editions):
    page = client.get("/strategy/").text
    assert '<html lang="en">' in page
    assert '<article class="prose" lang="da">' in page


@pytest.mark.parametrize("path", ["/strategy/", "/strategy/print"])
def test_the_short_version_stands_over_its_section(client, path):
    bring_in(TEXT.replace("## Mål\n", "## Mål\n\n> Vi passer *på* hinanden.\n"), date(2026, 6, 1))
    text = client.get(path).text
    assert text.index("1. Mål</h2>") < text.index("Vi passer <em>på</em> hinanden.") < text.index("Alle bliver set")


def test_another_short_version_is_shown_before_it_is_kept_and_afterwards(client, client_of, cast):
    short = TEXT.replace("## Mål\n", "## Mål\n\n> Vi passer *på* hinanden.\n")
    bring_in(short, date(2025, 6, 1))
    changed = short.replace("*på*", "godt på")
    preview = client_of(cast.office).send("/strategy/import", {"text": changed}).text
    bring_in(changed, date(2026, 6, 1))
    for page in (preview, client.get("/strategy/editions/1/compare/2").text):
        assert re.search(r"In short</span>.*<ins>.*godt.*</ins>", page)
        assert "Every clause stands" not in page


def test_another_title_and_other_headings_are_told(client):
    bring_in(TEXT, date(2025, 6, 1))
    bring_in(TEXT.replace("# Vores", "# Fælles").replace("## Mål", "## *Det* vil vi"), date(2026, 6, 1))
    page = words_of(client.get("/strategy/editions/1/compare/2").text)
    assert "Title “Vores strategi” becomes “Fælles strategi”" in page
    assert "New heading Det vil vi Heading that is gone Mål" in page


def test_an_address_that_is_its_own_link_is_printed_once(client, editions):
    page = client.get("/strategy/").text
    assert f'<a href="{DEAD}" class="external bare"' in page
    assert '<a href="https://example.org/regler" class="external" ' in page
    style = (Path(services.__file__).parents[1] / "static" / "portal.css").read_text(encoding="utf-8")
    assert style.index('content: " (" attr(href) ")"') < style.index(".prose a.bare::after { content: none; }")


def test_before_there_is_a_text_the_page_says_what_to_do(client, client_of, cast):
    assert "not here yet" in client.get("/strategy/").text
    assert "flask strategy-import" not in client.get("/strategy/").text
    office = client_of(cast.office).get("/strategy/").text
    assert "flask strategy-import" in office
    assert 'href="/strategy/import"' in office
    assert client.get("/strategy/print").status_code == 404
    assert client.get("/strategy/editions").status_code == 200
    assert client_of(cast.office).get("/strategy/links").status_code == 200


def test_an_old_edition_says_so_and_leads_to_the_one_that_holds(client, editions):
    old = client.get("/strategy/editions/1").text
    assert "This is an old edition" in old
    assert 'href="/strategy/"' in old
    assert "old edition" not in client.get("/strategy/editions/2").text


def test_the_draft_says_that_it_does_not_hold(client_of, cast, editions):
    assert "This is a draft" in client_of(cast.leader).get("/strategy/editions/3").text
    assert "Edition 3 is being prepared" in client_of(cast.leader).get("/strategy/").text
    assert "being prepared" not in client_of(cast.guardian).get("/strategy/").text


def test_a_clause_tells_how_its_words_have_changed(client, client_of, cast, editions):
    page = client.get(f"/strategy/clauses/{key_of('Alle bliver', editions[1])}").text
    assert re.search(r"<del>.*dag.*</del>", page)
    assert re.search(r"<ins>.*time.*</ins>", page)
    assert "Edition 3" not in page
    assert f'href="/strategy/#{key_of("Alle bliver", editions[1])}"' in page
    assert "1.1" in page


def test_a_clause_that_is_gone_says_where_it_stood(client, editions):
    key = key_of("spilleregler", editions[0])
    page = client.get(f"/strategy/clauses/{key}").text
    assert "no longer in the strategy" in page
    assert f'href="/strategy/editions/1#{key}"' in page


def test_the_comparison_shows_each_clause_that_changed_and_no_other(client, editions):
    page = client.get("/strategy/editions/1/compare/2").text
    assert "Alle er med i legen" not in words_of(page)
    assert re.search(r"<del>.*Klassen skriver sine egne spilleregler hvert år</del>", page)
    same = words_of(client.get("/strategy/editions/2/compare/2").text)
    assert "Every clause stands word for word" in same


def test_paper_has_every_word_and_the_addresses_of_the_links(client, editions):
    page = client.get("/strategy/print").text
    assert "reglerne (https://example.org/regler)" in page
    assert page.count("https://example.org/lukket") == 1
    assert "<nav" not in page
    assert all(words in page for words in ("Vi vil have det godt.", "1. Mål", "Hjemmet", "Vi laver legeaftaler."))


def test_the_markdown_file_reads_back_as_the_same_text(client, editions):
    answer = client.get("/strategy/editions/2/markdown")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=strategy-edition-2.md"
    assert read_document(answer.text) == queries.get_document(editions[1])


# --- what must not happen


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](JaVaScRiPt&#58;alert(1))",
        "[press](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[a](https://example.org/"onmouseover="alert(1))',
        '<a href="https://example.org" onclick="alert(1)">x</a>',
    ],
)
def test_a_clause_cannot_harm_its_reader(client, client_of, cast, words):
    bring_in(f"# T {words}\n\n## A {words}\n\n- {words}\n- b {words}\n\n### {words} c\n\nd {words}\n", date(2026, 1, 1))
    bring_in(f"# T {words}\n\n## A {words}\n\n- e {words}\n- b {words}\n\n### {words} c\n", date(2026, 2, 1))
    edition = queries.get_current()
    pages = [*PUBLIC_PAGES, *(f"/strategy/clauses/{row.key}" for row in queries.list_text(edition.id))]
    office = client_of(cast.office)
    for path in [*pages, "/strategy/links"]:
        if path.endswith("markdown"):
            continue
        text = re.sub(r'<script src="/static/[\w/.-]+" defer></script>', "", office.get(path).text)  # our own
        assert not re.search(
            r"<script|<img|<[^>]*\son\w+\s*=|<[^>]*(?:href|src)=.?\s*(?:javascript|data):", text, re.I
        ), path


def test_long_words_and_long_texts_are_shown(client):
    long = "ord " * 4000
    bring_in(f"# T\n\n## {'A' * 3000}\n\n- {long}\n- {'b' * 9000}\n\n{long}\n", date(2026, 1, 1))
    assert client.get("/strategy/").text.count("ord ord") > 100
    assert client.get("/strategy/print").status_code == 200


def test_pages_cost_the_same_few_queries_at_any_length(app, client, client_of, cast, editions):
    office = client_of(cast.office)
    paths = [*PUBLIC_PAGES, *DRAFT_PAGES, "/strategy/links", "/strategy/import", "/strategy/editions/3/approve"]
    paths.append(f"/strategy/clauses/{key_of('Alle bliver', editions[1])}")
    before = {path: _queries(office, path) for path in paths}
    bring_in(DRAFT + "".join(f"- Punkt {number} [l](https://example.org/{number})\n" for number in range(200)))
    after = {path: _queries(office, path) for path in paths}
    assert max(*before.values(), *after.values()) <= 8
    assert all(after[path] <= before[path] for path in paths)


def _queries(client, path: str) -> int:
    statements = []

    def note(connection, cursor, statement, *_):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


# --- importing on the page


@pytest.mark.both
def test_the_office_sees_what_a_text_changes_before_anything_is_kept(client_of, cast):
    bring_in(TEXT, date(2026, 6, 1))
    office = client_of(cast.office)
    preview = office.send("/strategy/import", {"text": NEXT})
    assert preview.status_code == 200
    assert "draft of edition 2" in preview.text
    assert re.search(r"<ins>.*time.*</ins>", preview.text)
    assert queries.get_draft() is None
    saved = office.send("/strategy/import", {"text": NEXT, **hidden_fields(preview.text)}, key="a" * 32)
    assert (saved.status_code, saved.location) == (303, "/strategy/editions/2")
    again = office.send("/strategy/import", {"text": NEXT, **hidden_fields(preview.text)}, key="a" * 32)
    assert (again.status_code, again.location) == (303, "/strategy/editions/2")
    assert queries.get_document(queries.get_draft()).sections == read_document(NEXT).sections
    act = db.session.scalars(select(Act).order_by(Act.id.desc())).first()
    assert (act.kind, act.actor_id) == (ActKind.STRATEGY_IMPORTED, cast.office.id)


def test_a_file_is_previewed_and_saved_like_typed_text(client_of, cast):
    office = client_of(cast.office)
    upload = {"file": (io.BytesIO(TEXT.encode("cp1252")), "strategi.md"), "text": "something else"}
    preview = office.post("/strategy/import", data=upload, content_type="multipart/form-data")
    assert preview.status_code == 200
    typed = html.unescape(re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", preview.text, re.DOTALL)[1])
    assert read_document(typed) == read_document(TEXT)
    saved = office.send("/strategy/import", {"text": typed.replace("\n", "\r\n"), **hidden_fields(preview.text)})
    assert saved.location == "/strategy/editions/1"
    assert queries.get_draft().title == "Vores strategi"


def test_a_text_changed_after_the_preview_is_previewed_again(client_of, cast):
    office = client_of(cast.office)
    fields = hidden_fields(office.send("/strategy/import", {"text": TEXT}).text)
    again = office.send("/strategy/import", {"text": NEXT, **fields})
    assert again.status_code == 200
    assert queries.list_editions(None) == []
    assert queries.get_draft() is None


def test_a_preview_that_no_longer_holds_is_shown_anew(client_of, cast):
    bring_in(TEXT, date(2026, 6, 1))
    office = client_of(cast.office)
    fields = hidden_fields(office.send("/strategy/import", {"text": NEXT}).text)
    bring_in(DRAFT)
    late = office.send("/strategy/import", {"text": NEXT, **fields})
    assert late.status_code == 409
    assert "takes the place of the draft" in late.text
    assert queries.get_document(queries.get_draft()).sections == read_document(DRAFT).sections
    assert office.send("/strategy/import", {"text": NEXT, **hidden_fields(late.text)}).status_code == 303
    assert queries.get_document(queries.get_draft()).sections == read_document(NEXT).sections


def test_a_text_that_is_already_here_offers_nothing_to_keep(client_of, cast):
    bring_in(TEXT, date(2026, 6, 1))
    page = client_of(cast.office).send("/strategy/import", {"text": TEXT})
    assert "nothing to keep" in page.text
    assert "Save as a draft" not in page.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Paste the text, or choose a file."),
        ({"text": "just words"}, "Line 1: the strategy has no title"),
        ({"text": "# T\n\nno section"}, "no section was found"),
        ({"text": "x" * 100_001}, "Field cannot be longer than 100000 characters."),
        ({"file": (io.BytesIO(b"PK\x03\x04\x00\x00"), "strategi.docx")}, "this is not a text file"),
        ({"file": (io.BytesIO(b"# T\n\n## A\n" + b"x" * 150_000), "long.md")}, "too large for a strategy"),
        ({"file": (io.BytesIO(b"# T\n\n## A\n" + b"x" * 500_000), "longer.md")}, "too large for a strategy"),
        ({"text": TEXT + "- x\n" * 500}, "too many for one strategy"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_and_kept_in_the_field(client_of, cast, data, words):
    answer = client_of(cast.office).post("/strategy/import", data=dict(data), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert queries.get_draft() is None
    if isinstance(data.get("text"), str) and len(data["text"]) < 50:
        assert data["text"] in html.unescape(answer.text)


def test_the_first_text_with_its_month_holds_at_once(client_of, cast):
    office = client_of(cast.office)
    text = "---\ntitle: T\napproved: 2026-06\n---\n\n## A\n\n- b\n"
    preview = office.send("/strategy/import", {"text": text})
    assert "it holds at once" in preview.text
    assert office.send("/strategy/import", {"text": text, **hidden_fields(preview.text)}).location == "/strategy/"
    assert queries.get_current().approved_on == date(2026, 6, 1)


# --- the decision


def test_the_boards_decision_makes_the_draft_the_strategy(client, client_of, cast, editions):
    secretary = client_of(cast.board_secretary)
    fields = hidden_fields(secretary.get("/strategy/editions/3/approve").text)
    answer = secretary.send("/strategy/editions/3/approve", {**fields, "approved_on": "2026-11-20"})
    assert (answer.status_code, answer.location) == (303, "/strategy/")
    assert [edition.state for edition in editions] == ["superseded", "superseded", "approved"]
    assert "Vi synger sammen" in client.get("/strategy/").text
    assert secretary.get("/strategy/editions/3/approve").status_code == 404


@pytest.mark.parametrize("day", ["", "2026-11-24", "2026-06-09", "20 November", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(client_of, cast, editions, day):
    office = client_of(cast.office)
    fields = hidden_fields(office.get("/strategy/editions/3/approve").text)
    assert office.send("/strategy/editions/3/approve", {**fields, "approved_on": day}).status_code == 422
    assert queries.get_draft() is not None


def test_nobody_approves_words_they_have_not_seen(client_of, cast, editions, wall_clock):
    office = client_of(cast.office)
    fields = hidden_fields(office.get("/strategy/editions/3/approve").text)
    wall_clock(timedelta(minutes=1))
    bring_in(DRAFT + "- Og mere til\n")
    answer = office.send("/strategy/editions/3/approve", {**fields, "approved_on": "2026-11-20"})
    assert answer.status_code == 409
    assert queries.get_draft() is not None
    assert office.send("/strategy/editions/3/approve", {"approved_on": "2026-11-20"}).status_code == 422


def test_a_draft_can_be_thrown_away_and_nothing_else(client_of, cast, editions):
    office = client_of(cast.office)
    assert office.send("/strategy/editions/2/discard").status_code == 422
    assert office.send("/strategy/editions/3/discard").status_code == 303
    assert [edition.state for edition in db.session.scalars(select(Edition).order_by(Edition.number))] == [
        EditionState.SUPERSEDED,
        EditionState.APPROVED,
    ]


# --- links


@pytest.mark.both
def test_a_dead_link_is_told_beside_it_until_it_works_again(client, client_of, cast, editions):
    office = client_of(cast.office)
    assert DEAD in office.get("/strategy/links").text
    note = "Siden er lukket <b>nu</b>."
    assert office.send("/strategy/links", {"url": DEAD, "note": note}).status_code == 303
    page = client.get("/strategy/").text
    assert page.count("this link no longer works") == 1
    assert "Siden er lukket &lt;b&gt;nu&lt;/b&gt;." in page
    assert "This link no longer works:" in client.get("/strategy/print").text
    assert office.send("/strategy/links", {"url": DEAD, "note": "Ny tekst"}).status_code == 303
    [link] = db.session.scalars(select(DeadLink)).all()
    assert link.note == "Ny tekst"
    assert office.send(f"/strategy/links/{link.id}/unmark").status_code == 303
    assert "no longer works" not in client.get("/strategy/").text
    kinds = [act.kind for act in db.session.scalars(select(Act).where(Act.actor_id == cast.office.id))]
    assert kinds == [ActKind.LINK_MARKED] * 3


@pytest.mark.parametrize(
    "data", [{}, {"url": "https://example.org/elsewhere"}, {"url": DEAD, "note": "x" * 201}, {"url": "javascript:1"}]
)
def test_only_a_link_of_the_text_is_marked(client_of, cast, editions, data):
    assert client_of(cast.office).send("/strategy/links", data).status_code == 422
    assert db.session.scalars(select(DeadLink)).all() == []


def test_an_address_too_long_to_keep_is_refused(client_of, cast):
    url = "https://example.org/" + "x" * 3000
    bring_in(f"# T\n\n## A\n\n- <{url}>\n", date(2026, 1, 1))
    assert client_of(cast.office).send("/strategy/links", {"url": url}).status_code == 422


def test_unknown_links_are_not_found(client, client_of, cast):
    assert client_of(cast.office).send("/strategy/links/99/unmark").status_code == 404
    dead = DeadLink(url=DEAD, marked_on=clock.today())
    db.session.add(dead)
    db.session.commit()
    assert client_of(cast.leader).send(f"/strategy/links/{dead.id}/unmark").status_code == 404


def test_links_out_of_the_portal_are_marked_and_give_nothing_away(client, editions):
    page = client.get("/strategy/").text
    assert re.search(r'<a href="https://example.org/regler" class="external" rel="noopener noreferrer[^"]*">', page)


def test_editions_made_by_hand_are_shown_too(client):
    make.make_edition({"Mål": ["Vi er gode ved hinanden."], "": ["Et løst punkt"]})
    assert "1.1 Vi er gode ved hinanden." in words_of(client.get("/strategy/").text)
    assert client.get("/strategy/clauses/k1").status_code == 200
