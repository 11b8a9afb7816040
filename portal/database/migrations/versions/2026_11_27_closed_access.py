"""A guardian's access to a child can be closed for a time"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0012_closed_access"
down_revision = "0011_sort_names"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "access_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_access_closure_ends_after_start")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_access_closure_closed_by_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["user.id"], name=op.f("fk_access_closure_guardian_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_access_closure_pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_closure")),
    )
    with op.batch_alter_table("access_closure", schema=None) as batch_op:
        batch_op.create_index("ix_access_closure_guardian_id_pupil_id", ["guardian_id", "pupil_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_closure_pupil_id"), ["pupil_id"], unique=False)


def downgrade():
    with op.batch_alter_table("access_closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_closure_pupil_id"))
        batch_op.drop_index("ix_access_closure_guardian_id_pupil_id")

    op.drop_table("access_closure")
