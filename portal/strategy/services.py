"""Bringing the strategy's text in, approving it, and marking its dead links. Approved editions never change."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter

from sqlalchemy import delete, select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.database.versions import check_unchanged
from portal.errors import N_, RuleViolation
from portal.people import Actor, Person
from portal.strategy import queries
from portal.strategy.changes import Comparison, Text, compare
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.document import Document, DocumentFault
from portal.strategy.kinds import EditionState
from portal.strategy.matching import KeyedText, SectionId, match_clauses, pair_sections, section_contents
from portal.strategy.models import Clause, DeadLink, Edition, Section
from portal.text import clock

#: Without vowels no key spells a word, and without 0, 1 and l none is misread from paper.
KEY_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
KEY_LENGTH = 6
#: Three times a long strategy; comparing takes time by the square of it.
MOST_CLAUSES = 300
#: A longer address has no room in an index, and nobody can check it by eye.
LONGEST_ADDRESS = 2000
FIRST_MONTH_DECIDED_FOR_NEXT_YEAR = 5
PAST_THE_REVIEW = N_(
    "The year's review is open. Until it is over, the text changes only by what the board decides in it."
)


class Outcome(StrEnum):
    """What importing a text would do."""

    FIRST = "first"
    NEW_DRAFT = "new_draft"
    REPLACED_DRAFT = "replaced_draft"
    SAME_AS_CURRENT = "same_as_current"
    SAME_AS_DRAFT = "same_as_draft"


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a text would do, before anything is done; `stamp` tells whether it still holds.

    `document` is the text with the plain summaries it keeps.
    """

    document: Document
    outcome: Outcome
    number: int
    keys: tuple[str, ...]
    text: Text
    comparison: Comparison
    stamp: str

    @property
    def changes_nothing(self) -> bool:
        """Whether the text is already here, word for word."""
        return self.outcome in {Outcome.SAME_AS_CURRENT, Outcome.SAME_AS_DRAFT}


def decode_file(data: bytes) -> str:
    """The text of a file saved as UTF-8, or as older Windows programs do; raises DocumentFault for anything else."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise DocumentFault(
            N_("Line %(line)s: this is not a text file. Save the strategy as Markdown (.md)."), 1
        ) from None


def plan_import(document: Document) -> Plan:
    """What `import_strategy` would do with this text now; changes nothing.

    Raises RuleViolation for a text with too many clauses.
    """
    if len(document.texts) > MOST_CLAUSES:
        raise RuleViolation(
            N_("The text has %(count)s clauses. More than %(most)s are too many for one strategy."),
            count=len(document.texts),
            most=MOST_CLAUSES,
        )
    current, draft = queries.get_current(), queries.get_draft()
    current_text = queries.get_text(current) if current else None
    draft_text = queries.get_text(draft) if draft else None
    document = _with_summaries(document, current_text, draft_text)
    keys = _keys(document, current_text, draft_text)
    incoming = _keyed(document, keys)
    return Plan(
        document=document,
        outcome=_outcome(incoming, current_text, draft_text),
        number=draft.number if draft else queries.latest_number() + 1,
        keys=keys,
        text=incoming,
        comparison=compare(current_text or Text(document.title, (), ()), incoming),
        stamp=text_stamp(),
    )


def _with_summaries(document: Document, current: Text | None, draft: Text | None) -> Document:
    """The text with its plain summaries ("Kort fortalt").

    A file with any of them says them all. One without a single block quote, as a word processor saves it, keeps what
    the draft or, where that has no such heading, the current edition says under the very same heading.
    """
    if any(section.plain_summary for section in document.sections):
        return document
    known: dict[SectionId, str] = {}
    contents = section_contents((section.heading for section in document.sections), document.texts, _text_of)
    for earlier in (current, draft):
        if earlier:
            before = section_contents((heading for heading, _ in earlier.sections), earlier.clauses, _text_of)
            for section, (place, _) in pair_sections(before, contents).items():
                known[section] = earlier.sections[place][1]
    return replace(
        document,
        sections=tuple(
            replace(section, plain_summary=known.get((place, section.heading), ""))
            for place, section in enumerate(document.sections)
        ),
    )


_text_of = attrgetter("text")


def text_stamp() -> str:
    """A fingerprint of the stored text: it changes whenever somebody imports, approves or throws one away."""
    return " ".join(edition.stamp for edition in (queries.get_current(), queries.get_draft()) if edition)


def _outcome(incoming: Text, current: Text | None, draft: Text | None) -> Outcome:
    if current is not None and _words(incoming) == _words(current):
        return Outcome.SAME_AS_CURRENT
    if draft is not None:
        return Outcome.SAME_AS_DRAFT if _words(incoming) == _words(draft) else Outcome.REPLACED_DRAFT
    return Outcome.NEW_DRAFT if current is not None else Outcome.FIRST


def _words(text: Text) -> object:
    """What makes two texts the same: every word and its place. Dates and keys do not."""
    return text.title, text.sections, [(clause.section_id, clause.kind, clause.text) for clause in text.clauses]


def _keyed(document: Document, keys: tuple[str, ...]) -> Text:
    return Text(
        title=document.title,
        sections=tuple((section.heading, section.plain_summary) for section in document.sections),
        clauses=tuple(
            KeyedText(placed.section, placed.kind, placed.text, key, place=placed.place)
            for placed, key in zip(document.texts, keys, strict=True)
        ),
    )


def _keys(document: Document, current: Text | None, draft: Text | None) -> tuple[str, ...]:
    """The key of every block: an old promise keeps its own, also one that so far only the draft has.

    What no longer resembles the current text may still continue what the draft had made of it.
    """
    known = list(current.clauses) if current else []
    promised = {clause.key for clause in known}
    known += [clause for clause in _placed_beside(draft, current) if clause.key not in promised]
    keys = match_clauses(known, document.texts)
    if draft:
        unused = [clause for clause in draft.clauses if clause.key not in keys]
        open_places = [place for place, key in enumerate(keys) if key is None]
        for place, key in zip(
            open_places, match_clauses(unused, [document.texts[place] for place in open_places]), strict=True
        ):
            keys[place] = key
    taken = queries.list_keys()
    return tuple(key or new_key(taken) for key in keys)


def _placed_beside(draft: Text | None, current: Text | None) -> Iterator[KeyedText]:
    """The draft's clauses, each in the place that its section has in the current text, or behind all of them."""
    if draft and current:
        continued = pair_sections(current.contents, draft.contents)
        for clause in draft.clauses:
            place, _ = continued.get(clause.section_id, (len(current.sections) + clause.place, ""))
            yield replace(clause, place=place)
    elif draft:
        yield from draft.clauses


