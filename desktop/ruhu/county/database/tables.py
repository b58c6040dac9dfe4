"""The county's tables.

Every key and index begins with the county code, so that one schema serves a single county and a
region's partitioned database. Personal data is encrypted. Changes need a module in
`migrations/versions`; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from ruhu.county.database.column_encryption import (
    EncryptedBytes,
    EncryptedCompressedText,
    EncryptedText,
)

metadata = MetaData()


def county_column() -> Column[str]:
    """Return the first column of every table and of its key."""
    return Column("county", String(6), primary_key=True)


county = Table(
    "county",
    metadata,
    county_column(),
    Column("public", Text, nullable=False),
    Column("seal_identity", EncryptedText("county.seal_identity"), nullable=False),
    Column("signing_secret", EncryptedText("county.signing_secret"), nullable=False),
)

device = Table(
    "device",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("key", Text, nullable=False),
    Column("surveyor", EncryptedText("device.surveyor"), nullable=False),
    Column("enrolled_at", String(40), nullable=False),
    Column("revoked_at", String(40)),
)

device_seal = Table(
    "device_seal",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("recipient", Text, nullable=False),
)

former_key = Table(
    "former_key",
    metadata,
    county_column(),
    Column("key", String(64), primary_key=True),
    Column("device_id", String(36), nullable=False),
    Column("until", Integer, nullable=False),
    Column("replaced_at", String(40), nullable=False),
)
Index("former_key_device", former_key.c.county, former_key.c.device_id)

holding = Table(
    "holding",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("record_id", String(36), primary_key=True),
    Column("began", Integer, nullable=False),
)
Index("holding_began", holding.c.county, holding.c.device_id, holding.c.began)

answer_sent = Table(
    "answer_sent",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("made_at", String(40), nullable=False),
    Column("upto", Integer, nullable=False),
    Column("upto_id", String(36), nullable=False),
    Column("papers_upto", Integer, nullable=False),
    Column("papers_upto_id", String(64), nullable=False),
    Column("standards_upto", Integer, nullable=False, server_default="0"),
)

forgotten = Table(
    "forgotten",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("revision_id", String(36), primary_key=True),
    Column("reminded", Integer, nullable=False),
)

laptop = Table(
    "laptop",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("answered", Integer, nullable=False),
    Column("told_in", Integer, nullable=False),
    Column("nonce", String(40), nullable=False),
    Column("seen_at", String(40), nullable=False),
)

bundle = Table(
    "bundle",
    metadata,
    county_column(),
    Column("bundle_id", String(36), primary_key=True),
    Column("device_id", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("previous", String(64)),
    Column("digest", String(64), nullable=False),
    Column("imported_at", String(40), nullable=False),
    Column("replaces", Text, nullable=False),
)
Index("bundle_chain", bundle.c.county, bundle.c.device_id, bundle.c.sequence)
Index("bundle_digest", bundle.c.county, bundle.c.digest)

revision = Table(
    "revision",
    metadata,
    county_column(),
    Column("revision_id", String(36), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("device_id", String(36), nullable=False),
    Column("parents", Text, nullable=False),
    Column("body", EncryptedCompressedText("revision.body"), nullable=False),
    Column("arrived", Integer, nullable=False),
)
Index("revision_arrived", revision.c.county, revision.c.arrived)
Index("revision_record", revision.c.county, revision.c.record_id)

server = Table(
    "server",
    metadata,
    county_column(),
    Column("key", EncryptedText("server.key"), nullable=False),
    Column("certificate", Text, nullable=False),
)

paper = Table(
    "paper",
    metadata,
    county_column(),
    Column("digest", String(64), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("data", EncryptedBytes("paper.data"), nullable=False),
    Column("arrived", Integer, nullable=False),
    Column("device_id", String(36), nullable=False),
)
Index("paper_arrived", paper.c.county, paper.c.arrived)
Index("paper_record", paper.c.county, paper.c.record_id)

record = Table(
    "record",
    metadata,
    county_column(),
    Column("record_id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("village", String(12), nullable=False),
    Column("persons", Integer, nullable=False),
    Column("face", EncryptedText("record.face"), nullable=False),
    Column("document", EncryptedText("record.document")),
    Column("head", String(36)),
    Column("conflicts", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
)
Index("record_changed", record.c.county, record.c.changed)
Index(
    "record_conflicts",
    record.c.county,
    record.c.conflicts,
    sqlite_where=record.c.conflicts > 0,
    postgresql_where=record.c.conflicts > 0,
)

set_aside = Table(
    "set_aside",
    metadata,
    county_column(),
    Column("digest", String(64), primary_key=True),
    Column("file_name", EncryptedText("set_aside.file_name"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("reason", EncryptedText("set_aside.reason"), nullable=False),
    Column("sealed", EncryptedBytes("set_aside.sealed"), nullable=False),
    Column("at", String(40), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    county_column(),
    Column("sequence", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("detail", EncryptedText("audit.detail"), nullable=False),
    Column("who", EncryptedText("audit.who"), nullable=False),
    Column("hash", String(64), nullable=False),
)

keyring = Table(
    "keyring",
    metadata,
    county_column(),
    Column("document", Text, nullable=False),
)

account = Table(
    "account",
    metadata,
    county_column(),
    Column("user_id", String(36), primary_key=True),
    Column("profile", EncryptedText("account.profile"), nullable=False),
)

setting = Table(
    "setting",
    metadata,
    county_column(),
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

proposal = Table(
    "proposal",
    metadata,
    county_column(),
    Column("proposal_id", String(36), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("user_id", String(36), nullable=False),
    Column("at", String(40), nullable=False),
    Column("body", EncryptedText("proposal.body"), nullable=False),
)
Index("proposal_record", proposal.c.county, proposal.c.record_id)

told_apart = Table(
    "told_apart",
    metadata,
    county_column(),
    Column("pair", String(64), primary_key=True),
    Column("at", String(40), nullable=False),
)

enrolment = Table(
    "enrolment",
    metadata,
    county_column(),
    Column("device_id", String(36), primary_key=True),
    Column("public", EncryptedText("enrolment.public"), nullable=False),
    Column("at", String(40), nullable=False),
)

offered_update = Table(
    "offered_update",
    metadata,
    county_column(),
    Column("platform", String(40), primary_key=True),
    Column("version", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("at", String(40), nullable=False),
)

update_part = Table(
    "update_part",
    metadata,
    county_column(),
    Column("digest", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
