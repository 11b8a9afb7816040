"""Reading the register's four files into a `Roster`: every fault of all of them at once, and never an exception.

The files and their columns are described for the office in docs/import.md. No database, no Flask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Role
from portal.accounts.protection import Protection
from portal.errors import N_
from portal.school.roster import cells
from portal.school.roster.comparison import Remark, Roster, RosterAdult, RosterClass, RosterPupil
from portal.school.roster.sheets import Remarks, Row, folded, tidy
from portal.school.roster.ties import Tie, TieKind
from portal.school.roster.words import (
    CLASSES,
    FILES,
    FUNCTIONS,
    GUARDIANS,
    HEADINGS,
    LANGUAGES,
    OPTIONAL,
    PUPILS,
    REQUIRED,
    STAFF,
)
from portal.text.csvfile import TableFault, read_table

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 20_000

_TWICE = N_("Line %(line)s says this too. Keep one of the two rows.")


@dataclass(frozen=True)
class Reading:
    """What the files say. `roster` is None when there are faults: all or nothing."""

    roster: Roster | None
    faults: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def read_roster(files: Mapping[str, bytes], *, today: date) -> Reading:
    """Read the four files together; raises nothing, whatever the bytes are."""
    remarks = Remarks()
    sheets = {name: tuple(_rows(name, files.get(name), remarks)) for name in FILES}
    roster = _Register(sheets, remarks, today).read()

    def in_order(found: list[Remark]) -> tuple[Remark, ...]:
        return tuple(sorted(found, key=lambda remark: (FILES.index(remark.file), remark.line)))

    return Reading(None if remarks.faults else roster, in_order(remarks.faults), in_order(remarks.warnings))


def _rows(file: str, data: bytes | None, remarks: Remarks) -> Iterator[Row]:
    """The rows of one file; none when the file as a whole cannot be used."""

    def refuse(message: str, **values: object) -> None:
        remarks.faults.append(Remark(file, 0, "", "", message, values))

    if data is None:
        refuse(N_("The file is missing. All four files belong together."))
        return
    if len(data) > LARGEST_FILE:
        refuse(N_("The file is larger than %(megabytes)s MB. Is it the right one?"), megabytes=LARGEST_FILE // 2**20)
        return
    try:
        table = read_table(data, file)
    except TableFault as fault:
        remarks.faults.append(Remark(file, fault.line, "", "", fault.message, fault.values))
        return
    if not table.rows:
        refuse(N_("The file has no rows below its headings."))
    elif len(table.rows) > MOST_ROWS:
        refuse(N_("The file has more than %(rows)s rows. Is it the right one?"), rows=MOST_ROWS)
    elif (headings := _headings(file, table.header, remarks)) is not None:
        for row in table.rows:
            written = {column: row[heading] for column, heading in headings.items()}
            yield Row(file, row.line, written, headings, remarks)


def _headings(file: str, written: tuple[str, ...], remarks: Remarks) -> dict[str, str] | None:
    """The heading as it is written for each column of ours; None when the file lacks one or has one twice."""
    columns = {
        folded(word): column for column in (*REQUIRED[file], *OPTIONAL[file]) for word in (column, *HEADINGS[column])
    }
    found: dict[str, str] = {}
    faults = len(remarks.faults)
    for heading in written:
        column = columns.get(folded(heading))
        if column is None:
            unread = N_("This column is not known, so it was not read.")
            remarks.warnings.append(Remark(file, 1, heading, "", unread))
        elif column in found:
            twice = N_("The column is here twice, also as “%(other)s”. Remove one of them.")
            remarks.faults.append(Remark(file, 1, heading, "", twice, {"other": found[column]}))
        else:
            found[column] = heading
    for column in REQUIRED[file]:
        if column not in found:
            missing = N_("The column is missing. Add it; in Danish it is called “%(danish)s”.")
            remarks.faults.append(Remark(file, 1, column, "", missing, {"danish": HEADINGS[column][0]}))
    return found if len(remarks.faults) == faults else None


class _Register:
    """The four files being read: ids must be known and stand once, and a person must be the same in every row."""

    def __init__(self, sheets: Mapping[str, tuple[Row, ...]], remarks: Remarks, today: date) -> None:
        self.sheets = sheets
        self.remarks = remarks
        self.today = today
        self.class_ids = _ids(sheets[CLASSES], "class_id")
        self.pupil_ids = _ids(sheets[PUPILS], "pupil_id")
        self.first_rows: dict[tuple[object, ...], Row] = {}
        self.adults: dict[str, dict[str, _Said]] = {}
        self.ties: dict[TieKind, dict[tuple[str | int, ...], Tie]] = {kind: {} for kind in TieKind}

    def read(self) -> Roster:
        """Everything the files say, as far as it could be read."""
        classes = [school_class for row in self.sheets[CLASSES] if (school_class := self._class(row))]
        pupils = [pupil for row in self.sheets[PUPILS] if (pupil := self._pupil(row))]
        for row in self.sheets[GUARDIANS]:
            self._guardian(row)
        for row in self.sheets[STAFF]:
            self._staff(row)
        self._look_for_pupils_without_adults()
        self._look_at_emails()
        return Roster(
            classes={(school_class.id, school_class.school_year): school_class for school_class in classes},
            pupils={pupil.id: pupil for pupil in pupils},
            adults={adult_id: _adult(adult_id, said) for adult_id, said in self.adults.items()},
            ties={kind: tuple(ties.values()) for kind, ties in self.ties.items()},
            staff=frozenset(_ids(self.sheets[STAFF], "staff_id")),
            covers_teams=bool(self.ties[TieKind.PLACE]),
            covers_roles=any("roles" in row for row in self.sheets[STAFF]),
        )

    def _class(self, row: Row) -> RosterClass | None:
        class_id, label = row.filled("class_id"), row.filled("label")
        grades, school_year = cells.grades(row), cells.school_year(row, self.today)
        self._once(row, "class_id", _TWICE, class_id, school_year)
        self._once(
            row, "label", N_("Line %(line)s has this label too. Give one of the classes another."), label, school_year
        )
        if class_id is None or label is None or grades is None or school_year is None:
            return None
        return RosterClass(class_id, school_year, label, *grades)

    def _pupil(self, row: Row) -> RosterPupil | None:
        pupil_id, first_name, last_name = row.filled("pupil_id"), row.filled("first_name"), row.text("last_name")
        class_id = self._listed(row, "class_id", row.filled("class_id"), self.class_ids, CLASSES)
        starts_on = row.day("starts_on", self.today)
        protection, alias = cells.protection(row)
        self._once(row, "pupil_id", _TWICE, pupil_id)
        if pupil_id is None or first_name is None or last_name is None:
            return None
        self._tie(TieKind.ENROLMENT, (pupil_id,), class_id, starts_on)
        return RosterPupil(pupil_id, first_name, last_name, protection, alias or "")

    def _guardian(self, row: Row) -> None:
        adult_id = row.filled("guardian_id")
        pupil_id = self._listed(row, "pupil_id", row.filled("pupil_id"), self.pupil_ids, PUPILS)
        kind = cells.kind(row)
        protection, alias = cells.protection(row)
        language = row.word("language", LANGUAGES) if "language" in row else None
        self._once(row, "pupil_id", _TWICE, adult_id, pupil_id)
        home_id = cells.home(row) if "home_id" in row else None
        said = {**cells.named(row), "language": language, "protection": protection, "alias": alias}
        if adult_id is not None:
            self._same_person(row, adult_id, {**said, "home_id": home_id})
        if adult_id is not None and pupil_id is not None:
            self._tie(TieKind.GUARDIANSHIP, (adult_id, pupil_id), kind)

    def _staff(self, row: Row) -> None:
        adult_id = row.filled("staff_id")
        class_id = row.text("class_id")
        function = row.word("function", FUNCTIONS) if class_id else None
        if class_id:
            class_id = self._listed(row, "class_id", class_id, self.class_ids, CLASSES)
        starts_on, ends_on = row.day("starts_on", self.today), row.day("ends_on", self.today)
        if starts_on and ends_on and ends_on < starts_on:
            row.fault("ends_on", N_("This is before the start date. Correct one of the two."))
        roles = cells.roles(row)
        self._once(row, "class_id", _TWICE, adult_id, class_id)
        said = cells.named(row)
        if adult_id is None:
            return
        self._same_person(row, adult_id, said)
        if class_id:
            self._tie(TieKind.PLACE, (adult_id, class_id), function, starts_on, ends_on)
        for role in roles:
            self._role(adult_id, role, starts_on, ends_on)

    def _once(self, row: Row, column: str, message: str, *key: str | int | None) -> None:
        """Refuse what another row of the same file says already."""
        if None in key:
            return
        first = self.first_rows.setdefault((row.file, column, *key), row)
        if first is not row:
            row.fault(column, message, line=first.line)

    def _listed(self, row: Row, column: str, found: str | None, known: set[str], file: str) -> str | None:
        """An id that must stand in another file too; nothing is looked up in a file that could not be read."""
        if found is None or not known or found in known:
            return found
        row.fault(column, N_("This id is not in %(file)s. Add it there, or correct it here."), file=file)
        return None

    def _same_person(self, row: Row, adult_id: str, said: Mapping[str, str | int | Protection | None]) -> None:
        """Remember what is said of an adult, and refuse two versions; an e-mail left out in one file is no version."""
        known = self.adults.setdefault(adult_id, {})
        for column, value in said.items():
            first = known.get(column)
            if value is None:
                continue
            if first is None or (column == "email" and not first.value and first.row.file != row.file):
                known[column] = _Said(value, row)
            elif value != first.value and (value or column != "email" or first.row.file == row.file):
                row.fault(
                    column,
                    N_("Line %(line)s of %(file)s says “%(said)s” of the same person. Write the same in both."),
                    line=first.row.line,
                    file=first.row.file,
                    said=first.row.shown(column),
                )

    def _tie(
        self,
        kind: TieKind,
        key: tuple[str, ...],
        what: str | None,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> None:
        if what is not None:
            self.ties[kind].setdefault(key, Tie(key, what, starts_on, ends_on))

    def _role(self, adult_id: str, role: Role, starts_on: date | None, ends_on: date | None) -> None:
        """A role in several rows holds from the first of the days to the last."""
        key = (adult_id, role.value)
        known = self.ties[TieKind.ROLE].get(key)
        if known is not None:
            starts_on = min(starts_on, known.starts_on) if starts_on and known.starts_on else None
            ends_on = max(ends_on, known.ends_on) if ends_on and known.ends_on else None
        self.ties[TieKind.ROLE][key] = Tie(key, role.value, starts_on, ends_on)

    def _look_for_pupils_without_adults(self) -> None:
        tied = _ids(self.sheets[GUARDIANS], "pupil_id")
        for row in self.sheets[PUPILS]:
            if tied and tidy(row.cells["pupil_id"]) not in tied:
                row.warn("pupil_id", N_("No adult in guardians.csv belongs to this pupil, so no home gets news."))

    def _look_at_emails(self) -> None:
        """Neither a missing nor a shared address stops anybody: they sign in with their user name."""
        first_rows: dict[str, Row] = {}
        for said in self.adults.values():
            if "email" not in said:
                continue
            email, row = str(said["email"].value), said["email"].row
            if not email:
                row.warn("email", N_("Without an address this person gets no mail and signs in with a user name."))
            elif (first := first_rows.setdefault(email, row)) is not row:
                row.warn(
                    "email",
                    N_("Line %(line)s of %(file)s has this address for another person. Both sign in with a user name."),
                    line=first.line,
                    file=first.file,
                )


@dataclass(frozen=True, slots=True)
class _Said:
    value: str | int | Protection
    row: Row


def _adult(adult_id: str, said: Mapping[str, _Said]) -> RosterAdult:
    def text(column: str) -> str:
        return str(said[column].value or "") if column in said else ""

    protection = said["protection"].value if "protection" in said else None
    home_id = said["home_id"].value if "home_id" in said else None
    return RosterAdult(
        id=adult_id,
        first_name=text("first_name"),
        last_name=text("last_name"),
        protection=protection if isinstance(protection, Protection) else None,
        alias=text("alias"),
        email=text("email") or None,
        language=text("language") or None,
        home_id=home_id if isinstance(home_id, int) else None,
    )


def _ids(rows: tuple[Row, ...], column: str) -> set[str]:
    return {found for row in rows if (found := tidy(row.cells[column]))}
