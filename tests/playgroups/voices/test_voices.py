"""How it was: two presses, once a round, and no sum that tells fewer than five apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.notifications.worker import Worker
from portal.playgroups.chores import CHORES
from portal.playgroups.models import Playgroup, PlaygroupMember, PlaygroupPlan, PlaygroupRound
from portal.playgroups.voices.models import Feeling, PlaygroupHeard, PlaygroupVoices
from portal.playgroups.voices.queries import FEWEST, OPEN_FOR, get_sum
from portal.school.models import Enrolment
from portal.text import clock
from portal.text.lix import read_over
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.notifications.post_office import told_of as told_homes
from tests.notifications.post_office import work
from tests.reading import read
from tests.test_lix import EASY, own_words

#: The days of a round of the factory are over, and its questions are open.
OVER = timedelta(days=14)
#: The last of them are closed, and their sum is shown.
SHOWN = OVER + OPEN_FOR + timedelta(days=2)


@pytest.fixture
def plan(cast: Cast) -> PlaygroupPlan:
    """Alma, Noah and Bo, and Otto, Ask and Liv; the second round is a draft."""
    bo, ask, liv = (make.make_pupil(cast.third, name) for name in ("Bo", "Ask", "Liv"))
    first = [[cast.alma, cast.noah, bo], [cast.otto, ask, liv]]
    plan = make.make_playgroups(cast.third, cast.class_teacher, first, first)
    db.session.commit()
    return plan


def say(browser: IsolatedClient, group: Playgroup, pupil_id: int, answer: str = "good") -> int:
    form = {"child": str(pupil_id), "answer": answer}
    return browser.send(f"/playgroups/voices/groups/{group.id}/record", form).status_code


def asked(browser: IsolatedClient, class_id: int) -> str:
    page = browser.get(f"/playgroups/voices/classes/{class_id}")
    assert page.status_code == 200
    return page.text.split("<main")[1].split("</main>")[0]


def counted() -> dict[Feeling, int]:
    return {row.feeling: row.children for row in db.session.query(PlaygroupVoices)}


def told_of(round_id: int, *answers: Feeling) -> None:
    """So many other children have answered about a round."""
    for feeling in Feeling:
        if said := answers.count(feeling):
            db.session.merge(PlaygroupVoices(round_id=round_id, feeling=feeling, children=said))
    db.session.commit()


def test_a_home_lets_its_child_say_how_it_was(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    mette, group = client_of(cast.guardian), make.groups_of(plan, 1)[0]
    rounds = f"/playgroups/rounds/classes/{cast.third.id}"
    assert "Lad jeres barn sige" not in mette.get(rounds).text
    wall_clock(OVER)
    mette = client_of(cast.guardian)
    assert "Lad jeres barn sige" in mette.get(rounds).text
    page = asked(mette, cast.third.id)
    assert "Alma var sammen med Bo, Noah" in page
    assert "Otto" not in page
    acts = db.session.query(Act).count()
    assert say(mette, group, cast.alma.id, "so_so") == 303
    assert counted() == {Feeling.SO_SO: 1}
    assert db.session.query(Act).count() == acts  # an act says who, and when
    assert "Alma" not in asked(mette, cast.third.id)
    assert "Lad jeres barn sige" not in mette.get(rounds).text


def test_no_thanks_is_an_answer_and_is_counted_nowhere(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(OVER)
    mette, group = client_of(cast.guardian), make.groups_of(plan, 1)[0]
    assert "Nej tak" in asked(mette, cast.third.id)
    assert say(mette, group, cast.alma.id, "no_thanks") == 303
    assert counted() == {}
    assert "Alma" not in asked(mette, cast.third.id)
    assert say(mette, group, cast.alma.id) == 422


def test_a_pupil_with_an_account_answers_for_itself(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    plan = make.make_playgroups(cast.sixth, cast.teacher_elsewhere, [[cast.ella, cast.viggo]])
    wall_clock(OVER)
    ella, group = client_of(cast.council_member), make.groups_of(plan, 1)[0]
    assert f"/playgroups/voices/classes/{cast.sixth.id}" in ella.get(f"/classes/{cast.sixth.id}").text
    page = ella.get(f"/playgroups/voices/classes/{cast.sixth.id}")
    assert "Du var sammen med Viggo" in page.text
    measured = read_over(own_words(read(page.text)))
    assert measured.lix <= EASY, measured
    assert say(ella, group, cast.viggo.id) == 422  # not for the one beside it
    assert say(ella, group, cast.ella.id) == 303
    assert counted() == {Feeling.GOOD: 1}
    assert say(client_of(cast.guardian_of_two), group, cast.ella.id) == 422  # once, from whichever home


def test_a_child_is_heard_once_about_a_round(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(OVER)
    mette, group = client_of(cast.guardian), make.groups_of(plan, 1)[0]
    assert say(mette, group, cast.alma.id) == 303
    assert say(mette, group, cast.alma.id, "not_good") == 422
    assert say(client_of(cast.other_home), group, cast.alma.id) == 422
    assert counted() == {Feeling.GOOD: 1}


def test_nobody_answers_for_a_child_that_is_not_theirs(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(OVER)
    with_alma, with_otto = make.groups_of(plan, 1)
    assert say(client_of(cast.guardian), with_alma, cast.noah.id) == 422
    assert say(client_of(cast.guardian), with_otto, cast.alma.id) in {403, 404}
    assert say(client_of(cast.guardian_of_two), with_otto, cast.ella.id) == 422  # a child of hers in another class
    for name in ("class_teacher", "helper", "leader", "guardian_elsewhere", "council_member", "former_guardian"):
        assert say(client_of(cast.users[name]), with_alma, cast.alma.id) in {403, 404}, name
    for wrong in ("", "great", "5"):
        assert say(client_of(cast.guardian), with_alma, cast.alma.id, wrong) == 422, wrong
    assert counted() == {}
    assert db.session.query(PlaygroupHeard).count() == 0


def test_only_what_has_been_is_asked_about(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    mette, group = client_of(cast.guardian), make.groups_of(plan, 1)[0]
    assert say(mette, group, cast.alma.id) == 422  # its round goes on, and nobody has said that they met
    assert say(mette, make.groups_of(plan, 2)[0], cast.alma.id) == 404  # a draft
    group.starts_at = clock.now() + timedelta(hours=1)
    group.ends_at = group.starts_at + timedelta(hours=2)
    db.session.commit()
    assert say(mette, group, cast.alma.id) == 422
    wall_clock(timedelta(hours=4))
    group.took_place = False
    db.session.commit()
    assert say(mette, group, cast.alma.id) == 422
    group.took_place = None
    db.session.commit()
    assert say(mette, group, cast.alma.id) == 303


def test_who_was_not_there_is_not_asked(cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move) -> None:
    group = make.groups_of(plan, 1)[0]
    member = db.session.query(PlaygroupMember).filter_by(group_id=group.id, pupil_id=cast.noah.id).one()
    member.comes = False
    db.session.commit()
    wall_clock(OVER)
    ole = client_of(cast.foster_parent)
    assert "Noah" not in asked(ole, cast.third.id)
    assert say(ole, group, cast.noah.id) == 422
    member.was_there = True  # came all the same
    db.session.commit()
    assert say(ole, group, cast.noah.id) == 303


def test_after_a_week_nothing_is_asked_and_who_was_heard_is_forgotten(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    group = make.groups_of(plan, 1)[0]
    wall_clock(OVER)
    assert say(client_of(cast.guardian), group, cast.alma.id) == 303
    Worker(app).do_chores()
    assert db.session.query(PlaygroupHeard).count() == 1
    wall_clock(OPEN_FOR)
    assert say(client_of(cast.foster_parent), group, cast.noah.id) == 422
    assert "Noah" not in asked(client_of(cast.foster_parent), cast.third.id)
    Worker(app).do_chores()
    assert db.session.query(PlaygroupHeard).count() == 0
    assert counted() == {}  # one answer is never shown, so it is not kept


def test_the_team_reads_the_sum_before_a_second_plan(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    told_of(make.groups_of(plan, 1)[0].round_id, *[Feeling.GOOD] * 3, *[Feeling.SO_SO] * 2)
    pages = [f"/playgroups/classes/{cast.third.id}{end}" for end in ("", "/new")]
    client_of(cast.class_teacher).send(f"/playgroups/classes/{cast.third.id}/makers/choose", {"is_let": "1"})
    db.session.commit()
    wall_clock(OVER + OPEN_FOR - timedelta(days=1))  # can still be answered
    teacher = client_of(cast.class_teacher)
    assert all("Det siger børnene" not in teacher.get(page).text for page in pages)
    wall_clock(timedelta(days=3))
    Worker(app).do_chores()
    teacher = client_of(cast.class_teacher)
    for page in pages:
        text = teacher.get(page).text
        said = text.split('id="voices"')[1].split("</section>")[0]
        assert '<span class="big">3</span> Det var godt' in said
        assert '<span class="big">2</span> Midt imellem' in said
        assert '<span class="big">0</span> Ikke så godt' in said
    amina = client_of(cast.guardian_of_two).get(pages[1])  # a representative who may make plans
    assert amina.status_code == 200
    assert "Det siger børnene" not in amina.text


def test_four_answers_are_never_shown(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    told_of(make.groups_of(plan, 1)[0].round_id, *[Feeling.GOOD] * 4)
    wall_clock(SHOWN)
    page = f"/playgroups/classes/{cast.third.id}"
    assert "Det siger børnene" not in client_of(cast.class_teacher).get(page).text
    Worker(app).do_chores()
    assert "Det siger børnene" not in client_of(cast.class_teacher).get(page).text
    assert counted() == {}


def test_nothing_that_is_kept_says_which_answer_is_whose() -> None:
    """Neither row has a time, a number in the order of coming, or the other's key."""
    assert set(PlaygroupHeard.__table__.columns.keys()) == {"round_id", "pupil_id"}
    assert set(PlaygroupVoices.__table__.columns.keys()) == {"round_id", "feeling", "children"}


