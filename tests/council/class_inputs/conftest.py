"""A meeting to come with one thing on its agenda, which classes say something about."""

from __future__ import annotations

import pytest

from portal.council.meetings.models import AgendaItem, CouncilMeeting
from tests import factories as make
from tests.cast import Cast


@pytest.fixture
def meeting(cast: Cast) -> CouncilMeeting:
    make.make_edition()
    return make.make_meeting(cast.council)


@pytest.fixture
def item(meeting: CouncilMeeting) -> AgendaItem:
    return make.make_item(meeting, title="Boldene")
