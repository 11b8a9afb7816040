"""A class team's news on its way: written together, sent now or at an hour, corrected, taken back.

A text that names a child of the class is sent only when somebody of the team has agreed to the names in that very
wording (domain 3.5); it is looked at again at the moment it goes out. What is sent has been read over before
(`desk/sending`): here it is asked under lock whether it still is that text, and written down.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from sqlalchemy import delete, update

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.cover import Cover, written_at
from portal.name_guard.guard import NamesFound, check_agreed
from portal.notifications import services as notifications
from portal.people import BY_ITSELF, Actor, Person
from portal.school.models import SchoolClass
from portal.text import clock
from portal.updates import queries
from portal.updates.cadence import services as cadence_services
from portal.updates.desk import queries as writing_queries
from portal.updates.desk.sending import Ready, agreed_words, check_unsent, excerpt_of
from portal.updates.models import (
    NameConfirmation,
    UpdateClause,
    UpdateReceipt,
    UpdateRevision,
    UpdateState,
    UpdateThanks,
    WellbeingUpdate,
)

#: Nobody plans news further ahead; a later day is a slip of the year.
FARTHEST_AHEAD = timedelta(days=200)
#: What comes later than this is no news of that hour any more, and "i morgen" in it is another day.
LATEST_AFTER_ITS_HOUR = timedelta(days=1)
MOST_CLAUSES = 5
#: What homes are told of an update; all of it is taken back with the text.
TOLD_TO_HOMES = (ActKind.UPDATE_PUBLISHED, ActKind.UPDATE_CORRECTED_AND_TOLD)


def draft_update(school_class: SchoolClass, *, title: str, body: str, actor: Person, now: datetime) -> WellbeingUpdate:
    """A new draft, which belongs to the class's team: nobody else sees it."""
    draft = WellbeingUpdate(
        class_id=school_class.id,
        author_id=actor.id,
        title=title,
        body=body,
        excerpt="",  # nobody reads a draft in short; it is made when the text is sent
        state=UpdateState.DRAFT,
        created_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def edit_update(draft: WellbeingUpdate, title: str, body: str, *, version: int, now: datetime) -> None:
    """Change what has not been sent. One that has an hour keeps it; new names in it must be agreed to before then.

    Raises Conflict when a colleague saved it since `version`, or it was sent.
    """
    check_unsent(draft)
    check_version(draft, version)
    _date_words(draft, now)
    _reword(draft, title, body)


def publish_update(draft: WellbeingUpdate, ready: Ready, *, actor: Person, now: datetime) -> None:
    """Send a draft, as it was read over, to every home of its class and of the other classes it is sent to.

    Raises Conflict when the text was changed or sent since, so nobody is sent what was not looked at, and RuleViolation
    for names that were not agreed to.
    """
    for each in _with_copies(draft, ready, actor, now):
        _publish(each, actor, now)


def schedule_update(
    draft: WellbeingUpdate, ready: Ready, *, day: date, wall_time: time, actor: Person, now: datetime
) -> None:
    """Let a draft go out by itself at an hour of the school's clock.

    Raises what `publish_update` raises, and RuleViolation for an hour that is over, far off or not on the clock.
    """
    publish_at = _publish_at(day, wall_time, now)
    for each in _with_copies(draft, ready, actor, now):
        each.state, each.publish_at = UpdateState.SCHEDULED, publish_at
        acts.record(actor, ActKind.UPDATE_SCHEDULED, each, now=now)


def _publish_at(day: date, wall_time: time, now: datetime) -> datetime:
    today = clock.day_of(now)
    if day < today:
        raise RuleViolation(N_("That day is over. Choose a day to come."))
    if day > today + FARTHEST_AHEAD:
        raise RuleViolation(N_("That is more than half a year away. Is the year right?"))
    publish_at = clock.at_school(day, wall_time)
    if publish_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    return publish_at


def cancel_schedule(draft: WellbeingUpdate, *, actor: Person, now: datetime) -> None:
    """Let it wait again, as a draft without an hour, and with it its copies for other classes of the actor's teams.

    Raises Conflict when it has gone out.
    """
    check_unsent(draft)
    copies = [queries.get_update(row_id) for row_id, _ in writing_queries.list_sent_along(draft, list(actor.teams))]
    for each in sorted([draft, *(copy for copy in copies if copy is not None)], key=attrgetter("id")):
        lock_row(each)
        if each.state == UpdateState.SCHEDULED:
            each.state, each.publish_at = UpdateState.DRAFT, None
            acts.note(actor, ActKind.UPDATE_UNSCHEDULED, each, now=now)


def publish_due(due: WellbeingUpdate, ready: Ready | None, *, version: int, now: datetime) -> None:
    """Send what was to go out by now, or give it back to the team and tell it so.

    Back goes a text that may not go out, and one whose hour was more than a day ago (domain 3.5). Raises Conflict when
    it was changed or sent since `version` was read over. Does nothing when it is not due any more.
    """
    check_version(due, version)
    if due.state != UpdateState.SCHEDULED or due.publish_at is None or due.publish_at > now:
        return
    if ready is None or now - due.publish_at > LATEST_AFTER_ITS_HOUR:
        due.state, due.publish_at = UpdateState.DRAFT, None
        acts.record(BY_ITSELF, ActKind.UPDATE_HELD, due, now=now)
    else:
        due.body, due.excerpt = ready.body, ready.excerpt
        _publish(due, BY_ITSELF, now)


def correct_update(
    published: WellbeingUpdate, ready: Ready, *, tells_again: bool = False, actor: Person, now: datetime
) -> None:
    """Put other words, as they were read over, in front of the homes, marked as corrected; the team keeps the others.

    `tells_again` tells the homes that something has changed: to each it is new again, and reach is counted anew.
    Raises Conflict when a colleague was first or it is no longer published, RuleViolation for names that were not
    agreed to and when nothing has changed.
    """
    check_version(published, ready.sending.version)
    if (ready.title, ready.body) == (published.title, published.body):
        raise RuleViolation(N_("Nothing has been changed yet."))
    _date_words(published, now)
    _reword(published, ready.title, ready.body)
    published.excerpt = ready.excerpt
    _agree(published, ready.names, ready.sending.agreed, actor, now)
    published.corrected_at = now
    _keep_wording(published, actor, now)
    if tells_again:
        published.told_again_at = now
        db.session.execute(delete(UpdateReceipt).where(UpdateReceipt.update_id == published.id))
        notifications.recall(TOLD_TO_HOMES, published.id)
    kind = ActKind.UPDATE_CORRECTED_AND_TOLD if tells_again else ActKind.UPDATE_CORRECTED
    acts.record(actor, kind, published, now=now)


def withdraw_update(published: WellbeingUpdate, *, actor: Person, now: datetime) -> None:
    """Take it back: gone at once from every feed, every list and the mail that has not left. The team keeps it.

    Raises Conflict when it is not published.
    """
    lock_row(published)  # whoever takes it back comes before whoever corrects it at the same moment
    if not published.is_published:
        raise Conflict(N_("This text is not with the homes any more."))
    published.state, published.published_at = UpdateState.WITHDRAWN, None
    _date_clauses(published)
    notifications.recall(TOLD_TO_HOMES, published.id)
    cadence_services.forget_reminders(published.class_id)
    acts.record(actor, ActKind.UPDATE_WITHDRAWN, published, now=now)


def reopen_update(withdrawn: WellbeingUpdate, *, actor: Person, now: datetime) -> None:
    """Make a draft of what was taken back. Whoever had opened it then has not opened what comes of it.

    Raises Conflict when it is anything else than taken back.
    """
    if withdrawn.state != UpdateState.WITHDRAWN:
        raise Conflict(N_("Only a text that was taken back can be worked on again."))
    withdrawn.state, withdrawn.corrected_at, withdrawn.told_again_at = UpdateState.DRAFT, None, None
    withdrawn.revision += 1
    for kept in (UpdateReceipt, UpdateThanks):
        db.session.execute(delete(kept).where(kept.update_id == withdrawn.id))
    acts.record(actor, ActKind.UPDATE_REOPENED, withdrawn, now=now)


def discard_update(draft: WellbeingUpdate, *, actor: Person, now: datetime) -> None:
    """Throw away what the homes have never seen. Raises Conflict for anything else."""
    check_unsent(draft)
    if writing_queries.list_wordings(draft.id):
        raise Conflict(N_("The homes have read this text once, so it is kept."))
    sent_along = update(WellbeingUpdate).where(WellbeingUpdate.sent_with_id == draft.id).values(sent_with_id=None)
    db.session.execute(sent_along.execution_options(synchronize_session=False))
    notifications.recall([ActKind.UPDATE_HELD], draft.id)
    for belongs in (NameConfirmation, UpdateClause):
        db.session.execute(delete(belongs).where(belongs.update_id == draft.id))
    acts.note(actor, ActKind.UPDATE_DISCARDED, draft, now=now)
    db.session.delete(draft)


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in what the homes of a class can read; the team keeps what stood there.

    What is not sent yet goes back to the team if it has an hour, and its names are asked about again.
    """
    for living in queries.list_living(class_id):
        saved_at = _written_at(living)
        title, body = cover.over(living.title, saved_at=saved_at), cover.over(living.body, saved_at=saved_at)
        if (title, body) == (living.title, living.body):
            continue
        if living.is_published:
            _reword(living, title, body)
            living.excerpt = excerpt_of(body)
            _keep_wording(living, BY_ITSELF, now)
        else:
            if stored := writing_queries.get_confirmation(living):
                db.session.delete(stored)
            if living.state == UpdateState.SCHEDULED:
                living.state, living.publish_at = UpdateState.DRAFT, None
                acts.record(BY_ITSELF, ActKind.UPDATE_HELD, living, now=now)


def _written_at(living: WellbeingUpdate) -> datetime:
    """From when the words are that stand there now."""
    return living.written_at or living.corrected_at or living.published_at or living.created_at


def _date_words(living: WellbeingUpdate, now: datetime) -> None:
    """Say from when the words are that are written, sent or corrected now, before they take the others' place."""
    stood = (living.title, living.body)
    living.written_at = written_at("news", [living.class_id], stood, stood_at=_written_at(living), now=now)


def point_at_clauses(pointing: WellbeingUpdate, keys: Collection[str]) -> None:
    """Say which promises of the strategy the text is about; what was said before is forgotten.

    Raises RuleViolation for more of them than a reader would look at.
    """
    if len(keys) > MOST_CLAUSES:
        raise RuleViolation(N_("Choose %(most)s points at most, those it is really about."), most=MOST_CLAUSES)
    lock_row(pointing)
    db.session.execute(delete(UpdateClause).where(UpdateClause.update_id == pointing.id))
    db.session.add_all(
        UpdateClause(update_id=pointing.id, clause_key=key, published_at=pointing.published_at) for key in sorted(keys)
    )


def thank(update_id: int, reader_id: int) -> None:
    """Keep that a guardian says thank you. Idempotent: twice is once."""
    insert_if_absent(UpdateThanks, update_id=update_id, user_id=reader_id)


def mark_opened(update_id: int, reader_id: int) -> None:
    """Keep that the reader has opened the update. Idempotent: twice is once."""
    insert_if_absent(UpdateReceipt, update_id=update_id, user_id=reader_id)


def _with_copies(draft: WellbeingUpdate, ready: Ready, actor: Person, now: datetime) -> list[WellbeingUpdate]:
    """The draft and its copies for other classes, as they were read over and agreed to: what may go out."""
    if draft.sent_with_id is not None:
        lock_row(db.session.get_one(WellbeingUpdate, draft.sent_with_id))  # whoever sends it along comes one by one
    check_version(draft, ready.sending.version)
    draft.body, draft.excerpt = ready.body, ready.excerpt
    others = sorted(ready.sending.also - {draft.class_id})
    _check_not_sent_there(draft, others)
    _agree(draft, ready.names, ready.sending.agreed, actor, now)
    clauses = writing_queries.list_clause_keys(draft.id)
    copies = [
        WellbeingUpdate(
            class_id=class_id,
            author_id=actor.id,
            title=draft.title,
            body=draft.body,
            excerpt=draft.excerpt,
            state=UpdateState.DRAFT,
            created_at=now,
            written_at=_written_at(draft),
            sent_with_id=draft.id,
        )
        for class_id in others
    ]
    db.session.add_all(copies)
    db.session.flush()
    for copy in copies:
        point_at_clauses(copy, clauses)
        _agree(copy, ready.names.of_class(copy.class_id), ready.sending.agreed, actor, now)
    return [draft, *copies]


def _check_not_sent_there(draft: WellbeingUpdate, class_ids: Collection[int]) -> None:
    if class_ids and writing_queries.list_sent_along(draft, class_ids):
        raise RuleViolation(N_("This text already goes to one of those classes. Look at it there."))


def _agree(agreeing: WellbeingUpdate, found: NamesFound, agreed: Collection[str], actor: Person, now: datetime) -> None:
    """Hold the text back unless every child's name in it has been agreed to; keep that it has, for this wording."""
    stored = writing_queries.get_confirmation(agreeing)
    check_agreed(found, {*agreed, *agreed_words(stored)})
    if not found.beyond(agreed_words(stored)):
        return
    words = list(found.must_agree)
    if stored is None:
        db.session.add(
            NameConfirmation(
                update_id=agreeing.id,
                revision=agreeing.revision,
                words=words,
                confirmed_by_id=actor.id,
                confirmed_at=now,
            )
        )
    else:
        stored.words, stored.confirmed_by_id, stored.confirmed_at = words, actor.id, now
    acts.record(actor, ActKind.NAMES_CONFIRMED, agreeing, now=now)


def _publish(ready: WellbeingUpdate, actor: Actor, now: datetime) -> None:
    _date_words(ready, now)
    ready.state, ready.published_at, ready.publish_at = UpdateState.PUBLISHED, now, None
    _date_clauses(ready)
    _keep_wording(ready, actor, now)
    cadence_services.take_reminders_back(ready.class_id)
    acts.record(actor, ActKind.UPDATE_PUBLISHED, ready, now=now)


def _keep_wording(read: WellbeingUpdate, actor: Actor, now: datetime) -> None:
    db.session.add(
        UpdateRevision(
            update_id=read.id,
            revision=read.revision,
            title=read.title,
            body=read.body,
            saved_by_id=actor.id if actor else None,
            saved_at=now,
        )
    )


def _date_clauses(read: WellbeingUpdate) -> None:
    dated = update(UpdateClause).where(UpdateClause.update_id == read.id).values(published_at=read.published_at)
    db.session.execute(dated.execution_options(synchronize_session=False))


def _reword(rewritten: WellbeingUpdate, title: str, body: str) -> None:
    if (title, body) != (rewritten.title, rewritten.body):
        rewritten.revision += 1
    rewritten.title, rewritten.body = title, body