def new_key(taken: set[str]) -> str:
    """A key no edition has used; it is taken from now on."""
    while (key := "".join(secrets.choice(KEY_ALPHABET) for _ in range(KEY_LENGTH))) in taken:
        pass
    taken.add(key)
    return key


def import_strategy(
    document: Document,
    *,
    actor: Actor,
    now: datetime,
    approved_on: date | None = None,
    plan: Plan | None = None,
    seen: str | None = None,
) -> Edition | None:
    """Keep a text as the draft of the next edition; None, and nothing is written, when it is already here.

    The first text of all is approved at once if the file or `approved_on` says when; a later one only by `approved_on`,
    which also approves a draft that holds the same words. A `plan` made before the transaction spares it the slow
    part. `seen` is the stamp of the plan the actor looked at: raises Conflict when somebody imported or approved
    another text since. Raises RuleViolation for a date that cannot be, and while a review is open: then each difference
    is a suggestion (`forwarding.services.suggest_differences`).
    """
    lock_editions()
    stamp = text_stamp()
    if seen is not None:
        check_unchanged(stamp, seen)
    if plan is None or plan.stamp != stamp:
        plan = plan_import(document)
    draft = queries.get_draft()
    if plan.outcome is Outcome.SAME_AS_CURRENT or (plan.outcome is Outcome.SAME_AS_DRAFT and approved_on is None):
        return None
    if plan.outcome is Outcome.FIRST:
        approved_on = approved_on or document.approved_on
    if get_cycle(lock=True):
        raise RuleViolation(PAST_THE_REVIEW)
    if draft is None or plan.outcome is not Outcome.SAME_AS_DRAFT:
        draft = keep_draft(plan.document, plan.keys, number=plan.number, draft=draft, now=now)
        acts.record(actor, ActKind.STRATEGY_IMPORTED, draft, now=now)
    if approved_on is not None:
        approve_draft(draft, approved_on=approved_on, actor=actor, now=now)
    return draft


def lock_editions() -> None:
    """Serialise imports and approvals, so that each sees what the one before it did. Readers never wait."""
    wait_for_turn_at("one draft, and one edition that holds")
    db.session.scalars(select(Edition).execution_options(populate_existing=True)).all()


def keep_draft(
    document: Document, keys: tuple[str, ...], *, number: int, draft: Edition | None, now: datetime
) -> Edition:
    """A text as the draft of an edition, in place of the words of `draft` if there is one; `keys` name its blocks."""
    if draft is None:
        draft = Edition(number=number, state=EditionState.DRAFT)
        db.session.add(draft)
    else:
        _clear(draft)
    draft.title = document.title
    draft.school_year = _decided_for(clock.day_of(now))
    draft.approved_by, draft.revised_on, draft.language = document.approved_by, document.revised_on, document.language
    draft.imported_at = now
    db.session.flush()
    _fill(draft, document, keys)
    return draft


