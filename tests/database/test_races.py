"""Every rule that says "once" or "at most", with eight people at it at the same moment, on both databases.

A race arranges its people and their forms, and says what must hold when all have been answered. Nobody gets an answer
of the portal's being broken or away: the one who comes too late is told so, as somebody who comes a minute later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Role, RoleGrant, SignInLink, User
from portal.acts.limits import LIMITS
from portal.acts.models import Act, ActKind, WaitingAct
from portal.council.meetings.agenda import MOST_ITEMS
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.models import Council, CouncilMember, Facilitator
from portal.council.screen import queries as screen
from portal.database import db
from portal.database.stamps import NONE
from portal.events.models import EventOrganiser
from portal.events.organisers.models import OrganiserInvitation
from portal.events.organisers.services import MOST_ORGANISERS
from portal.people import load_people
from portal.playgroups.models import Playgroup, PlaygroupMember, PlaygroupPlan, PlaygroupRound
from portal.playgroups.voices.models import PlaygroupHeard, PlaygroupVoices
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.help_contacts.models import HelpContact, HelpKind
from portal.school.helpers.services import MOST_HELPERS
from portal.school.models import ClassYear, Guardianship, GuardianshipKind, Representative, TeamMember
from portal.school.year_groups.models import YearGroupParent
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.decisions.services import stamp_of
from portal.strategy.kinds import AmendmentState, EditionState, Phase
from portal.strategy.models import DeadLink, Edition
from portal.strategy.replies.models import ReplySheet
from portal.surveys.models import ClassSurvey, Survey, SurveySlip
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.strategy.test_pages import hidden_fields

MANY = 8
#: Too late, as a person who comes a minute later would be: what they would change is changed, gone, or not theirs.
TOO_LATE = {403, 404, 409, 422}
Send = Callable[[], Any]
Check = Callable[[list[int]], None]
Race = Callable[[Cast, ClientOf], tuple[list[Send], Check]]
RACES: dict[str, Race] = {}


def race(start: Race) -> Race:
    """A rule that is raced at, by the name of the function."""
    RACES[start.__name__.replace("_", " ")] = start
    return start


@pytest.mark.both
@pytest.mark.parametrize("rule", RACES.values(), ids=RACES)
def test_a_rule_holds_under_eight_at_once(cast: Cast, client_of: ClientOf, database: str, rule: Race) -> None:
    sends, check = rule(cast, client_of)
    statuses = [answer.status_code for answer in at_once(*sends)]
    assert set(statuses) <= {303} | TOO_LATE, statuses
    check(statuses)


def same(browsers: list[IsolatedClient], path: str, form: dict[str, Any] | None = None) -> list[Send]:
    return [partial(browser.send, path, form) for browser in browsers]


def eight(client_of: ClientOf, user: User) -> list[IsolatedClient]:
    return [client_of(user) for _ in range(MANY)]


def count(model: Any, **where: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model).filter_by(**where)) or 0)


def only(taken: int, *, rows: Callable[[], int], are: int) -> Check:
    """So many forms are taken, the others come too late, and so many rows are there."""

    def check(statuses: list[int]) -> None:
        assert statuses.count(303) == taken, statuses
        assert rows() == are

    return check


@race
def a_grade_has_one_council(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    forms = [{"name": f"Elevråd {place}", "lowest_grade": "0", "highest_grade": "3"} for place in range(MANY)]
    sends = [
        partial(browser.send, "/council/new", form)
        for browser, form in zip(eight(client_of, cast.office), forms, strict=True)
    ]
    return sends, only(1, rows=lambda: count(Council), are=2)


@race
def a_grade_has_one_council_also_when_councils_change(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    others = [make.make_council(f"Elevråd {grade}", (grade, grade)) for grade in range(3)]
    browsers = eight(client_of, cast.office)
    forms = [
        {"name": council.name, "lowest_grade": "3", "highest_grade": 3, "seen": council.stamp} for council in others
    ]
    sends = [
        partial(browser.send, f"/council/{council.id}/edit", form)
        for browser, council, form in zip(browsers, others, forms, strict=False)
    ]
    return sends, only(1, rows=lambda: count(Council, lowest_grade=3), are=1)


@race
def a_council_has_one_chair(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    seats = [*db.session.scalars(select(CouncilMember)), make.seat(cast.council, cast.noah, cast.third)]
    before = next(seat.id for seat in seats if seat.is_chair)
    chosen = [seats[place % len(seats)].id for place in range(MANY)]
    sends = [
        partial(browser.send, f"/council/{cast.council.id}/chair", {"member": seat, "seen": str(before)})
        for browser, seat in zip(eight(client_of, cast.facilitator), chosen, strict=True)
    ]

    def check(statuses: list[int]) -> None:
        """Who chose another one than the first did is told."""
        chair = db.session.scalars(select(CouncilMember.id).filter_by(is_chair=True)).one()
        done = {seat for seat, status in zip(chosen, statuses, strict=True) if status == 303}
        assert {chair} <= done <= {chair, before}
        assert set(statuses) == {303, 409}

    return sends, check


@race
def a_role_is_ended_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    grant = db.session.scalars(select(RoleGrant).filter_by(user_id=cast.akt.id)).one()
    sends = same(eight(client_of, cast.office), f"/accounts/users/{cast.akt.id}/roles/end", {"grant": grant.id})
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.ROLE_ENDED), are=1)


@race
def a_role_of_today_is_ended_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    grant, path = make.grant(cast.leader, Role.OFFICE, starts_on=clock.today()), f"/accounts/users/{cast.leader.id}"
    sends = same(eight(client_of, cast.office), f"{path}/roles/end", {"grant": grant.id})
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.ROLE_ENDED), are=1)


@race
def an_account_is_closed_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    sends = same(eight(client_of, cast.office), f"/accounts/users/{cast.leader.id}/close")
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.POWER_CHANGED), are=1)


@race
def an_account_is_opened_again_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    cast.guardian.deactivated_at = clock.now()
    sends = same(eight(client_of, cast.office), f"/accounts/users/{cast.guardian.id}/reopen")
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.ACCOUNT_REOPENED), are=1)


@race
def somebody_helps_a_council_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    sends = same(
        eight(client_of, cast.office), f"/council/{cast.council.id}/facilitators", {"user": cast.class_teacher.id}
    )
    return sends, only(1, rows=lambda: count(Facilitator, user_id=cast.class_teacher.id), are=1)


@race
def a_substitute_is_in_a_team_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    today = clock.today()
    form = {
        "login": cast.newcomer.user_name,
        "function": "substitute",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=5)).isoformat(),
    }
    sends = same(eight(client_of, cast.office), f"/school/classes/{cast.third.id}/team/new", form)
    return sends, only(1, rows=lambda: count(TeamMember, user_id=cast.newcomer.id), are=1)


@race
def a_place_is_ended_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    place = db.session.scalars(select(TeamMember).where(TeamMember.user_id == cast.pedagogue.id)).one()
    sends = same(eight(client_of, cast.office), f"/school/team-members/{place.id}/end")
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.TEAM_CHANGED), are=1)


@race
def a_helper_is_ended_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    tie = db.session.scalars(select(Guardianship).where(Guardianship.guardian_id == cast.helper.id)).one()
    sends = same(eight(client_of, cast.guardian), f"/school/helpers/{tie.id}/end")

    def check(statuses: list[int]) -> None:
        assert statuses.count(303) == 1
        assert count(Act, kind=ActKind.HELPER_ENDED) == 1

    return sends, check


@race
def helpers_of_one_name_all_get_an_account(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"helper": 0, "first_name": "Birthe", "last_name": "Holm", "email": ""}
    path = f"/school/pupils/{cast.alma.id}/helpers/new"
    homes = [cast.guardian] * 4 + [cast.other_home] * 4
    sends = [partial(client_of(home).send, path, form) for home in homes]
    return sends, only(MANY, rows=lambda: count(User, first_name="Birthe"), are=MANY)


@race
def a_child_has_six_helpers_from_each(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"helper": 0, "first_name": "Birthe", "last_name": "Holm", "email": ""}
    sends = same(eight(client_of, cast.guardian), f"/school/pupils/{cast.alma.id}/helpers/new", form)
    return sends, only(MOST_HELPERS - 1, rows=lambda: count(Guardianship, invited_by_id=cast.guardian.id), are=6)


@race
def a_helper_who_gets_one_more_child_is_not_closed_with_the_last(
    cast: Cast, client_of: ClientOf
) -> tuple[list[Send], Check]:
    sibling = make.make_pupil(cast.third, "Liva")
    make.tie(cast.guardian, sibling)
    tie = db.session.scalars(select(Guardianship).where(Guardianship.guardian_id == cast.helper.id)).one()
    shares = same(
        [client_of(cast.guardian)] * 1, f"/school/pupils/{sibling.id}/helpers/new", {"helper": cast.helper.id}
    )
    ends = same([client_of(cast.guardian)], f"/school/helpers/{tie.id}/end")

    def check(statuses: list[int]) -> None:
        helps = any(
            tie.ends_on is None
            for tie in db.session.scalars(select(Guardianship).filter_by(pupil_id=sibling.id))
            if tie.kind is GuardianshipKind.HELPER
        )
        db.session.refresh(cast.helper)
        assert helps is cast.helper.is_active

    return [*shares, *ends], check


@race
def people_of_one_name_all_get_an_account(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"first_name": "Anna", "last_name": "Bo", "email": ""}
    sends = same(eight(client_of, cast.office), "/accounts/users/new", form)
    return sends, only(MANY, rows=lambda: count(User, last_name="Bo"), are=MANY)


@race
def a_role_is_somebodys_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    sends = same(eight(client_of, cast.office), f"/accounts/users/{cast.newcomer.id}/roles", {"role": "akt"})
    return sends, only(1, rows=lambda: count(RoleGrant, user_id=cast.newcomer.id), are=1)


@race
def somebody_stays_in_the_office(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    offices = [cast.office, *(make.make_user(f"Kontor {place}") for place in range(MANY - 1))]
    grants = [
        db.session.scalars(select(RoleGrant).filter_by(user_id=cast.office.id)).one(),
        *(make.grant(user, Role.OFFICE) for user in offices[1:]),
    ]
    ids = [user.id for user in offices]
    sends = [
        partial(
            client_of(user).send,
            f"/accounts/users/{grants[place - 1].user_id}/roles/end",
            {"grant": grants[place - 1].id},
        )
        for place, user in enumerate(offices)
    ]

    def check(statuses: list[int]) -> None:
        people = load_people(ids, today=clock.today())
        assert sum(person.has(Role.OFFICE) for person in people) >= 1

    return sends, check


@race
def a_label_is_one_class_s(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"school_year": "2026", "label": "1.C", "lowest_grade": "1", "highest_grade": "1", "external_id": ""}
    sends = same(eight(client_of, cast.office), "/school/classes/new", form)
    return sends, only(1, rows=lambda: count(ClassYear, label="1.C"), are=1)


@race
def a_foster_parent_is_a_child_s_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"login": cast.newcomer.user_name, "pupil": cast.otto.id}
    sends = same(eight(client_of, cast.office), f"/school/classes/{cast.third.id}/foster-parents", form)
    return sends, only(1, rows=lambda: count(Guardianship, guardian_id=cast.newcomer.id), are=1)


@race
def a_class_has_the_representatives_of_one_choice(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    chosen = [cast.guardian.id, cast.other_home.id, cast.foster_parent.id, cast.guardian_of_two.id]
    sends = [
        partial(
            browser.send,
            f"/school/classes/{cast.third.id}/representatives",
            {"guardians": [chosen[place % 4], chosen[(place + 1) % 4]], "seen": str(cast.guardian_of_two.id)},
        )
        for place, browser in enumerate(eight(client_of, cast.class_teacher))
    ]
    today = clock.today()

    def open_ones() -> int:
        return len({row.user_id for row in db.session.scalars(select(Representative)) if row.ends_on >= today})

    return sends, only(2, rows=open_ones, are=2)  # one choice, and the same once more


@race
def an_invitation_is_open_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    sends = same(eight(client_of, cast.office), f"/school/classes/{cast.third.id}/letters")
    users = [cast.guardian, cast.other_home, cast.guardian_of_two, cast.foster_parent]
    return sends, only(MANY, rows=lambda: count(SignInLink), are=len(users))


@race
def a_year_has_the_parents_of_one_choice(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    make.tie(cast.newcomer, make.make_pupil(make.make_class("3.B", 3, hue=9), "Bjørn"))
    chosen = [cast.guardian.id, cast.other_home.id, cast.newcomer.id, cast.guardian_of_two.id]
    sends = [
        partial(
            client_of((cast.class_teacher, cast.office)[place % 2]).send,
            f"/school/year-groups/{make.year_of(cast.third)}/parents",
            {"guardians": [chosen[place % 4], chosen[(place + 1) % 4]], "seen": NONE},
        )
        for place in range(MANY)
    ]
    today = clock.today()

    def open_ones() -> int:
        return len([row for row in db.session.scalars(select(YearGroupParent)) if row.ends_on >= today])

    return sends, only(2, rows=open_ones, are=2)  # one choice, and the same once more


@race
def one_review_is_open(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    make.make_edition()
    sends = same(eight(client_of, cast.leader), "/strategy/cycle/start")
    return sends, only(1, rows=lambda: count(RevisionCycle), are=1)


@race
def there_is_one_draft_of_the_strategy(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    make.make_edition()
    texts = [f"# Trivsel\n\n## Vores mål\n\n- Vi er gode ved {place} andre.\n" for place in range(MANY)]
    browsers = eight(client_of, cast.office)
    pages = [
        browser.send("/strategy/import", {"text": text}).text for browser, text in zip(browsers, texts, strict=True)
    ]
    sends = [
        partial(browser.send, "/strategy/import", {"text": text, **hidden_fields(page)})
        for browser, text, page in zip(browsers, texts, pages, strict=True)
    ]
    return sends, only(1, rows=lambda: count(Edition, state=EditionState.DRAFT), are=1)


@race
def a_dead_link_is_marked_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    url = "https://example.dk/"
    make.make_edition({"Vores mål": [f"Vi læser [her]({url})."]})
    sends = same(eight(client_of, cast.office), "/strategy/links", {"url": url, "note": "Spørg kontoret."})
    return sends, only(MANY, rows=lambda: count(DeadLink), are=1)


@race
def a_meeting_begins_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting)
    sends = same(eight(client_of, cast.facilitator), f"/council/meetings/{meeting.id}/start")
    return sends, only(1, rows=lambda: count(CouncilMeeting, state=MeetingState.IN_PROGRESS), are=1)


@race
def minutes_are_approved_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    meeting = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    seen = {"seen": screen.stamp_of(meeting.id)}
    sends = same(eight(client_of, cast.facilitator), f"/council/meetings/{meeting.id}/approve", seen)
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.MINUTES_APPROVED), are=1)


@race
def the_last_place_on_an_agenda_is_given_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    meeting = make.make_meeting(cast.council)
    for _ in range(MOST_ITEMS - 1):
        make.make_item(meeting)
    path, form = f"/council/meetings/{meeting.id}/items/new", {"about": "", "title": "Gården", "kind": "discuss"}
    sends = same(eight(client_of, cast.facilitator), path, form)
    return sends, only(1, rows=lambda: count(AgendaItem), are=MOST_ITEMS)


@race
def a_suggestion_is_on_the_agenda_of_its_own_council(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    """Its author's class elects to a new council while its old one puts it on the agenda, and begins its meeting."""
    five_a = make.make_class("5.A", 5, hue=4)
    ida = make.make_pupil(five_a, "Ida")
    seat = make.seat(cast.council, ida, five_a)
    db.session.flush()
    amendment = make.make_amendment(cast.council, ida.user, make.make_edition())
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting)
    cast.council.lowest_grade = 6
    new = make.make_council("Mellemrådet", (4, 5))
    members = {"member": ida.id, "second_member": 0, "substitute": 0, "second_substitute": 0, "seen": str(seat.id)}
    item = {"about": f"amendment {amendment.id}", "title": "", "kind": "decide"}
    path = f"/council/meetings/{meeting.id}"
    sends = [
        *same([client_of(cast.office)], f"/council/classes/{five_a.id}/members", members),
        *same([client_of(cast.facilitator) for _ in range(2)], f"{path}/items/new", item),
        *same([client_of(cast.facilitator)], f"{path}/start"),
    ]

    def check(statuses: list[int]) -> None:
        db.session.expire_all()
        has_moved = statuses[0] == 303
        assert amendment.council_id == (new.id if has_moved else cast.council.id)
        assert count(AgendaItem, amendment_id=amendment.id) == (0 if has_moved else 1)
        assert amendment.has_open_vote is (not has_moved)

    return sends, check


