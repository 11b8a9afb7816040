"""Parent meetings of classes, and the material that all of them show"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0037_parent_meetings"
down_revision = "0036_year_wheel"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "material_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_file")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "meeting_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("links", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column(
            "file_kind",
            sa.Enum("application/pdf", "image/png", "image/jpeg", name="filekind", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("published_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_meeting_material_number_is_positive")),
        sa.ForeignKeyConstraint(["file_id"], ["material_file.id"], name=op.f("fk_meeting_material_file_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_meeting_material_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_material")),
        sa.UniqueConstraint("school_year", "number", name=op.f("uq_meeting_material_school_year_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("meeting_material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_material_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_material_published_by_id"), ["published_by_id"], unique=False)

    op.create_table(
        "parent_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("saved_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("material_id", sa.Integer(), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(material_id IS NULL) = (shown_on IS NULL)", name=op.f("ck_parent_meeting_shown_on_a_day")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_parent_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_parent_meeting_class_id")),
        sa.ForeignKeyConstraint(["material_id"], ["meeting_material.id"], name=op.f("fk_parent_meeting_material_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent_meeting")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("parent_meeting", schema=None) as batch_op:
        batch_op.create_index("ix_parent_meeting_class_id", ["class_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_meeting_material_id"), ["material_id"], unique=False)


def downgrade():
    with op.batch_alter_table("parent_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parent_meeting_material_id"))
        batch_op.drop_index("ix_parent_meeting_class_id")

    op.drop_table("parent_meeting")
    with op.batch_alter_table("meeting_material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_material_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_material_file_id"))

    op.drop_table("meeting_material")
    op.drop_table("material_file")
