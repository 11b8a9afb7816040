"""The rules of the house, held by reading the code itself: layers, names, where things are, what is never written.

An exception to a rule stands in the table beside it, with its reason; one that is no longer needed fails as well.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

import jinja2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes
from werkzeug.routing import IntegerConverter, Rule

from portal.settings import ROOT, settings_table

pytestmark = pytest.mark.check

PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"


class Import(NamedTuple):
    """One imported name by its whole place, such as `portal.school.queries` or `flask.request`."""

    name: str
    line: int
    is_inside_function: bool


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(file): file for file in sorted(PORTAL.rglob("*.py")) if "migrations" not in file.relative_to(ROOT).parts
}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> list[Import]:
    inside = {
        id(statement)
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for statement in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno, id(node) in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}:{node.lineno} imports relatively; write the whole name"
            found += [Import(f"{node.module}.{alias.name}", node.lineno, id(node) in inside) for alias in node.names]
    return found


def imported_modules(module: str) -> dict[str, int]:
    """The portal's own modules that a module imports, with the line of each."""
    found = {}
    for name, line, _ in imports_of(module):
        place = name if name in MODULES else name.rpartition(".")[0]
        if place in MODULES and place != module:
            found[place] = line
    return found


FEATURES = [
    "accounts",
    "school",
    "notifications",
    "name_guard",
    "strategy",
    "council",
    "updates",
    "agreements",
    "events",
    "home",
    "operations",
]

FOUNDATION, MODELS, PERSON, POLICY, ACTS, QUERIES, SERVICES, WEB, FORMS, VIEWS, TOP = range(11)
LAYER_NAMES = (
    "foundation",
    "models",
    "people",
    "policy",
    "acts",
    "queries",
    "services",
    "web",
    "forms",
    "views",
    "top",
)

PLACES = [  # the first pattern that fits decides
    (r"portal\.(settings|errors|extensions|database(\..+)?|text(\..+)?)", FOUNDATION),
    (r"portal\.people", PERSON),
    (r"portal\.policy(\..+)?", POLICY),
    (r"portal\.acts(\..+)?", ACTS),
    (r"portal\.web(\..+)?", WEB),
    (r"portal|portal\.(\w+\.)*commands|portal\.demo(\..+)?|portal\.operations\..+|portal\.(\w+\.)+room", TOP),
    (r"portal\.room", VIEWS),
    (r"portal\.(\w+\.)+models", MODELS),
    (r"portal\.(\w+\.)+queries", QUERIES),
    (r"portal\.(\w+\.)+services", SERVICES),
    (r"portal\.(\w+\.)+forms", FORMS),
    (r"portal\.(\w+\.)+(views|notices)", VIEWS),
]

#: What reaches over to a feature on its right, and why.
RIGHTWARDS: dict[tuple[str, str], str] = {
    ("portal.accounts.queries", "portal.school.models"): "whether an account is a child's own is the school's to know",
    ("portal.accounts.sign_in.queries", "portal.school.models"): "a child signs in while it sits in a council",
    ("portal.accounts.users.queries", "portal.school.models"): "the office's page of an account names ties to children",
    ("portal.accounts.users.queries", "portal.school.ties"): "and whether they have ended is read in one place",
    (
        "portal.accounts.users.views",
        "portal.school.models",
    ): "the office's page of an account names the ties to children",
}


@cache
def rank(module: str, above: tuple[str, ...] = ()) -> int:
    """How high a module stands. One that is named for what it is stands as high as the highest thing it imports."""
    assert module not in above, f"imports go in a circle: {' -> '.join([*above, module])}"
    for pattern, layer in PLACES:
        if re.fullmatch(pattern, module):
            return layer
    return max((rank(place, (*above, module)) for place in imported_modules(module)), default=FOUNDATION)


