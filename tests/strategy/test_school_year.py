"""One school year by the clock, August to June: two councils, ten suggestions, and the edition that came of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from portal.accounts.models import User
from portal.council.models import Council
from portal.database import db
from portal.people import load_people
from portal.strategy.amendments import services as amendments
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import Hands
from portal.strategy.decisions.models import Decision
from portal.strategy.document import write_document
from portal.strategy.kinds import AmendmentKind, AmendmentState, ClauseKind
from portal.strategy.models import Clause, Edition, Section
from portal.strategy.publishing.queries import edition_of, list_changes
from portal.strategy.queries import get_current, get_document
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

SECTIONS = {
    "Vores mål": [
        "Vi hilser på hinanden.",
        "Vi leger med alle.",
        "Vi rydder op.",
        "Vi synger om fredagen.",
        "Vi taler pænt.",
    ],
    "Når nogen driller": ["Vi siger det til en voksen.", "Vi hjælper den, der er ked af det.", "Vi griner ikke."],
}
#: The edition as somebody would write it by hand, from the board's minutes, below its title and dates.
BY_HAND = """## Vores mål

> Vi er gode ved hinanden.

- Vi hilser på alle hver morgen.
- Vi leger med alle.
- Vi spørger dem, der står alene.
- Vi rydder op efter os, før vi går.
- Vi taler pænt, også på skærmen.

## Når nogen driller

- Vi siger det til en voksen.
- Vi hjælper den, der er ked af det.
- Vi griner ikke.
"""


class Year:
    """What happens in a school year, as short as it can be said."""

    def __init__(self, cast: Cast, client_of: ClientOf, move: Move, small: Council, small_member: User) -> None:
        self.cast, self.client_of, self.move = cast, client_of, move
        self.small, self.small_member = small, small_member

    def on(self, month: int, day: int) -> None:
        self.move(datetime(2026 if month > 7 else 2027, month, day, 9, tzinfo=UTC))

    def suggest(
        self, key: str, new_text: str = "", kind: AmendmentKind = AmendmentKind.CHANGE, *, small: bool = False
    ) -> Amendment:
        """A suggestion that stands before its council."""
        author = self.small_member if small else self.cast.council_member
        (person,) = load_people([author.id], today=clock.today())
        clause = (
            db.session.query(Clause)
            .join(Edition, Edition.id == Clause.edition_id)
            .filter(Clause.key == key, Edition.state == "approved")
            .one()
        )
        amendment = amendments.draft_amendment(
            clause,
            kind,
            council_id=(self.small if small else self.cast.council).id,
            new_text=new_text,
            reason="Så har alle det godt.",
            actor=person,
            now=clock.now(),
        )
        amendments.submit_amendment(amendment, version=amendment.version, actor=person, now=clock.now())
        db.session.commit()
        return amendment

    def decide(self, amendment: Amendment, result: AmendmentState = AmendmentState.ADOPTED) -> None:
        """What the council's meeting decides."""
        amendments.begin_deciding(amendment)
        hands = Hands(yes=9, no=1, present=10) if result is AmendmentState.ADOPTED else Hands(yes=1, no=9, present=10)
        amendments.decide_amendment(
            amendment,
            result,
            hands,
            revision=amendment.revision,
            actor=self.cast.people["facilitator"],
            now=clock.now(),
        )
        db.session.commit()

    def send_on(self, *packet: Amendment) -> None:
        sent = self.client_of(self.cast.facilitator).send(
            "/strategy/forwarding/new", {"amendments": [one.id for one in packet]}
        )
        assert sent.status_code == 303

    def staff_suggest(self, key: str, **form: str) -> Amendment:
        """A suggestion of the leadership's, sent on."""
        leader = self.client_of(self.cast.leader)
        kind = form.pop("kind", "change")
        leader.send(f"/strategy/clauses/{key}/amendments/new?kind={kind}", form)
        amendment = db.session.query(Amendment).order_by(Amendment.id.desc()).first()
        assert amendment is not None
        if kind != "remove":
            reason = {"reason": "Loven er ny.", "version": amendment.version}
            leader.send(f"/strategy/amendments/{amendment.id}/reason", reason)
        assert leader.send(f"/strategy/forwarding/amendments/{amendment.id}/forward").status_code == 303
        return amendment

    def go_on(self, reason: str = "Vi er nået så langt, som vi kan.") -> None:
        """The review moves on, by the page that names what waits."""
        leader = self.client_of(self.cast.leader)
        page = leader.get("/strategy/cycle/move").text
        hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', page))
        assert leader.send("/strategy/cycle/move", {**hidden, "reason": reason}).status_code == 303

    def hear(self, amendment: Amendment, page: str, who: User) -> None:
        said = {"stance": "for", "text": "Det er godt.", "said_on": clock.today().isoformat(), "version": 0}
        assert self.client_of(who).send(f"/strategy/hearing/{amendment.id}/{page}", said).status_code == 303


