"""Somebody who acts on a phone, and what it costs them: presses, fields, signs, words read, screens scrolled.

Seconds are counted and not measured, so that they are the same on every machine: so many for a press or a swipe, for a
sign typed with a thumb, for a word read. They leave out the network, and thinking.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from playwright.sync_api import Locator, Page, expect

SECONDS_A_PRESS = 1.5
SIGNS_A_SECOND = 2.5
WORDS_A_MINUTE = 250
#: The bar at the bottom of a phone covers so much of the screen.
BAR = 72

#: The words from where the eye is down to the end of what is pressed. Nobody reads the running text of a card that they
#: pass, nor what is folded away; who looks at the bar at the bottom reads the bar.
WORDS = """(target, [from, reads]) => {
  const place = target.closest("nav") || document.querySelector("main") || document.body;
  const end = target.getBoundingClientRect().bottom + scrollY;
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!holder.checkVisibility()) continue;
    if (holder.closest("option, script, .hidden") || (!reads && holder.closest("article p:not(.eyebrow)"))) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (!box.height || box.top + scrollY < from || box.bottom + scrollY > end + 1) continue;
    words += walker.currentNode.textContent.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)).length;
  }
  return words;
}"""

IS_IN_THE_BAR = "target => !!target.closest('nav') && getComputedStyle(target.closest('nav')).position === 'fixed'"


@dataclass
class Acting:
    """One person with a phone in the hand, from the page that is open."""

    page: Page
    presses: int = 0
    fields: int = 0
    signs: int = 0
    words: int = 0
    screens: int = 0
    _at: float = 0.0
    _url: str = ""

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        moves = self.presses + self.screens
        return round(moves * SECONDS_A_PRESS + self.signs / SIGNS_A_SECOND + self.words * 60 / WORDS_A_MINUTE, 1)

    @property
    def counted(self) -> tuple[int, int, int]:
        """Presses, fields filled in, and screens scrolled."""
        return self.presses, self.fields, self.screens

    def press(self, target: Locator, *, reads: bool = False) -> None:
        """Read down to it and press it; `reads` the running text as well."""
        self._come_to(target, reads=reads)
        self.presses += 1
        target.click()

    def type(self, field: Locator, text: str) -> None:
        """Press a field and type into it."""
        self.press(field)
        self.fields += 1
        self.signs += len(text)
        field.press_sequentially(text)

    def choose(self, field: Locator, value: str) -> None:
        """Open a list of the phone's own, and press one of it."""
        self._come_to(field)
        self.presses += 2
        self.fields += 1
        chosen = field.locator(f"option[value='{value}']")
        self.words += len(str(chosen.text_content()).split())
        field.select_option(value)

    def read(self, target: Locator) -> None:
        """Read what is written there."""
        expect(target).to_be_visible()
        self.words += len(target.inner_text().split())

    def _come_to(self, target: Locator, *, reads: bool = False) -> None:
        expect(target).to_be_visible()
        if self.page.url != self._url:
            self._url, self._at = self.page.url, 0.0
        self.words += target.evaluate(WORDS, [self._at, reads])
        if target.evaluate(IS_IN_THE_BAR):
            return
        bottom = float(target.evaluate("target => target.getBoundingClientRect().bottom"))
        self._at = bottom + self.page.evaluate("scrollY")
        screen = self.page.evaluate("innerHeight") - BAR
        swipes = max(0, ceil((bottom - screen) / screen))
        self.screens += swipes
        self.page.evaluate("height => scrollBy({top: height, behavior: 'instant'})", swipes * screen)