@race
def what_is_postponed_comes_up_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    """Somebody plans the next meeting while one ends that has postponed a suggestion: it stands there, and once."""
    amendment = make.make_amendment(cast.council, cast.council_member, make.make_edition(), has_open_vote=True)
    now, later = clock.now(), (clock.today() + timedelta(days=7)).isoformat()
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS, starts_at=now)
    item = make.make_item(meeting, amendment)
    form = {"yes": 0, "no": 0, "abstain": 0, "result": AmendmentState.POSTPONED.value, "revision": 1}
    plan = {"day": later, "time": "10:00", "place": ""}
    lars = client_of(cast.facilitator)
    assert lars.send(f"/council/items/{item.id}/result", form).status_code == 303
    sends = [
        *same([lars], f"/council/meetings/{meeting.id}/close"),
        *same([client_of(cast.facilitator)], f"/council/{cast.council.id}/meetings/new", plan),
    ]
    return sends, only(2, rows=lambda: count(AgendaItem, amendment_id=amendment.id), are=2)


@race
def a_place_on_the_page_of_help_is_one_s_own(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    form = {"kind": HelpKind.SCHOOL.value, "title": "Skolens AKT", "detail": "", "phone": "12 34 56 78", "url": ""}
    sends = same(eight(client_of, cast.office), "/school/help-contacts/new", form)
    places = select(func.count(func.distinct(HelpContact.position)))
    return sends, only(MANY, rows=lambda: db.session.scalar(places) or 0, are=MANY)


@race
def a_number_is_kept_while_a_class_sees_it(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    home = cast.guardian_of_two
    make.show_contacts(home, cast.third)
    shown, hidden = {"shown": ["phone"], "phone": "87 65 43 21"}, {"phone": "87 65 43 21"}
    sends = [
        partial(
            browser.send,
            f"/school/classes/{(cast.third, cast.sixth)[place % 2].id}/contacts/edit",
            (hidden, shown)[place % 2],
        )
        for place, browser in enumerate(eight(client_of, home))
    ]

    def check(statuses: list[int]) -> None:
        shows = count(ContactChoice, user_id=home.id, shows_phone=True)
        assert bool(shows) is bool(count(GuardianPhone, user_id=home.id))

    return sends, check


@race
def an_event_is_sent_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    event = make.make_event(cast.third, cast.guardian, out_at=None)
    sends = same(eight(client_of, cast.guardian), f"/events/sending/{event.id}/publish", {"version": "1"})
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.EVENT_CREATED), are=1)


