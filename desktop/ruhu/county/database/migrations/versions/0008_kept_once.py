"""A document is kept once, and what the rules say of a record in one row, summed by village."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0008"
down_revision = "0007"


def _place() -> list[sa.Column[str]]:
    return [
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("township", sa.String(60), primary_key=True),
        sa.Column("village", sa.String(60), primary_key=True),
    ]


def upgrade() -> None:
    """Make the sums, and let all records be assessed anew, which fills them."""
    op.add_column("record", sa.Column("head", sa.String(36)))
    op.drop_table("answer")
    op.drop_table("tally")
    op.execute("delete from standing")
    op.add_column("standing", sa.Column("found", sealed("standing.found")))
    op.create_table(
        "answer_sum",
        *_place(),
        sa.Column("rule", sa.String(60), primary_key=True),
        sa.Column("per", sa.String(10), primary_key=True),
        sa.Column("outcome", sa.String(12), primary_key=True),
        sa.Column("subjects", sa.Integer, nullable=False),
        sa.Column("with_amount", sa.Integer, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "tally_sum",
        *_place(),
        sa.Column("indicator", sa.String(60), primary_key=True),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("met", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
    )
