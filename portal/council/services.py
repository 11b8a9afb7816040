"""Making councils, and saying who sits in them, leads and helps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter

from sqlalchemy import update

from portal.accounts import services as accounts
from portal.accounts.sign_in import queries as links
from portal.accounts.sign_in import services as sign_in
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council import queries
from portal.council.class_inputs.queries import list_councils_to_answer
from portal.council.handing_over import hand_over_to, list_deprived
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database import db
from portal.database.stamps import check_in_place, stamp_of
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school.models import Pupil, SchoolClass
from portal.school.services import wait_for_turn
from portal.school.terms import until_successors
from portal.text import clock

#: How many pupils sit on a school board by law (folkeskoleloven § 42).
SEATS_ON_BOARD = 2
ONE_COUNCIL_A_GRADE = "a grade has one council"


def make_council(
    name: str, lowest_grade: int, highest_grade: int, *, signs_in: bool = True, actor: Person, now: datetime
) -> Council:
    """A new council. Raises RuleViolation for a name or grades another council has."""
    _check(name, lowest_grade, highest_grade, None)
    council = Council(name=name, lowest_grade=lowest_grade, highest_grade=highest_grade, signs_in=signs_in)
    db.session.add(council)
    acts.record(actor, ActKind.COUNCIL_MADE, council, now=now)
    return council


def change_council(
    council: Council,
    name: str,
    lowest_grade: int,
    highest_grade: int,
    *,
    signs_in: bool = True,
    seen: str,
    actor: Person,
    now: datetime,
) -> None:
    """Change a council's name, grades and whether its pupils sign in; its members stay.

    Accounts are opened or closed with it, whichever it is now. Raises RuleViolation like `make_council`, and Conflict
    when its stamp is not the one that was `seen`, but not when everything stands as it is chosen here.
    """
    wait_for_turn_at(ONE_COUNCIL_A_GRADE)  # before the row, as those who make one do
    lock_row(council)
    stands = (council.name, council.lowest_grade, council.highest_grade, council.signs_in)
    if stands != (name, lowest_grade, highest_grade, signs_in):
        check_unchanged(council.stamp, seen)
    _check(name, lowest_grade, highest_grade, council.id)
    council.name, council.lowest_grade, council.highest_grade = name, lowest_grade, highest_grade
    if council.signs_in != signs_in:
        council.signs_in = signs_in
        for pupil in queries.list_sitting(council.id, today=clock.day_of(now)):
            if signs_in:
                _open_to(pupil, actor=actor, now=now)
            elif pupil.user and pupil.user.is_active:
                accounts.close_account(pupil.user, actor=actor, now=now)
    acts.record(actor, ActKind.COUNCIL_CHANGED, council, now=now)


def _check(name: str, lowest_grade: int, highest_grade: int, council_id: int | None) -> None:
    """Each grade has one council at most, so that every class knows where it belongs."""
    if lowest_grade > highest_grade:
        raise RuleViolation(N_("The highest grade cannot be below the lowest."))
    wait_for_turn_at(ONE_COUNCIL_A_GRADE)
    if queries.is_name_taken(name, but_council_id=council_id):
        raise RuleViolation(N_("Another council is called that. Choose another name."))
    for other in queries.list_all_councils():
        if other.id != council_id and other.lowest_grade <= highest_grade and lowest_grade <= other.highest_grade:
            raise RuleViolation(
                N_("%(name)s is for grades %(lowest)s to %(highest)s. A grade belongs to one council."),
                name=other.name,
                lowest=other.lowest_grade,
                highest=other.highest_grade,
            )


def add_facilitator(council: Council, user_id: int, *, actor: Person, now: datetime) -> Facilitator:
    """Let a member of staff help a council from today; they are told. Raises RuleViolation when they do already."""
    today = clock.day_of(now)
    lock_row(council)
    if any(other.user_id == user_id for other in queries.list_facilitators(council.id, today=today)):
        raise RuleViolation(N_("That person helps this council already."))
    facilitator = Facilitator(council_id=council.id, user_id=user_id, starts_on=today)
    db.session.add(facilitator)
    db.session.flush()  # it knows its account from here on
    acts.record(actor, ActKind.FACILITATOR_NAMED, council, now=now, about=facilitator.user)
    return facilitator


def end_facilitator(facilitator: Facilitator, *, actor: Person, now: datetime) -> None:
    """End a facilitator's time with a council at once; they are told."""
    acts.record(actor, ActKind.FACILITATOR_ENDED, facilitator.council, now=now, about=facilitator.user)
    accounts.end_at_once(facilitator, today=clock.day_of(now))


def choose_chair(council: Council, member_id: int, *, seen: str, actor: Person, now: datetime) -> None:
    """Make one member the council's chair, in place of the one before; 0 leaves it without.

    Raises Conflict when somebody else is written down by now than who was `seen` (`stamp_of`), but not when it is the
    same member.
    """
    today = clock.day_of(now)
    lock_row(council)
    members = {seat.id: seat for seat in queries.list_seats(council.id, today=today) if not seat.is_substitute}
    if member_id and member_id not in members:
        raise RuleViolation(N_("Only a member of the council can be its chair."))
    stands = [seat.id for seat in members.values() if seat.is_chair]
    check_in_place(stands, [member_id] if member_id else [], seen)
    db.session.execute(
        update(CouncilMember)
        .where(CouncilMember.council_id == council.id, CouncilMember.ends_on >= today)
        .values(is_chair=CouncilMember.id == member_id)
    )
    acts.record(actor, ActKind.COUNCIL_CHANGED, council, now=now)


