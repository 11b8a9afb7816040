"""The pages of themes: which there are, one of them, and choosing its points."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.policy import Action, can
from portal.strategy import presenters as reading
from portal.strategy import queries as strategy
from portal.strategy.kinds import ClauseKind
from portal.strategy.models import Edition
from portal.strategy.presenters import Reading
from portal.strategy.queries import TextRow
from portal.text import clock
from portal.themes import queries, services
from portal.themes.forms import ThemeForm
from portal.themes.models import ThemeLine
from portal.themes.presenters import agreed_about, in_words, points_of, show, title_of
from portal.web.forms import PressForm, render_form
from portal.web.guard import guarded, public, signed_in, visitor
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("themes", __name__, url_prefix="/themes")


def _text_of(edition: Edition) -> tuple[Sequence[TextRow], Reading]:
    rows = strategy.list_text(edition.id)
    return rows, reading.read(rows, strategy.list_dead_notes())


def get_line(key: str) -> ThemeLine | None:
    """A theme of the strategy that holds, by its key; one without points for those alone who choose them."""
    edition = strategy.get_current()
    rows = strategy.list_text(edition.id) if edition else []
    line = queries.find_theme(rows, key) if edition else None
    points = {row.key for row in rows if row.kind is not ClauseKind.SUBHEADING}
    return line if line is not None and (points & line.places.keys() or _chooses()) else None


def _chooses() -> bool:
    person = visitor()
    return person is not None and can(person, Action.THEME_EDIT)


@bp.get("/")
@public
def list_themes() -> ResponseReturnValue:
    """The themes of the strategy; one without points is seen by those who choose them."""
    edition = strategy.get_current()
    if edition is None:
        abort(404)
    rows, text = _text_of(edition)
    shown = [(line, show(line, text)) for line in queries.list_themes(rows)]
    return render_template(
        "themes/list_themes.html",
        themes=[
            (line, theme, _chooses() and line.is_older_than(edition.number))
            for line, theme in shown
            if theme.count or _chooses()
        ],
        may_edit=_chooses(),
    )


@bp.get("/<key>")
@public
def show_theme(key: str) -> ResponseReturnValue:
    """What the strategy says about one thing: for home, for the class, and if something happens."""
    edition = strategy.get_current()
    if edition is None:
        abort(404)
    rows, text = _text_of(edition)
    line = queries.find_theme(rows, key)
    theme = show(line, text) if line else None
    if line is None or theme is None or not (theme.count or _chooses()):
        abort(404)
    person = visitor()
    return render_template(
        "themes/show_theme.html",
        line=line,
        theme=theme,
        edition=edition,
        approved=reading.approval_words(edition),
        is_for_pupil=person is not None and person.is_pupil,
        agreed=agreed_about(line, person),
        may_edit=_chooses(),
        is_older=line.is_older_than(edition.number),
    )


@bp.route("/new", methods=["GET", "POST"])
@guarded(Action.THEME_EDIT)
def new_theme() -> ResponseReturnValue:
    """Add a theme of the school's own."""
    edition = strategy.get_current() or abort(404)
    _, text = _text_of(edition)
    form = ThemeForm(None, text, edition.number)
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.wanted.typed, signed_in())
            key = services.add_theme(form.wanted, actor=signed_in(), now=clock.now())
            return done(url_for(".show_theme", key=key), gettext("Everybody can read it now."))
    form.now_shows(edition.number)
    return _form_page("themes/new_theme.html", form, text)


@bp.route("/<key>/edit", methods=["GET", "POST"])
@guarded(Action.THEME_EDIT, load=get_line)
def edit_theme(line: ThemeLine) -> ResponseReturnValue:
    """Choose which points belong to a theme, and where they are needed; the second of two sees what the first chose."""
    edition = strategy.get_current() or abort(404)
    rows, text = _text_of(edition)
    form = ThemeForm(line, text, edition.number)
    if form.validate_on_submit():
        with form.refusals():
            form.check_names(form.wanted.typed, signed_in(), besides=f"{title_of(line)}\n{line.words}")
            services.write_theme(
                line.key, form.wanted, version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_theme", key=line.key), gettext("Saved. Everybody can read it now."))
        line = queries.find_theme(rows, line.key) or abort(404)
    return _edit_page(line, rows, text, form)


def _edit_page(
    line: ThemeLine, rows: Sequence[TextRow], text: Reading, form: ThemeForm, *, is_typed: bool = True
) -> ResponseReturnValue:
    edition = strategy.get_current() or abort(404)
    form.go_on_from(line.version)
    form.now_shows(edition.number)
    is_older = line.is_older_than(edition.number)
    known = queries.list_keys_of(line.edition) if is_older else frozenset(form.keys)
    return _form_page(
        "themes/edit_theme.html",
        form,
        text,
        line=line,
        title=title_of(line),
        stands=in_words(line) if is_typed else "",
        gone_count=show(line, text).gone_count,
        new_keys=set(form.keys) - known,
    )


def _form_page(page: str, form: ThemeForm, text: Reading, **context: object) -> ResponseReturnValue:
    parts = [(part, points) for part in text.parts if (points := points_of(part))]
    return render_form(page, form=form, parts=parts, **context)


@bp.post("/<key>/remove")
@guarded(Action.THEME_EDIT, load=get_line)
def remove_theme(line: ThemeLine) -> ResponseReturnValue:
    """Remove a theme of the school's own; a delivered one is as it came again. One that was changed since is shown."""
    form = PressForm()
    with form.refusals():
        services.remove_theme(line.key, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".list_themes"), gettext("Removed."))
    edition = strategy.get_current() or abort(404)
    rows, text = _text_of(edition)
    line = queries.find_theme(rows, line.key) or abort(404)
    shown = ThemeForm(line, text, edition.number, formdata=None)
    shown.says(form)
    return _edit_page(line, rows, text, shown, is_typed=False)
