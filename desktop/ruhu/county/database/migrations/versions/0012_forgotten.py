"""Revisions that a laptop has made and knows no more, as where a copy of its data was put back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "forgotten",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("revision_id", sa.String(36), primary_key=True),
        sa.Column("reminded", sa.Integer, nullable=False),
    )
