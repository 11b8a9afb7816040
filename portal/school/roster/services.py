"""Taking the register's files in: kept until they are applied, and then applied in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, delete, insert, select, type_coerce, update

from portal.accounts import services as accounts
from portal.accounts.models import Role, RoleGrant, User
from portal.accounts.protection import is_hidden, search_name, shown_names, sort_name
from portal.accounts.sign_in import services as sign_in
from portal.accounts.user_names import USER_NAMES_ONCE, free_user_name
from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Actor
from portal.school.models import (
    HUES,
    ClassYear,
    Enrolment,
    FormerName,
    Guardianship,
    GuardianshipKind,
    Pupil,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.roster.comparison import RosterPlan, RosterPupil
from portal.school.roster.models import RosterFile, RosterUpload
from portal.school.roster.queries import current_roster
from portal.school.roster.ties import Tie, TieChange, TieKind
from portal.text import clock

Ids = dict[Any, int]

CHANGED = N_("The school has changed since this was shown. Look at it again.")

_TABLES: dict[TieKind, Any] = {
    TieKind.ENROLMENT: Enrolment,
    TieKind.GUARDIANSHIP: Guardianship,
    TieKind.PLACE: TeamMember,
    TieKind.ROLE: RoleGrant,
}


def keep_upload(files: Mapping[str, bytes], *, actor: Actor, now: datetime) -> RosterUpload:
    """Keep files for their preview. What the same person uploaded before and never applied is dropped."""
    uploader = actor.id if actor else None
    db.session.execute(
        delete(RosterUpload).where(RosterUpload.uploaded_by_id == uploader, RosterUpload.applied_at.is_(None))
    )
    kept = {name: RosterFile(name=name, content=content) for name, content in files.items()}
    upload = RosterUpload(uploaded_by_id=uploader, uploaded_at=now, files=kept)
    db.session.add(upload)
    db.session.flush()
    return upload


def discard_upload(upload: RosterUpload) -> None:
    """Forget files that are not going to be applied. Raises RuleViolation when they were."""
    if upload.applied_at is not None:
        raise RuleViolation(N_("These files were applied already."))
    db.session.delete(upload)


def apply_roster(
    plan: RosterPlan,
    upload: RosterUpload,
    *,
    confirmed: bool,
    actor: Actor,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Make the school what the plan says, all of it or nothing; an empty plan writes nothing at all.

    Accounts that are new have no password. The files hold more than the portal needs, so they are emptied here.
    Raises RuleViolation when the plan has faults or an unconfirmed reason to stop, when the files were applied before,
    and when the school, or the day, is no longer what the plan was made from, or the plan not what was `seen`.
    """
    if seen not in {None, plan.digest}:
        raise RuleViolation(CHANGED)
    if plan.faults:
        raise RuleViolation(N_("The files have faults. Correct them and upload them again."))
    if plan.confirmations and not confirmed:
        raise RuleViolation(N_("Read what is unusual about these files, and tick the box if it is right."))
    if plan.is_empty:
        return
    uploads = select(RosterUpload.id, RosterUpload.applied_at).with_for_update()  # one import at a time
    applied = {row.id: row.applied_at for row in db.session.execute(uploads)}
    if applied.get(upload.id) is not None:
        raise RuleViolation(N_("These files were applied already."))
    if plan.today != clock.day_of(now) or current_roster() != plan.current:
        raise RuleViolation(CHANGED)
    class_ids = _store_classes(plan)
    pupil_ids = _store_pupils(plan, now)
    adult_ids = _store_adults(plan, now)
    _store_ties(plan.ties, class_ids, pupil_ids, adult_ids)
    sign_in.end_secrets(_doubted(plan, adult_ids), now=now, but=actor.session_id if actor else 0)
    upload.applied_at, upload.files = now, {}
    applied_act = acts.made(actor, ActKind.ROSTER_APPLIED, upload, now)
    acts.record_all([applied_act, *_power_acts(plan, pupil_ids, adult_ids, actor, now)])


