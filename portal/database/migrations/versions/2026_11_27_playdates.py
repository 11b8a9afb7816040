"""Offers to a whole class to come and play, and who comes"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0020_playdates"
down_revision = "0019_no_id_twice"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "playdate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("starts_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("offered_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_playdate_ends_after_start")),
        sa.CheckConstraint("places IS NULL OR places >= 5", name=op.f("ck_playdate_room_for_a_group")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_playdate_class_id")),
        sa.ForeignKeyConstraint(["offered_by_id"], ["user.id"], name=op.f("fk_playdate_offered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playdate")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_playdate_class_id_ends_at", "playdate", ["class_id", "ends_at"])
    op.create_index(op.f("ix_playdate_ends_at"), "playdate", ["ends_at"])
    op.create_index(op.f("ix_playdate_offered_by_id"), "playdate", ["offered_by_id"])
    op.create_table(
        "playdate_guest",
        sa.Column("playdate_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("said_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["user.id"], name=op.f("fk_playdate_guest_guardian_id")),
        sa.ForeignKeyConstraint(["playdate_id"], ["playdate.id"], name=op.f("fk_playdate_guest_playdate_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_playdate_guest_pupil_id")),
        sa.PrimaryKeyConstraint("playdate_id", "pupil_id", "guardian_id", name=op.f("pk_playdate_guest")),
    )
    op.create_index(op.f("ix_playdate_guest_guardian_id"), "playdate_guest", ["guardian_id"])
    op.create_index(op.f("ix_playdate_guest_pupil_id"), "playdate_guest", ["pupil_id"])


def downgrade():
    op.drop_table("playdate_guest")
    op.drop_table("playdate")
