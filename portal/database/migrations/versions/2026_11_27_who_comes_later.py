"""What those who come later are told: newcomers, news told again, and where a line of the list belongs"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0022_newcomers"
down_revision = "0021_bring"
branch_labels = None
depends_on = None

#: Lines of a council know it from now on; those that are there are asked of what they are about.
COUNCILS = {
    "council_meeting": ("council_meeting_planned", "council_meeting_cancelled", "minutes_approved"),
    "amendment": (
        "amendment_submitted",
        "amendment_merged",
        "amendment_forwarded",
        "amendment_answered",
        "amendment_sent_back",
    ),
    "comment": ("comment_reported",),
}


def upgrade():
    moment = portal.database.types.UTCDateTime(timezone=True)
    op.create_table(
        "event_newcomer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("told_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_event_newcomer_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_event_newcomer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_newcomer")),
        sa.UniqueConstraint(
            "user_id", "class_id", "joined_on", name=op.f("uq_event_newcomer_user_id_class_id_joined_on")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event_newcomer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_newcomer_class_id"), ["class_id"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("council_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("wellbeing_update", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_again_at", moment, nullable=True))
    delivery = sa.table("delivery", sa.column("act_id"), sa.column("council_id"))
    act = sa.table("act", sa.column("id"), sa.column("kind"), sa.column("subject_id"))
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_at"), ["at"], unique=False)
    for name, kinds in COUNCILS.items():
        about = sa.table(name, sa.column("id"), sa.column("council_id"))
        council = (
            sa.select(about.c.council_id)
            .select_from(act.join(about, about.c.id == act.c.subject_id))
            .where(act.c.id == delivery.c.act_id)
            .scalar_subquery()
        )
        of_kind = sa.select(act.c.id).where(act.c.kind.in_(kinds))
        op.execute(delivery.update().values(council_id=council).where(delivery.c.act_id.in_(of_kind)))
    op.execute(
        "UPDATE wellbeing_update SET told_again_at = (SELECT max(act.at) FROM act WHERE act.subject_id = "
        "wellbeing_update.id AND act.kind = 'update_corrected_and_told' AND act.at >= wellbeing_update.published_at) "
        "WHERE published_at IS NOT NULL"
    )


def downgrade():
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_act_at"))
    with op.batch_alter_table("wellbeing_update", schema=None) as batch_op:
        batch_op.drop_column("told_again_at")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("council_id")
    with op.batch_alter_table("event_newcomer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_newcomer_class_id"))
    op.drop_table("event_newcomer")
