"""The kinds and states of the strategy text, apart from the tables so that readers of files need no database."""

from __future__ import annotations

from enum import StrEnum


class ClauseKind(StrEnum):
    """What a clause (punkt) is on the page: a bullet promises, a paragraph explains, a subheading gathers."""

    BULLET = "bullet"
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"


class EditionState(StrEnum):
    """Where an edition (udgave) stands: being written, in force, or kept as what once was in force."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class Phase(StrEnum):
    """Whose turn it is in the year's review (årets gennemgang); drafts may be written in every phase."""

    COUNCIL = "council"
    HEARING = "hearing"
    BOARD = "board"
    CLOSED = "closed"


class AmendmentKind(StrEnum):
    """What an amendment does to the text: other words, words that are missing, or words to take away.

    A summary is other words for what a section says in short ("Kort fortalt").
    """

    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"
    SUMMARY = "summary"


class AmendmentSource(StrEnum):
    """Who an amendment comes from."""

    COUNCIL = "council"
    STAFF = "staff"


class AmendmentState(StrEnum):
    """Where an amendment stands on its way (domain 3.3)."""

    DRAFT = "draft"
    IN_COUNCIL = "in_council"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    POSTPONED = "postponed"
    FORWARDED = "forwarded"
    APPROVED = "approved"
    APPROVED_CHANGED = "approved_changed"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    IN_EDITION = "in_edition"
