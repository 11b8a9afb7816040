"""Two children who are kept apart in the playgroups of a class"""

import sqlalchemy as sa
from alembic import op

revision = "0028_parted_pairs"
down_revision = "0027_what_classes_say"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "parted_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_parted_pair_each_pair_once")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_parted_pair_class_id")),
        sa.ForeignKeyConstraint(["one_id"], ["pupil.id"], name=op.f("fk_parted_pair_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["pupil.id"], name=op.f("fk_parted_pair_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parted_pair")),
        sa.UniqueConstraint("class_id", "one_id", "other_id", name=op.f("uq_parted_pair_class_id_one_id_other_id")),
        sqlite_autoincrement=True,
    )
    for column in ("one_id", "other_id", "until"):
        op.create_index(op.f(f"ix_parted_pair_{column}"), "parted_pair", [column])


def downgrade():
    op.drop_table("parted_pair")
