"""The demo school's parent meetings: this year's material, meetings that were held, and one to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from portal.database import db
from portal.demo.promises.texts import ITEMS, LINKS, MATERIAL
from portal.parent_meetings import services as meetings
from portal.parent_meetings.material import services as material
from portal.parent_meetings.material.models import MaterialYear
from portal.parent_meetings.material.services import Draft
from portal.parent_meetings.models import ParentMeeting
from portal.parent_meetings.services import MeetingPlan
from portal.people import Person, load_people
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.text import clock

#: How many days ago each class met, and whether it was noted that the material was shown.
HELD = (("3.A", 31, True), ("6.A", 17, False))
IN_DAYS = 12
BEGINS, ENDS = time(17), time(18, 30)


def hold_parent_meetings(classes: Mapping[str, SchoolClass], leader: Person, now: datetime) -> None:
    """Publish this year's material, let classes have met, and call 1.A or else the first class to a meeting."""
    today = clock.day_of(now)
    year = MaterialYear(clock.school_year(today), None)
    written_at = now - timedelta(days=60)
    draft = Draft(MATERIAL, LINKS, None, keeps_file=False)
    material.publish_material(year, draft, version=0, actor=leader, now=written_at)
    db.session.flush()
    for label, days_ago, is_noted in HELD:
        if label in classes and clock.school_year(today - timedelta(days=days_ago)) == year.school_year:
            meeting, team = _call(classes[label], -days_ago, now)
            if is_noted:
                meetings.mark_shown(meeting, actor=team, now=now - timedelta(days=days_ago - 1))
    _call(next(iter(classes.values())), IN_DAYS, now)


def _call(school_class: SchoolClass, in_days: int, now: datetime) -> tuple[ParentMeeting, Person]:
    """Called by the class's own team of today, three weeks before."""
    today = clock.day_of(now)
    team = school.list_team(school_class.id, today=today)
    (author,) = load_people([team[0].user_id], today=today)
    day = today + timedelta(days=in_days)
    plan = MeetingPlan(day, BEGINS, ENDS, "Personalestuen", ITEMS)
    meeting = meetings.call_meeting(school_class.id, plan, actor=author, now=now + timedelta(days=in_days - 24))
    db.session.flush()
    return meeting, author
