"""The office's roster files are rows of bytes instead of base64 in JSON"""

from base64 import b64decode, b64encode

import sqlalchemy as sa
from alembic import op

revision = "0010_roster_files"
down_revision = "0009_meetings"
branch_labels = None
depends_on = None

UPLOAD = sa.table("roster_upload", sa.column("id", sa.Integer), sa.column("files", sa.JSON))
FILE = sa.table(
    "roster_file",
    sa.column("upload_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("content", sa.LargeBinary),
)


def upgrade():
    op.create_table(
        "roster_file",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["roster_upload.id"], name=op.f("fk_roster_file_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "name", name=op.f("pk_roster_file")),
    )
    connection = op.get_bind()
    for upload_id, files in connection.execute(sa.select(UPLOAD.c.id, UPLOAD.c.files)).all():
        for name, data in files.items():
            connection.execute(sa.insert(FILE).values(upload_id=upload_id, name=name, content=b64decode(data)))
    with op.batch_alter_table("roster_upload", schema=None) as batch_op:
        batch_op.drop_column("files")


def downgrade():
    with op.batch_alter_table("roster_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("files", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    files = {}
    for upload_id, name, content in connection.execute(sa.select(FILE.c.upload_id, FILE.c.name, FILE.c.content)):
        files.setdefault(upload_id, {})[name] = b64encode(content).decode()
    for upload_id, named in files.items():
        connection.execute(sa.update(UPLOAD).where(UPLOAD.c.id == upload_id).values(files=named))
    with op.batch_alter_table("roster_upload", schema=None) as batch_op:
        batch_op.alter_column("files", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.drop_table("roster_file")