def feature(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FEATURES else None


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down_only(module: str) -> None:
    wrong = [
        f"{module}:{line} ({LAYER_NAMES[rank(module)]}) imports {place} ({LAYER_NAMES[rank(place)]})"
        for place, line in imported_modules(module).items()
        if rank(place) > rank(module)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", [module for module in MODULES if feature(module)])
def test_features_import_leftwards_only(module: str) -> None:
    wrong = [
        f"{module}:{line} imports {place}, which stands to its right in {' < '.join(FEATURES)}"
        for place, line in imported_modules(module).items()
        if feature(place)
        and FEATURES.index(str(feature(place))) > FEATURES.index(str(feature(module)))
        and (module, place) not in RIGHTWARDS
    ]
    assert not wrong, "\n".join(wrong)


def test_every_feature_has_its_place_in_the_order() -> None:
    packages = {module.split(".")[1] for module in MODULES if module.count(".") > 1}
    assert packages - {"acts", "database", "demo", "policy", "text", "web"} == set(FEATURES)


def test_no_import_goes_in_a_circle() -> None:
    done: set[str] = set()

    def follow(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"imports go in a circle: {' -> '.join([*above, module])}"
        if module not in done:
            for place in imported_modules(module):
                if place != "portal":
                    follow(place, (*above, module))
            done.add(module)

    for module in MODULES:
        follow(module, ())


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("portal.text")])
def test_text_knows_neither_flask_nor_the_database(module: str) -> None:
    outside = {name.split(".")[0] for name, _, _ in imports_of(module)}
    assert outside.isdisjoint({"flask", "flask_login", "flask_wtf", "sqlalchemy", "flask_sqlalchemy", "wtforms"})
    assert {place for place in imported_modules(module) if not place.startswith("portal.text")} <= {"portal.errors"}


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("portal.web")])
def test_the_web_layer_knows_who_and_may_and_no_feature(module: str) -> None:
    known = [place for place in imported_modules(module) if rank(place) != WEB]
    wrong = [place for place in known if rank(place) > POLICY or feature(place) not in {None, "accounts"}]
    assert not wrong, f"{module} imports {wrong}"