@race
def an_event_is_undone_once_by_however_many(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    event = make.make_event(cast.third, cast.guardian, out_at=None)
    assert client_of(cast.guardian).send(f"/events/sending/{event.id}/publish", {"version": "1"}).status_code == 303
    sends = same(eight(client_of, cast.guardian), f"/events/sending/{event.id}/withdraw")

    def check(statuses: list[int]) -> None:
        assert set(statuses) == {303}
        assert count(Act, kind=ActKind.EVENT_UNDONE) == 1
        assert count(WaitingAct) == 0

    return sends, check


@race
def somebody_invites_a_class_so_often_within_the_hour(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    most = next(limit.most for limit in LIMITS if ActKind.EVENT_CREATED in limit.kinds)
    db.session.add_all(
        Act(actor_id=cast.guardian.id, kind=ActKind.EVENT_CREATED, subject_id=0, at=clock.now())
        for _ in range(most - 3)
    )
    day = (clock.today() + timedelta(days=9)).isoformat()
    form = {"title": "Suppe", "kind": "dinner", "day": day, "begins": "17:30", "ends": "20:00", "place": "Skolen"}
    browsers = eight(client_of, cast.guardian)
    sends = [partial(browser.invite, cast.third.id, form) for browser in browsers]
    return sends, only(3, rows=lambda: count(Act, kind=ActKind.EVENT_CREATED), are=most)


@race
def an_organiser_is_asked_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    event = make.make_event(cast.third, cast.guardian)
    make.organise(event, cast.guardian_of_two)
    askers = (cast.guardian, cast.guardian_of_two)
    browsers = [client_of(askers[place % 2]) for place in range(MANY)]
    sends = same(browsers, f"/events/{event.id}/organisers/invite", {"user_id": cast.other_home.id})

    def check(statuses: list[int]) -> None:
        assert count(OrganiserInvitation) == count(Act, kind=ActKind.ORGANISER_INVITED) == 1

    return sends, check


@race
def an_event_has_so_many_organisers(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    """Two places are left, and four are asked at once by two each."""
    event = make.make_event(cast.third, cast.guardian)
    for _ in range(MOST_ORGANISERS - 3):
        make.organise(event, make.make_user())
    asked = [make.make_guardian(cast.noah, first_name) for first_name in ("Ask", "Bo", "Cleo", "Dag")]
    for one in asked:
        make.show_contacts(one, cast.third)
    sends = [
        partial(
            client_of(cast.guardian).send,
            f"/events/{event.id}/organisers/invite",
            {"user_id": asked[place % len(asked)].id},
        )
        for place in range(MANY)
    ]

    def check(statuses: list[int]) -> None:
        assert count(OrganiserInvitation) + count(EventOrganiser) == MOST_ORGANISERS

    return sends, check


@race
def somebody_says_yes_and_no_to_organising_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    event = make.make_event(cast.third, cast.guardian)
    invitation = OrganiserInvitation(event_id=event.id, user_id=cast.other_home.id, invited_at=clock.now())
    db.session.add(invitation)
    db.session.flush()
    sends = [
        partial(browser.send, f"/events/{event.id}/organisers/choose", {"answer": ("yes", "no")[place % 2]})
        for place, browser in enumerate(eight(client_of, cast.other_home))
    ]

    def check(statuses: list[int]) -> None:
        assert statuses.count(303) == 1, statuses
        joined = count(Act, kind=ActKind.ORGANISER_JOINED)
        assert count(EventOrganiser, user_id=cast.other_home.id) == joined
        assert count(OrganiserInvitation, declined_at=None) == 0, "a no is kept, so that nobody is asked twice"

    return sends, check


@race
def somebody_stays_to_organise_an_event(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    """Both stop at once, while a third says yes: of the three, one at least is left."""
    event = make.make_event(cast.third, cast.guardian)
    make.organise(event, cast.guardian_of_two)
    db.session.add(OrganiserInvitation(event_id=event.id, user_id=cast.other_home.id, invited_at=clock.now()))
    ends = [
        partial(client_of((cast.guardian, cast.guardian_of_two)[place % 2]).send, f"/events/{event.id}/organisers/end")
        for place in range(MANY - 1)
    ]
    says_yes = partial(client_of(cast.other_home).send, f"/events/{event.id}/organisers/choose", {"answer": "yes"})

    def check(statuses: list[int]) -> None:
        assert statuses[-1] == 303
        left = set(db.session.scalars(select(EventOrganiser.user_id)))
        assert cast.other_home.id in left
        assert len(left) in {1, 2}

    return [*ends, says_yes], check


@race
def an_event_is_never_without_somebody(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    event = make.make_event(cast.third, cast.guardian)
    make.organise(event, cast.guardian_of_two)
    sends = [
        partial(client_of((cast.guardian, cast.guardian_of_two)[place % 2]).send, f"/events/{event.id}/organisers/end")
        for place in range(MANY)
    ]

    def check(statuses: list[int]) -> None:
        assert 303 in statuses, "one of the two could stop, and it is no fault to press twice"
        assert count(EventOrganiser) == 1

    return sends, check


@race
def a_class_gets_one_plan_of_playgroups(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    browsers = [client_of((cast.class_teacher, cast.pedagogue)[place % 2]) for place in range(MANY)]
    form = {"plan": "mixing-2", "first_on": "2026-11-30", "weeks_apart": "2"}
    sends = same(browsers, f"/playgroups/classes/{cast.third.id}/new?sizes=3-5", form)
    return sends, only(1, rows=lambda: count(PlaygroupPlan, ended_at=None), are=1)


@race
def a_draft_of_playgroups_is_planned_anew_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    everybody = [cast.alma, cast.noah, cast.otto]
    plan = make.make_playgroups(cast.third, cast.class_teacher, [everybody], [everybody], published=0)
    form = {"version": str(plan.version)}
    sends = same(eight(client_of, cast.class_teacher), f"/playgroups/draft/classes/{cast.third.id}/make", form)
    return sends, only(1, rows=lambda: count(PlaygroupRound), are=2)


@race
def a_round_is_published_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]], published=0)
    form = {"version": str(plan.version)}
    of_round = make.groups_of(plan, 1)[0].round_id
    sends = same(eight(client_of, cast.class_teacher), f"/playgroups/draft/rounds/{of_round}/publish", form)
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.PLAYGROUPS_PUBLISHED), are=1)


@race
def who_ticks_an_answer_has_read_the_one_that_its_sheet_says(
    cast: Cast, client_of: ClientOf
) -> tuple[list[Send], Check]:
    """A class that heard the wrong answer gets another sheet, whichever came first: the tick or what put it right."""
    edition = make.make_edition()
    make.make_cycle(edition, Phase.BOARD)
    asked = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.REJECTED)
    decision = make.make_decision(asked, cast.board_secretary, outcome=AmendmentState.REJECTED)
    heard = make.make_reply(decision, cast.council, cast.ella, cast.sixth)
    right = "Nej, ikke i år. Men tak for jeres idé."
    outcome = {"outcome": "rejected", "reason": "Det er for dyrt.", "child_reply": right, "why": "Forkert række."}
    tick, put_right = {"seen": heard.stamp}, {**outcome, "seen": stamp_of(decision)}
    wrong, path = heard.text, f"/strategy/decisions/amendments/{asked.id}/correct"
    sends = [
        *same([client_of(cast.teacher_elsewhere) for _ in range(4)], f"/strategy/replies/{heard.id}/read", tick),
        *same([client_of(cast.board_secretary) for _ in range(4)], path, put_right),
    ]

    def check(statuses: list[int]) -> None:
        assert statuses[4:].count(303) == 1
        sheets = db.session.scalars(select(ReplySheet).order_by(ReplySheet.id)).all()
        assert {sheet.text for sheet in sheets if sheet.read_at} <= {wrong}
        assert [sheet.text for sheet in sheets if not sheet.read_at] == [right]
        assert (303 in statuses[:4]) == (len(sheets) == 2)

    return sends, check


