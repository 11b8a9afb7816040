"""User names: made once from a person's name, in plain letters, and never changed afterwards."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Container

#: The rule that whoever makes one keeps (`wait_for_turn_at`).
USER_NAMES_ONCE = "a user name is one account's"
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "đ": "d", "ł": "l", "ð": "d", "þ": "th"})


def plain(name: str) -> str:
    """A name in the letters a to z: "Søren Åge" is "soerenaage"."""
    folded = unicodedata.normalize("NFD", name.lower().translate(_DANISH))
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def free_user_name(first_name: str, last_name: str, *, taken: Container[str]) -> str:
    """A user name nobody has: "mette.holm", or "mette.holm2" where that is taken."""
    base = _base(first_name, last_name)
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}{number}"
    return name


def telling_nothing(first_name: str, last_name: str, *, taken: Container[str]) -> str:
    """A user name nobody has, "birthe.holm4821", that does not say whether somebody of that name has an account.

    For accounts that are opened, and whose names are read, by those who may not know who else is here.
    """
    base = _base(first_name, last_name)
    while (name := f"{base}{1000 + secrets.randbelow(9000)}") in taken:
        pass
    return name


def _base(first_name: str, last_name: str) -> str:
    words = [
        plain(first_name.split(" ")[0] if first_name else ""),
        plain(last_name.split(" ")[-1] if last_name else ""),
    ]
    return ".".join(word for word in words if word) or "bruger"
