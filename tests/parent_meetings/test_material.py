"""The school's material: versions that never change, one that holds, and a file that is only looked at."""

from __future__ import annotations

import re
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portal.database import db
from portal.parent_meetings.material import services
from portal.parent_meetings.material.models import FileKind, MeetingMaterial
from portal.parent_meetings.material.services import file_name
from tests.cast import AT_SCHOOL, COUNCIL, EVERYBODY, Cast
from tests.conftest import ClientOf, at_once

PAGE = "/parent-meetings/material/2026"
PDF = b"%PDF-1.7 trivsel"


def text(body: str = "- Vi taler om trivsel", *, version: int = 0, **values: Any) -> dict[str, Any]:
    return {"body": body, "links": "", "version": version, **values}


def with_file(content: bytes, name: str = "Trivsel.pdf") -> dict[str, Any]:
    return {"file": (BytesIO(content), name)}


def numbers() -> list[int]:
    return list(db.session.scalars(select(MeetingMaterial.number).order_by(MeetingMaterial.number)))


def test_only_the_leadership_publishes(cast: Cast, client_of: ClientOf) -> None:
    for name in EVERYBODY - {"leader"}:
        assert client_of(cast.users[name]).send(f"{PAGE}/edit", text()).status_code in (403, 404), name
    assert numbers() == []
    assert client_of(cast.leader).send(f"{PAGE}/edit", text()).status_code == 303
    for name in EVERYBODY:
        status = client_of(cast.users[name]).get(PAGE).status_code
        assert (status == 200) == (name in AT_SCHOOL - COUNCIL), name


def test_a_new_version_leaves_the_one_before(cast: Cast, client_of: ClientOf) -> None:
    leader = client_of(cast.leader)
    leader.send(f"{PAGE}/edit", text("- Den første", links="https://example.org/godt Godt at vide", **with_file(PDF)))
    assert leader.send(f"{PAGE}/edit", text("- Den næste", version=1, keeps_file="y")).status_code == 303
    assert numbers() == [1, 2]
    assert "Den første" in leader.get(f"{PAGE}/versions/1").text
    assert 'href="https://example.org/godt"' in leader.get(f"{PAGE}/versions/1").text
    for number in numbers():
        file = client_of(cast.guardian).get(f"{PAGE}/versions/{number}/file")
        assert file.data == PDF
        assert file.headers["Content-Type"] == "application/pdf"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    leader.send(f"{PAGE}/edit", text("- Uden fil", version=2))
    assert leader.get(f"{PAGE}/versions/3/file").status_code == 404
    assert leader.send(f"{PAGE}/edit", text("- Uden fil", version=3)).status_code == 422, "the same again"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "trivsel.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "billede.png"),
        (b"MZ\x90\x00", "trivsel.pdf.exe"),
        (b"", "tom.pdf"),
        (b"%PDF-" + b"x" * 1000, "stor.pdf"),
    ],
)
def test_a_file_is_what_its_bytes_are(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str
) -> None:
    monkeypatch.setattr(services, "LARGEST_FILE", 1000)
    answer = client_of(cast.leader).send(f"{PAGE}/edit", text(**with_file(content, name)))
    assert answer.status_code == 422
    assert "Vi taler om trivsel" in answer.text, "what was typed stays"
    assert numbers() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ('a"; x="b.pdf', "a xb.pdf"),
        ("æøå\r\nX-Evil: 1.pdf", "æøåX-Evil 1.pdf"),
        (".pdf", "materiale.pdf"),
        ("C:\\mappe\\Møde.PDF", "Møde.pdf"),
        ("skjult.pdf.exe", "skjultpdf.pdf"),
    ],
)
def test_a_files_name_is_a_name_and_nothing_else(name: str, kept: str) -> None:
    assert file_name(name, FileKind.PDF) == kept


@pytest.mark.parametrize(
    "links", ["javascript:alert(1) Hej", "http://example.org Hej", "Godt at vide", "https://a.dk\n" * 11]
)
def test_a_link_leads_to_a_page(cast: Cast, client_of: ClientOf, links: str) -> None:
    assert client_of(cast.leader).send(f"{PAGE}/edit", text(links=links)).status_code == 422


def test_a_year_that_is_over_or_far_away_has_no_page_to_write(cast: Cast, client_of: ClientOf) -> None:
    for year in (2024, 2027, 9999):
        assert client_of(cast.leader).send(f"/parent-meetings/material/{year}/edit", text()).status_code == 404


@pytest.mark.both
def test_of_two_who_publish_at_once_the_second_reads_the_firsts_text(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    sends = [partial(client_of(cast.leader).send, f"{PAGE}/edit", text(f"- Nummer {number}")) for number in range(4)]
    answers = at_once(*sends)
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert numbers() == [1]


def test_a_refused_form_asks_for_its_file_again_and_keeps_no_old_one_in_its_place(
    cast: Cast, client_of: ClientOf
) -> None:
    leader = client_of(cast.leader)
    leader.send(f"{PAGE}/edit", text(**with_file(PDF)))
    kept = {"version": 1, "keeps_file": "y"}
    for wrong in ({"links": "intet link"}, {"body": ""}, {"version": 0}):
        refused = leader.send(f"{PAGE}/edit", text("- Ny") | kept | wrong | with_file(PDF + b" ny"))
        assert refused.status_code in (409, 422)
        assert "Vælg filen igen" in refused.text
        assert not re.search(r'name="keeps_file"[^>]*checked|checked[^>]*name="keeps_file"', refused.text)
    without = leader.send(f"{PAGE}/edit", text("- Ny") | kept | {"links": "intet link"})
    assert "Vælg filen igen" not in without.text
    assert re.search(r'name="keeps_file"[^>]*checked|checked[^>]*name="keeps_file"', without.text)
