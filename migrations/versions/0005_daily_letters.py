"""The last day that had its digest, and its list of held mail; until now the journal was asked for them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_LAST = """
SELECT what, detail, at FROM journal
WHERE id IN (SELECT max(id) FROM journal WHERE what IN ('digest', 'held mail listed') GROUP BY what)
"""


def upgrade() -> None:
    """Apply."""
    daily = op.create_table(
        "daily",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what"),
    )
    rows = op.get_bind().execute(sa.text(_LAST)).all()
    told = [{"what": row.what, "day": json.loads(row.detail)["day"], "at": row.at} for row in rows]
    op.bulk_insert(daily, told)
