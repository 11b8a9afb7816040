"""News from before somebody came is nothing new to them, and its reach does not wait for their home."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.database import db
from portal.school.models import Enrolment, Guardianship, GuardianshipKind
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from portal.updates.reach import list_reach
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move


@pytest.fixture
def news(cast: Cast, wall_clock: Move) -> WellbeingUpdate:
    """Sent on one day, and looked at on the next."""
    update = make.make_update(cast.third, cast.class_teacher, "Ugens nyt", published_at=clock.now())
    wall_clock(timedelta(days=1))
    return update


def reached(update: WellbeingUpdate) -> set[str]:
    return {child.name for child in list_reach(update, today=clock.today())}


@pytest.mark.both
@pytest.mark.parametrize(("days_ago", "is_new"), [(0, False), (1, True), (30, True)])
def test_news_is_new_to_a_child_s_home_from_the_day_it_joined(
    cast: Cast, news: WellbeingUpdate, client_of: ClientOf, database: str, days_ago: int, is_new: bool
) -> None:
    joined_on = clock.today() - timedelta(days=days_ago)
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=joined_on))
    home = client_of(cast.newcomer)
    for address in ("/", "/updates/", f"/updates/classes/{cast.third.id}", f"/classes/{cast.third.id}"):
        page = home.get(address).text
        assert "Ugens nyt" in page or (address == "/" and not is_new), "it is read all the same"
        assert ('class="new"' in page) is is_new, address
    assert ("Sofie Holm" in reached(news)) is is_new
    assert reached(news) >= {"Alma Holm", "Noah Holm", "Otto Holm"}


def test_what_is_read_marks_of_others_stay(cast: Cast, news: WellbeingUpdate, client_of: ClientOf) -> None:
    assert 'class="new"' in client_of(cast.guardian).get("/updates/").text


def test_a_new_adult_of_an_old_child_has_no_marks_and_the_child_counts(
    cast: Cast, news: WellbeingUpdate, client_of: ClientOf
) -> None:
    make.tie(cast.newcomer, cast.alma, starts_on=clock.today())
    assert 'class="new"' not in client_of(cast.newcomer).get("/updates/").text
    assert "Alma Holm" in reached(news)


def test_a_child_whose_every_guardian_is_new_is_not_waited_for(cast: Cast, news: WellbeingUpdate) -> None:
    """Noah moved to another foster family today: those it was sent to are not his home any more."""
    db.session.query(Guardianship).filter_by(guardian_id=cast.foster_parent.id).one().ends_on = date(2026, 11, 23)
    make.tie(cast.newcomer, cast.noah, GuardianshipKind.FOSTER, starts_on=clock.today())
    assert reached(news) == {"Alma Holm", "Otto Holm"}


def test_a_child_without_any_guardian_here_still_counts(cast: Cast, news: WellbeingUpdate) -> None:
    make.make_pupil(cast.third, "Sofie")
    assert "Sofie Holm" in reached(news)


def test_a_sibling_who_joins_makes_no_news_old(cast: Cast, news: WellbeingUpdate, client_of: ClientOf) -> None:
    make.tie(cast.guardian, make.make_pupil(cast.third, "Sofie", starts_on=clock.today()))
    assert 'class="new"' in client_of(cast.guardian).get("/updates/").text


@pytest.mark.both
@pytest.mark.parametrize("tells", ["y", ""])
def test_a_correction_that_tells_again_is_new_to_a_home_that_came_since(
    cast: Cast, news: WellbeingUpdate, client_of: ClientOf, database: str, tells: str
) -> None:
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=clock.today()))
    sent = {"title": "Rettet nyt", "body": "Vi ses mandag.", "version": news.version, "tells_again": tells}
    team = client_of(cast.class_teacher)
    assert team.send(f"/updates/{news.id}/correct", sent).status_code == 303
    db.session.refresh(news)
    assert ('class="new"' in client_of(cast.newcomer).get("/updates/").text) is bool(tells)
    assert ("Sofie Holm" in reached(news)) is bool(tells)


def test_a_correction_without_a_word_gives_no_more_days_before_names(
    cast: Cast, news: WellbeingUpdate, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(timedelta(days=1))
    sent = {"title": "Rettet nyt", "body": "Vi ses mandag.", "version": news.version}
    assert client_of(cast.class_teacher).send(f"/updates/{news.id}/correct", sent).status_code == 303
    wall_clock(timedelta(days=1))
    assert "Noah" in client_of(cast.class_teacher).get(f"/updates/{news.id}/reach").text


def test_a_child_who_comes_back_has_read_nothing_of_the_time_between(
    cast: Cast, news: WellbeingUpdate, client_of: ClientOf
) -> None:
    db.session.query(Enrolment).filter_by(pupil_id=cast.alma.id).one().ends_on = date(2026, 11, 20)
    make.enrol(cast.alma, cast.third, starts_on=clock.today())
    assert 'class="new"' not in client_of(cast.guardian).get("/updates/").text
    assert "Alma Holm" not in reached(news)
