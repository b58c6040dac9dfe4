"""The county's tables. Every key and index is led by the county code, so that one schema serves a
single county's file and a region's partitioned database alike.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()


def _county() -> Column[str]:
    return Column("county", String(6), primary_key=True)


county = Table(
    "county",
    metadata,
    _county(),
    Column("public", Text, nullable=False),
    Column("seal_identity", Text, nullable=False),
    Column("signing_secret", Text, nullable=False),
)

device = Table(
    "device",
    metadata,
    _county(),
    Column("device_id", String(36), primary_key=True),
    Column("key", Text, nullable=False),
    Column("surveyor", Text, nullable=False),
    Column("enrolled_at", String(40), nullable=False),
    Column("revoked_at", String(40)),
)

device_seal = Table(
    "device_seal",
    metadata,
    _county(),
    Column("device_id", String(36), primary_key=True),
    Column("recipient", Text, nullable=False),
)

bundle = Table(
    "bundle",
    metadata,
    _county(),
    Column("bundle_id", String(36), primary_key=True),
    Column("device_id", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("previous", String(64)),
    Column("digest", String(64), nullable=False),
    Column("imported_at", String(40), nullable=False),
)
Index("bundle_chain", bundle.c.county, bundle.c.device_id, bundle.c.sequence)

revision = Table(
    "revision",
    metadata,
    _county(),
    Column("revision_id", String(36), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("body", Text, nullable=False),
)
Index("revision_record", revision.c.county, revision.c.record_id)

server = Table(
    "server",
    metadata,
    _county(),
    Column("key", Text, nullable=False),
    Column("certificate", Text, nullable=False),
)

paper = Table(
    "paper",
    metadata,
    _county(),
    Column("digest", String(64), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("data", LargeBinary, nullable=False),
)
Index("paper_record", paper.c.county, paper.c.record_id)

record = Table(
    "record",
    metadata,
    _county(),
    Column("record_id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("village", String(12), nullable=False),
    Column("household_no", Text, nullable=False),
    Column("document", Text),
    Column("conflicts", Integer, nullable=False),
)
Index("record_household", record.c.county, record.c.household_no)

set_aside = Table(
    "set_aside",
    metadata,
    _county(),
    Column("digest", String(64), primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("code", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", String(40), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _county(),
    Column("sequence", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("detail", Text, nullable=False),
)
