"""The page that says where words stand in the strategy."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.strategy import presenters as reading
from portal.strategy import queries
from portal.strategy.search.presenters import find
from portal.text.seeking import LONGEST_QUERY
from portal.web.guard import public

bp = Blueprint("search", __name__)


@bp.get("/search")
@public
def show_search() -> ResponseReturnValue:
    """Where words stand in the strategy that holds now."""
    edition = queries.get_current()
    if edition is None:
        abort(404)
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    text = reading.read(queries.list_text(edition.id), queries.list_dead_notes())
    return render_template("strategy/search/show_search.html", edition=edition, query=query, hits=find(text, query))
