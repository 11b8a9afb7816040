"""Making the demo school from the command line."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.database import db, schema
from portal.database.transactions import fold_log_in
from portal.demo.school import SMALL_DEMO, fill, is_empty
from portal.settings import Settings


@click.command("demo")
@click.option("--pupils", default=SMALL_DEMO, show_default=True, help="How many pupils the made-up school has.")
@with_appcontext
def demo_command(pupils: int) -> None:
    """Fill an empty database with a made-up school, for trying and measuring at size."""
    settings: Settings = current_app.extensions["portal.settings"]
    if settings.is_production:
        raise SystemExit("The demo school does not go into a production database.")
    with schema.by_one_process():
        try:
            schema.upgrade()
            if not is_empty():
                raise SystemExit("There are people in this database already. Set PORTAL_DATABASE_URL to an empty one.")
            fill(pupils)
        except (ValueError, schema.SchemaFault) as fault:
            raise SystemExit(str(fault)) from None
        db.session.commit()
    fold_log_in()
    click.echo(f"A school with {pupils} pupils is there.")
