"""How often one person may do within an hour what fills everybody's lists: posted past the page, for every limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.acts.limits import LIMITS, WITHIN
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.events.models import EventOrganiser
from portal.playgroups.models import PlaygroupPlan
from portal.strategy.kinds import AmendmentState, Phase
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move

EVENT = {
    "title": "Suppe",
    "kind": "dinner",
    "day": "2026-12-04",
    "begins": "17:30",
    "ends": "20:00",
    "place": "Skolekøkkenet",
    "cost_per_child": "25",
    "version": "1",
}
PLAYDATE = {
    "what": "Vi er i skoven",
    "day": "2026-11-26",
    "begins": "15:30",
    "ends": "17:00",
    "places": "",
    "version": "1",
}
#: Who does it, the address and the form it is done with, and what of the form is seen on the page again.
Deed = tuple[str, str, dict[str, Any], str]


def _invite(cast: Cast) -> Deed:
    event = make.make_event(cast.third, cast.guardian, out_at=None)
    db.session.add(EventOrganiser(event_id=event.id, user_id=cast.class_teacher.id))
    return "guardian", f"/events/sending/{event.id}/publish", {"version": 1}, "Skolekøkkenet"


def _move(cast: Cast) -> Deed:
    event = make.make_event(cast.third, cast.guardian)
    return "guardian", f"/events/{event.id}/edit", {**EVENT, "place": "Hallen"}, "Hallen"


def _ask_more(cast: Cast) -> Deed:
    event = make.make_event(cast.third, cast.guardian, cost_per_child=0, rsvp_deadline=None)
    same = {"begins": "17:30", "ends": "20:00", "place": event.place, "siblings_welcome": "y"}
    return "guardian", f"/events/{event.id}/edit", {**EVENT, **same, "title": "Grød"}, "Grød"


def _offer(cast: Cast) -> Deed:
    return "guardian", f"/playdates/classes/{cast.third.id}/new", PLAYDATE, "Vi er i skoven"


def _change_offer(cast: Cast) -> Deed:
    playdate = make.make_playdate(cast.third, cast.guardian, what="Vi bager")
    return "guardian", f"/playdates/{playdate.id}/edit", PLAYDATE, "Vi er i skoven"


def _arrange_group(cast: Cast) -> Deed:
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]])
    group = make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    form = {"day": "2026-11-26", "begins": "15:00", "ends": "17:00", "place": "home", "address": "Skolevej 3"}
    version = {"version": str(group.version)}
    return "guardian", f"/playgroups/rounds/groups/{group.id}/meeting", form | version, "Skolevej 3"


def _agree(cast: Cast) -> Deed:
    form = {"body": "- Vi hilser på alle.", "agreed_on": clock.today().isoformat(), "version": 0}
    return "guardian_of_two", f"/agreements/classes/{cast.third.id}/parents/edit", form, "- Vi hilser på alle."


def _let_help(cast: Cast) -> Deed:
    form = {"helper": 0, "first_name": "Birthe", "last_name": "Holm", "email": ""}
    return "guardian", f"/school/pupils/{cast.alma.id}/helpers/new", form, "Birthe"


def _ask_home(cast: Cast) -> Deed:
    return "guardian", "/school/homes/mine/ask", {"adult_id": cast.other_home.id}, "Jonas"


def _write(cast: Cast) -> Deed:
    make.make_edition()
    return (
        "council_member",
        "/strategy/clauses/k1/comments/new",
        {"text": "Min klasse siger ja."},
        "Min klasse siger ja.",
    )


def _suggest(cast: Cast) -> Deed:
    edition = make.make_edition()
    make.make_cycle(edition, Phase.COUNCIL)
    draft = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.DRAFT)
    return "council_member", f"/strategy/amendments/{draft.id}/submit", {"version": draft.version}, draft.reason


def _report(cast: Cast) -> Deed:
    clause = make.make_edition().sections[0].clauses[0]
    comment = make.make_comment(cast.council, cast.council_member, clause)
    return "council_chair", f"/strategy/comments/{comment.id}/report", {}, ""


def _invite_organiser(cast: Cast) -> Deed:
    event = make.make_event(cast.third, cast.guardian)
    return "guardian", f"/events/{event.id}/organisers/invite", {"user_id": cast.other_home.id}, "Jonas"


def _ask_organisers(cast: Cast) -> Deed:
    event = make.make_event(cast.third, cast.guardian)
    return "other_home", f"/events/questions/of/{event.id}/ask", {"question": "Er der suppe nok?"}, "Er der suppe nok?"


def _say_for_class(cast: Cast) -> Deed:
    form = {"text": "Vi mangler bolde."}
    return "council_member", f"/council/classes/{cast.sixth.id}/class-inputs/new", form, "Vi mangler bolde."


def _prepare(cast: Cast) -> Deed:
    return "guardian", f"/events/classes/{cast.third.id}/new", EVENT, "Skolekøkkenet"


def _plan_groups(cast: Cast) -> Deed:
    groups = [[cast.alma, cast.noah, cast.otto]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, groups, published=0)
    form = {"version": str(plan.version)}
    return "class_teacher", f"/playgroups/draft/classes/{cast.third.id}/make", form, ""


DEEDS: dict[ActKind, Callable[[Cast], Deed]] = {
    ActKind.EVENT_PREPARED: _prepare,
    ActKind.EVENT_CREATED: _invite,
    ActKind.EVENT_MOVED: _move,
    ActKind.EVENT_TERMS_CHANGED: _ask_more,
    ActKind.PLAYDATE_OFFERED: _offer,
    ActKind.PLAYDATE_CHANGED: _change_offer,
    ActKind.PLAYGROUP_ARRANGED: _arrange_group,
    ActKind.PLAYGROUPS_PLANNED: _plan_groups,
    ActKind.ORGANISER_INVITED: _invite_organiser,
    ActKind.EVENT_QUESTION_ASKED: _ask_organisers,
    ActKind.CLASS_INPUT_WRITTEN: _say_for_class,
    ActKind.PARENT_AGREEMENTS_WRITTEN: _agree,
    ActKind.HELPER_INVITED: _let_help,
    ActKind.HOME_ASKED: _ask_home,
    ActKind.COMMENT_WRITTEN: _write,
    ActKind.AMENDMENT_SUBMITTED: _suggest,
    ActKind.COMMENT_REPORTED: _report,
}
SAID = {
    ActKind.EVENT_PREPARED: "Du har begyndt på 20 arrangementer den sidste time",
    ActKind.EVENT_CREATED: "Du har inviteret til 10 arrangementer den sidste time",
    ActKind.EVENT_MOVED: "Du har ændret noget 10 gange den sidste time",
    ActKind.EVENT_TERMS_CHANGED: "Du har ændret noget 10 gange den sidste time",
    ActKind.PLAYDATE_OFFERED: "Du har lagt 6 legeaftaler ud den sidste time",
    ActKind.PLAYDATE_CHANGED: "Du har ændret noget 10 gange den sidste time",
    ActKind.PLAYGROUPS_PLANNED: "Du har fået lavet 20 planer den sidste time",
    ActKind.PLAYGROUP_ARRANGED: "Du har ændret noget 10 gange den sidste time",
    ActKind.ORGANISER_INVITED: "Du har spurgt 10 gange inden for en time",
    ActKind.EVENT_QUESTION_ASKED: "Du har spurgt 10 gange inden for en time",
    ActKind.CLASS_INPUT_WRITTEN: "Du har skrevet 30 gange den sidste time",
    ActKind.PARENT_AGREEMENTS_WRITTEN: "Du har ændret teksten 6 gange den sidste time",
    ActKind.HELPER_INVITED: "Du har givet 12 hjælpere adgang den sidste time",
    ActKind.HOME_ASKED: "Du har spurgt 6 gange den sidste time",
    ActKind.COMMENT_WRITTEN: "Du har skrevet 30 gange den sidste time",
    ActKind.AMENDMENT_SUBMITTED: "Du har sendt 10 forslag til elevrådet den sidste time",
    ActKind.COMMENT_REPORTED: "Du har sagt til om 10 kommentarer den sidste time",
}


def has_done(cast: Cast, name: str, kind: ActKind, times: int) -> None:
    """Somebody has done this so many times just now."""
    db.session.add_all(Act(actor_id=cast.users[name].id, kind=kind, subject_id=0, at=clock.now()) for _ in range(times))
    db.session.commit()


def done_by(cast: Cast, name: str, kind: ActKind) -> int:
    return db.session.query(Act).filter_by(actor_id=cast.users[name].id, kind=kind).count()


def most(kind: ActKind) -> int:
    return next(limit.most for limit in LIMITS if kind in limit.kinds)


def test_every_limit_has_its_deed() -> None:
    assert {kind for limit in LIMITS for kind in limit.kinds} == DEEDS.keys() == SAID.keys()


@pytest.mark.parametrize("kind", DEEDS)
def test_one_too_many_within_the_hour_is_refused_in_words_and_what_was_typed_stays(
    cast: Cast, client_of: ClientOf, wall_clock: Move, kind: ActKind
) -> None:
    name, path, form, typed = DEEDS[kind](cast)
    has_done(cast, name, kind, most(kind))
    answer = client_of(cast.users[name]).send(path, form)
    assert answer.status_code == 422
    assert SAID[kind] in answer.text
    assert typed in answer.text
    assert done_by(cast, name, kind) == most(kind)
    wall_clock(WITHIN)
    assert client_of(cast.users[name]).send(path, form).status_code == 303, "the hour is over"
    assert done_by(cast, name, kind) == most(kind) + 1


def test_events_are_counted_as_they_are_made(cast: Cast, client_of: ClientOf) -> None:
    home, other = client_of(cast.guardian), client_of(cast.other_home)
    class_id = cast.third.id
    statuses = [home.invite(class_id, EVENT).status_code for _ in range(most(ActKind.EVENT_CREATED) + 1)]
    assert statuses == [303] * most(ActKind.EVENT_CREATED) + [422]
    assert other.invite(class_id, EVENT).status_code == 303, "each person's own"


def test_what_is_told_as_one_is_counted_as_one(cast: Cast, client_of: ClientOf) -> None:
    _, path, form, _ = _change_offer(cast)
    has_done(cast, "guardian", ActKind.EVENT_MOVED, most(ActKind.EVENT_MOVED))
    assert client_of(cast.guardian).send(path, form).status_code == 422


@pytest.mark.parametrize("kind", [ActKind.EVENT_CREATED, ActKind.EVENT_MOVED, ActKind.PARENT_AGREEMENTS_WRITTEN])
def test_the_class_team_is_not_counted(cast: Cast, client_of: ClientOf, kind: ActKind) -> None:
    _, path, form, _ = DEEDS[kind](cast)
    has_done(cast, "class_teacher", kind, most(kind))
    assert client_of(cast.class_teacher).send(path, form).status_code == 303


def test_a_plan_costs_the_machine_time_so_the_class_team_is_counted_and_nothing_is_planned_in_vain(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the planner run for somebody whose page is old, or who comes after another."""
    runs: list[str] = []
    monkeypatch.setattr("portal.playgroups.draft.views.replan", lambda *_args, **_more: runs.append("again"))
    monkeypatch.setattr("portal.playgroups.views.draft_rounds", lambda *_args, **_more: runs.append("new"))
    _, path, form, _ = _plan_groups(cast)
    teacher = client_of(cast.class_teacher)
    assert teacher.send(path, {**form, "version": "7"}).status_code == 409
    has_done(cast, "class_teacher", ActKind.PLAYGROUPS_PLANNED, most(ActKind.PLAYGROUPS_PLANNED))
    assert teacher.send(path, form).status_code == 422
    db.session.query(PlaygroupPlan).update({"ended_at": clock.now()})
    for name in ("Bo", "Ask", "Liv", "Ida", "Kai"):
        make.make_pupil(cast.third, name)
    db.session.commit()
    path = f"/playgroups/classes/{cast.third.id}/new"
    chosen = re.findall(r'name="(plan)"[^>]* value="([^"]+)"|<option value="(2[-0-9]+)"', teacher.get(path).text)
    new = {"plan": chosen[0][1], "first_on": chosen[-1][2], "weeks_apart": "2"}
    assert SAID[ActKind.PLAYGROUPS_PLANNED] in teacher.send(path, new).text
    assert runs == []


