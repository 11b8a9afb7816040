"""What a home says once: hosting and taking part; no reason, no list, and a protected home is not asked."""

from __future__ import annotations

import re

import pytest

from portal.accounts.protection import Protection
from portal.database import db
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.models import PlaygroupAbstention, PlaygroupHome
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf


def path(cast: Cast) -> str:
    return f"/playgroups/homes/classes/{cast.third.id}"


def said(cast: Cast, **changes: str) -> dict[str, str]:
    return {"can_host": "yes", "room": "4", "takes_part": str(cast.alma.id)} | changes


def test_an_answer_is_kept_and_can_be_changed(cast: Cast, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    assert mette.send(path(cast), said(cast, outdoors="y")).status_code == 303
    row = db.session.query(PlaygroupHome).one()
    assert (row.guardian_id, row.can_host, row.room, row.is_outdoors_only) == (cast.guardian.id, True, 4, True)
    assert mette.send(path(cast), said(cast, can_host="no")).status_code == 303
    row = db.session.query(PlaygroupHome).one()
    assert (row.can_host, row.room, row.is_outdoors_only) == (False, 0, False)


def test_no_child_has_to_take_part_and_the_last_word_of_its_homes_counts(cast: Cast, client_of: ClientOf) -> None:
    stays_out = {"can_host": "no", "room": ""}
    assert client_of(cast.guardian).send(path(cast), stays_out).status_code == 303
    assert cast.alma.id not in get_roll(cast.third.id, today=clock.today()).names
    assert client_of(cast.other_home).send(path(cast), said(cast)).status_code == 303
    assert cast.alma.id in get_roll(cast.third.id, today=clock.today()).names


@pytest.mark.parametrize("room", ["1", "0", "-3", "9", "400", "x", "", "4.5"])
def test_room_is_for_two_to_eight(cast: Cast, client_of: ClientOf, room: str) -> None:
    assert client_of(cast.guardian).send(path(cast), said(cast, room=room)).status_code == 422
    assert db.session.query(PlaygroupHome).count() == 0


def test_one_answers_for_ones_own_children_alone(cast: Cast, client_of: ClientOf) -> None:
    mette = client_of(cast.guardian)
    assert mette.send(path(cast), said(cast, takes_part=str(cast.noah.id))).status_code == 422
    assert db.session.query(PlaygroupAbstention).count() == 0
    for name in ("class_teacher", "helper", "guardian_elsewhere", "leader", "former_guardian"):
        assert client_of(cast.users[name]).send(path(cast), said(cast)).status_code in {403, 404}, name
    assert db.session.query(PlaygroupHome).count() == 0


def test_a_protected_home_is_not_asked_and_hosts_nothing_whatever_is_posted(cast: Cast, client_of: ClientOf) -> None:
    cast.guardian.protection = Protection.ADDRESS
    mette = client_of(cast.guardian)
    page = mette.get(path(cast)).text
    assert "hjemme hos jer" not in page
    assert "Hvem er med?" in page
    assert mette.send(path(cast), said(cast)).status_code == 303
    assert not db.session.query(PlaygroupHome).one().can_host


def test_no_page_lists_who_takes_no_part(cast: Cast, client_of: ClientOf) -> None:
    """For a home, all its pages are the same whether or not somebody else's child takes part."""
    make.make_playgroups(cast.third, cast.class_teacher, [[cast.otto, cast.noah]], [[cast.otto, cast.noah]])
    others = {name: client_of(cast.users[name]) for name in ("guardian_of_two", "foster_parent", "helper", "leader")}
    paths = [f"/classes/{cast.third.id}", f"/playgroups/rounds/classes/{cast.third.id}", path(cast), "/"]

    def pages() -> dict[tuple[str, str], str]:
        return {
            (name, each): re.sub(r'value="[^"]{20,}"', "", browser.get(each).text)
            for name, browser in others.items()
            for each in paths
        }

    before = pages()
    assert 'name="takes_part"' in before["guardian_of_two", path(cast)]
    db.session.add(PlaygroupAbstention(pupil_id=cast.alma.id, class_id=cast.third.id))
    assert pages() == before
