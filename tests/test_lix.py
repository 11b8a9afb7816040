"""Every page that a pupil may open is read with ease by a child of ten: the portal's own words, in Danish."""

from __future__ import annotations

import re

import pytest
from flask import Flask, url_for

from portal.strategy.kinds import AmendmentState
from portal.text.lix import Readability, read_over
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.pages import PAGES, PUBLIC, World, make_world
from tests.reading import Element, read

#: What children of ten read with ease (portal/text/lix.py).
EASY = 30
PUPIL = "council_member"
#: In fewer words than these one long one makes a text hard.
FEWEST_WORDS = 20
#: What stands by itself on a page: one line of it is a sentence, also without a full stop.
BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "li", "dt", "dd", "label", "legend", "summary", "button", "th", "td", "option"),
    *("small", "a", "figcaption"),
}
#: What the school or a child has written, and not the portal.
_ADDRESS = re.compile(r"https?://\S+")
TYPED = {"typed", "prose", "clause-box", "section", "poster"}


def own_words(page: Element) -> str:
    """The portal's own words in a page's content, one block a line."""
    (main,) = [part for part in page.walk() if part.tag == "main"]
    return "\n".join(filter(None, (_ADDRESS.sub("", line).strip() for line in _lines(main))))


def _is_left_out(part: Element) -> bool:
    """What is drawn, or not the portal's own."""
    classes = (part.attributes.get("class") or "").split()
    is_drawn = part.tag in {"script", "style", "svg"} or part.attributes.get("aria-hidden") == "true"
    return is_drawn or bool(TYPED.intersection(classes) or part.attributes.get("lang"))


def _lines(element: Element) -> list[str]:
    lines, open_line = [], ""
    for part in element.parts:
        if isinstance(part, str):
            open_line += part
        elif _is_left_out(part):
            continue
        elif part.tag in BLOCKS or any(below.tag in BLOCKS for below in part.walk()[1:]):
            inner = _lines(part)
            if part.tag in {"a", "small"} and element.tag in {"p", "li", "dd", "td", "label"} and len(inner) == 1:
                open_line += f" {inner[0]} "  # inside a sentence
            else:
                lines += [open_line, *inner]
                open_line = ""
        else:
            open_line += f" {' '.join(_lines(part))} "
    return [" ".join(line.split()) for line in (*lines, open_line) if line.strip()]


def _pages(app: Flask, world: World | None) -> dict[str, str]:
    """Every page a pupil may open, by endpoint; in an empty school only those that are about nothing in particular."""
    found = {}
    with app.test_request_context():
        for page in PAGES:
            if page.is_html and (page.readers == PUBLIC or PUPIL in page.readers):
                has_arguments = any(rule.arguments for rule in app.url_map.iter_rules(page.endpoint))
                if world or not has_arguments:
                    found[page.endpoint] = url_for(page.endpoint, **(page.example(world) if world else {}))
    return found


def _read_all(app: Flask, cast: Cast, client_of: ClientOf, world: World | None) -> dict[str, Readability]:
    browser, found = client_of(cast.users[PUPIL]), {}
    for endpoint, path in _pages(app, world).items():
        answer = browser.get(path)
        if answer.status_code == 303 or (answer.status_code == 404 and world is None):
            continue  # whoever is signed in goes on; before there is a strategy some of its pages are not there
        assert answer.status_code == 200, endpoint
        words = own_words(read(answer.text))
        if len(words.split()) >= FEWEST_WORDS:
            found[endpoint] = read_over(words)
    return found


def _too_hard(found: dict[str, Readability]) -> dict[str, str]:
    return {
        endpoint: f"LIX {one.lix}: {', '.join(one.long_words)}" for endpoint, one in found.items() if one.lix > EASY
    }


def test_every_page_a_pupil_may_open_is_read_with_ease(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    found = _read_all(app, cast, client_of, make_world(cast))
    assert len(found) > 40
    assert _too_hard(found) == {}


def test_so_is_every_page_on_which_nothing_has_happened_yet(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    found = _read_all(app, cast, client_of, None)
    assert len(found) > 12
    assert _too_hard(found) == {}


@pytest.mark.parametrize("state", list(AmendmentState))
def test_so_is_a_suggestion_wherever_it_is(cast: Cast, client_of: ClientOf, state: AmendmentState) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, make.make_edition(), state=state, title="Leg")
    words = own_words(read(client_of(cast.users[PUPIL]).get(f"/strategy/amendments/{amendment.id}").text))
    assert read_over(words).lix <= EASY, words


def test_what_is_left_out_is_not_the_portals_and_everything_else_is_read() -> None:
    page = read(
        "<main><p>Vi <a href='/'>leger</a> ude.</p><p class=typed>Besværligheder.</p><ul><li><h3>Et</h3><p>To</p></li>"
        "</ul><div>Tre <svg>Ikon</svg></div><p lang=en>English</p><p>Se http://127.0.0.1/x</p></main>"
    )
    assert own_words(page).splitlines() == ["Vi leger ude.", "Et", "To", "Tre", "Se"]
