"""The names that children bore openly, so that what was written then is covered now"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0024_former_names"
down_revision = "0023_meetings_as_they_are"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("open_until", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_former_name_pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("former_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_name_pupil_id"), ["pupil_id"], unique=False)


def downgrade():
    with op.batch_alter_table("former_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_name_pupil_id"))
    op.drop_table("former_name")
