"""From when the words of sent news are: as it was reckoned until now"""

from alembic import op

revision = "0043_from_when_words_are"
down_revision = "0044_fixed_days"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "UPDATE wellbeing_update SET written_at = COALESCE(corrected_at, published_at) "
        "WHERE corrected_at IS NOT NULL OR published_at IS NOT NULL"
    )


def downgrade():
    """Nothing to take back: a sent text's day was not read before."""
