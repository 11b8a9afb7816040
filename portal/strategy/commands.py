"""Bringing the strategy in from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from portal.database import db
from portal.database.transactions import reading_only
from portal.errors import RuleViolation
from portal.people import BY_ITSELF
from portal.strategy import services as strategy
from portal.strategy.document import Document, read_document
from portal.strategy.services import Outcome, Plan
from portal.text import clock


@click.command("strategy-import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--approved-on", metavar="YYYY-MM-DD", help="The day the board approved the text.")
@with_appcontext
def strategy_import_command(file: Path, dry_run: bool, approved_on: str | None) -> None:
    """Bring a text of the strategy in from a Markdown file. Approved editions are never changed."""
    try:
        day = date.fromisoformat(approved_on) if approved_on else None
    except ValueError:
        raise SystemExit(f"{approved_on} is not a day. Write it like 2026-06-10.") from None
    try:
        document = read_document(strategy.decode_file(file.read_bytes()))
        _import_strategy(document, day, dry_run=dry_run)
    except OSError as fault:
        raise SystemExit(f"{file}: {fault.strerror}") from None
    except RuleViolation as fault:
        raise SystemExit(f"{file}: {fault}") from None
    except IntegrityError:
        raise SystemExit("Somebody else imported a text at the same moment. Try again.") from None
    except (OperationalError, ProgrammingError):
        raise SystemExit("The database does not answer, or is not up to date: run `flask db upgrade`.") from None


def _import_strategy(document: Document, approved_on: date | None, *, dry_run: bool) -> None:
    with reading_only():
        plan = strategy.plan_import(document)
    click.echo(_planned(plan))
    if dry_run:
        click.echo("Dry run: nothing is stored.")
        return
    edition = strategy.import_strategy(document, actor=BY_ITSELF, now=clock.now(), approved_on=approved_on, plan=plan)
    db.session.commit()
    if edition is None:
        click.echo("Nothing is stored.")
    elif edition.is_current:
        click.echo(f"Edition {edition.number}, approved on {edition.approved_on}, is now the strategy.")
    else:
        click.echo(
            f"Edition {edition.number} is a draft. Once the board has approved it, add --approved-on YYYY-MM-DD."
        )


def _planned(plan: Plan) -> str:
    """What an import would do, in one line."""
    match plan.outcome:
        case Outcome.SAME_AS_CURRENT:
            return "The strategy already says this, word for word."
        case Outcome.SAME_AS_DRAFT:
            return f"The draft of edition {plan.number} already says this, word for word."
        case Outcome.FIRST:
            sections = sum(bool(heading) for heading in plan.comparison.new_headings)
            return f"Edition {plan.number}: {sections} sections with {plan.comparison.added} clauses."
        case _:
            changes = plan.comparison
            return (
                f"Edition {plan.number}: {changes.added} new, {changes.reworded} reworded, {changes.moved} moved, "
                f"{changes.removed} removed, {changes.unchanged} as before."
            )
