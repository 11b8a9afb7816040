"""The homes of a class hear once what it works on since it has answered, and from nobody else's class."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.surveys.models import ClassSurvey
from tests import factories as make
from tests.cast import HOMES, Cast
from tests.conftest import ClientOf, Move


@pytest.fixture
def part(cast: Cast) -> ClassSurvey:
    return make.hold_survey(make.make_survey(cast.third, cast.class_teacher), cast.third)


def told() -> list[int]:
    of_kind = select(Delivery.user_id).join(Act, Act.id == Delivery.act_id)
    words = of_kind.where(Act.kind == ActKind.SURVEY_WORDS_WRITTEN, Delivery.channel == Channel.PORTAL)
    return sorted(db.session.scalars(words))


def tell(app: Flask, wall_clock: Move) -> None:
    wall_clock(timedelta(minutes=4))  # what was just written rests, so that it can be put right
    while Worker(app).tell_some():
        pass


@pytest.mark.both
def test_the_homes_hear_once_and_a_correction_tells_nobody(
    app: Flask, cast: Cast, part: ClassSurvey, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    teacher = client_of(cast.class_teacher)
    page = f"/surveys/hour/{part.survey_id}/classes/{cast.third.id}/words"
    assert teacher.send(page, {"words": "Vi øver os i at lege sammen.", "version": part.version}).status_code == 303
    tell(app, wall_clock)
    homes = sorted(cast.users[name].id for name in HOMES)
    assert told() == homes
    mother = client_of(cast.guardian)
    assert "Det arbejder 3.A med" in mother.get("/notifications/").text
    assert "Vi øver os i at lege sammen." in mother.get(f"/surveys/classes/{cast.third.id}").text
    db.session.expire_all()
    assert teacher.send(page, {"words": "Vi øver os i at vente på tur.", "version": part.version}).status_code == 303
    tell(app, wall_clock)
    assert told() == homes


def test_words_taken_away_before_they_were_told_tell_nobody(
    app: Flask, cast: Cast, part: ClassSurvey, client_of: ClientOf, wall_clock: Move
) -> None:
    teacher = client_of(cast.class_teacher)
    page = f"/surveys/hour/{part.survey_id}/classes/{cast.third.id}/words"
    assert teacher.send(page, {"words": "Vi øver os.", "version": part.version}).status_code == 303
    db.session.query(ClassSurvey).update({"words": ""})
    db.session.commit()
    tell(app, wall_clock)
    assert told() == []