@pytest.mark.parametrize("module", MODULES)
def test_an_import_inside_a_function_says_why(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    silent = [
        f"{module}:{found.line} imports {found.name} inside a function, and no comment says why"
        for found in imports_of(module)
        if found.is_inside_function and "#" not in lines[found.line - 1] and "#" not in lines[found.line - 2]
    ]
    assert not silent, "\n".join(silent)


def test_every_exception_of_the_layers_is_still_needed() -> None:
    assert [pair for pair in RIGHTWARDS if pair[1] not in imported_modules(pair[0])] == []


ASKS_THE_REQUEST = {"request", "current_user", "url_for", "flash", "gettext", "ngettext", "abort", "redirect"}
UNDER_THE_WEB = [module for module in MODULES if MODELS <= rank(module) <= SERVICES]


@pytest.mark.parametrize("module", UNDER_THE_WEB)
def test_models_queries_services_policy_and_people_never_touch_the_request(module: str) -> None:
    imported = [
        f"{module}:{line} imports {name}"
        for name, line, _ in imports_of(module)
        if name.split(".")[0] in {"flask", "flask_login", "flask_wtf", "wtforms"} or name.startswith("portal.web")
    ]
    named = [
        f"{module}:{node.lineno} says {node.id}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Name) and node.id in ASKS_THE_REQUEST
    ]
    assert not imported + named, "\n".join(imported + named)


def functions_of(module: str) -> Iterator[tuple[str, ast.AST]]:
    """The module's functions and methods by name, and its own statements as ""."""
    inside = set()
    for function in ast.walk(tree_of(module)):
        if isinstance(function, ast.FunctionDef):
            inside.update(id(node) for node in ast.walk(function))
            yield function.name, function
    rest = [node for node in tree_of(module).body if id(node) not in inside]
    yield "", ast.Module(body=rest, type_ignores=[])


def calls(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call beneath, as dotted text such as `db.session.commit`, with its line."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield ast.unparse(call.func), call.lineno


#: Where a transaction ends besides `done`, and why.
COMMITS: dict[tuple[str, str], str] = {
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
    (
        "portal.notifications.views",
        "mark_opened",
    ): "the page's one-time key must not answer for the next line",
    (
        "portal.notifications.worker",
        "_writing",
    ): "no request: it commits between claiming, sending, marking",
    ("portal.demo.views", "sign_in"): "like signing in: each answer carries its own cookie",
}
#: Modules whose functions are commands: each is its own request.
COMMANDS = {module for module in MODULES if module.endswith(".commands")} | {"portal.operations.serving"}


def test_a_transaction_is_committed_in_known_places_only() -> None:
    found = {
        (module, name): f"{module}:{line}"
        for module in MODULES
        for name, function in functions_of(module)
        for call, line in calls(function)
        if call.endswith(".commit") and module not in COMMANDS
    }
    assert not found.keys() - COMMITS.keys(), [found[place] for place in found.keys() - COMMITS.keys()]
    assert not COMMITS.keys() - found.keys(), "an exception that nothing needs"


QUERIES_THE_DATABASE = re.compile(
    r"select|insert|update|delete|text|load_only"
    r"|db\.session\.(execute|scalars?|get|get_one|query|add|add_all|delete|merge|flush|refresh)|\w+\.query\..+"
)


@pytest.mark.parametrize("module", [module for module in MODULES if rank(module) in {FORMS, VIEWS}])
def test_views_and_forms_never_query(module: str) -> None:
    wrong = [
        f"{module}:{line} calls {call}" for call, line in calls(tree_of(module)) if QUERIES_THE_DATABASE.fullmatch(call)
    ]
    assert not wrong, "\n".join(wrong)


WALL_CLOCK = re.compile(
    r"(.+\.)?(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime)|func\.now"
)


@pytest.mark.parametrize("module", MODULES)
def test_only_the_clock_reads_the_clock(module: str) -> None:
    wrong = [f"{module}:{line} calls {call}" for call, line in calls(tree_of(module)) if WALL_CLOCK.fullmatch(call)]
    assert module == "portal.text.clock" or not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", [module for module in MODULES if rank(module) == SERVICES])
def test_services_are_told_the_time(module: str) -> None:
    wrong = [f"{module}:{line}" for call, line in calls(tree_of(module)) if call in {"clock.now", "clock.today"}]
    assert not wrong, f"these read the clock instead of taking now or today: {wrong}"


@pytest.mark.parametrize("module", MODULES)
def test_html_is_called_safe_beside_what_makes_it_safe_only(module: str) -> None:
    made = [f"{module}:{line}" for call, line in calls(tree_of(module)) if re.fullmatch(r"(markupsafe\.)?Markup", call)]
    assert module.startswith("portal.text.") or not made, f"Markup is made in {made}; that is for portal/text"


MOST_LINES = 400
#: Files that may be longer, and why.
LONG_FILES = {
    "portal/policy.py": "every rule in one readable place",
    "portal/static/portal.css": "one style sheet, one request",
}


def tracked_files() -> list[Path]:
    """Everything of the project that is written by hand or kept: no caches, no environments, nobody's data."""
    top = [file for file in ROOT.iterdir() if file.is_file()]
    folders = ("portal", "templates", "tests", "translations", "docs", "bench")
    below = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    return [file for file in sorted(top + below) if "__pycache__" not in file.parts]


def texts() -> Iterator[tuple[str, str]]:
    for file in tracked_files():
        try:
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    code = re.compile(r"(portal|templates|bench|docs)/.+\.(py|html|css)|app\.py")
    lengths = {name: text.count("\n") for name, text in texts() if code.fullmatch(name) and "migrations/" not in name}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES and name not in LONG_FILES} == {}


def test_every_module_class_and_function_has_a_docstring() -> None:
    for module in MODULES:
        assert ast.get_docstring(tree_of(module)), f"{module} does not say what it holds"
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "D1" in ruff["select"]
    assert not any("D1" in ignored for ignored in ruff["ignore"] if ignored not in {"D105", "D107"})
    assert not [name for name, text in texts() if name.startswith("portal/") and re.search(r"noqa:.*\bD1", text)]


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    """The words are put together here, so that this file does not hold them."""
    registry = [
        r"(?i:\bpy" + r"pi\b)",
        r"(?i:python" + "hosted)",
        r"(?i:registry\." + "npm)",
        "--(extra-)?index" + "-url",
    ]
    machine = [r"(?<![\w.\-/])/" + rf"({'|'.join(['ro' + 'ot', 'wo' + 'rk', 't' + 'mp', 'Us' + 'ers'])})/\w"]
    pattern = re.compile("|".join(registry + machine))
    allowed = {"--no-emit-index" + "-url"}  # the option that keeps the address out of the locks
    found = [f"{name}: {match[0]}" for name, text in texts() for match in pattern.finditer(text)]
    assert [line for line in found if line.split(": ")[1] not in allowed] == []


#: GET endpoints without a page of their own, and what they answer instead.
NO_PAGE = {
    "operations.show_health": "a word for a machine",
    "operations.show_readiness": "a word for a machine",
    "strategy.download_markdown": "a file to keep",
    "updates.cadence.download_cadence": "a file to keep",
}
#: Packages whose addresses do not begin with the package's name.
NO_PREFIX = {"home", "operations"}
READS = {"list", "show", "compare", "draft", "edit", "new"}
#: The other verbs that name a view. Before a new one is added: does an old one say it?
VERBS = {
    "accept",
    "apply",
    "approve",
    "cancel",
    "change",
    "choose",
    "close",
    "confirm",
    "correct",
    "delete",
    "discard",
    "download",
    "end",
    "export",
    "grant",
    "hide",
    "import",
    "invite",
    "make",
    "mark",
    "merge",
    "move",
    "publish",
    "record",
    "remove",
    "reopen",
    "report",
    "save",
    "schedule",
    "sign",
    "start",
    "submit",
    "thank",
    "unmark",
    "withdraw",
}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.redirect_to]


