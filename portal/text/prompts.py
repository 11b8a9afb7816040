"""What a template asks its writer to fill in: a line in square brackets, which is no part of any text that is sent."""

from __future__ import annotations

import re

from portal.errors import N_, RuleViolation

# All that stands on a line, but for blanks around it and the mark of a list.
_PROMPT = re.compile(r"(?:[-*+]|\d+[.)])?\s*\[([^\[\]]+)\]")


def check_no_prompts(text: str) -> None:
    """Refuse a text in which a template still asks for something. Raises RuleViolation with the first question."""
    for line in text.split("\n"):
        if asked := _PROMPT.fullmatch(line.strip()):
            raise RuleViolation(
                N_("The template still asks “%(prompt)s” Write your own words there, or take the line out."),
                prompt=asked[1].strip(),
            )
