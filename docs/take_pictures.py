"""Takes pictures of the demo school: `make pictures`. Needs Chromium.

README's picture goes into docs/pictures; all others are for looking at and go into build/pictures, which is ignored.
"""

from __future__ import annotations

import base64
import tempfile
import threading
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright
from waitress.server import create_server

from portal import create_app
from portal.operations.serving import prepare
from portal.settings import ROOT, Settings

KEPT = Path(__file__).with_name("pictures")
FOLDER = ROOT / "build" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "laptop": {"width": 1280, "height": 680}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TRIES = 5
PERSONAS = ("guardian_of_two", "council_member", "class_teacher", "leader")
#: What else each of them comes for: a picture's name and where it is.
ROOMS = {
    "guardian_of_two": {"feed": "/updates/"},
    "class_teacher": {"editor": "/"},
    "leader": {"cadence": "/updates/cadence", "agreements": "/agreements/"},
}
#: README's first picture: the guardian's front page on a laptop, and on a phone in front of it.
TOGETHER = """<!doctype html><style>
body { margin: 0; width: 1280px; height: 780px; position: relative; background: #faf7f1; }
img { position: absolute; border: 1px solid #d8d2c6; box-shadow: 0 18px 50px rgb(30 40 50 / .22); }
.laptop { left: 48px; top: 48px; width: 1036px; border-radius: 14px; }
.phone { right: 48px; top: 128px; width: 282px; border-radius: 28px; }
</style><img class="laptop" src="LAPTOP"><img class="phone" src="PHONE">"""


def main() -> None:
    """Serve a fresh demo school and look at it as four people, on a phone and a laptop, in light and dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Settings.read({"PORTAL_INSTANCE": instance}))
        prepare(app)
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for look in (_look_at_home, _look_around):  # in this order, since opened news is no longer new
                for size, scheme, persona in product(SIZES, SCHEMES, PERSONAS):
                    context = browser.new_context(
                        base_url=address, viewport=SIZES[size], color_scheme=scheme, locale="da-DK"
                    )
                    page = context.new_page()
                    page.goto("/accounts/sign-in")
                    page.locator(f"form[action$='/{persona}'] button").click()
                    look(page, persona, f"{size}-{scheme}")
                    context.close()
            _put_together(browser)
            browser.close()
        server.close()


def _look_at_home(page: Page, persona: str, name: str) -> None:
    _take(page, f"home-{persona}-{name}")


def _look_around(page: Page, persona: str, name: str) -> None:
    if persona == "council_member":  # who has a council and no updates
        page.locator(".menu a[href^='/council/']").click()
        _take(page, f"council-{persona}-{name}")
    else:
        page.goto("/updates/")
        page.locator("article h2 a").first.click()
        _take(page, f"update-{persona}-{name}")
        page.locator(".crumbs a").first.click()
        _take(page, f"class-{persona}-{name}")
    for room, path in ROOMS.get(persona, {}).items():
        page.goto(path)
        if room == "editor":
            page.locator("a[href$='/new'][href^='/updates/']").first.click()
        _take(page, f"{room}-{persona}-{name}")
    page.goto("/strategy/")
    _take(page, f"strategy-{persona}-{name}")


def _take(page: Page, name: str, folder: Path = FOLDER) -> None:
    """Take one picture. Chromium without a graphics card now and then cannot; a pixel more of height and it can."""
    for more in range(TRIES):
        try:
            page.screenshot(path=folder / f"{name}.png")
            return
        except Error:
            size = page.viewport_size
            if size is None or more == TRIES - 1:
                raise
            page.set_viewport_size({"width": size["width"], "height": size["height"] + 1})


def _put_together(browser: Browser) -> None:
    """Lay the guardian's laptop and phone side by side for README."""
    page = browser.new_page(viewport={"width": 1280, "height": 780})
    html = TOGETHER
    for size in SIZES:
        picture = base64.b64encode((FOLDER / f"home-guardian_of_two-{size}-light.png").read_bytes()).decode()
        html = html.replace(size.upper(), f"data:image/png;base64,{picture}")
    page.set_content(html)
    _take(page, "readme", KEPT)


if __name__ == "__main__":
    main()
