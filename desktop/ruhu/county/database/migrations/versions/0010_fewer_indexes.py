"""An index that nothing asked, and one of all records where only those that wait are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Drop the one, narrow the other."""
    op.drop_index("revision_device", "revision")
    op.drop_index("record_conflicts", "record")
    waits = sa.text("conflicts > 0")
    op.create_index(
        "record_conflicts",
        "record",
        ["county", "conflicts"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
