"""An answer goes back to the classes on a sheet, and what a meeting saw is kept with it"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0022_way_back"
down_revision = "0022_newcomers"
branch_labels = None
depends_on = None

_KEPT = ("kept_kind", "kept_title", "kept_base_text", "kept_new_text", "kept_state")
_SHORT = {"kept_kind", "kept_state"}
_SAID = ("base_text", "new_text", "reason")


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.create_table(
        "reply_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(read_at IS NULL) = (read_by_id IS NULL)", name=op.f("ck_reply_sheet_read_by_somebody")),
        sa.CheckConstraint("(pupil_id IS NULL) = (class_id IS NULL)", name=op.f("ck_reply_sheet_a_childs_class")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_reply_sheet_amendment_id")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_reply_sheet_class_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_reply_sheet_council_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_reply_sheet_decision_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_reply_sheet_pupil_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["user.id"], name=op.f("fk_reply_sheet_read_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_sheet")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reply_sheet_council", "reply_sheet", ["council_id", "read_at"])
    op.create_index(op.f("ix_reply_sheet_amendment_id"), "reply_sheet", ["amendment_id"])
    op.create_index(op.f("ix_reply_sheet_pupil_id"), "reply_sheet", ["pupil_id"])
    for name in _SAID:
        op.add_column("vote", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE vote SET"
        " base_text = (SELECT a.base_text FROM amendment a WHERE a.id = vote.amendment_id),"
        " new_text = (SELECT a.new_text FROM amendment a WHERE a.id = vote.amendment_id),"
        " reason = (SELECT a.reason FROM amendment a WHERE a.id = vote.amendment_id)"
    )
    for name in _KEPT:
        op.add_column("agenda_item", sa.Column(name, sa.String(length=40) if name in _SHORT else sa.String()))
    op.execute(
        "UPDATE agenda_item SET"
        " kept_kind = (SELECT a.kind FROM amendment a WHERE a.id = agenda_item.amendment_id),"
        " kept_title = (SELECT a.title FROM amendment a WHERE a.id = agenda_item.amendment_id),"
        " kept_base_text = (SELECT a.base_text FROM amendment a WHERE a.id = agenda_item.amendment_id),"
        " kept_new_text = (SELECT a.new_text FROM amendment a WHERE a.id = agenda_item.amendment_id),"
        " kept_state = (SELECT a.state FROM amendment a WHERE a.id = agenda_item.amendment_id)"
        " WHERE amendment_id IS NOT NULL AND meeting_id IN"
        " (SELECT id FROM council_meeting WHERE state IN ('minutes_draft', 'minutes_approved'))"
    )
    op.execute(
        "UPDATE agenda_item SET kept_state = (SELECT result FROM vote WHERE vote.id = agenda_item.vote_id)"
        " WHERE vote_id IS NOT NULL AND kept_state IS NOT NULL"
    )


def downgrade():
    for name in _KEPT:
        op.drop_column("agenda_item", name)
    for name in _SAID:
        op.drop_column("vote", name)
    op.drop_table("reply_sheet")
