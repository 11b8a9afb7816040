"""What a class works on after a survey keeps the moment in which it was written, so that names in it can be covered"""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0041_words_of_surveys"
down_revision = "0040_begun_by_mistake"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("class_survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words_at", portal.database.types.UTCDateTime(timezone=True), nullable=True))
    part = _part(sa.column("words_at", portal.database.types.UTCDateTime(timezone=True)))
    for row in op.get_bind().execute(sa.select(part.c.id, part.c.words_on).where(part.c.words_on.is_not(None))).all():
        moment = datetime.combine(row.words_on, time(), tzinfo=UTC)  # its first hour, before any name was protected
        op.get_bind().execute(part.update().where(part.c.id == row.id).values(words_at=moment))
    with op.batch_alter_table("class_survey", schema=None) as batch_op:
        batch_op.drop_column("words_on")


def downgrade():
    with op.batch_alter_table("class_survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words_on", sa.Date(), nullable=True))
    part = _part(sa.column("words_at", portal.database.types.UTCDateTime(timezone=True)))
    for row in op.get_bind().execute(sa.select(part.c.id, part.c.words_at).where(part.c.words_at.is_not(None))).all():
        op.get_bind().execute(part.update().where(part.c.id == row.id).values(words_on=row.words_at.date()))
    with op.batch_alter_table("class_survey", schema=None) as batch_op:
        batch_op.drop_column("words_at")


def _part(moment):
    return sa.table("class_survey", sa.column("id", sa.Integer()), sa.column("words_on", sa.Date()), moment)
