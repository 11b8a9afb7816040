"""The front page of each role, a class's page, a child's page, help, and how the portal itself is doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from portal.agreements.presenters import class_agreements
from portal.council.meetings.ahead import list_next
from portal.events.presenters import coming_events
from portal.events.year.presenters import coming_of_year
from portal.home import queries
from portal.home.desk import list_waiting as what_waits
from portal.home.presenters import all_notices, in_order, new_year_steps, unopened_in_words
from portal.notifications.queries import count_unread
from portal.parent_meetings.presenters import coming_meetings, meetings_of_year
from portal.people import ClassRef, Person
from portal.playdates.presenters import coming_playdates
from portal.playgroups.presenters import groups_of_class
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.forms import FUNCTION_NAMES
from portal.school.help_contacts import queries as help_contacts
from portal.school.helpers import queries as helpers
from portal.school.helpers.services import ASK_AGAIN_AFTER
from portal.school.models import Pupil
from portal.school.year_groups import queries as year_groups
from portal.school.year_groups.models import YearGroup
from portal.settings import Settings
from portal.strategy.amendments.presenters import amendment_items
from portal.strategy.amendments.queries import list_newest_of
from portal.text import clock
from portal.updates import queries as updates
from portal.updates.cadence.presenters import cadence_lines
from portal.updates.models import UpdateState
from portal.updates.presenters import news_items
from portal.web.guard import guarded, own_class_or, public, signed_in, visitor
from portal.year_wheel.glance import whole_wheel
from portal.year_wheel.presenters import figures
from portal.year_wheel.wheel import Wheel

bp = Blueprint("home", __name__)

NEWS_ON_HOME = 3
#: So many things that wait stand on the front page, of which so many are questions with their buttons.
MOST_WAITING, MOST_ASKED = 5, 2
NEWS_ON_CLASS_PAGE = 3
#: So many of what comes are looked through for what is asked, of which so many stand on the front page.
EVENTS_LOOKED_AT, EVENTS_ON_HOME = 60, 6
EVENTS_ON_CLASS_PAGE = 4
EVENTS_OF_YEAR = 30
PLAYDATES_ON_HOME = 2
PLAYDATES_ON_CLASS_PAGE = 4


@bp.get("/")
@public
def show_home() -> ResponseReturnValue:
    """What must I do, what is new, what comes next; for the public, what this is."""
    person = visitor()
    if person is None:
        return render_template("home/show_welcome.html")
    now, today = clock.now(), clock.today()
    events = coming_events(person, person.event_classes, now=now, limit=EVENTS_LOOKED_AT)
    asks = [event for event in events if event.asked]
    wheel = _wheel_for(person, now)
    lines = what_waits(person, wheel, now=now)
    asked = asks[:MOST_ASKED]
    cadence = cadence_lines(person.teams, today=today)
    return render_template(
        "home/show_home.html",
        today=today,
        new_year=new_year_steps(today) if can(person, Action.SCHOOL_MANAGE) else [],
        coming=in_order(events[:EVENTS_ON_HOME], coming_meetings(person, person.guardian_classes, now=now)),
        playdates=coming_playdates(
            person,
            [*person.guardian_classes, *([person.own_class.id] if person.own_class else [])],
            span=_settings().playdate_grades,
            now=now,
            limit=PLAYDATES_ON_HOME,
        ),
        waiting_count=len(asks) + len(lines),
        asks=asked,
        lines=lines[: MOST_WAITING - len(asked)],
        unopened=[] if asks or lines else unopened_in_words(count_unread(person, all_notices())),
        news=news_items(_news_for(person), person),
        cadence=cadence,
        writes_first=next(
            (class_id for class_id, line in cadence.items() if line.is_asking), min(person.teams, default=0)
        ),
        meetings=list_next(person.council_names, now=now),
        ideas=amendment_items(list_newest_of(person), person.id) if person.is_pupil else [],
        figures=figures(wheel) if wheel and can(person, Action.WHEEL_OVERSEE) else (),
    )


@bp.get("/waiting")
@guarded(Action.PORTAL_USE)
def list_waiting() -> ResponseReturnValue:
    """All that waits for somebody, where the front page has room for a few."""
    person, now = signed_in(), clock.now()
    events = coming_events(person, person.event_classes, now=now, limit=EVENTS_LOOKED_AT)
    return render_template(
        "home/list_waiting.html",
        asks=[event for event in events if event.asked],
        lines=what_waits(person, _wheel_for(person, now), now=now),
    )


def _news_for(person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """A home's news is what it has not read; who reads for other reasons finds the newest."""
    if person.guardian_classes:
        return updates.list_unread(person, limit=NEWS_ON_HOME)
    return updates.list_news_of(person, limit=NEWS_ON_HOME)


def _wheel_for(person: Person, now: datetime) -> Wheel | None:
    """The year wheel for those who work with it."""
    return whole_wheel(now=now) if can(person, Action.WHEEL_VIEW) else None


