"""`make bench`: measure the portal beside the bare page and say which budgets are kept (docs/performance.md).

`python -m bench school` takes a few minutes, `python -m bench municipality` adds a million updates. PostgreSQL is
measured where BENCH_DATABASE_URL (or a local server) answers. Ends with 1 when a must is missed. `python -m bench
against COMMIT` measures beside an earlier build instead.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg
from flask import Flask

from bench import against, crawl, data, load
from bench.budgets import Budget, at_most, report, throughput
from bench.measure import Page, Spread, cookie_of, count_queries, paired, weight
from bench.reference import create_reference
from portal import create_app
from portal.settings import Settings

SECRET = "only-for-measuring-" * 3
LOCAL_SERVER = "postgresql://postgres@127.0.0.1:5432/test"
WINDOWS, SECONDS, STARTS, REQUESTS = 3, 1.0, 3, 2_000
KB = 1024
Results = list[tuple[Budget, float]]


@dataclass(frozen=True)
class Kind:
    """A page that is measured: its address for a reader, and what is promised for it (must, aim).

    `on_postgresql` is the throughput promised there, where each statement waits for another process.
    """

    name: str
    address: str
    throughput: tuple[float, float]
    on_postgresql: tuple[float, float]
    queries: tuple[int, int] = (8, 5)
    readers: tuple[str, ...] = ("busy", "quiet")


PAGES = (
    Kind("class feed", "/updates/classes/{class_id}", (0.65, 0.8), (0.42, 0.5), queries=(5, 3)),
    Kind("home", "/", (0.55, 0.8), (0.37, 0.5), queries=(8, 6)),
    Kind("strategy", "/strategy/", (0.65, 0.8), (0.42, 0.5)),
    Kind("class page", "/classes/{class_id}", (0.5, 0.8), (0.32, 0.5)),
    Kind("update", "/updates/{update_id}", (0.5, 0.8), (0.36, 0.5)),
    Kind("event, 16 answers", "/events/{event_id}", (0.45, 0.55), (0.3, 0.4)),
    Kind("amendment", "/strategy/amendments/{amendment_id}", (0.5, 0.6), (0.32, 0.4)),
    Kind(
        "amendment in its council, 20 comments",
        "/strategy/amendments/{amendment_id}",
        (0.4, 0.5),
        (0.25, 0.35),
        queries=(10, 8),
        readers=("council",),
    ),
)


@dataclass(frozen=True)
class Place:
    """A filled database, the application on it, and who reads there."""

    database: str
    size: str
    app: Flask
    environ: dict[str, str]
    readers: data.Readers

    @property
    def label(self) -> str:
        """How a line of the report names it."""
        return f"{self.size}, {self.database}"

    def pages(self) -> dict[str, Page]:
        """Every page for each of its readers."""
        readers: dict[str, data.Reader] = {who: getattr(self.readers, who) for who in ("busy", "quiet", "council")}
        return {
            f"{kind.name}, {who} reader": Page(
                self.app, kind.address.format(**asdict(readers[who])), self.cookie(readers[who])
            )
            for kind in PAGES
            for who in kind.readers
        }

    def cookie(self, reader: data.Reader) -> str:
        """The cookie of a reader's browser."""
        return cookie_of(self.app, reader.token, reader.user_id)


def main(size: str) -> int:
    """Measure; returns the exit status."""
    print(_machine())
    results: Results = []
    with TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        for database, url in _databases(Path(folder), "school", stack):
            school = _filled(database, "school", url, Path(folder))
            results += _in_process(school)
            results += _over_http(school)
            if size == "municipality":
                other = next(u for d, u in _databases(Path(folder), "municipality", stack) if d == database)
                municipality = _filled(database, "municipality", other, Path(folder))
                results += _grown(school, municipality)
        results += _every_address()
    lines, is_kept = report(results)
    print(f"\n{lines}\n\n{'Every must is kept.' if is_kept else 'A must is MISSED.'}")
    return 0 if is_kept else 1


