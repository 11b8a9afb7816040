"""How the children say that it was in their playgroups"""

import sqlalchemy as sa
from alembic import op

revision = "0033_voices"
down_revision = "0032_organisers"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "playgroup_heard",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pupil_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["playgroup_round.id"], name=op.f("fk_playgroup_heard_round_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_playgroup_heard_pupil_id")),
        sa.PrimaryKeyConstraint("round_id", "pupil_id", name=op.f("pk_playgroup_heard")),
    )
    op.create_index(op.f("ix_playgroup_heard_pupil_id"), "playgroup_heard", ["pupil_id"])
    op.create_table(
        "playgroup_voices",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feeling", sa.String(length=40), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["playgroup_round.id"], name=op.f("fk_playgroup_voices_round_id")),
        sa.PrimaryKeyConstraint("round_id", "feeling", name=op.f("pk_playgroup_voices")),
    )


def downgrade():
    op.drop_table("playgroup_voices")
    op.drop_table("playgroup_heard")
