"""The one place where Markdown written by people becomes HTML that is safe to show.

Three walls, each enough alone for what is known today: markdown-it (raw HTML off, links by allow-list), bleach, nh3.
What the signs mean is told in portal.text.markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.text.letters import without_towers
from portal.text.markdown import TypedMarkdown

EXTERNAL_REL = "noopener noreferrer nofollow external"

_TABLE_TAGS = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
TAGS = _TABLE_TAGS | {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "a",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
}
ATTRIBUTES = {"a": {"href", "rel", "class"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})

HIGHEST_HEADING = 2
LOWEST_HEADING = 6

# Parser and sanitisers have quadratic corners; cutting first makes the whole linear. Longer than any text a form takes.
PIECE = 10_000
# Eight quotes or four lists inside each other; at 320 px nothing is left to read beyond that.
NESTING = 10
# Reached only by a table whose few rows are filled up to hundreds of columns, sixty-five times its length as HTML.
MOST_TOKENS = 2 * PIECE

# Controls, direction overrides (they can make a text read backwards) and lone surrogates (no UTF-8 for them).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# A figure, a small beginning such as "kl." or "b)", or a capital.
_BEGINS_ANEW = re.compile(r"\d|\w{1,2}[.)](?=\s)|[A-ZÆØÅÉÖÄÜ]")
LEADS_AWAY = re.compile("https?:|mailto:", re.IGNORECASE)
# What an address is typed with or without.
_BEFORE_HOST = re.compile(r"^(?:mailto:|(?:https?:)?//)?(?:www\.)?")
_DRAWN_AS_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_BEFORE_PATH = re.compile("[/?#]")
_CLOSING = ")]\"'”’»«"


class _Markdown(TypedMarkdown):
    """What is typed, with links by allow-list."""

    def validateLink(self, url: str) -> bool:
        """Whether the address may become a link; what may not stays on the page as it was typed."""
        return _is_allowed(url)


_MARKDOWN = _Markdown(NESTING)
_LITERAL = MarkdownIt("zero", {"breaks": True}).enable("newline")


def render(text: str) -> Markup:
    """Markdown as HTML that cannot harm its reader and fits below a page's own h1 and h2.

    Headings begin at h2 (the page's own is h1) and skip no level; a picture is shown as its description; a link goes to
    http, https, mailto or a page here. One that leaves the portal carries `rel` and the class "external", and the class
    "bare" too if its words are its address. Nothing is refused: what is not allowed, or is nested too deep, is shown as
    typed. Takes time in proportion to the length.
    """
    return _remembered(text) if len(text) <= PIECE else _rendered(text)


def plain(text: str) -> str:
    """Markdown as a person would type it in an e-mail: lists with dashes, addresses in brackets after their words."""
    return _remembered_plain(text) if len(text) <= PIECE else _plain(text)


def _plain(text: str) -> str:
    lines: list[str] = []
    before: _Block | None = None
    for block in _blocks(text, addresses=True):
        if before is not None and not block.follows_closely(before):
            lines.append("")
        lines.append(block.marker + block.words.replace("\n", "\n" + " " * len(block.marker)))
        before = block
    return "\n".join(lines)


def excerpt(text: str, length: int = 220) -> str:
    """The beginning of a text on one line, cut between words with an ellipsis, never longer than `length`."""
    line = ""
    for block in _blocks(text, addresses=False):
        if line:
            line += ". " if _ends_in_word(line) else " "
        line += block.in_one_line
        if len(line) > length:
            whole_words, space, _ = line[:length].rpartition(" ")
            return (whole_words if space else line[: length - 1]).rstrip(" ,;:.–-") + "…"
    return line


def _ends_in_word(line: str) -> bool:
    """Whether a line ends without a sign that ends it; a bracket or quotation mark closes, and ends nothing."""
    last = line[-2:].rstrip(_CLOSING)[-1:]
    return last.isalnum() or last == "%"


def _rendered(text: str) -> Markup:
    outline: list[int] = []
    return Markup("").join(_render_piece(piece, outline) for piece in _pieces(text))


# A class feed shows the same twenty texts to every home, and bleach takes milliseconds for each.
_remembered = lru_cache(maxsize=1024)(_rendered)
_remembered_plain = lru_cache(maxsize=1024)(_plain)


def _render_piece(piece: str, outline: list[int]) -> Markup:
    tokens = _parse(piece)
    _demote_headings(tokens, outline)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # The first text pays for the largest parser of all, and not the start of every command.
    import bleach

    once = bleach.clean(
        html,
        tags=TAGS,
        attributes={tag: list(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
    )
    twice = nh3.clean(
        once,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "ol": ATTRIBUTES["ol"]},
        tag_attribute_values={"a": {"rel": {EXTERNAL_REL}}},
        allowed_classes={"a": {"external", "bare"}},
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return Markup(twice)  # noqa: S704 - this is the module that makes text safe


def _demote_headings(tokens: list[Token], outline: list[int]) -> None:
    """Give every heading the level after its ancestor's; `outline` holds the levels we are inside of, as typed."""
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while outline and outline[-1] >= level:
                outline.pop()
            outline.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(HIGHEST_HEADING - 1 + len(outline), LOWEST_HEADING)}"


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of bounded length, cut at a blank line, else a line, else a word."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    start = 0
    while len(text) - start > PIECE:
        candidates = (text.rfind(mark, start + PIECE // 2, start + PIECE) for mark in ("\n\n", "\n", " "))
        cut = next((found for found in candidates if found > 0), start + PIECE)
        yield text[start:cut]
        start = cut
    yield text[start:]


def _parse(piece: str) -> list[Token]:
    """The tokens of a piece: pictures already words, links marked, empty headings gone, too deep nesting literal."""
    tokens = _MARKDOWN.parse(piece)
    if len(tokens) > MOST_TOKENS or any(token.level >= NESTING - 1 for token in tokens):
        return _LITERAL.parse(piece)
    for token in tokens:
        if token.children:
            token.children = _tame(token.children)
    return _without_empty_headings(tokens)


def _tame(children: list[Token]) -> list[Token]:
    tamed: list[Token] = []
    nowhere: str | None = None  # the address of the link we are in, when it is one that leads nowhere
    for child in children:
        if child.type == "image":
            description = _words(_tame(child.children or []), addresses=False)
            tamed.append(_text(description))
            continue
        if child.type == "link_open":
            href = str(child.attrs["href"])
            if _leads_somewhere(href):
                child.attrs = _link_attributes(href)
            else:
                child, nowhere = _text("["), _UNPRINTABLE.sub("", unquote(href))
        elif child.type == "link_close" and nowhere is not None:
            child, nowhere = _text(f"]({nowhere})"), None
        elif child.type == "link_close":
            _give_words(tamed)
        tamed.append(child)
    return tamed


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link_attributes(href: str) -> dict[str, str | int | float]:
    if is_external(href):
        return {"href": href, "class": "external", "rel": EXTERNAL_REL}
    return {"href": href}


def _give_words(tokens: list[Token]) -> None:
    """Let the link being closed have something to press: one without words would be invisible to a screen reader.

    One whose words are its address is marked, so that paper need not show the address twice.
    """
    start = next(place for place in reversed(range(len(tokens))) if tokens[place].type == "link_open")
    link, words = tokens[start], "".join(token.content for token in tokens[start + 1 :])
    href = str(link.attrs["href"])
    if _is_blank(words):
        words = href
        tokens.append(_text(href))
    if "class" in link.attrs and (link.markup == "autolink" or _says_address(words, href)):
        link.attrs["class"] = "external bare"


def _without_empty_headings(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if token.type == "heading_close" and _is_blank(_words(kept[-1].children or [], addresses=False)):
            del kept[-2:]
        else:
            kept.append(token)
    return kept


def _is_blank(words: str) -> bool:
    """Whether nothing is to be seen: blanks, joiners, marks without a letter, and letters that are drawn as blanks."""
    return all(unicodedata.category(char)[0] in "CZM" or char in _DRAWN_AS_BLANKS for char in words)


def _folded(url: str) -> str:
    """The address as a careless reader, or a browser, may take it: look-alikes, blanks and backslashes resolved."""
    seen = unicodedata.normalize("NFKC", without_towers(unquote(url)))
    printable = (char for char in seen if unicodedata.category(char)[0] not in "CZ")
    return "".join(printable).replace("\\", "/").lower()


def _is_allowed(url: str) -> bool:
    folded = _folded(url)
    if is_external(url) and "@" in _BEFORE_PATH.split(folded.partition("//")[2].lstrip("/"), maxsplit=1)[0]:
        return False  # https://our-school.dk@evil.example is a page of evil.example
    if ":" not in _BEFORE_PATH.split(folded, maxsplit=1)[0]:
        return True
    allowed = ("http://", "https://", "mailto:")
    return folded.startswith(allowed) and url.lower().startswith(allowed)


def address_behind(words: str, href: str) -> str:
    """What stands in brackets behind a link's words on paper; empty where they say it, and for a page of the portal."""
    return _readable(href) if LEADS_AWAY.match(href) and not _says_address(words, href) else ""


def _readable(href: str) -> str:
    """An address as people read it: with its Danish letters, and in one piece."""
    decoded = _MARKDOWN.normalizeLinkText(href).removeprefix("mailto:")
    return "%20".join(_UNPRINTABLE.sub("", decoded).split())


def _leads_somewhere(href: str) -> bool:
    """Whether an address is one of the web or of a page here; "bilag.pdf" is a file on somebody's own computer."""
    folded = _folded(href)
    return folded.startswith(("/", ".", "?", "#")) or ":" in _BEFORE_PATH.split(folded, maxsplit=1)[0]


def _says_address(words: str, href: str) -> bool:
    """Whether the words of a link are its address, typed in full or as people say it: "aula.dk"."""
    if " " in words or "." not in words:
        return False
    return _said(_MARKDOWN.normalizeLink(words)) == _said(href)


def _said(url: str) -> str:
    return _BEFORE_HOST.sub("", _folded(url), count=1).rstrip("/")


def is_external(url: str) -> bool:
    """Whether an address leads out of the portal, `//host` and its disguises included."""
    return _folded(url).startswith(("http://", "https://", "//"))


@dataclass(frozen=True, slots=True)
class _Block:
    """A block with words; `marker` is the dash, number or indent that its list, the nth of the text, puts before it."""

    words: str
    marker: str = ""
    nth_list: int = 0
    is_row: bool = False

    @property
    def in_one_line(self) -> str:
        """The words with their number; a comma stands where a line ended and the next does not go on with it."""
        mark = self.marker.strip(" -")
        line = f"{mark} " if mark else ""
        for words in filter(None, map(_single_spaced, self.words.split("\n"))):
            if line and not line.endswith(" "):
                line += ", " if _ends_in_word(line) and _BEGINS_ANEW.match(words) else " "
            line += words
        return line

    def follows_closely(self, before: _Block) -> bool:
        """Whether no blank line belongs between the two: items of a list, rows of a table."""
        is_of_list = bool(self.marker and before.marker) and self.nth_list == before.nth_list
        return is_of_list or (self.is_row and before.is_row)


def _blocks(text: str, *, addresses: bool) -> Iterator[_Block]:
    for piece in _pieces(text):
        yield from _blocks_of_piece(_parse(piece), addresses=addresses)


def _blocks_of_piece(tokens: list[Token], *, addresses: bool) -> Iterator[_Block]:
    depth = nth_list = 0  # of the lists we are inside of, and of those that stand in no other
    marker = ""
    cells: list[str] = []
    opener = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            nth_list += depth == 0
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            marker = "  " * depth
        elif token.type == "list_item_open":
            marker = "  " * (depth - 1) + (f"{token.info}{token.markup} " if token.info else "- ")
        elif token.type == "tr_close":
            yield _Block(" | ".join(cells), is_row=True)
            cells = []
        elif token.type == "inline":
            words = _words(token.children or [], addresses=addresses).strip()
            if opener in ("th_open", "td_open"):
                cells.append(words)
            elif words:
                yield _Block(words, marker, nth_list)
                marker = " " * len(marker)
        opener = token.type


def _single_spaced(words: str) -> str:
    return " ".join(words.split())


def _words(children: list[Token], *, addresses: bool) -> str:
    """The words of a line, with the address behind a link's words where it says more than they do."""
    words = ""
    link_start, href = 0, ""
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            words += "\n"
        elif child.type == "link_open":
            link_start, href = len(words), str(child.attrs["href"])
        elif child.type == "link_close":
            if addresses and (address := address_behind(words[link_start:], href)):
                words += f" ({address})"
        else:
            words += child.content
    return words
