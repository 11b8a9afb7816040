"""The school's fixed days, and each day on which one of them is"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0044_fixed_days"
down_revision = "0043_initiatives"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "fixed_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("lowest_grade", sa.Integer(), nullable=False),
        sa.Column("highest_grade", sa.Integer(), nullable=False),
        sa.Column("points", portal.database.types.Keys(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_fixed_day_ends_after_start")),
        sa.CheckConstraint("every_weeks >= 1", name=op.f("ck_fixed_day_at_least_weekly")),
        sa.CheckConstraint("lowest_grade <= highest_grade", name=op.f("ck_fixed_day_grades_in_order")),
        sa.CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 4", name=op.f("ck_fixed_day_on_a_weekday")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_day")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fixed_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fixed_day_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["fixed_day_id"], ["fixed_day.id"], name=op.f("fk_fixed_date_fixed_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_date")),
        sa.UniqueConstraint("fixed_day_id", "held_on", name=op.f("uq_fixed_date_fixed_day_id_held_on")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fixed_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fixed_date_held_on"), ["held_on"], unique=False)


def downgrade():
    with op.batch_alter_table("fixed_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fixed_date_held_on"))

    op.drop_table("fixed_date")
    op.drop_table("fixed_day")
