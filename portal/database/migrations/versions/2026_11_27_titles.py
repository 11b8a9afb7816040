"""A suggestion has a title that the child gives"""

import sqlalchemy as sa
from alembic import op

revision = "0015_titles"
down_revision = "0014_way_up"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.alter_column("title", server_default=None)


def downgrade():
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.drop_column("title")
