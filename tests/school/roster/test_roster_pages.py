"""The office's way with the register's files: upload, preview, apply; and the same by `flask school-import`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Role, User
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.demo.roster import demo_files
from portal.school.models import Pupil
from portal.school.roster.models import RosterUpload
from portal.text import clock
from tests import factories as make
from tests.conftest import IsolatedClient, at_once
from tests.school.roster.register import CLASSES, GUARDIANS, PUPILS, STAFF, files, without

FAULTY = PUPILS.replace("otto;Otto;Juul;k3", "otto;<b>Otto</b>;Juul;k9")
PROTECTED = """
pupil_id;first_name;last_name;class_id;protection;alias
alma;Alma;Holm;k3;name;Mille
otto;Otto;Juul;k3;;
ella;Ella;Juul;k6;;
"""


@pytest.fixture
def office(app: Flask) -> IsolatedClient:
    """A browser of somebody in the office, in English; they are not in the register."""
    user = make.make_user("Inge", "Munk", external_id=None, language="en")
    make.grant(user, Role.OFFICE)
    return app.test_client().sign_in(user)  # type: ignore[attr-defined, no-any-return]


def upload(office: IsolatedClient, contents: dict[str, bytes] | None = None, **texts: str) -> str:
    """Upload files that can be applied; gives the address of their preview."""
    answer = office.send("/school/roster", sent(contents or files(**texts)))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sent(contents: dict[str, bytes]) -> dict[str, object]:
    """The files as the form's fields, under whatever names the office has them."""
    return {name.removesuffix(".csv"): (BytesIO(data), f"udtræk {name}") for name, data in contents.items()}


def seen(office: IsolatedClient, address: str) -> str:
    page = office.get(address).text
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def apply(office: IsolatedClient, address: str, *, key: str = "", **fields: str) -> object:
    return office.send(f"{address}/apply", {"seen": seen(office, address), **fields}, key=key)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_from_upload_to_a_school(office: IsolatedClient) -> None:
    address = upload(office)
    page = office.get(address).text
    for told in (
        "New classes",
        "3.A",
        "New pupils",
        "Alma Holm, 3.A",
        "Karen Bruun, 3.A (Class teacher)",
        "New accounts",
    ):
        assert told in page
    assert 'name="confirmed"' not in page
    assert count(Pupil) == 0, "a preview changes nothing"

    answer = apply(office, address)
    assert answer.status_code == 303
    assert "The school is as the files say." in office.get(answer.location).text
    assert count(Pupil) == 3
    (act,) = db.session.scalars(select(Act))
    assert (act.kind, act.actor_id) == (
        ActKind.ROSTER_APPLIED,
        db.session.scalar(select(User.id).where(User.first_name == "Inge")),
    )
    assert "These files were applied" in office.get(address).text
    assert db.session.get_one(RosterUpload, act.subject_id).files == {}


def test_the_same_files_again_are_not_even_kept(office: IsolatedClient) -> None:
    apply(office, upload(office))
    answer = office.send("/school/roster", sent(files()))
    assert answer.location == "/school/roster"
    assert "The portal already knows all of this." in office.get(answer.location).text
    assert (count(RosterUpload), count(Act)) == (1, 1)


def test_files_with_faults_are_shown_and_not_kept(office: IsolatedClient) -> None:
    answer = office.send(
        "/school/roster", sent(files(pupils=FAULTY, staff=STAFF.replace("k6;class_teacher", "k6;boss")))
    )
    assert answer.status_code == 422
    assert "There are 2 faults in the files. Nothing is kept." in answer.text
    assert "pupils.csv, line 3" in answer.text
    assert "This id is not in classes.csv. Add it there, or correct it here." in answer.text
    assert "staff.csv, line 3" in answer.text
    assert (count(RosterUpload), count(Pupil)) == (0, 0)


