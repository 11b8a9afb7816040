"""Addresses that mail does not reach or that are not proved yet, and what ends earlier links and devices"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0010_secrets"
down_revision = "0010_roster_files"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "mail_fault",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("failed_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_fault_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_fault")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("secrets_version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("proved_email", portal.database.types.LowerCase(), nullable=True))


def downgrade():
    op.drop_table("mail_fault")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("proved_email")
        batch_op.drop_column("secrets_version")
