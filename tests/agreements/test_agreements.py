"""What a class agrees on, from the first text to next year's talk, and everybody who must not come near it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.agreements import queries
from portal.agreements.models import AgreementKind, AgreementRenewal, AgreementVersion, ClassAgreement
from portal.agreements.presenters import class_agreements
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.school.models import GuardianshipKind
from portal.school.text_templates.models import TemplateKind
from portal.text import clock
from tests import factories as make
from tests.cast import EVERYBODY, HOMES, OFFICE, STRANGERS, TEAM, Cast
from tests.conftest import ClientOf, Move, at_once

READERS = ("guardian", "other_home", "foster_parent", "leader", "akt")
TODAY = "2026-11-23"
LAST_YEAR = date(2025, 9, 1)


def path(cast: Cast, kind: str = "rules", page: str = "") -> str:
    return f"/agreements/classes/{cast.third.id}/{kind}{page}"


def words(body: str = "- Vi hilser.", *, version: int = 0, day: str = TODAY) -> dict[str, Any]:
    return {"body": body, "agreed_on": day, "version": version}


def bodies() -> list[str]:
    return list(db.session.scalars(select(AgreementVersion.body).order_by(AgreementVersion.number)))


def kinds_of_acts() -> list[ActKind]:
    return list(db.session.scalars(select(Act.kind).order_by(Act.id)))


@pytest.mark.both
def test_from_the_schools_template_to_the_homes(cast: Cast, client_of: ClientOf, database: str) -> None:
    make.make_template(TemplateKind.UPDATE, "Nyt", "### Nyheder")
    make.make_template(TemplateKind.RULES, "Fem regler", "- Sådan siger vi goddag: …")
    team, home = client_of(cast.class_teacher), client_of(cast.guardian)
    assert path(cast, page="/edit") in team.get(path(cast)).text, "an empty page says what to do first"
    assert path(cast, page="/edit") not in home.get(path(cast)).text
    page = team.get(path(cast, page="/edit")).text
    assert "- Sådan siger vi goddag: …" in page
    assert "Nyheder" not in page
    answer = team.send(path(cast, page="/edit"), words("- Vi siger **godmorgen** til alle."))
    assert answer.location == path(cast)
    page = home.get(path(cast)).text
    assert "<strong>godmorgen</strong>" in page
    assert "23. november 2026" in page
    assert kinds_of_acts() == [ActKind.CLASS_RULES_WRITTEN]
    assert [(row.school_year, row.renewed_on) for row in db.session.scalars(select(AgreementRenewal))] == [
        (2026, date(2026, 11, 23))
    ]


def test_one_of_several_templates_is_chosen_and_a_written_text_is_never_replaced(
    cast: Cast, client_of: ClientOf
) -> None:
    make.make_template(TemplateKind.RULES, "Kort", "- Kort")
    other = make.make_template(TemplateKind.RULES, "Lang", "- En lang")
    team = client_of(cast.class_teacher)
    assert "- Kort" in team.get(path(cast, page="/edit")).text
    assert "- En lang" in team.get(path(cast, page=f"/edit?template={other.id}")).text
    for nonsense in ("0", "-1", "x", "9" * 40, ""):
        assert "- Kort" in team.get(path(cast, page=f"/edit?template={nonsense}")).text
    make.make_agreement(cast.third, cast.class_teacher)
    page = team.get(path(cast, page=f"/edit?template={other.id}")).text
    assert "- Vi siger godmorgen til alle." in page
    assert "- En lang" not in page


def test_pupils_read_the_rules_of_their_class_and_not_what_the_parents_agreed(cast: Cast, client_of: ClientOf) -> None:
    made = {kind: make.make_agreement(cast.sixth, cast.teacher_elsewhere, kind) for kind in AgreementKind}
    pupil, where = client_of(cast.council_member), f"/agreements/classes/{cast.sixth.id}"
    for page in ("", "/poster", "/versions"):
        assert pupil.get(f"{where}/rules{page}").status_code == 200
        assert pupil.get(f"{where}/parents{page}").status_code == 404
    for kind, agreement in made.items():
        for version in queries.list_versions(agreement.id)[1:]:
            status = pupil.get(f"/agreements/versions/{version.id}").status_code
            assert status == (200 if kind == AgreementKind.RULES else 404)
    for page in ("/edit", "/confirm"):
        assert pupil.send(f"{where}/rules{page}", words()).status_code == 403
        assert pupil.send(f"{where}/parents{page}", words()).status_code == 404


@pytest.mark.parametrize("name", sorted(STRANGERS | OFFICE))
@pytest.mark.parametrize("kind", list(AgreementKind))
@pytest.mark.parametrize("written", [True, False], ids=["written", "not written"])
def test_strangers_get_the_same_404_as_for_nothing(
    cast: Cast, client_of: ClientOf, name: str, kind: AgreementKind, written: bool
) -> None:
    pages = ["", "/edit", "/poster", "/versions"]
    browser = client_of(cast.users[name])
    if written:
        agreement = make.make_agreement(cast.third, cast.class_teacher, kind)
        for version in queries.list_versions(agreement.id):
            assert browser.get(f"/agreements/versions/{version.id}").status_code == 404
            assert browser.get(f"/agreements/versions/{version.id}/compare").status_code == 404
    for page in pages:
        assert browser.get(path(cast, kind, page)).status_code == 404
    for page in ("/edit", "/confirm"):
        assert browser.send(path(cast, kind, page), words(version=2)).status_code == 404
    assert len(bodies()) == (2 if written else 0)


@pytest.mark.parametrize("name", READERS)
def test_readers_do_not_write(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser = client_of(cast.users[name])
    for kind in AgreementKind:
        make.make_agreement(cast.third, cast.class_teacher, kind)
        assert browser.get(path(cast, kind)).status_code == 200
        assert browser.get(path(cast, kind, "/edit")).status_code == 403
        assert browser.send(path(cast, kind, "/edit"), words(version=2)).status_code == 403
        assert browser.send(path(cast, kind, "/confirm"), {"renewed_on": TODAY, "version": 2}).status_code == 403
    assert len(bodies()) == 4


def test_the_parents_representatives_write_the_parents_text_and_not_the_childrens(
    cast: Cast, client_of: ClientOf
) -> None:
    representative = client_of(cast.guardian_of_two)
    assert representative.send(path(cast, "parents", "/edit"), words()).status_code == 303
    assert representative.send(path(cast, "rules", "/edit"), words()).status_code == 403
    assert representative.send(f"/agreements/classes/{cast.sixth.id}/parents/edit", words()).status_code == 403
    assert kinds_of_acts() == [ActKind.PARENT_AGREEMENTS_WRITTEN]


def test_a_representative_agrees_to_no_name_in_the_teams_place(cast: Cast, client_of: ClientOf) -> None:
    representative, page = client_of(cast.guardian_of_two), path(cast, "parents", "/edit")
    for ticked in ({}, {"agreed": "Otto"}):
        refused = representative.send(page, {**words("- Vi hilser på Otto."), **ticked})
        assert refused.status_code == 422
        assert "Her står et barns navn: Otto." in refused.text
        assert 'name="agreed"' not in refused.text
        assert "- Vi hilser på Otto." in refused.text, "what was typed stays"
    assert bodies() == []
    team = client_of(cast.class_teacher)
    assert team.send(page, {**words("- Vi hilser på Otto."), "agreed": "Otto"}).status_code == 303
    for other in ("- Vi hilser på Otto og Alma.", "- Otto må ikke komme med.", "- Vi hilser på Otto.\n- Otto driller."):
        refused = representative.send(page, words(other, version=1))
        assert refused.status_code == 422
        assert "Her står et barns navn: " in refused.text
    kept = "- Vi cykler.\n- Vi hilser på Otto."
    assert representative.send(page, words(kept, version=1)).status_code == 303, "taken over word for word"


def test_a_representative_who_leaves_the_class_writes_no_more(cast: Cast, client_of: ClientOf) -> None:
    make.enrol(make.make_pupil(None, "Nina"), cast.third)
    for enrolment in cast.otto.enrolments:
        enrolment.ends_on = clock.today() - timedelta(days=1)
    assert client_of(cast.guardian_of_two).send(path(cast, "parents", "/edit"), words()).status_code == 404


def test_a_newcomer_of_the_same_day_reads_and_a_helper_never(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher)
    child = make.make_pupil(None, "Nina")
    make.enrol(child, cast.third, starts_on=clock.today())
    make.tie(cast.newcomer, child, GuardianshipKind.FOSTER)
    assert client_of(cast.newcomer).get(path(cast)).status_code == 200
    assert client_of(cast.helper).get(path(cast)).status_code == 404


def test_the_second_of_two_editors_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher)
    first, second = client_of(cast.class_teacher), client_of(cast.pedagogue)
    assert first.send(path(cast, page="/edit"), words("- Den første.", version=2)).status_code == 303
    refused = second.send(path(cast, page="/edit"), words("- Den anden.", version=2))
    assert refused.status_code == 409
    assert "- Den første." in refused.text
    assert "- Den anden." in refused.text
    assert bodies()[-1] == "- Den første."
    assert re.search(r'<input[^>]*name="version"[^>]*value="3"', refused.text), "the next save is on top of the first"
    assert second.send(path(cast, page="/edit"), words("- Begge.", version=3)).status_code == 303
    assert bodies() == ["- Vi siger godmorgen.", "- Vi siger godmorgen til alle.", "- Den første.", "- Begge."]


@pytest.mark.both
@pytest.mark.parametrize("written", [True, False], ids=["over a text", "the first"])
def test_of_ten_who_write_at_the_same_moment_one_does(
    cast: Cast, client_of: ClientOf, database: str, written: bool
) -> None:
    if written:
        make.make_agreement(cast.third, cast.class_teacher)
    before = len(bodies())
    browsers = [client_of(cast.class_teacher if n % 2 else cast.pedagogue) for n in range(10)]
    answers = at_once(
        *(
            partial(browser.send, path(cast, page="/edit"), words(f"- Nummer {number}.", version=before))
            for number, browser in enumerate(browsers)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    assert len(bodies()) == before + 1
    assert db.session.query(ClassAgreement).one().version_count == before + 1
    assert kinds_of_acts() == [ActKind.CLASS_RULES_WRITTEN]
    kept = bodies()[-1]
    assert all(kept in answer.text for answer in answers if answer.status_code == 409)


def test_a_double_click_is_one_text(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    answers = [team.send(path(cast, page="/edit"), words(), key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert bodies() == ["- Vi hilser."]


def test_the_same_words_again_are_no_new_text(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher)
    answer = client_of(cast.class_teacher).send(
        path(cast, page="/edit"), words("- Vi siger godmorgen til alle.\r\n", version=2)
    )
    assert answer.status_code == 422
    assert len(bodies()) == 2


def test_the_team_is_asked_gently_and_the_homes_never(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    team, home = client_of(cast.class_teacher), client_of(cast.guardian)
    for reader in (home, client_of(cast.leader), client_of(cast.guardian_of_two)):
        assert "2026/27" not in reader.get(path(cast)).text
        assert "/confirm" not in reader.get(path(cast)).text
    assert "Tal om dem i 2026/27" in team.get(path(cast)).text
    answer = team.send(path(cast, page="/confirm"), {"renewed_on": "2026-11-20", "version": 2})
    assert answer.location == path(cast)
    assert "2026/27" not in team.get(path(cast)).text
    assert "talt om igen 20. november 2026" in home.get(path(cast)).text
    assert kinds_of_acts() == [ActKind.AGREEMENT_RENEWED]
    assert len(bodies()) == 2, "the words are the same"
    wall_clock(timedelta(days=365))
    assert "Tal om dem i 2027/28" in client_of(cast.class_teacher).get(path(cast)).text


def test_the_representatives_note_their_own_talk(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher, AgreementKind.PARENTS, agreed_on=LAST_YEAR)
    representative = client_of(cast.guardian_of_two)
    page = representative.get(path(cast, "parents")).text
    assert "/confirm" in page
    assert "2026/27" not in page, "no reminder: the team is asked"
    data = {"renewed_on": TODAY, "version": 2}
    assert representative.send(path(cast, "parents", "/confirm"), data).status_code == 303


@pytest.mark.both
def test_of_ten_renewals_at_the_same_moment_one_is_kept(cast: Cast, client_of: ClientOf, database: str) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    browsers = [client_of(cast.class_teacher if n % 2 else cast.pedagogue) for n in range(10)]
    data = {"renewed_on": TODAY, "version": 2}
    answers = at_once(*(partial(browser.send, path(cast, page="/confirm"), data) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    assert kinds_of_acts() == [ActKind.AGREEMENT_RENEWED]
    assert db.session.query(AgreementRenewal).filter_by(school_year=2026).count() == 1


def test_what_was_not_seen_is_not_confirmed(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    for version in (1, 3, 0, -1, "x", "9" * 30, ""):
        answer = client_of(cast.pedagogue).send(path(cast, page="/confirm"), {"renewed_on": TODAY, "version": version})
        assert answer.status_code == 409
        assert re.search(r'<input[^>]*name="version"[^>]*value="2"', answer.text)
    assert kinds_of_acts() == []


def test_nothing_can_be_confirmed_before_there_is_a_text(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    assert team.send(path(cast, page="/confirm"), {"renewed_on": TODAY, "version": 0}).status_code == 422
    assert team.get(path(cast, page="/poster")).status_code == 404
    assert team.get(path(cast, page="/versions")).status_code == 200
    assert db.session.query(ClassAgreement).count() == 0


IMPOSSIBLE_DAYS = ["", "2026-11-24", "2126-01-01", "0001-01-01", "2026-02-30", "2026-13-01", "x", "23-11-26x", "1e9"]


@pytest.mark.both
@pytest.mark.parametrize("day", [*IMPOSSIBLE_DAYS, "2026-07-31", "2025-09-01"])
def test_a_talk_is_noted_on_a_day_of_this_school_year(cast: Cast, client_of: ClientOf, database: str, day: str) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    answer = client_of(cast.class_teacher).send(path(cast, page="/confirm"), {"renewed_on": day, "version": 2})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert kinds_of_acts() == []


@pytest.mark.both
@pytest.mark.parametrize("day", [*IMPOSSIBLE_DAYS, "2025-07-31", "2026-08-19"])
def test_a_text_is_agreed_on_a_day_that_can_be(cast: Cast, client_of: ClientOf, database: str, day: str) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=date(2026, 8, 20))
    answer = client_of(cast.class_teacher).send(path(cast, page="/edit"), words("- Nyt.", version=2, day=day))
    assert answer.status_code == 422
    assert "- Nyt." in answer.text, "what was typed is kept"
    assert len(bodies()) == 2


def test_last_years_text_can_be_entered_and_is_then_still_to_be_talked_about(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    assert team.send(path(cast, page="/edit"), words(day="2025-09-10")).status_code == 303
    assert "Tal om dem i 2026/27" in team.get(path(cast)).text


@pytest.mark.parametrize("body", ["", "   \n ", "\x00", "x" * 10_001], ids=["nothing", "blank", "NUL", "too long"])
def test_a_refused_text_keeps_nothing(cast: Cast, client_of: ClientOf, body: str) -> None:
    answer = client_of(cast.class_teacher).send(path(cast, page="/edit"), words(body))
    assert answer.status_code in (400, 422)
    assert bodies() == []
    assert db.session.query(ClassAgreement).count() == 0


@pytest.mark.both
@pytest.mark.parametrize(
    "odd", ["a\u202eb", "👩‍👩‍👧", "<script>alert(1)</script>", "%(x)s", "{{ 7 * 7 }}", "###", "|" * 200]
)
def test_odd_text_is_text(cast: Cast, client_of: ClientOf, database: str, odd: str) -> None:
    team = client_of(cast.class_teacher)
    assert team.send(path(cast, page="/edit"), words(f"- Regel {odd}")).status_code == 303
    assert team.send(path(cast, page="/edit"), words(f"{odd} - Ny {odd}", version=1)).status_code == 303
    version = db.session.query(AgreementVersion).filter_by(number=2).one()
    for address in (path(cast), path(cast, page="/poster"), f"/agreements/versions/{version.id}/compare"):
        page = team.get(address)
        assert page.status_code == 200
        assert "<script>" not in page.text


@pytest.mark.parametrize("kind", ["update", "RULES", "rules%00", "0", "a" * 300, "æ"])
def test_there_are_two_kinds_and_no_more(cast: Cast, client_of: ClientOf, kind: str) -> None:
    team = client_of(cast.class_teacher)
    assert team.get(path(cast, kind)).status_code in (400, 404)
    assert team.send(path(cast, kind, "/edit"), words()).status_code in (400, 404)


def test_what_is_not_there_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    team, leader = client_of(cast.class_teacher), client_of(cast.leader)
    for number in ("0", "999999", "-1", "99999999999999999999", "x"):
        for browser in (team, leader):
            assert browser.get(f"/agreements/classes/{number}/rules").status_code == 404
            assert browser.get(f"/agreements/versions/{number}").status_code == 404
            assert browser.send(f"/agreements/classes/{number}/rules/edit", words()).status_code == 404


def test_earlier_texts_stay_and_any_two_can_be_compared(cast: Cast, client_of: ClientOf) -> None:
    agreement = make.make_agreement(
        cast.third, cast.class_teacher, bodies=("- Vi hilser.", "- Vi hilser altid.", "- Vi **hilser** på alle.")
    )
    other = make.make_agreement(cast.sixth, cast.teacher_elsewhere)
    third, second, first = queries.list_versions(agreement.id)
    home = client_of(cast.guardian)
    page = home.get(path(cast, page="/versions")).text
    assert all(f"/agreements/versions/{one.id}" in page for one in (first, second, third))
    assert "Vi hilser." in home.get(f"/agreements/versions/{first.id}").text
    assert home.get(f"/agreements/versions/{third.id}").location == path(cast), "what holds is on its own page"
    from_second = home.get(f"/agreements/versions/{third.id}/compare").text
    assert re.search(r"<del>.*altid", from_second)
    from_first = home.get(f"/agreements/versions/{third.id}/compare?before=1").text
    assert re.search(r"<ins>.*på alle", from_first)
    assert "altid" not in from_first
    for nonsense in ("3", "4", "0", "-1", "x", "9" * 30):
        assert home.get(f"/agreements/versions/{third.id}/compare?before={nonsense}").status_code == 404
    assert home.get(f"/agreements/versions/{first.id}/compare").status_code == 404, "there is nothing before it"
    assert home.get(f"/agreements/versions/{queries.list_versions(other.id)[0].id}/compare").status_code == 404


@pytest.mark.both
def test_leadership_sees_which_classes_have_talked_this_year(cast: Cast, client_of: ClientOf, database: str) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    make.make_agreement(cast.sixth, cast.teacher_elsewhere, agreed_on=date(2026, 10, 2))
    make.make_pupil(make.make_class("0.B", 0, hue=1), "Ida")
    make.make_class("0.C", 0, hue=2)  # nobody is in it
    standings = {ref.label: texts for ref, texts in queries.list_standings_everywhere(today=clock.today())}
    assert list(standings) == ["0.B", "3.A", "6.A"]
    assert standings["0.B"] == {}
    assert not standings["3.A"][AgreementKind.RULES].is_renewed
    assert standings["6.A"][AgreementKind.RULES].is_renewed
    page = client_of(cast.leader).get("/agreements/").text
    assert "1. september 2025" in page
    assert "2. oktober 2026" in page
    assert "1/3" in page
    assert "0/3" in page


@pytest.mark.parametrize("name", ["class_teacher", "guardian_of_two", "office", "council_member", "helper"])
def test_nobody_else_sees_the_list_of_classes(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(cast.users[name]).get("/agreements/").status_code == 403


def test_a_classs_page_is_told_of_what_is_due_only_for_its_writers(app: Flask, cast: Cast) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    people = cast.people
    with app.test_request_context():
        due = {
            name: [(card.is_written, card.is_due) for card in class_agreements(people[name], cast.third.id)]
            for name in ("class_teacher", "guardian_of_two", "guardian", "leader", "helper", "office")
        }
    assert due == {
        "class_teacher": [(True, True), (False, True)],
        "guardian_of_two": [(True, False), (False, True)],
        "guardian": [(True, False)],
        "leader": [(True, False)],
        "helper": [],
        "office": [],
    }


def told() -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Delivery.user_id, Act.kind)
        .join(Act, Act.id == Delivery.act_id)
        .where(Delivery.channel == Channel.PORTAL)
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.both
@pytest.mark.parametrize("kind", list(AgreementKind))
def test_the_homes_are_told_of_a_new_text_and_nobody_else(
    app: Flask, cast: Cast, client_of: ClientOf, database: str, kind: AgreementKind
) -> None:
    client_of(cast.class_teacher).send(path(cast, kind, "/edit"), words())
    child = make.make_pupil(cast.third, "Nina")
    make.tie(cast.newcomer, child)
    db.session.commit()
    worker = Worker(app)
    worker.chores = []
    while worker.round():
        pass
    act = {"rules": "class_rules_written", "parents": "parent_agreements_written"}[kind]
    expected = {(cast.users[name].id, act) for name in HOMES | {"newcomer"}}
    assert set(told()) == expected
    assert len(told()) == len(expected)
    page = client_of(cast.guardian).get("/notifications/").text
    assert {"rules": "Nye samværsregler i 3.A (Alma)", "parents": "Nye forældreaftaler i 3.A (Alma)"}[kind] in page
    delivery = db.session.query(Delivery).filter_by(user_id=cast.guardian.id, channel=Channel.PORTAL).one()
    answer = client_of(cast.guardian).send(f"/notifications/{delivery.id}/opened", follow_redirects=True)
    assert "Vi hilser." in answer.text


def test_who_leaves_before_the_telling_is_not_told(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.class_teacher).send(path(cast, page="/edit"), words())
    for enrolment in cast.alma.enrolments:
        enrolment.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    worker = Worker(app)
    worker.chores = []
    while worker.round():
        pass
    assert {user_id for user_id, _ in told()} == {cast.guardian_of_two.id, cast.foster_parent.id}


def test_a_confirmed_text_tells_nobody(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.class_teacher, agreed_on=LAST_YEAR)
    client_of(cast.class_teacher).send(path(cast, page="/confirm"), {"renewed_on": TODAY, "version": 2})
    worker = Worker(app)
    worker.chores = []
    while worker.round():
        pass
    assert told() == []


@pytest.mark.parametrize("body", ["- Vi hjælper Alma.", "[Hvem ringer vi til?]"])
def test_a_childs_name_and_a_templates_question_are_held_back(cast: Cast, client_of: ClientOf, body: str) -> None:
    team = client_of(cast.class_teacher)
    refused = team.send(path(cast, page="/edit"), words(body))
    assert refused.status_code == 422
    assert bodies() == []
    if "Alma" in body:
        assert 'value="Alma"' in refused.text
        assert team.send(path(cast, page="/edit"), {**words(body), "agreed": ["Alma"]}).status_code == 303


def test_the_overview_counts_no_class_without_children(cast: Cast, client_of: ClientOf) -> None:
    make.make_class("9.X", 9)
    page = client_of(cast.leader).get("/agreements/").text
    assert "3.A" in page
    assert "9.X" not in page


# A name that was open when the text was written, and is protected now


@pytest.mark.both
def test_a_name_that_is_protected_by_now_is_covered_on_every_page_for_those_who_may_not_know_it(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    written = ("- Alma og Otto hilser.", "- Otto og Alma hilser på alle.")
    make.make_agreement(cast.third, cast.guardian_of_two, AgreementKind.PARENTS, bodies=written)
    agreement = queries.get_agreement(cast.third.id, "parents")
    assert agreement is not None
    first, second = (version.id for version in reversed(queries.list_versions(agreement.id)))
    pages = (
        *(path(cast, "parents", page) for page in ("", "/poster", "/versions")),
        *(f"/agreements/versions/{first}", f"/agreements/versions/{second}/compare"),
    )
    make.make_former_name(cast.alma)
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    db.session.commit()
    for name in ("guardian", "guardian_of_two", "foster_parent", "akt"):
        browser = client_of(cast.users[name])
        for page in pages:
            assert "Alma" not in browser.get(page).text, (name, page)
        assert "(et barn)" in browser.get(f"/agreements/versions/{first}").text
    for name in ("class_teacher", "leader"):
        assert "Alma" in client_of(cast.users[name]).get(f"/agreements/versions/{first}").text
    assert bodies() == list(written), "a record is not changed"
    # whoever goes on writing from it begins with what they may read, and heals it
    writer = client_of(cast.guardian_of_two)
    assert "Alma" not in writer.get(path(cast, "parents", "/edit")).text
    late = writer.send(path(cast, "parents", "/edit"), words("- Vi hilser.", version=1))
    assert late.status_code == 409
    assert "Alma" not in late.text


@pytest.mark.both
def test_a_name_written_after_it_was_protected_looks_like_any_other(
    cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    """Else a representative writes down names until one of them is covered."""
    make.make_former_name(cast.alma)
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    db.session.commit()
    wall_clock(timedelta(minutes=1))
    writer = client_of(cast.guardian_of_two)
    for number, body in enumerate(("- Hej.", "- Alma hilser.", "- Asta hilser.", "- Vi hilser.")):
        assert writer.send(path(cast, "parents", "/edit"), words(body, version=number)).status_code == 303
    agreement = queries.get_agreement(cast.third.id, "parents")
    assert agreement is not None
    writer.get("/")  # says what was saved
    found = [writer.get(f"/agreements/versions/{one.id}").text for one in queries.list_versions(agreement.id)[1:3]]
    asta, alma = (re.sub(r"Alma|Asta|/\d+|[\w-]{40,}", "", text) for text in found)
    assert alma == asta
    assert "(et barn)" not in alma


@pytest.mark.both
def test_the_team_hides_an_earlier_text_and_nobody_else_does_or_reads_it_then(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    writer, team = client_of(cast.guardian_of_two), client_of(cast.class_teacher)
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Stjerne"
    for number, body in enumerate(("- Hej.", "- Alma hilser.", "- Vi hilser.")):
        assert writer.send(path(cast, "parents", "/edit"), words(body, version=number)).status_code == 303
    agreement = queries.get_agreement(cast.third.id, "parents")
    assert agreement is not None
    third, second, first = (one.id for one in queries.list_versions(agreement.id))
    page = f"/agreements/versions/{second}"
    assert "Alma" in team.get(page).text
    for name in sorted(EVERYBODY - TEAM - {"leader"}):
        assert client_of(cast.users[name]).send(f"{page}/hide").status_code in (403, 404), name
    holds_now = team.send(f"/agreements/versions/{third}/hide")
    assert holds_now.status_code == 422
    assert writer.get(page).status_code == 200
    for _ in range(2):
        assert client_of(cast.leader).send(f"{page}/hide").status_code == 303
    assert kinds_of_acts().count(ActKind.AGREEMENT_HIDDEN) == 1
    for name in ("guardian_of_two", "guardian", "foster_parent", "akt"):
        reader = client_of(cast.users[name])
        assert {reader.get(page).status_code, reader.get(f"{page}/compare").status_code} == {404}, name
        for place in (path(cast, "parents", "/versions"), f"/agreements/versions/{third}/compare"):
            answer = reader.get(place)
            assert answer.status_code == 200
            assert page not in answer.text, (name, place)
            assert "Alma" not in answer.text
        assert reader.get(f"/agreements/versions/{third}/compare?before={2}").status_code == 404
    assert "Alma" in team.get(page).text
    assert reader.get(f"/agreements/versions/{first}").status_code == 200


def test_what_was_told_of_a_hidden_text_leaves_every_list(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    writer = client_of(cast.guardian_of_two)
    for number, body in enumerate(("- Hej.", "- Vi hilser.")):
        writer.send(path(cast, "parents", "/edit"), words(body, version=number))
    Worker(app).tell_some()
    agreement = queries.get_agreement(cast.third.id, "parents")
    assert agreement is not None
    _, first = (one.id for one in queries.list_versions(agreement.id))
    home = client_of(cast.guardian)
    lines = home.get("/notifications/").text.count("/open")
    client_of(cast.class_teacher).send(f"/agreements/versions/{first}/hide")
    assert home.get("/notifications/").text.count("/open") == lines - 1
