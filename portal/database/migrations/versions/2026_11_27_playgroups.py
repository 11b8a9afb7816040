"""The plans of playgroups: rounds, groups, and what homes have said"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0025_playgroups"
down_revision = "0024_former_names"
branch_labels = None
depends_on = None


def _key(column: str, table: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.create_table(
        "playgroup_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("manner", sa.String(length=40), nullable=False),
        sa.Column("is_meal", sa.Boolean(), nullable=False),
        sa.Column("smallest", sa.Integer(), nullable=False),
        sa.Column("largest", sa.Integer(), nullable=False),
        sa.Column("weeks_apart", sa.Integer(), nullable=False),
        sa.Column("is_interrupted", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("smallest >= 2 AND largest >= smallest", name=op.f("ck_playgroup_plan_sizes")),
        _key("class_id", "playgroup_plan", "school_class"),
        _key("made_by_id", "playgroup_plan", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playgroup_plan")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_playgroup_plan_class_id"), "playgroup_plan", ["class_id"])
    op.create_index(op.f("ix_playgroup_plan_made_by_id"), "playgroup_plan", ["made_by_id"])
    op.create_index(
        "ix_playgroup_plan_under_way",
        "playgroup_plan",
        ["class_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "playgroup_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("grouping", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_playgroup_round_ends_after_start")),
        _key("plan_id", "playgroup_round", "playgroup_plan"),
        _key("class_id", "playgroup_round", "school_class"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playgroup_round")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_playgroup_round_plan_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_playgroup_round_class_id"), "playgroup_round", ["class_id"])
    op.create_index(op.f("ix_playgroup_round_ends_on"), "playgroup_round", ["ends_on"])
    op.create_table(
        "playgroup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("host_pupil_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(), nullable=False, server_default=""),
        sa.Column("starts_at", moment, nullable=True),
        sa.Column("ends_at", moment, nullable=True),
        sa.Column("took_place", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_playgroup_from_and_to")),
        sa.CheckConstraint("(host_id IS NULL) = (host_pupil_id IS NULL)", name=op.f("ck_playgroup_a_host_has_a_child")),
        _key("round_id", "playgroup", "playgroup_round"),
        _key("class_id", "playgroup", "school_class"),
        _key("host_id", "playgroup", "user"),
        _key("host_pupil_id", "playgroup", "pupil"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playgroup")),
        sqlite_autoincrement=True,
    )
    for column in ("round_id", "class_id", "host_id", "host_pupil_id"):
        op.create_index(op.f(f"ix_playgroup_{column}"), "playgroup", [column])
    op.create_table(
        "playgroup_member",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pupil_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        _key("round_id", "playgroup_member", "playgroup_round"),
        _key("pupil_id", "playgroup_member", "pupil"),
        _key("group_id", "playgroup_member", "playgroup"),
        sa.PrimaryKeyConstraint("round_id", "pupil_id", name=op.f("pk_playgroup_member")),
    )
    for column in ("pupil_id", "group_id"):
        op.create_index(op.f(f"ix_playgroup_member_{column}"), "playgroup_member", [column])
    op.create_table(
        "playgroup_home",
        sa.Column("guardian_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("can_host", sa.Boolean(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("is_outdoors_only", sa.Boolean(), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        _key("guardian_id", "playgroup_home", "user"),
        _key("class_id", "playgroup_home", "school_class"),
        sa.PrimaryKeyConstraint("guardian_id", "class_id", name=op.f("pk_playgroup_home")),
    )
    op.create_index(op.f("ix_playgroup_home_class_id"), "playgroup_home", ["class_id"])
    op.create_table(
        "playgroup_abstention",
        sa.Column("pupil_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        _key("pupil_id", "playgroup_abstention", "pupil"),
        _key("class_id", "playgroup_abstention", "school_class"),
        sa.PrimaryKeyConstraint("pupil_id", "class_id", name=op.f("pk_playgroup_abstention")),
    )
    op.create_index(op.f("ix_playgroup_abstention_class_id"), "playgroup_abstention", ["class_id"])
    op.create_table(
        "playgroup_permission",
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        _key("class_id", "playgroup_permission", "school_class"),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_playgroup_permission")),
    )


def downgrade():
    for table in ("permission", "abstention", "home", "member"):
        op.drop_table(f"playgroup_{table}")
    op.drop_table("playgroup")
    op.drop_table("playgroup_round")
    op.drop_table("playgroup_plan")
