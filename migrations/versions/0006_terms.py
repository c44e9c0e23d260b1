"""In which term of the lease a letter was under way, and a row of the journal was written (PostgreSQL)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    for table in ("letter", "journal"):
        op.add_column(table, sa.Column("term", sa.BigInteger(), nullable=True))