def _every_address() -> Results:
    """Each address of the portal in its slowest role."""
    measured = crawl.measure_all()
    print(f"\n{crawl.describe(measured)}")
    return crawl.budgets(measured)


def _machine() -> str:
    packages = ("flask", "werkzeug", "jinja2", "sqlalchemy", "waitress", "psycopg")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, {versions}"
    )


def _databases(folder: Path, size: str, stack: ExitStack) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / size}.sqlite"
    try:
        yield "PostgreSQL", stack.enter_context(_schema(f"bench_{size}_{os.getpid()}"))
    except psycopg.OperationalError as fault:
        print(f"PostgreSQL is not measured: {str(fault).splitlines()[0]}")


@contextmanager
def _schema(name: str) -> Iterator[str]:
    """A schema of this run's own, dropped afterwards."""
    url = os.environ.get("BENCH_DATABASE_URL", LOCAL_SERVER)
    with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def _filled(database: str, size: str, url: str, folder: Path) -> Place:
    environ = {
        "PORTAL_ENV": "production",
        "PORTAL_BASE_URL": "https://bench.example",  # without it, a proxy and somebody to ask, nothing is served
        "PORTAL_PROXIES": "1",
        "PORTAL_OFFICE_PHONE": "12 34 56 78",
        "PORTAL_OFFICE_EMAIL": "office@bench.example",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_DATABASE_URL": url,
    }
    app = create_app(Settings.read(environ))
    began = perf_counter()
    readers = (data.make_school if size == "school" else data.make_municipality)(app)
    print(f"\n{size}, {database}: filled in {perf_counter() - began:.0f} s")
    return Place(database, size, app, environ, readers)


def _in_process(place: Place) -> Results:
    """Throughput against the bare page without a server between, queries and bytes."""
    bare, pages = Page(create_reference(), "/"), place.pages()
    ratios = paired(bare, pages)
    print(f"  in process, against the bare page of {len(bare.get()) / KB:.0f} KB: median (quartiles), queries, KB")
    results: Results = []
    for kind in PAGES:
        named = {name: pages[name] for who in kind.readers if (name := f"{kind.name}, {who} reader")}
        for name, page in named.items():
            queries = count_queries(page)
            print(f"    {name:<51} {ratios[name]!s:<24} {queries:>2} {len(page.get()) / KB:5.1f}")
        slowest = min(ratios[name].median for name in named)
        most = max(count_queries(page) for page in named.values())
        promised = kind.throughput if place.database == "SQLite" else kind.on_postgresql
        results.append((throughput(f"{kind.name} ({place.label})", *promised), slowest))
        results.append((at_most(f"queries: {kind.name} ({place.label})", *kind.queries), most))
    if place.database == "SQLite":
        feed = pages["class feed, busy reader"]
        first, later = weight(place.app, feed.path, feed.environ["HTTP_COOKIE"])
        print(f"  over the wire: first visit {first / KB:.1f} KB, later {later / KB:.1f} KB")
        results.append((at_most("first visit, compressed, font included", 50, 40, "KB"), first / KB))
        results.append((at_most("later visit, compressed", 8, 5, "KB"), later / KB))
    return results


