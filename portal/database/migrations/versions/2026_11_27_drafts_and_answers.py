"""A draft is kept from when somebody last wrote on it, and of two who answer a question the second is told"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0035_touched"
down_revision = "0034_declined"
branch_labels = None
depends_on = None


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.add_column("class_event", sa.Column("touched_at", moment, nullable=True))
    op.add_column("event_question", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade():
    op.drop_column("event_question", "version")
    op.drop_column("class_event", "touched_at")
