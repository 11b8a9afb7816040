"""Dates of fixed days say whether most schools have holidays then"""

import sqlalchemy as sa
from alembic import op

from portal.school.days_off.usual_holidays import is_usual_holiday

revision = "0047_usually_off"
down_revision = "0046_patrol_forgets"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("fixed_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_usually_off", sa.Boolean(), server_default=sa.false(), nullable=False))
    dates = sa.table(
        "fixed_date", sa.column("id", sa.Integer()), sa.column("held_on", sa.Date()), sa.column("is_usually_off")
    )
    for row in op.get_bind().execute(sa.select(dates.c.id, dates.c.held_on)).all():
        if is_usual_holiday(row.held_on):
            op.get_bind().execute(dates.update().where(dates.c.id == row.id).values(is_usually_off=sa.true()))


def downgrade():
    with op.batch_alter_table("fixed_date", schema=None) as batch_op:
        batch_op.drop_column("is_usually_off")
