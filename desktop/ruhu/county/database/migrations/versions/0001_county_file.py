"""The tables of county files before there were steps; those that are there already stay."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed, sealed_bytes

revision = "0001"
down_revision = None


def _table(name: str, *columns: sa.Column) -> None:  # type: ignore[type-arg]
    county = sa.Column("county", sa.String(6), primary_key=True)
    op.create_table(name, county, *columns, if_not_exists=True)


def upgrade() -> None:
    """Make the tables."""
    _table(
        "county",
        sa.Column("public", sa.Text, nullable=False),
        sa.Column("seal_identity", sealed("county.seal_identity"), nullable=False),
        sa.Column("signing_secret", sealed("county.signing_secret"), nullable=False),
    )
    _table(
        "device",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("surveyor", sealed("device.surveyor"), nullable=False),
        sa.Column("enrolled_at", sa.String(40), nullable=False),
        sa.Column("revoked_at", sa.String(40)),
    )
    _table(
        "device_seal",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
    )
    _table(
        "bundle",
        sa.Column("bundle_id", sa.String(36), primary_key=True),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("previous", sa.String(64)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("imported_at", sa.String(40), nullable=False),
    )
    _table(
        "revision",
        sa.Column("revision_id", sa.String(36), primary_key=True),
        sa.Column("record_id", sa.String(36), nullable=False),
        sa.Column("body", sealed("revision.body"), nullable=False),
    )
    _table(
        "server",
        sa.Column("key", sealed("server.key"), nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
    )
    _table(
        "paper",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("record_id", sa.String(36), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("data", sealed_bytes("paper.data"), nullable=False),
    )
    _table(
        "record",
        sa.Column("record_id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("household_no", sa.Text, nullable=False),
        sa.Column("document", sealed("record.document")),
        sa.Column("conflicts", sa.Integer, nullable=False),
    )
    _table(
        "set_aside",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("file_name", sealed("set_aside.file_name"), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("reason", sealed("set_aside.reason"), nullable=False),
        sa.Column("sealed", sealed_bytes("set_aside.sealed"), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    _table(
        "audit",
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("detail", sealed("audit.detail"), nullable=False),
    )
    for name, table, column in (
        ("bundle_chain", "bundle", ["device_id", "sequence"]),
        ("revision_record", "revision", ["record_id"]),
        ("paper_record", "paper", ["record_id"]),
        ("record_household", "record", ["household_no"]),
    ):
        op.create_index(name, table, ["county", *column], if_not_exists=True)
