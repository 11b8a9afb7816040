"""What stood in a decision of the board before it was put right"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0031_put_right"
down_revision = "0030_goes_out"
branch_labels = None
depends_on = None

_STATES = (
    *("draft", "in_council", "withdrawn", "merged", "adopted", "not_adopted", "postponed", "forwarded", "approved"),
    *("approved_changed", "rejected", "deferred", "in_edition"),
)


def upgrade():
    op.create_table(
        "earlier_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Enum(*_STATES, name="amendmentstate", native_enum=False, length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("child_reply", sa.String(), nullable=False),
        sa.Column("final_text", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.database.types.UTCDateTime(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_earlier_decision_decision_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_earlier_decision_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_earlier_decision_decision_id"), "earlier_decision", ["decision_id"])


def downgrade():
    op.drop_table("earlier_decision")
