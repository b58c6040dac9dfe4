"""Settings of the county, what waits for a second person, and people who were told apart."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "setting",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "proposal",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("proposal_id", sa.String(36), primary_key=True),
        sa.Column("record_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("body", sealed("proposal.body"), nullable=False),
    )
    op.create_index("proposal_record", "proposal", ["county", "record_id"])
    op.create_table(
        "told_apart",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("pair", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
    )
