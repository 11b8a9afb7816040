"""Which passwords are refused, because somebody who guesses would try them first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from portal.accounts.sign_in.passwords import prepared
from portal.accounts.user_names import plain
from portal.errors import N_, RuleViolation

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
#: So much must be left of a password when the names that anybody knows, or a word of the list, are taken out of it.
FEWEST_LEFT = 8
#: The 10,000 most used passwords, one a line, sorted (docs/decisions.md says where they come from).
LISTS = (
    Path(__file__).with_name("common_passwords.txt"),
    Path(__file__).with_name("common_danish.txt"),  # what the other one, made of English sites, lacks
)
PRODUCT = ("trivselsportalen", "trivselsportal", "trivsel", "portalen", "portal")


@cache
def _most_used() -> frozenset[str]:
    return frozenset(word for file in LISTS for word in file.read_text(encoding="utf-8").splitlines())


def check_strength(password: str, *, user_name: str, names: Iterable[str] = (), school_name: str = "") -> None:
    """Refuse a password that is easy to guess; length counts, signs and digits are nobody's duty (NIST 800-63B).

    `names` are the person's own. Names, school and product may stand in a password that holds enough besides.
    Raises RuleViolation.
    """
    text = prepared(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise RuleViolation(
            N_("A password has %(shortest)s to %(longest)s characters. Three or four words are easy to remember."),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    known = {plain(word) for name in [user_name, *names, school_name] for word in [name, *re.split(r"[\W\d_]+", name)]}
    is_easy = (
        len(set(text)) < FEWEST_DIFFERENT
        or _is_most_used(text.lower())
        or _is_most_used(plain(text))
        or _is_run(text.lower())
        or _is_made_of(plain(text), known.union(PRODUCT))
    )
    if is_easy:
        raise RuleViolation(
            N_("That password is too easy to guess. Try three or four words that do not belong together.")
        )


def _is_most_used(text: str) -> bool:
    """Whether it is on the list: by itself, again and again, or with some digits and signs around it."""
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    return (
        text in _most_used()
        or _repeated(text) in _most_used()
        or (_repeated(word) in _most_used() and len(text) - len(word) < FEWEST_LEFT)
    )


def _repeated(text: str) -> str:
    """What a text repeats from beginning to end: "hejhejhej" is "hej"; the text itself when it repeats nothing."""
    period = (text + text).find(text, 1)
    return text[:period] if text else ""


def _is_run(text: str) -> bool:
    """Whether it counts up or down from beginning to end: "123456789012", "abcdefghijkl", "987654321098"."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}
    return text.isalnum() and len(steps) == 1


def _is_made_of(folded: str, words: Iterable[str]) -> bool:
    """Whether little is left without words that anybody knows."""
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 1 else rest
    return rest != folded and (len(rest) < FEWEST_LEFT or _is_most_used(rest))
