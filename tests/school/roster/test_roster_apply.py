"""The register's files taken in for real: what the school's rows are afterwards, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from portal.accounts.models import Role, User
from portal.accounts.protection import Protection, search_name, sort_name
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.demo.roster import demo_files
from portal.errors import RuleViolation
from portal.people import BY_ITSELF, Person, load_people
from portal.school.models import FormerName, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.roster.comparison import RosterPlan, compare
from portal.school.roster.files import read_roster
from portal.school.roster.models import RosterUpload
from portal.school.roster.queries import current_roster, files_of
from portal.school.roster.services import apply_roster, keep_upload
from portal.text import clock
from tests import factories as make
from tests.conftest import at_once
from tests.school.roster.register import CLASSES, GUARDIANS, PUPILS, STAFF, files, without

pytestmark = pytest.mark.both

PROTECTED_ALMA = """
pupil_id;first_name;last_name;class_id;protection;alias
alma;Alma;Holm;k3;name;Mille
otto;Otto;Juul;k3;;
ella;Ella;Juul;k6;;
"""


def plan_of(contents: dict[str, bytes]) -> RosterPlan:
    roster = read_roster(contents, today=clock.today()).roster
    assert roster is not None
    return compare(current_roster(), roster, clock.today())


def take_in(contents: dict[str, bytes] | None = None, *, confirmed: bool = True, **texts: str) -> RosterUpload:
    """Keep and apply files as a command does."""
    contents = contents or files(**texts)
    upload = keep_upload(contents, actor=BY_ITSELF, now=clock.now())
    apply_roster(plan_of(contents), upload, confirmed=confirmed, actor=BY_ITSELF, now=clock.now())
    db.session.commit()
    db.session.expire_all()
    return upload


def account(external_id: str) -> User:
    return db.session.scalars(select(User).where(User.external_id == external_id)).one()


def person(external_id: str) -> Person:
    return load_people([account(external_id).id], today=clock.today())[0]


def children(external_id: str) -> set[tuple[str, str]]:
    """The names of somebody's children and the labels of their classes, as the portal knows them today."""
    return {(c.name, c.school_class.label if c.school_class else "") for c in person(external_id).children}