@pytest.fixture
def year(cast: Cast, client_of: ClientOf, wall_clock: Move) -> Year:
    small = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(small, cast.facilitator)
    pupil = make.make_pupil(cast.third, "Anton")
    make.seat(small, pupil, cast.third)
    db.session.commit()
    return Year(cast, client_of, wall_clock, small, db.session.get_one(User, pupil.user_id))


def answers(**rows: tuple[Amendment, str, str]) -> dict[str, str]:
    """The board's page, filled in: each row with its outcome, and the board's own words where it has some."""
    form = {"decided_on": clock.today().isoformat(), "meeting": "Bestyrelsens møde nr. 6"}
    for amendment, outcome, words in rows.values():
        form |= {
            f"outcome_{amendment.id}": outcome,
            f"reason_{amendment.id}": "Det har vi talt om.",
            f"child_reply_{amendment.id}": "Tak for jeres forslag. Nu ved I, hvad der sker.",
            f"final_text_{amendment.id}": words,
        }
    return form


def test_a_school_year_from_august_to_the_new_edition(cast: Cast, year: Year) -> None:
    edition = make.make_edition(SECTIONS)
    db.session.query(Section).filter(Section.heading == "Vores mål").update({"plain_summary": "Vi er søde."})
    year.on(8, 17)
    assert year.client_of(cast.leader).send("/strategy/cycle/start").status_code == 303

    year.on(9, 21)
    yes = year.suggest("k1", "Vi hilser på alle hver morgen.")
    other_words = year.suggest("k3", "Vi rydder op efter os altid.")
    no = year.suggest("k6", "Vi siger det kun til venner.", small=True)
    next_year = year.suggest("k7", "Vi trøster den, der er ked af det.", small=True)
    sent_back = year.suggest("k2", "Vi spørger dem, der står alene.", AmendmentKind.ADD)
    merged = year.suggest("k1", "Vi siger godmorgen.")
    withdrawn = year.suggest("k8", "Vi griner lidt.")
    refused = year.suggest("k2", "Vi leger kun med vores venner.")
    lars = year.client_of(cast.facilitator)
    assert lars.send(f"/strategy/amendments/{merged.id}/merge", {"into": yes.id}).status_code == 303
    year.client_of(cast.council_member).send(f"/strategy/amendments/{withdrawn.id}/withdraw")

    year.on(11, 16)
    for amendment in (yes, other_words, no, next_year, sent_back):
        db.session.refresh(amendment)
        year.decide(amendment)
    year.decide(refused, AmendmentState.NOT_ADOPTED)
    year.send_on(yes, other_words, no, next_year, sent_back)

    year.on(11, 20)
    assert "Svar eleverne" not in year.client_of(cast.leader).get("/").text
    assert "Answer the pupils by" not in year.client_of(cast.leader).get("/").text
    year.on(12, 1)
    assert "Answer the pupils by" in year.client_of(cast.leader).get("/").text, "from the tenth school day"
    word = {"thinks": "God idé.", "happens": "Vi prøver det i 2.B efter jul."}
    for amendment in (yes, other_words, no, next_year, sent_back):
        year.client_of(cast.leader).send(f"/strategy/forwarding/amendments/{amendment.id}/word", word)
    year.on(2, 1)
    assert "waited for your answer" not in year.client_of(cast.leader).get("/").text

    year.on(3, 8)
    away = year.staff_suggest("k4", kind="remove", reason="Det gør vi ikke mere.")
    on_screens = year.staff_suggest("k5", new_text="Vi taler pænt, også på skærmen.")
    short_words = year.suggest("k1", "Vi er gode ved hinanden.", AmendmentKind.SUMMARY, small=True)
    year.decide(short_words)
    year.send_on(short_words)

    year.on(4, 1)
    year.go_on()
    question = {"question": "Gælder det også i SFO?"}
    asked = year.client_of(cast.leader).send(f"/strategy/forwarding/amendments/{sent_back.id}/ask", question)
    assert asked.status_code == 303
    db.session.refresh(sent_back)
    year.decide(sent_back)
    year.send_on(sent_back)
    for amendment in (yes, away, on_screens):
        year.hear(amendment, "advice", cast.akt)
        year.hear(amendment, "statement", cast.board_secretary)
    for council in (cast.council, year.small):
        for amendment in (away, on_screens):
            year.hear(amendment, f"council?council={council.id}", cast.facilitator)

    year.on(5, 20)
    year.go_on("MED-udvalget svarer kun om det, der rører de ansatte.")
    year.on(6, 8)
    secretary = year.client_of(cast.board_secretary)
    first = answers(
        yes=(yes, "approved", ""),
        words=(other_words, "approved_changed", "Vi rydder op efter os, før vi går."),
        no=(no, "rejected", ""),
        later=(next_year, "deferred", ""),
        back=(sent_back, "approved", ""),
    )
    assert secretary.send("/strategy/decisions", first).location == "/strategy/decisions", "three still wait"
    assert "still wait for the board" in secretary.get("/strategy/publishing").text
    rest = answers(
        away=(away, "approved", ""), screens=(on_screens, "approved", ""), short=(short_words, "approved", "")
    )
    assert secretary.send("/strategy/decisions", rest).location == "/strategy/publishing"
    page = secretary.get("/strategy/publishing").text
    stamp = re.search(r'name="stamp" type="hidden" value="([^"]*)"', page)
    assert stamp is not None
    published = {"stamp": stamp[1], "approved_on": clock.today().isoformat()}
    assert secretary.send("/strategy/publishing", published).location == "/strategy/editions/2"

    new = get_current()
    assert new is not None
    assert (new.number, new.school_year) == (2, 2027)
    body = write_document(get_document(new)).split("---\n")[-1].strip()
    assert body == BY_HAND.strip()
    keys = [clause.key for section in new.sections for clause in section.clauses]
    assert [key for key in keys if key in {f"k{number}" for number in range(1, 9)}] == [
        "k1",
        "k2",
        "k3",
        "k5",
        "k6",
        "k7",
        "k8",
    ], "a promise keeps its key"
    assert {change.proposed_by for change in list_changes(new.id)} == {cast.council.name, year.small.name, ""}

    db.session.expire_all()
    ends = {
        yes: AmendmentState.IN_EDITION,
        other_words: AmendmentState.IN_EDITION,
        sent_back: AmendmentState.IN_EDITION,
        away: AmendmentState.IN_EDITION,
        on_screens: AmendmentState.IN_EDITION,
        short_words: AmendmentState.IN_EDITION,
        no: AmendmentState.REJECTED,
        next_year: AmendmentState.IN_COUNCIL,
        withdrawn: AmendmentState.WITHDRAWN,
        refused: AmendmentState.NOT_ADOPTED,
    }
    assert {one.id: one.state for one in ends} == {one.id: state for one, state in ends.items()}
    assert next_year.base_edition_id == new.id
    found = edition_of(yes.id)
    assert found is not None
    assert found.number == 2
    assert db.session.query(Decision).count() == 8
    assert all(decision.child_reply for decision in db.session.query(Decision))
    assert edition.sections[0].clauses[0].kind is ClauseKind.BULLET

    year.on(6, 20)
    assert "has had its review" in year.client_of(cast.leader).send("/strategy/cycle/start").text
