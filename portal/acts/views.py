"""The page on which office and leadership read what was done: by whom, when, and to whom."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.models import Role
from portal.acts import queries
from portal.acts.presenters import act_lines
from portal.acts.queries import Wanted
from portal.acts.words import GROUP_NAMES, ActGroup
from portal.policy import Action
from portal.text import clock
from portal.web.forms import tidy
from portal.web.guard import guarded, signed_in
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("acts", __name__, url_prefix="/acts")

LONGEST_SEARCH = 100


@bp.get("/")
@guarded(Action.ACTS_VIEW)
def list_acts() -> ResponseReturnValue:
    """What was done, newest first; looked through by person, by kind and by day."""
    reader, wanted = signed_in(), _wanted()
    rows, earlier = queries.list_acts(reader, wanted, before=row_in_address("before"))
    return render_template(
        "acts/list_acts.html",
        lines=act_lines(rows, knows_helpers=reader.has(Role.OFFICE), today=clock.today()),
        wanted=wanted,
        groups=[(group.value, gettext(GROUP_NAMES[group])) for group in queries.groups_of(reader)],
        is_looking=wanted != Wanted(),
        earlier=url_for(".list_acts", **_in_address(wanted), before=str(earlier)) if earlier else "",
    )


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense in it is as good as nothing."""
    text, group = str(tidy(request.args.get("person", "")))[:LONGEST_SEARCH], request.args.get("kind", "")
    return Wanted(
        person=text,
        group=ActGroup(group) if group in set(ActGroup) else None,
        since=_day("since"),
        until=_day("until"),
    )


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


def _in_address(wanted: Wanted) -> dict[str, str]:
    said = {"person": wanted.person, "kind": wanted.group, "since": wanted.since, "until": wanted.until}
    return {name: str(value) for name, value in said.items() if value}