def test_a_team_is_counted_where_its_member_is_a_parent(cast: Cast, client_of: ClientOf) -> None:
    make.tie(cast.class_teacher, make.make_pupil(cast.sixth, "Sofie"))
    has_done(cast, "class_teacher", ActKind.EVENT_CREATED, most(ActKind.EVENT_CREATED))
    teacher = client_of(cast.class_teacher)
    assert teacher.invite(cast.sixth.id, EVENT).status_code == 422


@pytest.mark.parametrize("kind", [ActKind.COMMENT_WRITTEN, ActKind.COMMENT_REPORTED, ActKind.AMENDMENT_SUBMITTED])
def test_a_contact_teacher_is_not_counted(cast: Cast, client_of: ClientOf, kind: ActKind) -> None:
    _, path, form, _ = DEEDS[kind](cast)
    has_done(cast, "facilitator", kind, most(kind))
    assert client_of(cast.facilitator).send(path, form).status_code == 303


def test_calling_off_is_never_refused(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    """Nobody goes there in vain, however much was moved before."""
    event = make.make_event(cast.third, cast.guardian)
    has_done(cast, "guardian", ActKind.EVENT_MOVED, most(ActKind.EVENT_MOVED))
    wall_clock(timedelta(minutes=1))
    assert client_of(cast.guardian).send(f"/events/{event.id}/cancel").status_code == 303
