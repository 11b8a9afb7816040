"""A walk over every page in a real browser: nothing is cut off or pushed aside, and headings keep their places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, url_for
from playwright.sync_api import Page as Tab

from portal.database import db
from portal.text import clock
from portal.updates.models import UpdateRevision
from tests import factories as make
from tests.cast import Cast
from tests.pages import PAGES, PUBLIC, Page, World, make_world

pytestmark = pytest.mark.browser

NARROWEST = {"width": 320, "height": 640}
LAPTOP = {"width": 1280, "height": 800}
#: What a page's head may take of the first screen, and everything that stays on it while one reads.
MOST_OF_THE_SCREEN = 0.3
#: Readers in the order in which they have most to see on a page.
READERS = (
    "class_teacher",
    "office",
    "leader",
    "facilitator",
    "council_member",
    "guardian",
    "guardian_of_two",
    "helper",
    "board_secretary",
)
#: As people paste and name them: a link to a map with no place to break, words and a title with hardly any.
MAP_LINK = "https://maps.app.goo.gl/Q8w7Zk5vT2mN4hRy6"
LONG_TITLE = "Trivselsundersøgelsesopfølgningsarrangement for forældrerådsrepræsentantskabsmedlemmer og søskende"

AsUser = Callable[..., Tab]


def _with_long_words(cast: Cast) -> World:
    """Every page with a long word and a long link wherever people type one."""
    world = make_world(cast)
    assert len(MAP_LINK) == 41
    world.event.title = world.update.title = world.draft.title = LONG_TITLE
    world.event.place = world.meeting.place = MAP_LINK
    for text in (world.update, world.draft):
        text.body += f"\n\n{MAP_LINK}/{MAP_LINK}\n\n| a | {LONG_TITLE} |\n|---|---|\n| `{MAP_LINK}` | 1 |"
    world.event.description = MAP_LINK
    world.comment.text = world.amendment.reason = world.item.notes = f"{MAP_LINK} {LONG_TITLE.replace(' ', '-')}"
    world.contact.title = world.contact.url = MAP_LINK
    world.template.title = LONG_TITLE
    db.session.commit()
    return world


def _looks(page: Page) -> list[str]:
    """Who looks at a page: everybody at the front page, the public where it may, else whoever has most to see."""
    if page.endpoint == "home.show_home":
        return ["public", *READERS]
    if page.readers == PUBLIC:
        return ["public"]
    return [next(name for name in READERS if name in page.readers)]


def _walk(app: Flask, world: World, visit: Callable[..., Tab], as_user: AsUser, viewport: dict[str, int]):
    """Every page with whoever looks at it: the page, the reader's name, the tab that shows it."""
    tabs: dict[str, Tab] = {}
    with app.test_request_context():
        ways = [(page, url_for(page.endpoint, **page.example(world))) for page in PAGES if page.is_html]
    for page, path in ways:
        for name in _looks(page):
            if name not in tabs:
                options = {"viewport": viewport, "reduced_motion": "reduce"}
                tabs[name] = visit(**options) if name == "public" else as_user(world.cast.users[name], **options)
            tabs[name].goto(path)
            yield page, name, tabs[name]


#: What sticks out to the right, innermost first; what scrolls by itself, such as the strip of the menu, may.
STICKS_OUT = """
() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.menu'))
    .map(e => `${e.localName}.${e.className} "${(e.innerText || '').slice(0, 30)}"`).slice(-3)
    .concat(`the page is ${document.documentElement.scrollWidth} px wide`)
"""
#: The head above the content, and whatever stays on the screen while one reads, in px.
HEAD = """
() => {
    const height = e => e.getBoundingClientRect().height;
    const stays = [...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).position === 'fixed');
    return height(document.querySelector('header.top')) + stays.reduce((sum, e) => sum + height(e), 0);
}
"""
#: The two ways to double sizes: the browser's own setting, which media queries see, and a page that is told to.
DOUBLE_TEXT = "() => { document.documentElement.style.fontSize = '200%'; }"
TEXT_AS_SET = "() => { document.documentElement.style.fontSize = ''; }"


def test_with_double_text_on_320_px_no_page_scrolls_sideways_and_the_head_is_small(
    app: Flask, cast: Cast, visit: Callable[..., Tab], as_user: AsUser
) -> None:
    world = _with_long_words(cast)
    faults: list[str] = []
    for page, name, tab in _walk(app, world, visit, as_user, NARROWEST):
        faults += [f"{page.endpoint} ({name}), 100 %: {words}" for words in tab.evaluate(STICKS_OUT)]
        session = tab.context.new_cdp_session(tab)
        for manner in ("the page's", "the browser's"):
            if manner == "the page's":
                tab.evaluate(DOUBLE_TEXT)
            else:
                tab.evaluate(TEXT_AS_SET)
                session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
            faults += [f"{page.endpoint} ({name}), {manner} 200 %: {words}" for words in tab.evaluate(STICKS_OUT)]
            if (head := tab.evaluate(HEAD)) > MOST_OF_THE_SCREEN * NARROWEST["height"]:
                faults.append(f"{page.endpoint} ({name}), {manner} 200 %: the head takes {head} px")
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        session.detach()
    assert not faults, "\n".join(faults)


