"""When an event last became dearer, closed to siblings or due earlier"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0013_event_terms"
down_revision = "0012_closed_access"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("class_event", schema=None) as batch_op:
        moment = portal.database.types.UTCDateTime(timezone=True)
        batch_op.add_column(sa.Column("terms_changed_at", moment, nullable=True))


def downgrade():
    with op.batch_alter_table("class_event", schema=None) as batch_op:
        batch_op.drop_column("terms_changed_at")
