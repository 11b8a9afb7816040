"""What most tests of a council begin with: Lars, who helps it, and a suggestion about the text that holds."""

from __future__ import annotations

import pytest

from portal.strategy.amendments.models import Amendment
from portal.strategy.models import Edition
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition()


@pytest.fixture
def amendment(cast: Cast, edition: Edition) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition)


@pytest.fixture
def lars(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.facilitator)
