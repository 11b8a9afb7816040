"""Earlier texts of a class that are hidden from its homes"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0029_hidden_texts"
down_revision = "0028_parted_pairs"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", portal.database.types.UTCDateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.drop_column("hidden_at")
