"""What puts people in Danish order, and what they are found by, beside their names"""

import sqlalchemy as sa
from alembic import op

from portal.accounts.protection import Name, search_name, sort_name
from portal.database.types import IN_ORDER_OF_SIGNS

revision = "0011_sort_names"
down_revision = "0010_secrets"
branch_labels = None
depends_on = None

user = sa.table("user", *(sa.column(name) for name in ("id", *Name._fields, "sort_name", "search_name")))


def upgrade():
    # added without making the table anew, since SQLite would forget its checks
    op.add_column("user", sa.Column("sort_name", IN_ORDER_OF_SIGNS, nullable=False, server_default=""))
    op.add_column("user", sa.Column("search_name", sa.String(), nullable=False, server_default=""))
    names = {row.id: Name(*row[1:]) for row in op.get_bind().execute(sa.select(*list(user.c)[:5]))}
    rows = [{"key": id_, "sorts": sort_name(name), "found": search_name(name)} for id_, name in names.items()]
    if rows:
        op.get_bind().execute(
            user.update()
            .where(user.c.id == sa.bindparam("key"))
            .values(sort_name=sa.bindparam("sorts"), search_name=sa.bindparam("found")),
            rows,
        )
    op.create_index("ix_user_sort_name_id", "user", ["sort_name", "id"])


def downgrade():
    op.drop_index("ix_user_sort_name_id", "user")
    op.drop_column("user", "search_name")
    op.drop_column("user", "sort_name")
