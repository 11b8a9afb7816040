"""`make names`: how well the name guard reads the sentences of name_sentences.txt, and which it reads wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.name_guard.finder import Certainty, PupilName, find_names

SENTENCES = Path(__file__).with_name("name_sentences.txt")
_ESCAPE = re.compile(r"\\n|\\u([0-9a-f]{4})")


@dataclass(frozen=True)
class Sentence:
    """A text, the words that name a pupil beyond doubt, and those that may."""

    text: str
    certain: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """How much of what was found is right, and how much of what is right was found."""

    right_found: int
    found: int
    wanted_found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of what was found, the part that is right."""
        return self.right_found / self.found

    @property
    def recall(self) -> float:
        """Of what is right, the part that was found."""
        return self.wanted_found / self.wanted

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f} ({self.right_found} of {self.found}), "
            f"recall {self.recall:.3f} ({self.wanted_found} of {self.wanted})"
        )


@dataclass(frozen=True)
class Result:
    """What the guard made of the sentences: names to confirm, warnings, and a line for each misreading."""

    names: Score
    warnings: Score
    misread: tuple[str, ...]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else "\n", text)


def _words(column: str) -> tuple[str, ...]:
    return tuple(_unescaped(words.strip()) for words in column.split(";") if words.strip())


def _lines() -> Iterator[str]:
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "== ")) or line.startswith("## "):
            yield line


def pupils() -> list[PupilName]:
    """The made-up class."""
    lines = [line.split(", ") for line in _lines() if "=>" not in line]
    return [PupilName(number, first, last) for number, (first, last) in enumerate(lines, start=1)]


def sentences() -> list[Sentence]:
    """All sentences, as they were written before the guard was."""
    read = []
    for line in _lines():
        if "=>" in line:
            text, _, answer = line.rpartition("=>")
            certain, _, possible = answer.partition("??")
            read.append(Sentence(_unescaped(text.strip()), _words(certain), _words(possible)))
    return read


def measure() -> Result:
    """Read every sentence. A warning where a confirmation was due is a miss; a confirmation for a warning is not."""
    counts = dict.fromkeys(("confirm", "confirm_right", "due", "met", "warn", "warn_right", "possible", "warned"), 0)
    misread = []
    roster = pupils()
    for sentence in sentences():
        found = find_names(sentence.text, roster)
        confirm = {name.words for name in found if name.certainty is Certainty.NAMES}
        warn = {name.words for name in found if name.certainty is Certainty.MAY_NAME}
        certain, possible = set(sentence.certain), set(sentence.possible)
        counts["confirm"] += len(confirm)
        counts["confirm_right"] += len(confirm & certain)
        counts["due"] += len(certain)
        counts["met"] += len(certain & confirm)
        counts["warn"] += len(warn)
        counts["warn_right"] += len(warn & (possible | certain))
        counts["possible"] += len(possible)
        counts["warned"] += len(possible & (warn | confirm))
        if (confirm, warn) != (certain, possible):
            misread.append(
                f"{sentence.text!r}\n    meant {_listed(certain, possible)}\n    found {_listed(confirm, warn)}"
            )
    return Result(
        Score(counts["confirm_right"], counts["confirm"], counts["met"], counts["due"]),
        Score(counts["warn_right"], counts["warn"], counts["warned"], counts["possible"]),
        tuple(misread),
    )


def _listed(certain: set[str], possible: set[str]) -> str:
    return ", ".join([*sorted(certain), *(f"{words}?" for words in sorted(possible))]) or "nobody"


def main() -> None:
    """Print the scores and every sentence that was read otherwise than meant."""
    result = measure()
    for line in result.misread:
        print(line)
    print(f"\n{len(sentences())} sentences, {len(pupils())} pupils, {len(result.misread)} read otherwise than meant")
    print(f"to confirm: {result.names}")
    print(f"warnings:   {result.warnings}")


if __name__ == "__main__":
    main()
