"""When an event goes out: what there is already is out"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0030_goes_out"
down_revision = "0029_hidden_texts"
branch_labels = None
depends_on = None


def upgrade():
    # added without making the table anew, since SQLite would forget its checks
    op.add_column("class_event", sa.Column("out_at", portal.database.types.UTCDateTime(timezone=True), nullable=True))
    op.execute("UPDATE class_event SET out_at = created_at")


def downgrade():
    op.execute("DELETE FROM event_class WHERE event_id IN (SELECT id FROM class_event WHERE out_at IS NULL)")
    op.execute("DELETE FROM event_organiser WHERE event_id IN (SELECT id FROM class_event WHERE out_at IS NULL)")
    op.execute("DELETE FROM class_event WHERE out_at IS NULL")
    op.drop_column("class_event", "out_at")
