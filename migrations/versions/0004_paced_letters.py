"""Letters that wait for their turn within an hour's limit: how likely a report is, and for which domain."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("letter") as table:
        table.add_column(sa.Column("pace", sa.Integer(), nullable=True))
        table.add_column(sa.Column("share", sa.Text(), nullable=False, server_default=""))
