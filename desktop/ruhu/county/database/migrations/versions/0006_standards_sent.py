"""Which standards a laptop has been told of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Number standards by the act that published them, and answers by the last they told."""
    number = sa.Column("published_in", sa.Integer, nullable=False, server_default="0")
    op.add_column("standards", number)
    told = sa.Column("standards_upto", sa.Integer, nullable=False, server_default="0")
    op.add_column("answer_sent", told)
