"""A text of the strategy comes in: keys outlive editions, approved editions never change, nothing is kept twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.errors import Conflict, RuleViolation
from portal.people import BY_ITSELF
from portal.strategy import presenters as reading
from portal.strategy import queries, services
from portal.strategy.document import DocumentFault, read_document, write_document
from portal.strategy.kinds import ClauseKind, EditionState
from portal.strategy.models import Clause, Edition, Section
from portal.strategy.services import Outcome
from portal.text import clock

REAL_FILE = Path(__file__).resolve().parents[3] / "shared" / "strategy" / "alslev-2025.md"
TEXT = """---
title: Vores strategi
approved: 2026-06
approved_by: bestyrelsen
language: da
---

Vi vil have det godt.

## Mål

- Alle bliver set af en voksen hver dag
- Alle er med i legen i frikvarteret
- Ingen går alene hjem fra skole

## Hvad gør vi?

Her er det vigtigste.

- Klassen skriver sine egne spilleregler hvert år
- Der er to voksne ude i hvert frikvarter

### Hjemmet

- Forældrene laver legeaftaler på tværs af klassen
"""


def bring_in(text: str = TEXT, **values: object) -> Edition | None:
    edition = services.import_strategy(read_document(text), actor=BY_ITSELF, now=clock.now(), **values)  # type: ignore[arg-type]
    db.session.commit()
    return edition


def keys_of(edition: Edition | None) -> dict[str, str]:
    """The key of each text of an edition."""
    assert edition is not None
    return {row.text: row.key for row in queries.list_text(edition.id) if row.key}


def everything() -> list[object]:
    """Every stored row of the strategy and the record of acts."""
    return [
        db.session.execute(select(model.__table__).order_by(model.id)).all()
        for model in (Edition, Section, Clause, Act)
    ]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


# --- the school's own file


@pytest.fixture
def real_text() -> str:
    if not REAL_FILE.exists():
        pytest.skip("the school's own text is not part of the repository")
    return REAL_FILE.read_text(encoding="utf-8")


@pytest.mark.both
def test_the_real_file_has_eight_sections_eighty_bullets_and_three_bullets_that_are_links(app, real_text):
    edition = bring_in(real_text)
    assert (edition.number, edition.state, edition.approved_on) == (1, EditionState.APPROVED, date(2025, 6, 1))
    text = reading.read(queries.list_text(edition.id), {})
    assert [part.number for part in text.parts] == list(range(9))
    bullets = [item for part in text.parts for run in part.runs if run.is_list for item in run.paragraphs]
    assert len(bullets) == 80
    assert len([item for item in bullets if reading.Block(item.kind, item.text).url]) == 3
    assert len(reading.list_links(text)) == 5


@pytest.mark.both
def test_importing_the_real_file_twice_writes_not_one_row(app, real_text):
    bring_in(real_text)
    before = everything()
    assert bring_in(real_text) is None
    assert everything() == before


def test_the_real_file_comes_out_as_it_went_in(app, real_text):
    edition = bring_in(real_text)
    assert queries.get_document(edition) == read_document(real_text)
    assert read_document(write_document(queries.get_document(edition))) == read_document(real_text)


# --- the first text


@pytest.mark.both
def test_the_first_text_is_approved_when_it_says_when(app):
    edition = bring_in()
    assert (edition.number, edition.state, edition.approved_on) == (1, EditionState.APPROVED, date(2026, 6, 1))
    assert edition.school_year == 2026
    assert [act.kind for act in db.session.scalars(select(Act))] == [
        ActKind.STRATEGY_IMPORTED,
        ActKind.STRATEGY_APPROVED,
    ]


def test_the_first_text_is_a_draft_when_nobody_says_when_it_was_approved(app):
    edition = bring_in(TEXT.replace("approved: 2026-06\n", ""))
    assert (edition.number, edition.state, edition.approved_on) == (1, EditionState.DRAFT, None)
    assert queries.get_current() is None


@pytest.mark.parametrize(
    ("approved_on", "school_year"), [(date(2025, 6, 1), 2025), (date(2025, 9, 1), 2025), (date(2026, 1, 9), 2025)]
)
def test_an_edition_approved_in_spring_is_for_the_year_that_follows(app, approved_on, school_year):
    assert bring_in(approved_on=approved_on).school_year == school_year


def test_the_day_given_beside_the_file_counts_more_than_the_month_in_it(app):
    assert bring_in(approved_on=date(2026, 6, 17)).approved_on == date(2026, 6, 17)


def test_a_file_that_says_it_will_be_approved_is_refused(app):
    with pytest.raises(RuleViolation, match="future"):
        bring_in(TEXT.replace("2026-06", "2027-06"))
    db.session.rollback()
    assert count(Edition) == 0


def test_keys_have_six_characters_that_nobody_misreads(app):
    keys = list(keys_of(bring_in()).values())
    assert len(set(keys)) == len(keys) == 9
    assert all(len(key) == 6 and set(key) <= set("23456789bcdfghjkmnpqrstvwxz") for key in keys)


def test_a_new_key_is_never_one_that_is_in_use(app, monkeypatch):
    taken = keys_of(bring_in())["Her er det vigtigste."]
    offers = iter([*taken, *"bcdfgh"])
    monkeypatch.setattr(services.secrets, "choice", lambda alphabet: next(offers))
    draft = bring_in(TEXT + "\n- Vi synger sammen om morgenen\n")
    assert keys_of(draft)["Vi synger sammen om morgenen"] == "bcdfgh"


# --- the next text


@pytest.mark.both
def test_a_changed_text_becomes_the_draft_of_the_next_edition_and_keeps_the_keys(app):
    first = bring_in()
    before, keys = everything()[1:3], keys_of(first)
    draft = bring_in(
        TEXT.replace("Ingen går alene hjem fra skole", "Ingen børn går alene hjem fra skole")
        .replace("- Der er to voksne ude i hvert frikvarter\n", "")
        .replace("### Hjemmet\n", "### Hjemmet\n\n- Mobilerne bliver i tasken\n")
    )
    new = keys_of(draft)
    assert (draft.number, draft.state) == (2, EditionState.DRAFT)
    assert new["Ingen børn går alene hjem fra skole"] == keys["Ingen går alene hjem fra skole"]
    assert new["Mobilerne bliver i tasken"] not in keys.values()
    assert {text: key for text, key in new.items() if text in keys} == {
        text: key
        for text, key in keys.items()
        if text not in ("Ingen går alene hjem fra skole", "Der er to voksne ude i hvert frikvarter")
    }
    assert [rows[: len(old)] for rows, old in zip(everything()[1:3], before, strict=True)] == before


def test_a_bullet_that_moves_keeps_its_key(app):
    keys = keys_of(bring_in())
    bullet = "- Alle er med i legen i frikvarteret\n"
    draft = bring_in(TEXT.replace(bullet, "").replace("### Hjemmet\n", f"### Hjemmet\n\n{bullet}"))
    assert keys_of(draft) == keys


def test_a_key_given_in_a_draft_stays_when_the_draft_is_imported_again(app):
    bring_in()
    first = TEXT + "- Vi synger sammen hver eneste morgen\n"
    key = keys_of(bring_in(first))["Vi synger sammen hver eneste morgen"]
    again = keys_of(bring_in(first + "- Og vi spiser sammen\n"))
    assert again["Vi synger sammen hver eneste morgen"] == key
    reworded = keys_of(bring_in(TEXT + "- Vi synger sammen hver eneste fredag morgen\n"))
    assert reworded["Vi synger sammen hver eneste fredag morgen"] == key


def test_a_clause_reworded_step_by_step_in_a_draft_keeps_its_key(app):
    key = keys_of(bring_in())["Ingen går alene hjem fra skole"]
    steps = (
        "Ingen går alene hjem fra fritidshjem",
        "Ingen cykler alene til fritidshjem",
        "Alle cykler sammen til fritidshjem",
    )
    for step in steps:
        assert keys_of(bring_in(TEXT.replace("Ingen går alene hjem fra skole", step)))[step] == key


@pytest.mark.both
def test_importing_the_draft_again_writes_not_one_row(app):
    bring_in()
    changed = TEXT.replace("hver dag", "hver eneste dag")
    bring_in(changed)
    before = everything()
    assert bring_in(changed) is None
    assert bring_in(TEXT) is None
    assert everything() == before


def test_there_is_one_draft_and_a_new_text_takes_its_place(app):
    bring_in()
    first = bring_in(TEXT.replace("hver dag", "hver morgen"))
    second = bring_in(TEXT.replace("hver dag", "hver time"))
    assert (second.id, second.number) == (first.id, 2)
    assert count(Edition) == 2
    assert "Alle bliver set af en voksen hver morgen" not in keys_of(second)


def test_sections_subheadings_and_loose_paragraphs_keep_their_place(app):
    rows = queries.list_text(bring_in().id)
    assert [(row.section, row.heading, row.kind, row.text[:14]) for row in rows] == [
        (0, "", ClauseKind.PARAGRAPH, "Vi vil have de"),
        (1, "Mål", ClauseKind.BULLET, "Alle bliver se"),
        (1, "Mål", ClauseKind.BULLET, "Alle er med i "),
        (1, "Mål", ClauseKind.BULLET, "Ingen går alen"),
        (2, "Hvad gør vi?", ClauseKind.PARAGRAPH, "Her er det vig"),
        (2, "Hvad gør vi?", ClauseKind.BULLET, "Klassen skrive"),
        (2, "Hvad gør vi?", ClauseKind.BULLET, "Der er to voks"),
        (2, "Hvad gør vi?", ClauseKind.SUBHEADING, "Hjemmet"),
        (2, "Hvad gør vi?", ClauseKind.BULLET, "Forældrene lav"),
    ]


def test_another_title_or_an_empty_section_is_a_change_too(app):
    bring_in()
    assert bring_in(TEXT.replace("Vores strategi", "Vores nye strategi")).title == "Vores nye strategi"
    draft = bring_in(TEXT + "\n## Opfølgning\n")
    assert list(dict(queries.get_text(draft).sections)) == ["", "Mål", "Hvad gør vi?", "Opfølgning"]
    assert queries.get_document(draft).sections[-1].blocks == ()


SHORT = TEXT.replace("## Mål\n", "## Mål\n\n> Vi passer på hinanden.\n")


def summaries_of(edition: Edition | None) -> dict[str, str]:
    """What each section that says it in short says."""
    assert edition is not None
    return {heading: summary for heading, summary in queries.get_text(edition).sections if summary}


@pytest.mark.both
def test_a_summary_comes_in_with_the_file_and_goes_out_with_it(app):
    edition = bring_in(SHORT)
    assert summaries_of(edition) == {"Mål": "Vi passer på hinanden."}
    assert "## Mål\n\n> Vi passer på hinanden.\n\n- Alle" in write_document(queries.get_document(edition))
    before = everything()
    assert bring_in(SHORT) is None
    assert bring_in(write_document(queries.get_document(edition))) is None
    assert everything() == before


@pytest.mark.both
def test_another_summary_alone_is_a_change_and_touches_no_clause(app):
    first = bring_in(SHORT)
    changed = SHORT.replace("passer på", "hjælper")
    plan = services.plan_import(read_document(changed))
    assert (plan.outcome, plan.comparison.unchanged) == (Outcome.NEW_DRAFT, 9)
    [section] = plan.comparison.by_section
    assert section.summaries == ("Vi passer på hinanden.", "Vi hjælper hinanden.")
    draft = bring_in(changed)
    assert summaries_of(draft) == {"Mål": "Vi hjælper hinanden."}
    assert (summaries_of(first), keys_of(draft)) == ({"Mål": "Vi passer på hinanden."}, keys_of(first))
    before = everything()
    assert bring_in(changed) is None
    assert everything() == before


def test_a_file_without_block_quotes_keeps_each_summary_whose_heading_is_the_same(app):
    bring_in(SHORT)
    assert bring_in(TEXT) is None
    assert summaries_of(bring_in(TEXT.replace("hver dag", "hver time"))) == {"Mål": "Vi passer på hinanden."}
    assert summaries_of(bring_in(TEXT.replace("## Mål", "## Målet"))) == {}
    draft = bring_in(SHORT.replace("passer på", "hjælper").replace("hver dag", "hver time"))
    assert bring_in(TEXT.replace("hver dag", "hver time")) is None
    assert summaries_of(draft) == {"Mål": "Vi hjælper hinanden."}


def test_a_file_with_a_block_quote_says_all_of_them(app):
    bring_in(SHORT)
    draft = bring_in(TEXT.replace("## Hvad gør vi?\n", "## Hvad gør vi?\n\n> Vi gør meget.\n"))
    assert summaries_of(draft) == {"Hvad gør vi?": "Vi gør meget."}


# --- the board's decision


@pytest.mark.both
def test_an_approved_draft_becomes_the_one_current_edition(app):
    first = bring_in()
    draft = bring_in(TEXT.replace("hver dag", "hver time"))
    services.approve_draft(draft, approved_on=date(2026, 9, 1), actor=BY_ITSELF, now=clock.now())
    db.session.commit()
    assert (first.state, draft.state) == (EditionState.SUPERSEDED, EditionState.APPROVED)
    assert (draft.approved_on, draft.school_year) == (date(2026, 9, 1), 2026)
    assert queries.get_current() is draft
    assert queries.get_draft() is None


@pytest.mark.both
def test_a_text_can_be_imported_and_approved_in_one_go(app):
    bring_in()
    changed = TEXT.replace("hver dag", "hver time")
    assert bring_in(changed, approved_on=date(2026, 6, 20)).is_current
    further = TEXT.replace("hver dag", "hvert minut")
    bring_in(further)
    assert bring_in(further, approved_on=date(2026, 7, 1)).number == 3
    assert [edition.state for edition in queries.list_editions(None)] == ["approved", "superseded", "superseded"]


def test_the_text_that_holds_is_not_approved_again_and_approves_no_other(app):
    bring_in()
    draft = bring_in(TEXT.replace("hver dag", "hver time"))
    assert bring_in(TEXT, approved_on=date(2026, 7, 1)) is None
    assert draft.is_draft


def test_only_a_draft_is_approved_or_thrown_away(app):
    first = bring_in()
    second = bring_in(TEXT.replace("hver dag", "hver time"), approved_on=date(2026, 6, 20))
    before = everything()
    for edition in (first, second):
        with pytest.raises(RuleViolation, match="cannot be changed"):
            services.approve_draft(edition, approved_on=date(2026, 7, 1), actor=BY_ITSELF, now=clock.now())
        with pytest.raises(RuleViolation, match="cannot be changed"):
            services.discard_draft(edition, actor=BY_ITSELF, now=clock.now())
    db.session.commit()
    assert everything() == before


@pytest.mark.parametrize(("day", "words"), [(date(2026, 11, 24), "future"), (date(2026, 5, 31), "later than that")])
def test_a_day_that_cannot_be_is_refused(app, day, words):
    bring_in()
    draft = bring_in(TEXT.replace("hver dag", "hver time"))
    with pytest.raises(RuleViolation, match=words):
        services.approve_draft(draft, approved_on=day, actor=BY_ITSELF, now=clock.now())
    db.session.rollback()
    assert queries.get_draft() is not None


@pytest.mark.both
def test_approved_editions_stay_letter_for_letter_whatever_comes_after(app):
    for number, word in enumerate(("time", "morgen", "aften")):
        bring_in()
        kept = [queries.get_document(edition) for edition in queries.list_editions(None)]
        rows = [
            [row for row in table if row.edition_id in {edition.id for edition in queries.list_editions(None)}]
            for table in everything()[1:3]
        ]
        bring_in(TEXT.replace("hver dag", f"hver {word}") + "- Mere\n")
        bring_in(TEXT.replace("hver dag", f"hver {word}"))
        bring_in(TEXT.replace("hver dag", f"hver {word}"), approved_on=date(2026, 7, 1) + timedelta(days=number))
        editions = queries.list_editions(None)
        assert [queries.get_document(edition) for edition in editions[1:]] == kept
        after = everything()[1:3]
        assert all(row in table for old, table in zip(rows, after, strict=True) for row in old)


@pytest.mark.both
def test_the_database_itself_refuses_two_current_editions_and_two_drafts(app):
    for state in (EditionState.APPROVED, EditionState.DRAFT):
        db.session.add_all(
            Edition(number=number, school_year=2026, title="x", state=state, imported_at=clock.now())
            for number in (1, 2)
        )
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_draft_that_is_thrown_away_leaves_the_strategy_as_it_was(app):
    bring_in()
    before = everything()[:3]
    services.discard_draft(bring_in(TEXT.replace("hver dag", "hver time")), actor=BY_ITSELF, now=clock.now())
    db.session.commit()
    assert everything()[:3] == before


# --- two people


def test_who_saw_another_state_of_the_strategy_is_stopped(app, wall_clock):
    seen = services.plan_import(read_document(TEXT)).stamp
    bring_in()
    changed = read_document(TEXT.replace("hver dag", "hver time"))
    with pytest.raises(Conflict):
        services.import_strategy(changed, actor=BY_ITSELF, now=clock.now(), seen=seen)
    seen = services.plan_import(changed).stamp
    draft = services.import_strategy(changed, actor=BY_ITSELF, now=clock.now(), seen=seen)
    stamp = draft.stamp
    wall_clock(timedelta(minutes=1))
    bring_in(TEXT.replace("hver dag", "hver aften"))
    with pytest.raises(Conflict):
        services.approve_draft(draft, approved_on=date(2026, 7, 1), actor=BY_ITSELF, now=clock.now(), seen=stamp)


def in_parallel(app: Flask, work: Callable[[], object], times: int) -> list[object]:
    """What came of the same work done at once in several transactions; an error is a result too."""
    start, results = threading.Barrier(times), []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                results.append(work())
                db.session.commit()
            except (IntegrityError, RuleViolation) as fault:
                db.session.rollback()
                results[-1:] = [fault]

    db.session.commit()
    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return results


@pytest.mark.both
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "next"])
def test_imports_at_the_same_moment_leave_one_text(app, is_first):
    if not is_first:
        bring_in()
    document = read_document(TEXT.replace("hver dag", "hver time"))
    in_parallel(app, lambda: services.import_strategy(document, actor=BY_ITSELF, now=clock.now()), 4)
    edition = queries.list_editions(None)[0] if is_first else queries.get_draft()
    assert count(Edition) == (1 if is_first else 2)
    assert queries.get_document(edition).sections == document.sections
    assert count(Act) == (2 if is_first else 3)


@pytest.mark.both
def test_approvals_at_the_same_moment_are_one_act(app):
    bring_in()
    draft_id = bring_in(TEXT.replace("hver dag", "hver time")).id
    acts = count(Act)

    def approve() -> None:
        draft = db.session.get(Edition, draft_id)
        services.approve_draft(draft, approved_on=date(2026, 7, 1), actor=BY_ITSELF, now=clock.now())

    in_parallel(app, approve, 4)
    assert queries.get_current().id == draft_id
    assert count(Act) == acts + 1


# --- the plan


def test_the_plan_tells_what_would_come_of_it_and_changes_nothing(app):
    assert services.plan_import(read_document(TEXT)).outcome is Outcome.FIRST
    bring_in()
    before = everything()
    bullet = "- Alle er med i legen i frikvarteret\n"
    plan = services.plan_import(
        read_document(
            TEXT.replace("Ingen går alene hjem fra skole", "Ingen børn går alene hjem fra skole")
            .replace("- Der er to voksne ude i hvert frikvarter\n", "- Mobilerne bliver i tasken\n")
            .replace(bullet, "")
            .replace("### Hjemmet\n", f"### Hjemmet\n\n{bullet}")
        )
    )
    assert (plan.outcome, plan.number) == (Outcome.NEW_DRAFT, 2)
    assert (plan.comparison.added, plan.comparison.removed, plan.comparison.reworded) == (1, 1, 1)
    assert (plan.comparison.moved, plan.comparison.unchanged) == (1, 6)
    [reworded] = [change for change in plan.comparison.changes if change.is_reworded]
    assert reworded.before.key == reworded.after.key
    assert everything() == before


def test_the_plan_says_when_the_text_is_already_here(app):
    bring_in()
    changed = TEXT.replace("hver dag", "hver time")
    assert services.plan_import(read_document(changed)).outcome is Outcome.NEW_DRAFT
    bring_in(changed)
    assert services.plan_import(read_document(changed)).outcome is Outcome.SAME_AS_DRAFT
    assert services.plan_import(read_document(TEXT)).outcome is Outcome.SAME_AS_CURRENT
    assert services.plan_import(read_document(TEXT + "- Mere\n")).outcome is Outcome.REPLACED_DRAFT


def test_another_heading_over_the_same_clauses_moves_none_of_them(app):
    bring_in()
    plan = services.plan_import(read_document(TEXT.replace("## Mål", "## Det vil vi")))
    assert (plan.comparison.moved, plan.comparison.unchanged) == (0, 9)
    assert (plan.comparison.new_headings, plan.comparison.gone_headings) == (("Det vil vi",), ("Mål",))


def test_changes_are_listed_under_the_headings_they_stand_or_stood_under(app):
    bring_in(TEXT + "\n## Væk\n\n- Det her holder vi op med\n")
    plan = services.plan_import(read_document(SHORT.replace("- Der er to voksne ude i hvert frikvarter\n", "")))
    listed = [(section.heading, section.summaries, section.changes) for section in plan.comparison.by_section]
    assert [(heading, summaries) for heading, summaries, _ in listed] == [
        ("Mål", ("", "Vi passer på hinanden.")),
        ("Hvad gør vi?", ("", "")),
        ("Væk", ("", "")),
    ]
    assert [
        [(change.is_removed, change.after, change.placed.text) for change in changes] for *_, changes in listed
    ] == [
        [],
        [(True, None, "Der er to voksne ude i hvert frikvarter")],
        [(True, None, "Det her holder vi op med")],
    ]


def test_a_text_with_too_many_clauses_is_refused_before_anything_is_compared(app):
    with pytest.raises(RuleViolation, match="301"):
        services.plan_import(read_document(TEXT + "".join(f"- Punkt {number}\n" for number in range(292))))


@pytest.mark.parametrize("first", range(5))
def test_no_key_is_given_twice_however_a_text_is_turned_round(app, first):
    bring_in()
    texts = [placed.text for placed in read_document(TEXT).texts]
    lines = "\n".join(f"- {text}" for text in texts[first:] + texts[:first] + texts[:3])
    keys = [row.key for row in queries.list_text(bring_in(f"# T\n\n## Mål\n\n{lines}\n").id)]
    assert len(keys) == len(set(keys)) == 12


# --- the command


@pytest.fixture
def command(app: Flask, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """`flask strategy-import` on a file with this content; the exit code and everything it said."""

    def run(content: str | bytes, *options: str) -> tuple[int, str]:
        file = tmp_path / "strategy.md"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["strategy-import", str(file), *options])
        db.session.rollback()  # what the end of a process does to what it has not committed
        return result.exit_code, result.output.replace(str(file), "FILE")

    return run


def test_the_command_says_in_words_what_it_did(command):
    assert command(TEXT, "--dry-run") == (
        0,
        "Edition 1: 2 sections with 9 clauses.\nDry run: nothing is stored.\n",
    )
    assert count(Edition) == 0
    assert command(TEXT)[1].endswith("Edition 1, approved on 2026-06-01, is now the strategy.\n")
    assert command(TEXT) == (0, "The strategy already says this, word for word.\nNothing is stored.\n")
    changed = TEXT.replace("hver dag", "hver time")
    assert "1 reworded" in command(changed)[1]
    assert queries.get_draft().number == 2
    assert command(changed, "--approved-on", "2026-07-01")[1].endswith("is now the strategy.\n")
    assert queries.get_current().approved_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("hello\n", (), "FILE: Line 1: the strategy has no title"),
        ("# T\n\n## A\n\n- x\n\n| a | b |\n|---|---|\n", (), "FILE: Line 7: a table"),
        (b"# T\n\n## A\n\n- \x00\n", (), "FILE: Line 5: this is not a text file"),
        (b"\x81\xff\x00", (), "FILE: Line 1: this is not a text file"),
        (TEXT, ("--approved-on", "last June"), "last June is not a day"),
        (TEXT, ("--approved-on", "2030-01-01"), "FILE: The day of the decision cannot lie in the future"),
    ],
)
def test_every_fault_is_one_line_and_exit_code_1(command, content, options, words):
    code, output = command(content, *options)
    assert code == 1
    assert output.splitlines()[-1].startswith(words)
    assert count(Edition) == 0


def test_a_file_that_is_not_there_is_one_line_too(app):
    result = app.test_cli_runner().invoke(args=["strategy-import", "nowhere.md"])
    assert (result.exit_code, result.output) == (1, "nowhere.md: No such file or directory\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_as_danish_programs_save_it(command, encoding):
    assert command(TEXT.encode(encoding))[0] == 0
    assert "Alle er med i legen i frikvarteret" in keys_of(queries.get_current())
    assert "Forældrene laver legeaftaler på tværs af klassen" in keys_of(queries.get_current())


def test_what_is_no_text_at_all_is_a_fault():
    with pytest.raises(DocumentFault):
        services.decode_file(b"\x81\x8d")
