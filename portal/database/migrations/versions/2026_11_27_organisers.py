"""Several organisers, questions to them, and a phone number they choose to show"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0032_organisers"
down_revision = "0031_put_right"
branch_labels = None
depends_on = None


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.add_column("event_organiser", sa.Column("shows_phone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "organiser_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["class_event.id"], name=op.f("fk_organiser_invitation_event_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_organiser_invitation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser_invitation")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_organiser_invitation_event_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_organiser_invitation_user_id"), "organiser_invitation", ["user_id"])
    op.create_table(
        "event_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("shown_question", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(answer = '') = (answered_at IS NULL)", name=op.f("ck_event_question_answered_at_some_time")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_event_question_asked_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["class_event.id"], name=op.f("fk_event_question_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_question")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_question_asked_by_id"), "event_question", ["asked_by_id"])
    op.create_index(op.f("ix_event_question_event_id"), "event_question", ["event_id"])


def downgrade():
    op.drop_table("event_question")
    op.drop_table("organiser_invitation")
    op.drop_column("event_organiser", "shows_phone")
