"""Who lives with whom, and when company was counted"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0016_homes"
down_revision = "0015_titles"
branch_labels = None
depends_on = None


def upgrade():
    # added without making the tables anew, since SQLite would forget their checks
    op.add_column("user", sa.Column("home_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_user_home_id"), "user", ["home_id"])
    op.add_column(
        "home_count", sa.Column("counted_at", portal.database.types.UTCDateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "shared_home",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_shared_home_each_pair_once")),
        sa.CheckConstraint("asked_by_id IN (one_id, other_id)", name=op.f("ck_shared_home_asked_by_one_of_them")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_shared_home_asked_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["user.id"], name=op.f("fk_shared_home_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["user.id"], name=op.f("fk_shared_home_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_home")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_shared_home_one_id_other_id")),
    )
    op.create_index(op.f("ix_shared_home_other_id"), "shared_home", ["other_id"])
    op.create_table(
        "left_home",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_left_home_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_left_home")),
    )


def downgrade():
    op.drop_table("left_home")
    op.drop_index(op.f("ix_shared_home_other_id"), "shared_home")
    op.drop_table("shared_home")
    op.drop_column("home_count", "counted_at")
    op.drop_index(op.f("ix_user_home_id"), "user")
    op.drop_column("user", "home_id")