def _over_http(place: Place) -> Results:
    """The same pages behind the same server, one after the other; then start and memory of a worker."""
    bare_port, port = load.free_port(), load.free_port()
    environ = {**place.environ, "PORTAL_PORT": str(port)}
    reference, portal = ["-m", "bench.reference", str(bare_port)], ["app.py"]
    skeleton = ["-m", "bench.skeleton", str(bare_port), f"{place.environ['PORTAL_INSTANCE']}/skeleton.sqlite"]
    started: tuple[tuple[list[str], int, dict[str, str]], ...] = (
        (portal, port, environ),
        (reference, bare_port, {}),
        (skeleton, bare_port, {}),
    )
    starts = [[_start(*one) for one in started] for _ in range(STARTS)]
    with load.server(reference, bare_port, {}), load.server(portal, port, environ) as (process_id, _):
        targets = {name: load.Target(port, [p.path], [p.environ["HTTP_COOKIE"]]) for name, p in place.pages().items()}
        writers = [place.cookie(writer) for writer in place.readers.writers]
        writer = load.Target(port, [f"/updates/{number}" for number in place.readers.unopened], writers)
        busy = {name: target for name, target in targets.items() if "busy" in name}  # the quiet one is told in process
        failures = _compare(load.Target(bare_port, ["/"]), busy, writer)
        paths, cookies = [target.paths[0] for target in busy.values()], next(iter(busy.values())).cookies
        everything = load.Target(port, paths, cookies)
        memory = [(load.ask_times(everything, REQUESTS), load.unique_memory(process_id))[1] for _ in range(2)]
    against_bare = median(ours / bare for ours, bare, _ in starts)
    against_skeleton = median(ours / theirs for ours, _, theirs in starts)
    growth = 100 * (memory[1] / memory[0] - 1)
    print(
        f"  start to first answer {median(ours for ours, *_ in starts):.2f} s: {against_skeleton:.1f} times that of a "
        f"skeleton on the same libraries, {against_bare:.1f} times that of bare Flask"
    )
    print(f"  unique memory after {REQUESTS} requests {memory[0]:.0f} MB, growth in the next {REQUESTS} {growth:.1f} %")
    return [
        (at_most(f"start to first answer against a skeleton ({place.label})", 3, 2, "x"), against_skeleton),
        (at_most(f"unique memory of a worker ({place.label})", 100, 70, "MB"), memory[0]),
        (at_most(f"failed answers while others write ({place.label})", 0, 0), failures),
    ]


def _start(command: list[str], port: int, environ: dict[str, str]) -> float:
    with load.server(command, port, environ) as (_, seconds):
        return seconds


def _compare(bare: load.Target, targets: dict[str, load.Target], writer: load.Target) -> int:
    """Print throughput, p50 and p99 of each page against the bare one, the p99 with a writer; returns the failures."""
    print("  over HTTP, against the bare page: throughput median (quartiles), p50, p99 while somebody writes")
    failures = 0
    for name, target in targets.items():
        windows = [(load.ask(bare, SECONDS), load.ask(target, SECONDS)) for _ in range(WINDOWS)]
        with load.asking(writer):
            calm, busy = load.ask(bare, SECONDS), load.ask(target, SECONDS)
        failures += busy.failures + sum(ours.failures for _, ours in windows)
        rate = Spread.of([ours.rate / theirs.rate for theirs, ours in windows])
        p50 = median(ours.p50 / theirs.p50 for theirs, ours in windows)
        print(
            f"    {name:<51} {rate!s:<24} p50 {p50:.1f}x ({windows[-1][1].p50:.1f} ms) p99 {busy.p99 / calm.p99:.1f}x"
        )
    return failures


def _grown(school: Place, municipality: Place) -> Results:
    """Page time at a municipality's data against one school's, in turns."""
    print("  page time against one school's: median (quartiles), queries")
    results: Results = []
    theirs, ours = school.pages(), municipality.pages()
    for name, page in ours.items():
        ratio = 1 / paired(theirs[name], {name: page})[name].median
        print(f"    {name:<51} {ratio:.2f} {count_queries(page):>3}")
        results.append((at_most(f"page time: {name} ({municipality.label})", 1.5, 1.15, "x"), ratio))
    return results


def compare(commit: str) -> int:
    """Measure beside the build of an earlier commit; returns the exit status."""
    print(_machine())
    with TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        stored: dict[str, dict[str, str]] = {}
        for build in ("then", "now"):
            for database, url in _databases(Path(folder), build, stack):
                stored.setdefault(database, {})[build] = url
        against.main(commit, stored)
    return 0


if __name__ == "__main__":
    sizes = ("school", "municipality")
    chosen = sys.argv[1] if len(sys.argv) > 1 else sizes[-1]
    if chosen == "against":
        sys.exit(compare(sys.argv[2]))
    sys.exit(main(chosen) if chosen in sizes else f"choose one of {', '.join(sizes)}")
