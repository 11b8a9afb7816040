"""A council's talk: only its own council reads it, one press reports, one press hides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.models import Edition
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.strategy.test_pages import hidden_fields

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition()


@pytest.fixture
def amendment(cast: Cast, edition: Edition) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition)


@pytest.fixture
def comment(cast: Cast, amendment: Amendment) -> Comment:
    return make.make_comment(cast.council, cast.council_member, amendment, "Noget grimt.")


@pytest.mark.parametrize("about", ["clauses/k1", "amendments/1"])
def test_the_council_talks_with_first_name_and_class(
    cast: Cast, client_of: ClientOf, amendment: Amendment, about: str
) -> None:
    ella, viggo, lars = (client_of(user) for user in (cast.council_member, cast.council_chair, cast.facilitator))
    assert ella.send(f"/strategy/{about}/comments/new", {"text": "Min klasse siger ja."}).status_code == 303
    for browser in (ella, viggo, lars):
        page = browser.get(f"/strategy/{about}").text
        assert "Min klasse siger ja." in page
        assert "Ella, 6.A" in page
        assert "Holm" not in page


def test_a_protected_name_is_never_shown(cast: Cast, client_of: ClientOf, comment: Comment) -> None:
    cast.council_member.protection, cast.council_member.alias = Protection.NAME, "Elev 7"
    page = client_of(cast.council_chair).get(f"/strategy/amendments/{comment.amendment_id}").text
    assert "Elev 7" in page
    assert "Ella" not in page


def test_what_is_remembered_is_right_for_each_reader_and_each_day(
    cast: Cast, client_of: ClientOf, comment: Comment, wall_clock: Move
) -> None:
    page = f"/strategy/amendments/{comment.amendment_id}"
    ella, lars = client_of(cast.council_member), client_of(cast.facilitator)
    assert "This is not OK" in ella.get(page).text
    assert "This is not OK" not in lars.get(page).text
    assert "Hide it" in lars.get(page).text
    assert "today at" in ella.get(page).text
    wall_clock(timedelta(days=1))
    ella = client_of(cast.council_member)
    assert "yesterday at" in ella.get(page).text
    cast.council_member.language = "da"
    db.session.commit()
    assert "Det her er ikke okay" in ella.get(page).text
    assert "i går kl." in ella.get(page).text


def test_one_press_reports_and_the_facilitator_finds_it(cast: Cast, client_of: ClientOf, comment: Comment) -> None:
    viggo, lars = client_of(cast.council_chair), client_of(cast.facilitator)
    for _ in range(2):
        assert viggo.send(f"/strategy/comments/{comment.id}/report").status_code == 303
    assert db.session.query(Act).filter(Act.kind == ActKind.COMMENT_REPORTED).count() == 1
    assert "was reported" in lars.get("/").text
    assert "Noget grimt." in lars.get("/strategy/comments/reported").text
    assert "Noget grimt." not in viggo.get("/strategy/comments/reported").text


def test_one_press_hides_and_then_asks_whom_was_told(cast: Cast, client_of: ClientOf, comment: Comment) -> None:
    lars, ella = client_of(cast.facilitator), client_of(cast.council_member)
    answer = lars.send(f"/strategy/comments/{comment.id}/hide")
    assert answer.location == f"/strategy/comments/{comment.id}/told"
    page = f"/strategy/amendments/{comment.amendment_id}"
    assert "Noget grimt." not in ella.get(page).text
    assert "Noget grimt." in lars.get(page).text, "the facilitator keeps the text"
    assert lars.send(f"/strategy/comments/{comment.id}/told", {"told": "Klasselæreren"}).status_code == 303
    assert "Klasselæreren" in lars.get(page).text
    assert "Klasselæreren" not in ella.get(page).text
    late = lars.send(f"/strategy/comments/{comment.id}/told", {"told": "En anden", "seen": ""})
    assert late.status_code == 409
    assert "Klasselæreren" in late.text, "both texts are on the page"
    both = {"told": "Klasselæreren og en anden", "seen": hidden_fields(late.text)["seen"]}
    assert lars.send(f"/strategy/comments/{comment.id}/told", both).status_code == 303
    assert lars.send(f"/strategy/comments/{comment.id}/hide").status_code == 303
    assert db.session.query(Act).filter(Act.kind == ActKind.COMMENT_HIDDEN).count() == 1


def test_where_the_suggestion_has_gone_to_another_council_hiding_leads_to_what_was_reported(
    cast: Cast, client_of: ClientOf, comment: Comment
) -> None:
    db.session.get_one(Amendment, comment.amendment_id).council_id = make.make_council("Det lille elevråd", (0, 3)).id
    db.session.commit()
    lars = client_of(cast.facilitator)
    assert lars.send(f"/strategy/comments/{comment.id}/hide").status_code == 303
    told = f"/strategy/comments/{comment.id}/told"
    assert 'href="/strategy/comments/reported"' in lars.get(told).text
    assert lars.send(told, {"told": "Klasselæreren"}).location == "/strategy/comments/reported"
    assert lars.get("/strategy/comments/reported").status_code == 200


def test_only_a_hidden_comment_is_told_of(cast: Cast, client_of: ClientOf, comment: Comment) -> None:
    answer = client_of(cast.facilitator).send(f"/strategy/comments/{comment.id}/told", {"told": "Nogen"})
    assert answer.status_code == 422


def test_who_may_not_report_hide_or_read(cast: Cast, client_of: ClientOf, comment: Comment) -> None:
    for name in ("guardian", "class_teacher", "leader", "office", "teacher_elsewhere"):
        browser = client_of(cast.users[name])
        for verb in ("report", "hide", "told"):
            assert browser.send(f"/strategy/comments/{comment.id}/{verb}", {"told": "x"}).status_code == 404
    for verb in ("hide", "told"):
        answer = client_of(cast.council_chair).send(f"/strategy/comments/{comment.id}/{verb}", {"told": "x"})
        assert answer.status_code == 403
    assert db.session.get_one(Comment, comment.id).hidden_at is None


def test_the_other_councils_facilitator_neither_reads_nor_hides(
    cast: Cast, client_of: ClientOf, comment: Comment
) -> None:
    make.make_facilitator(make.make_council("Det lille elevråd", (0, 3)), cast.class_teacher)
    karen = client_of(cast.class_teacher)
    assert karen.send(f"/strategy/comments/{comment.id}/hide").status_code == 404
    assert "Noget grimt." not in karen.get("/strategy/clauses/k1").text


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001], ids=["empty", "blank", "long"])
def test_a_refused_comment_is_kept_in_its_field(cast: Cast, client_of: ClientOf, edition: Edition, text: str) -> None:
    answer = client_of(cast.council_member).send("/strategy/clauses/k1/comments/new", {"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert db.session.query(Comment).count() == 0
