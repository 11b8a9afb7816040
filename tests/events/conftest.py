"""The browser's fixtures, for this folder too."""

from __future__ import annotations

from tests.test_browser import address, as_user, browser, visit

__all__ = ["address", "as_user", "browser", "visit"]