def choose_board_members(
    council: Council, member_ids: Collection[int], *, seen: str, actor: Person, now: datetime
) -> None:
    """Say which of a council's members sit on the school board, in place of those before.

    Raises RuleViolation for somebody who is no member, and for more than two pupils of the whole school: the law gives
    them two seats. Raises Conflict when others are written down by now than those who were `seen` (`stamp_of`).
    """
    today = clock.day_of(now)
    wait_for_turn_at("the pupils have two seats on the school board")
    lock_row(council)  # before its seats, as everybody does who changes some of them
    members = {seat.id: seat for seat in queries.list_seats(council.id, today=today) if not seat.is_substitute}
    if not set(member_ids) <= members.keys():
        raise RuleViolation(N_("Only a member of the council can sit on the school board for it."))
    check_in_place([seat.id for seat in members.values() if seat.is_on_board], member_ids, seen)
    if len(set(member_ids)) + queries.count_on_board(but_council_id=council.id, today=today) > SEATS_ON_BOARD:
        raise RuleViolation(N_("The pupils have two seats on the school board, all councils together."))
    db.session.execute(
        update(CouncilMember)
        .where(CouncilMember.council_id == council.id, CouncilMember.ends_on >= today)
        .values(is_on_board=CouncilMember.id.in_(sorted(member_ids)))
    )
    acts.record(actor, ActKind.COUNCIL_CHANGED, council, now=now)


def choose_members(
    school_class: SchoolClass,
    council: Council,
    elected: Mapping[Pupil, bool],
    *,
    seen: str,
    actor: Person,
    now: datetime,
) -> None:
    """Enter whom a class has elected, each with whether as a substitute; everybody else's seat of the class ends.

    Those elected stay until successors are entered, at the latest 31 October of the next school year. Where the council
    signs in they get an account with a sign-in link if they have none; everybody else of them has no open account
    (domain 3.1). A seat in another council ends: nobody sits in two. The same choice again changes nothing.

    What the class's children have under way in a council that has lost its grade comes along (`hand_over_to`), now that
    they sit in this one: until then they find it where they sit. Raises Conflict while a meeting decides about it, and
    when others sit for the class by now than those who were `seen` (`stamp_of`), unless they are those elected here.
    """
    today = clock.day_of(now)
    wait_for_turn(school_class)
    stands = queries.list_class_seats(school_class.id, today=today)
    if {seat.pupil: seat.is_substitute for seat in stands if seat.council_id == council.id} != dict(elected):
        check_unchanged(stamp_of(seat.id for seat in stands), seen)
    waiting, last_day, leaving = dict(elected), until_successors(today), set[Pupil]()
    is_new = False
    seats = queries.list_places(school_class.id, [pupil.id for pupil in elected], today=today)
    deprived = list_deprived(school_class) if elected else set()
    silent = set(list_councils_to_answer(school_class.id)) - {council}
    for one in sorted({council, *deprived, *silent, *(seat.council for seat in seats)}, key=attrgetter("id")):
        lock_row(one)  # before seats, meetings and suggestions, as whoever chooses a chair or begins a meeting does
    for seat in seats:
        is_same_place = (seat.class_id, seat.council_id) == (school_class.id, council.id)
        if is_same_place and waiting.get(seat.pupil) == seat.is_substitute:
            del waiting[seat.pupil]
            is_new |= seat.ends_on != last_day
            seat.ends_on = last_day
        else:
            leaving.add(seat.pupil)
            accounts.end_at_once(seat, today=today)
    for pupil, is_substitute in waiting.items():
        db.session.add(
            CouncilMember(
                council_id=council.id,
                pupil_id=pupil.id,
                class_id=school_class.id,
                is_substitute=is_substitute,
                starts_on=today,
                ends_on=last_day,
            )
        )
    signing_in = set(elected) if council.signs_in else set[Pupil]()
    for pupil in signing_in:
        _open_to(pupil, actor=actor, now=now)
    for pupil in leaving.union(elected) - signing_in:
        sits_elsewhere = pupil not in elected and queries.has_seat(pupil.id, today=today)
        if pupil.user and pupil.user.is_active and not sits_elsewhere:
            accounts.close_account(pupil.user, actor=actor, now=now)
    if is_new or waiting or leaving:
        acts.record(actor, ActKind.COUNCIL_CHANGED, council, now=now)
    hand_over_to(council, school_class, deprived, silent, actor=actor, now=now)


def _open_to(pupil: Pupil, *, actor: Person, now: datetime) -> None:
    """See to it that a pupil can sign in: an account by first name alone, and a link until there is a password."""
    user = pupil.user
    if user is None:
        user = accounts.open_account(
            pupil.first_name, "", "", alias=pupil.alias, protection=pupil.protection, actor=actor, now=now
        )
        pupil.user = user
    elif not user.is_active:
        accounts.reopen_account(user, actor=actor, now=now)
    if user.password_hash is None and user.id not in links.list_open_links([user.id], now=now):
        sign_in.make_link(user, actor=actor, now=now)
