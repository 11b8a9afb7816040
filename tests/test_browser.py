"""The pages in a real browser: the way of a class team's news, with and without JavaScript, and accessibility."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, url_for
from playwright.sync_api import ConsoleMessage, Page, expect

from portal.accounts.models import User
from portal.accounts.sign_in.passwords import hash_password
from portal.database import db
from portal.demo.school import fill
from portal.text import richtext
from tests import factories as make
from tests import hostile
from tests.browsing import Open
from tests.cast import Cast
from tests.pages import PAGES, PUBLIC, World, make_world

pytestmark = pytest.mark.browser

NARROWEST = {"width": 320, "height": 640}
PASSWORD = "tre ord der ikke rimer"
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def _sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/sign-in")
    page.get_by_label("Brugernavn eller e-mail").fill(user.user_name)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hej")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_teams_news_reaches_the_home(cast: Cast, visit: Open, javascript: bool) -> None:
    for user in (cast.class_teacher, cast.guardian):
        user.password_hash = hash_password(PASSWORD)
    db.session.commit()

    team = visit(javascript=javascript)
    _sign_in(team, cast.class_teacher)
    team.get_by_role("link", name="Skriv").first.click()
    expect(team.locator(".goes-to")).to_contain_text("4 forældre til 3 børn i 3.A")
    team.get_by_label("Overskrift").fill("Vi leger sammen")
    team.get_by_label("Sådan har klassen det", exact=True).fill("Alle har leget med **en ny**.\n\n- Spørg hjemme")
    team.get_by_role("button", name="Se, hvordan det bliver").click()
    expect(team.locator(".prose strong")).to_have_text("en ny")
    expect(team.locator(".goes-to")).to_contain_text("3.A")
    team.get_by_role("button", name="Send til hjemmene").click()
    expect(team.get_by_role("status")).to_contain_text("4 forældre")

    home = visit(javascript=javascript)
    _sign_in(home, cast.guardian)
    news = home.locator("article", has_text="Vi leger sammen")
    expect(news.locator(".new")).to_be_visible()
    news.get_by_role("link").click()
    expect(home.locator(".prose")).to_contain_text("Spørg hjemme")
    home.goto("/")
    expect(home.locator("article", has_text="Vi leger sammen").locator(".new")).to_have_count(0)

    team.reload()
    team.get_by_role("link", name="Hvem").click()
    expect(team.locator("progress")).to_have_attribute("value", "1")


def test_anybody_can_try_the_demo_with_one_press(app: Flask, visit: Open) -> None:
    fill(60)
    db.session.commit()
    page = visit()
    page.goto("/accounts/sign-in")
    forms = page.locator("form[action*='demo']")
    expect(forms).to_have_count(12)
    page.get_by_role("button", name="Mette").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hej Mette")
    expect(page.get_by_role("heading", name="Vi øver os i at invitere med ind i legen")).to_be_visible()


def problems(page: Page) -> list[str]:
    """What axe finds, by evaluate since the content security policy forbids added scripts."""
    results = Axe().run(page, options=AXE_RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


ROLES = (
    "public",
    "guardian",
    "class_teacher",
    "council_member",
    "facilitator",
    "leader",
    "board_secretary",
    "office",
    "helper",
    "newcomer",
)


@pytest.mark.parametrize(("name", "scheme"), [*((name, "light") for name in ROLES), ("class_teacher", "dark")])
def test_every_page_is_accessible_to_its_readers(
    app: Flask, world: World, visit: Open, as_user: Callable[..., Page], name: str, scheme: str
) -> None:
    """Zero violations; no page is wider than 320 px; nothing is refused by the security policy."""
    cast = world.cast
    db.session.commit()
    look = {"viewport": NARROWEST, "color_scheme": scheme}
    page = visit(**look) if name == "public" else as_user(cast.users[name], **look)
    faults: list[str] = []
    page.on("console", partial(_note, faults))
    paths = list(_paths(app, world, name))
    db.session.commit()  # an example may have written: the server would wait for that
    for path in paths:
        page.goto(path)
        faults += [f"{path}: {problem}" for problem in problems(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST["width"]:
            faults.append(f"{path}: {width} px wide")
    assert not faults, "\n".join(faults)


def _note(faults: list[str], message: ConsoleMessage) -> None:
    """What the browser complains of: refused by the security policy, not found, not well made."""
    if message.type in {"error", "warning"}:
        faults.append(f"{message.location['url']}: {message.text}")


def _paths(app: Flask, world: World, name: str) -> list[str]:
    """The pages somebody sees: those for everybody are looked at by the public and by one who is signed in."""
    seen_by_all = name in {"public", "guardian"}
    with app.test_request_context():
        return [
            url_for(page.endpoint, **page.example(world))
            for page in PAGES
            if page.is_html
            and (
                (page.readers == PUBLIC and (seen_by_all or page.endpoint == "home.show_home")) or name in page.readers
            )
        ]


def test_text_of_double_size_fits(app: Flask, cast: Cast, as_user: Callable[..., Page]) -> None:
    world = make_world(cast)
    page = as_user(cast.class_teacher, viewport={"width": 640, "height": 800}, reduced_motion="reduce")
    wide = []
    for path in _paths(app, world, "class_teacher"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate("document.documentElement.scrollWidth") > 640:
            wide.append(path)
    assert not wide


def test_the_keyboard_reaches_the_content_first_and_everything_after(cast: Cast, as_user: Callable[..., Page]) -> None:
    page = as_user(cast.guardian)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.tagName"))
    assert {"/", "/strategy/", "/help", "/accounts/me"} <= reached


def test_a_first_visit_is_light_enough(cast: Cast, as_user: Callable[..., Page]) -> None:
    """Everything over the wire, font included: 50 KB (docs/performance.md)."""
    make_world(cast)
    page = as_user(cast.guardian)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/updates/", wait_until="networkidle")
    page.wait_for_timeout(300)
    assert 15_000 < sum(sizes) <= 50 * 1024, sizes


#: What the page tells of itself: anything that ran, and each thing the security policy had to stop.
WATCH = """
window.happened = [];
window.ran = () => happened.push('ran');
document.addEventListener('securitypolicyviolation', refused => happened.push(refused.effectiveDirective));
"""
LINKS = """
[...document.querySelectorAll('.prose a')].map(link => ({
    href: link.getAttribute('href'),
    leaves: !['', location.host].includes(link.host) || !['http:', 'https:', 'mailto:'].includes(link.protocol),
    rel: link.rel,
    mark: getComputedStyle(link, '::after').content,
    words: link.innerText.trim(),
}))
"""


def test_markdown_from_a_hostile_hand_runs_nothing(cast: Cast, address: str, as_user: Callable[..., Page]) -> None:
    """Every known attack in one text, opened by a guardian: nothing runs, nothing is fetched, no link hides its way."""
    texts = "\n\n".join(hostile.TEXTS).replace("\0", "").encode("utf-8", "ignore").decode()
    update = make.make_update(cast.third, cast.class_teacher, "<b onclick='ran()'>x</b><svg onload=ran()>", body=texts)
    page = as_user(cast.guardian)
    page.add_init_script(WATCH)
    faults: list[str] = []
    page.on("console", partial(_note, faults))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith(f"{address}/") else faults.append(asked.url))
    for path in ("/updates/", "/", f"/updates/{update.id}"):
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("happened") == []
        assert page.locator(", ".join(f"[on{event}]" for event in ("click", "error", "load", "toggle"))).count() == 0
    made = set(page.evaluate("[...document.querySelectorAll('.prose *')].map(element => element.localName)"))
    assert made <= richtext.TAGS
    links = page.evaluate(LINKS)
    assert len(links) > 20
    hidden = [
        link for link in links if link["leaves"] and (link["rel"] != richtext.EXTERNAL_REL or "↗" not in link["mark"])
    ]
    assert hidden == []
    assert [link["href"] for link in links if not link["words"]] == []
    once = page.evaluate("document.querySelector('.prose').innerHTML")
    again = "html => { const box = document.createElement('div'); box.innerHTML = html; return box.innerHTML; }"
    assert page.evaluate(again, once) == once
    for link in page.locator(".prose a:not(.external):not([href^=mailto])").all():
        page.goto(f"/updates/{update.id}")
        link.click()
        assert page.url.startswith(f"{address}/")
    faults = [fault for fault in faults if "404" not in fault]  # of the pages that those links name and nobody made
    assert faults == []
