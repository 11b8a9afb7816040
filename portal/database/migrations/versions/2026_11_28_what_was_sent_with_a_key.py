"""A form's one-time key remembers what was sent with it"""

import sqlalchemy as sa
from alembic import op

revision = "0048_sent_with_key"
down_revision = "0047_usually_off"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.String(), server_default="", nullable=False))


def downgrade():
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_column("content")
