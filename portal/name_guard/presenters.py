"""What stands in the place of a name that is covered."""

from __future__ import annotations

from portal.web.language import gettext


def child_in_words() -> tuple[str, str]:
    """A child without a name, and what is that child's, in the reader's language."""
    return gettext("(a child)"), gettext("(a child's)")
