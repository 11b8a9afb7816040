"""A decision that was written down wrongly is put right until its edition is published, and what was heard follows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.decisions.models import Decision, EarlierDecision
from portal.strategy.decisions.services import stamp_of
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from portal.strategy.publishing.services import plan_edition
from portal.strategy.replies.models import ReplySheet
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.strategy.test_pages import hidden_fields

State = AmendmentState
WRONG, RIGHT = "Nej, det gør vi ikke i år. Tak for idéen.", "Ja, det gør vi nu. Tak for jeres gode idé."


@pytest.fixture
def edition() -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi leger."]})


@pytest.fixture
def amendment(cast: Cast, edition: Edition, client_of: ClientOf) -> Amendment:
    """Ella's idea, to which the secretary has typed a no; her class and the council have a sheet each."""
    make.make_cycle(edition, Phase.BOARD)
    found = make.make_amendment(cast.council, cast.council_member, edition, state=State.FORWARDED, title="Leg")
    answer = client_of(cast.board_secretary).send(
        "/strategy/decisions",
        {
            "decided_on": clock.today().isoformat(),
            f"outcome_{found.id}": "rejected",
            f"reason_{found.id}": "For dyrt.",
            f"child_reply_{found.id}": WRONG,
        },
    )
    assert answer.status_code == 303
    db.session.refresh(found)
    return found


def correct(
    browser: IsolatedClient, amendment: Amendment | int, seen: str | None = None, **values: str
) -> TestResponse:
    amendment_id = amendment if isinstance(amendment, int) else amendment.id
    path = f"/strategy/decisions/amendments/{amendment_id}/correct"
    if seen is None:
        found = re.search(r'name="seen" type="hidden" value="([^"]*)"', browser.get(path).text)
        seen = found[1] if found else ""
    form = {
        "outcome": "approved",
        "reason": "God idé.",
        "child_reply": RIGHT,
        "final_text": "",
        "why": "Forkert række.",
    }
    return browser.send(path, {**form, "why": "Forkert række.", "seen": seen, **values})


def tick(browser: IsolatedClient, sheet: ReplySheet, page: str) -> TestResponse:
    """Press on a page that shows a sheet that it was read aloud."""
    [seen] = re.findall(r'name="seen" value="([^"]*)"', page)
    return browser.send(f"/strategy/replies/{sheet.id}/read", {"seen": seen})


def sheets() -> list[ReplySheet]:
    return db.session.query(ReplySheet).order_by(ReplySheet.id).all()