#: The left edges of the page's headings that stand in no box, column or card: those are read as parts of the page.
#: The big screen is read from the last row, edge to edge; the year's duties are the column beside its wheel.
EDGES = """
() => [...document.querySelectorAll('main :is(h1, h2)')]
    .filter(e => !e.closest('.card, .empty, .notice, .poster, .letter, .contents, .prose, .error-summary'))
    .filter(e => !e.closest('aside, li, details, .room, .duties'))
    .filter(e => !e.matches('.reading > :not(.contents) *'))
    .map(e => Math.round(e.getBoundingClientRect().left))
"""
#: Where a step of the way to a page ends: a sign with no word after it looks like something that is missing.
CRUMB_ENDS = """
() => [...document.querySelectorAll('.crumbs li')]
    .map(e => [getComputedStyle(e, '::before').content, getComputedStyle(e, '::after').content])
"""


def test_headings_keep_two_left_edges_and_the_way_to_a_page_ends_in_a_word(
    app: Flask, cast: Cast, visit: Callable[..., Tab], as_user: AsUser
) -> None:
    edges: dict[int, list[str]] = {}
    for page, _, tab in _walk(app, _with_long_words(cast), visit, as_user, LAPTOP):
        for edge in tab.evaluate(EDGES):
            edges.setdefault(edge, []).append(page.endpoint)
        for number, (before, after) in enumerate(tab.evaluate(CRUMB_ENDS)):
            assert after == "none", page.endpoint
            assert ("›" in before) == (number > 0), page.endpoint
    assert len(edges) <= 2, edges


#: The pieces of changed text as they are painted: each with its width, and that of the blanks at its two ends.
PAINTED = """
() => [...document.querySelectorAll('ins, del')].flatMap(change => [...change.getClientRects()]
    .filter(piece => piece.width > 0).map(piece => Math.round(piece.width)))
"""


@pytest.mark.parametrize("width", [320, 340, 360, 390, 430])
def test_a_redline_paints_no_blank_at_the_end_of_a_line(cast: Cast, as_user: AsUser, width: int) -> None:
    """A piece of a change without a letter in it is narrower than any letter, and would be a mark without words."""
    update = make.make_update(cast.third, cast.class_teacher, "Før", body="Vi hilser på hinanden, og vi leger ude.")
    wordings = ["Vi hilser på hinanden, og vi leger ude.", "Vi hilser på alle børn og voksne, når vi leger ude sammen."]
    for number in range(3):
        wordings.append(" ".join([*wordings[-1].split(), *["sammen med de mindste"] * (number + 1)]))
    for number, body in enumerate(wordings):
        row = UpdateRevision(
            update_id=update.id,
            revision=number + 1,
            title="Før",
            body=body,
            saved_by_id=cast.class_teacher.id,
            saved_at=clock.now() + timedelta(minutes=number),
        )
        db.session.add(row)
    db.session.commit()
    tab = as_user(cast.class_teacher, viewport={"width": width, "height": 800})
    tab.goto(f"/updates/{update.id}/revisions")
    pieces = tab.evaluate(PAINTED)
    assert len(pieces) >= len(wordings)
    assert min(pieces) > 6


