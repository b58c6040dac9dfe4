"""Why a housing case passed a stage without a paper that the stage needs."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "waiver",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("stage", sa.String(12), primary_key=True),
        sa.Column("lacking", sa.String(80), nullable=False),
        sa.Column("reason", sealed("waiver.reason"), nullable=False),
        sa.Column("by", sealed("waiver.by"), nullable=False),
    )
