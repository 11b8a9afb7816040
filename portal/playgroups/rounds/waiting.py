"""What waits in playgroups: for homes whether they can host and when, for the team whether a round was held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func

from portal.database.prepared import param, params
from portal.people import Person
from portal.playgroups.homes.queries import hosts_in, list_answered
from portal.playgroups.models import Playgroup, PlaygroupHome, PlaygroupMember, PlaygroupPlan, PlaygroupRound
from portal.school.homes.queries import list_roof
from portal.text.collation import sort_key
from portal.waiting import Line, Waiting, waits
from portal.web.dates import near_date
from portal.web.language import gettext
from portal.web.urls import url_for

_USER, _TODAY = param("user_id", int), param("today", date)


def _to_answer(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """Once for a home: what somebody under the same roof has said is said."""
    roof = list_roof(person.id, today=today) - {person.id}
    answered = list_answered(roof) if roof else set()
    return [
        Line(
            gettext("Can a playgroup meet at your place now and then?"),
            url_for("playgroups.homes.edit_answer", class_id=row.place_id),
            ref=person.guardian_classes[row.place_id],
        )
        for row in sorted(rows, key=lambda row: sort_key(person.guardian_classes[row.place_id].label))
        if row.place_id not in answered
    ]


def _to_arrange(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Choose when the playgroup meets at your place, by %(day)s.", day=near_date(row.due_on)),
            url_for("playgroups.rounds.edit_meeting", group_id=row.subject_id),
            ref=person.guardian_classes[row.place_id],
        )
        for row in sorted(rows, key=lambda row: (row.due_on, row.subject_id))
    ]


def _to_record(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Say which groups have met in the round that is over."),
            url_for("playgroups.show_plan", class_id=row.place_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: sort_key(person.teams[row.place_id].label))
    ]


_is_under_way = PlaygroupPlan.ended_at.is_(None)

WAITING = (
    Waiting(
        "playgroup_homes",
        asks=lambda person: person.guardian_classes,
        found=waits("playgroup_homes", place_id=PlaygroupPlan.class_id).where(
            _is_under_way,
            exists().where(  # until then the plan is the team's alone
                PlaygroupRound.plan_id == PlaygroupPlan.id, PlaygroupRound.published_at.is_not(None)
            ),
            PlaygroupPlan.class_id.in_(params("guardian_classes", int)),
            ~exists().where(PlaygroupHome.guardian_id == _USER, PlaygroupHome.class_id == PlaygroupPlan.class_id),
            hosts_in(_USER, PlaygroupPlan.class_id, _TODAY),
        ),
        lines=_to_answer,
    ),
    Waiting(
        "playgroup_meetings",
        asks=lambda person: person.guardian_classes,
        found=waits(
            "playgroup_meetings",
            subject_id=Playgroup.id,
            place_id=Playgroup.class_id,
            due_on=PlaygroupRound.ends_on,
        )
        .select_from(Playgroup)
        .join(PlaygroupRound, PlaygroupRound.id == Playgroup.round_id)
        .where(
            Playgroup.host_id == _USER,
            Playgroup.class_id.in_(params("guardian_classes", int)),
            Playgroup.starts_at.is_(None),
            PlaygroupRound.published_at.is_not(None),
            PlaygroupRound.ends_on >= _TODAY,
            Playgroup.took_place.is_(None),
            exists().where(
                PlaygroupMember.group_id == Playgroup.id, PlaygroupMember.pupil_id.in_(params("pupils", int))
            ),
            hosts_in(_USER, Playgroup.class_id, _TODAY),
        ),
        lines=_to_arrange,
    ),
    Waiting(
        "playgroup_rounds",
        asks=lambda person: person.teams,
        found=waits("playgroup_rounds", place_id=PlaygroupPlan.class_id, many=func.count())
        .select_from(PlaygroupPlan)
        .join(PlaygroupRound, PlaygroupRound.plan_id == PlaygroupPlan.id)
        .join(Playgroup, Playgroup.round_id == PlaygroupRound.id)
        .where(
            _is_under_way,
            PlaygroupPlan.class_id.in_(params("teams", int)),
            PlaygroupRound.published_at.is_not(None),
            PlaygroupRound.ends_on < _TODAY,
            Playgroup.took_place.is_(None),
        )
        .group_by(PlaygroupPlan.class_id),
        lines=_to_record,
    ),
)
