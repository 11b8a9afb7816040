"""Noting that a duty was done, and changing what the wheel of the edition that holds asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.services import Known
from portal.database import db
from portal.database.transactions import insert_into, lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.guard import look_for_names
from portal.people import Person
from portal.policy import Action, can
from portal.proofs import Per, Proof
from portal.strategy.models import Edition
from portal.strategy.queries import get_current
from portal.text import clock
from portal.year_wheel import queries
from portal.year_wheel.delivered import delivered_wheel
from portal.year_wheel.models import BY_HAND, Duty, DutyLine, NotedProof, Owner
from portal.year_wheel.states import place_in_year, window_of

NO_PROOF = N_("Choose how it shows that this was done.")
#: What stands in a `Duty` beside what is copied from edition to edition.
OWN_COLUMNS = {"id"}


def note_duty(
    duty: DutyLine,
    whose: Sequence[int | None],
    done_on: date,
    note: str,
    *,
    class_ids: Iterable[int],
    actor: Person,
    now: datetime,
) -> int:
    """Note that a duty was done, for these classes or councils, or for the school (None); returns for how many.

    Of some that are noted already the others are added. `class_ids` are the classes whose children the line must not
    name: it speaks of classes and days. Raises RuleViolation for what a room sees by itself, a day to come or before
    the window of this school year, nobody chosen and a child's name, and Conflict when all of it is noted already.
    """
    today = clock.day_of(now)
    if not duty.is_by_hand:
        raise RuleViolation(N_("The portal sees by itself when this is done. Nobody has to note it."))
    if not whose:
        raise RuleViolation(N_("Choose for whom it was done."))
    if done_on > today:
        raise RuleViolation(N_("That day has not come yet. Note it when it is done."))
    if done_on < clock.first_day(clock.school_year(today)):
        raise RuleViolation(N_("Choose a day in this school year."))
    if done_on < (opens_on := window_of(duty, clock.school_year(today)).opens_on):
        raise RuleViolation(N_("It is to be done from %(day)s on. Choose that day or a later one."), day=opens_on)
    if note:
        _check_names_nobody(note, list(class_ids), actor, today)
    shared = {
        "key": duty.key,
        "school_year": clock.school_year(today),
        "done_on": done_on,
        "note": note,
        "noted_by_id": actor.id,
        "noted_at": now,
    }
    rows = [{**shared, **_column(duty.per, one)} for one in whose]
    added = insert_into(NotedProof).values(rows).on_conflict_do_nothing().returning(NotedProof.id)
    noted_ids = db.session.scalars(added).all()
    if not noted_ids:
        raise Conflict(N_("Somebody has noted it already. Nothing more is needed."))
    acts.note(actor, ActKind.DUTY_NOTED, Known(min(noted_ids)), now=now)
    return len(noted_ids)


def _column(per: Per, whose: int | None) -> dict[str, int | None]:
    return {"class_id": whose if per is Per.CLASS else None, "council_id": whose if per is Per.COUNCIL else None}


def _check_names_nobody(note: str, class_ids: Sequence[int], actor: Person, today: date) -> None:
    named = look_for_names("", note, class_ids, reader=actor, today=today).must_agree
    if named:
        raise RuleViolation(
            N_("Here stands the name of a child: %(names)s. Write about the class, never about one child."),
            names=", ".join(named),
        )


def remove_proof(noted: NotedProof, *, actor: Person, now: datetime) -> None:
    """Take back what was noted by mistake.

    Raises RuleViolation for what another school year's wheel holds, which the leadership alone puts right, and Conflict
    when it is gone already.
    """
    if noted.school_year != clock.school_year(clock.day_of(now)) and not can(actor, Action.WHEEL_EDIT):
        raise RuleViolation(N_("It was noted in another school year. The leadership can take it back."))
    removed = delete(NotedProof).where(NotedProof.id == noted.id).returning(NotedProof.id)
    if not db.session.scalars(removed).all():
        raise Conflict(N_("A colleague has removed it already."))
    acts.note(actor, ActKind.DUTY_NOTE_REMOVED, noted, now=now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the leadership wants of a duty."""

    title: str
    owner: Owner
    opens_in: int
    closes_in: int
    proofs: tuple[str, ...]
    points: tuple[str, ...]


