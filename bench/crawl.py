"""Every address of the portal beside the bare page, each in its slowest role: `python -m bench.crawl`, in `make bench`.

The pages and who reads them are those of the tests (`tests/pages.py`), on the tests' own school, at noon of their day.
What counts is the time on the processor, called in turns with the bare page and without a server between, so a loud
neighbour disturbs little. A page's slowest role is found first, of all who see it, the public included.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest import mock

from flask import Flask, url_for

from bench.budgets import Budget, at_most
from bench.measure import Page, cookie_of
from bench.reference import create_reference
from portal import create_app
from portal.accounts.sign_in import services as sign_in
from portal.database import db, schema
from portal.database.transactions import writing
from portal.settings import Environment, Settings
from portal.text import clock
from tests.cast import make_cast
from tests.conftest import NOON
from tests.pages import PAGES, PUBLIC, World, make_world, users_of
from tests.pages import Page as Listed

#: How many calls find the slowest role, and how many rounds of how many calls measure it.
WARM_UP, TRIED, ROUNDS, CALLS = 2, 3, 7, 3
SLOWEST_SHOWN = 30
SLOW, TARDY = 0.35, 0.2


@dataclass(frozen=True)
class Measured:
    """An address in its slowest role, and what its time is against the bare page's: 0.5 means twice as long."""

    endpoint: str
    role: str
    ratio: float
    milliseconds: float

    def __str__(self) -> str:
        return f"{self.endpoint:<48} {self.role:<20} {self.ratio:.2f} {self.milliseconds:6.1f} ms"


def measure_all(only: str = "") -> list[Measured]:
    """Every address whose name holds `only`, the slowest first."""
    bare = Page(create_reference(), "/")
    with TemporaryDirectory(prefix="bench-") as folder, mock.patch.object(clock, "now", return_value=NOON):
        pages = {name: roles for name, roles in _pages(Path(folder)).items() if only in name}
        measured = [_measured(name, roles, bare) for name, roles in pages.items()]
    return sorted(measured, key=lambda one: one.ratio)


def budgets(measured: list[Measured]) -> list[tuple[Budget, float]]:
    """How many addresses may be slow."""
    return [
        (at_most(f"addresses below {bound} of the bare page (of {len(measured)})", must, aim), below(measured, bound))
        for bound, must, aim in ((TARDY, 0, 0), (SLOW, 15, 5))
    ]


def below(measured: list[Measured], bound: float) -> int:
    """How many of them are slower than this."""
    return sum(one.ratio < bound for one in measured)


def _pages(folder: Path) -> dict[str, dict[str, Page]]:
    """The pages of the tests' school, with something on each, for everybody who sees them."""
    app = _portal(folder)
    with app.app_context():
        schema.upgrade()
        writing.set(True)
        world = make_world(make_cast())
        cookies = {"public": ""}
        for name, user in world.cast.users.items():
            token = sign_in.start_session(user.id, device="Firefox, Linux", remember=False, now=NOON)
            cookies[name] = cookie_of(app, token, user.id)
        db.session.commit()
        with app.test_request_context():
            paths = {listed.endpoint: url_for(listed.endpoint, **listed.example(world)) for listed in PAGES}
        return {
            listed.endpoint: {name: Page(app, paths[listed.endpoint], cookies[name]) for name in _roles(listed, world)}
            for listed in PAGES
        }


def _portal(folder: Path) -> Flask:
    read = Settings.read({"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(folder), "PORTAL_SECRET_KEY": "s" * 40})
    url = f"sqlite:///{folder / 'portal.sqlite'}"
    return create_app(replace(read, database_url=url, env=Environment.TEST, demo=True))


def _roles(listed: Listed, world: World) -> list[str]:
    """Those of the cast who see a page; the page of the sign-in is seen by nobody who has done so."""
    if listed.endpoint == "accounts.sign_in.sign_in":
        return ["public"]
    return [*users_of(listed, world.cast), *(["public"] if listed.readers == PUBLIC else [])]


def _measured(endpoint: str, roles: dict[str, Page], bare: Page) -> Measured:
    slowest = max(roles, key=lambda name: _tried(roles[name]))
    pairs = [(bare.work(CALLS), roles[slowest].work(CALLS)) for _ in range(ROUNDS)]
    ratio, ours = median(theirs / ours for theirs, ours in pairs), median(ours for _, ours in pairs)
    return Measured(endpoint, slowest, ratio, 1000 * ours / CALLS)


def _tried(page: Page) -> float:
    page.work(WARM_UP)
    return min(page.work(1) for _ in range(TRIED))


def describe(measured: list[Measured]) -> str:
    """What a run says: the slowest, and how many are below the bounds."""
    lines = [f"  every address in its slowest role, of the bare page: the slowest {SLOWEST_SHOWN} of {len(measured)}"]
    lines += [f"    {one}" for one in measured[:SLOWEST_SHOWN]]
    lines.append(f"    below {TARDY}: {below(measured, TARDY)}, below {SLOW}: {below(measured, SLOW)}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(describe(measure_all(*sys.argv[1:])))
