"""What each laptop holds and has been told, keys that were replaced, and when revisions came."""

import json

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0005"
down_revision = "0004"


def _county() -> sa.Column[str]:
    return sa.Column("county", sa.String(6), primary_key=True)


def upgrade() -> None:
    """Add tables and columns; a laptop holds the records that it has revised."""
    op.create_table(
        "former_key",
        _county(),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("until", sa.Integer, nullable=False),
        sa.Column("replaced_at", sa.String(40), nullable=False),
    )
    op.create_index("former_key_device", "former_key", ["county", "device_id"])
    op.create_table(
        "holding",
        _county(),
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("began", sa.Integer, nullable=False),
    )
    op.create_index("holding_began", "holding", ["county", "device_id", "began"])
    op.create_table(
        "answer_sent",
        _county(),
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("upto", sa.Integer, nullable=False),
        sa.Column("upto_id", sa.String(36), nullable=False),
        sa.Column("papers_upto", sa.Integer, nullable=False),
        sa.Column("papers_upto_id", sa.String(64), nullable=False),
    )
    op.create_table(
        "laptop",
        _county(),
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("told_in", sa.Integer, nullable=False),
        sa.Column("nonce", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
    )
    op.add_column("bundle", sa.Column("replaces", sa.Text, nullable=False, server_default=""))
    op.add_column("revision", sa.Column("arrived", sa.Integer, nullable=False, server_default="0"))
    op.add_column("paper", sa.Column("arrived", sa.Integer, nullable=False, server_default="0"))
    op.add_column("paper", sa.Column("device_id", sa.String(36), nullable=False, server_default=""))
    op.create_index("revision_arrived", "revision", ["county", "arrived"])
    op.create_index("paper_arrived", "paper", ["county", "arrived"])
    _papers()
    op.execute(
        "insert into holding (county, device_id, record_id, began) "
        "select distinct revision.county, revision.device_id, revision.record_id, 0 from revision "
        "join device on device.county = revision.county and device.device_id = revision.device_id"
    )


def _papers() -> None:
    """A photo came from the laptop whose revision names it."""
    revisions = sa.table(
        "revision",
        sa.column("county"),
        sa.column("record_id"),
        sa.column("device_id"),
        sa.column("body", sealed("revision.body")),
    )
    papers = sa.table(
        "paper",
        sa.column("county"),
        sa.column("digest"),
        sa.column("record_id"),
        sa.column("device_id"),
    )
    connection = op.get_bind()
    for paper in connection.execute(sa.select(papers)).all():
        bodies = connection.execute(
            sa.select(revisions.c.device_id, revisions.c.body).where(
                revisions.c.county == paper.county, revisions.c.record_id == paper.record_id
            )
        )
        named = (row.device_id for row in bodies if paper.digest in json.dumps(row.body))
        connection.execute(
            sa.update(papers)
            .where(papers.c.county == paper.county, papers.c.digest == paper.digest)
            .values(device_id=next(named, ""))
        )