def change_duty(
    duty: DutyLine, wanted: Wanted, *, version: int, known: Iterable[Proof], actor: Person, now: datetime
) -> None:
    """Change a duty in the wheel of the edition that holds; the wheels of earlier ones stay as they were.

    A window that is moved counts from today: nobody is late with one that has gone by already. Raises RuleViolation
    for a window that ends before it begins, nothing of what rooms know (`known`) or somebody notes that could prove it,
    and what proves something of others, and Conflict when somebody changed it since.
    """
    _check(wanted, duty.per, known)
    row = _own_wheel(now).get(duty.key)
    if row is None:
        raise Conflict(N_("A colleague has removed it already."))
    check_unchanged(row.version, version)
    if (row.opens_in, row.closes_in) != (wanted.opens_in, wanted.closes_in):
        row.window_since = clock.day_of(now)
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    acts.note(actor, ActKind.WHEEL_CHANGED, row, now=now)


def add_duty(wanted: Wanted, per: Per, *, known: Iterable[Proof], actor: Person, now: datetime) -> str:
    """Add a duty of the school's own, which counts from today, and return its key. Raises RuleViolation as a change."""
    _check(wanted, per, known)
    wheel = _own_wheel(now)
    edition_id = next(iter(wheel.values())).edition_id
    row = Duty(
        edition_id=edition_id, key=f"own_{uuid4().hex}", per=per, window_since=clock.day_of(now), **asdict(wanted)
    )
    db.session.add(row)
    acts.note(actor, ActKind.WHEEL_CHANGED, row, now=now)
    return row.key


def remove_duty(duty: DutyLine, *, version: int, actor: Person, now: datetime) -> None:
    """Take a duty out of the wheel of the edition that holds; what proved it stays in the history.

    Twice is once. Raises RuleViolation for the last one, and Conflict when somebody changed it since `version`.
    """
    wheel = _own_wheel(now)
    row = wheel.get(duty.key)
    if row is None:
        return
    check_unchanged(row.version, version)
    if len(wheel) == 1:
        raise RuleViolation(N_("This is the last one. Write another before you take it out."))
    acts.note(actor, ActKind.WHEEL_CHANGED, row, now=now)
    db.session.delete(row)


def _check(wanted: Wanted, per: Per, known: Iterable[Proof]) -> None:
    if place_in_year(wanted.closes_in) < place_in_year(wanted.opens_in):
        raise RuleViolation(N_("It ends before it begins. The school year goes from August to July."))
    whose = {proof.kind: proof.per for proof in known}
    if any(whose.get(kind, per) is not per for kind in wanted.proofs):
        raise RuleViolation(N_("Choose what shows it of the same: of the school, of each class, or of each council."))
    if not any(kind == BY_HAND or kind in whose for kind in wanted.proofs):
        raise RuleViolation(NO_PROOF)


def _own_wheel(now: datetime) -> dict[str, Duty]:
    """The duties of the edition that holds, by key; its own from now on, where they were another's or delivered.

    Its row is locked: of two who change the wheel for the first time the second finds it written.
    """
    edition = get_current()
    if edition is None:
        raise RuleViolation(N_("There is no strategy yet."))
    lock_row(edition)
    rows = _rows_of(edition)
    if not rows:
        before = queries.list_duties(clock.school_year(clock.day_of(now)))
        clauses = [(row.key, row.text) for row in queries.list_clauses()]
        copied = [_copy(line) for line in before or delivered_wheel(clauses)]
        db.session.execute(insert_into(Duty).values([{"edition_id": edition.id, **columns} for columns in copied]))
        rows = _rows_of(edition)
    return {row.key: row for row in rows}


def _copy(line: DutyLine) -> dict[str, Any]:
    """The columns as they were read, the version too: whoever has that line before them may change the copy."""
    return {name: value for name, value in asdict(line).items() if name not in OWN_COLUMNS}


def _rows_of(edition: Edition) -> Sequence[Duty]:
    return db.session.scalars(select(Duty).where(Duty.edition_id == edition.id).order_by(Duty.id)).all()
