"""What the demo school's student council has done: a meeting held, a meeting planned, suggestions on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle as cycle_through

from sqlalchemy import select

from portal.council.class_inputs.models import ClassInput, Ending
from portal.council.class_inputs.queries import list_voices
from portal.council.class_inputs.services import About, end_input, write_input
from portal.council.class_inputs.services import Answer as ClassAnswer
from portal.council.meetings import agenda, attendance, results
from portal.council.meetings import services as meetings
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemKind
from portal.council.meetings.queries import items_of
from portal.council.models import Council
from portal.council.queries import list_seats
from portal.council.screen import queries as screen
from portal.database import db
from portal.database.stamps import NONE
from portal.people import Person, load_people
from portal.school.models import Pupil
from portal.strategy.amendments import services as amendments
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import Hands
from portal.strategy.amendments.titles import title_of
from portal.strategy.comments import services as comments
from portal.strategy.cycle import services as cycle
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import list_open_rows, stamp_of
from portal.strategy.decisions.services import Answer, record_decision
from portal.strategy.forwarding import services as forwarding
from portal.strategy.kinds import AmendmentKind, AmendmentState, Phase
from portal.strategy.models import Clause, Edition
from portal.strategy.replies import queries as replies
from portal.strategy.replies.services import mark_read
from portal.text import clock

#: Words by which the clauses are found in the demo strategy.
CLASS_RULES, PLAY_PATROL, SINGING, PLAYING = "samværsregler", "legepatrulje", "synger sammen", "frikvarter"
#: How long ago this year's review began.
REVIEW_SINCE = timedelta(days=60)
LAST_MEETING, NEXT_MEETING = timedelta(days=-12), timedelta(days=2)
MEETS_AT, IN_THE_BREAK = time(10, 0), time(11, 40)


def fill_council(council: Council, known_id: int, facilitator: Person, leader: Person, now: datetime) -> None:
    """Let a council have written, talked and met; the pupil `known_id`, whom the sign-in page offers, has a part."""
    today = clock.day_of(now)
    seats = [seat for seat in list_seats(council.id, today=today) if not seat.is_substitute]
    edition = db.session.scalar(select(Edition).where(Edition.state == "approved"))
    if edition is None or len(seats) < 2:
        return
    rules, patrol, singing = (_clause(edition, words) for words in (CLASS_RULES, PLAY_PATROL, SINGING))
    if db.session.scalar(select(RevisionCycle.id).where(RevisionCycle.is_open)) is None:
        cycle.open_cycle(edition, actor=leader, now=now - REVIEW_SINCE)
    seats.sort(key=lambda seat: seat.pupil_id != known_id)
    first, second = (_person_of(seat.pupil_id) for seat in seats[:2])
    break_time = clock.at_school(today, IN_THE_BREAK)
    before = break_time - timedelta(days=20)
    adopted = _submitted(
        rules,
        first,
        council,
        before,
        title="Vi skriver selv klassens regler",
        new_text="Hver klasse har samværsregler, som eleverne skriver sammen med klasseteamet inden "
        "efterårsferien. Reglerne hænger synligt, og klassen ser dem igennem og fornyer dem hvert skoleår",
        reason="Når vi selv har skrevet reglerne, husker vi dem.",
    )
    comments.write_comment(
        adopted, text="Kan de mindste skrive selv? De kan tegne dem.", council_id=council.id, actor=second, now=before
    )
    comments.write_comment(
        adopted,
        text="Min klasse siger ja, hvis der højst er fem regler.",
        council_id=council.id,
        actor=first,
        now=before + timedelta(hours=2),
    )
    _hold(council, adopted, facilitator, now)
    _send_on(adopted, facilitator, leader, now)
    waiting = _submitted(
        patrol,
        second,
        council,
        break_time - timedelta(days=4),
        title="Legepatrulje hver dag",
        new_text="De store elever er legepatrulje hver dag i det lange frikvarter og sætter lege i gang for de små",
        reason="Nogle dage er der ingen legepatrulje, og så står nogle alene.",
    )
    comments.write_comment(
        patrol,
        text="Hos os kommer legepatruljen ikke altid. Passer det i jeres gård?",
        council_id=council.id,
        actor=first,
        now=break_time - timedelta(days=3),
    )
    amendments.draft_amendment(
        singing,
        AmendmentKind.CHANGE,
        council_id=council.id,
        actor=first,
        now=break_time - timedelta(days=1),
        new_text="Vi synger sammen om morgenen, og klasserne skiftes til at vælge sangen",
    )
    _plan(council, waiting, facilitator, now)


def answer_council(council: Council, facilitator: Person, leader: Person, now: datetime) -> None:
    """Let a council have had an answer of the board in the review before, which a class still has to hear.

    The idea is a pupil's of 3.A, whose class teacher the sign-in page offers; the council has heard the answer.
    """
    seats = [seat for seat in list_seats(council.id, today=clock.day_of(now)) if seat.school_class.label == "3.A"]
    edition = db.session.scalar(select(Edition).where(Edition.state == "approved"))
    if edition is None or not seats:
        return
    author = _person_of(seats[0].pupil_id)
    year = clock.school_year(clock.day_of(now - REVIEW_SINCE)) - 1
    began, met, decided = (clock.at_school(date(year + 1, 6, day), MEETS_AT) for day in (11, 15, 24))
    review = cycle.open_cycle(edition, actor=leader, now=began)
    db.session.flush()
    asked = _submitted(
        _clause(edition, PLAYING),
        author,
        council,
        began,
        title="Tag legetøj med hver fredag",
        new_text="Alle må tage legetøj med i skole hver fredag",
        reason="Så har alle noget at lege med i frikvarteret.",
        kind=AmendmentKind.ADD,
    )
    amendments.begin_deciding(asked)
    hands = Hands(yes=6, no=1, present=7)
    amendments.decide_amendment(
        asked, AmendmentState.ADOPTED, hands, revision=asked.revision, actor=facilitator, now=met
    )
    forwarding.forward_amendment(asked, actor=facilitator, now=met)
    for phase in (Phase.HEARING, Phase.BOARD):
        _move_on(review, phase, leader, met)
    decision = record_decision(
        asked,
        Answer(
            AmendmentState.REJECTED,
            reason="Legetøj bliver væk eller går i stykker, og det giver uro i klasserne.",
            child_reply="Tak for jeres idé. Vi siger nej til legetøj hver fredag, for så bliver noget væk. "
            "Men den sidste dag før hver ferie må alle tage et stykke legetøj med.",
        ),
        decided_on=clock.day_of(decided),
        meeting="Junimødet",
        actor=leader,
        now=decided,
    )
    _move_on(review, Phase.CLOSED, leader, decided)
    for sheet in replies.list_of_amendment(decision.amendment_id, today=clock.day_of(now)):
        if sheet.is_for_council:
            mark_read(sheet, seen=sheet.stamp, actor=facilitator, now=decided)
    db.session.flush()


def _move_on(review: RevisionCycle, phase: Phase, leader: Person, at: datetime) -> None:
    db.session.flush()
    cycle.move_cycle(
        review,
        seen=review.phase,
        to=phase,
        seen_rows=stamp_of(list_open_rows(review)),
        reason="Vi prøver portalen af før sommerferien.",
        actor=leader,
        now=at,
    )


def _send_on(amendment: Amendment, facilitator: Person, leader: Person, now: datetime) -> None:
    """What the council adopted goes to the grown-ups, and the leadership writes back."""
    at = clock.at_school(clock.day_of(now), IN_THE_BREAK)
    forwarding.forward_amendment(amendment, actor=facilitator, now=at - timedelta(days=10))
    forwarding.write_word(
        amendment,
        thinks="Tak for jeres idé. I har ret: Man husker bedst de regler, man selv har skrevet.",
        happens="Vi prøver det i to klasser efter jul. Så ved vi mere, når bestyrelsen skal tale om det.",
        actor=leader,
        now=at - timedelta(days=3),
    )
    db.session.flush()


def _clause(edition: Edition, words: str) -> Clause:
    holds_them = select(Clause).where(Clause.edition_id == edition.id, Clause.text.contains(words))
    return db.session.scalars(holds_them.order_by(Clause.id).limit(1)).one()


def _person_of(pupil_id: int) -> Person:
    user_id = db.session.scalars(select(Pupil.user_id).where(Pupil.id == pupil_id)).one()
    assert user_id is not None  # noqa: S101 - who has a seat has an account
    return load_people([user_id], today=clock.today())[0]


def _submitted(
    clause: Clause,
    author: Person,
    council: Council,
    at: datetime,
    *,
    title: str,
    new_text: str,
    reason: str,
    kind: AmendmentKind = AmendmentKind.CHANGE,
) -> Amendment:
    amendment = amendments.draft_amendment(
        clause, kind, council_id=council.id, actor=author, now=at, new_text=new_text, reason=reason
    )
    amendments.edit_title(amendment, title=title, version=amendment.version, now=at)
    db.session.flush()
    amendments.submit_amendment(amendment, version=amendment.version, actor=author, now=at)
    db.session.flush()
    return amendment


def _meeting_time(now: datetime, away: timedelta) -> datetime:
    """Ten o'clock on that day, or on the school day after a weekend."""
    day = clock.day_of(now + away)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return datetime.combine(day, MEETS_AT, clock.SCHOOL_ZONE)


