"""What templates may hold, and that each is shown somewhere."""

from __future__ import annotations

import ast
import re
from functools import cache

import jinja2
import pytest
from flask import Flask
from jinja2 import nodes

from tests.house.source import MODULES, TEMPLATES, tree_of

pytestmark = pytest.mark.check


@pytest.fixture(scope="module", name="sources")
def _sources() -> dict[str, str]:
    files = [file for file in TEMPLATES.rglob("*.*") if file.suffix != PDF]
    return {file.relative_to(TEMPLATES).as_posix(): file.read_text(encoding="utf-8") for file in files}


#: Templates of another language, typst's, which sets PDFs.
PDF = ".typ"


@cache
def parsed(source: str) -> nodes.Template:
    return jinja2.Environment(extensions=["jinja2.ext.i18n"]).parse(source)  # noqa: S701 - nothing is rendered


def constants(node: nodes.Node | None) -> list[str]:
    return [] if node is None else [c.value for c in [node, *node.find_all(nodes.Const)] if isinstance(c, nodes.Const)]


def test_every_template_is_used(app: Flask, sources: dict[str, str]) -> None:
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
    told = {notice.template for notice in app.extensions["portal.notices"].values()}
    assert sources.keys() - rendered - drawn_in - told == set(), "nothing shows these"
    named = {name for name in rendered | drawn_in if name.endswith(".html") or name.startswith("mail/")} | told
    assert named - sources.keys() - {"mail/"} == set(), "these do not exist"


def test_every_template_of_a_pdf_is_used_and_holds_no_words_of_its_own() -> None:
    sources = {file.relative_to(TEMPLATES).as_posix(): file.read_text("utf-8") for file in TEMPLATES.rglob(f"*{PDF}")}
    named = {
        node.value
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(rf"[\w/]+\{PDF}", node.value)
    }
    drawn_in = {name for source in sources.values() for name in re.findall(rf'#import "/([\w/]+\{PDF})"', source)}
    assert sources.keys() == named | drawn_in
    typed = {  # what stands in square brackets is said, but for what comes from the data or from typst
        name: found
        for name, source in sources.items()
        if (found := re.findall(r"\[[^\]#\[(\\]*[a-zæøå]{2,}[^\]]*\]", re.sub(r"//.*|\"[^\"]*\"", "", source)))
    }
    assert typed == {}


def test_what_a_template_imports_it_uses(sources: dict[str, str]) -> None:
    unused = {}
    for name, source in sources.items():
        tree = parsed(source)
        imported = {n if isinstance(n, str) else n[1] for node in tree.find_all(nodes.FromImport) for n in node.names}
        imported |= {node.target for node in tree.find_all(nodes.Import)}
        unused[name] = imported - {node.name for node in tree.find_all(nodes.Name)}
    assert {name: left for name, left in unused.items() if left} == {}


NOT_IN_TEMPLATES = {
    r"\sstyle\s*=": "an inline style, which the content security policy refuses",
    r"<style|<script(?! src=\"{{ static_url\('[\w/.-]+'\) }}\" defer></script>)": "style and script are files of ours",
    r"\son[a-z]+\s*=\s*[\"']|<[^>{}]*\son[a-z]+\s*=": "an inline script, which the content security policy refuses",
    r"\|\s*safe\b|autoescape": "escaping is never turned off",
    r"javascript:": "an address that runs",
    r"https?://": "a page loads nothing from elsewhere; an address to show is a setting or a text",
}


#: A mail has no file beside it. Its one style sheet is in its head, and it reads well without.
MAIL_STYLE = "mail/_style.html"


def test_a_template_holds_nothing_that_runs_or_styles(sources: dict[str, str]) -> None:
    assert [
        f"{name}: {found[0]}: {reason}"
        for name, source in sources.items()
        for pattern, reason in NOT_IN_TEMPLATES.items()
        if (found := re.search(pattern, source, re.IGNORECASE)) and (name, found[0]) != (MAIL_STYLE, "<style")
    ] == []


def forms(sources: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (name, form) for name, source in sources.items() for form in re.findall(r"<form\b.*?</form>", source, re.DOTALL)
    ]


#: A child answers with a slip, which is the token and the key at once: no cookie is set for it.
CARRIES_A_SLIP = ("{{ slip(code", "surveys/answer/")
#: The form that opens a page with its text again changes nothing, so it has no key to be done twice by.
ONLY_OPENS = 'name="csrf_token" value="{{ csrf_token() }}"><input type="hidden" name="reopened"'


def test_every_posted_form_carries_its_tokens(sources: dict[str, str]) -> None:
    assert [
        f"{name}: {form}"
        for name, form in forms(sources)
        if 'method="post"' in form and "{{ tokens(" not in form and ONLY_OPENS not in form
        if not (name.startswith(CARRIES_A_SLIP[1]) and (CARRIES_A_SLIP[0] in form or 'name="code"' in form))
    ] == []


def test_every_form_is_posted_or_only_asks(sources: dict[str, str]) -> None:
    ways = ('method="post"', 'method="get"', 'role="search"')
    assert [f"{name}: {form}" for name, form in forms(sources) if not any(way in form for way in ways)] == []
