"""What classes, councils and the school do for a time"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0043_initiatives"
down_revision = "0043_themes"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("council_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("with_akt", sa.Boolean(), nullable=False),
        sa.Column("started_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_at IS NULL)", name=op.f("ck_initiative_closed_on_a_day")),
        sa.CheckConstraint("class_id IS NULL OR council_id IS NULL", name=op.f("ck_initiative_of_one_of_them")),
        sa.CheckConstraint("closed_on >= starts_on", name=op.f("ck_initiative_closed_after_start")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_initiative_ends_after_start")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_initiative_class_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_initiative_closed_by_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_initiative_council_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_initiative_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initiative_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_closed_by_id"), ["closed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_council_id"), ["council_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_started_by_id"), ["started_by_id"], unique=False)

    op.create_table(
        "initiative_clause",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("clause_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_initiative_clause_initiative_id")),
        sa.PrimaryKeyConstraint("initiative_id", "clause_key", name=op.f("pk_initiative_clause")),
    )
    with op.batch_alter_table("initiative_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initiative_clause_clause_key"), ["clause_key"], unique=False)


def downgrade():
    with op.batch_alter_table("initiative_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_clause_clause_key"))

    op.drop_table("initiative_clause")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_started_by_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_council_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_closed_by_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_class_id"))

    op.drop_table("initiative")
