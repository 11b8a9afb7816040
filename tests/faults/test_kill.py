"""kill -9 under load: what was acknowledged is stored, nothing is stored by halves, nobody is told twice."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.faults.ledger import Ledger
from tests.faults.serving import Portal, wait_until

SEED = 20261124
SOONEST, LATEST = 0.15, 1.2


@pytest.mark.both
@pytest.mark.parametrize("kills", [pytest.param(2, id="short"), pytest.param(30, id="long", marks=pytest.mark.faults)])
def test_a_killed_server_has_lost_nothing_and_halved_nothing(portal: Portal, database: str, kills: int) -> None:
    random = Random(SEED)  # noqa: S311 - when to kill is no secret
    portal.start()
    ledger = Ledger(portal)
    answered = again = 0
    for _ in range(kills):
        writers = ledger.write_until_killed()
        time.sleep(random.uniform(SOONEST, LATEST))
        portal.kill()
        for writer in writers:
            writer.join()
        ledger.check()
        answered = sum(bool(line.location) for line in ledger.sent) - again
        portal.start()
        again += ledger.send_again()
        ledger.check()
    portal.let_out()
    assert wait_until(lambda: not ledger.waiting(), 120), "what waited is told of in the end"
    ledger.check()
    print(f"{database}: {kills} kills, {answered} acknowledged writes, {again} cut off and sent again, none lost")
