"""A council's year: what it suggested, what came of it, and what the school did, for everybody at the school."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.council.years.queries import get_year
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.forwarding.models import LeadershipWord
from portal.strategy.kinds import AmendmentState, EditionState, Phase
from portal.strategy.models import Edition
from portal.strategy.publishing.models import EditionChange
from portal.text import clock
from portal.text.lix import read_over
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.pdfs import headings, holds_up, lacks, words_of
from tests.reading import Element, read

State = AmendmentState


@pytest.fixture
def edition() -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi leger."]})


def suggest(cast: Cast, edition: Edition, title: str, state: AmendmentState, **values: object) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition, title=title, state=state, **values)


def page_of(client_of: ClientOf, cast: Cast, name: str = "guardian", year: int = 2026) -> Element:
    answer = client_of(cast.users[name]).get(f"/council/{cast.council.id}/years/{year}")
    assert answer.status_code == 200
    return read(answer.text)


def said(client_of: ClientOf, cast: Cast, name: str = "guardian", year: int = 2026) -> str:
    (main,) = [part for part in page_of(client_of, cast, name, year).walk() if part.tag == "main"]
    return main.text


def test_each_suggestion_says_what_became_of_it_with_the_answer(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    make.make_cycle(edition, Phase.BOARD)
    waits = suggest(cast, edition, "Flere bolde", State.FORWARDED)
    no = suggest(cast, edition, "Is hver dag", State.REJECTED)
    make.make_decision(no, cast.board_secretary, outcome=State.REJECTED, child_reply="Nej, det er for dyrt for skolen.")
    page = page_of(client_of, cast)
    lines = [each.text for each in page.walk() if each.attributes.get("class") == "stack tight"]
    (about_no,) = [line for line in lines if line.startswith("Is hver dag")]
    assert about_no == (
        "Is hver dag Bestyrelsen sagde nej. Nej, det er for dyrt for skolen. "
        "Svar fra skolebestyrelsen, 23. november 2026"
    )
    assert any(line.startswith("Flere bolde Bestyrelsen har det") for line in lines)
    links = {each.attributes.get("href") for each in page.walk() if each.tag == "a"}
    assert {f"/strategy/amendments/{waits.id}", f"/strategy/amendments/{no.id}"} <= links


def test_what_has_not_been_sent_on_is_read_by_its_council_alone_and_never_printed(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    own = {
        "Min kladde": State.DRAFT,
        "Taget tilbage": State.WITHDRAWN,
        "Hos os nu": State.IN_COUNCIL,
        "Vi sagde ja": State.ADOPTED,
        "Vi sagde nej": State.NOT_ADOPTED,
    }
    for title, state in own.items():
        suggest(cast, edition, title, state)
    for name in ("guardian", "leader", "office", "board_secretary", "class_teacher"):
        words = said(client_of, cast, name)
        assert [title for title in own if title in words] == [], name
        assert "3 forslag i elevrådet" in words, "how many is no secret"
    for name in ("council_member", "council_chair", "facilitator"):
        page = page_of(client_of, cast, name)
        (inside,) = [
            each for each in page.walk() if each.tag == "section" and each.text.startswith("Kun for os i elevrådet")
        ]
        assert "no-print" in (inside.attributes["class"] or "").split()
        assert [title for title in own if title in inside.text] == ["Hos os nu", "Vi sagde ja", "Vi sagde nej"]
        assert page.text.count("Vi sagde ja") == inside.text.count("Vi sagde ja")


def test_another_council_reads_no_more_than_anybody(cast: Cast, edition: Edition, client_of: ClientOf) -> None:
    other = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(other, cast.class_teacher)
    suggest(cast, edition, "Hos de store", State.ADOPTED)
    db.session.commit()
    assert "Hos de store" not in said(client_of, cast, "class_teacher")
    assert "Hos de store" in said(client_of, cast, "facilitator")


def test_what_the_board_put_off_keeps_its_answer_and_the_name_it_had(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    later = suggest(cast, edition, "Navnet dengang", State.DEFERRED)
    decision = make.make_decision(later, cast.board_secretary, outcome=State.DEFERRED, child_reply="Vi må vente lidt.")
    make.make_reply(decision, cast.council, None, None, title="Navnet dengang")
    later.state, later.title = State.IN_COUNCIL, "Elevrådets nye navn"
    db.session.commit()
    words = said(client_of, cast)
    assert "Navnet dengang Bestyrelsen tager det op igen næste år. Vi må vente lidt." in words
    assert "Elevrådets nye navn" not in words
    links = {each.attributes.get("href") for each in page_of(client_of, cast).walk() if each.tag == "a"}
    assert f"/strategy/amendments/{later.id}" not in links, "it is the council's own again"
    later.state = State.IN_EDITION
    db.session.commit()
    assert "næste år. Nu: Det står i strategien. Vi må vente lidt." in said(client_of, cast)


def test_it_tells_what_is_new_in_the_text_what_the_school_did_and_how_many_answers_were_heard(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    yes = suggest(cast, edition, "Alle er med", State.IN_EDITION)
    decision = make.make_decision(yes, cast.board_secretary, final_text="Vi er gode ved alle børn.")
    edition.state = EditionState.SUPERSEDED
    new = make.make_edition({"Vores mål": ["Vi er gode ved alle børn."]}, number=3)
    new.approved_on = date(2027, 6, 10)
    others = make.make_amendment(None, cast.leader, edition, title="De voksnes", state=State.IN_EDITION)
    for amendment, decided in ((yes, decision), (others, make.make_decision(others, cast.board_secretary))):
        db.session.add(
            EditionChange(edition_id=new.id, decision_id=decided.id, amendment_id=amendment.id, clause_key="k2")
        )
    db.session.add(
        LeadershipWord(
            amendment_id=yes.id,
            thinks="God idé.",
            happens="Vi prøver det i 2.B efter jul.",
            written_at=clock.now(),
            written_by_id=cast.leader.id,
        )
    )
    make.make_reply(decision, cast.council, None, None, read_at=clock.now(), read_by_id=cast.facilitator.id)
    make.make_reply(decision, cast.council, cast.alma, cast.third)
    db.session.commit()
    words = said(client_of, cast)
    assert words.index("Det er nyt i strategien Alle er med") < words.index("Det står i udgave 3.")
    assert "Det gjorde skolen Alle er med Vi prøver det i 2.B efter jul. Skolens leder" in words
    assert "1 af 2 svar er læst op" in words
    assert "De voksnes" not in words


def test_an_answer_that_was_put_right_after_it_was_heard_counts_once_and_as_not_heard(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    decided = suggest(cast, edition, "Bolde", State.REJECTED)
    decision = make.make_decision(decided, cast.board_secretary, outcome=State.REJECTED, child_reply="Ikke i år.")
    heard = {"read_at": clock.now(), "read_by_id": cast.facilitator.id}
    for tick in (heard, {}):
        make.make_reply(decision, cast.council, None, None, title="Bolde", **tick)
        make.make_reply(decision, cast.council, cast.alma, cast.third, title="Bolde", **tick)
    db.session.commit()
    words = said(client_of, cast)
    assert words.count("Ikke i år.") == 1
    assert "0 af 2 svar er læst op" in words


def test_a_suggestion_stands_in_every_year_in_which_it_lived(
    cast: Cast, edition: Edition, client_of: ClientOf, wall_clock: Move
) -> None:
    short = suggest(cast, edition, "Kort liv", State.REJECTED)
    suggest(cast, edition, "Langt liv", State.FORWARDED)
    wall_clock(datetime(2027, 7, 31, 21, 59, tzinfo=UTC))
    last_minute = suggest(cast, edition, "Sidste minut", State.REJECTED)
    wall_clock(datetime(2027, 7, 31, 22, 1, tzinfo=UTC))
    suggest(cast, edition, "Nyt år", State.FORWARDED)
    db.session.commit()
    first, second = (said(client_of, cast, "leader", year) for year in (2026, 2027))
    assert [title for title in ("Kort liv", "Langt liv", "Sidste minut", "Nyt år") if title in first] == [
        short.title,
        "Langt liv",
        last_minute.title,
    ]
    assert [title for title in ("Kort liv", "Langt liv", "Sidste minut", "Nyt år") if title in second] == [
        "Langt liv",
        "Nyt år",
    ]


def test_years_go_back_to_the_first_suggestion_and_no_further(
    cast: Cast, edition: Edition, client_of: ClientOf
) -> None:
    suggest(cast, edition, "Gammelt", State.REJECTED).created_at = datetime(2024, 9, 1, tzinfo=UTC)
    db.session.commit()
    leader = client_of(cast.leader)
    for year, status in ((2023, 404), (2024, 200), (2025, 200), (2026, 200), (2027, 404)):
        assert leader.get(f"/council/{cast.council.id}/years/{year}").status_code == status, year
    assert leader.get(f"/council/{cast.council.id + 99}/years/2026").status_code == 404
    assert all(f"Vores år {name}" in leader.get("/council/years").text for name in ("2024/25", "2025/26", "2026/27"))
    year = get_year(cast.council.id, 2024)
    assert year is not None
    assert (year.first_day, year.last_day) == (date(2024, 8, 1), date(2025, 7, 31))


def test_it_is_read_with_ease_and_names_no_pupil(cast: Cast, edition: Edition, client_of: ClientOf) -> None:
    for state in (State.FORWARDED, State.REJECTED, State.APPROVED, State.DEFERRED, State.IN_EDITION, State.MERGED):
        amendment = suggest(cast, edition, "Vi er med", state)
        if state in (State.REJECTED, State.DEFERRED):
            make.make_decision(amendment, cast.board_secretary, outcome=state)
    db.session.commit()
    for name in ("guardian", "council_member"):
        page = page_of(client_of, cast, name)
        (main,) = [part for part in page.walk() if part.tag == "main"]
        blocks = [each.text for each in main.walk() if each.tag in {"p", "h1", "h2", "h3", "dt", "dd"}]
        assert read_over("\n".join(blocks)).lix <= 30
        assert not any(child in main.text for child in ("Ella", "Viggo", "Alma", "Otto"))


# As a file


def pdf_of(client_of: ClientOf, cast: Cast, name: str, year: int = 2026) -> bytes:
    answer = client_of(cast.users[name]).get(f"/council/{cast.council.id}/years/{year}/pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f"filename=vores-aar-{year}-27-det-store-elevraad.pdf")
    return answer.data


def test_the_file_has_what_the_page_prints(cast: Cast, edition: Edition, client_of: ClientOf) -> None:
    make.make_cycle(edition, Phase.BOARD)
    suggest(cast, edition, "Flere bolde", State.FORWARDED)
    no = suggest(cast, edition, "Is hver dag", State.REJECTED)
    make.make_decision(no, cast.board_secretary, outcome=State.REJECTED, child_reply="Nej.\n\nDet er for dyrt.")
    make.make_initiative(cast.facilitator, council=cast.council, title="Bolde til alle")
    make.make_initiative(cast.leader, title="Morgensang")
    page = client_of(cast.guardian).get(f"/council/{cast.council.id}/years/2026").text
    pdf = pdf_of(client_of, cast, "guardian")
    assert lacks(pdf, page) == []
    holds_up(pdf, "Vores år 2026/27", "da")
    assert {"Is hver dag", "Morgensang", "Bolde til alle"} <= {words for _, words in headings(pdf)}


def test_what_has_not_been_sent_on_is_in_nobodys_file(cast: Cast, edition: Edition, client_of: ClientOf) -> None:
    for title, state in {"Hos os nu": State.IN_COUNCIL, "Vi sagde ja": State.ADOPTED}.items():
        suggest(cast, edition, title, state)
    files = {name: pdf_of(client_of, cast, name) for name in ("council_member", "facilitator", "guardian", "leader")}
    for name, pdf in files.items():
        assert "Hos os nu" not in words_of(pdf), name
        assert "Vi sagde ja" not in words_of(pdf), name
        assert "Ella" not in words_of(pdf), name
    assert "Hos os nu" in said(client_of, cast, "council_member"), "and stays on the council's own page"


def test_a_year_that_is_not_there_has_no_file(cast: Cast, edition: Edition, client_of: ClientOf) -> None:
    browser = client_of(cast.guardian)
    for council, year in ((cast.council.id, 2027), (cast.council.id, 2020), (999, 2026)):
        assert browser.get(f"/council/{council}/years/{year}/pdf").status_code == 404
    empty = pdf_of(client_of, cast, "guardian")
    assert lacks(empty, browser.get(f"/council/{cast.council.id}/years/2026").text) == []
