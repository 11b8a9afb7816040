"""Templates, compiled once per language: what a page says is looked up then, and not at each visit.

A page holds some sixty texts, and looking each one up cost more than rendering it. A text with values in it is looked
up as well; the values are put between its words at the visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from gettext import NullTranslations
from keyword import iskeyword
from types import FunctionType
from typing import Any, cast

import flask.templating
from flask import Flask
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import _PassArg
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined] # all that `escape` does to a text

from portal.text.addresses import dialled
from portal.web import assets
from portal.web import dates as filters
from portal.web.language import LANGUAGES, catalogue_of, current_language

#: A value's place in a text.
_PLACE = re.compile(r"%\((\w+)\)s")


def escaped(value: Any) -> str:
    """A value as it stands in a page: what `escape` makes, but not marked as safe, since it is put there at once."""
    kind = type(value)
    if kind is str:
        text: str = _escape_inner(value)
        return text
    return value if kind is Markup else escape(value)


class _Writing(CodeGenerator):
    """Writes a template as Jinja does, with two shorter ways where nothing depends on the place.

    A value is escaped without being marked, and a function that does not ask for the template's context is called.
    """

    environment: Templates

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is None and self._escapes(frame):
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call: Jinja's own looks at each visit whether the function asks for the context."""
        match node:
            case nodes.Call(node=nodes.Name(name=name), dyn_args=None, dyn_kwargs=None):
                is_plain = name not in self.environment.ask_for_context and self._escapes(frame)
            case _:
                is_plain = False
        if not is_plain or any(iskeyword(pair.key) for pair in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in node.args:
            self.visit(given, frame)
            self.write(", ")
        for pair in node.kwargs:
            self.write(f"{pair.key}=")
            self.visit(pair.value, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """A text with values in it, whose own words are safe: Jinja's own looks at each visit whether any part is."""
        if not self._escapes(frame) or not any(isinstance(part, nodes.MarkSafe) for part in node.nodes):
            super().visit_Concat(node, frame)
            return
        self.write("Markup(''.join((")
        for part in node.nodes:
            self.write("environment.escaped(")
            self.visit(part, frame)
            self.write("), ")
        self.write(")))")

    @staticmethod
    def _escapes(frame: Frame) -> bool:
        return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


class Templates(flask.templating.Environment):
    """The environment that Flask asks for a page; it hands over to the one of the request's language."""

    code_generator_class = _Writing
    escaped = staticmethod(escaped)
    in_language: dict[str, Templates]
    folded: dict[str, Callable[[str], nodes.Expr]]
    catalogue: NullTranslations
    ask_for_context: set[str]

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
        functions = {name: known for name, known in spoken.globals.items() if isinstance(known, FunctionType)}
        spoken.ask_for_context = {name for name, known in functions.items() if _PassArg.from_obj(known)}
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
