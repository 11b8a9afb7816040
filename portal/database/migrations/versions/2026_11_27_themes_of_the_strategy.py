"""Themes of the strategy: the points that belong together, and where each is needed"""

import sqlalchemy as sa
from alembic import op

import portal.database.types

revision = "0043_themes"
down_revision = "0042_what_rooms_prove"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at_home", portal.database.types.Keys(), nullable=False),
        sa.Column("if_it_happens", portal.database.types.Keys(), nullable=False),
        sa.Column("in_class", portal.database.types.Keys(), nullable=False),
        sa.Column("good_to_know", portal.database.types.Keys(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("key", name=op.f("uq_theme_key")),
        sqlite_autoincrement=True,
    )


def downgrade():
    op.drop_table("theme")