@race
def host_and_team_say_at_once_whether_a_group_met(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    """The last word counts, and it is one word: nobody was there in a group that did not meet."""
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]])
    group = make.host(make.groups_of(plan, 1)[0], cast.guardian, cast.alma)
    sends = [
        partial(
            client_of((cast.guardian, cast.class_teacher)[place % 2]).send,
            f"/playgroups/rounds/groups/{group.id}/record",
            ({"not_held": ""}, {"not_held": "1"})[place % 2],
        )
        for place in range(MANY)
    ]

    def check(statuses: list[int]) -> None:
        assert set(statuses) == {303}
        took_place = db.session.scalars(select(Playgroup.took_place)).one()
        assert count(PlaygroupMember, was_there=took_place) == 3

    return sends, check


@race
def both_homes_let_a_child_say_how_it_was_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    plan = make.make_playgroups(cast.third, cast.class_teacher, [[cast.alma, cast.noah, cast.otto]])
    group = make.groups_of(plan, 1)[0]
    group.took_place = True
    db.session.commit()
    browsers = [client_of((cast.guardian, cast.other_home)[place % 2]) for place in range(MANY)]
    form = {"child": str(cast.alma.id), "answer": "good"}
    sends = same(browsers, f"/playgroups/voices/groups/{group.id}/record", form)
    return sends, only(1, rows=lambda: count(PlaygroupHeard) + count(PlaygroupVoices, children=1), are=2)


