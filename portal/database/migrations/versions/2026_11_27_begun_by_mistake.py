"""What a meeting's beginning changes of its agenda, and from when the words are of what lives on"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0040_begun_by_mistake"
down_revision = "0039_surveys"
branch_labels = None
depends_on = None


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    for table in ("class_event", "playdate", "wellbeing_update"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("written_at", moment, nullable=True))
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("was_postponed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("stood_at", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_column("stood_at")
        batch_op.drop_column("was_postponed")
    for table in ("class_event", "playdate", "wellbeing_update"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("written_at")
