"""What to bring to an event, and a link to a map"""

import sqlalchemy as sa
from alembic import op

revision = "0021_bring"
down_revision = "0020_playdates"
branch_labels = None
depends_on = None


def upgrade():
    # added without making the table anew, since SQLite would forget its checks
    op.add_column("class_event", sa.Column("bring", sa.String(), nullable=False, server_default=""))
    op.add_column("class_event", sa.Column("map_url", sa.String(), nullable=False, server_default=""))


def downgrade():
    op.drop_column("class_event", "map_url")
    op.drop_column("class_event", "bring")
