"""When people want mail about what, and mail that waits for an evening

Whoever had turned mail off gets none about anything; everybody else takes what is usual.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_when_mail_comes"
down_revision = "0016_homes"
branch_labels = None
depends_on = None

_TOPICS = ("everything", "news", "events", "agreements", "council", "work", "safety")
_RHYTHMS = ("at_once", "daily", "weekly", "off")


def _who(statement):
    return [row.user_id for row in op.get_bind().execute(sa.text(statement))]


def upgrade():
    turned_off = _who("SELECT user_id FROM mail_choice WHERE manner = 'off'")
    op.drop_table("mail_choice")
    choices = op.create_table(
        "mail_choice",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.Enum(*_TOPICS, name="topic", native_enum=False, length=40), nullable=False),
        sa.Column("rhythm", sa.Enum(*_RHYTHMS, name="rhythm", native_enum=False, length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_mail_choice")),
    )
    op.bulk_insert(choices, [{"user_id": who, "topic": "everything", "rhythm": "off"} for who in turned_off])
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_gathered", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("waiting_act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    with op.batch_alter_table("waiting_act", schema=None) as batch_op:
        batch_op.drop_column("is_urgent")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("batch_id")
        batch_op.drop_column("is_gathered")
    turned_off = _who("SELECT user_id FROM mail_choice WHERE topic = 'everything' AND rhythm = 'off'")
    op.drop_table("mail_choice")
    choices = op.create_table(
        "mail_choice",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("manner", sa.Enum("at_once", "off", name="mailmanner", native_enum=False, length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_choice")),
    )
    op.bulk_insert(choices, [{"user_id": who, "manner": "off"} for who in turned_off])
