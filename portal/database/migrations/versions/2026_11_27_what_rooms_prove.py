"""A copied wheel asks nobody to note what a room sees, and names no kind that no room gives"""

import sqlalchemy as sa
from alembic import op

revision = "0042_what_rooms_prove"
down_revision = "0041_words_of_surveys"
branch_labels = None
depends_on = None

#: The duties whose proofs were delivered like this, and what they are now.
PROOFS = {
    "akt_before_staff_meeting": ("akt_meeting by_hand", "akt_meeting"),
    "akt_before_review": ("akt_meeting by_hand", "akt_meeting"),
    "play_patrol": ("play_patrol by_hand", "play_patrol"),
    "breaks": ("breaks by_hand", "breaks"),
    "survey_first": ("survey by_hand", "survey"),
    "survey_second": ("survey by_hand", "survey"),
    "parent_meeting": ("parent_meeting by_hand", "parent_meeting"),
    "national_measurement": ("by_hand", "national_measurement"),
}
#: No room gives these.
GONE = {"playdate", "fixed_day"}

duty = sa.table(
    "duty",
    sa.column("id", sa.Integer()),
    sa.column("key", sa.String()),
    sa.column("proofs", sa.String()),
    sa.column("opens_in", sa.Integer()),
    sa.column("closes_in", sa.Integer()),
    sa.column("times", sa.Integer()),
)


def upgrade():
    connection = op.get_bind()
    for row in connection.execute(sa.select(duty.c.id, duty.c.key, duty.c.proofs)).all():
        was, now = PROOFS.get(row.key, ("", ""))
        kept = " ".join(kind for kind in row.proofs.split() if kind not in GONE) or "by_hand"
        proofs = now if row.proofs == was else kept
        if proofs != row.proofs:
            connection.execute(sa.update(duty).where(duty.c.id == row.id).values(proofs=proofs))
    second = sa.update(duty).where(duty.c.key == "akt_before_review", duty.c.times == 1)
    connection.execute(second.values(times=2))
    yearly = sa.update(duty).where(duty.c.key == "breaks", duty.c.opens_in == 1, duty.c.closes_in == 4)
    connection.execute(yearly.values(opens_in=8))


def downgrade():
    connection = op.get_bind()
    for key, (was, now) in PROOFS.items():
        connection.execute(sa.update(duty).where(duty.c.key == key, duty.c.proofs == now).values(proofs=was))
    connection.execute(sa.update(duty).where(duty.c.key == "akt_before_review").values(times=1))
    yearly = sa.update(duty).where(duty.c.key == "breaks", duty.c.opens_in == 8, duty.c.closes_in == 4)
    connection.execute(yearly.values(opens_in=1))
