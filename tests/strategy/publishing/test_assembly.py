"""The next edition out of today's text and of decided changes: what stays, what goes, where something new stands."""

from __future__ import annotations

import pytest

from portal.strategy.changes import Text
from portal.strategy.kinds import AmendmentKind, ClauseKind
from portal.strategy.matching import KeyedText
from portal.strategy.publishing.assembly import Edit, assemble, has_place


def bullet(key: str, text: str, place: int, heading: str) -> KeyedText:
    return KeyedText(heading, ClauseKind.BULLET, text, key, place=place)


TEXT = Text(
    "Strategi",
    (("", ""), ("Mål", "Kort."), ("Mål", "")),
    (
        KeyedText("", ClauseKind.PARAGRAPH, "Sådan er vi.", "k1", place=0),
        bullet("k2", "Vi hilser.", 1, "Mål"),
        bullet("k3", "Vi leger.", 1, "Mål"),
        bullet("k4", "Vi synger.", 2, "Mål"),
    ),
)


def words(*edits: Edit) -> list[tuple[int, str]]:
    return [(clause.place, clause.text) for clause in assemble(TEXT, edits).clauses]


def test_without_a_change_it_is_the_same_text() -> None:
    assert assemble(TEXT, ()) == TEXT


def test_other_words_keep_key_kind_and_place() -> None:
    changed = assemble(TEXT, [Edit("k1", "Sådan vil vi være.")]).clauses[0]
    assert changed == KeyedText("", ClauseKind.PARAGRAPH, "Sådan vil vi være.", "k1", place=0)


def test_a_clause_goes_and_its_neighbours_stay() -> None:
    assert words(Edit("k3", "")) == [(0, "Sådan er vi."), (1, "Vi hilser."), (2, "Vi synger.")]


def test_something_new_stands_behind_its_clause_also_when_that_one_goes() -> None:
    new = Edit("n1", "Vi spørger.", is_new=True, after_key="k2", heading="1. Mål")
    later = Edit("n2", "Vi lytter.", is_new=True, after_key="k2", heading="1. Mål")
    assert words(Edit("k2", ""), new, later)[1:4] == [(1, "Vi spørger."), (1, "Vi lytter."), (1, "Vi leger.")]


@pytest.mark.parametrize(("heading", "place"), [("1. Mål", 1), ("2. Mål", 2), ("Mål", 1), ("", 0)])
def test_without_a_clause_to_stand_behind_it_is_the_last_of_its_section(heading: str, place: int) -> None:
    new = Edit("n1", "Vi spørger.", is_new=True, heading=heading)
    found = assemble(TEXT, [new]).clauses
    (there,) = [clause for clause in found if clause.key == "n1"]
    assert (there.place, there.kind) == (place, ClauseKind.BULLET)
    assert [clause.key for clause in found if clause.place == place][-1] == "n1"


def test_a_sections_short_words_change_and_its_clauses_stay() -> None:
    changed = assemble(TEXT, [Edit("k2", "Vi er søde.", is_summary=True)])
    assert changed.sections == (("", ""), ("Mål", "Vi er søde."), ("Mål", ""))
    assert changed.clauses == TEXT.clauses


def test_what_has_no_place_is_not_put_anywhere() -> None:
    with pytest.raises(KeyError):
        assemble(TEXT, [Edit("gone", "x")])
    with pytest.raises(KeyError):
        assemble(TEXT, [Edit("n1", "x", is_new=True, after_key="gone", heading="Et andet afsnit")])


class Something:
    def __init__(self, kind: AmendmentKind, clause_key: str | None, after_key: str | None, heading: str) -> None:
        self.kind, self.clause_key, self.after_key, self.heading = kind, clause_key, after_key, heading


@pytest.mark.parametrize(
    ("about", "stands"),
    [
        (Something(AmendmentKind.CHANGE, "k2", None, "1. Mål"), True),
        (Something(AmendmentKind.REMOVE, "gone", None, "1. Mål"), False),
        (Something(AmendmentKind.ADD, None, "k2", "Før"), True),
        (Something(AmendmentKind.ADD, None, "gone", "2. Mål"), True),
        (Something(AmendmentKind.ADD, None, "gone", "Før"), False),
    ],
)
def test_whether_there_is_a_place_for_it(about: Something, stands: bool) -> None:
    assert has_place(TEXT, about) is stands
