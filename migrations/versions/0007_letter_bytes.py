"""The bytes of letters in a table of their own: a letter changes often, and SQLite writes whole rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOVE = """
INSERT INTO letter_bytes (letter_id, sealed_to, content)
SELECT id, sealed_to, content FROM letter WHERE content IS NOT NULL
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter_bytes",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sealed_to", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.PrimaryKeyConstraint("letter_id"),
    )
    op.execute(_MOVE)
    for column in ("content", "sealed_to"):
        op.drop_column("letter", column)
