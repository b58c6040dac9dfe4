"""Laptops that asked over the network to be enrolled."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "enrolment",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("public", sealed("enrolment.public"), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
