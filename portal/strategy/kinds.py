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