ANSWERS = st.lists(st.sampled_from(list(Feeling)), max_size=9)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(ANSWERS, min_size=1, max_size=4), extra=ANSWERS)
def test_no_two_sums_tell_fewer_than_five_apart(
    cast: Cast, rounds: Sequence[Sequence[Feeling]], extra: Sequence[Feeling]
) -> None:
    """Day by day over a whole plan, whatever was answered about each round, and in two classes at once."""
    db.session.query(PlaygroupVoices).delete()
    db.session.query(PlaygroupRound).delete()
    db.session.query(PlaygroupPlan).delete()
    plan = make.make_playgroups(cast.third, cast.class_teacher, *[[]] * len(rounds), published=len(rounds))
    other = make.make_playgroups(cast.sixth, cast.class_teacher, [])
    own = db.session.query(PlaygroupRound).filter_by(plan_id=plan.id).order_by(PlaygroupRound.number).all()
    told_of(db.session.query(PlaygroupRound).filter_by(plan_id=other.id).one().id, *extra)
    for of_round, answers in zip(own, rounds, strict=True):
        told_of(of_round.id, *answers)
    today = clock.today()
    sums = [
        {feeling: get_sum(cast.third.id, today=today + timedelta(days=ahead)).get(feeling, 0) for feeling in Feeling}
        for ahead in range(14 * len(rounds) + SHOWN.days)
    ]
    for before, after in pairwise(sums):
        grown = [after[feeling] - before[feeling] for feeling in Feeling]
        assert min(grown) >= 0
        assert sum(grown) == 0 or sum(grown) >= FEWEST
    shown = [answers for answers in rounds if len(answers) >= FEWEST]
    assert sums[-1] == {feeling: sum(answers.count(feeling) for answers in shown) for feeling in Feeling}


