"""What is needed to read without opening every document, a hash-chained audit trail, users."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns and tables, and fill them from what is there."""
    _revisions()
    _records()
    _audit()
    county = sa.Column("county", sa.String(6), primary_key=True)
    op.create_table("keyring", county, sa.Column("document", sa.Text, nullable=False))
    op.create_table(
        "account",
        sa.Column("county", sa.String(6), primary_key=True),
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("profile", sealed("account.profile"), nullable=False),
    )
    op.create_index("bundle_digest", "bundle", ["county", "digest"])


def _revisions() -> None:
    for name, kind in (("device_id", sa.String(36)), ("parents", sa.Text())):
        op.add_column("revision", sa.Column(name, kind, nullable=False, server_default=""))
    table = sa.table(
        "revision",
        sa.column("county"),
        sa.column("revision_id"),
        sa.column("device_id"),
        sa.column("parents"),
        sa.column("body", sealed("revision.body")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(table)).all():
        body = json.loads(row.body)
        connection.execute(
            sa.update(table)
            .where(table.c.county == row.county, table.c.revision_id == row.revision_id)
            .values(device_id=body["device_id"], parents=" ".join(body["parents"]))
        )
    op.create_index("revision_device", "revision", ["county", "device_id"])


def _face(document: dict) -> str:  # type: ignore[type-arg]
    place, registration = document.get("place") or {}, document.get("registration") or {}
    people = [
        [str(m.get(key) or "") for key in ("member_id", "name", "id_number", "birth_date")]
        for m in document.get("members") or []
        if isinstance(m, dict)
    ]
    face = {
        "number": str(registration.get("household_no") or ""),
        "village": str(place.get("village_name") or place.get("village") or ""),
        "people": people,
    }
    return json.dumps(face, ensure_ascii=False, separators=(",", ":"))


def _records() -> None:
    op.drop_index("record_household", "record")
    op.drop_column("record", "household_no")
    op.add_column("record", sa.Column("persons", sa.Integer, nullable=False, server_default="0"))
    op.add_column("record", sa.Column("changed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("record", sa.Column("face", sealed("record.face")))
    table = sa.table(
        "record",
        sa.column("county"),
        sa.column("record_id"),
        sa.column("persons"),
        sa.column("face", sealed("record.face")),
        sa.column("document", sealed("record.document")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(table)).all():
        document = json.loads(row.document) if row.document else {}
        connection.execute(
            sa.update(table)
            .where(table.c.county == row.county, table.c.record_id == row.record_id)
            .values(persons=len(document.get("members") or []), face=_face(document))
        )
    with op.batch_alter_table("record") as batch:
        batch.alter_column("face", nullable=False)
    op.create_index("record_changed", "record", ["county", "changed"])
    op.create_index("record_conflicts", "record", ["county", "conflicts"])


def _audit() -> None:
    op.add_column("audit", sa.Column("who", sealed("audit.who")))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    table = sa.table(
        "audit",
        sa.column("county"),
        sa.column("sequence"),
        sa.column("at"),
        sa.column("act"),
        sa.column("detail", sealed("audit.detail")),
        sa.column("who", sealed("audit.who")),
        sa.column("hash"),
    )
    connection = op.get_bind()
    before: dict[str, str] = {}
    for row in connection.execute(sa.select(table).order_by(table.c.sequence)).all():
        entry = [before.get(row.county, "0" * 64), row.county, row.sequence, row.at, "",
                 row.act, row.detail]  # fmt: skip
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        before[row.county] = hashlib.sha256(text.encode()).hexdigest()
        connection.execute(
            sa.update(table)
            .where(table.c.county == row.county, table.c.sequence == row.sequence)
            .values(who="", hash=before[row.county])
        )
    with op.batch_alter_table("audit") as batch:
        batch.alter_column("who", nullable=False)
