"""`make bench AGAINST=<commit>`: pages of today's portal beside those of an earlier commit, in one run and in turns.

Each build runs in a process of its own, from its own files and on a school filled by its own hands, and is asked for
the same pages with the browser's cookie. What counts is the time on the processor, that of its PostgreSQL included,
which a loud neighbour disturbs least. A figure is a median over rounds: 2 means half the work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from math import prod
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS, CALLS, WARM_UP = 30, 6, 15
COMMENTS = 20
OLDER = "the council's suggestion"
#: The pages that both builds have, with the address in the words of `bench.data.Reader`; the last is a council's own.
PAGES = {
    "class feed": "/updates/classes/{class_id}",
    "home": "/",
    "strategy": "/strategy/",
    "class page": "/classes/{class_id}",
    "update": "/updates/{update_id}",
    "event, no answers": "/events/{event_id}",
    "amendment": "/strategy/amendments/{amendment_id}",
    OLDER: "/strategy/amendments/{amendment_id}",
}


def main(commit: str, databases: dict[str, dict[str, str]]) -> None:
    """Compare with a commit on each of these databases: its name, and the empty one of each build."""
    with TemporaryDirectory(prefix="bench-") as folder, _files_of(commit, Path(folder)) as earlier:
        for database, urls in databases.items():
            with ExitStack() as stack:
                then, now = (
                    stack.enter_context(_build(tree, urls[name], Path(folder)))
                    for tree, name in ((earlier, "then"), (ROOT, "now"))
                )
                _print(database, commit, {page: _duel(page, then, now) for page in PAGES})


def _print(database: str, commit: str, figures: dict[str, tuple[float, float, float]]) -> None:
    print(f"\n{database}: how many times the work of {commit} is today's, median (quartiles)")
    for page, (low, median, high) in figures.items():
        print(f"  {page:<26} {median:.2f} ({low:.2f} to {high:.2f})")
    seven = [median for page, (_, median, _) in figures.items() if page != OLDER]
    print(f"  {'the seven, geometric mean':<26} {prod(seven) ** (1 / len(seven)):.2f}")


def _duel(page: str, then: Build, now: Build) -> tuple[float, float, float]:
    for build in (then, now):
        build.seconds(page, WARM_UP)
    low, median, high = quantiles([then.seconds(page, CALLS) / now.seconds(page, CALLS) for _ in range(ROUNDS)], n=4)
    return low, median, high


@contextmanager
def _files_of(commit: str, folder: Path) -> Iterator[Path]:
    """The files of a commit in a folder of their own, without its history."""
    tree = folder / "earlier"
    subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", tree, commit], check=True)
    try:
        yield tree
    finally:
        subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", tree], check=True)


class Build:
    """A build in a process of its own, which answers how long some calls of a page took it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def seconds(self, page: str, calls: int) -> float:
        """The processor's time for some calls."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{calls} {page}\n")
        self.process.stdin.flush()
        answered = self.process.stdout.readline()
        if not answered:
            raise RuntimeError(f"{page}: the other build has ended; its fault stands above")
        return float(answered)


@contextmanager
def _build(tree: Path, url: str, folder: Path) -> Iterator[Build]:
    environ = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PORTAL_ENV": "production",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_SECRET_KEY": "only-for-measuring-" * 3,
        "PORTAL_DATABASE_URL": url,
    }
    with subprocess.Popen(
        [sys.executable, __file__], cwd=tree, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Build(process)
        finally:
            process.terminate()  # or leaving waits for a child that still reads


def answer() -> None:
    """The other process: fill a school with the build that stands in this folder, and measure what is asked for."""
    sys.path[0] = os.getcwd()
    from bench import data
    from portal import create_app
    from portal.settings import Settings

    data.ANSWERS = 0  # an earlier school has none
    app = create_app(Settings.read(os.environ))
    reader = data.make_school(app).busy
    with app.app_context():
        member, amendment_id = _talk_in_a_council()
        backend = _backend()
    addresses = {page: address.format(**vars(reader)) for page, address in PAGES.items()}
    addresses[OLDER] = PAGES[OLDER].format(amendment_id=amendment_id)
    for line in sys.stdin:
        calls, page = line.strip().split(" ", 1)
        token = member if page == OLDER else reader.token
        print(_seconds(app, addresses[page], token, int(calls), backend), flush=True)


def _seconds(app: Any, path: str, token: str, calls: int, backend: int) -> float:
    from bench.measure import Page

    held = {"_user_id": token, "_fresh": True, "csrf_token": "of-an-earlier-form"}
    cookie = app.session_interface.get_signing_serializer(app).dumps(held)
    page = Page(app, path, f"{app.config['SESSION_COOKIE_NAME']}={cookie}")
    began = process_time() + _time_of(backend)
    for _ in range(calls):
        page.get()
    return process_time() + _time_of(backend) - began


def _backend() -> int:
    """The process of PostgreSQL that answers this one; 0 on SQLite."""
    from portal.database import db

    if db.engine.dialect.name == "sqlite":
        return 0
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _time_of(process_id: int) -> float:
    return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[0]) / 1e9 if process_id else 0.0


def _talk_in_a_council() -> tuple[str, int]:
    """Put a suggestion with its talk before a council, by whatever files its tables stand in; a member's token."""
    from sqlalchemy import select

    from bench import data
    from portal.database import Model, db
    from portal.text import clock

    data.writing.set(True)
    table: dict[str, Any] = {mapper.class_.__name__: mapper.class_ for mapper in Model.registry.mappers}
    amendment, pupil, seat = table["Amendment"], table["Pupil"], table["CouncilMember"]
    user_id, council_id = db.session.execute(
        select(pupil.user_id, seat.council_id)
        .join(seat, seat.pupil_id == pupil.id)
        .where(pupil.user_id.is_not(None), seat.is_substitute.is_(False))
        .order_by(seat.id)
        .limit(1)
    ).one()
    model = db.session.scalars(select(amendment).where(amendment.clause_key.is_not(None))).first()
    now = clock.now()
    shared = ("kind", "clause_key", "heading", "base_edition_id", "base_text", "new_text", "reason")
    given = {name: getattr(model, name) for name in shared}
    suggestion = amendment(
        **given, state="in_council", council_id=council_id, author_id=user_id, created_at=now, changed_at=now
    )
    db.session.add(suggestion)
    db.session.flush()
    for number in range(COMMENTS):
        said = {"author_id": user_id, "written_at": now - timedelta(hours=COMMENTS - number)}
        db.session.add(
            table["Comment"](council_id=council_id, amendment_id=suggestion.id, text="Det er en god idé.", **said)
        )
    token: str = data._signed_in(user_id, 0, now).token
    db.session.commit()
    return token, suggestion.id


if __name__ == "__main__":
    answer()
