"""What the portal is measured against: a bare Flask application with a hello page and an ordinary page of 19 KB.

The page is what Flask's own documentation would write: a base template, a macro, `url_for` in the loop, words from
constants. It has no database, no user, no translations, no forms. `python -m bench.reference PORT` serves it.
"""

from __future__ import annotations

import logging
import sys

from flask import Flask, render_template
from jinja2 import DictLoader
from waitress import serve

THREADS = 4
ITEM_COUNT = 20

BASE = """<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<title>{% block title %}{% endblock %} - Reference</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{{ url_for('style') }}">
</head>
<body>
<header class="top"><a class="brand" href="{{ url_for('page') }}">Reference</a>
<nav class="menu" aria-label="Hovedmenu"><ul>
{% for name in ["Forside", "Klassen", "Strategien", "Hjælp", "Mig"] %}
<li><a href="{{ url_for('page') }}">{{ name }}</a></li>
{% endfor %}
</ul></nav></header>
<main id="content" class="page" tabindex="-1">
{% block content %}{% endblock %}
</main>
<footer class="foot"><p>En helt almindelig side</p></footer>
</body>
</html>
"""
CARDS = """{% macro card(item) %}
<article class="card whole">
<p class="eyebrow"><a class="class" href="{{ url_for('school_class', class_id=item.class_id) }}">{{ item.label }}</a>
<span>{{ item.author }} · {{ item.when }}</span>{% if item.is_new %}<span class="new">Ny</span>{% endif %}</p>
<h2><a href="{{ url_for('item', item_id=item.id) }}">{{ item.title }}</a></h2>
<p>{{ item.text }}</p>
<p class="meta">{{ item.seen }} har set det ·
<a href="{{ url_for('comments', item_id=item.id) }}">{{ item.comments }} svar</a></p>
</article>
{% endmacro %}
"""
PAGE = """{% extends "base.html" %}
{% from "cards.html" import card %}
{% block title %}Nyt{% endblock %}
{% block content %}
<h1>Nyt fra klassen</h1>
<div class="feed">
{% for item in items %}{{ card(item) }}{% endfor %}
</div>
{% endblock %}
"""

WORDS = (
    "I denne uge har alle spurgt en, de ikke plejer at lege med, og mange er blevet overraskede over, hvem de kom til "
    "at lege godt med. Vi øver os stadig i at give plads i frikvarteret, når en leg allerede er i gang. "
)
ITEMS = [
    {
        "id": number,
        "class_id": 3,
        "label": "3.A",
        "author": "Karen Bruun",
        "when": f"{number + 1}. november kl. 14",
        "title": f"Uge {number + 1}: vi øver os i at invitere flere med i legen",
        "text": WORDS * 3,
        "is_new": number < 3,
        "seen": 20 + number,
        "comments": number,
    }
    for number in range(ITEM_COUNT)
]


def create_reference() -> Flask:
    """The bare application."""
    app = Flask(__name__, static_folder=None)
    app.jinja_loader = DictLoader({"base.html": BASE, "cards.html": CARDS, "page.html": PAGE})
    app.add_url_rule("/hello", "hello", lambda: "Hello")
    app.add_url_rule("/", "page", lambda: render_template("page.html", items=ITEMS))
    for name, address in (
        ("style", "/style.css"),
        ("school_class", "/classes/<int:class_id>"),
        ("item", "/items/<int:item_id>"),
        ("comments", "/items/<int:item_id>/comments"),
    ):
        app.add_url_rule(address, name, lambda **_: "")
    return app


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as the portal does
    serve(create_reference(), host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, ident=None, _quiet=True)
