"""What comes due by itself in the class teams' news."""

from __future__ import annotations

from portal.acts.chores import Chore
from portal.updates import services, writing_queries

CHORES = (Chore("send news that waited for its hour", writing_queries.list_due, services.publish_due),)