def _hold(council: Council, amendment: Amendment, facilitator: Person, now: datetime) -> None:
    at = _meeting_time(now, LAST_MEETING)
    meeting = _planned(council, at, facilitator)
    agenda.add_item(meeting, ItemKind.DISCUSS, actor=facilitator, title="Bolde i frikvarteret")
    item = agenda.add_item(meeting, ItemKind.DECIDE, actor=facilitator, amendment=amendment)
    db.session.flush()
    balls = items_of(meeting.id)[0]
    said = _say(
        council,
        [
            (About(balls.title, balls.id), "Vi vil gerne have flere bolde til den lille bane."),
            (About(balls.title, balls.id), "De store fylder hele banen. Kan vi få den nogle dage?"),
            (About(title_of(amendment), item.id, amendment_id=amendment.id), "Ja tak. Men højst fem regler."),
            (About(), "Vi vil have et svømmebassin i gården."),
        ],
        facilitator,
        at - timedelta(days=1),
    )
    meetings.start_meeting(meeting, now=at)
    members = [seat.id for seat in list_seats(council.id, today=clock.day_of(now)) if not seat.is_substitute]
    attendance.note_attendance(meeting, members, seen=NONE)
    db.session.flush()
    _note(items_of(meeting.id)[0], "De små vil også gerne bruge den store bane. Vi prøver med faste dage.")
    results.record_result(
        item,
        AmendmentState.ADOPTED,
        Hands(yes=len(members)),
        revision=amendment.revision,
        actor=facilitator,
        now=at,
    )
    meetings.close_meeting(meeting, now=at + timedelta(minutes=40))
    db.session.flush()
    for entry, answer in zip(said, _answers(amendment), strict=True):
        end_input(entry, answer, version=entry.version, actor=facilitator, now=at + timedelta(hours=1))
    db.session.flush()
    meetings.approve_minutes(meeting, seen=screen.stamp_of(meeting.id), actor=facilitator, now=at + timedelta(days=1))
    db.session.flush()