def row_counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement the database is sent."""
    seen: list[str] = []

    def see(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", see)
    yield seen
    event.remove(db.engine, "before_cursor_execute", see)


def test_a_school_is_taken_in(app: Flask) -> None:
    upload = take_in()
    assert children("mette") == {("Alma", "3.A")}
    assert children("jonas") == children("sofie") == {("Otto", "3.A"), ("Ella", "6.A")}
    assert [ref.label for ref in person("karen").teams.values()] == ["3.A"]
    assert len(person("karen").teaches) == 1
    assert {user.password_hash for user in db.session.scalars(select(User))} == {None}
    assert upload.applied_at == clock.now()
    assert files_of(upload) == {}, "the register's files are not kept longer than needed"
    acts = [(act.kind, act.actor_id, act.subject_id, act.at) for act in db.session.scalars(select(Act))]
    assert acts == [(ActKind.ROSTER_APPLIED, None, upload.id, clock.now())]


def test_the_same_files_again_write_nothing(app: Flask) -> None:
    upload = take_in()
    before = row_counts()
    with statements() as seen:
        plan = plan_of(files())
        apply_roster(plan, upload, confirmed=False, actor=BY_ITSELF, now=clock.now())
        db.session.flush()
    assert plan.is_empty
    assert [statement for statement in seen if not statement.lstrip().startswith("SELECT")] == []
    assert row_counts() == before


def test_user_names_are_plain_free_and_never_change(app: Flask) -> None:
    taken = make.make_user("Mette", "Holm", user_name="mette.holm")
    guardians = GUARDIANS.replace("email\n", "email;protection;alias\n").replace("org\n", "org;;\n")
    guardians += "aase;alma;custody;Åse Marie;Sørensen Bæk;;;\nbirte;alma;custody;Anne;Krogh;;name;Birte\n"
    take_in(guardians=guardians)
    assert {name: account(name).user_name for name in ("mette", "aase", "birte")} == {
        "mette": "mette.holm2",
        "aase": "aase.baek",
        "birte": "birte",
    }
    take_in(guardians=guardians.replace("Mette;Holm", "Mette;Bak"))
    assert (account("mette").last_name, account("mette").user_name) == ("Bak", "mette.holm2")
    assert db.session.get_one(User, taken.id).last_name == "Holm"


def test_classes_get_hues_that_are_spread_evenly_and_kept(app: Flask) -> None:
    contents = demo_files(600, today=clock.today())
    take_in(contents)
    hues = {c.external_id: c.hue for c in db.session.scalars(select(SchoolClass))}
    assert sorted(Counter(hues.values()).values()) == [2] * 11 + [3]
    renamed = contents["classes.csv"].replace(b"3.A", b"3.X")
    take_in({**contents, "classes.csv": renamed + b'"new";"3.Y";"3"\r\n'})
    later = {c.external_id: c.hue for c in db.session.scalars(select(SchoolClass))}
    assert {key: later[key] for key in hues} == hues
    assert later["new"] != min(hues, key=hues.__getitem__)


def test_a_class_change_a_leaver_and_a_return(app: Flask, wall_clock: Callable[[datetime | timedelta], None]) -> None:
    take_in()
    alma = db.session.scalars(select(Pupil).where(Pupil.external_id == "alma")).one()
    first = clock.today()

    wall_clock(timedelta(days=10))
    take_in(pupils=PUPILS.replace("Alma;Holm;k3", "Alma;Holm;k6"))
    assert children("mette") == {("Alma", "6.A")}

    wall_clock(timedelta(days=10))
    take_in(pupils=without(PUPILS, "alma"), guardians=without(GUARDIANS, "mette"))
    assert children("mette") == set()

    wall_clock(timedelta(days=10))
    take_in()
    assert children("mette") == {("Alma", "3.A")}
    days = [(e.starts_on, e.ends_on) for e in db.session.get_one(Pupil, alma.id).enrolments]
    assert days == [
        (first, first + timedelta(days=9)),
        (first + timedelta(days=10), first + timedelta(days=19)),
        (first + timedelta(days=30), None),
    ]


def test_a_helper_stays_with_the_child_and_leaves_with_it(
    app: Flask, wall_clock: Callable[[datetime | timedelta], None]
) -> None:
    take_in()
    alma = db.session.scalars(select(Pupil).where(Pupil.external_id == "alma")).one()
    helper = make.tie(
        make.make_user("Bodil", external_id=None), alma, GuardianshipKind.HELPER, invited_by=account("mette")
    )
    take_in(guardians=GUARDIANS.replace("mette;alma;custody;Mette;Holm", "tina;alma;custody;Tina;Holm"))
    assert db.session.get_one(Guardianship, helper.id).ends_on is None
    take_in(pupils=without(PUPILS, "alma"), guardians=without(GUARDIANS, "mette"))
    assert db.session.get_one(Guardianship, helper.id).ends_on == clock.today() - timedelta(days=1)


def test_what_ends_ends_at_once(app: Flask, wall_clock: Callable[[datetime | timedelta], None]) -> None:
    with_roles = STAFF.replace("function\n", "function;roles\n").replace("teacher\n", "teacher;akt\n")
    take_in(staff=with_roles)
    wall_clock(timedelta(days=1))
    assert person("karen").roles == {Role.AKT}
    take_in(guardians=without(GUARDIANS, "sofie;otto"), staff=without(with_roles, "karen"))
    assert children("sofie") == {("Ella", "6.A")}
    assert (person("karen").roles, person("karen").teams) == (frozenset(), {})
    assert person("lars").roles == {Role.AKT}


def test_accounts_without_a_register_id_are_never_touched(app: Flask) -> None:
    take_in()
    office = make.make_user("Inge", "Munk", external_id=None)
    make.grant(office, Role.OFFICE)
    make.put_in_team(office, db.session.scalars(select(SchoolClass)).first())
    before = load_people([office.id], today=clock.today())
    with_roles = STAFF.replace("function\n", "function;roles\n").replace("teacher\n", "teacher;akt\n")
    take_in(staff=with_roles, pupils=without(PUPILS, "alma"), guardians=without(GUARDIANS, "mette"))
    assert load_people([office.id], today=clock.today()) == before


def test_two_classes_swap_their_labels(app: Flask) -> None:
    take_in()
    take_in(classes="class_id;label;grade\nk3;6.A;6\nk6;3.A;3\n")
    assert children("mette") == {("Alma", "6.A")}


def test_a_protection_is_applied_at_once_and_reaches_the_childs_own_account(app: Flask) -> None:
    take_in()
    alma = db.session.scalars(select(Pupil).where(Pupil.external_id == "alma")).one()
    make.seat(make.make_council(), alma, db.session.get_one(SchoolClass, alma.enrolments[0].class_id))
    take_in(pupils=PROTECTED_ALMA, confirmed=False)
    assert children("mette") == {("Mille", "3.A")}
    own = db.session.get_one(User, alma.user_id)
    assert (own.protection, own.name) == (Protection.NAME, "Mille")


def test_a_name_that_was_open_is_remembered_when_it_is_protected_or_becomes_another(app: Flask) -> None:
    def former() -> list[tuple[str, str]]:
        return [(row.first_name, row.last_name) for row in db.session.query(FormerName).order_by(FormerName.id)]

    take_in()
    take_in(pupils=PUPILS.replace("Alma;Holm", "Alma;Bak"))
    assert former() == [("Alma", "Holm")]
    take_in(pupils=PROTECTED_ALMA.replace("Alma;Holm", "Asta;Lund"))
    assert former() == [("Alma", "Holm"), ("Alma", "Bak")], "the new name was never open"
    take_in(pupils=PROTECTED_ALMA.replace("Alma;Holm", "Asta;Krogh"))
    assert len(former()) == 2


def test_a_childs_own_account_never_learns_the_last_name(app: Flask) -> None:
    take_in()
    alma = db.session.scalars(select(Pupil).where(Pupil.external_id == "alma")).one()
    alma.user_id = make.make_user("Alma", "", external_id=None).id
    take_in(pupils=PUPILS.replace("Alma;Holm", "Alma Marie;Bak"))
    own = db.session.get_one(User, alma.user_id)
    assert (own.first_name, own.last_name) == ("Alma Marie", "")


def test_every_account_has_its_place_in_the_lists_after_an_import(app: Flask) -> None:
    take_in()
    alma = db.session.scalars(select(Pupil).where(Pupil.external_id == "alma")).one()
    alma.user_id = make.make_user("Alma", "", external_id=None).id
    guardians = GUARDIANS.replace("email\n", "email;protection;alias\n").replace("org\n", "org;;\n")
    guardians = guardians.replace(
        "mette;alma;custody;Mette;Holm;mette@example.org;;", "mette;alma;custody;Åse;Bæk;;name;Sol"
    )
    take_in(guardians=guardians, pupils=PUPILS.replace("Alma;Holm", "Çağla;Holm"))
    db.session.expire_all()
    users = db.session.scalars(select(User)).all()
    assert {user.name: (user.sort_name, user.search_name) for user in users} == {
        user.name: (sort_name(user), search_name(user)) for user in users
    }
    assert {"Sol", "Çağla", "Jonas Juul"} <= {user.name for user in users}


def test_lifting_a_protection_needs_the_confirmation(app: Flask) -> None:
    take_in(pupils=PROTECTED_ALMA)
    lifted = PROTECTED_ALMA.replace("name;Mille", ";")
    with pytest.raises(RuleViolation, match="tick the box"):
        take_in(pupils=lifted, confirmed=False)
    db.session.rollback()
    assert children("mette") == {("Mille", "3.A")}
    take_in(pupils=lifted)
    assert children("mette") == {("Alma", "3.A")}


def test_a_plan_with_faults_is_refused(app: Flask) -> None:
    take_in()
    with pytest.raises(RuleViolation, match="have faults"):
        take_in(
            classes=CLASSES.replace("k3", "k33"), pupils=PUPILS.replace("k3", "k33"), staff=STAFF.replace("k3", "k33")
        )


def test_a_plan_of_another_school_or_another_day_is_refused(
    app: Flask, wall_clock: Callable[[datetime | timedelta], None]
) -> None:
    upload = keep_upload(files(), actor=BY_ITSELF, now=clock.now())
    plan = plan_of(files())
    make.make_user("Mette", "Holm")
    with pytest.raises(RuleViolation, match="has changed"):
        apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=clock.now())
    plan = plan_of(files())
    wall_clock(timedelta(days=1))
    with pytest.raises(RuleViolation, match="has changed"):
        apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=clock.now())
    assert db.session.scalar(select(func.count()).select_from(Pupil)) == 0


def test_files_are_applied_once(app: Flask) -> None:
    plan = plan_of(files())
    upload = take_in()
    with pytest.raises(RuleViolation, match="applied already"):
        apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=clock.now())


def test_two_at_the_same_moment_take_the_school_in_once(app: Flask) -> None:
    plan = plan_of(files())
    uploads = [keep_upload(files(), actor=BY_ITSELF, now=clock.now()) for _ in range(1)]
    uploads += [RosterUpload(uploaded_by_id=None, uploaded_at=clock.now(), files={})]
    db.session.add_all(uploads)
    db.session.flush()

    def apply(upload_id: int) -> str:
        with app.app_context():
            try:
                upload = db.session.get_one(RosterUpload, upload_id)
                apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=clock.now())
                db.session.commit()
            except RuleViolation as refusal:
                db.session.rollback()
                return str(refusal)
            return "applied"

    ids = [upload.id for upload in uploads]
    answers = at_once(*(lambda upload_id=upload_id: apply(upload_id) for upload_id in ids))
    assert sorted(answers) == ["The school has changed since this was shown. Look at it again.", "applied"]
    assert db.session.scalar(select(func.count()).select_from(Pupil)) == 3
    assert db.session.scalar(select(func.count()).select_from(Act)) == 1


def test_a_new_upload_replaces_the_same_persons_unapplied_one(app: Flask) -> None:
    office = make.make_user("Inge", "Munk")
    applied = take_in()
    (actor,) = load_people([office.id], today=clock.today())
    other = keep_upload(files(), actor=BY_ITSELF, now=clock.now())
    keep_upload(files(), actor=actor, now=clock.now())
    last = keep_upload(files(), actor=actor, now=clock.now())
    kept = set(db.session.scalars(select(RosterUpload.id)))
    assert kept == {applied.id, other.id, last.id}
    assert files_of(last) == files()


def test_a_large_school_is_taken_in_by_few_statements(app: Flask) -> None:
    contents = demo_files(600, today=clock.today())
    plan = plan_of(contents)
    upload = keep_upload(contents, actor=BY_ITSELF, now=clock.now())
    with statements() as seen:
        apply_roster(plan, upload, confirmed=True, actor=BY_ITSELF, now=clock.now())
        db.session.flush()
    assert db.session.scalar(select(func.count()).select_from(Pupil)) == 600
    asked = [statement[:60] for statement in seen if "advisory" not in statement]  # but for waiting one's turn
    assert len(asked) <= 24, asked
    assert plan_of(contents).is_empty