PHONE = {"width": 390, "height": 844}
#: What each role comes to its front page and its class's page for, as a place in the content.
PRESSES = {
    ("guardian", "home.show_home"): "button[value=ACCEPTED]",
    ("class_teacher", "home.show_home"): "a.main[href$='/new']",
    ("facilitator", "home.show_home"): "a.main[href$='/new']",
    ("council_member", "home.show_home"): "a.main[href*='/council/']",
    ("leader", "home.show_home"): "a[href$='/cadence']",
    ("office", "home.show_home"): "a[href='/school/']",
    ("helper", "home.show_home"): "a[href*='/events/'], button[value=ACCEPTED]",
    ("guardian_of_two", "home.show_home"): "button[value=ACCEPTED]",
    ("public", "home.show_home"): "a.main",
    ("class_teacher", "home.show_class"): "a.main[href$='/new']",
    ("guardian", "home.show_class"): "article a",
    ("council_member", "home.show_class"): "a",
    ("leader", "home.show_class"): "article a",
    ("guardian", "home.show_child"): "article a",
}
#: Pages whose press may stand further down, and why.
FURTHER_DOWN = {
    "school.access.edit_access": "what it means for parent and child is read before it is done",
    "playgroups.show_plan": "the groups are read before a round is published",
    "strategy.cycle.move_cycle": "what still waits is read before its phase ends",
    "strategy.cycle.show_cycle": "what still waits is read before its phase ends",
    "strategy.forwarding.ask_council": "the suggestion is read before it is asked about",
    "strategy.forwarding.new_word": "the suggestion is read before it is answered",
    "strategy.amendments.merge_amendment": "both suggestions are read before one is made a part of the other",
}
#: The lowest edge of the press, and of the bar that lies over the screen; of a form whose fields come first, its first
#: field, since nobody presses before having filled it in.
PRESS = """
press => {
    const bar = document.querySelector('.menu');
    const covered = bar && getComputedStyle(bar).position === 'fixed' ? bar.getBoundingClientRect().height : 0;
    const fields = press.form ? [...press.form.querySelectorAll('input:not([type=hidden]), select, textarea')] : [];
    const follows = Node.DOCUMENT_POSITION_FOLLOWING;
    const before = fields.filter(f => f.offsetParent && f.compareDocumentPosition(press) & follows);
    return Math.round((before[0] || press).getBoundingClientRect().bottom + covered);
}
"""


def _presses(page: Page, name: str, tab: Tab) -> list[int]:
    """Where the page's main press ends, in px from its top; nothing for a page that is for reading."""
    place = PRESSES.get((name, page.endpoint))
    found = tab.locator(f"main {place}" if place else "main .button.main:visible")
    if place and not found.count():
        return [10**6]
    return [found.first.evaluate(PRESS)] if found.count() else []


def test_the_main_press_of_every_page_is_on_the_first_screen_of_a_phone(
    app: Flask, cast: Cast, visit: Callable[..., Tab], as_user: AsUser
) -> None:
    world = make_world(cast)
    for number in range(8):
        make.make_update(cast.third, cast.class_teacher, f"Nyt {number}", body="Vi leger sammen. " * 20)
        make.make_update(cast.sixth, cast.teacher_elsewhere, f"Nyt {number}", body="Vi leger sammen. " * 20)
        make.make_event(cast.third, cast.class_teacher, f"Tur {number}")
    for number in range(3):
        make.make_update(cast.third, cast.class_teacher, f"Kladde {number}", published_at=None)
    db.session.commit()
    roles = sorted({name for name, _ in PRESSES} - {"public"})
    tabs = {name: as_user(cast.users[name], viewport=PHONE) for name in roles} | {"public": visit(viewport=PHONE)}
    below = []
    for page in (page for page in PAGES if page.is_html):
        with app.test_request_context():
            path = url_for(page.endpoint, **page.example(world))
        readers = {*_looks(page), *(name for name, endpoint in PRESSES if endpoint == page.endpoint)}
        for name in sorted(readers & set(tabs)):
            tabs[name].goto(path)
            for bottom in _presses(page, name, tabs[name]):
                if bottom > PHONE["height"] and page.endpoint not in FURTHER_DOWN:
                    below.append(f"{page.endpoint} ({name}): the main press ends at {bottom} px")
    assert not below, "\n".join(below)


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("office", "accounts.users.show_letter"),
        ("guardian", "school.helpers.show_helper_letter"),
        ("class_teacher", "agreements.show_poster"),
        ("class_teacher", "play_patrol.show_sheet"),
        ("class_teacher", "updates.show_print"),
        ("public", "strategy.show_print"),
        ("facilitator", "council.meetings.show_printed_minutes"),
        ("guardian", "council.years.show_year"),
    ],
)
def test_what_is_made_for_paper_has_a_press_that_prints(
    app: Flask, cast: Cast, visit: Callable[..., Tab], as_user: AsUser, name: str, endpoint: str
) -> None:
    world = make_world(cast)
    db.session.commit()
    (page,) = (page for page in PAGES if page.endpoint == endpoint)
    with app.test_request_context():
        path = url_for(endpoint, **page.example(world))
    for javascript in (True, False):
        options = {"javascript": javascript}
        tab = visit(**options) if name == "public" else as_user(cast.users[name], **options)
        tab.add_init_script("window.print = () => { window.printed = true; }")
        tab.goto(path)
        press = tab.locator("button[data-prints]")
        assert press.is_visible() == javascript, "without scripts the page says where else to print"
        assert tab.get_by_text("Print den fra browserens menu").is_visible() != javascript
        if javascript:
            press.click()
            assert tab.evaluate("window.printed")
