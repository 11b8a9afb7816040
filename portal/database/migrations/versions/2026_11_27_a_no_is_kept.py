"""Who says no to looking after an event is asked no more, and nobody sees that it was a no"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0034_declined"
down_revision = "0033_voices"
branch_labels = None
depends_on = None


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.add_column("organiser_invitation", sa.Column("declined_at", moment, nullable=True))


def downgrade():
    op.execute("DELETE FROM organiser_invitation WHERE declined_at IS NOT NULL")
    op.drop_column("organiser_invitation", "declined_at")