def test_a_child_that_has_left_is_asked_no_more(
    cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move
) -> None:
    wall_clock(OVER)
    group = make.groups_of(plan, 1)[0]
    db.session.query(Enrolment).filter_by(pupil_id=cast.noah.id).one().ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert say(client_of(cast.foster_parent), group, cast.noah.id) in {403, 404}
    assert counted() == {}


@pytest.mark.both
def test_the_homes_of_a_round_that_is_over_are_told_once_that_their_child_may_say(
    app: Flask, cast: Cast, client_of: ClientOf, plan: PlaygroupPlan, wall_clock: Move, database: str
) -> None:
    groups = make.groups_of(plan, 1)
    groups[1].took_place = False
    db.session.commit()
    worker = Worker(app)
    worker.chores = CHORES
    work(worker)
    assert told_homes(cast, ActKind.PLAYGROUP_VOICES_ASKED) == set()
    wall_clock(OVER)
    assert say(client_of(cast.foster_parent), groups[0], cast.noah.id) == 303
    for _ in range(2):
        db.session.commit()
        worker.diary = type(worker.diary)()
        work(worker)
    told = told_homes(cast, ActKind.PLAYGROUP_VOICES_ASKED)
    assert told == {"guardian", "other_home"}, (
        "Noah has been heard, Otto's group did not meet, a helper speaks for none"
    )
    assert "Hvordan var det i gruppen" in client_of(cast.guardian).get("/notifications/").text
