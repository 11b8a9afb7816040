"""Templates, compiled once per language: what a page says is looked up then, and not at each visit.

A page holds some sixty texts, and looking each one up cost more than rendering it. A text with values in it is looked
up as well; the values are put between its words at the visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from gettext import NullTranslations
from typing import Any, cast

import flask.templating
from flask import Flask
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from portal.text.addresses import dialled
from portal.web import assets
from portal.web import dates as filters
from portal.web.language import LANGUAGES, catalogue_of, current_language

#: A value's place in a text.
_PLACE = re.compile(r"%\((\w+)\)s")


class Templates(flask.templating.Environment):
    """The environment that Flask asks for a page; it hands over to the one of the request's language."""

    in_language: dict[str, Templates]
    folded: dict[str, Callable[[str], nodes.Expr]]
    catalogue: NullTranslations

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template in the request's language; what it extends and includes is in the same."""
        if self.overlayed or isinstance(name, Template):
            return super().get_template(name, parent, globals)
        return self.in_language[current_language()].get_template(name, parent, globals)

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Compile a template, its constant texts and addresses already looked up."""
        if isinstance(source, str):
            source = _Folding(self.folded, self.catalogue).visit(self.parse(source, *args[:2]))
        return super().compile(source, *args, **kwargs)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows: the plain dictionary of all of them, since each page copies it."""
        return super().make_globals(d) if d else self.globals

    def speaking(self, catalogue: NullTranslations) -> Templates:
        """The same templates in the language of a catalogue."""
        spoken = self.overlay(extensions=["jinja2.ext.i18n"])
        spoken.globals = dict(self.globals)
        spoken.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined] # the extension's
        spoken.catalogue = catalogue
        spoken.folded = {
            "_": lambda text: nodes.MarkSafe(nodes.Const(catalogue.gettext(text) % {})),
            "static_url": lambda name: nodes.Const(assets.static_url(name)),
        }
        return spoken


class _Folding(NodeTransformer):
    """Replaces calls of functions that always answer the same to a constant by their answer."""

    def __init__(self, folded: dict[str, Callable[[str], nodes.Expr]], catalogue: NullTranslations) -> None:
        self.folded, self.catalogue = folded, catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call, or its answer."""
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name=name),
                args=[nodes.Const(value=str() as text)],
                kwargs=kwargs,
                dyn_args=None,
                dyn_kwargs=None,
            ) if name in self.folded:
                if not kwargs:
                    return self.folded[name](text).set_lineno(node.lineno)
                if name == "_":
                    return self._joined(text, {pair.key: pair.value for pair in kwargs}) or node
        return node

    def _joined(self, text: str, values: dict[str, nodes.Expr]) -> nodes.Expr | None:
        """A text's words and values in turns, each value escaped as ever; None for a text that needs more than that."""
        words = _PLACE.split(self.catalogue.gettext(text))  # every second one is a value's name
        if not values.keys() >= set(words[1::2]) or any("%" in part for part in words[::2]):
            return None
        return nodes.Concat(
            [values[part] if place % 2 else nodes.MarkSafe(nodes.Const(part)) for place, part in enumerate(words)]
        )


def install(app: Flask, **names: Any) -> None:
    """Give the application its templates; `names` are the functions and values that every one of them knows."""
    environment = cast(Templates, app.jinja_env)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(filters.FILTERS, dialled=dialled)
    environment.globals.update(static_url=assets.static_url, **names)
    environment.in_language = {language: environment.speaking(catalogue_of(language)) for language in LANGUAGES}
