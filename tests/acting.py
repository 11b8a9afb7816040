"""Somebody acts with a clock: what a way through the pages costs, in presses, fields, words read and signs typed.

A press costs a second and a half. Whoever comes to a page reads it from the top, and no word twice; a child of ten
reads 100 words a minute, a grown-up 250. Typing is four signs a second, as on a laptop.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page

CHILD, GROWN_UP = 100, 250
SECONDS_A_PRESS, SIGNS_A_SECOND = 1.5, 4
#: The words of the page from the top of what it is about to the end of an element, as far as they can be seen.
_WORDS_UP_TO = """(last) => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const after = Node.DOCUMENT_POSITION_FOLLOWING;
  let words = 0;
  while (walk.nextNode()) {
    const node = walk.currentNode, around = node.parentElement;
    if (!last.contains(node) && last.compareDocumentPosition(node) & after) break;
    if (around.closest(".hidden, textarea, option, script, svg") || !around.checkVisibility()) continue;
    words += node.textContent.split(/\\s+/).filter((word) => /[\\p{L}\\d]/u.test(word)).length;
  }
  return words;
}"""


class Voice:
    """Whoever sits before a page, and what it has cost them so far."""

    def __init__(self, page: Page, *, words_a_minute: int) -> None:
        self.page = page
        self.presses = self.fields = self.words = self.signs = 0
        self._words_a_minute, self._read_here = words_a_minute, 0

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        reading = self.words * 60 / self._words_a_minute
        return self.presses * SECONDS_A_PRESS + reading + self.signs / SIGNS_A_SECOND

    def reads_to(self, last: Locator) -> None:
        """Read on to the end of an element; what stands above it was read before."""
        words = last.evaluate(_WORDS_UP_TO)
        self.words += max(0, words - self._read_here)
        self._read_here = max(words, self._read_here)

    def presses_on(self, what: Locator) -> None:
        """Read on to something and press it, on the same page."""
        self.reads_to(what)
        what.click()
        self.presses += 1

    def opens(self, what: Locator) -> None:
        """Read on to something and press it; it leads to another page."""
        with self.page.expect_navigation():
            self.presses_on(what)
        self._read_here = 0

    def writes(self, field: Locator, text: str) -> None:
        """Read on to a field and fill it; getting there is a press."""
        self.reads_to(field)
        field.fill(text)
        self.presses += 1
        self.fields += 1
        self.signs += len(text)
