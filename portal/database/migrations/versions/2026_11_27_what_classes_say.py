"""What classes say to their council, and councils whose pupils do not sign in"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0027_what_classes_say"
down_revision = "0026_audiences"
branch_labels = None
depends_on = None

_CHECKS = {
    "ended_some_day": "(ending IS NULL) = (ended_at IS NULL)",
    "ends_with_a_line_back": "(ending IS NULL) = (reply = '')",
    "somebody_does_it": "(ending = 'doing') = (who <> '')",
    "suggestion_of_its_ending": "ending = 'in_suggestion' OR suggestion_id IS NULL",
}
_POINTERS = {
    "council_id": "council",
    "class_id": "school_class",
    "item_id": "agenda_item",
    "amendment_id": "amendment",
    "written_by_id": "user",
    "suggestion_id": "amendment",
    "meeting_id": "council_meeting",
}


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.add_column("council", sa.Column("signs_in", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "class_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("clause_key", sa.String(), nullable=True),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("ending", sa.String(length=40), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("when", sa.String(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_class_input_{name}")) for name, rule in _CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_class_input_{name}"))
            for name, table in _POINTERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_input")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_class_input_council", "class_input", ["council_id", "ended_at"])
    for name in _POINTERS:
        if name != "council_id":
            op.create_index(op.f(f"ix_class_input_{name}"), "class_input", [name])


def downgrade():
    op.drop_table("class_input")
    op.drop_column("council", "signs_in")
