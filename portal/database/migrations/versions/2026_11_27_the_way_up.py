"""The way of a suggestion up to the next edition: sent on, heard, decided, published"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0014_way_up"
down_revision = "0013_event_terms"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "draft",
                "in_council",
                "withdrawn",
                "merged",
                "adopted",
                "not_adopted",
                "postponed",
                "forwarded",
                "approved",
                "approved_changed",
                "rejected",
                "deferred",
                "in_edition",
                name="amendmentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("child_reply", sa.String(), nullable=False),
        sa.Column("base_text", sa.String(), nullable=False),
        sa.Column("new_text", sa.String(), nullable=False),
        sa.Column("final_text", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('approved', 'approved_changed', 'rejected', 'deferred')", name=op.f("ck_decision_outcome")
        ),
        sa.CheckConstraint("reason <> '' AND child_reply <> ''", name=op.f("ck_decision_always_a_reason_and_a_reply")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_decision_amendment_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["revision_cycle.id"], name=op.f("fk_decision_cycle_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_decision_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("amendment_id", "cycle_id", name=op.f("uq_decision_amendment_id_cycle_id")),
    )
    op.create_index(op.f("ix_decision_cycle_id"), "decision", ["cycle_id"], unique=False)
    op.create_table(
        "decision_draft",
        sa.Column("amendment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "draft",
                "in_council",
                "withdrawn",
                "merged",
                "adopted",
                "not_adopted",
                "postponed",
                "forwarded",
                "approved",
                "approved_changed",
                "rejected",
                "deferred",
                "in_edition",
                name="amendmentstate",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("child_reply", sa.String(), nullable=False),
        sa.Column("final_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_decision_draft_amendment_id")),
        sa.PrimaryKeyConstraint("amendment_id", name=op.f("pk_decision_draft")),
    )
    op.create_table(
        "forwarding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_text", sa.String(), nullable=False),
        sa.Column("new_text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("council_name", sa.String(), nullable=False),
        sa.Column("forwarded_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("forwarded_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_back_at", portal.database.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(sent_back_at IS NOT NULL) = (question <> '')", name=op.f("ck_forwarding_sent_back_with_a_question")
        ),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_forwarding_amendment_id")),
        sa.ForeignKeyConstraint(["forwarded_by_id"], ["user.id"], name=op.f("fk_forwarding_forwarded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwarding")),
    )
    op.create_index(op.f("ix_forwarding_amendment_id"), "forwarding", ["amendment_id"], unique=False)
    op.create_table(
        "phase_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column(
            "old",
            sa.Enum("council", "hearing", "board", "closed", name="phase", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "new",
            sa.Enum("council", "hearing", "board", "closed", name="phase", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moved_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["revision_cycle.id"], name=op.f("fk_phase_move_cycle_id")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["user.id"], name=op.f("fk_phase_move_moved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_move")),
    )
    op.create_index(op.f("ix_phase_move_cycle_id"), "phase_move", ["cycle_id"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("clause_key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("settled_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["revision_cycle.id"], name=op.f("fk_settlement_cycle_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_settlement_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("cycle_id", "clause_key", name=op.f("uq_settlement_cycle_id_clause_key")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column(
            "body", sa.Enum("leadership", "med", "council", name="body", native_enum=False, length=40), nullable=False
        ),
        sa.Column("council_id", sa.Integer(), nullable=True),
        sa.Column(
            "stance",
            sa.Enum("for", "other_words", "against", "none", name="stance", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(body = 'council') = (council_id IS NOT NULL)", name=op.f("ck_statement_council_of_its_body")
        ),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_statement_amendment_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_statement_council_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_statement_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_amendment_id"), "statement", ["amendment_id"], unique=False)
    op.create_index(
        "uq_statement_adults",
        "statement",
        ["amendment_id", "body"],
        unique=True,
        sqlite_where=sa.text("council_id IS NULL"),
        postgresql_where=sa.text("council_id IS NULL"),
    )
    op.create_index(
        "uq_statement_council",
        "statement",
        ["amendment_id", "council_id"],
        unique=True,
        sqlite_where=sa.text("council_id IS NOT NULL"),
        postgresql_where=sa.text("council_id IS NOT NULL"),
    )
    op.create_table(
        "leadership_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("thinks", sa.String(), nullable=False),
        sa.Column("happens", sa.String(), nullable=False),
        sa.Column("written_at", portal.database.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_leadership_word_amendment_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_leadership_word_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leadership_word")),
    )
    op.create_index(op.f("ix_leadership_word_amendment_id"), "leadership_word", ["amendment_id"], unique=False)
    op.create_table(
        "edition_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("clause_key", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_edition_change_amendment_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_edition_change_decision_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_change_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_change")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_edition_change_decision_id")),
    )
    op.create_index(op.f("ix_edition_change_amendment_id"), "edition_change", ["amendment_id"], unique=False)
    op.create_index(op.f("ix_edition_change_edition_id"), "edition_change", ["edition_id"], unique=False)
    op.create_table(
        "passed_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            sa.Enum(
                "to_decide",
                "to_forward",
                "no_word",
                "no_advice",
                "no_statement",
                "no_council_word",
                "sent_back",
                "not_decided",
                "no_edition",
                name="openend",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_passed_row_amendment_id")),
        sa.ForeignKeyConstraint(["move_id"], ["phase_move.id"], name=op.f("fk_passed_row_move_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_row")),
    )
    op.create_index(op.f("ix_passed_row_amendment_id"), "passed_row", ["amendment_id"], unique=False)
    op.create_index(op.f("ix_passed_row_move_id"), "passed_row", ["move_id"], unique=False)
    op.add_column("amendment", sa.Column("after_key", sa.String(), nullable=True))
    op.add_column("council_member", sa.Column("is_on_board", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():

    op.drop_column("council_member", "is_on_board")
    op.drop_column("amendment", "after_key")
    op.drop_index(op.f("ix_passed_row_move_id"), table_name="passed_row")
    op.drop_index(op.f("ix_passed_row_amendment_id"), table_name="passed_row")
    op.drop_table("passed_row")
    op.drop_index(op.f("ix_edition_change_edition_id"), table_name="edition_change")
    op.drop_index(op.f("ix_edition_change_amendment_id"), table_name="edition_change")
    op.drop_table("edition_change")
    op.drop_index(op.f("ix_leadership_word_amendment_id"), table_name="leadership_word")
    op.drop_table("leadership_word")
    op.drop_index("uq_statement_council", table_name="statement")
    op.drop_index("uq_statement_adults", table_name="statement")
    op.drop_index(op.f("ix_statement_amendment_id"), table_name="statement")
    op.drop_table("statement")
    op.drop_table("settlement")
    op.drop_index(op.f("ix_phase_move_cycle_id"), table_name="phase_move")
    op.drop_table("phase_move")
    op.drop_index(op.f("ix_forwarding_amendment_id"), table_name="forwarding")
    op.drop_table("forwarding")
    op.drop_table("decision_draft")
    op.drop_index(op.f("ix_decision_cycle_id"), table_name="decision")
    op.drop_table("decision")
