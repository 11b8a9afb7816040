"""Meetings as they are: the day they were held, who left early, what is carried on, and results put right"""

import sqlalchemy as sa
from alembic import op

import portal.database.types
from portal.text import clock

revision = "0023_meetings_as_they_are"
down_revision = "0022_way_back"
branch_labels = None
depends_on = None

#: Columns that point at a row, by table: added by hand, since SQLite would make the table anew and forget its checks.
_POINTERS = {
    "agenda_item": {"put_up_by_id": "user", "carried_from_id": "agenda_item"},
    "vote": {"replaces_id": "vote"},
    "amendment": {"parted_from_id": "amendment"},
}
#: The checks that going back has to say again.
_CHECKS = {
    "agenda_item": {"votes_on_amendments": "vote_id IS NULL OR amendment_id IS NOT NULL"},
    "vote": {
        "no_hands_below_none": "yes_count >= 0 AND no_count >= 0 AND abstain_count >= 0",
        "no_more_hands_than_present": "yes_count + no_count + abstain_count <= present_count",
        "result": "result IN ('adopted', 'not_adopted', 'postponed')",
    },
    "amendment": {
        "new_or_about_a_clause": "(kind = 'add') = (clause_key IS NULL)",
        "council_of_its_source": "(source = 'council') = (council_id IS NOT NULL)",
        "merged_into_something": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "merged_into_another": "merged_into_id <> id",
    },
}


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    for table, pointers in _POINTERS.items():
        for name, at in pointers.items():
            op.execute(
                f'ALTER TABLE {table} ADD COLUMN {name} INTEGER CONSTRAINT fk_{table}_{name} REFERENCES "{at}" (id)'
            )
            op.create_index(f"ix_{table}_{name}", table, [name], unique=table == "vote")
    op.add_column("attendance", sa.Column("left_at", moment, nullable=True))
    op.add_column("council_meeting", sa.Column("held_on", sa.Date(), nullable=True))
    op.add_column("council_meeting", sa.Column("began_at", moment, nullable=True))
    op.add_column("council_meeting", sa.Column("ended_at", moment, nullable=True))
    op.add_column("council_meeting", sa.Column("kept_name", sa.String(), nullable=False, server_default=""))
    op.add_column("agenda_item", sa.Column("state", sa.String(length=40), nullable=False, server_default="waiting"))
    op.add_column("agenda_item", sa.Column("is_opener", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("agenda_item", sa.Column("is_carried", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("agenda_item", sa.Column("told", sa.String(), nullable=False, server_default=""))
    _fill(op.get_bind(), moment)


def _fill(connection, moment):
    """What was held is held on the day it was planned for, and what is over is done: nothing of it is carried on."""
    meeting = sa.table(
        "council_meeting",
        sa.column("id", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("starts_at", moment),
        sa.column("held_on", sa.Date()),
    )
    begun = sa.select(meeting.c.id, meeting.c.starts_at).where(meeting.c.state.not_in(["planned", "cancelled"]))
    for row in connection.execute(begun).all():
        day = clock.day_of(row.starts_at)
        connection.execute(meeting.update().where(meeting.c.id == row.id).values(held_on=day))
    connection.execute(
        sa.text(
            "UPDATE agenda_item SET state = 'done' WHERE meeting_id IN"
            " (SELECT id FROM council_meeting WHERE state NOT IN ('planned', 'in_progress'))"
        )
    )
    connection.execute(
        sa.text(
            "UPDATE council_meeting SET kept_name ="
            " (SELECT name FROM council WHERE council.id = council_meeting.council_id)"
            " WHERE state NOT IN ('planned', 'cancelled')"
        )
    )


def downgrade():
    for name in ("told", "is_carried", "is_opener", "state"):
        op.drop_column("agenda_item", name)
    for name in ("kept_name", "ended_at", "began_at", "held_on"):
        op.drop_column("council_meeting", name)
    op.drop_column("attendance", "left_at")
    for table, pointers in _POINTERS.items():
        checks = [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in _CHECKS[table].items()]
        with op.batch_alter_table(table, table_args=checks) as batch:
            for name in pointers:
                batch.drop_index(f"ix_{table}_{name}")
                batch.drop_column(name)
