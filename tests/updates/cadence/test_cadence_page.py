"""All classes' cadence on one page, for leadership and AKT: right for each class, light for many, safe as a file."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.database import db
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.text import clock
from portal.text.csvfile import read_table
from portal.updates.cadence import queries
from portal.updates.cadence.presenters import cadence_lines
from portal.updates.cadence.rhythm import Stage
from portal.updates.models import UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.test_pages import statements

PAGE, FILE = "/updates/cadence", "/updates/cadence.csv"


def at(day: date) -> datetime:
    return clock.at_school(day, datetime.min.time().replace(hour=14))


def stages() -> dict[str, Stage]:
    found, _ = queries.list_standings(every=6, today=clock.today())
    return {one.ref.label: one.standing.stage for one in found}


@pytest.fixture
def three(cast: Cast) -> Cast:
    """3.A on time by news here, 6.A due by what it told in Aula, 4.B overdue, and 5.C without children."""
    make.make_update(cast.third, cast.class_teacher, published_at=at(date(2026, 11, 9)))
    make.make_update(cast.sixth, cast.teacher_elsewhere, published_at=at(date(2026, 9, 1)))
    make.make_told_elsewhere(cast.sixth, cast.teacher_elsewhere, told_on=date(2026, 10, 6))
    make.make_pupil(make.make_class("4.B", 4), "Nor")
    make.make_class("5.C", 5)
    db.session.commit()
    return cast


@pytest.mark.both
def test_each_class_stands_as_it_told(three: Cast, database: str) -> None:
    assert stages() == {"3.A": Stage.ON_TIME, "4.B": Stage.OVERDUE, "6.A": Stage.DUE}


@pytest.mark.both
def test_drafts_and_what_was_withdrawn_do_not_count(cast: Cast, database: str) -> None:
    make.make_update(cast.third, cast.class_teacher, published_at=None)
    assert stages()["3.A"] == Stage.OVERDUE


@pytest.mark.both
def test_a_text_of_late_evening_counts_for_the_day_at_the_school(cast: Cast, database: str) -> None:
    make.make_update(
        cast.third, cast.class_teacher, published_at=clock.at_school(date(2026, 11, 10), datetime.min.time())
    )
    found, _ = queries.list_standings(every=6, today=clock.today(), class_ids=[cast.third.id])
    assert found[0].standing.last_told_on == date(2026, 11, 10)
    assert queries.list_tellings([cast.third.id], since=date(2026, 8, 1)) == {cast.third.id: [date(2026, 11, 10)]}


def test_the_page_shows_classes_and_names_nobody(three: Cast, client_of: ClientOf) -> None:
    page = client_of(three.leader).get(PAGE).text
    assert re.findall(r'<span class="class hue-\d+">(.*?)</span>', page) == ["3.A", "4.B", "6.A"]
    for user in (three.class_teacher, three.pedagogue, three.teacher_elsewhere):
        assert user.first_name not in page
    assert page.count("Ingen klasselærer") == 1
    assert page.count('<svg class="strip" role="img" aria-label="') == 3
    assert 'aria-label="nyt 1 gang, 6 uger for sent"' in page
    assert "1. september, 6. oktober" in page, "the same in figures"


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        ("on_time", ["3.A"]),
        ("due", ["6.A"]),
        ("overdue", ["4.B"]),
        ("", ["3.A", "4.B", "6.A"]),
        ("x", ["3.A", "4.B", "6.A"]),
        ("Overdue", ["3.A", "4.B", "6.A"]),
    ],
)
def test_the_links_choose_by_status(three: Cast, client_of: ClientOf, status: str, labels: list[str]) -> None:
    page = client_of(three.akt).get(PAGE, query_string={"status": status}).text
    assert re.findall(r'<span class="class hue-\d+">(.*?)</span>', page) == labels
    assert len(re.findall(r'aria-current="true"', page)) == 1


def test_an_empty_group_says_so(cast: Cast, client_of: ClientOf) -> None:
    assert "Ingen klasser her lige nu" in client_of(cast.leader).get(f"{PAGE}?status=on_time").text


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "99999999999999999999", "\x00"])
def test_a_page_that_is_none_is_one_that_is(three: Cast, client_of: ClientOf, page: str) -> None:
    answer = client_of(three.leader).get(PAGE, query_string={"page": page})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or "3.A" in answer.text


@pytest.mark.parametrize("name", ["class_teacher", "guardian", "office", "board_secretary", "council_member"])
def test_there_is_no_league_table_for_others(three: Cast, client_of: ClientOf, name: str) -> None:
    for path in (PAGE, f"{PAGE}?status=overdue", FILE):
        assert client_of(three.users[name]).get(path).status_code == 403


def test_the_file_is_read_as_a_table(three: Cast, client_of: ClientOf) -> None:
    answer = client_of(three.leader).get(FILE)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=cadence-2026-11-23.csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    table = read_table(answer.data, "cadence.csv")
    assert [list(row.values.values()) for row in table.rows] == [
        ["3.A", "Til tiden", "2026-11-09", "2027-01-04", "0", "1", "6"],
        ["4.B", "For sent", "", "2026-09-21", "8", "0", "8"],
        ["6.A", "Snart", "2026-10-06", "2026-11-24", "0", "2", "0"],
    ]


@pytest.mark.parametrize("label", ["=1+1", "+3.A", "-3.A", "@SUM(A1)", "\t=2", "＝1", '"=1";"2"'])
def test_no_label_becomes_a_formula(cast: Cast, client_of: ClientOf, label: str) -> None:
    db.session.query(ClassYear).filter_by(class_id=cast.third.id).one().label = label
    text = client_of(cast.leader).get(FILE).data.decode("utf-8-sig")
    for line in text.splitlines()[1:]:
        for cell in line.split(";"):
            assert not re.match(r'"?[=+\-@\t＝＋－＠]', cell), cell


@pytest.fixture
def many(cast: Cast) -> Cast:
    """A municipality's 750 classes, each with a child and ten texts."""
    classes = range(1_000, 1_750)
    year, since = clock.school_year(clock.today()), make.LONG_AGO
    names = {"first_name": "Alma", "last_name": "Holm", "alias": "", "protection": "none"}
    rows = {
        SchoolClass: [{"id": i, "external_id": f"many-{i}", "hue": 1} for i in classes],
        ClassYear: [
            {
                "class_id": i,
                "school_year": year,
                "label": f"{i % 10}.{i}",
                "lowest_grade": i % 10,
                "highest_grade": i % 10,
            }
            for i in classes
        ],
        Pupil: [{"id": i, "external_id": f"many-{i}", **names} for i in classes],
        Enrolment: [{"pupil_id": i, "class_id": i, "starts_on": since} for i in classes],
        WellbeingUpdate: [
            {
                "class_id": i,
                "author_id": cast.class_teacher.id,
                "state": UpdateState.PUBLISHED,
                "title": "Nyt",
                "body": "Nyt",
                "excerpt": "Nyt",
                "created_at": clock.now(),
                "version": 1,
                "published_at": clock.now() - timedelta(days=(i + 7 * n) % 90),
            }
            for i in classes
            for n in range(10)
        ],
    }
    for model, values in rows.items():
        db.session.execute(insert(model), values)
    db.session.commit()
    return cast


@pytest.mark.both
def test_750_classes_cost_no_more_queries_and_come_in_pages(many: Cast, client_of: ClientOf, database: str) -> None:
    leader = client_of(many.leader)
    with statements() as seen:
        page = leader.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    assert len(seen) <= 5
    assert len(page.data) <= 8 * 1024
    labels: list[str] = []
    for number in range(1, 20):
        text = leader.get(f"{PAGE}?page={number}").text
        labels += re.findall(r'<span class="class hue-\d+">(.*?)</span>', text)
    assert len(set(labels)) == len(labels) == 752
    with statements() as seen:
        file = leader.get(FILE)
    assert len(seen) <= 5
    assert file.text.count("\r\n") == 753


@pytest.mark.both
def test_how_classes_stand_takes_two_statements(app: Flask, many: Cast, database: str) -> None:
    with app.test_request_context():
        with statements() as seen:
            lines = cadence_lines([many.third.id, many.sixth.id, *range(1_000, 1_020)], today=clock.today())
        assert len(seen) == 2
        assert len(lines) == 22
        assert lines[many.third.id].is_asking
        assert lines[many.third.id].urgency == "problem"
        with statements() as seen:
            assert cadence_lines([], today=clock.today()) == {}
        assert seen == []
