"""Markdown as school texts mean it: what was typed is what is read, so a date at the start of a line is no list.

CommonMark gives a meaning to signs that Danish letters to the homes are full of. What follows takes those meanings away
one by one, by rules in the parser's own place for them, so that nothing has to be escaped before or repaired after.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, hr, lheading, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as emphasis

from portal.text.letters import composed

# "1." and "1)"; what follows is what the item says.
_NUMBER = re.compile(r"([0-9]{1,9})[.)](?=[ \t]|$)")
_BULLETS_OF_FILES = "-*+"
_BULLETS_OF_PEOPLE = "-*"  # "+ kopper" is one thing more
_RULES_OF_PEOPLE = "-*"  # "____" is a line to write on

_FACE = re.compile(r"\*[_.^-]\*")  # and "*.*"
_HOST = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.(?:dk|com|org|net|nu|eu|info|se|no|de)(?:[/?#:]|$)", re.IGNORECASE)
_BEFORE_PATH = re.compile(r"^(?:https?:)?//[^/?#@\\]*", re.IGNORECASE)
_MAILBOX = re.compile(r"[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#.]+")


class SchoolMarkdown(MarkdownIt):
    """Markdown without HTML, code and reference links, in which a number makes a list only where it counts.

    A numbered list begins at 1, counts on by one and has two lines or more; every other number stands as it was typed.
    Four spaces or a backtick mean nothing special to those who write about a class. Reference links are off because a
    few kilobytes of them grow into hundreds of megabytes of HTML.
    """

    def __init__(self, nesting: int, *, breaks: bool = False) -> None:
        super().__init__("commonmark", {"html": False, "linkify": False, "breaks": breaks, "maxNesting": nesting})
        self.enable("table")
        self.disable(["code", "fence", "backticks", "reference", "html_block", "html_inline"])
        self.block.ruler.before("list", "counting", _ends_counting, {"alt": ["list"]})
        # mdurl makes its tables at their first use, and a second thread finds them half made: an IndexError, and a 500.
        self.normalizeLinkText(self.normalizeLink("/"))

    def normalizeLink(self, url: str) -> str:
        """The address as a browser needs it: "www.aula.dk" leads out to the web, and not to a page beside this one."""
        if _HOST.match(url):
            url = f"https://{url}"
        elif _MAILBOX.fullmatch(url):
            url = f"mailto:{url}"
        return super().normalizeLink(_BEFORE_PATH.sub(_without_capitals, url))


class FileMarkdown(SchoolMarkdown):
    """As programs write it: lines are wrapped, and a heading may be underlined. Only one line is ever underlined."""

    def __init__(self, nesting: int) -> None:
        super().__init__(nesting)
        self.block.ruler.at("list", partial(_list, is_wrapped=True), {"alt": ["paragraph", "reference", "blockquote"]})
        self.block.ruler.at("lheading", _underlined)


class TypedMarkdown(SchoolMarkdown):
    """As people type it in a box: each line is a line, and a sign means something only where it was meant.

    Dashes below a name make no heading of it, a line below a list is no part of its last point, a star inside
    "4*100 m" or before a lone remark stays, and so does ">" before a figure.
    """

    def __init__(self, nesting: int) -> None:
        super().__init__(nesting, breaks=True)
        self.disable("lheading")
        everywhere = ["paragraph", "reference", "blockquote"]
        self.block.ruler.at("list", _list, {"alt": everywhere})
        self.block.ruler.at("blockquote", _quote, {"alt": [*everywhere, "list"]})
        self.block.ruler.at("hr", _rule, {"alt": [*everywhere, "list"]})
        self.block.ruler.before("paragraph", "own_line", _is_own_line, {"alt": ["paragraph", "blockquote"]})
        self.inline.ruler.at("emphasis", _emphasis)


def _without_capitals(scheme_and_host: re.Match[str]) -> str:
    """ "Https://ÅRHUS.dk" leads where "https://århus.dk" does; the parser encodes each letter as it was typed."""
    return composed(scheme_and_host[0].lower())


class _Item(NamedTuple):
    """A line that begins with a number or bullet, and the column from which lines below belong to it."""

    mark: str
    number: int  # 0 for a bullet, and for "01.", which nobody counts with
    column: int
    has_words: bool


def _item_at(state: StateBlock, line: int) -> _Item | None:
    start, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    mark, number = state.src[start : start + 1], 0
    if counted := _NUMBER.match(state.src, start, end):
        mark = counted[0]
        number = 0 if mark.startswith("0") else int(counted[1])
    elif start >= end or mark not in _BULLETS_OF_FILES or state.src[start + 1 : start + 2] not in (" ", "\t", "\n", ""):
        return None
    after = column = state.sCount[line] + len(mark)
    for blank in state.src[start + len(mark) : end]:
        if blank not in " \t":
            break
        column += 4 - (column + state.bsCount[line]) % 4 if blank == "\t" else 1
    else:
        return _Item(mark, number, after + 1, has_words=False)
    return _Item(mark, number, column if column - after <= 4 else after + 1, has_words=True)


def _list(state: StateBlock, line: int, end: int, silent: bool, *, is_wrapped: bool = False) -> bool:
    """A list, unless what looks like one is a date, a grade, "and" or the remark that a star before it pointed to."""
    item = _item_at(state, line)
    if item is None or not (is_wrapped or item.has_words):
        return False
    if item.mark[0].isdigit():
        if not _counts(state, line, item, is_wrapped=is_wrapped):
            return False
    elif not is_wrapped and (item.mark not in _BULLETS_OF_PEOPLE or _is_lone_star(state, line, item)):
        return False
    return list_block(state, line, end, silent)


def _counts(state: StateBlock, line: int, item: _Item, *, is_wrapped: bool) -> bool:
    """Whether a numbered line is of a list; what was found out about a line is kept while the text is parsed."""
    known: dict[int, bool] = state.env.setdefault("counted", {})
    if line not in known:
        begins = item.number == 1 and not _is_below_number(state, line)
        lines = _lines_counted_from(state, line, item, is_wrapped=is_wrapped) if begins else [line]
        known.update(dict.fromkeys(lines, len(lines) > 1))
    return known[line]


def _is_below_number(state: StateBlock, line: int) -> bool:
    """Whether the line right above begins with a number too: "31. marts" and then "1. april", "2. april"."""
    above = _item_at(state, line - 1) if line > 0 and not state.isEmpty(line - 1) else None
    return above is not None and above.mark[0].isdigit()


def _lines_counted_from(state: StateBlock, first: int, item: _Item, *, is_wrapped: bool) -> list[int]:
    """The lines of the items 1, 2, 3 from this one; the first alone when another number stands right below one of them.

    After an empty line another number is not of the list, and the list is none the worse for it.
    """
    lines = [first]
    floor = min(state.blkIndent, state.sCount[first])
    is_after_blank = False
    for line in range(first + 1, state.lineMax):
        if state.isEmpty(line):
            is_after_blank = True
        elif state.sCount[line] >= item.column:
            is_after_blank = False
        elif state.sCount[line] < floor:
            break
        elif (following := _item_at(state, line)) is None:
            if is_after_blank or not is_wrapped or _begins_a_block(state, line):
                break
        elif not following.mark[0].isdigit():
            break
        elif following.number != len(lines) + 1:
            return lines if is_after_blank else [first]
        else:
            item, is_after_blank = following, False
            lines.append(line)
    return lines


def _begins_a_block(state: StateBlock, line: int) -> bool:
    """Whether a line that begins no item is something else than more words, such as a heading."""
    return any(rule(state, line, state.lineMax, True) for rule in state.md.block.ruler.getRules("paragraph"))


def _ends_counting(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Whether a number below a list begins another one, or none. It is asked between the items of a list."""
    if not silent:
        return False
    item = _item_at(state, line)
    if item is None or not item.mark[0].isdigit():
        return False
    return item.number == 1 or not state.env.get("counted", {}).get(line, False)


