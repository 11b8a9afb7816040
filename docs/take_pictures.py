"""Takes the pictures in docs/pictures of the demo school: `make pictures`. Needs Chromium."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

from portal import create_app
from portal.cli import prepare
from portal.settings import Settings

FOLDER = Path(__file__).with_name("pictures")
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = {"phone": {"width": 390, "height": 844}, "laptop": {"width": 1280, "height": 900}}
PERSONAS = ("guardian_of_two", "council_member", "class_teacher", "leader")


def main() -> None:
    """Serve a fresh demo school and look at it as four people, on a phone and a laptop, in light and dark."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Settings.read({"PORTAL_INSTANCE": instance}))
        prepare(app)
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for size, viewport in SIZES.items():
                for scheme in ("light", "dark"):
                    for persona in PERSONAS:
                        context = browser.new_context(
                            base_url=address, viewport=viewport, color_scheme=scheme, locale="da-DK"
                        )
                        _look_around(context.new_page(), persona, f"{size}-{scheme}")
                        context.close()
            browser.close()
        server.close()


def _look_around(page: Page, persona: str, name: str) -> None:
    page.goto("/accounts/sign-in")
    page.locator(f"form[action$='/{persona}'] button").click()
    _take(page, f"home-{persona}-{name}")
    if persona in {"guardian_of_two", "class_teacher"}:
        page.goto("/updates/")
        page.locator("article h2 a").first.click()
        _take(page, f"update-{persona}-{name}")
        page.locator(".crumbs a").first.click()
        _take(page, f"class-{persona}-{name}")
    if persona == "council_member":
        page.goto("/strategy/")
        page.screenshot(path=FOLDER / f"strategy-{name}.png")


def _take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