def _say(council: Council, lines: Sequence[tuple[About, str]], facilitator: Person, at: datetime) -> list[ClassInput]:
    """A line of each class in turn."""
    voices = list_voices(council, on=clock.day_of(at))
    said = [
        write_input(voice, about, text, actor=facilitator, now=at)
        for voice, (about, text) in zip(cycle_through(voices), lines, strict=False)
    ]
    db.session.flush()
    return said


def _answers(amendment: Amendment) -> list[ClassAnswer]:
    """One of each ending, in the order in which the classes spoke."""
    return [
        ClassAnswer(Ending.DOING, "Vi køber to bolde mere.", who="Elevrådet", when="før jul"),
        ClassAnswer(Ending.USED, "Vi talte om det på mødet. Nu prøver vi med faste dage."),
        ClassAnswer(Ending.IN_SUGGESTION, "Det tog vi med, da vi talte om reglerne.", suggestion_id=amendment.id),
        ClassAnswer(Ending.NOT_NOW, "Det er der ikke penge til. Tak, fordi I tænker stort."),
    ]


def _note(item: AgendaItem, notes: str) -> None:
    agenda.write_notes(item, notes=notes, version=item.version)
    db.session.flush()


def _plan(council: Council, amendment: Amendment, facilitator: Person, now: datetime) -> None:
    meeting = _planned(council, _meeting_time(now, NEXT_MEETING), facilitator)
    agenda.add_item(meeting, ItemKind.INFORM, actor=facilitator, title="Hvad sagde jeres klasser?")
    item = agenda.add_item(meeting, ItemKind.DECIDE, actor=facilitator, amendment=amendment)
    db.session.flush()
    lines = [
        (About(title_of(amendment), item.id, amendment_id=amendment.id), "De skal også være ved boldbanen."),
        (About(), "Der er for meget larm i kantinen."),
    ]
    _say(council, lines, facilitator, now - timedelta(hours=2))


def _planned(council: Council, at: datetime, facilitator: Person) -> CouncilMeeting:
    meeting = meetings.plan_meeting(
        council, starts_at=at, place="Biblioteket", actor=facilitator, now=at - timedelta(days=7)
    )
    db.session.flush()
    return meeting