@race
def no_answer_of_a_child_is_lost(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    children = [make.make_pupil(cast.third, f"Barn{place}") for place in range(MANY)]
    plan = make.make_playgroups(cast.third, cast.class_teacher, [children])
    group = make.groups_of(plan, 1)[0]
    group.took_place = True
    homes = [make.make_guardian(child, f"Mor{place}") for place, child in enumerate(children)]
    db.session.commit()
    sends = [
        partial(
            client_of(home).send,
            f"/playgroups/voices/groups/{group.id}/record",
            {"child": str(child.id), "answer": "good"},
        )
        for home, child in zip(homes, children, strict=True)
    ]
    return sends, only(MANY, rows=lambda: count(PlaygroupVoices, children=MANY), are=1)


@race
def a_slip_is_used_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    part = make.open_survey(make.make_survey(None, cast.leader), cast.third, ["BCDFGH"], children=MANY)
    db.session.commit()
    form = {"code": "BCDFGH", **{f"answer_{wording}": "yes" for wording in part.counts}}
    sends = same(eight(client_of, cast.class_teacher), "/surveys/answer/submit", form)
    return sends, only(MANY, rows=lambda: count(ClassSurvey, answer_count=1), are=1)


@race
def two_teachers_open_one_hour(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    path = f"/surveys/hour/{survey.id}/classes/{cast.third.id}"
    client_of(cast.class_teacher).send(f"{path}/make-slips")
    users = (cast.class_teacher, cast.pedagogue)
    sends = [partial(client_of(users[place % 2]).send, f"{path}/start") for place in range(MANY)]
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.SURVEY_HELD), are=1)


