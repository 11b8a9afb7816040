"""A second reference, for the start: what everybody has loaded who builds on the same libraries as the portal.

The same page as the bare application's, as the libraries' own documentation would write it: its items are entities in
SQLite, its reader is loaded by Flask-Login, its form has a token and its dates are Babel's. `python -m bench.skeleton
PORT FILE` serves it; only its start is compared, since its page is three to four times as slow as the bare one.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_datetime
from flask import Flask, render_template
from flask_login import LoginManager, UserMixin
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from jinja2 import DictLoader
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from waitress import serve
from wtforms import StringField

from bench.reference import BASE, CARDS, ITEM_COUNT, PAGE, THREADS, WORDS

SECRET = "only-for-measuring-" * 3


class Base(DeclarativeBase):
    """The base of both tables."""


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Reader(UserMixin, Model):
    """Who is signed in."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Item(Model):
    """What the page lists."""

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int]
    label: Mapped[str]
    author: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    is_new: Mapped[bool]
    seen: Mapped[int]
    comments: Mapped[int]

    @property
    def when(self) -> str:
        """The moment in Danish."""
        return format_datetime(self.at, locale="da")


class AnswerForm(FlaskForm):
    """A form, so that the page has a token."""

    text = StringField()


def create_skeleton(file: str) -> Flask:
    """The application on an SQLite file, which is filled when it is empty."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=SECRET, SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
    page = PAGE.replace(
        "</div>\n{% endblock %}", "</div><form>{{ form.csrf_token }}{{ form.text }}</form>\n{% endblock %}"
    )
    app.jinja_loader = DictLoader({"base.html": BASE, "cards.html": CARDS, "page.html": page})
    db.init_app(app)
    LoginManager(app).user_loader(lambda reader_id: db.session.get(Reader, int(reader_id)))
    app.add_url_rule("/", "page", _page)
    for name, address in (
        ("style", "/style.css"),
        ("school_class", "/classes/<int:class_id>"),
        ("item", "/items/<int:item_id>"),
        ("comments", "/items/<int:item_id>/comments"),
    ):
        app.add_url_rule(address, name, lambda **_: "")
    with app.app_context():
        db.create_all()
        if not db.session.scalar(select(Item.id).limit(1)):
            db.session.add_all(_item(number) for number in range(ITEM_COUNT))
            db.session.commit()
    return app


def _page() -> str:
    items = db.session.scalars(select(Item).order_by(Item.id)).all()
    return render_template("page.html", items=items, form=AnswerForm())


def _item(number: int) -> Item:
    at = datetime(2026, 11, 1, 14, tzinfo=UTC) + timedelta(days=number)
    return Item(
        class_id=3,
        label="3.A",
        author="Karen Bruun",
        at=at,
        title=f"Uge {number + 1}: vi øver os",
        text=WORDS * 3,
        is_new=number < 3,
        seen=20 + number,
        comments=number,
    )


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as the portal does
    app = create_skeleton(sys.argv[2])
    serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, ident=None, _quiet=True)
