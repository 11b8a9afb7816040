"""Tables as the school office has them: CSV files from Excel and other systems, read with care and written safely."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.errors import N_, RuleViolation
from portal.text.letters import composed

DELIMITERS = ";,\t"  # Danish Excel writes ";", and on a tie it is the likeliest
LONGEST_CELL = 10_000

# What a spreadsheet takes for a formula, full-width forms included (OWASP ASVS 1.2.10).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT_MARK = "'"

_BINARY = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EXCEL_HINT = re.compile(r"sep=([;,\t])[ \t]*(\r\n|\r|\n)", re.IGNORECASE)


class TableFault(RuleViolation):
    """A file cannot be read as a table: which line, what is wrong there and what to do about it."""

    def __init__(self, message: str, line: int, **values: object) -> None:
        super().__init__(message, line=line, **values)
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table by column name, and the line of the file it begins on."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def get(self, column: str) -> str:
        """The value, or nothing where the file does not have the column."""
        return self.values.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns, by their normalised names, and its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes, name: str) -> Table:
    """The table in a CSV file: UTF-8 or Windows-1252, separated by semicolons, commas or tabs.

    Column names come in lower case with underscores, values trimmed and in NFC; rows without a value are passed over.
    Raises TableFault for what cannot be read without guessing. Nothing is read unless all of it is.
    """
    text = _decoded(data, name)
    hint = _EXCEL_HINT.match(text)
    body = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else _delimiter(body)
    records = _records(body, delimiter, lines_before=1 if hint else 0)
    header_line, cells = next(records, (1, []))
    if not cells:
        raise TableFault(
            N_("%(name)s is empty. Choose a file with a row of column names and the rows below."), 1, name=name
        )
    header = _header(cells, header_line)
    return Table(name, header, tuple(_row(cells, header, line) for line, cells in records))


def write_table(rows: Iterable[Sequence[object]], header: Sequence[str]) -> str:
    """The rows as CSV that Danish Excel opens as a table and never as a formula.

    Text a spreadsheet would calculate gets an apostrophe before it, which `read_table` takes away again. Those who
    write the file to disk or send it add the byte order mark.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=DELIMITERS[0], quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_guarded(name) for name in header])
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return buffer.getvalue()


def _decoded(data: bytes, name: str) -> str:
    if _BINARY.search(data):
        raise _not_text(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise _not_text(name) from None


def _not_text(name: str) -> TableFault:
    return TableFault(N_("%(name)s is not a CSV file. Open it in Excel and save it as “CSV UTF-8”."), 1, name=name)


def _delimiter(text: str) -> str:
    """The delimiter the first line with anything on it has most of, outside quotation marks."""
    counts = dict.fromkeys(DELIMITERS, 0)
    is_quoted = False
    for char in text.lstrip("\r\n"):
        if char == '"':
            is_quoted = not is_quoted
        elif not is_quoted and char in "\r\n":
            break
        elif not is_quoted and char in counts:
            counts[char] += 1
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _records(text: str, delimiter: str, *, lines_before: int) -> Iterator[tuple[int, list[str]]]:
    """Every record with a value in it, trimmed, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = lines_before + reader.line_num + 1
        try:
            cells = [_value(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise TableFault(
                N_(
                    "Line %(line)s: a value cannot be read. Look for a quotation mark without its partner, or a value "
                    "that is far too long."
                ),
                line,
            ) from None
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise TableFault(
                N_("Line %(line)s: a value has more than %(limit)s characters. Shorten it."), line, limit=LONGEST_CELL
            )
        if any(cells):
            yield line, cells


def _value(cell: str) -> str:
    value = composed(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    is_guarded = value.startswith(TEXT_MARK) and value[1:].startswith(FORMULA_STARTS)
    return value[1:].strip() if is_guarded else value


def _header(cells: list[str], line: int) -> tuple[str, ...]:
    names = [re.sub(r"[\s-]+", "_", cell.lower()) for cell in cells]
    while not names[-1]:  # Excel keeps the empty columns to the right of a table
        names.pop()
    seen: set[str] = set()
    for number, name in enumerate(names, 1):
        if not name:
            raise TableFault(
                N_("Line %(line)s: column %(number)s has no name. Give it one or delete the column."),
                line,
                number=number,
            )
        if name in seen:
            raise TableFault(
                N_("Line %(line)s: two columns are called “%(column)s”. Rename or delete one."), line, column=name
            )
        seen.add(name)
    return tuple(names)


def _row(cells: list[str], header: tuple[str, ...], line: int) -> Row:
    if len(cells) < len(header):
        raise TableFault(
            N_("Line %(line)s: %(found)s values for %(expected)s columns. Fill in the missing, or leave it empty."),
            line,
            found=len(cells),
            expected=len(header),
        )
    if any(cells[len(header) :]):
        raise TableFault(
            N_(
                "Line %(line)s: %(found)s values for %(expected)s columns. Put quotation marks around a value that "
                "has a “;” or “,” in it."
            ),
            line,
            found=len(cells),
            expected=len(header),
        )
    return Row(line, dict(zip(header, cells, strict=False)))


def _guarded(value: object) -> object:
    """The value, a text marked as such when a spreadsheet would calculate it; None is an empty cell."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"{TEXT_MARK}{text}" if text.startswith(FORMULA_STARTS) else text
