"""The catalogue of Danish texts: complete, certain, and nothing in it that is no longer said."""

from __future__ import annotations

import ast
import re
from functools import cache
from io import BytesIO, StringIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from portal.settings import ROOT
from tests.house.source import MODULES, PORTAL, TEMPLATES, tree_of

pytestmark = pytest.mark.check

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
    assert missing == [], "run `make messages`"


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert [message.id for message in danish() if message.id and message.id not in collected()] == []
    assert list(danish().obsolete) == []


def test_every_text_is_translated_for_certain() -> None:
    assert [message.id for message in danish() if message.id and message.fuzzy] == []
    assert [
        message.id for message in danish() if message.id and not all(t and t.strip() for t in sides(message)[1])
    ] == []


def test_every_text_has_as_many_forms_in_both_languages() -> None:
    assert [message.id for message in danish() if message.id and len({len(side) for side in sides(message)}) > 1] == []


def test_both_languages_name_the_same_places() -> None:
    wrong = []
    for message in danish():
        if message.id:
            english, translated = ([set(PLACE.findall(text)) for text in side] for side in sides(message))
            places = set().union(*english)
            if places != set().union(*translated):
                wrong.append(message.id)
    assert wrong == []


def test_no_text_is_translated_within_an_f_string() -> None:
    """On Python 3.11 `make messages` does not look into one, so the text would stay English without a word."""
    wrong = [
        f"{module}:{call.lineno}: {ast.unparse(call)}"
        for module in MODULES
        for text in ast.walk(tree_of(module))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"gettext", "ngettext", "_", "N_"}
    ]
    assert wrong == []


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
