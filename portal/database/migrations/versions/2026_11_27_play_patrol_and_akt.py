"""The play patrol's turns, what classes ask AKT for, and what AKT and leadership note"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0038_play_patrol"
down_revision = "0037_parent_meetings"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "akt_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("meeting", "breaks", name="notekind", native_enum=False, length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("noted_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user.id"], name=op.f("fk_akt_note_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akt_note")),
        sa.UniqueConstraint("kind", "done_on", name=op.f("uq_akt_note_kind_done_on")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("akt_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_akt_note_noted_by_id"), ["noted_by_id"], unique=False)

    op.create_table(
        "akt_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("asked_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_akt_request_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_akt_request_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_akt_request_asked_by_id")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_akt_request_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akt_request")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("akt_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_akt_request_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_akt_request_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_akt_request_class_id"), ["class_id"], unique=False)

    op.create_table(
        "patrol_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_patrol_turn_pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_turn")),
        sa.UniqueConstraint("week_on", "pupil_id", name=op.f("uq_patrol_turn_week_on_pupil_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("patrol_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patrol_turn_pupil_id"), ["pupil_id"], unique=False)


def downgrade():
    with op.batch_alter_table("patrol_turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patrol_turn_pupil_id"))

    op.drop_table("patrol_turn")
    with op.batch_alter_table("akt_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_akt_request_class_id"))
        batch_op.drop_index(batch_op.f("ix_akt_request_asked_by_id"))
        batch_op.drop_index(batch_op.f("ix_akt_request_answered_by_id"))

    op.drop_table("akt_request")
    with op.batch_alter_table("akt_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_akt_note_noted_by_id"))

    op.drop_table("akt_note")
