"""What an import says of helpers, who are in no file, and what it never does: open an access that was closed."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.database import db
from portal.people import load_people
from portal.school.models import Guardianship, GuardianshipKind, Pupil
from portal.school.roster.presenters import what_changes
from portal.text import clock
from tests import factories as make
from tests.school.roster.register import GUARDIANS, files, without
from tests.school.roster.test_roster_apply import plan_of, take_in

pytestmark = pytest.mark.both


def test_the_preview_says_how_many_helpers_go_with_a_custody_and_names_none(app: Flask, database: str) -> None:
    take_in()
    jonas, mette = (db.session.query(User).filter_by(external_id=name).one() for name in ("jonas", "mette"))
    otto = db.session.query(Pupil).filter_by(external_id="otto").one()
    alma = db.session.query(Pupil).filter_by(external_id="alma").one()
    for name, inviter, pupil in (("Bodil", jonas, otto), ("Bent", jonas, otto), ("Signe", mette, alma)):
        helper = make.make_user(name, external_id=None)
        make.tie(helper, pupil, GuardianshipKind.HELPER, invited_by=inviter).starts_on = clock.today()
    db.session.commit()
    plan = plan_of(files(guardians=without(GUARDIANS, "jonas;otto", "mette;alma")))
    lines = [line for change in what_changes(plan, str) for line in change.lines]
    assert "Jonas Juul – Otto Juul, and with it 2 helpers" in lines
    assert "Mette Holm – Alma Holm, and with it 1 helper" in lines
    assert not [line for line in lines if "Bodil" in line or "Bent" in line or "Signe" in line]
    take_in(files(guardians=without(GUARDIANS, "jonas;otto", "mette;alma")))
    assert db.session.query(Guardianship).filter_by(kind=GuardianshipKind.HELPER, ends_on=None).count() == 3
    helpers = db.session.query(User).filter(User.first_name.in_(["Bodil", "Bent", "Signe"]))
    assert [load_people([helper.id], today=clock.today())[0].children for helper in helpers] == [(), (), ()]


def test_the_end_of_a_custody_without_helpers_says_nothing_of_any(app: Flask, database: str) -> None:
    take_in()
    plan = plan_of(files(guardians=without(GUARDIANS, "sofie;otto")))
    assert "Sofie Lund – Otto Juul" in [line for change in what_changes(plan, str) for line in change.lines]


def test_no_import_opens_a_closed_access_however_often_the_tie_ends_and_begins(app: Flask, database: str) -> None:
    take_in()
    mette = db.session.query(User).filter_by(external_id="mette").one()
    alma = db.session.query(Pupil).filter_by(external_id="alma").one()
    make.close_access(mette, alma, make.make_user("Hanne"))
    db.session.commit()
    assert plan_of(files()).is_empty, "the preview knows nothing of it"
    without_mette = files(guardians=without(GUARDIANS, "mette;alma"))
    foster = files(guardians=GUARDIANS.replace("mette;alma;custody", "mette;alma;foster"))
    for contents in (files(), without_mette, files(), foster, files()):
        take_in(contents)
        assert load_people([mette.id], today=clock.today())[0].children == ()
    assert db.session.query(Guardianship).filter_by(guardian_id=mette.id, ends_on=None).count() == 1
