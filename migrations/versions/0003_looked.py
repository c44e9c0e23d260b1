"""Letters that a person looked at and lets go, and the key that a letter was encrypted to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("letter") as table:
        table.add_column(sa.Column("looked", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("sealed_to", sa.Text(), nullable=False, server_default=""))