def _to_send(class_ids: list[int]) -> list[Row[*tuple[Any, ...]]]:
    """What waits to be sent: drafts and what has an hour, without what was taken back."""
    return [row for row in updates.list_unpublished(class_ids) if row.state != UpdateState.WITHDRAWN]


@bp.get("/classes")
@guarded(Action.PORTAL_USE)
def list_classes() -> ResponseReturnValue:
    """One's own classes, or all of them for those who see the whole school."""
    person = signed_in()
    classes = queries.classes_visible_to(person, today=clock.today())
    read = [ref.id for ref in classes if can(person, Action.UPDATE_FEED, ref)]
    return render_template(
        "home/list_classes.html",
        classes=classes,
        last=updates.last_published(read),
        read=read,
        is_helper=bool(person.children) and not classes,
    )


@bp.get("/classes/<int:class_id>")
@guarded(Action.CLASS_VIEW, load=own_class_or(school.get_class_to_read))
def show_class(ref: ClassRef) -> ResponseReturnValue:
    """A class's page: its news, what comes next, what it has agreed on, and who belongs to it."""
    person, today = signed_in(), clock.today()
    reads_news = can(person, Action.UPDATE_FEED, ref)
    rows = updates.list_news([ref.id], person.id, limit=NEWS_ON_CLASS_PAGE) if reads_news else []
    sees_events = reads_news or ref.id in person.classes
    class_ids = [ref.id] if sees_events else []
    people = queries.get_class_people(ref.id, today=today)
    children = person.children_in([ref.id])
    playdates = coming_playdates(
        person,
        [ref.id] if can(person, Action.PLAYDATE_VIEW, ref) else [],
        span=_settings().playdate_grades,
        now=clock.now(),
        limit=PLAYDATES_ON_CLASS_PAGE,
    )
    return render_template(
        "home/show_class.html",
        ref=ref,
        news=news_items(rows, person),
        reads_news=reads_news,
        function_names=FUNCTION_NAMES,
        pupil_count=people.pupil_count,
        team=people.team,
        representatives=people.representatives,
        children=children,
        drafts=_to_send([ref.id]) if can(person, Action.UPDATE_WRITE, ref) else [],
        agreements=class_agreements(person, ref.id),
        coming=in_order(
            coming_events(person, class_ids, now=clock.now(), limit=EVENTS_ON_CLASS_PAGE),
            coming_meetings(person, [ref.id], now=clock.now()),
        ),
        sees_events=sees_events,
        playdates=playdates,
        playgroups=groups_of_class(person, ref, playdates.grades.get(ref.id), _settings()),
    )


@bp.get("/year-groups/<int:year_group_id>")
@guarded(Action.YEAR_GROUP_PLAN, load=year_groups.get_year_group)
def show_year_group(year_group: YearGroup) -> ResponseReturnValue:
    """What the classes of a year have on, and who plans for all of them: so that two things do not fall on one day."""
    person, now, today = signed_in(), clock.now(), clock.today()
    class_ids = sorted(year_group.class_ids)
    return render_template(
        "home/show_year_group.html",
        year_group=year_group,
        refs=year_groups.list_year_group_refs(year_group.id, today=today),
        coming=in_order(
            coming_of_year(person, class_ids, now=now, limit=EVENTS_OF_YEAR),
            meetings_of_year(person, class_ids, now=now),
        ),
        parents=year_groups.list_parent_names(year_group.id, today=today),
        may_plan=can(person, Action.EVENT_CREATE_YEAR, year_group),
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings


@bp.get("/children/<int:pupil_id>")
@guarded(Action.CHILD_VIEW, load=school.get_pupil)
def show_child(pupil: Pupil) -> ResponseReturnValue:
    """One's own child: the class's news, what comes next, what it has agreed on, and the helpers one has invited."""
    person, today = signed_in(), clock.today()
    child = next(c for c in person.children if c.pupil_id == pupil.id)
    class_ids = [child.school_class.id] if child.school_class else []
    rows = updates.list_news(class_ids, person.id, limit=NEWS_ON_CLASS_PAGE)
    is_helped = helpers.is_helped_by_others(pupil.id, person.id, today=today)
    asked = helpers.last_report(pupil.id, by=person.id) if is_helped else None
    return render_template(
        "home/show_child.html",
        pupil=pupil,
        child=child,
        news=news_items(rows, person),
        events=coming_events(person, class_ids, now=clock.now(), limit=EVENTS_ON_CLASS_PAGE),
        agreements=[text for class_id in class_ids for text in class_agreements(person, class_id)],
        helpers=queries.list_helpers(pupil.id, person.id, today=today),
        is_helped_by_others=is_helped,
        asked_on=clock.day_of(asked[0]) if asked and clock.now() - asked[0] < ASK_AGAIN_AFTER else None,
    )


@bp.get("/help")
@public
def show_help() -> ResponseReturnValue:
    """Whom to talk to, what to look for, what the school does. Not a form: a person answers best in person."""
    return render_template("home/show_help.html", contacts=help_contacts.list_help_contacts())