def pages(app: Flask) -> set[str]:
    """The endpoints that a person opens."""
    return {rule.endpoint for rule in rules(app) if "GET" in (rule.methods or ())}


def test_every_view_is_guarded_or_public(app: Flask) -> None:
    open_doors = [endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "action")]
    assert open_doors == []


def test_a_view_is_named_by_what_it_does(app: Flask) -> None:
    for rule in rules(app):
        verb, _, thing = rule.endpoint.rpartition(".")[2].partition("_")
        assert verb in READS | VERBS, f"{rule.endpoint}: {verb} is no verb of the house"
        assert thing, f"{rule.endpoint} does not say what it is about"
        if rule.methods == {"GET", "HEAD", "OPTIONS"} and rule.endpoint not in NO_PAGE:
            assert verb in READS, f"{rule.endpoint} only reads, so it is list_ or show_"


def test_page_view_and_template_have_one_name(app: Flask) -> None:
    missing = [e for e in pages(app) - NO_PAGE.keys() if not (TEMPLATES / f"{e.replace('.', '/')}.html").exists()]
    assert missing == [], "these pages have no template of their name"
    assert [e for e in NO_PAGE if e not in pages(app)] == [], "an exception that nothing needs"


def test_every_view_stands_in_the_package_of_its_address(app: Flask) -> None:
    for rule in rules(app):
        package = rule.endpoint.split(".")[0]
        assert app.view_functions[rule.endpoint].__module__.startswith(f"portal.{package}."), rule.endpoint
        assert package in NO_PREFIX or re.match(rf"/{package}(/|$)", rule.rule), f"{rule.rule} is not under /{package}"


def test_addresses_are_lower_case_words_with_hyphens(app: Flask) -> None:
    segment = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|<(\w+:)?[a-z_]+>")
    wrong = [
        rule.rule
        for rule in rules(app)
        for part in rule.rule.strip("/").split("/")
        if part and not segment.fullmatch(part)
    ]
    assert wrong == []


def test_an_id_in_an_address_is_a_number(app: Flask) -> None:
    for rule in rules(app):
        for name, converter in rule._converters.items():
            is_number = isinstance(converter, IntegerConverter)
            assert is_number or not name.endswith(("_id", "number")), f"{rule.rule}: {name} can be any text"


