"""Writing what a class has agreed on, and noting that it was talked about again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.agreements import queries
from portal.agreements.models import AgreementKind, AgreementRenewal, AgreementVersion, ClassAgreement
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.guard import check_agreed, check_names_nobody, look_for_names, protected_names
from portal.notifications.services import recall
from portal.people import Person
from portal.policy import Action, can
from portal.text import clock
from portal.text.prompts import check_no_prompts

WRITTEN = {
    AgreementKind.RULES: ActKind.CLASS_RULES_WRITTEN,
    AgreementKind.PARENTS: ActKind.PARENT_AGREEMENTS_WRITTEN,
}


def write_agreement(
    agreement: ClassAgreement,
    *,
    body: str,
    agreed_on: date,
    version: int,
    agreed: Collection[str] = (),
    actor: Person,
    now: datetime,
) -> AgreementVersion:
    """Put a new wording in the place of the one in version `version` (0 when there was none); the homes are told.

    It counts as talked about in the school year of `agreed_on`. `agreed` are the children's names that may stand in it.
    A protected name from somebody who does not know it is saved like any word, and the class teacher is told.
    Raises Conflict when somebody has written since, and RuleViolation for the same words again, a day that cannot be,
    what a template still asks, names that were not agreed to, and a representative's too many within the hour.
    """
    today = clock.day_of(now)
    agreement = _stored(agreement)
    check_version(agreement, version)
    before = queries.get_version_by_number(agreement.id, version)
    if before is not None and before.body == body:
        raise RuleViolation(
            N_("This is word for word what already holds. If you have talked about it, note that instead.")
        )
    _check_day(agreed_on, first=clock.first_day(clock.school_year(today) - 1), before=before, today=today)
    check_no_prompts(body)
    is_of_team = can(actor, Action.NAME_AGREE, agreement)
    asked_about = body if is_of_team else _lines_beyond(before.body if before else "", body)
    found = look_for_names("", asked_about, [agreement.class_id], reader=actor, today=today)
    if is_of_team:
        check_agreed(found, agreed)
    else:
        check_names_nobody(found)
    check_limit(actor, WRITTEN[agreement.kind], now=now, is_at_work=agreement.class_id in actor.teams)
    written = AgreementVersion(
        agreement=agreement, number=version + 1, body=body, agreed_on=agreed_on, saved_at=now, saved_by_id=actor.id
    )
    agreement.version_count = version + 1
    db.session.add(written)
    _renew(agreement, agreed_on, actor, now)
    acts.record(actor, WRITTEN[agreement.kind], written, now=now)
    if not can(actor, Action.NAME_KNOW, agreement) and protected_names(body, agreement.class_id, today=today):
        acts.record(actor, ActKind.PROTECTED_NAME_WRITTEN, written, now=now)
    return written


def confirm_agreement(
    agreement: ClassAgreement, *, renewed_on: date, version: int, actor: Person, now: datetime
) -> None:
    """Note that the class has talked about its text this school year and that it still holds.

    Raises Conflict when there is another text than the one that was seen, or the year has been noted already, and
    RuleViolation when there is no text yet or for a day outside this school year.
    """
    today = clock.day_of(now)
    if agreement.id is None:
        raise RuleViolation(N_("There is no text yet. Write the first one."))
    check_version(agreement, version)
    year = clock.school_year(today)
    if queries.get_renewal(agreement.id, year) is not None:
        raise Conflict(N_("Somebody has noted it for this school year already. Nothing more is needed."))
    before = queries.get_version_by_number(agreement.id, version)
    _check_day(renewed_on, first=clock.first_day(year), before=before, today=today)
    _renew(agreement, renewed_on, actor, now)
    acts.record(actor, ActKind.AGREEMENT_RENEWED, agreement, now=now)


def hide_version(version: AgreementVersion, *, actor: Person, now: datetime) -> None:
    """Let the class team and the leadership alone read an earlier wording; what was told of it leaves the lists.

    Twice is once. Raises RuleViolation for the wording that holds.
    """
    lock_row(version)
    if version.is_current:
        raise RuleViolation(N_("This text holds now. Write the new one first, and then hide this one."))
    if version.hidden_at is not None:
        return
    version.hidden_at = now
    recall([*WRITTEN.values(), ActKind.PROTECTED_NAME_WRITTEN], version.id)
    acts.note(actor, ActKind.AGREEMENT_HIDDEN, version, now=now)


def _stored(agreement: ClassAgreement) -> ClassAgreement:
    """Get or create the row of this text; of two writers, the first creates it."""
    if agreement.id is not None:
        return agreement
    insert_if_absent(ClassAgreement, class_id=agreement.class_id, kind=agreement.kind, version_count=0)
    found = queries.get_agreement(agreement.class_id, agreement.kind)
    if found is None:
        raise LookupError(f"no class {agreement.class_id}")
    return found


def _lines_beyond(before: str, body: str) -> str:
    """What of a text does not stand in the one before, line for line: a name is agreed to in its wording."""
    stood = {line.strip() for line in before.splitlines()}
    return "\n".join(line for line in body.splitlines() if line.strip() not in stood)


def _check_day(day: date, *, first: date, before: AgreementVersion | None, today: date) -> None:
    if day > today:
        raise RuleViolation(N_("That day has not come yet. Choose the day on which you talked about it."))
    if day < first:
        raise RuleViolation(N_("That day is too long ago. Choose the day on which you last talked about it."))
    if before is not None and day < before.agreed_on:
        raise RuleViolation(N_("The text that holds now was agreed on after that day. Choose a later one."))


def _renew(agreement: ClassAgreement, day: date, actor: Person, now: datetime) -> None:
    """Keep the first day of the school year on which it was talked about; a second one changes nothing."""
    insert_if_absent(
        AgreementRenewal,
        agreement_id=agreement.id,
        school_year=clock.school_year(day),
        renewed_on=day,
        recorded_at=now,
        recorded_by_id=actor.id,
    )
