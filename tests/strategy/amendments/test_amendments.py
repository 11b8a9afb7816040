"""Amendments from a draft to the council, by the pages and past them, and the year's review around them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.strategy.amendments import services
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.document import clause_text
from portal.strategy.kinds import AmendmentKind, AmendmentState, EditionState, Phase
from portal.strategy.models import Clause, Edition, Section
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

#: What only the board's answer, or the edition that carries it out, can end.
WAITS_FOR_AN_END = {AmendmentState.FORWARDED, AmendmentState.APPROVED, AmendmentState.APPROVED_CHANGED}
#: Those who write the grown-ups' own suggestions, and none in a council.
WRITE_THEIR_OWN = {"leader", "akt", "board_secretary"}
OUTSIDERS = [
    "guardian",
    "guardian_of_two",
    "teacher_elsewhere",
    "class_teacher",
    "leader",
    "office",
    "akt",
    "board_secretary",
    "helper",
    "newcomer",
]


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


@pytest.fixture
def cycle(edition: Edition) -> RevisionCycle:
    return make.make_cycle(edition)


@pytest.fixture
def draft(cast: Cast, edition: Edition) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.DRAFT)


@pytest.fixture
def substitute(cast: Cast) -> User:
    """Nils of 6.A, who comes to the council when somebody is ill."""
    pupil = make.make_pupil(cast.sixth, "Nils")
    make.seat(cast.council, pupil, cast.sixth, is_substitute=True)
    return db.session.get_one(User, pupil.user_id)


@pytest.fixture
def former_member(cast: Cast) -> User:
    """Frida of 6.A, whose seat ended yesterday."""
    pupil = make.make_pupil(cast.sixth, "Frida")
    make.seat(cast.council, pupil, cast.sixth, ends_on=clock.today() - timedelta(days=1))
    return db.session.get_one(User, pupil.user_id)


@pytest.fixture
def other_member(cast: Cast) -> User:
    """Anton of 3.A, who sits in the council of the small ones."""
    pupil = make.make_pupil(cast.third, "Anton")
    make.seat(make.make_council("Det lille elevråd", (0, 3)), pupil, cast.third)
    return db.session.get_one(User, pupil.user_id)


def only_amendment() -> Amendment:
    db.session.expire_all()
    return db.session.query(Amendment).one()


def test_a_member_writes_a_draft_in_two_questions_and_shows_it_to_the_council(
    cast: Cast, client_of: ClientOf, cycle: RevisionCycle
) -> None:
    ella = client_of(cast.council_member)
    assert "/strategy/clauses/k2/amendments/new" in ella.get("/strategy/clauses/k2").text
    first = ella.send("/strategy/clauses/k2/amendments/new", {"new_text": "Vi er gode ved alle."})
    amendment = only_amendment()
    assert first.location == f"/strategy/amendments/{amendment.id}/reason"
    assert (amendment.state, amendment.kind, amendment.base_text) == (
        AmendmentState.DRAFT,
        AmendmentKind.CHANGE,
        "Vi er gode ved hinanden.",
    )
    page = f"/strategy/amendments/{amendment.id}"
    ella.send(f"{page}/reason", {"reason": "Alle er med.", "version": 1})
    shown = ella.get(page).text
    assert "<del" in shown
    assert "<ins" in shown
    assert "Alle er med." in shown
    assert ella.send(f"{page}/submit", {"version": 2}).status_code == 303
    assert only_amendment().state == AmendmentState.IN_COUNCIL
    assert [act.kind for act in db.session.query(Act)] == [ActKind.AMENDMENT_SUBMITTED]


def test_a_clause_that_begins_with_a_number_is_offered_as_it_was_typed(cast: Cast, client_of: ClientOf) -> None:
    make.make_edition({"Vores mål": [clause_text("1. august vælger klassen sine regler.")]})
    ella = client_of(cast.council_member)
    page = ella.get("/strategy/clauses/k1/amendments/new").text
    assert ">1. august vælger klassen sine regler.</textarea>" in page.replace("\r\n", "")
    same = ella.send("/strategy/clauses/k1/amendments/new", {"new_text": "1. august vælger klassen sine regler."})
    assert same.status_code == 422
    ella.send("/strategy/clauses/k1/amendments/new", {"new_text": "1. september vælger klassen sine regler."})
    edit = ella.get(f"/strategy/amendments/{only_amendment().id}/edit").text
    assert "1. august vælger" in edit
    assert "1\\. august" not in edit
    words = ella.get(f"/strategy/amendments/{only_amendment().id}").text
    assert re.search(r"1\.<del>.* august</del><ins>.* september</ins> vælger", words)


@pytest.mark.parametrize("kind", ["add", "remove"])
def test_something_new_and_something_away(cast: Cast, client_of: ClientOf, cycle: RevisionCycle, kind: str) -> None:
    ella = client_of(cast.council_member)
    path = f"/strategy/clauses/k2/amendments/new?kind={kind}"
    assert ella.get(path).status_code == 200
    ella.send(path, {"new_text": "Vi leger med alle."} if kind == "add" else {"reason": "Det passer ikke."})
    amendment = only_amendment()
    assert amendment.clause_key == (None if kind == "add" else "k2")
    if kind == "add":
        ella.send(f"/strategy/amendments/{amendment.id}/reason", {"reason": "Det mangler.", "version": 1})
    db.session.refresh(amendment)
    assert ella.get(f"/strategy/amendments/{amendment.id}").status_code == 200
    answer = ella.send(f"/strategy/amendments/{amendment.id}/submit", {"version": amendment.version})
    assert answer.status_code == 303


def test_a_kind_of_somebody_elses_making_is_not_found(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    ella = client_of(cast.council_member)
    assert ella.get("/strategy/clauses/k2/amendments/new?kind=explode").status_code == 404
    assert ella.get("/strategy/clauses/nothing/amendments/new").status_code == 404
    assert ella.get("/strategy/clauses/æ%00/amendments/new").status_code in (400, 404)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_neither_write_nor_see(cast: Cast, client_of: ClientOf, draft: Amendment, name: str) -> None:
    browser, page = client_of(cast.users[name]), f"/strategy/amendments/{draft.id}"
    if name not in WRITE_THEIR_OWN:
        assert browser.send("/strategy/clauses/k2/amendments/new", {"new_text": "x"}).status_code == 403
    assert browser.send("/strategy/clauses/k2/comments/new", {"text": "x"}).status_code == 403
    for path in (page, f"{page}/edit", f"{page}/reason", f"{page}/withdraw", f"{page}/comments/new"):
        assert browser.get(path).status_code == 404, path
    for verb in ("edit", "reason", "submit", "withdraw", "comments/new"):
        assert browser.send(f"{page}/{verb}", {"version": 1, "text": "x"}).status_code == 404, verb
    assert draft.new_text not in browser.get("/strategy/amendments/").text
    assert draft.new_text not in browser.get("/strategy/clauses/k2").text
    assert only_amendment().state == AmendmentState.DRAFT
    assert db.session.query(Comment).count() == 0


def test_a_substitute_reads_and_does_not_write(
    client_of: ClientOf, draft: Amendment, cycle: RevisionCycle, substitute: User
) -> None:
    nils, page = client_of(substitute), f"/strategy/amendments/{draft.id}"
    assert nils.get(page).status_code == 200
    assert nils.send("/strategy/clauses/k2/amendments/new", {"new_text": "x"}).status_code == 403
    for verb in ("edit", "submit", "withdraw", "comments/new"):
        assert nils.send(f"{page}/{verb}", {"version": 1, "text": "x"}).status_code == 403


def test_a_pupil_whose_seat_ended_is_outside(client_of: ClientOf, draft: Amendment, former_member: User) -> None:
    draft.author_id = former_member.id
    frida = client_of(former_member)
    assert frida.get(f"/strategy/amendments/{draft.id}").status_code == 303, "the account closes with the seat"
    assert frida.send(f"/strategy/amendments/{draft.id}/submit", {"version": 1}).status_code == 401
    assert frida.send("/strategy/clauses/k2/amendments/new", {"new_text": "x"}).status_code == 401


def test_the_other_council_is_outside(client_of: ClientOf, draft: Amendment, other_member: User) -> None:
    anton = client_of(other_member)
    assert anton.get(f"/strategy/amendments/{draft.id}").status_code == 404
    assert anton.send(f"/strategy/amendments/{draft.id}/comments/new", {"text": "x"}).status_code == 404
    foreign = {"new_text": "Noget andet.", "council": draft.council_id}
    assert anton.send("/strategy/clauses/k2/amendments/new", foreign).status_code == 303
    made = db.session.query(Amendment).filter(Amendment.author_id == other_member.id).one()
    assert made.council_id != draft.council_id, "who sits in one council writes in that one, whatever the form says"


def test_who_helps_two_councils_chooses_and_only_among_them(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    small, foreign = make.make_council("Det lille elevråd", (0, 3)), make.make_council("Et andet", (10, 10))
    make.make_facilitator(small, cast.facilitator)
    lars, path = client_of(cast.facilitator), "/strategy/clauses/k2/amendments/new"
    assert lars.send(path, {"new_text": "x"}).status_code == 422
    assert lars.send(path, {"new_text": "x", "council": foreign.id}).status_code == 422
    assert lars.send(path, {"new_text": "x", "council": small.id}).status_code == 303
    assert only_amendment().council_id == small.id


def test_a_member_does_not_change_anothers_and_the_chair_has_no_extra_power(
    cast: Cast, client_of: ClientOf, draft: Amendment, cycle: RevisionCycle
) -> None:
    viggo, page = client_of(cast.council_chair), f"/strategy/amendments/{draft.id}"
    assert viggo.get(page).status_code == 200
    for verb in ("edit", "reason", "submit", "withdraw"):
        assert viggo.send(f"{page}/{verb}", {"version": 1}).status_code == 403
    assert client_of(cast.facilitator).send(f"{page}/submit", {"version": 1}).status_code == 303


@pytest.mark.parametrize("phase", [None, Phase.HEARING, Phase.BOARD, Phase.CLOSED])
def test_a_draft_is_written_at_any_time_and_waits_for_the_councils(
    cast: Cast, client_of: ClientOf, edition: Edition, phase: Phase | None
) -> None:
    if phase:
        make.make_cycle(edition, phase)
    ella = client_of(cast.council_member)
    ella.send("/strategy/clauses/k2/amendments/new", {"new_text": "Vi er gode ved alle."})
    amendment = only_amendment()
    page = f"/strategy/amendments/{amendment.id}"
    ella.send(f"{page}/reason", {"reason": "Alle er med.", "version": 1})
    assert "It waits here" in ella.get(page).text
    refused = ella.send(f"{page}/submit", {"version": 2})
    assert refused.status_code == 422
    assert "It waits here" in refused.text
    assert only_amendment().state == AmendmentState.DRAFT


def test_the_phase_counts_when_it_is_sent_and_not_when_the_page_was_opened(
    cast: Cast, client_of: ClientOf, draft: Amendment, cycle: RevisionCycle
) -> None:
    ella, page = client_of(cast.council_member), f"/strategy/amendments/{draft.id}"
    assert f"{page}/submit" in ella.get(page).text
    client_of(cast.leader).send("/strategy/cycle/move", {"seen": "council", "to": "hearing"})
    assert ella.send(f"{page}/submit", {"version": 1}).status_code == 422
    assert only_amendment().state == AmendmentState.DRAFT


def test_without_a_reason_it_is_not_sent(
    cast: Cast, client_of: ClientOf, draft: Amendment, cycle: RevisionCycle
) -> None:
    draft.reason = ""
    answer = client_of(cast.council_member).send(f"/strategy/amendments/{draft.id}/submit", {"version": 1})
    assert answer.status_code == 422
    assert "Write why first" in answer.text


def test_words_nobody_looked_at_are_not_sent(
    cast: Cast, client_of: ClientOf, draft: Amendment, cycle: RevisionCycle
) -> None:
    path = f"/strategy/amendments/{draft.id}"
    client_of(cast.facilitator).send(f"{path}/edit", {"new_text": "Andre ord.", "version": 1})
    assert client_of(cast.council_member).send(f"{path}/submit", {"version": 1}).status_code == 409


@pytest.mark.both
def test_ten_who_submit_at_the_same_moment_send_it_once(
    cast: Cast, client_of: ClientOf, draft: Amendment, cycle: RevisionCycle, database: str
) -> None:
    path = f"/strategy/amendments/{draft.id}/submit"
    browsers = [client_of(cast.council_member) for _ in range(6)]
    answers = at_once(*(partial(browser.send, path, {"version": 1}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 5
    assert db.session.query(Act).filter(Act.kind == ActKind.AMENDMENT_SUBMITTED).count() == 1


def test_a_double_click_is_one_draft(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    ella = client_of(cast.council_member)
    path = "/strategy/clauses/k2/amendments/new"
    first, second = (ella.send(path, {"new_text": "Nye ord."}, key="k" * 32) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(Amendment).count() == 1


@pytest.mark.both
@pytest.mark.parametrize(("page", "field"), [("edit", "new_text"), ("reason", "reason")])
def test_the_second_of_two_editors_gets_both_texts(
    cast: Cast, client_of: ClientOf, draft: Amendment, database: str, page: str, field: str
) -> None:
    path = f"/strategy/amendments/{draft.id}/{page}"
    texts = {cast.council_member: "Pigens egne ord.", cast.facilitator: "Lars' egne ord."}
    answers = at_once(
        *(partial(client_of(user).send, path, {field: text, "version": 1}) for user, text in texts.items())
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "egne ord" in getattr(only_amendment(), field)
    assert "Pigens egne ord." in refused.text
    assert "Lars&#39; egne ord." in refused.text
    assert re.search(r'name="version"[^>]*value="2"', refused.text)


def test_new_words_before_the_council_are_a_new_revision(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition)
    ella = client_of(cast.council_member)
    ella.send(f"/strategy/amendments/{amendment.id}/edit", {"new_text": "Helt andre ord.", "version": 1})
    assert (only_amendment().revision, only_amendment().version) == (2, 2)


@pytest.mark.parametrize(
    "state", [state for state in AmendmentState if state not in services.OPEN_WORDING], ids=lambda state: state.value
)
def test_decided_words_rest(cast: Cast, client_of: ClientOf, edition: Edition, state: AmendmentState) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition, state=state)
    lars, page = client_of(cast.facilitator), f"/strategy/amendments/{amendment.id}"
    assert lars.get(page).status_code == 200
    assert lars.send(f"{page}/edit", {"new_text": "Andre ord.", "version": 1}).status_code == 409
    assert lars.send(f"{page}/reason", {"reason": "Andre.", "version": 1}).status_code == 409
    assert lars.send(f"{page}/withdraw", {"note": "x"}).status_code == 409
    assert lars.send(f"{page}/submit", {"version": 1}).status_code in (409, 422)
    assert lars.send(f"{page}/merge", {"into": 1}).status_code in (409, 422)
    db.session.refresh(amendment)
    assert amendment.state == state


def test_an_open_vote_holds_it_still(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition, has_open_vote=True)
    ella, page = client_of(cast.council_member), f"/strategy/amendments/{amendment.id}"
    assert ella.send(f"{page}/edit", {"new_text": "Andre ord.", "version": 1}).status_code == 409
    assert ella.send(f"{page}/withdraw").status_code == 422
    assert only_amendment().state == AmendmentState.IN_COUNCIL


def test_a_pupil_takes_it_back_freely_and_the_facilitator_says_why(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    mine, other = (make.make_amendment(cast.council, cast.council_member, edition) for _ in range(2))
    assert client_of(cast.council_member).send(f"/strategy/amendments/{mine.id}/withdraw").status_code == 303
    lars = client_of(cast.facilitator)
    assert lars.send(f"/strategy/amendments/{other.id}/withdraw").status_code == 422
    assert lars.send(f"/strategy/amendments/{other.id}/withdraw", {"note": "Det står der."}).status_code == 303
    assert "Det står der." in client_of(cast.council_member).get(f"/strategy/amendments/{other.id}").text


def test_outside_the_council_the_author_is_the_council_and_nobody_reads_the_talk(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    make.make_comment(cast.council, cast.council_member, amendment, "Min klasse siger ja.")
    make.make_comment(cast.council, cast.council_member, edition.sections[-1].clauses[-1], "Er det sandt?")
    for name in ("guardian", "leader", "teacher_elsewhere"):
        browser = client_of(cast.users[name])
        page = browser.get(f"/strategy/amendments/{amendment.id}")
        assert page.status_code == 200
        pages = page.text + browser.get("/strategy/amendments/").text + browser.get("/strategy/clauses/k2").text
        assert "The student council" in page.text
        assert "Ella" not in pages
        assert "Min klasse siger ja." not in pages
        assert "Er det sandt?" not in pages
    inside = client_of(cast.council_chair).get(f"/strategy/amendments/{amendment.id}").text
    assert "Ella, 6.A" in inside
    assert "Holm" not in inside, "never a child's last name"


def test_the_public_reads_the_clause_and_no_amendment(client: IsolatedClient, cast: Cast, edition: Edition) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    page = client.get("/strategy/clauses/k2")
    assert page.status_code == 200
    assert amendment.new_text not in page.text
    assert client.get(f"/strategy/amendments/{amendment.id}").status_code == 303


def test_two_on_one_clause_are_shown_with_both_texts(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    first, second = (
        make.make_amendment(cast.council, cast.council_member, edition, new_text=text)
        for text in ("Vi er søde ved alle.", "Vi er gode venner.")
    )
    page = client_of(cast.council_chair).get(f"/strategy/amendments/{first.id}").text
    assert "Other suggestions for the same clause" in page
    assert "venner" in page
    assert f"/strategy/amendments/{second.id}" in page


def test_one_whose_clause_has_changed_says_so_with_both_texts(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, edition)
    ella, path = client_of(cast.council_member), f"/strategy/amendments/{amendment.id}"
    assert "has changed since" not in ella.get(path).text
    edition.state = EditionState.SUPERSEDED
    db.session.flush()
    new = make.make_edition({"Vores mål": ["Vi hilser.", "Vi er der for hinanden."]}, number=2)
    page = ella.get(path).text
    assert "has changed since" in page
    assert "Vi er der for hinanden." in page
    new.sections[-1].clauses[-1].key = "k9"
    assert "no longer in the strategy" in ella.get(path).text


@pytest.mark.both
@pytest.mark.parametrize(
    "odd",
    ["<script>alert(1)</script>", "a\u202eb", "\x00", "👩‍👩‍👧", "{{ 7 * 7 }}", "%(x)s", "[x](javascript:alert(1))"],
)
def test_odd_text_is_text(cast: Cast, client_of: ClientOf, edition: Edition, database: str, odd: str) -> None:
    ella = client_of(cast.council_member)
    answer = ella.send("/strategy/clauses/k2/amendments/new", {"new_text": f"Ord {odd}"})
    assert answer.status_code in (303, 400)
    if answer.status_code == 400:
        return
    amendment = only_amendment()
    page = f"/strategy/amendments/{amendment.id}"
    ella.send(f"{page}/reason", {"reason": f"Fordi {odd}", "version": 1})
    ella.send(f"{page}/comments/new", {"text": f"Sagt {odd}"})
    ella.send("/strategy/clauses/k2/comments/new", {"text": f"Sagt {odd}"})
    for path in (page, "/strategy/amendments/", "/strategy/clauses/k2", f"{page}/edit", f"{page}/withdraw"):
        shown = ella.get(path)
        assert shown.status_code == 200
        assert "<script>" not in shown.text
        assert 'href="javascript:' not in shown.text


@pytest.mark.parametrize(
    "data",
    [{}, {"new_text": ""}, {"new_text": "  \n"}, {"new_text": "x" * 10_000}, {"new_text": "Vi er gode ved hinanden."}],
    ids=["nothing", "empty", "blank", "too long", "the same"],
)
def test_a_refused_draft_keeps_what_was_typed(
    cast: Cast, client_of: ClientOf, edition: Edition, data: dict[str, str]
) -> None:
    answer = client_of(cast.council_member).send("/strategy/clauses/k2/amendments/new", data)
    assert answer.status_code == 422
    assert data.get("new_text", "").strip() in answer.text
    assert db.session.query(Amendment).count() == 0


def confirm(leader: IsolatedClient, reason: str) -> TestResponse:
    """Move on by the page that names what still waits, whatever that is."""
    page = leader.get("/strategy/cycle/move").text
    hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', page))
    return leader.send("/strategy/cycle/move", {**hidden, "reason": reason})


def test_who_may_open_and_move_the_review(cast: Cast, client_of: ClientOf, edition: Edition, wall_clock: Move) -> None:
    for name in ("guardian", "facilitator", "council_member", "class_teacher", "akt"):
        assert client_of(cast.users[name]).get("/strategy/cycle").status_code == 403
        assert client_of(cast.users[name]).send("/strategy/cycle/start").status_code == 403
        assert client_of(cast.users[name]).send("/strategy/cycle/move", {"seen": "x", "to": "y"}).status_code == 403
    leader = client_of(cast.leader)
    assert leader.send("/strategy/cycle/move", {"seen": "council", "to": "hearing"}).status_code == 409
    assert leader.send("/strategy/cycle/start").status_code == 303
    assert leader.send("/strategy/cycle/start").status_code == 409
    for seen, to, status in [
        ("council", "board", 422),
        ("council", "x", 422),
        ("hearing", "board", 409),
        ("council", "hearing", 303),
        ("hearing", "council", 303),
        ("council", "hearing", 303),
        ("hearing", "board", 303),
        ("board", "closed", 409),
    ]:
        assert leader.send("/strategy/cycle/move", {"seen": seen, "to": to}).status_code == status, (seen, to)
        assert leader.get("/strategy/cycle").status_code == 200
    assert confirm(leader, "No meeting of the board this year.").status_code == 303
    assert leader.get("/strategy/cycle/move").status_code == 404
    again = leader.send("/strategy/cycle/start")
    assert again.status_code == 422
    assert "has had its review" in again.text
    wall_clock(datetime(2027, 8, 2, 9, tzinfo=UTC))
    assert client_of(cast.leader).send("/strategy/cycle/start").status_code == 303, "the next year begins"


@pytest.mark.both
def test_two_who_open_the_review_at_once_open_one(
    cast: Cast, client_of: ClientOf, edition: Edition, database: str
) -> None:
    browsers = [client_of(user) for user in (cast.leader, cast.office, cast.board_secretary)]
    answers = at_once(*(partial(browser.send, "/strategy/cycle/start") for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert db.session.query(RevisionCycle).count() == 1


def test_closing_takes_what_lives_along_and_starts_it_from_the_new_text(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    made = {
        state: make.make_amendment(cast.council, cast.council_member, edition, state=state)
        for state in AmendmentState
        if state not in WAITS_FOR_AN_END
    }
    make.make_cycle(edition, Phase.BOARD)
    edition.state = EditionState.SUPERSEDED
    db.session.flush()
    new = make.make_edition({"Vores mål": ["Vi hilser.", "Vi er der for hinanden."]}, number=2)
    assert confirm(client_of(cast.leader), "The board meets in August.").status_code == 303
    living = {
        AmendmentState.DRAFT,
        AmendmentState.IN_COUNCIL,
        AmendmentState.POSTPONED,
        AmendmentState.ADOPTED,
        AmendmentState.DEFERRED,
    }
    for state, amendment in made.items():
        db.session.refresh(amendment)
        assert amendment.state == (AmendmentState.IN_COUNCIL if state == AmendmentState.DEFERRED else state)
        assert (amendment.base_edition_id == new.id) is (state in living), state
        assert (amendment.base_text == "Vi er der for hinanden.") is (state in living)


@pytest.mark.parametrize("state", sorted(WAITS_FOR_AN_END))
def test_closing_waits_for_every_answer_and_every_yes_for_its_edition(
    cast: Cast, client_of: ClientOf, edition: Edition, state: AmendmentState
) -> None:
    make.make_amendment(cast.council, cast.council_member, edition, state=state)
    cycle = make.make_cycle(edition, Phase.BOARD)
    assert confirm(client_of(cast.leader), "We have no time.").status_code == 422
    db.session.refresh(cycle)
    assert cycle.is_open


def test_a_clause_of_an_old_edition_takes_no_amendment(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    section = db.session.query(Section).one()
    old = make.make_edition({"Før": ["Det gamle."]}, number=9, state=EditionState.SUPERSEDED)
    clause = db.session.query(Clause).filter(Clause.edition_id == old.id).one()
    clause.key = "oldkey"
    assert section.edition_id == edition.id
    assert client_of(cast.council_member).get("/strategy/clauses/oldkey").status_code == 200
    answer = client_of(cast.council_member).send("/strategy/clauses/oldkey/amendments/new", {"new_text": "x"})
    assert answer.status_code == 404
