"""What the strategy says about one thing: its own words, whatever edition comes, and nothing that it does not say."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.agreements.models import AgreementKind
from portal.database import db
from portal.demo.school import STRATEGY
from portal.strategy.document import read_document
from portal.strategy.kinds import ClauseKind, EditionState
from portal.strategy.models import Clause, Edition, Section
from portal.strategy.queries import TextRow
from portal.themes.delivered import delivered_themes
from portal.themes.models import Theme
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once

DIGITAL = "/themes/digital_media"
TEXT = {
    "Hver dag": ["Vi hilser på alle.", "Vi taler om, hvad man skriver på telefonen."],
    "På nettet": ["Gem det, der er ondt.", "Spørg dit barn, hvordan det går."],
}


@pytest.fixture(name="edition")
def _edition(cast: Cast) -> Edition:
    edition = make.make_edition(TEXT)
    section = db.session.scalars(select(Section).where(Section.heading == "På nettet")).one()
    section.plain_summary = "Vær en god kammerat på nettet."
    db.session.commit()
    return edition


def chosen(version: int = 0, **places: str) -> dict[str, Any]:
    return {
        "title": "Skærme",
        "words": "skærm, mobil",
        "version": str(version),
        "edition": "1",
        **{f"place_k{number}": places.get(f"k{number}", "") for number in range(1, 5)},
    }


def theme() -> Theme:
    db.session.expire_all()
    return db.session.scalars(select(Theme)).one()


def test_the_delivered_theme_finds_its_points_by_their_words_in_another_strategy() -> None:
    document = read_document(STRATEGY.read_text(encoding="utf-8"))
    blocks = [(place, section, block) for place, section in enumerate(document.sections) for block in section.blocks]
    rows = [
        TextRow(place, section.heading, section.plain_summary, f"k{number}", block.kind, block.text)
        for number, (place, section, block) in enumerate(blocks)
    ]
    text = {row.key: row.text for row in rows}
    (digital,) = delivered_themes(rows)
    assert [text[key][:11] for key in digital.in_class] == ["Eleverne læ"]
    assert [text[key][:14] for key in digital.at_home] == ["Spørg dit barn"]
    assert [text[key][:10] for key in digital.if_it_happens[:4]] == [
        "Tag det al",
        "Gem samtal",
        "Fortæl det",
        "Vi følger ",
    ]
    assert text[digital.good_to_know[0]].startswith("På en skærm kan man ikke se")
    assert not [key for key in digital.places if rows[int(key[1:])].kind is ClauseKind.SUBHEADING]


def test_a_parent_finds_the_points_of_the_strategy_under_where_they_are_needed(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    assert "Digitale medier" in client.get("/themes/").text
    page = client_of(cast.guardian).get(DIGITAL).text
    assert (
        page.index("Kort fortalt") < page.index("I klassen og på skolen") < page.index("Vi taler om, hvad man skriver")
    )
    assert "Vær en god kammerat på nettet." in page
    assert "Vi hilser på alle." not in page
    assert "/strategy/clauses/k2" in page
    assert "/help" in page
    assert "har fundet punkterne" not in page
    assert "har fundet punkterne" in client_of(cast.leader).get(DIGITAL).text


def test_a_pupil_reads_the_short_words_and_opens_the_rest(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    assert '<details class="fold"><summary>Godt at vide' in client_of(cast.council_member).get(DIGITAL).text
    assert "<details" not in client_of(cast.guardian).get(DIGITAL).text


def test_short_words_of_a_section_that_is_mostly_about_other_things_are_left_out(
    cast: Cast, client: IsolatedClient, edition: Edition
) -> None:
    section = db.session.scalars(select(Section).where(Section.heading == "Hver dag")).one()
    section.plain_summary = "Vi er søde ved hinanden."
    db.session.commit()
    assert "Vi er søde ved hinanden." not in client.get(DIGITAL).text


def test_the_leadership_chooses_the_points_and_nobody_else(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    form = chosen(k1="at_home", k4="if_it_happens")
    for name in ("class_teacher", "office", "akt", "guardian", "council_member", "helper"):
        assert client_of(cast.users[name]).send(DIGITAL + "/edit", form).status_code == 403, name
        assert client_of(cast.users[name]).send("/themes/new", form).status_code == 403, name
        assert client_of(cast.users[name]).send(DIGITAL + "/remove").status_code == 403, name
    assert client.send(DIGITAL + "/edit", form).status_code == 401
    leader = client_of(cast.leader)
    assert leader.send(DIGITAL + "/edit", form).status_code == 303
    assert (theme().at_home, theme().if_it_happens, theme().in_class) == (("k1",), ("k4",), ())
    page = client.get(DIGITAL).text
    assert "Skærme" in page
    assert "Vi hilser på alle." in page
    assert "Vi taler om" not in page
    assert leader.send(DIGITAL + "/remove", {"version": "1"}).status_code == 303
    assert "Digitale medier" in client.get(DIGITAL).text, "it is as it came"


def test_a_theme_of_the_schools_own_comes_and_goes(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    leader = client_of(cast.leader)
    assert leader.send("/themes/new", chosen()).status_code == 422, "one without points"
    assert leader.send("/themes/new", {**chosen(k1="at_home"), "title": ""}).status_code == 422
    assert leader.send("/themes/new", chosen(k1="in_heaven")).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Theme)) == 0
    made = leader.send("/themes/new", chosen(k1="at_home"), key="once")
    assert leader.send("/themes/new", chosen(k1="at_home"), key="once").location == made.location
    assert client.get(made.location).status_code == 200
    assert leader.send(made.location + "/edit", chosen(1)).status_code == 422
    assert leader.send(made.location + "/remove", {"version": "1"}).status_code == 303
    assert client.get(made.location).status_code == 404
    assert leader.send(made.location + "/edit", chosen(1, k1="at_home")).status_code == 404
    kinds = db.session.scalars(select(Act.kind).where(Act.kind == ActKind.THEME_CHANGED)).all()
    assert len(kinds) == 2


@pytest.mark.parametrize("key", ["own1", "digital_media"])
def test_what_a_colleague_chose_meanwhile_is_not_removed_unseen(
    cast: Cast, client_of: ClientOf, edition: Edition, key: str
) -> None:
    make.make_theme(key=key, at_home=("k1",), edition=1)
    db.session.commit()
    leader, path = client_of(cast.leader), f"/themes/{key}"
    assert 'name="version" value="1"' in leader.get(path + "/edit").text.rsplit("<section", 1)[1]
    assert leader.send(path + "/edit", chosen(1, k4="if_it_happens")).status_code == 303
    for seen in ({}, {"version": "1"}, {"version": "9"}):
        stale = leader.send(path + "/remove", seen)
        assert stale.status_code == 409
        assert "En anden har rettet det her" in stale.text
        assert 'value="Skærme"' in stale.text, "what holds now"
        assert "Din egen tekst" not in stale.text
    assert theme().if_it_happens == ("k4",)
    assert leader.send(path + "/remove", {"version": "2"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Theme)) == 0
    again = leader.send(path + "/remove", {"version": "2"})
    assert again.status_code == (404 if key == "own1" else 303), "twice is once"


@pytest.mark.both
def test_of_one_who_changes_and_one_who_removes_at_once_one_does(
    cast: Cast, client_of: ClientOf, edition: Edition, database: str
) -> None:
    make.make_theme(key="own1", at_home=("k1",), edition=1)
    db.session.commit()
    one, other = client_of(cast.leader), client_of(cast.leader)
    answers = at_once(
        partial(one.send, "/themes/own1/edit", chosen(1, k2="at_home")),
        partial(other.send, "/themes/own1/remove", {"version": "1"}),
    )
    assert sorted(answer.status_code for answer in answers) in ([303, 409], [303, 404])


def test_a_delivered_theme_without_points_is_seen_by_the_leadership_alone(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    assert client_of(cast.leader).send(DIGITAL + "/edit", chosen()).status_code == 303
    assert client.get(DIGITAL).status_code == 404
    assert client_of(cast.guardian).get(DIGITAL).status_code == 404
    assert "Skærme" not in client.get("/themes/").text
    assert "Skærme" in client_of(cast.leader).get(DIGITAL).text


def test_a_new_edition_brings_its_own_words_and_what_it_dropped_is_gone(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    leader = client_of(cast.leader)
    leader.send(DIGITAL + "/edit", chosen(k2="at_home", k4="if_it_happens"))
    edition.state = EditionState.SUPERSEDED
    db.session.flush()
    text = ["Vi hilser hver dag.", "Vi taler hver uge om telefonen.", "Gem det.", "Spørg.", "Ring til nogen."]
    new = make.make_edition({"Hver dag": text}, number=2)
    db.session.execute(Clause.__table__.delete().where(Clause.edition_id == new.id, Clause.key == "k4"))
    db.session.commit()
    page = client.get(DIGITAL).text
    assert "Vi taler hver uge om telefonen." in page
    assert "Spørg dit barn" not in page
    assert "ikke længere i strategien" not in page
    assert "1 punkt, der stod her, er ikke længere i strategien" in leader.get(DIGITAL).text
    edit = leader.get(DIGITAL + "/edit").text
    assert "1 nyt" in edit
    assert "1 punkt, der stod her" in edit
    assert "Passer punkterne i 1 emne stadig?" in leader.get("/waiting").text
    assert "Se det igennem" in leader.get("/themes/").text
    assert "Se det igennem" not in client.get("/themes/").text
    choice = {**chosen(1, k2="at_home", k4="if_it_happens"), "place_k5": "at_home"}
    stale = leader.send(DIGITAL + "/edit", choice)
    assert stale.status_code == 422, "nobody has looked through points that were not on the page"
    assert "Strategien har fået en ny udgave, siden du åbnede siden" in stale.text
    assert 'name="edition" type="hidden" value="2"' in stale.text
    assert theme().edition == 1
    assert leader.send("/themes/new", choice).status_code == 422
    seen = {**choice, "edition": "2"}
    assert leader.send(DIGITAL + "/edit", seen).status_code == 303, "what the edition does not hold is no choice"
    assert (theme().edition, theme().at_home, theme().if_it_happens) == (2, ("k2", "k5"), ())
    assert "ny udgave" not in leader.get(DIGITAL).text
    assert "ny udgave" not in leader.get("/waiting").text
    assert "Se det igennem" not in leader.get("/themes/").text


def test_of_two_who_choose_the_second_sees_what_the_first_chose(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    leader = client_of(cast.leader)
    assert leader.send(DIGITAL + "/edit", chosen(k1="at_home", k2="at_home")).status_code == 303
    late = leader.send(DIGITAL + "/edit", {**chosen(k3="in_class"), "title": "Sent"})
    assert late.status_code == 409
    assert "Derhjemme: 2 punkter" in late.text
    assert 'value="Sent"' in late.text
    assert leader.send(DIGITAL + "/edit", chosen(1, k3="in_class")).status_code == 303


def test_a_theme_that_an_edition_left_without_points_is_not_there_for_anybody_else(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    make.make_theme(at_home=("gone",), edition=1)
    db.session.commit()
    for name in ("class_teacher", "office", "akt", "guardian", "council_member", "newcomer"):
        browser = client_of(cast.users[name])
        for there in ("own1", "nothing"):
            path = f"/themes/{there}"
            assert browser.get(path).status_code == 404, name
            assert browser.get(path + "/edit").status_code == 404, name
            assert browser.send(path + "/edit", chosen(1, k1="at_home")).status_code == 404, name
            assert browser.send(path + "/remove").status_code == 404, name
    assert client.get("/themes/own1").status_code == 404
    assert client_of(cast.leader).get("/themes/own1/edit").status_code == 200


def test_a_childs_name_in_what_everybody_reads_is_asked_about(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    leader = client_of(cast.leader)
    form = {**chosen(k1="at_home"), "title": "Når Alma chatter"}
    for path in (DIGITAL + "/edit", "/themes/new"):
        named = leader.send(path, form)
        assert named.status_code == 422, path
        assert 'value="Alma"' in named.text, "it is offered to tick"
        assert 'value="Når Alma chatter"' in named.text
    assert "Alma" not in client.get("/themes/").text
    assert leader.send(DIGITAL + "/edit", {**form, "named": ["Alma"]}).status_code == 303
    again = {**form, "version": "1", "words": "chat"}
    assert leader.send(DIGITAL + "/edit", again).status_code == 303, "it has been asked about"


@pytest.mark.both
def test_two_who_choose_at_once_do_not_undo_each_other(
    cast: Cast, client_of: ClientOf, edition: Edition, database: str
) -> None:
    sends = [partial(client_of(cast.leader).send, DIGITAL + "/edit", chosen(k1="at_home")) for _ in range(4)]
    assert sorted(answer.status_code for answer in at_once(*sends)) == [303, 409, 409, 409]


def test_what_a_class_has_agreed_on_is_shown_to_those_who_may_read_it(
    cast: Cast, client: IsolatedClient, client_of: ClientOf, edition: Edition
) -> None:
    rules, parents = AgreementKind.RULES, AgreementKind.PARENTS
    make.make_agreement(cast.third, cast.class_teacher, parents, bodies=("- Mobiler", "- Skærmene ligger i skabet"))
    make.make_agreement(cast.third, cast.class_teacher, rules, bodies=("- Mobilen er slukket", "- Vi siger godmorgen"))
    make.make_agreement(cast.sixth, cast.teacher_elsewhere, rules, bodies=("- Mobilen er slukket",))
    make.make_agreement(cast.sixth, cast.teacher_elsewhere, parents, bodies=("- Mobilen er slukket om natten",))
    db.session.commit()

    def links(user: User) -> list[str]:
        text = client_of(user).get(DIGITAL).text
        every = [
            f"/agreements/classes/{one.id}/{kind}" for one in (cast.third, cast.sixth) for kind in (rules, parents)
        ]
        return [link for link in every if f'href="{link}"' in text]

    third, sixth = f"/agreements/classes/{cast.third.id}", f"/agreements/classes/{cast.sixth.id}"
    assert links(cast.guardian) == [f"{third}/parents"], "the rules of today say nothing of it"
    assert links(cast.guardian_of_two) == [f"{third}/parents", f"{sixth}/rules", f"{sixth}/parents"]
    assert links(cast.council_member) == [f"{sixth}/rules"], "pupils do not read the parents'"
    assert links(cast.helper) == links(cast.newcomer) == links(cast.leader) == []
    assert "/agreements/" not in client.get(DIGITAL).text


def test_where_there_is_no_strategy_there_is_no_theme(cast: Cast, client: IsolatedClient, client_of: ClientOf) -> None:
    assert client.get("/themes/").status_code == 404
    assert client.get(DIGITAL).status_code == 404
    assert client_of(cast.leader).get("/themes/new").status_code == 404
    assert client.get("/themes/nothing").status_code == 404