def templates() -> dict[str, str]:
    return {
        file.relative_to(TEMPLATES).as_posix(): file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.html")
    }


@pytest.fixture(scope="module", name="sources")
def _sources() -> dict[str, str]:
    return templates()


@cache
def parsed(source: str) -> nodes.Template:
    return jinja2.Environment(extensions=["jinja2.ext.i18n"]).parse(source)  # noqa: S701 - nothing is rendered


def constants(node: nodes.Node | None) -> list[str]:
    return [] if node is None else [c.value for c in [node, *node.find_all(nodes.Const)] if isinstance(c, nodes.Const)]


def test_every_template_is_used(sources: dict[str, str]) -> None:
    rendered = {
        node.value
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith((".html", ".txt"))
    }
    drawn_in = {
        name
        for source in sources.values()
        for node in parsed(source).find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))
        for name in constants(node.template)
    }
    assert sources.keys() - rendered - drawn_in == set(), "nothing shows these"
    assert {name for name in rendered | drawn_in if name.endswith(".html")} - sources.keys() == set(), (
        "these do not exist"
    )


@pytest.mark.parametrize("name", templates())
def test_what_a_template_imports_it_uses(name: str, sources: dict[str, str]) -> None:
    tree = parsed(sources[name])
    imported = {n if isinstance(n, str) else n[1] for node in tree.find_all(nodes.FromImport) for n in node.names}
    imported |= {node.target for node in tree.find_all(nodes.Import)}
    used = {node.name for node in tree.find_all(nodes.Name)}
    assert imported - used == set()


NOT_IN_TEMPLATES = {
    r"\sstyle\s*=": "an inline style, which the content security policy refuses",
    r"<style|<script(?! src=\"{{ static_url\('[\w/.-]+'\) }}\" defer></script>)": "style and script are files of ours",
    r"<[^>{}]*\son[a-z]+\s*=": "an inline script, which the content security policy refuses",
    r"\|\s*safe\b|autoescape": "escaping is never turned off",
    r"javascript:": "an address that runs",
    r"https?://": "a page loads nothing from elsewhere; an address to show is a setting or a text",
}


@pytest.mark.parametrize("name", templates())
def test_a_template_holds_nothing_that_runs_or_styles(name: str, sources: dict[str, str]) -> None:
    for pattern, reason in NOT_IN_TEMPLATES.items():
        found = re.search(pattern, sources[name], re.IGNORECASE)
        assert found is None, f"{found and found[0]}: {reason}"


@pytest.mark.parametrize("name", templates())
def test_every_posted_form_carries_its_tokens(name: str, sources: dict[str, str]) -> None:
    for form in re.findall(r"<form\b.*?</form>", sources[name], re.DOTALL):
        if re.search(r"method=\"post\"", form):
            assert "{{ tokens() }}" in form, form
        else:
            assert 'method="get"' in form or 'role="search"' in form, f"neither post nor get: {form}"


def test_the_tokens_are_the_csrf_token_and_the_one_time_key(sources: dict[str, str]) -> None:
    macro = sources["components/forms.html"].split("{% macro tokens()")[1].split("{%- endmacro %}")[0]
    assert re.search(r'<input type="hidden" name="csrf_token" value="{{ csrf_token\(\) }}">', macro)
    assert re.search(r'<input type="hidden" name="once" value="{{ once_key\(\) }}">', macro)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(file: str) -> dict[str, set[str]]:
    """The versions a lock pins for each package (several where markers choose); a line without hashes is a failure."""
    pinned: dict[str, set[str]] = {}
    entries = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for entry in (entry for entry in entries if entry.strip() and not entry.startswith("#")):
        requirement, *hashes = entry.split("--hash=")
        found = re.fullmatch(r"([\w.\-]+)(\[[\w,\-]+\])?==([\w.!+]+)\s*(;.*)?", requirement.strip())
        assert found, f"{file}: {requirement.strip()} is not pinned to one version"
        assert hashes, f"{file}: {requirement.strip()} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h.strip()) for h in hashes), requirement
        pinned.setdefault(normal(found[1]), set()).add(found[3])
    return pinned