def test_what_files_hold_is_shown_as_text(office: IsolatedClient) -> None:
    named = PUPILS.replace("Alma;Holm", "<script>alert(1)</script>;Holm")
    page = office.get(upload(office, pupils=named)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Holm" in page
    assert "<script" not in page


def test_a_label_that_another_class_has_is_a_fault_of_the_upload(office: IsolatedClient) -> None:
    apply(office, upload(office))
    renumbered = {"classes": CLASSES, "pupils": PUPILS, "staff": STAFF}
    answer = office.send("/school/roster", sent(files(**{k: v.replace("k3", "k33") for k, v in renumbered.items()})))
    assert answer.status_code == 422
    assert "3.A is already the label of the class k3." in answer.text


def test_a_file_that_was_not_chosen_is_asked_for(office: IsolatedClient) -> None:
    chosen = sent(files())
    del chosen["staff"]
    answer = office.send("/school/roster", chosen)
    assert answer.status_code == 422
    assert "Choose the file with the staff." in answer.text


def test_a_great_many_faults_make_a_page_that_can_be_read(office: IsolatedClient) -> None:
    broken = PUPILS + "".join(f"p{number};A;B;k9\n" for number in range(1000))
    answer = office.send("/school/roster", sent(files(pupils=broken)))
    assert "There are 1000 faults in the files." in answer.text
    assert answer.text.count('class="fault"') == 100
    assert "And 900 more." in answer.text


def test_something_unusual_is_done_only_with_the_tick(office: IsolatedClient) -> None:
    apply(office, upload(office, pupils=PROTECTED))
    address = upload(office, pupils=PROTECTED.replace("name;Mille", ";"))
    page = office.get(address).text
    assert "The protection of Mille (alma) is lifted or made weaker." in page
    refused = apply(office, address)
    assert refused.status_code == 422
    assert "Read what is unusual about these files, and tick the box if it is right." in refused.text
    assert db.session.scalars(select(Pupil.alias).where(Pupil.external_id == "alma")).one() == "Mille"
    assert apply(office, address, confirmed="y").status_code == 303
    assert db.session.scalars(select(Pupil.alias).where(Pupil.external_id == "alma")).one() == ""


def test_what_is_applied_is_what_was_shown(office: IsolatedClient, client_of: Callable[[User], IsolatedClient]) -> None:
    address = upload(office)
    what_i_saw = seen(office, address)
    make.make_user("Mette", "Holm", external_id="mette")
    refused = office.send(f"{address}/apply", {"seen": what_i_saw})
    assert refused.status_code == 422
    assert "The school has changed since this was shown. Look at it again." in refused.text
    assert count(Pupil) == 0
    assert apply(office, address).status_code == 303


def test_a_double_click_is_one_act(office: IsolatedClient) -> None:
    address = upload(office)
    fields = {"seen": seen(office, address)}
    answers = at_once(*[partial(office.send, f"{address}/apply", fields, key="o" * 32)] * 4)
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/school/")}
    assert (count(Act), count(Pupil)) == (1, 3)


def test_files_can_be_forgotten(office: IsolatedClient) -> None:
    address = upload(office)
    assert office.send(f"{address}/discard").location == "/school/roster"
    assert office.get(address).status_code == 404
    assert (count(RosterUpload), count(Pupil)) == (0, 0)


def test_a_large_school_has_a_preview_that_can_be_read(office: IsolatedClient) -> None:
    answer = office.get(upload(office, demo_files(600, today=clock.today())))
    assert len(answer.data) < 64 * 1024
    assert "And 588 more." in answer.text


def test_only_the_office_takes_files_in(office: IsolatedClient, client_of: Callable[[User], IsolatedClient]) -> None:
    address = upload(office)
    leader = make.make_user("Hanne", external_id=None)
    make.grant(leader, Role.LEADERSHIP)
    browser = client_of(leader)
    assert browser.send("/school/roster", sent(files())).status_code == 403
    for path in (address, f"{address}/apply", f"{address}/discard"):
        assert browser.send(path).status_code in {404, 405}
    assert browser.get(address).status_code == 404


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[..., str]:
    def write(contents: dict[str, bytes] | None = None, **texts: str) -> str:
        for name, data in (contents or files(**texts)).items():
            (tmp_path / name).write_bytes(data)
        return str(tmp_path)

    return write


def test_the_command_takes_a_school_in(app: Flask, folder_of: Callable[..., str]) -> None:
    runner, folder = app.test_cli_runner(), folder_of(guardians=without(GUARDIANS, "mette"))
    dry = runner.invoke(args=["school-import", folder, "--dry-run"])
    assert (dry.exit_code, count(Pupil)) == (0, 0)
    assert "New pupils: 3\n  Alma Holm, 3.A\n" in dry.output
    assert "Warning: pupils.csv, line 2, pupil_id “alma”: No adult in guardians.csv belongs to this pupil" in dry.output
    assert dry.output.endswith("Dry run: nothing is changed.\n")

    done = runner.invoke(args=["school-import", folder])
    assert (done.exit_code, count(Pupil), count(Act)) == (0, 3, 1)
    again = runner.invoke(args=["school-import", folder])
    assert again.output.endswith("The portal already knows all of this. Nothing is changed.\n")
    assert count(RosterUpload) == 1


def test_the_command_lists_every_fault_and_changes_nothing(app: Flask, folder_of: Callable[..., str]) -> None:
    folder = folder_of(pupils=FAULTY)
    (Path(folder) / "staff.csv").unlink()
    answer = app.test_cli_runner().invoke(args=["school-import", folder])
    assert answer.exit_code == 1
    assert "pupils.csv, line 3, class_id “k9”: This id is not in classes.csv." in answer.output
    assert "staff.csv: The file is missing. All four files belong together." in answer.output
    assert "2 faults. Nothing is changed." in answer.output
    assert count(Pupil) == 0


def test_the_command_wants_the_unusual_confirmed(app: Flask, folder_of: Callable[..., str]) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["school-import", folder_of(pupils=PROTECTED)]).exit_code == 0
    folder = folder_of(pupils=PROTECTED.replace("name;Mille", ";"))
    refused = runner.invoke(args=["school-import", folder])
    assert refused.exit_code == 1
    assert "Unusual: The protection of Mille (alma) is lifted or made weaker." in refused.output
    assert "add --confirm" in refused.output
    assert runner.invoke(args=["school-import", folder, "--confirm"]).exit_code == 0
    assert db.session.scalars(select(Pupil.alias).where(Pupil.external_id == "alma")).one() == ""


def test_the_command_says_where_there_is_no_folder(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["school-import", "nowhere"])
    assert answer.exit_code == 2
    assert "nowhere" in answer.output


def test_after_an_import_the_letters_are_one_press_away(office: IsolatedClient) -> None:
    answer = apply(office, upload(office))
    page = office.get(answer.location).text
    letters = page[page.index("Letters to print") : page.index("<table")]
    assert '/letters"' in letters