def _store_classes(plan: RosterPlan) -> Ids:
    """New classes take the hues used least and keep them; labels may change places in one go."""
    known = db.session.execute(select(SchoolClass.external_id, SchoolClass.id, SchoolClass.hue)).all()
    ids = {row.external_id: row.id for row in known}
    used = Counter(row.hue for row in known)
    fresh = []
    for external_id in dict.fromkeys(c.id for c in plan.classes if c.id not in ids):
        hue = min(range(1, HUES + 1), key=lambda hue: (used[hue], hue))
        used[hue] += 1
        fresh.append({"external_id": external_id, "hue": hue})
    ids |= _insert(SchoolClass, fresh)
    years = [
        {
            "class_id": ids[c.id],
            "school_year": c.school_year,
            "label": c.label,
            "lowest_grade": c.lowest_grade,
            "highest_grade": c.highest_grade,
        }
        for c in plan.classes
    ]
    _delete(ClassYear, [{"class_id": row["class_id"], "school_year": row["school_year"]} for row in years])
    _insert(ClassYear, years)
    return ids


def _store_pupils(plan: RosterPlan, now: datetime) -> Ids:
    """Pupils, and the accounts of those who sit in a council.

    An account must not show a name that is protected by now, and never knows more than the first (domain 3.1).
    """
    known = {row.external_id: row for row in db.session.execute(select(Pupil.external_id, Pupil.id, Pupil.user_id))}
    ids = {external_id: row.id for external_id, row in known.items()}
    ids |= _insert(Pupil, [{"external_id": c.after.id, **_named(c.after)} for c in plan.pupils if c.before is None])
    changed = [change.after for change in plan.pupils if change.before is not None]
    _update(Pupil, [{"id": ids[pupil.id], **_named(pupil)} for pupil in changed])
    _insert(FormerName, _former_names(plan, ids, now))
    accounts = {known[pupil.id].user_id: pupil for pupil in changed if known[pupil.id].user_id is not None}
    _update(User, [{"id": id_, **_account_named(replace(p, last_name=""))} for id_, p in accounts.items()])
    return ids


def _former_names(plan: RosterPlan, pupils: Ids, now: datetime) -> list[dict[str, Any]]:
    """The names that were open and are not any more: protected, or another one."""
    return [
        {
            "pupil_id": pupils[before.id],
            "first_name": before.first_name,
            "last_name": before.last_name,
            "open_until": now,
        }
        for before, after in ((change.before, change.after) for change in plan.pupils)
        if before is not None and not is_hidden(before.protection) and shown_names(before) != shown_names(after)
    ]


def _store_adults(plan: RosterPlan, now: datetime) -> Ids:
    wait_for_turn_at(USER_NAMES_ONCE)
    known = db.session.execute(select(type_coerce(User.external_id, String), User.id, User.user_name)).all()
    ids = {external_id: user_id for external_id, user_id, _ in known if external_id is not None}
    taken = {user_name for _, _, user_name in known}
    fresh = []
    for adult in (change.after for change in plan.adults if change.before is None):
        user_name = free_user_name(*shown_names(adult), taken=taken)
        taken.add(user_name)
        fresh.append(
            {
                "external_id": adult.id,
                "user_name": user_name,
                "language": adult.language,
                "created_at": now,
                **_named(adult),
                "email": adult.email,
                "home_id": adult.home_id or None,
            }
        )
    changed = [change.after for change in plan.adults if change.before is not None]
    _update(
        User,
        [
            {"id": ids[adult.id], **_account_named(adult), "email": adult.email, "home_id": adult.home_id or None}
            for adult in changed
        ],
    )
    return ids | _insert(User, fresh)


def _doubted(plan: RosterPlan, adults: Ids) -> set[int]:
    """The accounts whose letters and devices from before end: another e-mail, another role, a child less."""
    changed = {adults[c.after.id] for c in plan.adults if c.before is not None and c.before.email != c.after.email}
    for change in plan.ties:
        is_over = change.before is not None and _is_over(change, plan.today)
        if change.kind == TieKind.ROLE or (change.kind == TieKind.GUARDIANSHIP and is_over):
            tie = change.before or change.after
            who = tie.key[0] if tie else 0
            changed.add(who if isinstance(who, int) else adults[who])
    return changed


