"""One class of the demo school has a plan of playgroups: its first round is published, the rest are drafts."""

from __future__ import annotations

from flask import Flask

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.database import db
from portal.demo.school import fill
from portal.playgroups.models import Playgroup, PlaygroupMember, PlaygroupRound


def test_one_class_of_the_demo_school_has_a_plan(app: Flask) -> None:
    fill(60)
    db.session.flush()
    rounds = db.session.query(PlaygroupRound).order_by(PlaygroupRound.number).all()
    assert [each.is_published for each in rounds] == [True, False, False]
    seats = [{row.pupil_id for row in db.session.query(PlaygroupMember).filter_by(round_id=one.id)} for one in rounds]
    assert len(seats[0]) > 2
    assert seats[0] == seats[1] == seats[2]
    hosts = {group.host_id for group in db.session.query(Playgroup)} - {None}
    assert hosts
    assert {db.session.get_one(User, host).protection for host in hosts} == {Protection.NONE}
