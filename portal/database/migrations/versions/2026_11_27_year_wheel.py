"""The year wheel's duties, edition by edition, and what somebody notes by hand"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0036_year_wheel"
down_revision = "0035_touched"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("points", sa.String(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("per", sa.String(length=40), nullable=False),
        sa.Column("opens_in", sa.Integer(), nullable=False),
        sa.Column("closes_in", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("is_by_weeks", sa.Boolean(), nullable=False),
        sa.Column("holds_years", sa.Integer(), nullable=False),
        sa.Column("proofs", sa.String(), nullable=False),
        sa.Column("window_since", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_in BETWEEN 1 AND 12 AND closes_in BETWEEN 1 AND 12", name=op.f("ck_duty_months")),
        sa.CheckConstraint("times >= 1 AND holds_years >= 1", name=op.f("ck_duty_at_least_once")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_duty_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_duty_edition_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "noted_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("council_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("class_id IS NULL OR council_id IS NULL", name=op.f("ck_noted_proof_of_one_of_them")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_noted_proof_class_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_noted_proof_council_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user.id"], name=op.f("fk_noted_proof_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noted_proof")),
        sa.UniqueConstraint("key", "school_year", "class_id", name=op.f("uq_noted_proof_key_school_year_class_id")),
        sa.UniqueConstraint("key", "school_year", "council_id", name=op.f("uq_noted_proof_key_school_year_council_id")),
        sqlite_autoincrement=True,
    )
    of_school = sa.text("class_id IS NULL AND council_id IS NULL")
    with op.batch_alter_table("noted_proof", schema=None) as batch_op:
        batch_op.create_index(
            "uq_noted_proof_of_the_school",
            ["key", "school_year"],
            unique=True,
            sqlite_where=of_school,
            postgresql_where=of_school,
        )
        for column in ("school_year", "class_id", "council_id", "noted_by_id"):
            batch_op.create_index(batch_op.f(f"ix_noted_proof_{column}"), [column], unique=False)


def downgrade():
    op.drop_table("noted_proof")
    op.drop_table("duty")
