"""What waits is found by an index: reported comments, unread answers, accounts without a password"""

import sqlalchemy as sa
from alembic import op

revision = "0045_what_waits"
down_revision = "0043_from_when_words_are"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_comment_reported", "comment", "council_id", "reported_at IS NOT NULL AND hidden_at IS NULL"),
    ("ix_reply_sheet_unread", "reply_sheet", "class_id", "read_at IS NULL"),
    ("ix_user_no_password", "user", "id", "password_hash IS NULL AND deactivated_at IS NULL"),
)


def upgrade():
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade():
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
