"""Council meetings and idempotency keys by the field's words: tables, columns and constraints get their names."""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0009_meetings"
down_revision = "0008_notices"
branch_labels = None
depends_on = None

CHILDREN = ("agenda_item", "attendance", "minutes_correction")
ACTS = ("planned", "cancelled")


def upgrade():
    _rename("session", "meeting", "submission", "idempotency_key")


def downgrade():
    _rename("meeting", "session", "idempotency_key", "submission")


def _rename(old, new, old_key, new_key):
    op.drop_index(f"ix_council_{old}_next", f"council_{old}")
    op.drop_index(f"ix_{old_key}_at", old_key)
    for child in ("agenda_item", "minutes_correction"):
        op.drop_index(f"ix_{child}_{old}_id", child)
    op.rename_table(f"council_{old}", f"council_{new}")
    op.rename_table(old_key, new_key)
    for child in CHILDREN:
        op.execute(f"ALTER TABLE {child} RENAME COLUMN {old}_id TO {new}_id")
    if op.get_bind().dialect.name == "postgresql":
        _rename_constraints(old, new, old_key, new_key)
    else:
        _make_again(new, new_key)
    op.create_index(f"ix_council_{new}_next", f"council_{new}", ["council_id", "starts_at"])
    op.create_index(f"ix_{new_key}_at", new_key, ["at"])
    for child in ("agenda_item", "minutes_correction"):
        op.create_index(f"ix_{child}_{new}_id", child, [f"{new}_id"])
    for act in ACTS:
        op.execute(
            sa.text("UPDATE act SET kind = :new WHERE kind = :old").bindparams(
                new=f"council_{new}_{act}", old=f"council_{old}_{act}"
            )
        )


def _rename_constraints(old, new, old_key, new_key):
    renamed = [
        (f"council_{new}", f"pk_council_{old}", f"pk_council_{new}"),
        (f"council_{new}", f"fk_council_{old}_council_id", f"fk_council_{new}_council_id"),
        (f"council_{new}", f"ck_council_{old}_approved_has_its_time", f"ck_council_{new}_approved_has_its_time"),
        (new_key, f"pk_{old_key}", f"pk_{new_key}"),
        *((child, f"fk_{child}_{old}_id", f"fk_{child}_{new}_id") for child in CHILDREN),
    ]
    for table, before, after in renamed:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}")
    op.execute(f"ALTER SEQUENCE council_{old}_id_seq RENAME TO council_{new}_id_seq")


def _make_again(new, new_key):
    """SQLite keeps a constraint's name in the table's own words, so the tables are made anew from these."""
    for table in _tables(new, new_key):
        with op.batch_alter_table(table.name, copy_from=table, recreate="always"):
            pass


def _tables(new, new_key):
    metadata = sa.MetaData()
    moment = portal.database.types.UTCDateTime(timezone=True)
    meeting = f"council_{new}"
    return (
        sa.Table(
            meeting,
            metadata,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("council_id", sa.Integer(), nullable=False),
            sa.Column("state", sa.String(40), nullable=False),
            sa.Column("starts_at", moment, nullable=False),
            sa.Column("place", sa.String(), nullable=False),
            sa.Column("approved_at", moment, nullable=True),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "(state = 'minutes_approved') = (approved_at IS NOT NULL)", name=f"ck_{meeting}_approved_has_its_time"
            ),
            sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=f"fk_{meeting}_council_id"),
            sa.PrimaryKeyConstraint("id", name=f"pk_{meeting}"),
        ),
        sa.Table(
            new_key,
            metadata,
            sa.Column("key", sa.String(), nullable=False),
            sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("location", sa.String(), nullable=False),
            sa.Column("at", moment, nullable=False),
            sa.PrimaryKeyConstraint("key", "person_id", name=f"pk_{new_key}"),
        ),
        sa.Table(
            "agenda_item",
            metadata,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column(f"{new}_id", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("title", sa.String(), nullable=False),
            sa.Column("heading", sa.String(), nullable=False),
            sa.Column("clause_key", sa.String(), nullable=True),
            sa.Column("amendment_id", sa.Integer(), nullable=True),
            sa.Column("vote_id", sa.Integer(), nullable=True),
            sa.Column("notes", sa.String(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "vote_id IS NULL OR amendment_id IS NOT NULL", name="ck_agenda_item_votes_on_amendments"
            ),
            sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name="fk_agenda_item_amendment_id"),
            sa.ForeignKeyConstraint([f"{new}_id"], [f"{meeting}.id"], name=f"fk_agenda_item_{new}_id"),
            sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name="fk_agenda_item_vote_id"),
            sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
            sa.UniqueConstraint("vote_id", name="uq_agenda_item_vote_id"),
            sa.Index("ix_agenda_item_amendment_id", "amendment_id"),
        ),
        sa.Table(
            "attendance",
            metadata,
            sa.Column(f"{new}_id", sa.Integer(), nullable=False),
            sa.Column("member_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name="fk_attendance_member_id"),
            sa.ForeignKeyConstraint([f"{new}_id"], [f"{meeting}.id"], name=f"fk_attendance_{new}_id"),
            sa.PrimaryKeyConstraint(f"{new}_id", "member_id", name="pk_attendance"),
            sa.Index("ix_attendance_member_id", "member_id"),
        ),
        sa.Table(
            "minutes_correction",
            metadata,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column(f"{new}_id", sa.Integer(), nullable=False),
            sa.Column("text", sa.String(), nullable=False),
            sa.Column("corrected_at", moment, nullable=False),
            sa.ForeignKeyConstraint([f"{new}_id"], [f"{meeting}.id"], name=f"fk_minutes_correction_{new}_id"),
            sa.PrimaryKeyConstraint("id", name="pk_minutes_correction"),
        ),
    )