def _power_acts(plan: RosterPlan, pupils: Ids, adults: Ids, actor: Actor, now: datetime) -> Iterator[Act]:
    """Which roles and foster ties begin or end, so that whoever they are about is told as by a page."""
    for change in plan.ties:
        tie = change.before or change.after
        if tie is None or (change.kind != TieKind.ROLE and tie.what != GuardianshipKind.FOSTER):
            continue
        begins, ends = change.before is None, _is_over(change, plan.today)
        if begins == ends:  # its days were put right, or it was over before it came
            continue
        who = tie.key[0]
        user = acts.Known(who if isinstance(who, int) else adults[who])
        if change.kind == TieKind.ROLE:
            kind = ActKind.ROLE_GRANTED if begins else ActKind.ROLE_ENDED
            yield from accounts.role_acts(kind, Role(tie.what), user, actor=actor, now=now)
        else:
            kind = ActKind.FOSTER_PARENT_TIED if begins else ActKind.FOSTER_PARENT_ENDED
            yield acts.made(actor, kind, acts.Known(pupils[tie.key[1]]), now, user)


def _is_over(change: TieChange, today: date) -> bool:
    return change.after is None or (change.after.ends_on is not None and change.after.ends_on < today)


def _named(person: RosterPupil) -> dict[str, object]:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "protection": person.protection,
        "alias": person.alias,
    }


def _account_named(person: RosterPupil) -> dict[str, object]:
    """Also what the row of an account keeps for its place in lists: a statement for many says it itself."""
    return {**_named(person), "sort_name": sort_name(person), "search_name": search_name(person)}


def _store_ties(changes: Iterable[TieChange], classes: Ids, pupils: Ids, adults: Ids) -> None:
    """Store changed ties. Those that end go first, since nobody has two open rows of a kind at any moment."""
    columns: dict[TieKind, Callable[[Tie], dict[str, object]]] = {
        TieKind.ENROLMENT: lambda t: {"pupil_id": pupils[t.key[0]], "class_id": classes[t.what]},
        TieKind.GUARDIANSHIP: lambda t: {
            "guardian_id": adults[t.key[0]],
            "pupil_id": pupils[t.key[1]],
            "kind": GuardianshipKind(t.what),
        },
        TieKind.PLACE: lambda t: {
            "user_id": adults[t.key[0]],
            "class_id": classes[t.key[1]],
            "function": TeamFunction(t.what),
        },
        TieKind.ROLE: lambda t: {"user_id": adults[t.key[0]], "role": Role(t.what)},
    }
    by_kind: dict[TieKind, list[TieChange]] = {kind: [] for kind in TieKind}
    for change in changes:
        by_kind[change.kind].append(change)
    for kind, table in _TABLES.items():
        kept = [change.after for change in by_kind[kind] if change.before and change.after]
        _delete(table, [{"id": change.before.row} for change in by_kind[kind] if change.before and not change.after])
        _update(table, [_dates(tie) | {"id": tie.row} for tie in kept if tie.ends_on])
        _update(table, [_dates(tie) | {"id": tie.row} for tie in kept if not tie.ends_on])
        _insert(table, [columns[kind](c.after) | _dates(c.after) for c in by_kind[kind] if c.after and not c.before])


def _dates(tie: Tie) -> dict[str, object]:
    return {"starts_on": tie.starts_on, "ends_on": tie.ends_on}


def _insert(table: Any, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Add rows in one statement; gives the new ids by external id, where the table has one."""
    if not rows:
        return {}
    statement = insert(table)
    if is_keyed := "external_id" in rows[0]:
        statement = statement.returning(table.external_id, table.id)
    # without this, every change between rows with and without a value would begin another statement
    added = db.session.execute(statement, rows, execution_options={"render_nulls": True})
    return {external_id: id_ for external_id, id_ in added} if is_keyed else {}


def _update(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(update(table), rows)


def _delete(table: Any, keys: list[dict[str, Any]]) -> None:
    if keys:
        which = [table.__table__.c[column] == bindparam(f"key_{column}") for column in keys[0]]
        db.session.execute(
            table.__table__.delete().where(*which),
            [{f"key_{column}": value for column, value in key.items()} for key in keys],
        )