@race
def a_class_s_own_survey_and_the_school_s_get_one_hour_between_them(
    cast: Cast, client_of: ClientOf
) -> tuple[list[Send], Check]:
    surveys = [make.make_survey(None, cast.leader), make.make_survey(cast.third, cast.class_teacher)]
    db.session.commit()
    paths = [f"/surveys/hour/{survey.id}/classes/{cast.third.id}" for survey in surveys]
    for path in paths:
        client_of(cast.class_teacher).send(f"{path}/make-slips")
    users = (cast.class_teacher, cast.pedagogue)
    sends = [partial(client_of(users[place % 2]).send, f"{paths[place % 2]}/start") for place in range(MANY)]
    return sends, only(1, rows=lambda: count(Act, kind=ActKind.SURVEY_HELD), are=1)


@race
def classes_that_open_their_hour_before_they_have_slips_hear_so_and_hold_each_other_up_for_nothing(
    cast: Cast, client_of: ClientOf
) -> tuple[list[Send], Check]:
    survey = make.make_survey(None, cast.leader)
    sends = []
    for number in range(MANY):
        school_class = make.make_class(f"4.{'ABCDEFGH'[number]}", 4, hue=number + 1)
        make.make_pupil(school_class, "Ida")
        make.put_in_team(cast.class_teacher, school_class)
        path = f"/surveys/hour/{survey.id}/classes/{school_class.id}/start"
        sends.append(partial(client_of(cast.class_teacher).send, path))
    db.session.commit()
    return sends, only(0, rows=lambda: count(Act, kind=ActKind.SURVEY_HELD), are=0)


@race
def a_class_gets_its_slips_once(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    survey = make.make_survey(None, cast.leader)
    db.session.commit()
    path = f"/surveys/hour/{survey.id}/classes/{cast.third.id}/make-slips"
    sends = same(eight(client_of, cast.class_teacher), path)
    return sends, only(MANY, rows=lambda: count(SurveySlip), are=6)


@race
def the_school_has_one_survey_at_a_time(cast: Cast, client_of: ClientOf) -> tuple[list[Send], Check]:
    asks = {band.value: [str(wording) for wording in wordings[:3]] for band, wordings in make.make_questions().items()}
    db.session.commit()
    form = {**asks, "closes_on": clock.today().isoformat()}
    return same(eight(client_of, cast.leader), "/surveys/new", form), only(1, rows=lambda: count(Survey), are=1)
