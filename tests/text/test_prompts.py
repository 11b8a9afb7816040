"""A template's questions are answered or taken out; brackets that belong to a text stay."""

from __future__ import annotations

import pytest

from portal.errors import RuleViolation
from portal.text.prompts import check_no_prompts


@pytest.mark.parametrize("text", ["[Hvordan går det?]", "### A\n\n[Hvad nu?]\n", "- [En ting]", "Ord.\n  1. [Mere?]  "])
def test_a_question_of_a_template_is_seen(text: str) -> None:
    with pytest.raises(RuleViolation):
        check_no_prompts(text)


@pytest.mark.parametrize(
    "text", ["", "Se [vores side](https://example.org).", "Vi sang [to gange].", "[x](/y)", "[a] og [b]", "a [\nb]"]
)
def test_brackets_of_a_text_are_left_alone(text: str) -> None:
    check_no_prompts(text)