def _clear(draft: Edition) -> None:
    """Take every word out of a draft. Raises RuleViolation for an edition that has been approved (domain 3.2)."""
    _check_draft(draft)
    db.session.execute(delete(Clause).where(Clause.edition_id == draft.id))
    db.session.execute(delete(Section).where(Section.edition_id == draft.id))


def _fill(draft: Edition, document: Document, keys: tuple[str, ...]) -> None:
    rows = [
        Section(
            edition_id=draft.id,
            position=position,
            heading=section.heading,
            plain_summary=section.plain_summary,
        )
        for position, section in enumerate(document.sections)
    ]
    db.session.add_all(rows)
    db.session.flush()
    remaining = iter(keys)
    db.session.add_all(
        Clause(
            edition_id=draft.id,
            section_id=row.id,
            key=next(remaining),
            kind=block.kind,
            position=position,
            text=block.text,
        )
        for row, section in zip(rows, document.sections, strict=True)
        for position, block in enumerate(section.blocks)
    )
    db.session.flush()


def approve_draft(edition: Edition, *, approved_on: date, actor: Actor, now: datetime, seen: str | None = None) -> None:
    """Record that the board has approved a draft: from now on it is the strategy, and the one before it is kept as old.

    Only the board decides; this writes down that it did. `seen` is the stamp of the text the actor looked at: raises
    Conflict when its words have changed since. Raises RuleViolation for what is no draft, for a day that cannot be, and
    while a review is open: then the text changes by what the board decides in it, and by nothing else (domain 3.3).
    """
    lock_editions()
    if get_cycle(lock=True):
        raise RuleViolation(PAST_THE_REVIEW)
    _check_draft(edition)
    if seen is not None:
        check_unchanged(edition.stamp, seen)
    put_in_force(edition, approved_on=approved_on, actor=actor, now=now)


def put_in_force(edition: Edition, *, approved_on: date, actor: Actor, now: datetime) -> None:
    """Make a draft the strategy that holds, and keep the one before it as old; the caller has locked the editions.

    Raises RuleViolation for a day that has not come, and for one before the last approval.
    """
    if approved_on > clock.day_of(now):
        raise RuleViolation(N_("The day of the decision cannot lie in the future."))
    current = queries.get_current()
    if current is not None:
        if current.approved_on is not None and approved_on < current.approved_on:
            raise RuleViolation(N_("The edition before this one was approved later than that. Look at the date again."))
        current.state = EditionState.SUPERSEDED
        db.session.flush()  # there may never be two current editions, not even between two statements
    edition.state = EditionState.APPROVED
    edition.approved_on = approved_on
    edition.school_year = _decided_for(approved_on)
    db.session.flush()
    acts.record(actor, ActKind.STRATEGY_APPROVED, edition, now=now)


def discard_draft(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away; the current edition stays as it is. Raises RuleViolation for what is no draft."""
    lock_editions()
    _clear(edition)
    acts.note(actor, ActKind.STRATEGY_DISCARDED, edition, now=now)
    db.session.delete(edition)


def _check_draft(edition: Edition) -> None:
    if not edition.is_draft:
        raise RuleViolation(N_("This edition has been approved, so it cannot be changed."))


def _decided_for(day: date) -> int:
    """The school year a text approved on this day is for: in May and June the board decides for the next one."""
    return day.year - (day.month < FIRST_MONTH_DECIDED_FOR_NEXT_YEAR)


def mark_dead_link(url: str, *, note: str, actor: Person, now: datetime) -> DeadLink:
    """Tell readers beside the link that it no longer works, or change what they are told.

    Raises RuleViolation for an address that is too long to keep.
    """
    today = clock.day_of(now)
    if len(url) > LONGEST_ADDRESS:
        raise RuleViolation(N_("That address is too long to be marked."))
    wait_for_turn_at("an address is marked once")
    link = queries.list_dead_links().get(url)
    if link is None:
        link = DeadLink(url=url, note=note, marked_on=today)
        db.session.add(link)
    else:
        link.note, link.marked_on = note, today
    acts.record(actor, ActKind.LINK_MARKED, link, now=now)
    return link


def unmark_dead_link(link: DeadLink, *, actor: Person, now: datetime) -> None:
    """Take the notice away: the link works again, or has left the text."""
    acts.record(actor, ActKind.LINK_MARKED, link, now=now)
    db.session.delete(link)
