"""What is called where: the database, the clock, the end of a transaction, and what calls HTML safe."""

from __future__ import annotations

import re

import pytest

from tests.house.source import FORMS, MODULES, SERVICES, VIEWS, calls, functions_of, height, tree_of

pytestmark = pytest.mark.check


def wrong_calls(modules: list[str], never: str) -> list[str]:
    """Where these modules call what matches the pattern."""
    return [
        f"{module}:{line} calls {call}"
        for module in modules
        for call, line in calls(tree_of(module))
        if re.fullmatch(never, call)
    ]


#: Where a transaction ends besides `done`, and why.
COMMITS: dict[tuple[str, str], str] = {
    ("portal.database.transactions", "changing"): "what is done outside a request, by the worker",
    ("portal.web.idempotency", "done"): "the one place: it keeps the form's key and the change together",
    ("portal.updates.views", "_keep_receipt"): "the one page that writes when it is read",
    (
        "portal.accounts.sign_in.views",
        "_try_sign_in",
    ): "a failed try must be counted, and no lock held while a password is hashed",
    (
        "portal.accounts.sign_in.views",
        "_checked_new_password",
    ): "a try at the password in use is counted like a sign-in",
    ("portal.notifications.views", "mark_opened"): "the page's one-time key must not answer for the next line",
    ("portal.demo.views", "sign_in"): "like signing in: each answer carries its own cookie",
}
#: What nobody's request runs: commands, and the worker, which commits between claiming, sending and marking.
NO_REQUEST = re.compile(r"portal\.(.+\.commands|operations\.serving|notifications\.worker\..+)")


def test_a_transaction_is_committed_in_known_places_only() -> None:
    found = {
        (module, name): f"{module}:{line}"
        for module in MODULES
        for name, function in functions_of(module)
        for call, line in calls(function)
        if (call.endswith(".commit") or call == "changing") and not NO_REQUEST.fullmatch(module)
    }
    assert [found[place] for place in found.keys() - COMMITS.keys()] == []
    assert [place for place in COMMITS if place not in found] == [], "exceptions that nothing needs"


def test_views_forms_and_presenters_never_query() -> None:
    the_database = (
        r"select|insert|update|delete|text|load_only"
        r"|db\.session\.(execute|scalars?|get|get_one|query|add|add_all|delete|merge|flush|refresh)|\w+\.query\..+"
    )
    assert wrong_calls([module for module in MODULES if height(module) in {FORMS, VIEWS}], the_database) == []


def test_only_the_clock_reads_the_clock() -> None:
    wall_clock = r"(.+\.)?(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime)|func\.now"
    assert wrong_calls([module for module in MODULES if module != "portal.text.clock"], wall_clock) == []


def test_services_are_told_the_time() -> None:
    services = [module for module in MODULES if height(module) == SERVICES]
    assert wrong_calls(services, r"clock\.(now|today)") == [], "these read the clock instead of taking now or today"


def test_html_is_called_safe_beside_what_makes_it_safe_only() -> None:
    others = [module for module in MODULES if not module.startswith("portal.text.")]
    assert wrong_calls(others, r"(markupsafe\.)?Markup") == [], "that is for portal/text"
