"""What is called where: the database, the clock, the end of a transaction, and what calls HTML safe."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import FORMS, MODULES, SERVICES, VIEWS, calls, functions_of, height, imports_of, tree_of

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
    ("portal.notifications.choices.views", "end_topic"): "a mail program's press is not to be redirected (RFC 8058)",
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


def test_the_day_comes_from_the_moment_in_one_place() -> None:
    taken = [
        f"{module}:{function.lineno} {name} takes both `today` and `now`"
        for module in MODULES
        for name, function in functions_of(module)
        if isinstance(function, ast.FunctionDef)
        and {"today", "now"} <= {arg.arg for arg in [*function.args.args, *function.args.kwonlyargs]}
    ]
    others = [module for module in MODULES if module != "portal.text.clock"]
    assert taken + wrong_calls(others, r"(?s:clock\.local\(.*\)\.date)") == [], "take clock.day_of(now)"


def test_what_happens_by_itself_says_so() -> None:
    assert [
        f"{module}:{call.lineno} has nobody as its actor; say BY_ITSELF"
        for module in MODULES
        for call in ast.walk(tree_of(module))
        if isinstance(call, ast.Call)
        and any(
            isinstance(value, ast.Constant) and value.value is None
            for value in [
                *(word.value for word in call.keywords if word.arg == "actor"),
                *(call.args[:1] if ast.unparse(call.func).endswith("acts.record") else []),
            ]
        )
    ] == []


#: Statements kept without `@prepared`, and why.
KEPT_BY_HAND = {
    ("portal.strategy.queries", "_in_state"): "it loads an edition to be changed, so the ORM runs it",
    ("portal.database.prepared", "select"): "this is what keeps it",
}


def test_a_statement_that_is_built_once_is_prepared() -> None:
    asked = [
        f"{module}:{found.line} imports fetch; write @prepared and ask the statement for its rows"
        for module in MODULES
        for found in imports_of(module)
        if found.name == "portal.database.prepared.fetch"
    ]
    kept = [
        f"{module}:{function.lineno} {name} keeps a statement by hand; write @prepared"
        for module in MODULES
        for name, function in functions_of(module)
        if isinstance(function, ast.FunctionDef)
        and any(ast.unparse(each).startswith(("cache", "lru_cache")) for each in function.decorator_list)
        and re.search(r"\bselect\(", ast.unparse(function))
        and (module, name) not in KEPT_BY_HAND
    ]
    assert asked + kept == []


def test_a_version_that_was_seen_is_compared_in_one_place() -> None:
    seen = {"version", "version_count", "seen"}
    assert [
        f"{module}:{node.lineno} says {ast.unparse(node)}; let check_version or check_unchanged say no"
        for module in MODULES
        if height(module) == SERVICES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Compare)
        and all(isinstance(part, ast.Name | ast.Attribute) for part in (node.left, *node.comparators))
        and any(ast.unparse(part).rpartition(".")[2] in seen for part in (node.left, *node.comparators))
    ] == []


def test_html_is_called_safe_beside_what_makes_it_safe_only() -> None:
    fields = "portal.web.widgets"  # which stands in for WTForms' own, and is held against them
    others = [module for module in MODULES if not module.startswith("portal.text.") and module != fields]
    assert wrong_calls(others, r"(markupsafe\.)?Markup") == [], "that is for portal/text"
