"""Tables from the office are read whole or refused with a line, and written so that no spreadsheet calculates them."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.csvfile import FORMULA_STARTS, LONGEST_CELL, TableFault, read_table, write_table


def read(text: str, encoding: str = "utf-8"):
    return read_table(text.encode(encoding), "elever.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_danish_letters_are_read_however_excel_saved_them(encoding):
    table = read("Fornavn;Årgang\r\nÆble;3\r\n", encoding)
    assert table.header == ("fornavn", "årgang")
    assert table.rows[0].values == {"fornavn": "Æble", "årgang": "3"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_the_one_the_column_names_use(delimiter):
    table = read(f'"navn; kaldet, også"{delimiter}klasse\nAlma{delimiter}3.A\n')
    assert [row["klasse"] for row in table.rows] == ["3.A"]


def test_one_column_needs_no_delimiter():
    assert [row["navn"] for row in read("navn\nAlma\nBo\n").rows] == ["Alma", "Bo"]


def test_the_delimiter_excel_names_in_its_first_line_is_obeyed():
    table = read("sep=,\nnavn;kaldet,klasse\nAlma,3.A\n")
    assert table.header == ("navn;kaldet", "klasse")
    assert table.rows[0].line == 3


def test_column_names_are_put_into_one_form():
    assert read(" Elev-navn ;E-mail;Født  den;ØNSKER\n1;2;3;4\n").header == (
        "elev_navn",
        "e_mail",
        "født_den",
        "ønsker",
    )


def test_values_are_trimmed_and_their_letters_composed():
    [row] = read("navn;by\n  A\u030age \u00a0; Varde\n").rows
    assert (row["navn"], row["by"], row.get("tlf")) == ("Åge", "Varde", "")


def test_every_row_knows_the_line_it_begins_on():
    table = read('\n\nnavn;note\r\nAlma;"to\r\nlinjer"\r\n\r\n;\r\nBo;en\r\n')
    assert [(row.line, row["navn"], row["note"]) for row in table.rows] == [(4, "Alma", "to\nlinjer"), (8, "Bo", "en")]


def test_empty_columns_to_the_right_of_the_table_are_left_out():
    table = read("navn;klasse;;\nAlma;3.A;;\nBo;3.B\n")
    assert table.header == ("navn", "klasse")
    assert [row["klasse"] for row in table.rows] == ["3.A", "3.B"]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"", 1, "elever.csv is empty"),
        (b"\xef\xbb\xbf\r\n \r\n;;\r\n", 1, "elever.csv is empty"),
        ("navn;klasse\n".encode("utf-16"), 1, "not a CSV file"),
        (b"PK\x03\x04\x14\x00\x06\x00", 1, "not a CSV file"),
        (b"navn\nAl\x81ma\n", 1, "not a CSV file"),
        (b"navn\nAl\0ma\n", 1, "not a CSV file"),
        (b"navn;Navn \n1;2\n", 1, "two columns are called \u201cnavn\u201d"),
        (b"\nnavn;;klasse\n1;2;3\n", 2, "column 2 has no name"),
        (b'navn;note\n"a\nb";c\nAlma\n', 4, "1 values for 2 columns"),
        (b"navn;note\nAlma;b;c\n", 2, "3 values for 2 columns"),
        (b'navn;note\nAlma;"b\nc;d\ne;f\n', 2, "quotation mark"),
        (b'navn;note\nAlma;"b"c\n', 2, "quotation mark"),
        (b"navn\n" + b"x" * (LONGEST_CELL + 1), 2, "more than 10000 characters"),
        (b"navn\n" + b"x" * 200_000, 2, "far too long"),
    ],
)
def test_a_file_that_cannot_be_read_names_the_line_and_what_is_wrong(data, line, says):
    with pytest.raises(TableFault) as fault:
        read_table(data, "elever.csv")
    assert fault.value.line == line
    assert says in str(fault.value)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try:
        table = read_table(data, "x.csv")
    except TableFault:
        return
    assert all(set(row.values) == set(table.header) for row in table.rows)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_a_spreadsheet_would_calculate_is_marked_as_text(start):
    written = write_table([[f"{start}1+1", "Alma"]], [f"{start}navn", "b"])
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=";"):
        assert row[0].startswith(f"'{start}")


def test_numbers_dates_and_nothing_are_written_as_they_are():
    written = write_table([[-5, 2.5, None, date(2026, 8, 1)]], ["a", "b", "c", "d"])
    assert written == '"a";"b";"c";"d"\r\n"-5";"2.5";"";"2026-08-01"\r\n'


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\";,\n"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
@settings(max_examples=200, deadline=None)
def test_what_was_written_is_read_back(rows):
    table = read(write_table(rows, ["navn", "note"]))
    trimmed = [[normalised(cell) for cell in row] for row in rows]
    assert [list(row.values.values()) for row in table.rows] == [row for row in trimmed if any(row)]


def normalised(cell: str) -> str:
    """A cell as a file with the one column and the one value gives it."""
    rows = read(write_table([[cell]], ["navn"])).rows
    return rows[0]["navn"] if rows else ""


def test_a_telephone_number_survives_the_way_out_and_in():
    assert read(write_table([["+45 12 34 56 78"]], ["tlf"])).rows[0]["tlf"] == "+45 12 34 56 78"
