"""An event is for classes, a year or the school, and a year has parents who plan for it"""

import sqlalchemy as sa
from alembic import op

revision = "0026_audiences"
down_revision = "0025_playgroups"
branch_labels = None
depends_on = None


def upgrade():
    # added without making the table anew, since SQLite would forget its checks
    op.add_column("class_event", sa.Column("audience", sa.String(length=40), nullable=False, server_default="classes"))
    op.add_column("class_event", sa.Column("year_group", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_class_event_audience"), "class_event", ["audience"])
    op.create_table(
        "year_group_parent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("year_group", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_year_group_parent_ends_after_start")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_year_group_parent_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_group_parent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_year_group_parent_user_id"), "year_group_parent", ["user_id"])
    op.create_index(op.f("ix_year_group_parent_year_group"), "year_group_parent", ["year_group"])


def downgrade():
    op.drop_table("year_group_parent")
    op.drop_index(op.f("ix_class_event_audience"), "class_event")
    op.drop_column("class_event", "year_group")
    op.drop_column("class_event", "audience")