def _is_lone_star(state: StateBlock, line: int, item: _Item) -> bool:
    """Whether "* gratis for søskende" is a remark: no other line of its kind follows."""
    if item.mark != "*" or state.level > 0:
        return False
    following = line + 1
    while following < state.lineMax and (state.isEmpty(following) or state.sCount[following] >= item.column):
        following += 1
    if following >= state.lineMax:
        return True
    other = _item_at(state, following)
    return other is None or other.mark != "*"


def _quote(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A quote; ">>Hej<<" is said, ">5" and "> 5 år" are more than five."""
    start = state.bMarks[line] + state.tShift[line]
    blank, sign = state.src[start + 1 : start + 2], state.src[start + 2 : start + 3]
    if blank not in (" ", "\t", "\n", "") or sign.isdigit():
        return False
    return blockquote(state, line, end, silent)


def _rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    return state.src[start : start + 1] in _RULES_OF_PEOPLE and hr(state, line, end, silent)


def _underlined(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A heading that is underlined: the line below it holds nothing else."""
    below = line + 1
    if below >= end or state.isEmpty(below):
        return False
    signs = state.src[state.bMarks[below] : state.eMarks[below]].strip(" \t")
    return signs[0] in "-=" and set(signs) == {signs[0]} and lheading(state, line, end, silent)


def _is_own_line(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Whether a line below a quote, list item or table is none of it: it has neither its sign nor its indent."""
    if not silent:
        return False
    if state.parentType == "table":
        return "|" not in state.src[state.bMarks[line] : state.eMarks[line]]
    return state.parentType == "blockquote" or state.sCount[line] < state.blkIndent


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Stars and lines below around words; inside of words, figures and addresses they are signs like any other."""
    start = end = state.pos
    marker = state.src[start]
    if marker not in "*_":
        return False
    if face := _FACE.match(state.src, start, state.posMax):
        return _is_literal(state, face.end(), silent)
    while end < state.posMax and state.src[end] == marker:
        end += 1
    if start > 0 and end < state.posMax and _is_inside(marker, state.src[start - 1], state.src[end]):
        return _is_literal(state, end, silent)
    return emphasis(state, silent)


def _is_literal(state: StateInline, end: int, silent: bool) -> bool:
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _is_inside(marker: str, before: str, after: str) -> bool:
    """Whether a sign stands inside a word or address, or is the mouth of a face: ^_^"""
    if marker == "_" and not before.isspace() and before + after in (2 * before, "><"):
        return True
    return all(char.isalnum() or char == "/" for char in (before, after))
