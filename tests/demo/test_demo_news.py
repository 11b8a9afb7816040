"""What the demo's people find under the bell: a few lines, and not dozens."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import User
from portal.acts.models import Act, ActKind, WaitingAct
from portal.council.class_inputs.models import ClassInput, Ending
from portal.database import db
from portal.demo.roster import PERSONAS
from portal.demo.school import SMALL_DEMO, fill
from portal.notifications.models import Channel, Delivery
from portal.notifications.queries import count_unread
from portal.people import load_people
from portal.text import clock


def test_the_personas_have_a_few_lines_each_and_nothing_waits_to_be_told(app: Flask) -> None:
    fill(SMALL_DEMO)
    db.session.commit()
    ids = {user.external_id: user.id for user in db.session.scalars(select(User))}
    notices = app.extensions["portal.notices"]
    unread = {
        name: sum(count_unread(load_people([ids[external_id]], today=clock.today())[0], notices).values())
        for name, external_id in PERSONAS.items()
    }
    assert max(unread.values()) <= 5, unread
    assert unread["guardian"] >= 1
    assert unread["facilitator"] >= 1
    kinds = set(db.session.scalars(select(Act.kind).join(Delivery, Delivery.act_id == Act.id)))
    assert kinds >= {
        ActKind.UPDATE_PUBLISHED,
        ActKind.EVENT_CREATED,
        ActKind.AMENDMENT_SUBMITTED,
        ActKind.MINUTES_APPROVED,
    }
    assert db.session.scalar(select(func.count()).select_from(WaitingAct)) == 0
    assert db.session.scalar(select(func.count()).where(Delivery.channel == Channel.MAIL)) == 0


def test_what_classes_said_has_each_of_the_four_endings_and_some_of_it_waits(app: Flask) -> None:
    fill(SMALL_DEMO)
    endings = list(db.session.scalars(select(ClassInput.ending)))
    assert set(endings) == {*Ending, None}
    assert endings.count(None) == 2
