"""The pages on which something is planned for a whole year or for the school."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.events.audience.presenters import will_be_invited, year_in_words
from portal.events.audience.queries import count_school, count_year
from portal.events.models import Audience
from portal.events.services import Invited
from portal.events.views import plan_event
from portal.policy import Action
from portal.school.year_groups.models import YearGroup
from portal.school.year_groups.queries import get_year_group
from portal.text import clock
from portal.web.guard import guarded

bp = Blueprint("audience", __name__, url_prefix="/audience")


@bp.route("/year-groups/<int:year_group_id>/new", methods=["GET", "POST"])
@guarded(Action.EVENT_CREATE_YEAR, load=get_year_group)
def new_year_event(year_group: YearGroup) -> ResponseReturnValue:
    """Invite all classes of a year: to something new, or to what was done before."""
    name, children = year_in_words(year_group.grade), count_year(year_group.id, today=clock.today())
    return plan_event(
        "events/audience/new_year_event.html",
        Invited(Audience.YEAR_GROUP, year_group=year_group.id),
        audience=will_be_invited(Audience.YEAR_GROUP, f"{name} ({', '.join(year_group.labels)})", children),
        name=name,
        hue=year_group.hue,
    )


@bp.route("/school/new", methods=["GET", "POST"])
@guarded(Action.EVENT_CREATE_SCHOOL)
def new_school_event() -> ResponseReturnValue:
    """Invite the whole school."""
    children = count_school(today=clock.today())
    return plan_event(
        "events/audience/new_school_event.html",
        Invited(Audience.SCHOOL),
        audience=will_be_invited(Audience.SCHOOL, "", children),
        name="",
        hue=1,
    )
