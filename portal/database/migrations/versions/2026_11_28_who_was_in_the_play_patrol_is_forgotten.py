"""Who was in the play patrol is forgotten, that it was on is not"""

import sqlalchemy as sa
from alembic import op

revision = "0046_patrol_forgets"
down_revision = "0045_what_waits"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("patrol_turn", schema=None) as batch_op:
        batch_op.alter_column("pupil_id", existing_type=sa.INTEGER(), nullable=True)


def downgrade():
    op.execute("DELETE FROM patrol_turn WHERE pupil_id IS NULL")
    with op.batch_alter_table("patrol_turn", schema=None) as batch_op:
        batch_op.alter_column("pupil_id", existing_type=sa.INTEGER(), nullable=False)
