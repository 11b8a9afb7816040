"""Whom an act was done to, and one word of ours about it"""

import sqlalchemy as sa
from alembic import op

revision = "0018_about"
down_revision = "0017_when_mail_comes"
branch_labels = None
depends_on = None

#: Acts whose subject is the account itself, and those whose subject knows whose it is.
ABOUT_ACCOUNT = "'password_set', 'address_to_prove', 'account_opened', 'account_closed', 'role_granted', 'role_ended'"
ABOUT_OWNER = (
    ("'link_made'", "sign_in_link", "user_id"),
    ("'session_ended'", "user_session", "user_id"),
    ("'helper_invited', 'helper_ended'", "guardianship", "guardian_id"),
    ("'access_closed', 'access_closed_longer', 'access_opened'", "access_closure", "guardian_id"),
)


def upgrade():
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("detail", sa.String(), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_act_about_id"), "user", ["about_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_act_about_id"), ["about_id"])
    found = [(ABOUT_ACCOUNT, '"user"', "id"), *ABOUT_OWNER]
    for kinds, table, owner in found:
        op.execute(
            f"UPDATE act SET about_id = (SELECT found.{owner} FROM {table} AS found WHERE found.id = act.subject_id) "  # noqa: S608
            f"WHERE kind IN ({kinds})"
        )


def downgrade():
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_act_about_id"))
        batch_op.drop_constraint(batch_op.f("fk_act_about_id"), type_="foreignkey")
        batch_op.drop_column("detail")
        batch_op.drop_column("about_id")
