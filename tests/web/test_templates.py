"""Templates are compiled once per language: each request gets its own words, and values in them stay harmless."""

from __future__ import annotations

import pytest
from flask import Flask, g
from jinja2 import DictLoader
from markupsafe import Markup, escape

from portal.web.language import catalogue_of
from portal.web.templates import Templates

SOURCES = {
    "base.html": '<p>{{ _("Sign in") }}</p>{% block content %}{% endblock %}',
    "page.html": '{% extends "base.html" %}{% from "macro.html" import say %}'
    '{% block content %}{{ say() }}{{ _("Hello %(name)s", name=name) }}{% endblock %}',
    "macro.html": '{% set word = _("Cancel") %}{% macro say() %}{{ word }}{{ static_url("a.css") }}{% endmacro %}',
}


@pytest.fixture
def pages(app: Flask) -> Templates:
    """The application's templates, with a few of our own in their place."""
    pages = app.jinja_env.overlay(loader=DictLoader(SOURCES))
    assert isinstance(pages, Templates)
    pages.overlayed = False
    pages.in_language = {language: pages.speaking(catalogue_of(language)) for language in ("da", "en")}
    return pages


def test_each_request_reads_its_own_language(app: Flask, pages: Templates) -> None:
    for language in ("da", "en", "da"):
        with app.test_request_context("/"):
            g.language = language
            page = pages.get_template("page.html").render(name="Mette")
        words = [catalogue_of(language).gettext(word) for word in ("Sign in", "Cancel", "Hello %(name)s")]
        assert page.startswith(f"<p>{words[0]}</p>{words[1]}/static/")
        assert page.endswith(f"/a.css{words[2] % {'name': 'Mette'}}")


def test_a_value_in_a_text_is_escaped(app: Flask, pages: Templates) -> None:
    with app.test_request_context("/"):
        assert "&lt;b&gt;" in pages.get_template("page.html").render(name="<b>")


@pytest.mark.parametrize("name", ["<b>", Markup("<b>"), 5, None, "%(name)s", "100 %", ""])
def test_a_value_is_put_into_its_text_as_the_catalogue_would(app: Flask, pages: Templates, name: object) -> None:
    for language in ("da", "en"):
        with app.test_request_context("/"):
            g.language = language
            page = pages.get_template("page.html").render(name=name)
        text = catalogue_of(language).gettext("Hello %(name)s")
        assert page.endswith(f"/a.css{text % {'name': escape(name)}}")


def test_a_text_that_needs_more_than_its_values_is_left_to_the_visit(app: Flask, pages: Templates) -> None:
    danish = pages.in_language["da"]
    assert danish.from_string('{{ _("%(share)s %% of %(all)03d", share=5, all=7) }}').render() == "5 % of 007"
    with pytest.raises(KeyError):
        danish.from_string('{{ _("Hello %(name)s", nome="Mette") }}').render()


def test_a_text_without_values_is_looked_up_when_the_template_is_compiled(pages: Templates) -> None:
    compiled = pages.in_language["da"].compile(SOURCES["base.html"], "base.html", raw=True)
    assert catalogue_of("da").gettext("Sign in") in compiled
    assert "Sign in" not in compiled