def names_in(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=;~! ]", requirement)[0]) for requirement in requirements}


def test_the_locks_hold_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = names_in([line for group in groups.values() for line in group if isinstance(line, str)])
    assert names_in(project["project"]["dependencies"]) - lock("requirements.txt").keys() == set()
    assert asked - lock("requirements-dev.txt").keys() == set()


def test_what_runs_is_what_was_tested() -> None:
    runtime, development = lock("requirements.txt"), lock("requirements-dev.txt")
    assert {name: versions for name, versions in runtime.items() if development.get(name) != versions} == {}


def test_nothing_is_imported_that_is_not_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    comes_with = {  # what a dependency brings and stands for
        "flask": {"click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"},
        "flask-wtf": {"wtforms"},
        "flask-migrate": {"alembic"},
        "markdown-it-py": {"markdown-it", "mdurl"},
    }
    asked = names_in(project["dependencies"])
    known = asked | {name for giver, given in comes_with.items() if giver in asked for name in given}
    outside = {name.split(".")[0] for module in MODULES for name, _, _ in imports_of(module)} - sys.stdlib_module_names
    assert {normal(name) for name in outside} - known - {"portal"} == set()


def test_readme_lists_exactly_the_settings_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = readme.split("<!-- settings -->")[1].split("<!-- /settings -->")[0].strip()
    assert written == settings_table(), "paste what portal.settings.settings_table() gives"


PLACE = re.compile(r"%\((\w+)\)[sd]")


@cache
def collected() -> Catalog:
    """Every text of the portal and its templates that is to be translated."""
    mapping, options = parse_mapping_cfg(StringIO((ROOT / "translations/babel.cfg").read_text(encoding="utf-8")))
    keywords = parse_keywords(["_", "N_", "gettext", "ngettext:1,2"])
    catalog = Catalog()
    for file in [*sorted(PORTAL.rglob("*.py")), *sorted(TEMPLATES.rglob("*.html")), *sorted(TEMPLATES.rglob("*.txt"))]:
        method = "python" if file.suffix == ".py" else "jinja2"
        pattern = next(p for p, m in mapping if m == method)
        with file.open("rb") as source:
            for line, message, _, _ in extract(method, source, keywords, options=options.get(pattern, {})):
                catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), line)])
    return catalog


@cache
def danish() -> Catalog:
    return read_po(BytesIO((ROOT / "translations/da/LC_MESSAGES/messages.po").read_bytes()), locale="da")


def sides(message: Message) -> tuple[list[str], list[str]]:
    """The English and the Danish texts, one or two of each."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    translated = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return list(english), list(translated)


def test_every_text_is_in_the_catalogue() -> None:
    missing = [f"{m.locations[0][0]}:{m.locations[0][1]}: {m.id}" for m in collected() if m.id and m.id not in danish()]
    assert not missing, "run `make messages`; these are missing:\n" + "\n".join(map(str, missing))


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert [message.id for message in danish() if message.id and message.id not in collected()] == []
    assert not danish().obsolete


def test_every_text_is_translated_for_certain() -> None:
    for message in danish():
        if message.id:
            assert not message.fuzzy, message.id
            english, translated = sides(message)
            assert len(english) == len(translated), f"{message.id} lacks a plural form"
            assert all(text and text.strip() for text in translated), f"{message.id} is empty"


def test_both_languages_name_the_same_places() -> None:
    for message in danish():
        if message.id:
            english, translated = sides(message)
            places = {place for text in english for place in PLACE.findall(text)}
            for text in translated:
                assert set(PLACE.findall(text)) <= places, f"{text} names what {english[0]} does not"
            assert places == {p for text in translated for p in PLACE.findall(text)}, message.id


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """An f-string or a variable cannot be found by `make messages`; only a marked text may come by a name."""
    wrong = [
        f"{module}:{call.lineno}"
        for module in MODULES
        for call in ast.walk(tree_of(module))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"gettext", "ngettext", "_", "N_"}
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in call.args[:1])
    ]
    assert wrong == []
