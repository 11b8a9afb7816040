"""Bringing the school in from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from portal.database import db
from portal.database.transactions import reading_only
from portal.errors import RuleViolation
from portal.people import BY_ITSELF
from portal.school.roster.comparison import Remark, RosterPlan, compare
from portal.school.roster.files import read_roster
from portal.school.roster.presenters import what_changes
from portal.school.roster.queries import current_roster
from portal.school.roster.services import apply_roster, keep_upload
from portal.school.roster.words import FILES
from portal.text import clock


@click.command("school-import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--confirm", is_flag=True, help="Go on although something unusual was found; read it first.")
@with_appcontext
def school_import_command(folder: Path, dry_run: bool, confirm: bool) -> None:
    """Bring the school in from the register's four files in DIR, as docs/import.md describes them."""
    try:
        files = {name: (folder / name).read_bytes() for name in FILES if (folder / name).is_file()}
        _import_school(files, dry_run=dry_run, confirmed=confirm)
    except OSError as fault:
        raise SystemExit(f"{fault.filename}: {fault.strerror}") from None
    except RuleViolation as refusal:
        raise SystemExit(str(refusal)) from None
    except IntegrityError:
        raise SystemExit("Somebody else changed the school at the same moment. Try again.") from None
    except (OperationalError, ProgrammingError):
        raise SystemExit("The database does not answer, or is not up to date: run `flask db upgrade`.") from None


def _import_school(files: dict[str, bytes], *, dry_run: bool, confirmed: bool) -> None:
    now = clock.now()
    today = clock.day_of(now)
    with reading_only():
        reading = read_roster(files, today=today)
        plan = compare(current_roster(), reading.roster, today) if reading.roster else None
    for warning in reading.warnings:
        click.echo(f"Warning: {_place(warning)}")
    faults = (*reading.faults, *(plan.faults if plan else ()))
    if plan is None or faults:
        for fault in faults:
            click.echo(_place(fault), err=True)
        raise SystemExit(f"{len(faults)} faults. Nothing is changed.")
    if plan.is_empty:
        click.echo("The portal already knows all of this. Nothing is changed.")
        return
    _tell_plan(plan)
    if dry_run:
        click.echo("Dry run: nothing is changed.")
        return
    if plan.confirmations and not confirmed:
        raise SystemExit("Nothing is changed. If this is right, add --confirm.")
    apply_roster(plan, keep_upload(files, actor=BY_ITSELF, now=now), confirmed=confirmed, actor=BY_ITSELF, now=now)
    db.session.commit()
    click.echo("Done.")


def _place(remark: Remark) -> str:
    """A remark with its place in the files, in one line."""
    place = [remark.file, f"line {remark.line}" if remark.line else "", remark.column]
    value = f" “{remark.value}”" if remark.value else ""
    return f"{', '.join(filter(None, place))}{value}: {remark.message % remark.values}"


def _tell_plan(plan: RosterPlan) -> None:
    for changes in what_changes(plan, str):
        click.echo(f"{changes.title}: {len(changes.lines)}")
        for line in changes.first:
            click.echo(f"  {line}")
        if changes.more_count:
            click.echo(f"  and {changes.more_count} more")
    for reason in plan.confirmations:
        click.echo(f"Unusual: {reason.message % reason.values}")