@pytest.mark.both
def test_a_no_that_was_a_yes_is_put_right_and_what_stood_there_is_kept(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    secretary = client_of(cast.board_secretary)
    cycle = get_cycle()
    assert cycle is not None
    stamp = plan_edition(cycle).stamp
    assert "Ret beslutningen" in secretary.get(f"/strategy/amendments/{amendment.id}").text
    assert correct(secretary, amendment).status_code == 303
    db.session.refresh(amendment)
    decision = db.session.query(Decision).one()
    assert (amendment.state, decision.outcome, decision.child_reply) == (State.APPROVED, State.APPROVED, RIGHT)
    assert decision.final_text == amendment.new_text
    kept = db.session.query(EarlierDecision).one()
    assert (kept.outcome, kept.child_reply, kept.reason, kept.why) == (
        State.REJECTED,
        WRONG,
        "For dyrt.",
        "Forkert række.",
    )
    assert [change.amendment.id for change in plan_edition(cycle).changes] == [amendment.id]
    assert plan_edition(cycle).stamp != stamp
    page = secretary.get(f"/strategy/decisions/amendments/{amendment.id}/correct").text
    assert WRONG in page
    assert "Forkert række." in page
    assert db.session.query(Act).filter_by(kind=ActKind.DECISION_CORRECTED).count() == 1


def test_whoever_has_seen_the_edition_sees_that_its_words_were_put_right(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    secretary = client_of(cast.board_secretary)
    words = {"outcome": "approved_changed", "final_text": "Vi leger hver dag."}
    assert correct(secretary, amendment, **words).status_code == 303
    seen = re.search(r'name="stamp" type="hidden" value="([^"]*)"', secretary.get("/strategy/publishing").text)
    assert seen is not None
    assert correct(secretary, amendment, **{**words, "final_text": "Vi leger hver eneste dag."}).status_code == 303
    published = {"stamp": seen[1], "approved_on": clock.today().isoformat()}
    assert secretary.send("/strategy/publishing", published).status_code == 409
    assert db.session.query(Edition).count() == 1


def test_a_sheet_that_nobody_has_read_says_the_right_answer_and_a_class_that_has_heard_gets_another(
    cast: Cast, amendment: Amendment, client_of: ClientOf, wall_clock: Move
) -> None:
    of_class, of_council = sheets()
    teacher = client_of(cast.teacher_elsewhere)
    assert tick(teacher, of_class, teacher.get(f"/strategy/replies/{of_class.id}").text).status_code == 303
    wall_clock(timedelta(hours=1))
    assert correct(client_of(cast.board_secretary), amendment).status_code == 303
    db.session.expire_all()
    heard, unread, again = sheets()
    assert (heard.id, heard.text, heard.outcome) == (of_class.id, WRONG, State.REJECTED), "what was read aloud stays"
    assert (unread.id, unread.text, unread.outcome) == (of_council.id, RIGHT, State.APPROVED)
    assert (again.text, again.pupil_id, again.class_id, again.read_at) == (RIGHT, cast.ella.id, cast.sixth.id, None)
    page = client_of(cast.teacher_elsewhere).get(f"/strategy/replies/{again.id}").text
    assert "I har hørt et svar før." in page
    assert RIGHT in page
    assert "I har hørt et svar før." not in client_of(cast.facilitator).get(f"/strategy/replies/{unread.id}").text
    assert f'href="/strategy/replies/{again.id}"' in client_of(cast.teacher_elsewhere).get("/").text


@pytest.mark.both
def test_who_has_read_the_wrong_answer_aloud_cannot_tick_the_right_one(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    of_class, _ = sheets()
    path, teacher = f"/strategy/replies/{of_class.id}", client_of(cast.teacher_elsewhere)
    opened = teacher.get(path).text
    assert WRONG in opened
    assert correct(client_of(cast.board_secretary), amendment).status_code == 303
    for answer in (tick(teacher, of_class, opened), teacher.send(f"{path}/read")):
        assert answer.status_code == 409
        assert "Svaret er rettet, efter at du åbnede det." in answer.text
        assert RIGHT in answer.text
        assert WRONG not in answer.text
    db.session.expire_all()
    assert [one.read_at for one in sheets()] == [None, None]
    assert tick(teacher, of_class, answer.text).status_code == 303
    assert tick(teacher, of_class, opened).status_code == 303, "it is ticked already, and nothing changes"
    db.session.expire_all()
    assert [one.read_by_id for one in sheets()] == [cast.teacher_elsewhere.id, None]


def test_no_tick_stands_where_the_answer_does_not(cast: Cast, amendment: Amendment, client_of: ClientOf) -> None:
    """What was read from paper last week may have been put right since: the tick is under the words of today."""
    of_class, _ = sheets()
    page = client_of(cast.teacher_elsewhere).get("/").text
    assert f'href="/strategy/replies/{of_class.id}"' in page
    assert f"/strategy/replies/{of_class.id}/read" not in page


def test_a_meeting_that_was_told_the_wrong_answer_ticks_the_right_one_on_its_sheet(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    _, of_council = sheets()
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting)
    db.session.commit()
    lars, path = client_of(cast.facilitator), f"/council/meetings/{meeting.id}"
    assert lars.send(f"{path}/start").status_code == 303
    opened = lars.get(path).text
    assert WRONG in opened
    assert correct(client_of(cast.board_secretary), amendment).status_code == 303
    assert tick(lars, of_council, opened).status_code == 409
    page = lars.get(path).text
    assert f"/strategy/replies/{of_council.id}/read" not in page
    assert "Læs det rigtige svar op" in page
    sheet = lars.get(f"/strategy/replies/{of_council.id}").text
    assert RIGHT in sheet
    assert tick(lars, of_council, sheet).status_code == 303
    assert "Læs det rigtige svar op" not in lars.get(path).text


def test_whoever_is_to_read_it_aloud_is_told_again_when_it_is_put_right(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    def told() -> list[int]:
        return [act.subject_id for act in db.session.query(Act).filter_by(kind=ActKind.REPLY_SENT).order_by(Act.id)]

    of_class, of_council = (sheet.id for sheet in sheets())
    assert told() == [of_class, of_council]
    for_grown_ups = {"outcome": "rejected", "child_reply": WRONG, "reason": "Det er for dyrt i år."}
    assert correct(client_of(cast.board_secretary), amendment, **for_grown_ups).status_code == 303
    assert told() == [of_class, of_council]
    assert correct(client_of(cast.board_secretary), amendment).status_code == 303
    assert told() == [of_class, of_council] * 2


def test_words_for_grown_ups_alone_send_no_child_anything_new(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    for sheet in sheets():
        sheet.read_at, sheet.read_by_id = clock.now(), cast.facilitator.id
    db.session.commit()
    same = {"outcome": "rejected", "child_reply": WRONG, "reason": "Det er for dyrt i år."}
    assert correct(client_of(cast.board_secretary), amendment, **same).status_code == 303
    assert len(sheets()) == 2
    assert db.session.query(EarlierDecision).count() == 1


@pytest.mark.parametrize("name", ["leader", "akt", "office", "facilitator", "council_member", "guardian"])
def test_nobody_else_puts_a_decision_right(cast: Cast, amendment: Amendment, client_of: ClientOf, name: str) -> None:
    assert correct(client_of(cast.users[name]), amendment, seen="x").status_code == 403
    assert "Ret beslutningen" not in client_of(cast.users[name]).get(f"/strategy/amendments/{amendment.id}").text
    assert db.session.query(EarlierDecision).count() == 0


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"outcome": "rejected", "reason": "For dyrt.", "child_reply": WRONG}, "Intet er ændret"),
        ({"child_reply": "Ja, tak."}, "en hel sætning"),
        ({"why": ""}, ""),
        ({"outcome": "approved_changed", "final_text": ""}, ""),
        ({"outcome": "in_edition"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_keeps_what_was_typed(
    cast: Cast, amendment: Amendment, client_of: ClientOf, values: dict[str, str], says: str
) -> None:
    answer = correct(client_of(cast.board_secretary), amendment, **values)
    assert answer.status_code == 422
    assert says in answer.text
    assert values.get("child_reply", RIGHT) in answer.text
    assert db.session.query(Decision).one().outcome is State.REJECTED
    assert db.session.query(EarlierDecision).count() == 0


@pytest.mark.parametrize("phase", [None, Phase.HEARING, Phase.CLOSED])
def test_once_the_board_is_done_nothing_is_put_right(
    cast: Cast, amendment: Amendment, client_of: ClientOf, phase: Phase | None
) -> None:
    cycle = get_cycle()
    assert cycle is not None
    seen = re.search(
        r'name="seen" type="hidden" value="([^"]*)"',
        client_of(cast.board_secretary).get(f"/strategy/decisions/amendments/{amendment.id}/correct").text,
    )
    assert seen is not None
    cycle.phase, cycle.is_open = phase or Phase.CLOSED, phase is Phase.HEARING
    db.session.commit()
    assert correct(client_of(cast.board_secretary), amendment, seen=seen[1]).status_code == 422
    assert db.session.query(EarlierDecision).count() == 0


def test_an_answer_of_an_earlier_review_offers_no_press(cast: Cast, amendment: Amendment, client_of: ClientOf) -> None:
    """A no of last year stays a no while the board sits again; one that was put off is answered in both."""
    secretary, page = client_of(cast.board_secretary), f"/strategy/amendments/{amendment.id}"
    assert "Ret beslutningen" in secretary.get(page).text
    last_year = db.session.query(Decision).one()
    cycle = get_cycle()
    assert cycle is not None
    cycle.phase, cycle.is_open, cycle.school_year = Phase.CLOSED, False, cycle.school_year - 1
    db.session.flush()
    now_open = make.make_cycle(db.session.query(Edition).one(), Phase.BOARD)
    db.session.commit()
    assert now_open.id != last_year.cycle_id
    assert "Ret beslutningen" not in secretary.get(page).text
    assert "historie nu" in secretary.get(f"/strategy/decisions/amendments/{amendment.id}/correct").text
    assert correct(secretary, amendment, seen=stamp_of(last_year)).status_code == 422
    make.make_decision(amendment, cast.board_secretary, outcome=State.REJECTED)
    db.session.commit()
    assert "Ret beslutningen" in secretary.get(page).text
    assert correct(secretary, amendment).status_code == 303


def test_the_second_secretary_sees_what_the_first_wrote_and_goes_on_from_there(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    first, second = client_of(cast.board_secretary), client_of(cast.board_secretary)
    path = f"/strategy/decisions/amendments/{amendment.id}/correct"
    opened = hidden_fields(second.get(path).text)["seen"]
    words = {"outcome": "approved_changed", "final_text": "Vi leger hver dag.", "reason": "Alle vil det."}
    assert correct(first, amendment, seen=opened, **words).status_code == 303
    answer = correct(second, amendment, seen=opened, reason="Bestyrelsen var enig.", why="Jeg hørte forkert.")
    assert answer.status_code == 409
    card = answer.text.split("Det har en kollega gemt imens")[1].split("Din egen tekst")[0]
    for text in ("Ja, med andre ord", "Vi leger hver dag.", "Alle vil det.", RIGHT):
        assert text in card
    assert "Bestyrelsen var enig." in answer.text
    assert "Jeg hørte forkert." in answer.text
    seen = hidden_fields(answer.text)["seen"]
    assert correct(second, amendment, seen=seen, reason="Bestyrelsen var enig.").status_code == 303
    assert db.session.query(Decision).one().reason == "Bestyrelsen var enig."
    assert [one.reason for one in db.session.query(EarlierDecision).order_by(EarlierDecision.id)] == [
        "For dyrt.",
        "Alle vil det.",
    ]
    assert "Det har en kollega gemt imens" not in second.get(path).text


@pytest.mark.both
def test_of_two_who_put_it_right_at_once_the_second_sees_the_first(
    cast: Cast, amendment: Amendment, client_of: ClientOf
) -> None:
    secretary = client_of(cast.board_secretary)
    path = f"/strategy/decisions/amendments/{amendment.id}/correct"
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', secretary.get(path).text)
    assert seen is not None
    amendment_id, browsers = amendment.id, [client_of(cast.board_secretary) for _ in range(2)]
    answers = at_once(
        *(
            lambda browser=browser, number=number: (
                correct(browser, amendment_id, seen=seen[1], reason=f"Grund {number}.").status_code
            )
            for number, browser in enumerate(browsers)
        )
    )
    assert sorted(answers) == [303, 409]
    assert db.session.query(EarlierDecision).count() == 1


def test_a_suggestion_says_in_which_edition_it_stands(cast: Cast, amendment: Amendment, client_of: ClientOf) -> None:
    secretary = client_of(cast.board_secretary)
    assert correct(secretary, amendment).status_code == 303
    seen = re.search(r'name="stamp" type="hidden" value="([^"]*)"', secretary.get("/strategy/publishing").text)
    assert seen is not None
    published = {"stamp": seen[1], "approved_on": clock.today().isoformat()}
    assert secretary.send("/strategy/publishing", published).status_code == 303
    assert "Det står i udgave 2." in client_of(cast.council_member).get(f"/strategy/amendments/{amendment.id}").text
    assert correct(secretary, amendment, seen="x").status_code == 422
