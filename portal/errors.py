"""The one way a rule says no, and the mark for texts that are translated later."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a text for the catalogue without translating it here."""
    return message


class RuleViolation(Exception):
    """A rule of the domain refuses the act; nothing may be kept of it.

    `message` is an English catalogue text (`N_("...")`) with named places for `values`; the view translates it and
    shows it in the form with what was typed.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Conflict(RuleViolation):
    """Somebody else changed the same text since it was opened: answered with 409 and both texts (docs/style.md)."""
